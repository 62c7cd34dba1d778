# SPDX-License-Identifier: AGPL-3.0-or-later
"""Kits of booklets: what a teacher's page shows and a printer prints of one. docs/spec/keying.md.

Every file is checked against its digest at start, and again each time it is given. Reads of
`keying.json` what files there are; what the items are is the page's business. A kit holds the key
to its items: it is for staff, and never leaves for answers.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from encrier.errors import BadRecord, BadSetting, EncrierError
from encrier.manifest import Manifest
from encrier.records import Record, from_bytes
from encrier_names.settings import PREFIX

INDEX: Final = "keying.json"
_SETTING: Final = f"{PREFIX}KITS"
_ADVICE: Final = "Make it again: encrier qti kit PACKAGE --out FOLDER, one folder a booklet."
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(?:/[A-Za-z0-9][A-Za-z0-9._-]*)*")
# What a browser shows and never runs.
_TYPES: Final = frozenset(
    {"image/png", "image/jpeg", "image/webp", "image/svg+xml", "application/pdf"}
)
Kind = Literal["pupil", "pupil-large", "teacher"]


class KitChanged(EncrierError):
    what = "A file of a kit is not the one that was checked at start."
    next_step = "Put the kit back as encrier qti kit made it, and start again."


class _Written(msgspec.Struct, frozen=True):
    """A file, as keying.json has it."""

    sha256: Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
    size: Annotated[int, Meta(ge=0)]
    type: str


class Paper(msgspec.Struct, frozen=True):
    """One document to print."""

    file: str
    title: str
    kind: Kind


class _Index(msgspec.Struct, frozen=True):
    """What names reads of keying.json; the rest of it is for the page."""

    v: Literal[1]
    bundle: str
    title: str
    files: dict[str, _Written]
    lang: str = "fr"
    papers: tuple[Paper, ...] = ()


class KitFile(Record, frozen=True):
    """One file of a kit."""

    place: Path
    sha256: str  # hex
    kind: str  # media type

    def content(self) -> bytes:
        """Its bytes, checked; raises KitChanged."""
        try:
            content = self.place.read_bytes()
        except OSError as error:
            raise KitChanged from error
        if hashlib.sha256(content).hexdigest() != self.sha256:
            raise KitChanged
        return content


class Kit(Record, frozen=True):
    """The kit of one booklet."""

    title: str
    lang: str  # of its titles
    papers: tuple[Paper, ...]
    files: Mapping[str, KitFile]  # by the path within the kit; keying.json among them


def load(folder: Path, manifest: Manifest) -> dict[str, Kit]:
    """Every kit of a folder by the id of its booklet, in hex; raises BadSetting."""
    known = {entry.id.hex() for entry in manifest.bundles}
    try:
        return {place.name: _kit(place, known) for place in sorted(folder.iterdir())}
    except OSError as error:
        raise BadSetting(f"A file of {_SETTING} cannot be read.", _ADVICE) from error


def _kit(folder: Path, known: Iterable[str]) -> Kit:
    if folder.name not in known:
        raise BadSetting(
            f"{_SETTING} holds a kit whose booklet the manifest does not name.",
            "Take it out, or give the kits of this campaign's booklets.",
        )
    content = (folder / INDEX).read_bytes()
    try:
        index = from_bytes(content, _Index)
    except BadRecord as error:
        raise BadSetting(f"A {INDEX} of {_SETTING} is not one.", _ADVICE) from error
    files = dict(_files(folder, index))
    if index.bundle != folder.name or any(paper.file not in files for paper in index.papers):
        raise BadSetting(f"A {INDEX} of {_SETTING} is that of another kit.", _ADVICE)
    digest = hashlib.sha256(content).hexdigest()
    own = {INDEX: KitFile(folder / INDEX, digest, "application/json")}
    return Kit(index.title, index.lang, index.papers, files | own)


def _files(folder: Path, index: _Index) -> Iterator[tuple[str, KitFile]]:
    for name, written in index.files.items():
        place = folder / name
        if not _NAME.fullmatch(name) or written.type not in _TYPES or name == INDEX:
            raise BadSetting(f"A kit of {_SETTING} lists a file that no kit has.", _ADVICE)
        with place.open("rb") as source:
            digest = hashlib.file_digest(source, "sha256").hexdigest()
        if digest != written.sha256 or place.stat().st_size != written.size:
            raise BadSetting(f"A file of {_SETTING} is not the one that its kit names.", _ADVICE)
        yield name, KitFile(place, digest, written.type)
