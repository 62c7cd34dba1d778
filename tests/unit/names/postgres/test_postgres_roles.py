# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who may do what on PostgreSQL: asked of the server itself, role by role."""

from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connections

from encrier_names.audit.models import Access, Action
from encrier_names.audit.record import record
from encrier_names.stores.postgres import roles, served
from encrier_names.zone import current
from stagecraft.cluster import ADMINISTRATOR

DENIED = "permission denied"


def _asked(names: Any, setting: str, statement: str) -> list[tuple[Any, ...]]:
    """What a role is answered."""
    with psycopg.connect(names.urls[setting], autocommit=True) as connection:
        asked = connection.execute(statement.encode())
        return asked.fetchall() if asked.description else []


def test_who_serves_the_names_cannot_read_the_link(names: Any) -> None:
    names.validated_class(2)
    assert _asked(names, "LINKS_DATABASE", "SELECT count(*) FROM links.pseudonyms_link") == [(2,)]
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match=DENIED):
        _asked(names, "DATABASE", "SELECT * FROM links.pseudonyms_link")


def test_who_serves_the_link_cannot_read_a_name(names: Any) -> None:
    names.open_class(2)
    assert _asked(names, "DATABASE", "SELECT count(*) FROM names.schools_pupil") == [(2,)]
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match=DENIED):
        _asked(names, "LINKS_DATABASE", "SELECT * FROM names.schools_pupil")


def test_an_owner_reaches_the_other_schema_no_more_than_who_serves(names: Any) -> None:
    for owner, statement in (
        ("DATABASE_OWNER", "SELECT * FROM links.pseudonyms_link"),
        ("LINKS_DATABASE_OWNER", "SELECT * FROM names.schools_pupil"),
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match=DENIED):
            _asked(names, owner, statement)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE names.audit_access SET n_pupils = 0",
        "DELETE FROM names.audit_access",
        "TRUNCATE names.audit_access",
        "ALTER TABLE names.audit_access DISABLE TRIGGER ALL",
        "DROP TABLE names.schools_pupil",
        "CREATE TABLE names.copy AS SELECT * FROM names.schools_pupil",
        "CREATE TABLE public.copy AS SELECT * FROM names.schools_pupil",
        "DELETE FROM names.django_migrations",
        "SET ROLE names_owner",
        "COPY names.schools_pupil TO PROGRAM 'cat'",
    ],
)
def test_who_serves_can_change_no_table_and_no_audit_row(names: Any, statement: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        _asked(names, "DATABASE", statement)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE names.audit_access SET n_pupils = 0",
        "DELETE FROM names.audit_access",
        "TRUNCATE names.audit_access",
    ],
)
def test_even_its_owner_changes_no_audit_row(names: Any, statement: str) -> None:
    record(Action.CLASS_RESULTS, names.staff("a", "ministry").id, n_pupils=1)
    with pytest.raises(psycopg.errors.RaiseException, match="append-only"):
        _asked(names, "DATABASE_OWNER", statement)
    assert Access.objects.count() == 1


def test_django_itself_is_refused_the_other_schema(names: Any) -> None:
    with connections["default"].cursor() as cursor, pytest.raises(DatabaseError, match=DENIED):
        cursor.execute("SELECT * FROM links.pseudonyms_link")


def test_the_sql_for_the_administrator_may_be_run_again(names: Any, postgres: Any) -> None:
    schemas = served(current().settings)
    assert schemas is not None
    postgres.cluster.psql(roles(schemas))
    names.open_class(1)
    assert "PASSWORD" not in roles(schemas)


def test_the_roles_have_no_power_over_the_server(names: Any, postgres: Any) -> None:
    powers = "rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls"
    found = postgres.cluster.psql(
        f"SELECT rolname FROM pg_roles WHERE ({powers}) AND rolname NOT LIKE 'pg\\_%'"  # noqa: S608 nothing comes from outside
    )
    assert found.split() == [ADMINISTRATOR]
