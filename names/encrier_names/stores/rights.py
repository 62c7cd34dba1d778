# SPDX-License-Identifier: AGPL-3.0-or-later
"""Asks PostgreSQL whether who serves may do more than was granted: the wall, looked at."""

from collections.abc import Iterable, Iterator
from typing import Final

from django.db import connections

from encrier.errors import EncrierError
from encrier_names.stores.postgres import Schema

_QUESTIONS: Final = {
    "superuser": "SELECT rolsuper OR rolbypassrls OR rolcreaterole FROM pg_roles"
    " WHERE rolname = current_user",
    "other-schema": "SELECT bool_or(has_schema_privilege(oid, 'USAGE')) FROM pg_namespace"
    " WHERE nspname IN ('names', 'links') AND nspname <> current_schema()",
    "owner": "SELECT bool_or(pg_has_role(nspowner, 'MEMBER')) FROM pg_namespace"
    " WHERE nspname IN ('names', 'links')",
    "audit": "SELECT bool_or(has_table_privilege(oid, 'UPDATE, DELETE, TRUNCATE')) FROM pg_class"
    " WHERE relname = 'audit_access' AND relnamespace = current_schema()::regnamespace",
}


class TooPowerful(EncrierError):
    what = "A role that serves pages may do more on PostgreSQL than it should."
    next_step = "Run what encrier names roles prints, then migrate, which grants again."


def too_much(schemas: Iterable[Schema]) -> Iterator[str]:
    """What the roles that serve may do and should not: words of `_QUESTIONS`."""
    for schema in schemas:
        with connections[schema.alias].cursor() as cursor:
            for what, question in _QUESTIONS.items():
                cursor.execute(question)
                (may,) = cursor.fetchone()
                if may:
                    yield what


def refuse(schemas: Iterable[Schema]) -> None:
    """Refuse to serve with such a role."""
    found = sorted(set(too_much(schemas)))
    if found:
        raise TooPowerful(f"{TooPowerful.what} ({', '.join(found)})")
