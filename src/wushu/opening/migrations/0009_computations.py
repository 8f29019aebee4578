import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("opening", "0008_contests"),
        ("parties", "0004_succession"),
    ]

    operations = [
        migrations.CreateModel(
            name="Computation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("dataset", models.UUIDField(help_text="Catalogue entry.")),
                ("body", models.UUIDField(help_text="Whose officials decide on the result.")),
                ("grant", models.UUIDField(help_text="Under which it was submitted.")),
                (
                    "case",
                    models.UUIDField(
                        help_text="Whose agreement's grant counts today; empty for a grant by hand.",
                        null=True,
                    ),
                ),
                (
                    "organisation",
                    models.UUIDField(help_text="The grant is for it; empty: a person.", null=True),
                ),
                ("purpose", models.TextField(blank=True, help_text="What the grant is for.")),
                ("account", models.UUIDField(help_text="Account it is run for.")),
                ("program", models.TextField()),
                (
                    "salt",
                    models.CharField(help_text="In what the two digests are of.", max_length=64),
                ),
                ("program_sha256", models.CharField(max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "queued"),
                            ("waiting", "waiting"),
                            ("failed", "failed"),
                            ("released", "released"),
                            ("withheld", "withheld"),
                        ],
                        max_length=16,
                    ),
                ),
                ("version", models.UUIDField(help_text="Catalogue version it read.", null=True)),
                ("version_number", models.PositiveIntegerField(null=True)),
                ("manifest_sha256", models.CharField(blank=True, max_length=64)),
                (
                    "columns",
                    models.JSONField(
                        default=list, help_text="Name and type of each of the result's."
                    ),
                ),
                ("rows", models.PositiveIntegerField(null=True)),
                ("bytes", models.PositiveIntegerField(null=True)),
                ("smallest_group", models.PositiveBigIntegerField(null=True)),
                ("result_sha256", models.CharField(blank=True, max_length=64)),
                (
                    "refusal",
                    models.JSONField(help_text="Problem details, where it failed.", null=True),
                ),
                ("submitted_at", models.DateTimeField()),
                ("ran_at", models.DateTimeField(null=True)),
                ("decided_at", models.DateTimeField(null=True)),
                ("decided_by", models.UUIDField(help_text="Person.", null=True)),
                ("reason", models.TextField(blank=True)),
                (
                    "submitter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.person",
                    ),
                ),
            ],
            options={"ordering": ["-submitted_at", "-id"]},
        ),
        migrations.CreateModel(
            name="ComputedContent",
            fields=[
                (
                    "computation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="content",
                        serialize=False,
                        to="opening.computation",
                    ),
                ),
                ("content", models.BinaryField()),
            ],
        ),
        migrations.AddIndex(
            model_name="computation",
            index=models.Index(
                fields=["submitter", "-submitted_at", "-id"], name="computations_mine"
            ),
        ),
        migrations.AddIndex(
            model_name="computation",
            index=models.Index(
                condition=models.Q(("state", "waiting")),
                fields=["body", "ran_at", "id"],
                name="computations_waiting",
            ),
        ),
        migrations.AddIndex(
            model_name="computation",
            index=models.Index(
                condition=models.Q(("state", "queued")),
                fields=["submitted_at"],
                name="computations_queued",
            ),
        ),
        migrations.AddConstraint(
            model_name="computation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "released"), _negated=True),
                    models.Q(
                        ("decided_by__isnull", False),
                        models.Q(("decided_by", models.F("submitter")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="released_by_somebody_else",
            ),
        ),
    ]
