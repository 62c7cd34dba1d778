# SPDX-License-Identifier: AGPL-3.0-or-later
"""Parts of an item that stand in another file of its package, put in their place.

QTI 3.0 ASI information model, "Item and Test Fragments", and XInclude 1.0: an
xi:include of XML, whole, from the package. What is included is parsed as
warily as the rest, three levels deep at most, never in a circle. Knows XML and
paths; reads no disk and no other site.
"""

import posixpath
from collections.abc import Mapping
from typing import Final

from lxml import etree

from encrier_qti.errors import ContentRefused, XmlRefused
from encrier_qti.model import Reference
from encrier_qti.reading.references import MEDIA, resolve
from encrier_qti.reading.safe_xml import MAX_ELEMENTS, MAX_SIZE, line, local, parse, refuse_monsters
from encrier_qti.words import say

XINCLUDE: Final = "{http://www.w3.org/2001/XInclude}include"
MAX_LEVELS: Final = 3
_ADVICE: Final = "Recopiez ce contenu dans l’item."


class Expanded:
    """The root of a file in which nothing is left to include, and what was included."""

    __slots__ = ("included", "root")

    def __init__(self, root: etree._Element, included: tuple[Reference, ...]) -> None:
        self.root = root
        self.included = included


def expand(content: bytes, *, file: str, files: Mapping[str, bytes] | None = None) -> Expanded:
    """Parse a file and put what it includes in its place; `files` of the package by path.

    Media that an included file names by a path of its own are named from `file`;
    its elements have the line of the inclusion. Raises XmlRefused or ContentRefused.
    """
    root = parse(content, file=file)
    found = list(root.iter(XINCLUDE))
    if not found:
        return Expanded(root, ())
    opened = _Opened({} if files is None else files, file)
    for element in found:
        opened.replace(element, (file,))
    refuse_monsters(root, file)
    return Expanded(root, tuple(opened.included))


class _Opened:
    """What one file has included so far."""

    def __init__(self, files: Mapping[str, bytes], file: str) -> None:
        self.files = files
        self.file = file
        self.included: list[Reference] = []
        self.n_elements = 0
        self.size = 0  # bytes

    def replace(self, element: etree._Element, chain: tuple[str, ...]) -> None:
        """Put a file in the place of an xi:include; `chain`: the files that lead to it."""
        holder, at = element.getparent(), chain[-1]
        if holder is None or element.get("parse", "xml") != "xml" or element.get("xpointer"):
            raise _refused("seul un fichier XML entier peut être inclus.", element, at)
        path = resolve(element.get("href", ""), element, file=at)
        if path in chain or len(chain) > MAX_LEVELS:
            raise _refused("ces inclusions sont en cercle ou trop profondes.", element, at)
        if path not in self.files:
            raise _refused("le fichier {path} n’est pas dans le paquet.", element, at, path=path)
        self.included.append(Reference(path=path, file=at, line=line(element)))
        self._weigh(self.files[path])
        inside = parse(self.files[path], file=path)
        self._count(inside)
        nested = list(inside.iter(XINCLUDE))
        if posixpath.dirname(path) != posixpath.dirname(self.file):
            self._move(inside, path)
        for each in nested:
            self.replace(each, (*chain, path))
        place = line(element)
        for each in inside.iter(etree.Element):
            each.sourceline = place  # type: ignore[assignment]  # the stub has the getter only
        inside.tail = element.tail
        holder.replace(element, inside)

    def _weigh(self, content: bytes) -> None:
        self.size += len(content)
        if self.size > MAX_SIZE:
            raise XmlRefused(
                "les fichiers inclus dépassent {size} Mo en tout.",
                "Coupez-le en plusieurs.",
                file=self.file,
                size=MAX_SIZE // 1024 // 1024,
            )

    def _count(self, inside: etree._Element) -> None:
        self.n_elements += sum(1 for _ in inside.iter())
        if self.n_elements > MAX_ELEMENTS:
            raise XmlRefused(
                "plus de {most} éléments sont dans ce fichier.",
                "Coupez-le en plusieurs.",
                file=self.file,
                most=MAX_ELEMENTS,
            )

    def _move(self, inside: etree._Element, path: str) -> None:
        """Name from the folder of the item the media that the included file names from its own."""
        here = posixpath.dirname(self.file)
        for element in inside.iter(etree.Element):
            for attribute in (MEDIA.get(local(element), ""), "poster"):
                named = element.get(attribute) if attribute else None
                if named:
                    moved = posixpath.relpath(resolve(named, element, file=path), here or ".")
                    element.set(attribute, moved)


def _refused(what: str, element: etree._Element, file: str, **named: str) -> ContentRefused:
    told = say(what, **named)
    return ContentRefused(told, _ADVICE, file=file, line=line(element), element="xi:include")
