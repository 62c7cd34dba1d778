# SPDX-License-Identifier: AGPL-3.0-or-later
"""From the XML of an item to a frozen Item: declarations, interactions, references.

QTI 3.0 ASI information model, "AssessmentItem". Whether its processing can be
run is for `scoring`; what may be shown is for `delivery`.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from lxml import etree

from encrier_qti.errors import ContentRefused
from encrier_qti.model import Declaration, Item, Node, Reference
from encrier_qti.reading import body, declarations
from encrier_qti.reading.inclusion import expand
from encrier_qti.reading.references import MEDIA, resolve, within
from encrier_qti.reading.safe_xml import (
    LANG,
    MATHML,
    QTI,
    SVG,
    is_true,
    line,
    local,
    namespace,
    require_qti3,
    to_node,
)

_Q: Final = f"{{{QTI}}}"
CALCULATORS: Final = ("basic", "standard")  # QTI 3.0 ASI, "Calculator": those the player has
# A picture that says nothing to a reader of screens unless it has a text.
_NEEDS_ALT: Final = {"img", "object", "qti-gap-img"}


def read_item(content: bytes, *, file: str, files: Mapping[str, bytes] | None = None) -> Item:
    """Read one item; `files` of its package by path, for what it includes.

    Raises XmlRefused, ContentRefused or NotSupported.
    """
    whole = expand(content, file=file, files=files)
    root = whole.root
    require_qti3(root, "qti-assessment-item", file=file)
    named: set[str] = set()
    item = Item(
        identifier=root.get("identifier", "").strip(),
        title=root.get("title", "").strip(),
        lang=root.get(LANG, ""),
        file=file,
        adaptive=is_true(root, "adaptive"),
        responses=_declared(root, "response", declarations.response, file, named),
        outcomes=_declared(root, "outcome", declarations.outcome, file, named),
        templates=_declared(root, "template", declarations.template, file, named),
        contexts=_declared(root, "context", declarations.context, file, named),
        interactions=tuple(body.interactions(root)),
        processing=_processing(root, {} if files is None else files, file=file),
        template_processing=_child(root, "qti-template-processing", file=file),
        stimuli=tuple(_stimuli(root, file)),
        included=whole.included,
        media=tuple(media(root, file=file)),
        rubrics=tuple(body.rubrics(root)),
        feedbacks=tuple(body.feedbacks(root)),
        printed=tuple(body.printed(root, file=file)),
        catalogs=tuple(body.catalogs(root, file=file)),
        companions=_child(root, "qti-companion-materials-info", file=file),
        calculator=_calculator(root),
        label=root.get("label", "").strip(),
    )
    if not item.identifier:
        raise ContentRefused("cet item n’a pas d’identifiant.", file=file, line=line(root))
    return item


def _calculator(root: etree._Element) -> str:
    """The first that the player has; a scientific or graphing one is not among its tools."""
    named = (kind.text or "" for kind in root.iter(f"{{{QTI}}}qti-calculator-type"))
    return next((kind.strip() for kind in named if kind.strip() in CALCULATORS), "")


def media(root: etree._Element, *, file: str) -> Iterable[Reference]:
    """Give the pictures, sounds and videos of the package named below an element, in order."""
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
            path = None if named is None else within(named, element, file=file)
            if path is not None:
                yield Reference(
                    path=path,
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


def _declared(
    root: etree._Element,
    kind: str,
    read: Callable[..., Declaration],
    file: str,
    named: set[str],
) -> Mapping[str, Declaration]:
    """The variables of one kind; `named` grows, for a name belongs to one variable of the item."""
    found: dict[str, Declaration] = {}
    for element in root.findall(f"{_Q}qti-{kind}-declaration"):
        declaration = read(element, file=file)
        if declaration.identifier in named:
            raise ContentRefused(
                "deux variables de cet item portent le même identifiant.",
                file=file,
                line=declaration.line,
            )
        named.add(declaration.identifier)
        found[declaration.identifier] = declaration
    return found


def _child(root: etree._Element, name: str, *, file: str) -> Node | None:
    found = root.find(f"{_Q}{name}")
    return None if found is None else to_node(found, file=file)


def _processing(root: etree._Element, files: Mapping[str, bytes], *, file: str) -> Node | None:
    """The response processing, or that of the file of the package which it names as its template.

    A standard template stays named; `rules.templates` knows those.
    """
    element = root.find(f"{_Q}qti-response-processing")
    if element is None:
        return None
    written = to_node(element, file=file)
    for attribute in ("template-location", "template"):
        href = element.get(attribute, "").strip()
        path = _inside(href, element, file) if href and not written.children else ""
        if path in files:
            template = expand(files[path], file=path, files=files).root
            require_qti3(template, "qti-response-processing", file=path)
            return to_node(template, file=path)
    return written


def _inside(href: str, element: etree._Element, file: str) -> str:
    """The path in the package that an address is; nothing if it is elsewhere."""
    try:
        return resolve(href, element, file=file)
    except ContentRefused:
        return ""


def _stimuli(root: etree._Element, file: str) -> Iterable[Reference]:
    for element in root.iter(f"{_Q}qti-assessment-stimulus-ref"):
        yield Reference(
            path=resolve(element.get("href", ""), element, file=file), file=file, line=line(element)
        )
