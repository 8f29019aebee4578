"""A line of the timeline says who follows a case at the counter once its clerk has left."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("casework", "0007_counter")]
    operations = [
        migrations.AlterField(
            model_name="caseevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("step", "step"),
                    ("message", "message"),
                    ("note", "note"),
                    ("assigned", "assigned"),
                    ("counter", "counter"),
                    ("referred", "referred"),
                    ("opinion", "opinion"),
                    ("merged", "merged"),
                    ("taken-in", "taken-in"),
                    ("warned", "warned"),
                    ("overdue", "overdue"),
                    ("escalated", "escalated"),
                    ("recounted", "recounted"),
                ],
                max_length=16,
            ),
        ),
    ]
