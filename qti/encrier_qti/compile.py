# SPDX-License-Identifier: AGPL-3.0-or-later
"""Compile a package into the bundle that answers serves and the player shows.

The package holds the keys; the bundle holds none, and the same package gives
the same bytes each time. Described in docs/spec/bundle.md.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from itertools import groupby
from pathlib import Path
from typing import Final

import msgspec

from encrier.ids import BundleId, bundle_id
from encrier_qti.delivery.index import (
    BundleFile,
    BundleIndex,
    BundleItem,
    BundleSection,
    ResponseType,
)
from encrier_qti.delivery.media import check_media
from encrier_qti.delivery.strip import Stripped, strip_item, strip_stimulus
from encrier_qti.errors import ContentRefused, PackageRefused
from encrier_qti.model import Assessment, Item, ItemRef, Record, Reference, Section
from encrier_qti.package import Package

INDEX: Final = "bundle.json"
FILES: Final = "files"
_XML: Final = "application/xml"
_IDENTIFIER: Final = re.compile(r"[a-z0-9-]{1,40}")


class Bundle(Record, frozen=True):
    """A compiled bundle in memory; `blobs` by SHA-256 in hex."""

    index: BundleIndex
    index_json: bytes  # canonical: its digest is the identity of the bundle
    blobs: Mapping[str, bytes]

    @property
    def id(self) -> BundleId:
        """First 8 bytes of the SHA-256 of bundle.json."""
        return bundle_id(self.index_json)


def compile_bundle(package: Package) -> Bundle:
    """Strip, check and index everything that travels.

    Raises ContentRefused or NotSupported at the first thing that cannot travel.
    """
    named: dict[str, tuple[bytes, str]] = {}
    items: dict[str, BundleItem] = {}
    for name, item in package.items.items():
        _check_identifier(name, item)
        stripped = strip_item(package.contents[item.file], file=item.file)
        _add(named, package, path=item.file, stripped=stripped)
        for reference in item.stimuli:
            content = _read(package, reference)
            stimulus = strip_stimulus(content, file=reference.path)
            _add(named, package, path=reference.path, stripped=stimulus)
        items[name] = _indexed(item)
    blobs = {hashlib.sha256(content).hexdigest(): content for content, _ in named.values()}
    index = BundleIndex(
        v=1,
        title=package.assessment.title,
        lang=package.assessment.lang,
        sections=list(_sections(package.assessment)),
        items=items,
        files={name: _file(content, kind) for name, (content, kind) in named.items()},
    )
    return Bundle(index=index, index_json=msgspec.json.encode(index, order="sorted"), blobs=blobs)


def write_bundle(bundle: Bundle, folder: Path) -> None:
    """Write bundle.json and files/<sha256> in a folder that is new, empty or already this bundle's.

    bundle.json is written last: a folder that has it is whole.
    """
    if folder.exists() and not _is_ours(folder):
        raise PackageRefused(
            "Le dossier de sortie contient déjà autre chose.", "Donnez un dossier vide ou nouveau."
        )
    files = folder / FILES
    files.mkdir(parents=True, exist_ok=True)
    for digest, content in sorted(bundle.blobs.items()):
        (files / digest).write_bytes(content)
    for stale in files.iterdir():
        if stale.name not in bundle.blobs:
            stale.unlink()
    (folder / INDEX).write_bytes(bundle.index_json)


def _is_ours(folder: Path) -> bool:
    if not folder.is_dir() or not {path.name for path in folder.iterdir()} <= {INDEX, FILES}:
        return False
    held = [path.name for path in (folder / FILES).glob("*")]
    return all(re.fullmatch(r"[0-9a-f]{64}", name) for name in held)


def _check_identifier(name: str, item: Item) -> None:
    if not _IDENTIFIER.fullmatch(item.identifier):
        raise ContentRefused(
            "l’identifiant de cet item n’est pas fait de a-z, 0-9 et -, 40 signes au plus.",
            "Renommez l’item, dans son fichier et dans le test.",
            file=item.file,
        )
    if name != item.identifier:
        raise ContentRefused(
            "le test nomme cet item autrement que lui-même.",
            "Donnez le même identifiant à l’item et à sa référence.",
            file=item.file,
        )


def _add(
    named: dict[str, tuple[bytes, str]], package: Package, *, path: str, stripped: Stripped
) -> None:
    named[path] = (stripped.xml, _XML)
    for reference in stripped.media:
        if reference.path not in named:
            content = _read(package, reference, asked_by=path)
            named[reference.path] = (content, check_media(content, file=reference.path))


def _read(package: Package, reference: Reference, *, asked_by: str = "") -> bytes:
    if reference.path not in package.contents:
        raise ContentRefused(
            "le fichier {path} n’est pas dans le paquet.",
            "Ajoutez-le, ou retirez ce qui le demande.",
            file=asked_by or reference.file,
            line=0 if asked_by else reference.line,
            path=reference.path,
        )
    return package.contents[reference.path]


def _indexed(item: Item) -> BundleItem:
    return BundleItem(
        title=item.title,
        href=item.file,
        stimuli=[reference.path for reference in item.stimuli],
        responses={
            name: ResponseType(cardinality=str(each.cardinality), base_type=str(each.base))
            for name, each in item.responses.items()
        },
        interactions=list(dict.fromkeys(each.name for each in item.interactions)),
    )


def _sections(assessment: Assessment) -> Iterable[BundleSection]:
    """The sections that hold items, nested ones after what precedes them."""
    for part in assessment.parts:
        for section in part.sections:
            yield from _runs(section)


def _runs(section: Section) -> Iterable[BundleSection]:
    for is_ref, children in groupby(section.children, lambda child: isinstance(child, ItemRef)):
        if is_ref:
            items = [child.identifier for child in children]
            yield BundleSection(id=section.identifier, title=section.title, items=items)
        else:
            for child in children:
                if isinstance(child, Section):
                    yield from _runs(child)


def _file(content: bytes, kind: str) -> BundleFile:
    return BundleFile(sha256=hashlib.sha256(content).hexdigest(), size=len(content), type=kind)
