# SPDX-License-Identifier: AGPL-3.0-or-later
"""PostgreSQL: two schemas, four roles.

Names in the schema `names`, the link in the schema `links`, in one database or in two. Each has
an owner, who migrates, and a role that serves pages; who serves names cannot read the link, who
serves the link cannot read a name, and neither can change a table or an audit row.
"""

from typing import Final

from psycopg import ProgrammingError, sql
from psycopg.conninfo import conninfo_to_dict

from encrier.errors import BadSetting
from encrier.records import Record
from encrier.secret import SecretText
from encrier.settings import are_near
from encrier_names.settings import PREFIX, Settings

_REUSED_S: Final = 60  # a connection is kept between requests, and asked whether it is alive
_CHECKED: Final = "verify-full"


class OwnersNotSaid(BadSetting):
    what = "Only the owners of the two schemas may do this, and the settings do not say them."
    next_step = f"Give {PREFIX}DATABASE_OWNER and {PREFIX}LINKS_DATABASE_OWNER for this command."


class Schema(Record, frozen=True):
    """One schema: where it is, who serves it, who owns it."""

    alias: str  # Django's name of the connection
    name: str
    url: SecretText
    owner_url: SecretText | None

    @property
    def role(self) -> str:
        """Who serves it."""
        return _said(self.url)["user"]

    @property
    def owner(self) -> str:
        """Who migrates it."""
        return _said(_owner_url(self))["user"]

    @property
    def database(self) -> str:
        """The database that it is in."""
        return _said(self.url)["dbname"]


def served(settings: Settings) -> tuple[Schema, Schema] | None:
    """The two schemas, or None where SQLite holds both databases."""
    if settings.database is None or settings.links_database is None:
        return None
    return (
        Schema("default", "names", settings.database, settings.database_owner),
        Schema("links", "links", settings.links_database, settings.links_database_owner),
    )


def refuse_unsafe(settings: Settings) -> None:
    """Refuse addresses that cannot be read, roles that are not apart, a network without TLS."""
    if (settings.database is None) != (settings.links_database is None):
        raise BadSetting(
            f"{PREFIX}DATABASE and {PREFIX}LINKS_DATABASE go together.",
            "Give both, or neither for two SQLite files.",
        )
    roles = []
    for url in (
        settings.database,
        settings.links_database,
        settings.database_owner,
        settings.links_database_owner,
    ):
        if url is not None:
            said = _said(url)
            _refuse_clear(said)
            roles.append(said["user"])
    if len(set(roles)) != len(roles):
        raise BadSetting(
            "Two of the roles on PostgreSQL are the same.",
            "Names and link are apart because each has its own role and its own owner:"
            " encrier names roles prints the SQL that makes four.",
        )


def connection(schema: Schema, *, owner: bool) -> dict[str, object]:
    """Django's settings of one connection."""
    said = _said(_owner_url(schema) if owner else schema.url)
    options: dict[str, object] = {"options": f"-c search_path={schema.name}"}
    if not _is_near(said):
        options["sslmode"] = _CHECKED
    known = {"dbname", "user", "password", "host", "port"}
    options |= {name: value for name, value in said.items() if name not in known}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": said["dbname"],
        "USER": said["user"],
        "PASSWORD": said.get("password", ""),
        "HOST": said.get("host", ""),
        "PORT": said.get("port", ""),
        "OPTIONS": options,
        "CONN_MAX_AGE": _REUSED_S,
        "CONN_HEALTH_CHECKS": True,
    }


def roles(schemas: tuple[Schema, ...]) -> str:
    """The SQL that a database administrator runs once, with psql, before the first migrate.

    Sets no password: roles are shown in a log. Safe to run again.
    """
    parts: list[str] = []
    for schema in schemas:
        names = {
            "owner": _quoted(schema.owner),
            "role": _quoted(schema.role),
            "schema": _quoted(schema.name),
            "database": _quoted(schema.database),
        }
        parts += [_ROLE.format(name=names[who], text=_text(getattr(schema, who)))
                  for who in ("owner", "role")]  # fmt: skip
        parts.append(_DATABASE.format(text=_text(schema.database)))
        parts.append(_SCHEMA.format(**names))
    return "\n".join(parts)


def grants(schema: Schema, tables: list[str], *, append_only: set[str]) -> list[sql.Composed]:
    """What the owner lets the role that serves do, after each migration; and nothing else."""
    role, name = sql.Identifier(schema.role), sql.Identifier(schema.name)
    statements = [
        sql.SQL("REVOKE ALL ON ALL TABLES IN SCHEMA {} FROM {}").format(name, role),
        sql.SQL("GRANT USAGE ON SCHEMA {} TO {}").format(name, role),
    ]
    for table in tables:
        if table == "django_migrations":
            allowed = "SELECT"
        elif table in append_only:
            allowed = "SELECT, INSERT"
        else:
            allowed = "SELECT, INSERT, UPDATE, DELETE"
        place = sql.Identifier(schema.name, table)
        statements.append(sql.SQL("GRANT {} ON {} TO {}").format(sql.SQL(allowed), place, role))
    return statements


def _said(url: SecretText) -> dict[str, str]:
    try:
        said = {name: str(value) for name, value in conninfo_to_dict(url.words()).items()}
    except ProgrammingError:
        said = {}
    if not {"dbname", "user"} <= said.keys():  # never the address itself: it holds a password
        raise BadSetting(
            "The address of a database of the names zone cannot be read.",
            "Write it as postgresql://role:password@host/database; names/README.md says more.",
        ) from None
    return said


def _owner_url(schema: Schema) -> SecretText:
    if schema.owner_url is None:
        raise OwnersNotSaid
    return schema.owner_url


def _is_near(said: dict[str, str]) -> bool:
    return are_near(said.get("hostaddr") or said.get("host", ""))


def _refuse_clear(said: dict[str, str]) -> None:
    if not _is_near(said) and said.get("sslmode", _CHECKED) != _CHECKED:
        raise BadSetting(
            "The names zone would speak to its database over a network without checking whom"
            " it speaks to.",
            "Leave sslmode out, or say sslmode=verify-full, and sslrootcert=FILE.",
        )


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(words: str) -> str:
    return "'" + words.replace("'", "''") + "'"


_ROLE: Final = """\
SELECT format('CREATE ROLE %I LOGIN', {text}) WHERE NOT EXISTS
  (SELECT FROM pg_roles WHERE rolname = {text}) \\gexec
ALTER ROLE {name} NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
"""
_DATABASE: Final = """\
SELECT format('CREATE DATABASE %I TEMPLATE template0 ENCODING ''UTF8''', {text}) WHERE NOT EXISTS
  (SELECT FROM pg_database WHERE datname = {text}) \\gexec
"""
_SCHEMA: Final = """\
REVOKE ALL ON DATABASE {database} FROM PUBLIC;
GRANT CONNECT ON DATABASE {database} TO {owner}, {role};
\\connect {database}
REVOKE ALL ON SCHEMA public FROM PUBLIC;
CREATE SCHEMA IF NOT EXISTS {schema} AUTHORIZATION {owner};
REVOKE ALL ON SCHEMA {schema} FROM PUBLIC;
"""
