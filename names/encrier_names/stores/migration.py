# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: SLF001 - `_meta` is public in Django's documentation
"""Brings both databases to this release, as their owners, and says what who serves may do."""

from typing import Final

from django.apps import apps
from django.core.management import call_command
from django.db import connections, transaction

from encrier_names.settings import Settings
from encrier_names.stores import ALIASES, as_owners, postgres

_APPEND_ONLY: Final = ("audit", "validation.Declaration")  # rows are added, never changed


def bring_up(settings: Settings) -> None:
    """Migrate, then on PostgreSQL grant again what each role that serves may do."""
    with as_owners(settings) as schemas:
        for alias in ALIASES:
            call_command("migrate", database=alias, interactive=False, verbosity=0)
        for schema in schemas:
            _grant(schema)


def append_only() -> set[str]:
    """The tables whose rows are added, never changed."""
    audit, declaration = _APPEND_ONLY
    models = [*apps.get_app_config(audit).get_models(), apps.get_model(declaration)]
    return {model._meta.db_table for model in models}


def _grant(schema: postgres.Schema) -> None:
    """All or nothing: who serves meanwhile never meets a table without a grant."""
    connection = connections[schema.alias]
    with transaction.atomic(using=schema.alias), connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        for statement in postgres.grants(schema, tables, append_only=append_only()):
            cursor.execute(statement)
