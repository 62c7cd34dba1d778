# SPDX-License-Identifier: AGPL-3.0-or-later
"""A package for its author to look at: whole, or without the items that cannot be read.

What is wrong with those is for `lint` to say; one broken item must not hide
the others from who is mending it.
"""

from collections.abc import Mapping
from contextlib import suppress

from encrier_qti.errors import QtiError
from encrier_qti.importing.ready import ready
from encrier_qti.model import Assessment, Item
from encrier_qti.package import Package, package_from
from encrier_qti.reading.item import read_item
from encrier_qti.reading.manifest import read_manifest


def open_for_preview(contents: Mapping[str, bytes], *, test: str = "") -> Package:
    """Open a package; one that does not open as a whole, as the items of its manifest.

    Raises what `package_from` raises where no item can be read.
    """
    try:
        return package_from(contents, test=test)
    except QtiError:
        package = _items_alone(contents)
        if not package.items:
            raise
        return package


def _items_alone(contents: Mapping[str, bytes]) -> Package:
    contents = ready(contents)
    manifest = read_manifest(contents)
    items: dict[str, Item] = {}
    for path in (each.path for each in manifest.of("item")):
        with suppress(QtiError):
            item = read_item(contents.get(path, b""), file=path, files=contents)
            name = item.identifier
            items[f"{name}-{len(items) + 1}" if name in items else name] = item
    nothing = Assessment(identifier="", title="", lang="fr", file="", parts=())
    return Package(
        contents=contents, manifest=manifest, assessment=nothing, items=items, reporting=None
    )
