"""Alerts and the inbox."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("kpis", "0005_best_market")]
    operations = []  # noqa: RUF012
