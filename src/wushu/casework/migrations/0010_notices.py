"""Notices on working days that came after the program are kept, and the database refuses to change them."""

import uuid
from importlib import import_module

from django.db import migrations, models

TABLE = "casework_calendarnotice"
refusal = import_module("wushu.casework.migrations.0002_never_changed")


def refuse_changes(apps, schema_editor):
    is_postgres = schema_editor.connection.vendor == "postgresql"
    schema_editor.execute((refusal.POSTGRES if is_postgres else refusal.SQLITE).format(table=TABLE))


def allow_changes(apps, schema_editor):
    is_postgres = schema_editor.connection.vendor == "postgresql"
    on = f" ON {TABLE}" if is_postgres else ""
    schema_editor.execute(f"DROP TRIGGER {TABLE}_never_changed{on}")
    if is_postgres:
        schema_editor.execute(f"DROP FUNCTION {TABLE}_never_changed()")


class Migration(migrations.Migration):
    dependencies = [("casework", "0009_offices")]
    operations = [
        migrations.CreateModel(
            name="CalendarNotice",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.TextField(help_text="文号, as printed.")),
                ("sha256", models.CharField(max_length=64, unique=True)),
                ("document", models.TextField(help_text="The file (TOML).")),
                ("published_at", models.DateTimeField()),
                ("published_by", models.CharField(help_text="URN.", max_length=200)),
            ],
            options={"ordering": ["published_at", "id"]},
        ),
        migrations.RunPython(refuse_changes, allow_changes),
    ]
