# SPDX-License-Identifier: AGPL-3.0-or-later
"""imsmanifest.xml: which file is the test, and which files the package says it has.

IMS content packaging 1.2 as profiled by QTI 3.0. Metadata are not read.
"""

from collections.abc import Mapping
from typing import Final

from encrier_qti.errors import ContentRefused, PackageRefused
from encrier_qti.model import Record, Reference
from encrier_qti.reading.references import resolve
from encrier_qti.reading.safe_xml import line, local, parse

NAME: Final = "imsmanifest.xml"
_TEST: Final = "imsqti_test_"
_ITEM: Final = "imsqti_item_"


class Manifest(Record, frozen=True):
    """The resources of a package; `test` is the path of its one test."""

    test: Reference
    items: frozenset[str]
    files: tuple[Reference, ...]


def read_manifest(contents: Mapping[str, bytes]) -> Manifest:
    """Read the manifest at the root of a package; exactly one test is expected."""
    if NAME not in contents:
        raise PackageRefused(
            "il n’y a pas de fichier imsmanifest.xml à la racine du paquet.",
            "Zippez le contenu du dossier, et non le dossier lui-même.",
        )
    root = parse(contents[NAME], file=NAME)
    if local(root) != "manifest":
        raise ContentRefused("ce fichier n’est pas un manifeste.", file=NAME, line=line(root))
    tests: list[Reference] = []
    items: set[str] = set()
    files: list[Reference] = []
    for resource in root.iter():
        if local(resource) not in {"resource", "file"} or resource.get("href") is None:
            continue
        path = resolve(resource.get("href", ""), resource, file=NAME)
        reference = Reference(path=path, file=NAME, line=line(resource), element=local(resource))
        files.append(reference)
        if resource.get("type", "").startswith(_TEST):
            tests.append(reference)
        elif resource.get("type", "").startswith(_ITEM):
            items.add(path)
    if len(tests) != 1:
        raise ContentRefused(
            "un test est attendu dans le manifeste, {count} y sont.",
            "Exportez un paquet par test.",
            file=NAME,
            count=len(tests),
        )
    return Manifest(test=tests[0], items=frozenset(items), files=tuple(files))
