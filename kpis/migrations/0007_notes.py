"""Annotations, comments and actions."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("kpis", "0006_alerts")]
    operations = []  # noqa: RUF012
