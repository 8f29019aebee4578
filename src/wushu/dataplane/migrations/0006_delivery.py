from django.db import migrations, models

from wushu.kernel.migrating import Rerecorded


class Migration(migrations.Migration):
    dependencies = [
        ("dataplane", "0005_terms"),
        ("evidence", "0001_initial"),
    ]

    operations = [
        Rerecorded(
            "dataplane.0006_delivery",
            "grant",
            [
                migrations.AddField(
                    model_name="grant",
                    name="delivery",
                    field=models.CharField(
                        blank=True,
                        choices=[("", ""), ("computed", "computed")],
                        default="",
                        help_text="Empty: rows; computed: results of programs alone.",
                        max_length=16,
                    ),
                ),
            ],
        ),
    ]
