"""Workers take computations in turns, and what failed is listed; notices speak of computations too."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("opening", "0010_contest_changes"),
        ("parties", "0004_succession"),
    ]

    operations = [
        migrations.CreateModel(
            name="ComputationTurn",
            fields=[
                (
                    "computation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="turn",
                        serialize=False,
                        to="opening.computation",
                    ),
                ),
                ("is_taken", models.BooleanField(default=False, help_text="A worker is at it.")),
                ("since", models.DateTimeField(help_text="When it was queued, or taken.")),
                (
                    "tries",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="How often it was taken."
                    ),
                ),
            ],
        ),
        migrations.RemoveIndex(
            model_name="computation",
            name="computations_queued",
        ),
        migrations.AlterField(
            model_name="casenotice",
            name="case",
            field=models.UUIDField(help_text="Or computation."),
        ),
        migrations.AlterField(
            model_name="casenotice",
            name="kind",
            field=models.CharField(
                help_text="Of the line: a name of HappenedKind, or of ComputationState.",
                max_length=16,
            ),
        ),
        migrations.AlterField(
            model_name="casenotice",
            name="line",
            field=models.PositiveIntegerField(
                help_text="Of the case's timeline; 0: of a computation."
            ),
        ),
        migrations.AlterField(
            model_name="casenotice",
            name="number",
            field=models.CharField(help_text="Of the case; empty: a computation.", max_length=40),
        ),
        migrations.AddIndex(
            model_name="computation",
            index=models.Index(
                condition=models.Q(("state", "failed")),
                fields=["body", "-ran_at", "-id"],
                name="computations_failed",
            ),
        ),
        migrations.AddIndex(
            model_name="computationturn",
            index=models.Index(fields=["since"], name="computation_turns_by_age"),
        ),
    ]
