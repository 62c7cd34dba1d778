# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which store this zone has: a file in its folder, or a database that several nodes may share."""

from typing import Final

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from encrier.errors import BadSetting
from encrier.secret import SecretText
from encrier.settings import are_near
from encrier_answers.configuration import PREFIX, Zone
from encrier_answers.store import Store
from encrier_answers.store_postgres import PostgresStore
from encrier_answers.store_sqlite import SqliteStore

_CHECKED: Final = "verify-full"


def opened(zone: Zone, *, to_write: bool = True) -> Store:
    """The store of this zone, made if it is not there; raises StoreRefused, BadSetting.

    to_write: who opens a database so is its node from then on. Else nothing changes.
    """
    settings, campaign = zone.settings, zone.manifest.campaign_id
    if settings.database is None:
        return SqliteStore(settings.folder, key=settings.store_key, campaign=campaign)
    return PostgresStore(
        checked(settings.database),
        key=settings.store_key,
        campaign=campaign,
        node=settings.node,
        to_write=to_write,
    )


def checked(url: SecretText) -> SecretText:
    """The address of the database, over TLS whose certificate is checked where a network is used.

    Raises BadSetting.
    """
    try:
        said = conninfo_to_dict(url.words())
    except ProgrammingError:
        raise BadSetting(
            f"{PREFIX}DATABASE is not an address of PostgreSQL.",
            "Write postgresql://role:password@host/database.",
        ) from None  # the cause would show it, password and all
    if are_near(str(said.get("hostaddr") or said.get("host") or "")):
        return url
    if said.get("sslmode", _CHECKED) != _CHECKED:
        raise BadSetting(
            "The answers zone would speak to its database over a network without checking whom it"
            " speaks to.",
            "Leave sslmode out, or say sslmode=verify-full, and sslrootcert=FILE.",
        )
    return SecretText(make_conninfo(url.words(), sslmode=_CHECKED).encode())
