"""Alerts and the inbox."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("kpis", "0005_best_market")]
    operations = [  # noqa: RUF012
        migrations.CreateModel(
            name="Alert",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120)),
                ("kpi", models.CharField(max_length=40)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("threshold", "Threshold"),
                            ("change", "Change"),
                            ("pacing", "Behind target"),
                            ("anomaly", "Out of the ordinary"),
                            ("restated", "Restated"),
                            ("missing", "Missing data"),
                        ],
                        max_length=10,
                    ),
                ),
                ("markets", models.JSONField(default=list)),
                (
                    "grain",
                    models.CharField(
                        choices=[("day", "One day"), ("week", "One week"), ("month", "One month")],
                        default="day",
                        max_length=5,
                    ),
                ),
                (
                    "side",
                    models.CharField(
                        choices=[("below", "Below"), ("above", "Above"), ("either", "Either side")],
                        default="below",
                        max_length=6,
                    ),
                ),
                (
                    "base",
                    models.CharField(
                        choices=[
                            ("previous", "The period before"),
                            ("weekday", "The same weekday last week"),
                            ("year", "The same period last year"),
                        ],
                        default="previous",
                        max_length=8,
                    ),
                ),
                ("limit", models.FloatField()),
                ("currency", models.CharField(blank=True, max_length=3)),
                ("recipients", models.JSONField(default=list)),
                ("by_mail", models.BooleanField(default=True)),
                ("active", models.BooleanField(default=True)),
                ("muted_until", models.DateField(null=True)),
                ("owner_id", models.BigIntegerField()),
                ("owner", models.CharField(max_length=254)),
                ("since", models.DateField()),
                ("created_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("last_checked_at", models.DateTimeField(null=True)),
                (
                    "last_state",
                    models.CharField(
                        choices=[
                            ("new", "Not checked yet"),
                            ("quiet", "Quiet"),
                            ("firing", "Fired"),
                            ("broken", "Can't run"),
                        ],
                        default="new",
                        max_length=8,
                    ),
                ),
                ("broken_reason", models.CharField(blank=True, max_length=30)),
                ("broken_about", models.CharField(blank=True, max_length=200)),
            ],
            options={
                "verbose_name": "alert",
                "verbose_name_plural": "alerts",
                "ordering": ("name", "id"),
            },
        ),
        migrations.CreateModel(
            name="InboxPreference",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("user_id", models.BigIntegerField(unique=True)),
                (
                    "delivery",
                    models.CharField(
                        choices=[
                            ("inbox", "Inbox only"),
                            ("mail", "Inbox and a mail each time"),
                            ("digest", "Inbox and one mail a day"),
                        ],
                        default="mail",
                        max_length=10,
                    ),
                ),
                ("digest_sent_on", models.DateField(null=True)),
            ],
            options={
                "verbose_name": "inbox preference",
                "verbose_name_plural": "inbox preferences",
            },
        ),
        migrations.CreateModel(
            name="InboxItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("user_id", models.BigIntegerField()),
                ("message", models.CharField(max_length=30)),
                ("about", models.JSONField(default=dict)),
                ("market", models.CharField(blank=True, max_length=12)),
                ("link", models.CharField(max_length=300)),
                ("created_at", models.DateTimeField()),
                ("read_at", models.DateTimeField(null=True)),
                (
                    "mail_state",
                    models.CharField(
                        choices=[
                            ("none", "no mail"),
                            ("waiting", "waiting to be sent"),
                            ("digest", "in the next digest"),
                            ("sent", "sent"),
                            ("cancelled", "not sent: no longer theirs to read"),
                        ],
                        default="none",
                        max_length=10,
                    ),
                ),
                ("mail_tries", models.PositiveSmallIntegerField(default=0)),
                ("mail_problem", models.CharField(blank=True, max_length=200)),
                ("mailed_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "inbox item",
                "verbose_name_plural": "inbox items",
                "ordering": ("-created_at", "-id"),
                "indexes": [
                    models.Index(fields=["user_id", "read_at"], name="inbox_of_a_person"),
                    models.Index(fields=["mail_state"], name="inbox_mail_to_send"),
                ],
            },
        ),
        migrations.CreateModel(
            name="AlertEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("market", models.CharField(max_length=12)),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField()),
                ("value", models.FloatField(null=True)),
                ("expected", models.FloatField(null=True)),
                ("about", models.JSONField(default=dict)),
                ("muted", models.BooleanField(default=False)),
                ("at", models.DateTimeField()),
                (
                    "alert",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="events", to="kpis.alert"
                    ),
                ),
            ],
            options={
                "verbose_name": "alert event",
                "verbose_name_plural": "alert events",
                "ordering": ("-starts_on", "-id"),
                "constraints": [
                    models.UniqueConstraint(fields=("alert", "market", "starts_on"), name="one_firing_a_period")
                ],
            },
        ),
    ]
