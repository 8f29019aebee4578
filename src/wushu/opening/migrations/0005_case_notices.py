"""What people are told of their cases, and subscriptions to it."""

import django.db.models.deletion
from django.db import migrations, models

KINDS = ("dataset", "body", "search", "cases")


class Migration(migrations.Migration):
    dependencies = [("opening", "0004_plans"), ("parties", "0004_succession")]
    operations = [
        migrations.AlterField(
            model_name="subscription",
            name="target_kind",
            field=models.CharField(choices=[(one, one) for one in KINDS], max_length=16),
        ),
        migrations.CreateModel(
            name="CaseNotice",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("case", models.UUIDField()),
                ("line", models.PositiveIntegerField(help_text="Of the case's timeline.")),
                (
                    "kind",
                    models.CharField(
                        help_text="Of the line: a name of HappenedKind.", max_length=16
                    ),
                ),
                ("number", models.CharField(help_text="Of the case.", max_length=40)),
                ("title", models.CharField(max_length=200)),
                ("words_zh", models.CharField(max_length=400)),
                ("words_en", models.CharField(max_length=400)),
                ("at", models.DateTimeField()),
                ("read_at", models.DateTimeField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="parties.person",
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-id"],
                "indexes": [
                    models.Index(fields=["person", "-at", "-id"], name="news_of_a_person"),
                    models.Index(
                        condition=models.Q(("read_at", None)),
                        fields=["person"],
                        name="news_not_read",
                    ),
                    models.Index(fields=["at"], name="news_by_time"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("person", "case", "line"), name="a_line_is_news_once"
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="delivery",
            name="notice",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="opening.casenotice",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.UniqueConstraint(
                fields=("subscription", "notice"), name="told_of_a_case_once"
            ),
        ),
    ]
