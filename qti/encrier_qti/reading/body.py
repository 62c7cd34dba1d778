# SPDX-License-Identifier: AGPL-3.0-or-later
"""What stands in an item besides its declarations: interactions, feedback, rubrics, catalogs.

QTI 3.0 ASI information model, "ItemBody", "Interaction", "ModalFeedback",
"FeedbackBlock", "TemplateBlock", "CatalogInfo". Knows what is written there;
what of it travels is for `delivery`.
"""

import re
from collections.abc import Iterable
from typing import Final

from lxml import etree

from encrier_qti.model import Catalog, Feedback, Interaction, Node, RubricBlock
from encrier_qti.reading.safe_xml import QTI, is_true, line, local, to_node

_Q: Final = f"{{{QTI}}}"
# The standard interactions, with those that authors make themselves: tag -> name.
INTERACTIONS: Final = {
    f"{_Q}qti-{name}-interaction": name
    for name in [
        "associate",
        "choice",
        "drawing",
        "end-attempt",
        "extended-text",
        "gap-match",
        "graphic-associate",
        "graphic-gap-match",
        "graphic-order",
        "hotspot",
        "hottext",
        "inline-choice",
        "match",
        "media",
        "order",
        "position-object",
        "select-point",
        "slider",
        "text-entry",
        "upload",
        "custom",
        "portable-custom",
    ]
}
_CHOICES: Final = tuple(
    f"{_Q}{name}"
    for name in (
        "qti-simple-choice",
        "qti-inline-choice",
        "qti-simple-associable-choice",
        "qti-gap-text",
        "qti-gap-img",
        "qti-hottext",
        "qti-hotspot-choice",
        "qti-associable-hotspot",
    )
)
_FORMS: Final = {
    "qti-modal-feedback": "modal",
    "qti-feedback-block": "block",
    "qti-feedback-inline": "inline",
    "qti-template-block": "template-block",
    "qti-template-inline": "template-inline",
}
_LEAST: Final = ("min-choices", "min-associations", "min-strings", "min-plays")
_MOST: Final = ("max-choices", "max-associations", "max-strings", "max-plays")
_NUMBER: Final = re.compile(r"[0-9]{1,6}")


def interactions(root: etree._Element) -> Iterable[Interaction]:
    """Give the interactions in the order of the document."""
    for element in root.iter(*INTERACTIONS):
        yield _interaction(INTERACTIONS[str(element.tag)], element)


def feedbacks(root: etree._Element) -> Iterable[Feedback]:
    """Give what an outcome, or a template variable, shows or hides."""
    for element in root.iter(*(f"{_Q}{name}" for name in _FORMS)):
        form = _FORMS[local(element)]
        named = "template-identifier" if form.startswith("template") else "outcome-identifier"
        yield Feedback(
            form=form,
            variable=element.get(named, "").strip(),
            when=element.get("identifier", "").strip(),
            hides=element.get("show-hide", "").strip() == "hide",
            line=line(element),
        )


def rubrics(root: etree._Element) -> Iterable[RubricBlock]:
    """Give the rubric blocks of the item, wherever they stand in its body."""
    for block in root.iter(f"{_Q}qti-rubric-block"):
        yield RubricBlock(
            views=tuple(block.get("view", "").split()),
            use=block.get("use", "").strip(),
            content=etree.tostring(block, encoding="utf-8", with_tail=False),
        )


def printed(root: etree._Element, *, file: str) -> Iterable[Node]:
    """Give the qti-printed-variable elements in order."""
    for element in root.iter(f"{_Q}qti-printed-variable"):
        yield to_node(element, file=file)


def catalogs(root: etree._Element, *, file: str) -> Iterable[Catalog]:
    """Give the accessibility supports of the item, by the identifier that its body names."""
    for element in root.iter(f"{_Q}qti-catalog"):
        yield Catalog(
            identifier=element.get("id", "").strip(),
            cards=tuple(to_node(card, file=file) for card in element.findall(f"{_Q}qti-card")),
        )


def _interaction(name: str, element: etree._Element) -> Interaction:
    sets = [
        [str(choice.get("identifier", "")) for choice in group.iter(*_CHOICES)]
        for group in element.findall(f"{_Q}qti-simple-match-set") or [element]
    ]
    gaps = [str(gap.get("identifier", "")) for gap in element.iter(f"{_Q}qti-gap")]
    by_class = element.get("class", "") if name == "custom" else ""
    return Interaction(
        name=name,
        response=element.get("response-identifier", "").strip(),
        line=line(element),
        choices=tuple(sets[0]),
        targets=tuple(sets[1] if len(sets) > 1 else gaps),
        shuffled=is_true(element, "shuffle"),
        type_identifier=element.get("custom-interaction-type-identifier", by_class).strip(),
        least=_bound(element, _LEAST) or int(is_true(element, "required")),
        most=_bound(element, _MOST),
        pattern=element.get("pattern-mask", ""),
        keying=element.get("data-keying", "").strip(),
    )


def _bound(element: etree._Element, attributes: Iterable[str]) -> int:
    """How many values at least, or at most; what is no number is for the schema to refuse."""
    written = (element.get(attribute, "").strip() for attribute in attributes)
    return next((int(each) for each in written if _NUMBER.fullmatch(each)), 0)
