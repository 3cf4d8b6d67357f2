"""Daily and budget rates, and the policy by which money is converted."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("kpis", "0003_target_versions")]

    operations = [
        migrations.CreateModel(
            name="PolicyChoice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "policy",
                    models.CharField(
                        choices=[
                            ("monthly", "Monthly average"),
                            ("daily", "Daily close"),
                            ("budget", "Budget rate"),
                            ("constant", "Constant currency"),
                        ],
                        max_length=10,
                    ),
                ),
                ("who", models.CharField(max_length=254)),
                ("user_id", models.BigIntegerField(null=True)),
                ("at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "choice of a conversion policy",
                "verbose_name_plural": "choices of a conversion policy",
                "ordering": ("-id",),
            },
        ),
        migrations.AddField(
            model_name="ratechange",
            name="kind",
            field=models.CharField(
                choices=[("monthly", "Monthly average"), ("daily", "Daily close"), ("budget", "Budget rate")],
                default="monthly",
                max_length=10,
            ),
        ),
        migrations.CreateModel(
            name="BudgetRate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("currency", models.CharField(max_length=3)),
                ("rate", models.DecimalField(decimal_places=10, max_digits=20)),
                ("source", models.CharField(blank=True, max_length=120)),
                ("updated_by", models.CharField(max_length=254)),
                ("updated_at", models.DateTimeField()),
                ("year", models.PositiveSmallIntegerField()),
            ],
            options={
                "verbose_name": "budget rate",
                "verbose_name_plural": "budget rates",
                "constraints": [models.UniqueConstraint(fields=("currency", "year"), name="one_rate_a_year")],
            },
        ),
        migrations.CreateModel(
            name="DailyRate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("currency", models.CharField(max_length=3)),
                ("rate", models.DecimalField(decimal_places=10, max_digits=20)),
                ("source", models.CharField(blank=True, max_length=120)),
                ("updated_by", models.CharField(max_length=254)),
                ("updated_at", models.DateTimeField()),
                ("day", models.DateField()),
            ],
            options={
                "verbose_name": "daily exchange rate",
                "verbose_name_plural": "daily exchange rates",
                "indexes": [models.Index(fields=["day"], name="daily_rates_by_day")],
                "constraints": [models.UniqueConstraint(fields=("currency", "day"), name="one_rate_a_day")],
            },
        ),
    ]
