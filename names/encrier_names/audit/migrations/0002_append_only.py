# SPDX-License-Identifier: AGPL-3.0-or-later
"""Refuse change and removal of audit rows, in the database itself."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

TRIGGERS = {
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
}


def add_triggers(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in TRIGGERS[editor.connection.vendor]:
        editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunPython(add_triggers)]
