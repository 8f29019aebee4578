"""Of a turn it is known which organisation filed, and the timeline alone says what was told of its day."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("casework", "0008_counter_followed")]
    operations = [
        migrations.AddField(
            model_name="caseturn",
            name="filer_organisation",
            field=models.UUIDField(null=True),
        ),
        migrations.RemoveField(model_name="caseturn", name="told"),
        migrations.AlterField(
            model_name="caseturn",
            name="tell_on",
            field=models.DateField(
                null=True,
                help_text="The day on which the next is told of what the due day brings with it.",
            ),
        ),
        migrations.AddIndex(
            model_name="caseturn",
            index=models.Index(
                condition=models.Q(filer_organisation__isnull=False),
                fields=["filer_organisation", "seat", "due"],
                name="turns_of_a_filer",
            ),
        ),
        migrations.RunSQL(
            "UPDATE casework_caseturn SET filer_organisation ="
            " (SELECT filer_organisation_id FROM casework_case"
            " WHERE casework_case.id = casework_caseturn.case_id)",
            migrations.RunSQL.noop,
        ),
    ]
