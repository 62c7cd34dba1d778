# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where QTI 2 and QTI 3 mean different things by the same words, or by none.

What QTI 2 leaves unsaid is written out before the conversion, what the
converter makes wrong is put right after it. QTI 2.1 and 2.2 information
models ("MapEntry", "SelectPointInteraction", "ResponseProcessing"), QTI 3.0
ASI information model (the same). Knows keys; says none.
"""

import mimetypes
import re
from collections.abc import Iterable
from typing import Final

from lxml import etree

from encrier_qti.importing.custom import portable
from encrier_qti.model import Record
from encrier_qti.reading.safe_xml import MATHML, QTI, SVG, local, namespace, parse
from encrier_qti.rules.templates import TEMPLATES

XINCLUDE: Final = "http://www.w3.org/2001/XInclude"
_RESPONSE: Final = "responseProcessing"
_STANDARD: Final = "https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/{}.xml"
_ON_1EDTECH: Final = re.compile(
    r"(?:https?://(?:[\w-]+\.)*(?:imsglobal|1edtech)\.org/.*/|(?:\.{0,2}/)*(?:rptemplates/)?)"
    r"([A-Za-z0-9_]+?)(?:\.xml)?",
    re.IGNORECASE,
)
_NO_PROCESSING: Final = {"no_response_processing", "none"}  # as TAO writes it
_VERSION: Final = re.compile(r"v2p([012])")
_GAPS: Final = {"gapMatchInteraction", "graphicGapMatchInteraction"}  # one gap unless said, in 3
_WORDS: Final = ("identifier", "cardinality", "baseType", "responseIdentifier")  # one, no space
_NO_ALT: Final = "data-encrier-no-alt"
_PLAYED: Final = "data-encrier-played"  # a video that was an object, which has its buttons
_TAO: Final = "taotesting"
_XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"
_LEFT: Final = {"outcomeProcessingFragment": "qti-outcome-processing-fragment"}
_RESOURCE: Final = re.compile(r"imsqti_(?:apip)?([a-z]+)_xmlv2p[0-9](?:p[0-9])?")
_NUMBER: Final = re.compile(r"\s*[+-]?[0-9]+\s*")


class Told(Record, frozen=True):
    """What a QTI 2 file said that the conversion loses: the templates of its processing."""

    template: str = ""
    location: str = ""


def before(root: etree._Element) -> Told:
    """Write out what QTI 2 leaves unsaid; give what must be said again after."""
    version = int(found[1]) if (found := _VERSION.search(namespace(root))) else 1
    told = Told()
    _unwrap_tools(root)
    for element in list(root.iter()):
        name = local(element)
        _forget_tools(element)
        if name == "mapEntry" and element.get("caseSensitive") is None:
            element.set("caseSensitive", "true")
        elif name == "selectPointInteraction" and version < 2:  # noqa: PLR2004  QTI 2.0 and 2.1
            element.set("maxChoices", element.get("maxChoices", "1"))
        elif name in _GAPS:
            element.set("maxAssociations", element.get("maxAssociations", "0"))
        elif name == "object":
            _say_type(element)
        elif name == _RESPONSE:
            told = Told(
                template=element.get("template", "").strip(),
                location=element.get("templateLocation", "").strip(),
            )
        elif name.endswith("Declaration") and element.get("baseType") == "intOrIdentifier":
            element.set("baseType", _integer_or_identifier(element))
        elif name == "customInteraction":
            portable(element)
    _rename_completion(root)
    return told


def after(root: etree._Element, told: Told) -> None:
    """Put right what the converter left as it was or made wrong."""
    for element in list(root.iter()):
        name = local(element)
        _drop(element, f"{{{_XSI}}}schemaLocation")
        if namespace(element) != QTI:
            continue
        if name == "include" and element.get("href") is not None:
            element.tag = f"{{{XINCLUDE}}}include"
        elif name in _LEFT:
            element.tag = f"{{{QTI}}}{_LEFT[name]}"
        elif name == "img":
            _drop(element, "type")  # as TAO writes it
            if element.get(_NO_ALT) is not None:
                _drop(element, "alt")
        elif name == "video" and element.get(_PLAYED) is not None:
            element.set("controls", "true")
        elif name in {"math", "svg"}:
            _qualify(element, MATHML if name == "math" else SVG)
        elif name == "qti-response-processing":
            _template(element, told)


def manifest(source: etree._Element, converted: bytes) -> bytes:
    """Give a converted manifest with the types of resources that the converter does not know."""
    root = parse(converted, file="imsmanifest.xml")
    written = {each.get("identifier"): each.get("type", "") for each in _resources(source)}
    for resource in _resources(root):
        kind = _RESOURCE.fullmatch(written.get(resource.get("identifier"), ""))
        if kind:
            resource.set("type", f"imsqti_{kind[1]}_xmlv3p0")
    return etree.tostring(root, encoding="utf-8")


def _drop(element: etree._Element, attribute: str) -> None:
    if element.get(attribute) is not None:
        del element.attrib[attribute]


def _resources(root: etree._Element) -> list[etree._Element]:
    return [element for element in root.iter() if local(element) == "resource"]


def _unwrap_tools(root: etree._Element) -> None:
    """Put what is in the elements of an authoring tool in their place."""
    spaces = {namespace(element) for element in root.iter()}
    etree.strip_tags(root, *(f"{{{space}}}*" for space in spaces if _TAO in space))


def _forget_tools(element: etree._Element) -> None:
    """Drop what an authoring tool says to itself, and the spaces it leaves around words."""
    for attribute, written in list(element.attrib.items()):
        if str(attribute).startswith("{") and _TAO in str(attribute):
            del element.attrib[attribute]
        elif attribute in _WORDS:
            element.set(attribute, str(written).strip())


def _say_type(element: etree._Element) -> None:
    """Say the type of an object by the name of its file, and what its element in HTML 5 lacks."""
    if not element.get("type"):
        guessed, _ = mimetypes.guess_type(element.get("data", ""), strict=False)
        if guessed:
            element.set("type", guessed)
    if element.get("type", "").startswith("video"):
        element.set(_PLAYED, "true")
    words = "".join(str(text) for text in element.itertext()).strip()
    if not words and element.get("type", "").startswith("image"):
        element.set(_NO_ALT, "true")


def _integer_or_identifier(declaration: etree._Element) -> str:
    """The base type that QTI 3 has for QTI 2's intOrIdentifier: by the values written."""
    values = [each.text or "" for each in declaration.iter() if local(each) == "value"]
    return "integer" if values and all(map(_NUMBER.fullmatch, values)) else "identifier"


