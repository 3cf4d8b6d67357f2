"""What a client allows about ranks."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("kpis", "0004_money_policies")]
    operations = []  # noqa: RUF012
