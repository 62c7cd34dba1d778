# SPDX-License-Identifier: AGPL-3.0-or-later
"""From the XML of an item to a frozen Item: declarations, interactions, references.

QTI 3.0 ASI information model, "AssessmentItem". Whether its processing can be
run is for `scoring`; what may be shown is for `delivery`.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from lxml import etree

from encrier_qti.errors import ContentRefused
from encrier_qti.model import Declaration, Interaction, Item, Reference
from encrier_qti.reading import declarations
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
    to_node,
)

_Q: Final = f"{{{QTI}}}"
_INTERACTION: Final = re.compile(r"qti-([a-z-]+)-interaction")
_CHOICES: Final = {
    "qti-simple-choice",
    "qti-inline-choice",
    "qti-simple-associable-choice",
    "qti-gap-text",
    "qti-gap-img",
    "qti-hottext",
    "qti-hotspot-choice",
    "qti-associable-hotspot",
}
# A picture that says nothing to a reader of screens unless it has a text.
_NEEDS_ALT: Final = {"img", "object", "qti-gap-img"}


def read_item(content: bytes, *, file: str) -> Item:
    """Read one item. Raises XmlRefused, ContentRefused or NotSupported."""
    root = parse(content, file=file)
    require_qti3(root, "qti-assessment-item", file=file)
    responses = root.findall(f"{_Q}qti-response-declaration")
    outcomes = root.findall(f"{_Q}qti-outcome-declaration")
    processing = root.find(f"{_Q}qti-response-processing")
    item = Item(
        identifier=root.get("identifier", "").strip(),
        title=root.get("title", "").strip(),
        lang=root.get(LANG, ""),
        file=file,
        adaptive=root.get("adaptive", "").strip() in {"true", "1"},
        responses=_by_name((declarations.response(each, file=file) for each in responses), {}),
        outcomes=_by_name((declarations.outcome(each, file=file) for each in outcomes), {}),
        interactions=tuple(_interactions(root)),
        processing=None if processing is None else to_node(processing, file=file),
        has_templates=_has_templates(root),
        stimuli=tuple(_stimuli(root, file)),
        media=tuple(media(root, file=file)),
    )
    if not item.identifier:
        raise ContentRefused("cet item n’a pas d’identifiant.", file=file, line=line(root))
    _by_name(item.outcomes.values(), dict(item.responses))
    return item


def media(root: etree._Element, *, file: str) -> Iterable[Reference]:
    """Give the pictures, sounds and videos that are named below an element, in order."""
    for element in root.iter():
        name = local(element)
        if namespace(element) == SVG:
            attribute, href = "href", element.get("href") if name == "image" else None
        elif namespace(element) == MATHML:
            continue
        else:
            attribute = MEDIA.get(name, "")
            href = element.get(attribute) if attribute else None
        for named in (href, element.get("poster") if name == "video" else None):
            if named is not None:
                yield Reference(
                    path=resolve(named, element, file=file),
                    file=file,
                    line=line(element),
                    element=name,
                    has_alt=name not in _NEEDS_ALT or _has_alt(element),
                )


def _has_alt(element: etree._Element) -> bool:
    if local(element) == "qti-gap-img":
        return bool(element.get("object-label"))
    if local(element) == "object":
        holder = element.getparent()
        labelled = holder is not None and bool(holder.get("object-label"))
        return labelled or bool("".join(str(text) for text in element.itertext()).strip())
    return element.get("alt") is not None or bool(element.get("aria-label"))


def _by_name(
    declared: Iterable[Declaration], known: dict[str, Declaration]
) -> Mapping[str, Declaration]:
    for declaration in declared:
        if declaration.identifier in known:
            raise ContentRefused(
                "deux variables de cet item portent le même identifiant.",
                file=declaration.file,
                line=declaration.line,
            )
        known[declaration.identifier] = declaration
    return known


def _interactions(root: etree._Element) -> Iterable[Interaction]:
    for element in root.iter(f"{_Q}*"):
        name = _INTERACTION.fullmatch(local(element))
        if not name:
            continue
        sets = [
            [
                str(choice.get("identifier", ""))
                for choice in group.iter(f"{_Q}*")
                if _chosen(choice)
            ]
            for group in element.findall(f"{_Q}qti-simple-match-set") or [element]
        ]
        gaps = [str(gap.get("identifier", "")) for gap in element.iter(f"{_Q}qti-gap")]
        yield Interaction(
            name=name[1],
            response=element.get("response-identifier", "").strip(),
            line=line(element),
            choices=tuple(sets[0]),
            targets=tuple(sets[1] if len(sets) > 1 else gaps),
            shuffled=element.get("shuffle", "").strip() in {"true", "1"},
        )


def _chosen(element: etree._Element) -> bool:
    return local(element) in _CHOICES


def _has_templates(root: etree._Element) -> bool:
    wanted = (f"{_Q}qti-template-declaration", f"{_Q}qti-template-processing")
    return any(root.find(name) is not None for name in wanted)


def _stimuli(root: etree._Element, file: str) -> Iterable[Reference]:
    for element in root.iter(f"{_Q}qti-assessment-stimulus-ref"):
        yield Reference(
            path=resolve(element.get("href", ""), element, file=file), file=file, line=line(element)
        )
