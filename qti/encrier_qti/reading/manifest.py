# SPDX-License-Identifier: AGPL-3.0-or-later
"""imsmanifest.xml: the resources of a package, which are tests and which are items.

IMS content packaging 1.2 as profiled by QTI 3.0. Metadata are kept as they are
written and not read. Files without a manifest have one made: an XML file
given alone, or a folder of them.
"""

import re
from collections import deque
from collections.abc import Iterable, Mapping
from typing import Final

from lxml import etree

from encrier_qti.errors import ContentRefused, PackageRefused
from encrier_qti.model import Record, Reference
from encrier_qti.reading.archive import MANIFEST
from encrier_qti.reading.references import resolve
from encrier_qti.reading.safe_xml import XML, line, local, parse

NAME: Final = MANIFEST
_KIND: Final = re.compile(r"imsqti_(?:apip)?([a-z]+)_xml")
_ELSEWHERE: Final = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)  # a site, not a file
_BASE: Final = f"{{{XML}}}base"
_ROOTS: Final = {
    b"qti-assessment-test": "test",
    b"qti-assessment-item": "item",
    b"qti-assessment-stimulus": "stimulus",
}
_TOLD: Final = 10  # tests, named to who must choose one
_GIVE: Final = "Donnez un paquet, ou le fichier XML d’un item ou d’un test."
_ROOT: Final = re.compile(rb"<(?:[\w.-]+:)?(qti-assessment-(?:test|item|stimulus))[\s>/]")


class Resource(Record, frozen=True):
    """One resource, as written; paths from the root of the package.

    `kind`: "test", "item", "stimulus", … or "" for what is no part of QTI.
    `metadata`: its XML in UTF-8, empty if it has none.
    """

    identifier: str
    type: str
    line: int
    kind: str = ""
    href: str = ""
    files: tuple[str, ...] = ()
    dependencies: tuple[str, ...] = ()
    metadata: bytes = b""


class Manifest(Record, frozen=True):
    """What a manifest says; `files` are all the files that it names, in its order."""

    identifier: str = ""
    metadata: bytes = b""
    resources: tuple[Resource, ...] = ()
    files: tuple[Reference, ...] = ()

    def of(self, kind: str) -> tuple[Reference, ...]:
        """Give the main file of each resource of a kind, as "test", "item" or "stimulus"."""
        return tuple(
            Reference(path=each.href, file=NAME, line=each.line, element="resource")
            for each in self.resources
            if each.kind == kind and each.href
        )

    def needed_by(self, path: str) -> tuple[Resource, ...]:
        """Give what the resource of a file depends on, directly or not, nearest first."""
        by_name = {each.identifier: each for each in self.resources}
        own = (each for each in self.resources if each.href == path)
        left = deque(name for each in own for name in each.dependencies)
        met: dict[str, Resource] = {}
        while left:
            name = left.popleft()
            if name in by_name and name not in met:
                met[name] = by_name[name]
                left += met[name].dependencies
        return tuple(met.values())

    @property
    def items(self) -> frozenset[str]:
        """The paths of the items."""
        return frozenset(each.path for each in self.of("item"))

    @property
    def test(self) -> Reference:
        """The one test. Raises PackageRefused if there is none, ContentRefused if several."""
        tests = self.of("test")
        if not tests:
            raise PackageRefused("ce paquet n’a ni test ni item.", _GIVE, file=NAME)
        if len(tests) != 1:
            raise ContentRefused(
                "un test est attendu dans le manifeste, {count} y sont\u00a0: {paths}.",
                "Choisissez-en un par --test, ou exportez un paquet par test.",
                file=NAME,
                count=len(tests),
                paths=", ".join(each.path for each in tests[:_TOLD]),
            )
        return tests[0]


def read_manifest(contents: Mapping[str, bytes]) -> Manifest:
    """Read the manifest at the root of a package, or make that of files without any.

    Raises PackageRefused, XmlRefused or ContentRefused.
    """
    if NAME not in contents:
        return _made(contents)
    root = parse(contents[NAME], file=NAME)
    if local(root) != "manifest":
        raise ContentRefused("ce fichier n’est pas un manifeste.", file=NAME, line=line(root))
    return Manifest(
        identifier=root.get("identifier", ""),
        metadata=_metadata(root),
        resources=tuple(_resource(each) for each in _all(root, "resource")),
        files=tuple(_files(root)),
    )


def _made(contents: Mapping[str, bytes]) -> Manifest:
    """The manifest of files without any: tests, items and stimuli are known by their root."""
    found = {path: _root_of(content) for path, content in contents.items() if _is_xml(path)}
    kinds = {path: kind for path, kind in found.items() if kind}
    if any(path.endswith(f"/{NAME}") for path in contents):
        raise PackageRefused(
            "il n’y a pas de fichier imsmanifest.xml à la racine du paquet.",
            "Zippez le contenu du dossier, et non le dossier lui-même.",
        )
    if not kinds and found and len(contents) == 1:
        raise ContentRefused(
            "ce fichier n’est ni un item, ni un test, ni un support QTI.",
            _GIVE,
            file=next(iter(contents)),
        )
    if not {"item", "test"} & set(kinds.values()):
        raise PackageRefused("ce paquet n’a ni test ni item.", _GIVE)
    resources = [
        Resource(
            identifier=f"R{number}",
            type=f"imsqti_{kind}_xmlv3p0",
            kind=kind,
            line=0,
            href=path,
            files=(path,),
        )
        for number, (path, kind) in enumerate(kinds.items(), start=1)
    ]
    return Manifest(resources=tuple(resources))


def _is_xml(path: str) -> bool:
    return path.lower().endswith(".xml")


def _root_of(content: bytes) -> str:
    found = _ROOT.search(content)
    return _ROOTS[found[1]] if found else ""


def _all(root: etree._Element, name: str) -> Iterable[etree._Element]:
    return (element for element in root.iter() if local(element) == name)


def _resource(element: etree._Element) -> Resource:
    kind = _KIND.match(element.get("type", ""))
    named = [each for each in element if local(each) == "file" and each.get("href")]
    needed = [each for each in element if local(each) == "dependency"]
    return Resource(
        identifier=element.get("identifier", ""),
        type=element.get("type", ""),
        line=line(element),
        kind=kind[1] if kind else "",
        href=_path(element),
        files=tuple(path for path in map(_path, named) if path),
        dependencies=tuple(each.get("identifierref", "") for each in needed),
        metadata=_metadata(element),
    )


def _files(root: etree._Element) -> Iterable[Reference]:
    for element in root.iter():
        if local(element) in {"resource", "file"}:
            path = _path(element)
            if path:
                name = local(element)
                yield Reference(path=path, file=NAME, line=line(element), element=name)


def _path(element: etree._Element) -> str:
    """The path that an element names, after the bases of those around it; "" for another site."""
    href = element.get("href", "").strip()
    if not href or _ELSEWHERE.match(href):
        return ""
    around = [*reversed(list(element.iterancestors())), element]
    bases = [each.get(_BASE, "").strip() for each in around]
    folder = "".join(base if base.endswith("/") else f"{base}/" for base in bases if base)
    return resolve(folder + href, element, file=NAME)


def _metadata(element: etree._Element) -> bytes:
    found = next((each for each in element if local(each) == "metadata"), None)
    if found is None:
        return b""
    return etree.tostring(found, encoding="utf-8", with_tail=False)
