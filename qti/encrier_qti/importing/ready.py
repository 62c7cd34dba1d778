# SPDX-License-Identifier: AGPL-3.0-or-later
"""From the files of a package, whatever tool made it, to files that the engine reads.

In this order: pictures and sounds written inside the XML become files, then
QTI 2 becomes QTI 3. Done twice, it changes nothing more. Knows keys; writes
nothing to disk, fetches nothing.
"""

import base64
import binascii
import hashlib
import posixpath
import re
from collections.abc import Mapping
from functools import partial
from typing import Final

from encrier_qti.delivery.media import TYPES
from encrier_qti.importing.upgrade import upgrade_package

FOLDER: Final = "encrier-media"  # beside the file that held them
_INSIDE: Final = re.compile(
    rb"""(\s(?:src|data|poster|(?:xlink:)?href)\s*=\s*)(["'])"""
    rb"""data:([a-z]+/[a-z0-9.+-]{1,40})(?:;[a-z0-9=-]{1,40})*;base64,([A-Za-z0-9+/=\s]*)\2"""
)
_ENDINGS: Final = {kind: ending for ending, kind in reversed(tuple(TYPES.items()))}


def ready(contents: Mapping[str, bytes]) -> Mapping[str, bytes]:
    """Give the same files with media of their own and all in QTI 3.

    Raises as `upgrade_item`.
    """
    return upgrade_package(_media_apart(contents))


def _media_apart(contents: Mapping[str, bytes]) -> Mapping[str, bytes]:
    """Make files of what is written as data:…;base64,… in the XML of items."""
    changed: dict[str, bytes] = {}
    for path, content in contents.items():
        if path.lower().endswith(".xml") and b";base64," in content:
            changed[path] = _INSIDE.sub(partial(_apart, path=path, changed=changed), content)
    return {**contents, **changed} if changed else contents


def _apart(found: re.Match[bytes], *, path: str, changed: dict[str, bytes]) -> bytes:
    """Put one medium in a file, and give the attribute that names it; the lines stay."""
    before, quote, kind, written = found.groups()
    ending = _ENDINGS.get(kind.decode("ascii"))
    try:
        medium = base64.b64decode(b"".join(written.split()), validate=True)
    except binascii.Error:
        ending = None
    if ending is None:
        return found[0]
    name = f"{FOLDER}/{hashlib.sha256(medium).hexdigest()[:16]}.{ending}"
    changed[posixpath.join(posixpath.dirname(path), name)] = medium
    return before + quote + name.encode("ascii") + quote + b"\n" * written.count(b"\n")
