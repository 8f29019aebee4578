"""Indexes of the lists that are asked for most: the ledger by procedure and body, and what has ended."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("casework", "0002_never_changed"), ("parties", "0004_succession")]
    operations = [
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                name="cases_of_a_procedure", fields=["procedure", "-opened_at", "-id"]
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(name="cases_of_a_body", fields=["body", "-opened_at", "-id"]),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                name="cases_closed", fields=["-closed_at"], condition=Q(closed_at__isnull=False)
            ),
        ),
    ]
