"""When each case got its first answer: a copy of what its history says, filled by the worker."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("casework", "0003_lists")]
    operations = [
        migrations.CreateModel(
            name="CaseAnswer",
            fields=[
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="answer",
                        serialize=False,
                        to="casework.case",
                    ),
                ),
                ("procedure", models.CharField(max_length=64)),
                ("version", models.UUIDField(help_text="Of the regulation.")),
                ("body", models.UUIDField()),
                ("answered", models.DateField()),
                ("working_days", models.PositiveIntegerField(help_text="From receipt.")),
                ("in_time", models.BooleanField(help_text="Whether every limit was kept.")),
                ("calendar", models.CharField(max_length=64)),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["answered", "procedure", "working_days", "in_time"],
                        name="answers_by_day",
                    )
                ],
            },
        ),
    ]
