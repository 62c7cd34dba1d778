# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whether each interaction and the variable it answers to suit each other.

The table is QTI 3.0's: for each of the 21 interactions, what its
response declaration must be (ASI information model, the "response-identifier"
of each interaction). Keys are compared and never said.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

from lxml import etree

from encrier_qti.checks.finding import Finding, Severity
from encrier_qti.model import Declaration, Interaction, Item
from encrier_qti.reading.body import INTERACTIONS
from encrier_qti.reading.safe_xml import QTI
from encrier_qti.values import BaseType, Cardinality
from encrier_qti.words import Words, say

_NUMBER: Final = re.compile(r"[0-9]{1,9}")
_ONE: Final = frozenset({Cardinality.SINGLE})
_BAG: Final = frozenset({Cardinality.SINGLE, Cardinality.MULTIPLE})
_ROW: Final = frozenset({Cardinality.ORDERED})
_TEXT: Final = frozenset({BaseType.STRING, BaseType.INTEGER, BaseType.FLOAT})
_ID: Final = frozenset({BaseType.IDENTIFIER})
_PAIR: Final = frozenset({BaseType.PAIR})
_DIRECTED: Final = frozenset({BaseType.DIRECTED_PAIR})
_POINT: Final = frozenset({BaseType.POINT})
_FILE: Final = frozenset({BaseType.FILE})
_ANY_ROW: Final = frozenset(Cardinality)

# The two that are not here, custom and portable custom, take any variable.
TYPES: Final[Mapping[str, tuple[frozenset[Cardinality], frozenset[BaseType]]]] = {
    "associate": (_BAG, _PAIR),
    "choice": (_BAG, _ID),
    "drawing": (_ONE, _FILE),
    "end-attempt": (_ONE, frozenset({BaseType.BOOLEAN})),
    "extended-text": (_ANY_ROW, _TEXT),
    "gap-match": (_BAG, _DIRECTED),
    "graphic-associate": (_BAG, _PAIR),
    "graphic-gap-match": (_BAG, _DIRECTED),
    "graphic-order": (_ROW, _ID),
    "hotspot": (_BAG, _ID),
    "hottext": (_BAG, _ID),
    "inline-choice": (_ONE, _ID),
    "match": (_BAG, _DIRECTED),
    "media": (_ONE, frozenset({BaseType.INTEGER})),
    "order": (_ROW, _ID),
    "position-object": (_BAG, _POINT),
    "select-point": (_BAG, _POINT),
    "slider": (_ONE, frozenset({BaseType.INTEGER, BaseType.FLOAT})),
    "text-entry": (_ONE | {Cardinality.RECORD}, _TEXT),
    "upload": (_ONE, _FILE),
}
# How many answers, by which attribute; None: as many as there are gaps if nothing is written.
_MOST: Final[Mapping[str, tuple[str, int | None]]] = {
    "associate": ("max-associations", 1),
    "choice": ("max-choices", 1),
    "gap-match": ("max-associations", None),
    "graphic-associate": ("max-associations", 1),
    "graphic-gap-match": ("max-associations", None),
    "graphic-order": ("max-choices", None),
    "hotspot": ("max-choices", 1),
    "hottext": ("max-choices", 1),
    "match": ("max-associations", 1),
    "order": ("max-choices", None),
    "position-object": ("max-choices", 1),
    "select-point": ("max-choices", 0),
}


def check_interactions(item: Item, root: etree._Element) -> Iterable[Finding]:
    """Check the interactions of an item; `root` is that of its file, inclusions made."""
    for interaction, element in zip(item.interactions, root.iter(*INTERACTIONS), strict=True):
        declaration = item.responses.get(interaction.response)
        if declaration is not None:
            yield from _types(item, interaction, declaration)
            yield from _reachable(item, interaction, declaration, element)


def most_answers(interaction: str, element: etree._Element) -> int:
    """Give how many answers an interaction takes at most; 0: no limit."""
    attribute, default = _MOST.get(interaction, ("", None))
    return whole(element, attribute, default=default or 0)


def _types(item: Item, interaction: Interaction, declaration: Declaration) -> Iterable[Finding]:
    if interaction.name not in TYPES:
        return
    cardinalities, bases = TYPES[interaction.name]
    record = declaration.cardinality is Cardinality.RECORD
    if declaration.cardinality not in cardinalities or not (record or declaration.base in bases):
        yield Finding(
            kind="type-mismatch",
            severity="error",
            file=item.file,
            line=interaction.line,
            element=f"qti-{interaction.name}-interaction",
            what=say(
                "la variable {name} n’est pas du type que cette interaction donne.",
                name=declaration.identifier,
            ),
            next_step=say(
                "Déclarez-la ainsi\u00a0: cardinality {cardinalities}, base-type {bases}.",
                cardinalities=_listed(cardinalities),
                bases=_listed(bases),
            ),
        )


def _listed(words: Iterable[str]) -> str:
    return " / ".join(sorted(str(word) for word in words))


def _reachable(
    item: Item, interaction: Interaction, declaration: Declaration, element: etree._Element
) -> Iterable[Finding]:
    """A key that no pupil can give: too many answers, a choice too often, off the slider."""
    most = most_answers(interaction.name, element)
    single = declaration.cardinality is Cardinality.SINGLE
    named = interaction.name in _MOST and _MOST[interaction.name][0] in element.attrib
    if named and single and most != 1:
        what = say(
            "plusieurs réponses sont permises, la variable {name} n’en tient qu’une.",
            name=declaration.identifier,
        )
        yield _finding("too-many-for-one", item, interaction, what=what, severity="warning")
    key = () if declaration.correct is None else declaration.correct.members
    too_many = 0 < most < len(key)
    if too_many or _too_often(declaration, element) or _off_slider(interaction, key, element):
        what = say(
            "aucun élève ne peut donner la réponse correcte de {name}.", name=interaction.response
        )
        yield _finding("key-unreachable", item, interaction, what=what, severity="error")


def _too_often(declaration: Declaration, element: etree._Element) -> bool:
    """A choice that the key uses more often than its match-max permits."""
    if declaration.correct is None or declaration.base not in {*_PAIR, *_DIRECTED}:
        return False
    used: Counter[str] = Counter()
    for member in declaration.correct.members:
        used.update({str(part) for part in member} if isinstance(member, tuple) else ())
    for choice in element.iter(f"{{{QTI}}}*"):
        most = whole(choice, "match-max", default=0)
        if 0 < most < used[choice.get("identifier", "")]:
            return True
    return False


def _off_slider(interaction: Interaction, key: tuple[object, ...], element: etree._Element) -> bool:
    if interaction.name != "slider":
        return False
    try:
        lower, upper = (float(element.get(name, "nan")) for name in ("lower-bound", "upper-bound"))
    except ValueError:
        return False  # the schema says it
    return any(isinstance(each, int | float) and not lower <= each <= upper for each in key)


def whole(element: etree._Element, attribute: str, *, default: int) -> int:
    """Read an attribute that is a number of things; what is not one is the default."""
    written = element.get(attribute, "").strip() if attribute else ""
    return int(written) if _NUMBER.fullmatch(written) else default


def _finding(
    kind: str, item: Item, interaction: Interaction, *, what: Words, severity: Severity
) -> Finding:
    return Finding(
        kind=kind,
        severity=severity,
        file=item.file,
        line=interaction.line,
        element=f"qti-{interaction.name}-interaction",
        what=what,
    )
