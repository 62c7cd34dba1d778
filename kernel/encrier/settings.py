# SPDX-License-Identifier: AGPL-3.0-or-later
"""Settings of a zone, read once from the environment, typed, or the zone refuses to start.

Each setting `x` of a settings record is read from `PREFIX_X`, or from the file that
`PREFIX_X_FILE` names (for secrets: an environment is easily shown, a file is not); a setting that
is itself a path is read from `PREFIX_X` only. A variable with the zone's prefix that is no setting
is refused: a mistyped name never passes unseen.
"""

import base64
import binascii
import ipaddress
from collections.abc import Mapping
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from encrier.errors import BadSetting
from encrier.records import Record
from encrier.secret import Secret, SecretText

S = TypeVar("S", bound=Record)
_PATHS: Final = (Path, Path | None)


def load(kind: type[S], *, prefix: str, environ: Mapping[str, str]) -> S:
    """Read the settings of `kind` from variables that begin with `prefix`.

    str, SecretText, int, Path as written; bytes and Secret as standard base64. Raises BadSetting
    with every fault found, not only the first.
    """
    fields = {f.name: f for f in msgspec.structs.fields(kind)}
    by_file = {name for name, field in fields.items() if field.type not in _PATHS}
    known = {prefix + name.upper() for name in fields}
    known |= {f"{prefix}{name.upper()}_FILE" for name in by_file}
    faults = [f"{v} is not a setting" for v in environ if v.startswith(prefix) and v not in known]
    values: dict[str, object] = {}
    for name, field in fields.items():
        try:
            variable = prefix + name.upper()
            written = _written(variable, environ) if name in by_file else environ.get(variable)
            if written is not None:
                values[name] = _typed(written, field.type, variable=variable)
            elif field.required:
                faults.append(f"{variable} is missing")
        except BadSetting as fault:
            faults.append(fault.what_happened)
    if faults:
        raise BadSetting("; ".join(sorted(faults)) + ".")
    return kind(**values)


def is_loopback(host: str) -> bool:
    """Whether an address, or the name `localhost`, is this very machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def are_near(hosts: str) -> bool:
    """Whether no network is between: each host of a database is a socket or this very machine.

    hosts: as libpq takes them, with commas between; empty or a folder is a socket.
    """
    return all(one == "" or one.startswith("/") or is_loopback(one) for one in hosts.split(","))


def _written(variable: str, environ: Mapping[str, str]) -> str | None:
    plain, file = environ.get(variable), environ.get(variable + "_FILE")
    if plain is not None and file is not None:
        raise BadSetting(f"{variable} and {variable}_FILE are both given")
    if file is None:
        return plain
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise BadSetting(f"{variable}_FILE cannot be read") from error


def _typed(written: str, kind: object, *, variable: str) -> object:
    """Turn a written value into its type; never repeats the value, which may be a secret."""
    try:
        if kind is Secret or kind == Secret | None:
            return Secret(base64.b64decode(written, validate=True))
        if kind is SecretText or kind == SecretText | None:
            return SecretText(written.encode())
        if kind is bytes:
            return base64.b64decode(written, validate=True)
        if kind in _PATHS:
            return Path(written)
        return msgspec.convert(written, kind, strict=False)
    except (binascii.Error, msgspec.ValidationError, ValueError) as error:
        raise BadSetting(f"{variable} is not well written") from error
