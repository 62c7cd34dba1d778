# SPDX-License-Identifier: AGPL-3.0-or-later
"""The names zone on a real PostgreSQL: its roles, a migrated database, a copy for each test."""

from typing import Final

import msgspec
from django.db import connections

from encrier.secret import SecretText
from encrier_names import stores, zone
from encrier_names.settings import Settings
from encrier_names.stores.migration import bring_up
from encrier_names.stores.postgres import roles, served
from stagecraft.cluster import Cluster

ROLES: Final = {
    "DATABASE": "names_web",
    "LINKS_DATABASE": "links_web",
    "DATABASE_OWNER": "names_owner",
    "LINKS_DATABASE_OWNER": "links_owner",
}


class Postgres:
    """A cluster whose roles were made by the SQL that `encrier names roles` prints."""

    def __init__(self) -> None:
        self.cluster = Cluster()
        self._n_copies = 0
        self._copied = "empty"
        self.lay("empty")

    def urls(self, database: str) -> dict[str, str]:
        """The four settings that say where the two schemas are."""
        return {name: self.cluster.url(role, database) for name, role in ROLES.items()}

    def lay(self, database: str) -> dict[str, str]:
        """Make a migrated database, as an operator does."""
        settings = on(zone.current().settings, self.urls(database))
        schemas = served(settings)
        assert schemas is not None
        self.cluster.psql(roles(schemas))
        point_at(settings)
        bring_up(settings)
        connections.close_all()
        return self.urls(database)

    def copy(self) -> dict[str, str]:
        """A fresh copy of the empty database; the one before is dropped."""
        connections.close_all()
        if self._n_copies:
            self.cluster.psql(f"DROP DATABASE {self._copied} WITH (FORCE)")
        self._n_copies += 1
        self._copied = f"copy_{self._n_copies}"
        self.cluster.psql(f"CREATE DATABASE {self._copied} TEMPLATE empty STRATEGY file_copy")
        return self.urls(self._copied)

    def disk(self) -> bytes:
        """All the files of the last copy, once what memory holds is written to them."""
        self.cluster.psql("CHECKPOINT")
        oids = self.cluster.psql("SELECT datname, oid FROM pg_database").splitlines()
        oid = dict(line.split("|") for line in oids)[self._copied]
        folder = self.cluster.data / "base" / oid
        return b"".join(f.read_bytes() for f in sorted(folder.iterdir()))

    def stop(self) -> None:
        """End it and remove all of it."""
        self.cluster.stop()


def on(settings: Settings, urls: dict[str, str]) -> Settings:
    """The same settings, on PostgreSQL."""
    said = {name.lower(): SecretText(url.encode()) for name, url in urls.items()}
    return msgspec.structs.replace(settings, **said)


def point_at(settings: Settings) -> None:
    """Django is configured once a process; each test has databases of its own."""
    for alias, given in connections.configure_settings(stores.databases(settings)).items():
        connections[alias].close()
        connections.settings[alias] = given
        del connections[alias]
