"""What a client allows about ranks."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("kpis", "0004_money_policies")]
    operations = [
        migrations.CreateModel(
            name="RankSharing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("show_ranks_to_markets", models.BooleanField(default=False)),
                ("updated_by", models.CharField(max_length=254)),
                ("updated_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "sharing of ranks",
                "verbose_name_plural": "sharing of ranks",
            },
        ),
    ]
