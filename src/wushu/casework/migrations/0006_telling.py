"""What a due day brings with it is told by one date, and can be told to those above.

Of the kept turns the calendar is forgotten, so that the worker counts all of them again.
"""

from django.db import migrations, models

KINDS = (
    "step", "message", "note", "assigned", "referred", "opinion", "merged", "taken-in", "warned",
    "overdue", "escalated", "recounted",
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("casework", "0005_merging")]
    operations = [
        migrations.AlterField(
            model_name="caseevent",
            name="kind",
            field=models.CharField(choices=[(one, one) for one in KINDS], max_length=16),
        ),
        migrations.RemoveIndex(model_name="caseturn", name="turns_due"),
        migrations.RemoveField(model_name="caseturn", name="warn_on"),
        migrations.RemoveField(model_name="caseturn", name="told"),
        migrations.AddField(
            model_name="caseturn",
            name="told",
            field=models.PositiveSmallIntegerField(
                default=0,
                help_text="Of what the due day brings with it: how much was told already.",
            ),
        ),
        migrations.AddField(
            model_name="caseturn",
            name="tell_on",
            field=models.DateField(
                null=True, help_text="The day on which the next of it is told."
            ),
        ),
        migrations.AddIndex(
            model_name="caseturn",
            index=models.Index(
                condition=models.Q(tell_on__isnull=False), fields=["tell_on"], name="turns_to_tell"
            ),
        ),
        migrations.RunSQL(
            "UPDATE casework_caseturn SET calendar = ''", migrations.RunSQL.noop
        ),
    ]
