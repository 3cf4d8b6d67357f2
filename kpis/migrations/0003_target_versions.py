"""Versions, phasing and approval of targets."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("kpis", "0002_definitions")]
    operations = [  # noqa: RUF012
        migrations.CreateModel(
            name="MonthApproval",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "version",
                    models.CharField(
                        choices=[("budget", "Budget"), ("forecast", "Forecast"), ("stretch", "Stretch")], max_length=10
                    ),
                ),
                ("market", models.CharField(max_length=12)),
                ("month", models.DateField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("submitted", "submitted"),
                            ("approved", "approved"),
                            ("changed", "changed after approval"),
                        ],
                        max_length=10,
                    ),
                ),
                ("submitted_by", models.CharField(max_length=254)),
                ("submitted_by_id", models.BigIntegerField()),
                ("submitted_at", models.DateTimeField()),
                ("approved_by", models.CharField(blank=True, max_length=254)),
                ("approved_at", models.DateTimeField(null=True)),
                ("note", models.CharField(blank=True, max_length=300)),
            ],
            options={
                "verbose_name": "approval of a month",
                "verbose_name_plural": "approvals of months",
            },
        ),
        migrations.CreateModel(
            name="TargetSetting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("only", models.BooleanField(default=True, unique=True)),
                (
                    "active_version",
                    models.CharField(
                        choices=[("budget", "Budget"), ("forecast", "Forecast"), ("stretch", "Stretch")],
                        default="budget",
                        max_length=10,
                    ),
                ),
            ],
            options={
                "verbose_name": "setting of targets",
                "verbose_name_plural": "settings of targets",
            },
        ),
        migrations.RemoveConstraint(
            model_name="target",
            name="one_target_a_month",
        ),
        migrations.AddField(
            model_name="target",
            name="version",
            field=models.CharField(
                choices=[("budget", "Budget"), ("forecast", "Forecast"), ("stretch", "Stretch")],
                default="budget",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="targetchange",
            name="after_approval",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="targetchange",
            name="reason",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name="targetchange",
            name="version",
            field=models.CharField(
                choices=[("budget", "Budget"), ("forecast", "Forecast"), ("stretch", "Stretch")],
                default="budget",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="ratechange",
            name="how",
            field=models.CharField(
                choices=[
                    ("typed", "typed"),
                    ("pasted", "pasted"),
                    ("imported", "imported from a file"),
                    ("api", "through the API"),
                    ("phased", "spread from a yearly value"),
                ],
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="targetchange",
            name="how",
            field=models.CharField(
                choices=[
                    ("typed", "typed"),
                    ("pasted", "pasted"),
                    ("imported", "imported from a file"),
                    ("api", "through the API"),
                    ("phased", "spread from a yearly value"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="target",
            constraint=models.UniqueConstraint(
                fields=("kpi", "market", "month", "version"), name="one_target_a_version"
            ),
        ),
        migrations.AddConstraint(
            model_name="monthapproval",
            constraint=models.UniqueConstraint(fields=("version", "market", "month"), name="one_approval_a_month"),
        ),
    ]
