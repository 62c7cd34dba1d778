# SPDX-License-Identifier: AGPL-3.0-or-later
"""The zone refuses addresses of PostgreSQL that are wrong, unsafe, or not apart."""

from typing import Any

import msgspec
import pytest

from encrier.errors import BadSetting
from encrier.secret import SecretText
from encrier_names import zone
from encrier_names.stores import as_owners, postgres, rights
from encrier_names.stores.postgres import OwnersNotSaid, served
from encrier_names.stores.rights import TooPowerful

HERE, THERE = "postgresql://a@localhost/x", "postgresql://b@localhost/x"


def _with(names: Any, **urls: str | None) -> Any:
    given = {name: url and SecretText(url.encode()) for name, url in urls.items()}
    none = dict.fromkeys(("database_owner", "links_database_owner"))
    return msgspec.structs.replace(zone.current().settings, **(none | given))


@pytest.mark.parametrize(
    ("database", "links"),
    [
        (HERE, None),
        (HERE, HERE),  # one role for both
        (HERE, "postgresql://localhost/x"),  # no role
        (HERE, "postgresql://b@localhost"),  # no database
        (HERE, "mysql://b@localhost/x"),
        (HERE, "postgresql://b@db.example/x?sslmode=disable"),
        (HERE, "postgresql://b@db.example/x?sslmode=require"),  # encrypted, to anybody
        (HERE, "postgresql://b@localhost,10.0.0.7/x?sslmode=prefer"),
    ],
)
def test_wrong_or_unsafe_addresses_are_refused(
    names: Any, database: str, links: str | None
) -> None:
    with pytest.raises(BadSetting) as refused:
        postgres.refuse_unsafe(_with(names, database=database, links_database=links))
    assert "localhost" not in str(refused.value)


@pytest.mark.parametrize(
    "links", [THERE, "postgresql://b@/x?host=/run/postgresql", "postgresql://b@db.example/x"]
)
def test_safe_addresses_are_taken(names: Any, links: str) -> None:
    postgres.refuse_unsafe(_with(names, database=HERE, links_database=links))


def test_over_a_network_the_certificate_is_checked(names: Any) -> None:
    far = _with(names, database=HERE, links_database="postgresql://b@db.example/x")
    schemas = postgres.served(far)
    assert schemas is not None
    near, distant = schemas
    assert "sslmode" not in str(postgres.connection(near, owner=False)["OPTIONS"])
    assert "'verify-full'" in str(postgres.connection(distant, owner=False)["OPTIONS"])


def test_a_password_shows_nowhere(names: Any) -> None:
    secret = "postgresql://b:tr0mpette@localhost/x"
    settings = _with(names, database=HERE, links_database=secret)
    assert "tr0mpette" not in repr(settings) + repr(postgres.served(settings))


def test_who_has_no_owners_migrates_nothing(names: Any) -> None:
    with (
        pytest.raises(OwnersNotSaid),
        as_owners(_with(names, database=HERE, links_database=THERE)),
    ):
        pass


def test_a_role_that_was_given_too_much_does_not_serve(names: Any, postgres: Any) -> None:
    schemas = served(zone.current().settings) or ()
    rights.refuse(schemas)
    with as_owners(zone.current().settings):
        assert {"owner", "audit"} <= set(rights.too_much(schemas))
        with pytest.raises(TooPowerful):
            rights.refuse(schemas)
    name = zone.current().settings.database
    assert name is not None
    copy = name.words().split("/")[3].partition("?")[0]
    postgres.cluster.psql(f"\\connect {copy}\nGRANT USAGE ON SCHEMA links TO names_web;")
    assert set(rights.too_much(schemas)) == {"other-schema"}
