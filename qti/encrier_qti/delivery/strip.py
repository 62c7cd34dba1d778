# SPDX-License-Identifier: AGPL-3.0-or-later
"""From an author's item to what a pupil's browser gets: no key, no unknown thing.

Copies what `allowed` lists into a new tree and leaves the rest. Knows the key
while it reads, and must never copy it: `KEYS` is searched again in the result.
The result is canonical XML (exclusive C14N), the same bytes each time.
"""

from typing import Final, cast

from lxml import etree

from encrier_qti.delivery import allowed
from encrier_qti.delivery.media import reaches_out
from encrier_qti.delivery.order import forget_order
from encrier_qti.errors import ContentRefused, NotSupported
from encrier_qti.model import Record, Reference
from encrier_qti.reading.item import media
from encrier_qti.reading.references import MEDIA, resolve
from encrier_qti.reading.safe_xml import (
    LANG,
    MATHML,
    QTI,
    SVG,
    line,
    local,
    namespace,
    parse,
    require_qti3,
)

_SSML: Final = ("http://www.w3.org/2010/10/synthesis", "http://www.w3.org/2001/10/synthesis")
_PLAYERS: Final = {"image": "img", "audio": "audio", "video": "video"}  # by MIME family


def _default(space: str) -> dict[str, str]:
    """A namespace map that makes a namespace the default one."""
    return cast("dict[str, str]", {None: space})  # lxml takes None as a prefix, its stubs do not


class Dropped(Record, frozen=True):
    """An element that was left out because no list has it."""

    name: str
    line: int


class Stripped(Record, frozen=True):
    """Canonical XML without keys, the files it names, and what was unknown."""

    xml: bytes
    media: tuple[Reference, ...]
    unknown: tuple[Dropped, ...]


def strip_item(content: bytes, *, file: str) -> Stripped:
    """Make the item that travels; paths of media become paths from the root of the package.

    Raises NotSupported where an item cannot be shown right without its logic.
    """
    root = parse(content, file=file)
    require_qti3(root, "qti-assessment-item", file=file)
    copier = _Copier(file)
    made = etree.Element(f"{{{QTI}}}qti-assessment-item", nsmap=_default(QTI))
    copier.attributes(root, made, allowed.ROOT_ATTRIBUTES)
    for child in root:
        name = local(child)
        if name in {"qti-response-declaration", "qti-outcome-declaration"}:
            _copy_declaration(child, made)
        elif name == "qti-item-body":
            copier.element(child, made)
        elif name in allowed.REFUSED:
            raise copier.refused(child)
    return _finished(made, copier)


def strip_stimulus(content: bytes, *, file: str) -> Stripped:
    """Make the stimulus that travels: the body of a qti-assessment-stimulus."""
    root = parse(content, file=file)
    if local(root) != "qti-stimulus-body":
        require_qti3(root, "qti-assessment-stimulus", file=file)
    body = root if local(root) == "qti-stimulus-body" else root.find(f"{{{QTI}}}qti-stimulus-body")
    if body is None:
        raise ContentRefused("ce support n’a pas de texte (qti-stimulus-body).", file=file)
    copier = _Copier(file)
    made = etree.Element(f"{{{QTI}}}qti-stimulus-body", nsmap=_default(QTI))
    copier.attributes(body, made, frozenset())
    language = root.get(LANG)
    if language and not made.get(LANG):
        made.set(LANG, language)
    copier.inside(body, made)
    return _finished(made, copier)


def _finished(made: etree._Element, copier: "_Copier") -> Stripped:
    left = [element for element in made.iter() if local(element) in allowed.KEYS]
    if left:
        raise ContentRefused(
            "une clé de correction resterait dans l’item servi aux élèves.",
            "N’utilisez pas ce paquet, et signalez-le : c’est un défaut d’encrier.",
            file=copier.file,
        )
    return Stripped(
        xml=etree.tostring(made, method="c14n", exclusive=True, with_comments=False),
        media=tuple(media(made, file="")),
        unknown=tuple(copier.unknown),
    )


def _copy_declaration(element: etree._Element, parent: etree._Element) -> None:
    """Copy what a variable is, and for a response what stands in it before any answer."""
    made = etree.SubElement(parent, element.tag)
    for name in sorted(allowed.DECLARATION_ATTRIBUTES):
        if element.get(name) is not None:
            made.set(name, str(element.get(name)))
    default = element.find(f"{{{QTI}}}qti-default-value")
    if local(element) == "qti-outcome-declaration" or default is None:
        return
    holder = etree.SubElement(made, default.tag)
    for value in default.findall(f"{{{QTI}}}qti-value"):
        etree.SubElement(holder, value.tag).text = value.text


