# SPDX-License-Identifier: AGPL-3.0-or-later
"""Copy the part of an XML tree that may travel, element by element.

Knows the lists of `allowed` and what is `shown` at the start; what no list has
is left out and remembered.
"""

from typing import Final

from lxml import etree

from encrier_qti.delivery import allowed
from encrier_qti.delivery.media import is_served, reaches_out
from encrier_qti.delivery.order import forget_order
from encrier_qti.delivery.shown import Shown
from encrier_qti.errors import ContentRefused, NotSupported
from encrier_qti.model import Record, Reference
from encrier_qti.reading.references import MEDIA, resolve
from encrier_qti.reading.safe_xml import (
    LANG,
    MATHML,
    QTI,
    SVG,
    default_namespace,
    is_true,
    line,
    local,
    namespace,
)

_SSML: Final = ("http://www.w3.org/2010/10/synthesis", "http://www.w3.org/2001/10/synthesis")
_ANYWHERE: Final = allowed.ANYWHERE | {LANG}
_PLAYERS: Final = {"image": "img", "audio": "audio", "video": "video"}  # by MIME family


class Dropped(Record, frozen=True):
    """An element that was left out because no list has it."""

    name: str
    line: int


class Copier:
    """Copies the allowed part of one file; remembers what was unknown, and modules of PCI."""

    def __init__(
        self, file: str, shown: Shown | None = None, allowed_pci: frozenset[str] = frozenset()
    ) -> None:
        self.file = file
        self.shown = shown or Shown()
        self.allowed_pci = allowed_pci
        self.unknown: list[Dropped] = []
        self.modules: list[Reference] = []

    def element(self, element: etree._Element, parent: etree._Element) -> None:
        """Copy an element if a list has it; the text after it always stays."""
        space, name = namespace(element), local(element)
        if name in allowed.REFUSED:
            raise self.refused(element)
        if space == QTI and name == "object":
            self._object(element, parent)
        elif space == QTI and name in allowed.CONDITIONAL:
            self._conditional(element, parent)
        elif space == QTI and name == "qti-printed-variable":
            _append_text(parent, self.shown.print(element, file=self.file))
        elif space == QTI and name in allowed.PCI_PARTS:
            self._portable(element, parent)
        elif space in _SSML:
            self.inside(element, parent)  # its words, without the mark
        elif self._is_allowed(element):
            self._copy(element, parent)
        elif name not in allowed.DROPPED:
            self.unknown.append(Dropped(name=name, line=line(element)))
        _append_text(parent, element.tail)

    def inside(self, element: etree._Element, made: etree._Element) -> None:
        """Copy the text and the children of an element at the end of another."""
        _append_text(made, element.text)
        for child in element:
            self.element(child, made)

    def attributes(
        self, element: etree._Element, made: etree._Element, names: frozenset[str]
    ) -> None:
        """Copy the allowed attributes; media become paths from the root, shuffle becomes ours."""
        for attribute, written in sorted(element.attrib.items()):
            name, value = str(attribute), str(written)
            anywhere = name in _ANYWHERE or name.startswith("aria-")
            if (anywhere or name in names) and not reaches_out(value):
                made.set(name, value)
        if is_true(element, "shuffle"):
            made.set("data-shuffle", "true")
        if is_true(made, "fixed"):
            made.set("fixed", "true")  # as the player reads it
        self._hrefs(element, made)

    def refused(self, element: etree._Element) -> NotSupported:
        """The error for an element that could not be shown right."""
        return NotSupported(
            "cet élément ne peut pas être servi aux élèves.",
            file=self.file,
            line=line(element),
            element=local(element),
        )

    def _copy(self, element: etree._Element, parent: etree._Element) -> None:
        if self.shown.hides(element):
            return
        space = namespace(element)
        put = self.shown.in_formula(element) if space == MATHML else None
        name = element.tag if put is None else f"{{{MATHML}}}{put[0]}"
        made = etree.SubElement(parent, name, nsmap=default_namespace(space))
        self.attributes(element, made, _allowed_attributes(element))
        if put is not None:
            made.text = put[1]
            return
        self.inside(element, made)
        forget_order(made)

    def _conditional(self, element: etree._Element, parent: etree._Element) -> None:
        """Keep what is seen at the start, without the name of what decides it: it may be a key."""
        attribute, plain = allowed.CONDITIONAL[local(element)]
        if self.shown.shows(element, attribute):
            made = etree.SubElement(parent, f"{{{QTI}}}{plain}")
            self.attributes(element, made, frozenset())
            self.inside(element, made)

    def _portable(self, element: etree._Element, parent: etree._Element) -> None:
        """Copy a part of a portable custom interaction whose type the caller lets in."""
        name = local(element)
        kind = element.get("custom-interaction-type-identifier", "").strip()
        if name == allowed.PCI and kind not in self.allowed_pci:
            raise NotSupported(
                "ce type d’interaction portable n’est pas sur la liste des types admis.",
                "Faites relire son programme, puis admettez son type par --allow-pci.",
                file=self.file,
                line=line(element),
                element=name,
            )
        made = etree.SubElement(parent, element.tag)
        self.attributes(element, made, allowed.PCI_PARTS[name])
        for attribute, written in sorted(element.attrib.items()):
            if name == allowed.PCI and str(attribute).startswith("data-"):
                made.set(attribute, written)
        for attribute in allowed.PCI_FILES:
            href = element.get(attribute)
            if href:
                path = resolve(href, element, file=self.file)
                made.set(attribute, path)
                self.modules.append(
                    Reference(path=path, file=self.file, line=line(element), element=name)
                )
        self.inside(element, made)

    def _hrefs(self, element: etree._Element, made: etree._Element) -> None:
        name, space = local(element), namespace(element)
        if space == SVG:
            attributes = ["href"] if name in {"image", "use", "textPath"} else []
        else:
            attributes = [MEDIA[name]] if name in MEDIA else []
            attributes += ["poster"] if name == "video" else []
        for attribute in attributes:
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
        """Turn a picture, sound or video written as <object> into its HTML 5 element.

        Of any other, what it holds for browsers that do not know it.
        """
        made_name = _PLAYERS.get(element.get("type", "").split("/")[0].strip())
        if made_name is None or not is_served(element.get("data", "")):
            self.unknown.append(Dropped(name="object", line=line(element)))
            self.inside(element, parent)
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


def canonical(made: etree._Element, *, file: str) -> bytes:
    """Give the canonical XML (exclusive C14N) of what was copied, once no key is found in it."""
    if any(local(element) in allowed.KEYS for element in made.iter()):
        raise ContentRefused(
            "une clé de correction resterait dans l’item servi aux élèves.",
            "N’utilisez pas ce paquet, et signalez-le\u00a0: c’est un défaut d’encrier.",
            file=file,
        )
    return etree.tostring(made, method="c14n", exclusive=True, with_comments=False)


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
    try:
        last = parent[-1]  # len() would count them all
    except IndexError:
        parent.text = (parent.text or "") + text
    else:
        last.tail = (last.tail or "") + text
