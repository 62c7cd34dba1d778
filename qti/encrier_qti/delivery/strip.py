# SPDX-License-Identifier: AGPL-3.0-or-later
"""From an author's item to what a pupil's browser gets: no key, no unknown thing.

Copies what `allowed` lists into a new tree and leaves the rest. Knows the key
while it reads, and must never copy it: `KEYS` is searched again in the result.
The result is canonical XML (exclusive C14N), the same bytes each time.
"""

from collections.abc import Mapping
from typing import Final

from lxml import etree

from encrier_qti.delivery import allowed
from encrier_qti.delivery.catalogs import Card, cards
from encrier_qti.delivery.copying import Copier, Dropped, canonical
from encrier_qti.delivery.order import Choices, to_shuffle
from encrier_qti.delivery.shown import Shown, at_start
from encrier_qti.errors import ContentRefused
from encrier_qti.model import Record, Reference
from encrier_qti.reading.inclusion import expand
from encrier_qti.reading.item import media, read_item
from encrier_qti.reading.safe_xml import LANG, QTI, default_namespace, local, require_qti3
from encrier_qti.values import printed

_Q: Final = f"{{{QTI}}}"


class Stripped(Record, frozen=True):
    """Canonical XML without keys, what it names, and what was unknown.

    `modules`: programs of portable custom interactions.
    """

    xml: bytes
    media: tuple[Reference, ...]
    unknown: tuple[Dropped, ...]
    cards: tuple[Card, ...] = ()
    modules: tuple[Reference, ...] = ()
    shuffled: tuple[Choices, ...] = ()


def strip_item(
    content: bytes,
    *,
    file: str,
    files: Mapping[str, bytes] | None = None,
    shown: Shown | None = None,
    allowed_pci: frozenset[str] = frozenset(),
) -> Stripped:
    """Make the item that travels; paths of media become paths from the root of the package.

    `files`: the package, for what the item includes. `shown`: the variables at
    the start, by default those of the item (of the clone of seed "0").
    Raises NotSupported where an item cannot be shown right without its logic.
    """
    root = expand(content, file=file, files=files).root
    require_qti3(root, "qti-assessment-item", file=file)
    if shown is None:
        shown = at_start(read_item(content, file=file, files=files))
    copier = Copier(file, shown, allowed_pci)
    made = etree.Element(f"{_Q}qti-assessment-item", nsmap=default_namespace(QTI))
    copier.attributes(root, made, allowed.ROOT_ATTRIBUTES)
    for child in root:
        name = local(child)
        if name in {"qti-response-declaration", "qti-outcome-declaration"}:
            _copy_declaration(child, made, shown)
        elif name == "qti-item-body":
            copier.element(child, made)
        elif name in allowed.REFUSED:
            raise copier.refused(child)
    return _finished(root, made, copier)


def strip_stimulus(
    content: bytes, *, file: str, files: Mapping[str, bytes] | None = None
) -> Stripped:
    """Make the stimulus that travels: the body of a qti-assessment-stimulus."""
    root = expand(content, file=file, files=files).root
    body: etree._Element | None = root
    if local(root) != "qti-stimulus-body":
        require_qti3(root, "qti-assessment-stimulus", file=file)
        body = root.find(f"{_Q}qti-stimulus-body")
    if body is None:
        raise ContentRefused("ce support n’a pas de texte (qti-stimulus-body).", file=file)
    return _body(body, root, Copier(file))


def strip_text(content: bytes, *, file: str, shown: Shown) -> Stripped:
    """Make the rubric block or feedback of a test that travels, as a qti-content-body."""
    root = expand(content, file=file).root
    return _body(root, root, Copier(file, shown))


def _body(body: etree._Element, root: etree._Element, copier: Copier) -> Stripped:
    name = "qti-stimulus-body" if "stimulus" in local(root) else "qti-content-body"
    made = etree.Element(f"{_Q}{name}", nsmap=default_namespace(QTI))
    copier.attributes(body, made, frozenset())
    language = root.get(LANG)
    if language and not made.get(LANG):
        made.set(LANG, language)
    copier.inside(body, made)
    return _finished(root, made, copier)


def _finished(root: etree._Element, made: etree._Element, copier: Copier) -> Stripped:
    supports = cards(root, made, copier)
    return Stripped(
        xml=canonical(made, file=copier.file),
        media=tuple(media(made, file="")),
        unknown=tuple(copier.unknown),
        cards=supports,
        modules=tuple(copier.modules),
        shuffled=tuple(to_shuffle(made)),
    )


def _copy_declaration(element: etree._Element, parent: etree._Element, shown: Shown) -> None:
    """Copy what a variable is, and for a response what stands in it before any answer."""
    made = etree.SubElement(parent, element.tag)
    for name in sorted(allowed.DECLARATION_ATTRIBUTES):
        if element.get(name) is not None:
            made.set(name, str(element.get(name)))
    default = shown.defaults.get(element.get("identifier", "").strip())
    if local(element) == "qti-outcome-declaration" or default is None:
        return
    holder = etree.SubElement(made, f"{_Q}qti-default-value")
    for member in default.members:
        etree.SubElement(holder, f"{_Q}qti-value").text = printed(default.base, member)
    for name, field in default.fields:
        if field is not None:
            value = etree.SubElement(holder, f"{_Q}qti-value")
            value.set("base-type", str(field.base))
            value.set("field-identifier", name)
            value.text = printed(field.base, field.members[0])