class _Copier:
    """Copies the allowed part of one file; remembers what was unknown."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.unknown: list[Dropped] = []

    def element(self, element: etree._Element, parent: etree._Element) -> None:
        """Copy an element if a list has it; the text after it always stays."""
        space, name = namespace(element), local(element)
        if name in allowed.REFUSED:
            raise self.refused(element)
        if space == QTI and name == "object":
            self._object(element, parent)
        elif space in _SSML:
            self._unwrap(element, parent)
        elif self._is_allowed(element):
            made = etree.SubElement(parent, element.tag, nsmap=_default(space))
            self.attributes(element, made, _allowed_attributes(element))
            self.inside(element, made)
            forget_order(made)
        elif name not in allowed.DROPPED:
            self.unknown.append(Dropped(name=name, line=line(element)))
        _append_text(parent, element.tail)

    def inside(self, element: etree._Element, made: etree._Element) -> None:
        """Copy the text and the children of an element."""
        _append_text(made, element.text)
        for child in element:
            self.element(child, made)

    def attributes(
        self, element: etree._Element, made: etree._Element, names: frozenset[str]
    ) -> None:
        """Copy the allowed attributes; media become paths from the root, shuffle becomes ours."""
        for attribute, written in sorted(element.attrib.items()):
            name, value = str(attribute), str(written)
            spoken = name.startswith("aria-") or name in {LANG, *allowed.ANYWHERE}
            if (name in names or spoken) and not reaches_out(value):
                made.set(name, value)
        if element.get("shuffle", "").strip() in {"true", "1"}:
            made.set("data-shuffle", "true")
        self._hrefs(element, made)

    def refused(self, element: etree._Element) -> NotSupported:
        """The error for an element that could not be shown right."""
        return NotSupported(
            "cet élément ne peut pas être servi aux élèves.",
            file=self.file,
            line=line(element),
            element=local(element),
        )

    def _hrefs(self, element: etree._Element, made: etree._Element) -> None:
        name, space = local(element), namespace(element)
        attributes = {MEDIA.get(name, ""), "poster" if name == "video" else ""} - {""}
        if space == SVG:
            attributes = {"href"} if name in {"image", "use", "textPath"} else set()
        for attribute in sorted(attributes):
            href = element.get(attribute)
            if href is None:
                continue
            inner = space == SVG and name != "image"
            if inner and not href.startswith("#"):
                continue
            made.set(attribute, href if inner else resolve(href, element, file=self.file))

    def _is_allowed(self, element: etree._Element) -> bool:
        space, name = namespace(element), local(element)
        if space == QTI and name == "qti-rubric-block":
            return "candidate" in element.get("view", "").split()
        if space == QTI:
            return name in allowed.QTI or name in allowed.HTML
        listed = {MATHML: allowed.MATHML, SVG: allowed.SVG}
        return name in listed.get(space, frozenset())

    def _object(self, element: etree._Element, parent: etree._Element) -> None:
        """Turn a picture, sound or video written as <object> into its HTML 5 element."""
        made_name = _PLAYERS.get(element.get("type", "").split("/")[0].strip())
        if made_name is None or element.get("data") is None:
            self.unknown.append(Dropped(name="object", line=line(element)))
            return
        made = etree.SubElement(parent, f"{{{QTI}}}{made_name}")
        self.attributes(element, made, frozenset({"width", "height"}))
        del made.attrib["data"]
        made.set("src", resolve(element.get("data", ""), element, file=self.file))
        if made_name == "img":
            words = etree.Element("words")
            self.inside(element, words)  # not itertext(): a feedback inside must not be said
            said = " ".join("".join(str(text) for text in words.itertext()).split())
            made.set("alt", said or element.get("aria-label", ""))
        else:
            made.set("controls", "controls")

    def _unwrap(self, element: etree._Element, parent: etree._Element) -> None:
        """Keep what is inside a mark for synthetic speech, not the mark."""
        _append_text(parent, element.text)
        for child in element:
            self.element(child, parent)


def _allowed_attributes(element: etree._Element) -> frozenset[str]:
    space, name = namespace(element), local(element)
    if space == MATHML:
        return allowed.MATHML_ATTRIBUTES
    if space == SVG:
        return allowed.SVG_ATTRIBUTES
    return allowed.QTI.get(name) or allowed.HTML.get(name, frozenset())


def _append_text(parent: etree._Element, text: str | None) -> None:
    """Add text at the end of what a parent holds so far."""
    if not text:
        return
    last = next(parent.iterchildren(reversed=True), None)  # len() would count them all
    if last is None:
        parent.text = (parent.text or "") + text
    else:
        last.tail = (last.tail or "") + text
