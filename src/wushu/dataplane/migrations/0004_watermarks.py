import uuid

from django.db import migrations, models

from wushu.kernel.migrating import Rerecorded


class Migration(migrations.Migration):
    dependencies = [
        ("dataplane", "0003_usage"),
        ("evidence", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Trace",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("dataset", models.UUIDField(db_index=True, help_text="Catalogue entry.")),
                (
                    "version",
                    models.UUIDField(help_text="Catalogue version it was compared with."),
                ),
                ("sha256", models.CharField(help_text="Of the file.", max_length=64)),
                (
                    "found",
                    models.JSONField(help_text="dataplane.watermarks.types.Traced as JSON."),
                ),
                ("at", models.DateTimeField()),
            ],
        ),
        Rerecorded(
            "dataplane.0004_watermarks",
            "grant",
            [
                migrations.AddField(
                    model_name="grant",
                    name="watermark",
                    field=models.CharField(
                        blank=True,
                        choices=[("", ""), ("order-1", "order-1")],
                        default="",
                        help_text="How downloads under it are marked for their reader; empty: not.",
                        max_length=16,
                    ),
                ),
            ],
        ),
    ]
