# SPDX-License-Identifier: AGPL-3.0-or-later
"""A QTI 3 content package, opened: its test, items, reporting and files.

Knows keys: a Package stays with the author and in the results zone. Nothing
is written to disk, and every file in it has been taken for hostile.
"""

from collections.abc import Mapping
from pathlib import Path

from encrier_qti.errors import ContentRefused
from encrier_qti.model import Assessment, Item, ItemRef, Record
from encrier_qti.reading import archive
from encrier_qti.reading.assessment import read_assessment
from encrier_qti.reading.item import read_item
from encrier_qti.reading.manifest import Manifest, read_manifest
from encrier_qti.reporting import NAME, Reporting, read_reporting


class Package(Record, frozen=True):
    """All of a package; `items` by identifier, in the order of the test."""

    contents: Mapping[str, bytes]
    manifest: Manifest
    assessment: Assessment
    items: Mapping[str, Item]
    reporting: Reporting | None

    def __repr__(self) -> str:
        return "Package(‹hidden›)"  # it holds the keys


def open_package(path: Path) -> Package:
    """Open a folder or a zip.

    Raises PackageRefused, XmlRefused, ContentRefused or NotSupported at the
    first thing that makes the package unusable; `lint` gives the rest.
    """
    return package_from(archive.read(path))


def package_from(contents: Mapping[str, bytes]) -> Package:
    """The same from files in memory, by their path from the root."""
    manifest = read_manifest(contents)
    test_file = manifest.test.path
    if test_file not in contents:
        raise ContentRefused(
            "le test {path} n’est pas dans le paquet.",
            file=manifest.test.file,
            line=manifest.test.line,
            path=test_file,
        )
    assessment = read_assessment(contents[test_file], file=test_file, files=contents)
    items = {ref.identifier: _item(ref, contents) for ref in assessment.refs()}
    reporting = read_reporting(contents[NAME]) if NAME in contents else None
    return Package(
        contents=contents,
        manifest=manifest,
        assessment=assessment,
        items=items,
        reporting=reporting,
    )


def _item(ref: ItemRef, contents: Mapping[str, bytes]) -> Item:
    path = ref.reference.path
    if path not in contents:
        raise ContentRefused(
            "l’item {path} n’est pas dans le paquet.",
            "Ajoutez le fichier, ou retirez la référence du test.",
            file=ref.reference.file,
            line=ref.reference.line,
            path=path,
        )
    return read_item(contents[path], file=path)
