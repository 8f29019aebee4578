"""A line of the timeline can say that a case goes on in another. Only names: no row changes."""

from django.db import migrations, models

KINDS = (
    "step", "message", "note", "assigned", "referred", "opinion", "merged", "taken-in", "warned",
    "overdue", "recounted",
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("casework", "0004_answers")]
    operations = [
        migrations.AlterField(
            model_name="caseevent",
            name="kind",
            field=models.CharField(choices=[(one, one) for one in KINDS], max_length=16),
        )
    ]
