"""The newest entries, and what waits for review, are found without reading all of them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalog", "0007_case")]
    operations = [
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(name="entries_in_order", fields=["-changed_at", "-id"]),
        ),
        migrations.AddIndex(
            model_name="revision",
            index=models.Index(
                name="revisions_in_review",
                fields=["submitted_at", "id"],
                condition=models.Q(state="in_review"),
            ),
        ),
    ]
