"""Versions, phasing and approval of targets."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("kpis", "0002_definitions")]
    operations = []  # noqa: RUF012
