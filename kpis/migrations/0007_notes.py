"""Annotations, comments and actions."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("kpis", "0006_alerts")]
    operations = [  # noqa: RUF012
        migrations.CreateModel(
            name="Note",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("annotation", "Event"), ("comment", "Comment"), ("action", "Action")], max_length=10
                    ),
                ),
                (
                    "event_type",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("campaign", "Campaign"),
                            ("outage", "Outage"),
                            ("price", "Price change"),
                            ("tracking", "Tracking change"),
                            ("other", "Other event"),
                        ],
                        max_length=10,
                    ),
                ),
                ("kpi", models.CharField(blank=True, max_length=40)),
                ("market", models.CharField(blank=True, max_length=12)),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField()),
                ("text", models.TextField(max_length=2000)),
                ("shared", models.BooleanField(default=False)),
                ("who", models.CharField(max_length=254)),
                ("user_id", models.BigIntegerField()),
                ("created_at", models.DateTimeField()),
                ("edited_at", models.DateTimeField(null=True)),
                ("deleted_at", models.DateTimeField(null=True)),
                ("deleted_by", models.CharField(blank=True, max_length=254)),
                (
                    "parent",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="replies", to="kpis.note"
                    ),
                ),
            ],
            options={
                "verbose_name": "note",
                "verbose_name_plural": "notes",
                "ordering": ("-starts_on", "-id"),
            },
        ),
        migrations.CreateModel(
            name="Action",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("owner_id", models.BigIntegerField()),
                ("owner", models.CharField(max_length=254)),
                ("due_on", models.DateField()),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "To do"), ("doing", "In progress"), ("done", "Done"), ("dropped", "Dropped")],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("expected", models.CharField(blank=True, max_length=200)),
                ("started_on", models.DateField(null=True)),
                ("done_on", models.DateField(null=True)),
                ("window_days", models.PositiveSmallIntegerField(default=28)),
                (
                    "note",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="action", to="kpis.note"
                    ),
                ),
            ],
            options={
                "verbose_name": "action",
                "verbose_name_plural": "actions",
                "ordering": ("due_on", "id"),
            },
        ),
        migrations.AddIndex(
            model_name="note",
            index=models.Index(fields=["market", "kpi", "starts_on"], name="notes_by_place"),
        ),
        migrations.AddIndex(
            model_name="action",
            index=models.Index(fields=["state", "due_on"], name="actions_by_state"),
        ),
    ]
