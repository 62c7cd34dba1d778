# SPDX-License-Identifier: AGPL-3.0-or-later
"""The folder of a kit: keying.json and the files that it lists, written whole or not at all.

The same kit gives the same bytes each time. Knows bytes and names of files;
what the kit says is for `kit`.
"""

import hashlib
import shutil
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Final

from msgspec.structs import replace

from encrier.records import Record, to_bytes
from encrier_qti.errors import PackageRefused
from encrier_qti.keying.kit import KEYING, Exercise, File, Kit, Paper

_TYPES: Final = {".pdf": "application/pdf", ".png": "image/png"}


class Papers(Record, frozen=True):
    """What is printed of a kit: files by name, the pages of each exercise, and what is a paper."""

    files: dict[str, bytes]
    pages: dict[str, tuple[str, ...]]
    papers: tuple[Paper, ...]

    def __repr__(self) -> str:
        return f"Papers({', '.join(self.files)})"  # one of the files holds the key


def with_papers(kit: Kit, papers: Papers) -> Kit:
    """Give the kit that lists these files, the pages of each exercise, and what can be printed."""

    def on_pages(exercise: Exercise) -> Exercise:
        return replace(exercise, pages=tuple(papers.pages.get(exercise.id, ())))

    return replace(
        kit,
        sequences=tuple(
            replace(each, exercises=tuple(map(on_pages, each.exercises))) for each in kit.sequences
        ),
        files={name: _file(name, content) for name, content in papers.files.items()},
        papers=papers.papers,
    )


def write_kit(kit: Kit, files: Mapping[str, bytes], folder: Path) -> Path:
    """Write the kit in a folder named after its bundle, in the place of one made before.

    `files`: those that the kit lists. Raises PackageRefused where that folder is
    not a kit's.
    """
    target = folder / kit.bundle
    if target.exists() and not (target / KEYING).is_file():
        raise PackageRefused(
            "le dossier de sortie contient déjà autre chose.", "Donnez un dossier vide ou nouveau."
        )
    made = folder / f"{kit.bundle}.new"
    shutil.rmtree(made, ignore_errors=True)  # left by one that was interrupted
    made.mkdir(parents=True)
    for name, content in {**files, KEYING: to_bytes(kit)}.items():
        (made / name).parent.mkdir(parents=True, exist_ok=True)
        (made / name).write_bytes(content)
    if target.exists():
        shutil.rmtree(target)
    made.rename(target)
    return target


def _file(name: str, content: bytes) -> File:
    return File(
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        type=_TYPES[PurePosixPath(name).suffix],
    )
