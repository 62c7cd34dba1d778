# SPDX-License-Identifier: AGPL-3.0-or-later
"""Refuse change and removal of audit rows, in the database itself."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

ADD = {
    "sqlite": [
        """
        CREATE TRIGGER audit_access_never_changes BEFORE UPDATE ON audit_access
        BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END
        """,
        """
        CREATE TRIGGER audit_access_never_goes BEFORE DELETE ON audit_access
        BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END
        """,
    ],
    # One trigger a statement, even one that meets no row; TRUNCATE is a third way to remove.
    "postgresql": [
        """
        CREATE FUNCTION audit_access_refuse() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'the audit is append-only'; END $$
        """,
        """
        CREATE TRIGGER audit_access_append_only
        BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_access
        FOR EACH STATEMENT EXECUTE FUNCTION audit_access_refuse()
        """,
    ],
}
REMOVE = {
    "sqlite": [
        "DROP TRIGGER audit_access_never_changes",
        "DROP TRIGGER audit_access_never_goes",
    ],
    "postgresql": [
        "DROP TRIGGER audit_access_append_only ON audit_access",
        "DROP FUNCTION audit_access_refuse",
    ],
}


def add_triggers(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in ADD[editor.connection.vendor]:
        editor.execute(statement)


def remove_triggers(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in REMOVE[editor.connection.vendor]:
        editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunPython(add_triggers, remove_triggers)]
