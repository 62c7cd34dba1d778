# SPDX-License-Identifier: AGPL-3.0-or-later
"""The files of a bundle as they are made: items, what they name, and their supports.

A file travels once, by its name; its type is checked as it comes in. Knows
names and bytes; what is in an item has been stripped before.
"""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Final

from encrier_qti.delivery.catalogs import Card
from encrier_qti.delivery.index import BundleCard, BundleFile
from encrier_qti.delivery.media import check_media
from encrier_qti.delivery.strip import Stripped
from encrier_qti.errors import ContentRefused
from encrier_qti.model import Reference
from encrier_qti.reading.manifest import Manifest

_XML: Final = "application/xml"
_PROGRAMS: Final[Mapping[str, str]] = {"js": "text/javascript", "json": "application/json"}
_MODULE: Final = "qti-interaction-module"


class BundleFiles:
    """Files by name, and the catalogs of those that have some."""

    def __init__(self, contents: Mapping[str, bytes], manifest: Manifest) -> None:
        self._contents = contents
        self._manifest = manifest
        self._named: dict[str, tuple[bytes, str]] = {}
        self.catalogs: dict[str, dict[str, list[BundleCard]]] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._named

    def add(self, name: str, stripped: Stripped) -> None:
        """Add an XML file that was stripped, the media it names and its accessibility supports."""
        self._named[name] = (stripped.xml, _XML)
        self._media(stripped.media, asked_by=name)
        supports: dict[str, list[BundleCard]] = {}
        for place, card in enumerate(stripped.cards, start=1):
            href = self._card(f"{name}#{card.catalog}/{place}", card, asked_by=name)
            made = BundleCard(card.support, href, card.lang, card.preferred)
            supports.setdefault(card.catalog, []).append(made)
        if supports:
            self.catalogs[name] = supports

    def add_modules(self, modules: Iterable[Reference], *, item: str) -> list[str]:
        """Add the programs that portable interactions of an item run, and give their names.

        Those that the interaction names, of which one path may be missing where
        there is another; then those that the manifest says the item depends on.
        """
        named = list(modules)
        if not named:
            return []
        contents = self._contents
        found = [self._program(each) for each in named]
        served = {each.line for each, path in zip(named, found, strict=True) if path in contents}
        for each in named:
            if each.line not in served:
                self.read(each)
        needed = [path for each in self._manifest.needed_by(item) for path in each.files]
        names = [path for path in (*found, *needed) if path in contents]
        for path in names:
            kind = _PROGRAMS.get(path.rsplit(".", 1)[-1].lower())
            if kind is not None:
                self._named[path] = (contents[path], kind)
        return sorted(path for path in set(names) if path in self._named)

    def read(self, reference: Reference, *, asked_by: str = "") -> bytes:
        """Give a file of the package, or refuse what asks for it."""
        if reference.path not in self._contents:
            raise ContentRefused(
                "le fichier {path} n’est pas dans le paquet.",
                "Ajoutez-le, ou retirez ce qui le demande.",
                file=asked_by or reference.file,
                line=0 if asked_by else reference.line,
                path=reference.path,
            )
        return self._contents[reference.path]

    def index(self) -> dict[str, BundleFile]:
        """Give the digest, size and type of every file, by name."""
        return {
            name: BundleFile(sha256=_sha256(content), size=len(content), type=kind)
            for name, (content, kind) in self._named.items()
        }

    def blobs(self) -> dict[str, bytes]:
        """Give the files by digest."""
        return {_sha256(content): content for content, _ in self._named.values()}

    def _media(self, media: Iterable[Reference], *, asked_by: str) -> None:
        for reference in media:
            if reference.path not in self._named:
                content = self.read(reference, asked_by=asked_by)
                kind = check_media(content, file=reference.path)
                self._named[reference.path] = (content, kind)

    def _card(self, name: str, card: Card, *, asked_by: str) -> str:
        if card.file is not None:
            self._media([card.file], asked_by=asked_by)
            return card.file.path
        self._named[name] = (card.words, _XML)
        self._media(card.media, asked_by=asked_by)
        return name

    def _program(self, reference: Reference) -> str:
        """A module may be named without its ending."""
        path = reference.path
        whole = path in self._contents or reference.element != _MODULE
        return path if whole else f"{path}.js"


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
