"""Daily and budget rates, and the policy by which money is converted."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("kpis", "0003_target_versions")]
    operations = []  # noqa: RUF012
