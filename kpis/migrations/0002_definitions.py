"""Own KPIs, their versions and overrides, the one metric that matters."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("kpis", "0001_targets_rates_and_choices")]
    operations = []  # noqa: RUF012
