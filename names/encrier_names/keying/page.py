# SPDX-License-Identifier: AGPL-3.0-or-later
"""The built page on which teachers key: read once at start, checked, served from memory.

A name that is not in the table does not exist: nothing that a browser writes ever names a file.
Knows digests and media types; no class before it is asked for one, and never a pupil.
"""

import base64
import gzip
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final
from uuid import UUID

from encrier import built
from encrier.errors import BadSetting
from encrier.records import Record
from encrier_names.settings import PREFIX

_SETTING: Final = f"{PREFIX}KEYING"
_ADVICE: Final = "Give the folder `saisie` of the player that was built (make player)."
_PLACES: Final = ("root-key", "answers", "class", "back")
_PACKED_ALREADY: Final = ("image/png", "font/woff2")


class Built(Record, frozen=True):
    """One built file, as it is and packed where that is shorter."""

    kind: str  # media type
    plain: bytes
    packed: bytes | None = None  # gzip


class KeyingPage(Record, frozen=True):
    """What the keying page is made of."""

    index: bytes  # the places of the class are still empty
    worker: Built
    files: Mapping[str, Built]  # by name
    answers: str  # origins of the answers zone that it may ask, with spaces

    def of_class(self, division: UUID, *, back: str) -> bytes:
        """The page of one class; back: the address of the class's page."""
        return built.filled(built.filled(self.index, "class", str(division)), "back", back)


def load(folder: Path, *, root_key: bytes, answers: str) -> KeyingPage:
    """Read the folder of a build; raises BadSetting."""
    try:
        index = (folder / built.INDEX).read_bytes()
        worker = _built(folder / built.WORKER)
        files = dict(_files(folder))
    except OSError as error:
        raise BadSetting(f"A file of {_SETTING} cannot be read.", _ADVICE) from error
    if not all(built.has_place(index, name) for name in _PLACES):
        raise BadSetting(f"The index.html of {_SETTING} is not that of the keying page.", _ADVICE)
    index = built.filled(index, "root-key", base64.b64encode(root_key).decode())
    return KeyingPage(built.filled(index, "answers", answers), worker, files, answers)


def _files(folder: Path) -> Iterator[tuple[str, Built]]:
    for file in sorted(folder.iterdir()):
        if file.name in {built.INDEX, built.WORKER}:
            continue
        if not file.is_file() or not built.is_of_a_build(file):
            raise BadSetting(f"The folder of {_SETTING} holds what no build makes.", _ADVICE)
        yield file.name, _built(file)


def _built(file: Path) -> Built:
    content, kind = file.read_bytes(), built.media_type(file)
    packed = None if kind in _PACKED_ALREADY else gzip.compress(content, 9, mtime=0)
    is_shorter = packed is not None and len(packed) < len(content)
    return Built(kind, content, packed if is_shorter else None)
