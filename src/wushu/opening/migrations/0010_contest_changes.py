"""What a contest said before it was changed stays readable."""

import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("opening", "0009_computations"),
    ]

    operations = [
        migrations.CreateModel(
            name="ContestChange",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("text_zh", models.TextField(help_text="As it was before.")),
                ("text_en", models.TextField(blank=True, help_text="As it was before.")),
                ("ends", models.DateField(help_text="The last day before.")),
                ("reason", models.TextField(help_text="Why it was changed.")),
                ("at", models.DateTimeField()),
                (
                    "contest",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="opening.contest",
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-id"],
            },
        ),
    ]
