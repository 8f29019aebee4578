"""What was published, and what has happened, is never changed: the database itself refuses.

Deleting is refused by the foreign keys of whatever rests on it; what is missing is named by
``wushu evidence audit``.
"""

from django.db import migrations

TABLES = ("casework_regulationversion", "casework_caseevent")

SQLITE = """
CREATE TRIGGER {table}_never_changed BEFORE UPDATE ON {table}
BEGIN
    SELECT RAISE(ABORT, '{table} is never changed');
END
"""
POSTGRES = """
CREATE FUNCTION {table}_never_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '{table} is never changed' USING ERRCODE = 'integrity_constraint_violation';
END
$$;
CREATE TRIGGER {table}_never_changed BEFORE UPDATE ON {table}
FOR EACH ROW EXECUTE FUNCTION {table}_never_changed()
"""


def refuse_changes(apps, schema_editor):
    statement = POSTGRES if schema_editor.connection.vendor == "postgresql" else SQLITE
    for table in TABLES:
        schema_editor.execute(statement.format(table=table))


def allow_changes(apps, schema_editor):
    is_postgres = schema_editor.connection.vendor == "postgresql"
    for table in TABLES:
        on = f" ON {table}" if is_postgres else ""
        schema_editor.execute(f"DROP TRIGGER {table}_never_changed{on}")
        if is_postgres:
            schema_editor.execute(f"DROP FUNCTION {table}_never_changed()")


class Migration(migrations.Migration):
    dependencies = [("casework", "0001_initial")]
    operations = [migrations.RunPython(refuse_changes, allow_changes)]
