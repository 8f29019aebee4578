import django.db.models.deletion
from django.db import migrations, models

from wushu.kernel.migrating import Rerecorded


class Migration(migrations.Migration):
    dependencies = [
        ("dataplane", "0004_watermarks"),
        ("evidence", "0001_initial"),
    ]

    operations = [
        Rerecorded(
            "dataplane.0005_terms",
            "grant",
            [
                migrations.AddField(
                    model_name="grant",
                    name="masks",
                    field=models.JSONField(
                        default=list, help_text="Columns that are shown masked, and how."
                    ),
                ),
                migrations.AddField(
                    model_name="grant",
                    name="rows_a_day",
                    field=models.PositiveBigIntegerField(
                        help_text="Rows that may be read in one day of Asia/Shanghai; null: any number.",
                        null=True,
                    ),
                ),
                migrations.AddField(
                    model_name="grant",
                    name="requests_a_day",
                    field=models.PositiveBigIntegerField(
                        help_text="Reads of one day of Asia/Shanghai; null: any number.", null=True
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="GrantUse",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("day", models.DateField(help_text="Of Asia/Shanghai.")),
                ("rows", models.BigIntegerField(default=0)),
                ("requests", models.BigIntegerField(default=0)),
                (
                    "grant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="uses",
                        to="dataplane.grant",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("grant", "day"), name="one_use_per_grant_and_day"
                    )
                ],
            },
        ),
    ]
