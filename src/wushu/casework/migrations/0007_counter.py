"""A case can be filed at the counter for somebody who came in person."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("casework", "0006_telling"), ("parties", "0004_succession")]
    operations = [
        migrations.AddField(
            model_name="case",
            name="counter",
            field=models.ForeignKey(
                help_text="Who filed it at the counter for the filer, who came in person.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="parties.person",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(counter__isnull=False),
                fields=["counter", "-opened_at"],
                name="cases_of_a_counter",
            ),
        ),
    ]