def _rename_completion(root: etree._Element) -> None:
    """completion_status, as some tools for QTI 2.0 write it, unless the item declares it."""
    declared = {
        each.get("identifier") for each in root.iter() if local(each).endswith("Declaration")
    }
    if "completion_status" in declared:
        return
    for element in root.iter():
        if element.get("identifier") == "completion_status":
            element.set("identifier", "completionStatus")


def _qualify(element: etree._Element, space: str) -> None:
    """Put formulas and drawings without a namespace in theirs."""
    for each in element.iter():
        if namespace(each) == QTI:
            each.tag = f"{{{space}}}{local(each)}"


def _template(processing: etree._Element, told: Told) -> None:
    """Name a standard template by its QTI 3 address, any other as the author did."""
    for name in ("template", "template-location"):
        _drop(processing, name)
    if not told.template and not told.location:
        return
    if told.template.rsplit("/", 1)[-1] in _NO_PROCESSING and not len(processing):
        parent = processing.getparent()
        if parent is not None:
            parent.remove(processing)
        return
    standard = _standard(told.template) or _standard(told.location)
    written = [("template", standard)] if standard else _as_written(told)
    for name, value in written:
        if value:
            processing.set(name, value)


def _as_written(told: Told) -> Iterable[tuple[str, str]]:
    return [("template", told.template), ("template-location", told.location)]


def _standard(address: str) -> str:
    found = _ON_1EDTECH.fullmatch(address)
    return _STANDARD.format(found[1]) if found and found[1] in TEMPLATES else ""
