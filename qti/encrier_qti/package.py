# SPDX-License-Identifier: AGPL-3.0-or-later
"""A content package, opened: its test, items, reporting and files, in QTI 3.

QTI 2 is converted first (`importing`), so all that follows sees one format. A
package of items without a test has one made, of all of them in order.
Knows keys: a Package stays with the author and in the results zone. Nothing
is written to disk, and every file in it has been taken for hostile.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from encrier_qti.errors import ContentRefused
from encrier_qti.importing.ready import ready
from encrier_qti.importing.upgrade import is_qti_2, upgrade_item
from encrier_qti.model import Assessment, Item, ItemRef, Part, Record, Reference, Section
from encrier_qti.reading import archive
from encrier_qti.reading.assessment import read_assessment
from encrier_qti.reading.item import read_item
from encrier_qti.reading.manifest import Manifest, read_manifest
from encrier_qti.reading.safe_xml import MAX_SIZE
from encrier_qti.reporting import NAME, Reporting, read_reporting

MADE: Final = "items"  # the identifier of a test that was made, of its part and its section


class Package(Record, frozen=True):
    """All of a package; `items` by identifier, in the order of the test.

    A test that was made, for items without one, has "" for its file.
    """

    contents: Mapping[str, bytes]
    manifest: Manifest
    assessment: Assessment
    items: Mapping[str, Item]
    reporting: Reporting | None

    def __repr__(self) -> str:
        return "Package(‹hidden›)"  # it holds the keys


def open_package(path: Path, *, test: str = "") -> Package:
    """Open a folder, a zip or an XML file; `test`: the path of one test, where there are several.

    Raises PackageRefused, XmlRefused, ContentRefused or NotSupported at the
    first thing that makes the package unusable; `lint` gives the rest.
    """
    return package_from(archive.read(path), test=test)


def package_from(contents: Mapping[str, bytes], *, test: str = "") -> Package:
    """The same from files in memory, by their path from the root."""
    contents = ready(contents)
    manifest = read_manifest(contents)
    assessment = _assessment(manifest, contents, test)
    refs = tuple(assessment.refs())
    files = {ref.reference.path: ref for ref in reversed(refs)}  # each is read once
    read = {path: _item(files[path], contents) for path in reversed(files)}
    items = {ref.identifier: read[ref.reference.path] for ref in refs}
    reporting = read_reporting(contents[NAME]) if NAME in contents else None
    return Package(
        contents=contents,
        manifest=manifest,
        assessment=assessment,
        items=items,
        reporting=reporting,
    )


def item_at(path: Path) -> Item:
    """Read the item of a file, QTI 2 or 3, with what it includes from its folder or beside it.

    The file must be there. Raises XmlRefused, ContentRefused, NotSupported or OSError.
    """
    path = path.resolve()
    files = _Around(path.parent.parent)
    name = f"{path.parent.name}/{path.name}"
    return read_item(files[name], file=name, files=files)


def tests_of(manifest: Manifest) -> tuple[str, ...]:
    """Give the paths of the tests of a package; one empty path if it has items and no test."""
    tests = tuple(each.path for each in manifest.of("test"))
    return tests or (("",) if manifest.of("item") else ())


def _assessment(manifest: Manifest, contents: Mapping[str, bytes], test: str) -> Assessment:
    tests = manifest.of("test")
    if not tests and manifest.of("item"):
        return _made(manifest.of("item"), contents)
    chosen = next((each for each in tests if each.path == test), None) or manifest.test
    if chosen.path not in contents:
        raise ContentRefused(
            "le test {path} n’est pas dans le paquet.",
            file=chosen.file,
            line=chosen.line,
            path=chosen.path,
        )
    return read_assessment(contents[chosen.path], file=chosen.path, files=contents)


def _made(items: Iterable[Reference], contents: Mapping[str, bytes]) -> Assessment:
    """A test of all items, in the order of the manifest, each called as it calls itself.

    One that has the name of an earlier one gets a number after it. Its language is
    theirs, if they have one.
    """
    refs: dict[str, ItemRef] = {}
    languages: set[str] = set()
    for reference in items:
        if reference.path not in contents:
            raise _absent(reference)
        item = read_item(contents[reference.path], file=reference.path, files=contents)
        name, number = item.identifier, 1
        while name in refs:
            number += 1
            name = f"{item.identifier}-{number}"
        refs[name] = ItemRef(identifier=name, reference=reference)
        languages.add(item.lang)
    lang = languages.pop() if len(languages) == 1 else ""
    section = Section(identifier=MADE, children=tuple(refs.values()))
    part = Part(
        identifier=MADE, navigation="nonlinear", submission="individual", sections=(section,)
    )
    return Assessment(identifier=MADE, title="", lang=lang or "fr", file="", parts=(part,))


def _item(ref: ItemRef, contents: Mapping[str, bytes]) -> Item:
    path = ref.reference.path
    if path not in contents:
        raise _absent(ref.reference)
    return read_item(contents[path], file=path, files=contents)


def _absent(reference: Reference) -> ContentRefused:
    return ContentRefused(
        "l’item {path} n’est pas dans le paquet.",
        "Ajoutez le fichier, ou retirez la référence du test.",
        file=reference.file,
        line=reference.line,
        path=reference.path,
    )


class _Around(Mapping[str, bytes]):
    """The files of a folder by their path, read when asked for: an item may include some."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()

    def __getitem__(self, path: str) -> bytes:
        file = (self._folder / path).resolve()
        if not file.is_relative_to(self._folder) or not file.is_file():
            raise KeyError(path)
        with file.open("rb") as opened:
            content = opened.read(MAX_SIZE + 1)  # one more than is parsed, which refuses it
        return upgrade_item(content, file=path) if is_qti_2(path, content) else content

    def __iter__(self) -> Iterator[str]:
        return iter(())  # only ever asked for one by one

    def __len__(self) -> int:
        return 0
