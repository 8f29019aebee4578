from django.db import migrations, models

from wushu.kernel.migrating import Rerecorded


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0006_demand"),
        ("evidence", "0001_initial"),
    ]

    operations = [
        Rerecorded(
            "catalog.0007_case",
            "revision",
            [
                migrations.AddField(
                    model_name="revision",
                    name="case",
                    field=models.UUIDField(
                        blank=True,
                        help_text="Whose step submitted it; its steps list or return it.",
                        null=True,
                    ),
                ),
            ],
        ),
    ]
