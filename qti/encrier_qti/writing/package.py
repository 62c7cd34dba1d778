# SPDX-License-Identifier: AGPL-3.0-or-later
"""A package written back as a QTI 3 content package that any importer of ours takes unchanged.

Content files leave byte for byte as they are held (an item that came in as
QTI 2 leaves in QTI 3); the manifest is written anew, the same for the same
resources, metadata kept. Knows keys: what it writes is for authors.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Mapping
from typing import Final
from urllib.parse import quote

from lxml import etree
from msgspec.structs import replace

from encrier_qti.errors import ContentRefused
from encrier_qti.model import Item
from encrier_qti.package import Package
from encrier_qti.reading.archive import MANIFEST
from encrier_qti.reading.item import media
from encrier_qti.reading.manifest import Manifest, Resource
from encrier_qti.reading.references import resolve
from encrier_qti.reading.safe_xml import QTI, default_namespace, namespace, parse

_CP: Final = "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1"
_C: Final = f"{{{_CP}}}"
_SCHEMA: Final = (("schema", "QTI Package"), ("schemaversion", "3.0.0"))
_ELSEWHERE: Final = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)  # another site
_LONG_AGO: Final = (1980, 1, 1, 0, 0, 0)  # the first date that a zip can hold
_PLAIN_FILE: Final = 0o100644 << 16


def write_package(package: Package) -> dict[str, bytes]:
    """Give the files of a package, by path, with a manifest in QTI 3."""
    contents = dict(package.contents)
    contents[MANIFEST] = _manifest(package.manifest)
    return contents


def write_item(package: Package, name: str) -> dict[str, bytes]:
    """Give the files of one item of a package, and of all that it needs, as a package.

    `name`: the item's in the test. Raises ContentRefused if the package lacks
    it, or a file that it names.
    """
    item = package.items.get(name)
    if item is None:
        raise ContentRefused("le test n’a pas d’item de ce nom.", file=package.assessment.file)
    own = _own(package.manifest, item)
    needed = [each for each in package.manifest.needed_by(item.file) if each != own]
    apart = {path for each in needed for path in each.files}
    files = sorted({item.file, *own.files, *_named(item, package.contents), *apart})
    for path in files:
        if path not in package.contents:
            raise ContentRefused(
                "le fichier {path} n’est pas dans le paquet.",
                "Ajoutez-le, ou retirez ce qui le demande.",
                file=item.file,
                path=path,
            )
    own = replace(own, files=tuple(path for path in files if path not in apart))
    manifest = replace(package.manifest, resources=(own, *needed))
    return {MANIFEST: _manifest(manifest), **{path: package.contents[path] for path in files}}


def zipped(contents: Mapping[str, bytes]) -> bytes:
    """Give a zip of files, the manifest first; the same files give the same bytes."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(contents, key=lambda path: (path != MANIFEST, path)):
            entry = zipfile.ZipInfo(path, _LONG_AGO)
            entry.create_system = 3  # Unix, wherever it is written
            entry.external_attr = _PLAIN_FILE
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, contents[path])
    return written.getvalue()


def _manifest(manifest: Manifest) -> bytes:
    root = etree.Element(f"{_C}manifest", nsmap=default_namespace(_CP))
    root.set("identifier", manifest.identifier or "MANIFEST")
    root.append(_metadata(manifest.metadata, whole=True))
    etree.SubElement(root, f"{_C}organizations")
    resources = etree.SubElement(root, f"{_C}resources")
    for each in manifest.resources:
        resources.append(_resource(each))
    return etree.tostring(root, method="c14n", exclusive=True, with_comments=False)


def _metadata(written: bytes, *, whole: bool = False) -> etree._Element:
    """The metadata of a manifest or a resource; `whole`: with the schema that a manifest names."""
    made = etree.Element(f"{_C}metadata")
    if whole:
        for name, text in _SCHEMA:
            etree.SubElement(made, f"{_C}{name}").text = text
    if written:
        read = parse(written, file=MANIFEST)
        own = namespace(read)
        kept = [each for each in read if namespace(each) != own or not whole]
        made.extend(kept)
    for each in made.iter(etree.Element):
        each.tail = None
        if len(each):
            each.text = None
    return made


def _resource(resource: Resource) -> etree._Element:
    made = etree.Element(f"{_C}resource", identifier=resource.identifier)
    is_qti_2 = resource.kind and "v3" not in resource.type
    made.set("type", f"imsqti_{resource.kind}_xmlv3p0" if is_qti_2 else resource.type)
    if resource.href:
        made.set("href", quote(resource.href))
    if resource.metadata:
        made.append(_metadata(resource.metadata))
    for path in resource.files or ((resource.href,) if resource.href else ()):
        etree.SubElement(made, f"{_C}file", href=quote(path))
    for name in resource.dependencies:
        etree.SubElement(made, f"{_C}dependency", identifierref=name)
    return made


def _own(manifest: Manifest, item: Item) -> Resource:
    """The resource of an item, or one made for it."""
    made = Resource(
        identifier="R1", type="imsqti_item_xmlv3p0", line=0, kind="item", href=item.file
    )
    return next((each for each in manifest.resources if each.href == item.file), made)


def _named(item: Item, contents: Mapping[str, bytes]) -> Iterable[str]:
    """The files that an item names, what it includes and its stimuli with it."""
    for path in (item.file, *(each.path for each in (*item.included, *item.stimuli))):
        yield path
        if path in contents:
            root = parse(contents[path], file=path)
            yield from (each.path for each in media(root, file=path))
            yield from _beside(root, path)


def _beside(root: etree._Element, file: str) -> Iterable[str]:
    """Style sheets, and the files of accessibility supports and companion materials."""
    for element in root.iter(f"{{{QTI}}}qti-stylesheet", f"{{{QTI}}}qti-file-href"):
        href = (element.get("href") or element.text or "").strip()
        if href and not _ELSEWHERE.match(href):
            yield resolve(href, element, file=file)
