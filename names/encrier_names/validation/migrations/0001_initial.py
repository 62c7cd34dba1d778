# SPDX-License-Identifier: AGPL-3.0-or-later

import uuid

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

_ON = "ON validation_declaration"
# Change and removal of what was declared are refused in the database itself.
ADDED = {
    "sqlite": [
        f"CREATE TRIGGER validation_declaration_never_changes BEFORE UPDATE {_ON}"
        " BEGIN SELECT RAISE(ABORT, 'declarations are append-only'); END",
        f"CREATE TRIGGER validation_declaration_never_goes BEFORE DELETE {_ON}"
        " BEGIN SELECT RAISE(ABORT, 'declarations are append-only'); END",
    ],
    "postgresql": [
        "CREATE FUNCTION validation_declaration_stays() RETURNS trigger LANGUAGE plpgsql"
        " AS $$ BEGIN RAISE EXCEPTION 'declarations are append-only'; END $$",
        f"CREATE TRIGGER validation_declaration_stays BEFORE UPDATE OR DELETE OR TRUNCATE {_ON}"
        " FOR EACH STATEMENT EXECUTE FUNCTION validation_declaration_stays()",
    ],
}
REMOVED = {
    "sqlite": [
        "DROP TRIGGER validation_declaration_never_changes",
        "DROP TRIGGER validation_declaration_never_goes",
    ],
    "postgresql": [
        f"DROP TRIGGER validation_declaration_stays {_ON}",
        "DROP FUNCTION validation_declaration_stays()",
    ],
}


def add_triggers(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in ADDED[editor.connection.vendor]:
        editor.execute(statement)


def remove_triggers(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in REMOVED[editor.connection.vendor]:
        editor.execute(statement)


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('schools', '0004_roles'),
    ]

    operations = [
        migrations.CreateModel(
            name='Declaration',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('division', models.UUIDField(db_index=True)),
                ('staff', models.UUIDField(null=True)),
                ('n_pupils', models.PositiveIntegerField()),
                ('sentence', models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name='Owed',
            fields=[
                ('division', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, serialize=False, to='schools.division')),
            ],
        ),
        migrations.CreateModel(
            name='Reserve',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('rank', models.PositiveSmallIntegerField()),
                ('is_given', models.BooleanField(default=False)),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reserves', to='schools.division')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('division', 'rank'), name='one_reserve_a_rank')],
            },
        ),
        migrations.RunPython(add_triggers, remove_triggers),
    ]
