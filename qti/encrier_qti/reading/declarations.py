# SPDX-License-Identifier: AGPL-3.0-or-later
"""Declarations of an item's variables: types, keys, mappings, tables.

QTI 3.0 ASI information model, "ResponseDeclaration", "OutcomeDeclaration",
"TemplateDeclaration" and "ContextDeclaration". Errors name the line, never the
value: it may be a key.
"""

from collections.abc import Iterable
from math import isfinite
from typing import Final

from lxml import etree
from msgspec.structs import replace

from encrier_qti.errors import ContentRefused
from encrier_qti.model import (
    Area,
    AreaMap,
    Declaration,
    LookupTable,
    MapEntry,
    ScoreMap,
    TableEntry,
)
from encrier_qti.processing.areas import coordinates
from encrier_qti.reading.safe_xml import QTI, line, local
from encrier_qti.values import (
    BadForm,
    BaseType,
    Cardinality,
    Scalar,
    Value,
    composed,
    parse,
    record,
    single,
)
from encrier_qti.words import say

CONTEXT: Final = "QTI_CONTEXT"
CONTEXT_FIELDS: Final = ("candidateIdentifier", "environmentIdentifier", "testIdentifier")

_Q: Final = f"{{{QTI}}}"
_SHAPES: Final = {"circle", "default", "ellipse", "poly", "rect"}


def response(element: etree._Element, *, file: str) -> Declaration:
    """Read a qti-response-declaration."""
    plain = _plain(element, "response", file=file)
    correct = element.find(f"{_Q}qti-correct-response")
    return replace(
        plain,
        correct=_values(correct, plain),
        interpretation="" if correct is None else correct.get("interpretation", "").strip(),
        mapping=_mapping(element.find(f"{_Q}qti-mapping"), plain),
        area_mapping=_area_mapping(element.find(f"{_Q}qti-area-mapping"), file=file),
    )


def outcome(element: etree._Element, *, file: str) -> Declaration:
    """Read a qti-outcome-declaration."""
    plain = _plain(element, "outcome", file=file)
    return replace(
        plain,
        table=_table(element, plain),
        normal_maximum=_number_or_none(element, "normal-maximum", file=file),
        normal_minimum=_number_or_none(element, "normal-minimum", file=file),
        mastery=_number_or_none(element, "mastery-value", file=file),
        scored_by=element.get("external-scored", "").strip(),
        interpretation=element.get("interpretation", "").strip(),
        views=tuple(element.get("view", "").split()),
    )


def template(element: etree._Element, *, file: str) -> Declaration:
    """Read a qti-template-declaration."""
    return replace(
        _plain(element, "template", file=file),
        in_math=flag(element, "math-variable", default=False, file=file),
    )


def context(element: etree._Element, *, file: str) -> Declaration:
    """Read a qti-context-declaration; QTI_CONTEXT has its three fields besides those written."""
    plain = _plain(element, "context", file=file)
    if plain.identifier != CONTEXT:
        return plain
    if plain.cardinality is not Cardinality.RECORD:
        raise _wrong("la variable QTI_CONTEXT doit être de cardinalité record.", element, file)
    written = dict(plain.default.fields) if plain.default else {}
    return replace(plain, default=record(dict.fromkeys(CONTEXT_FIELDS) | written))


def built_in_context(*, file: str) -> Declaration:
    """Give the context that every item has, declared or not: its fields are NULL until told."""
    return Declaration(
        identifier=CONTEXT,
        kind="context",
        cardinality=Cardinality.RECORD,
        base=None,
        file=file,
        line=0,
        default=record(dict.fromkeys(CONTEXT_FIELDS)),
    )


def _plain(element: etree._Element, kind: str, *, file: str) -> Declaration:
    try:
        cardinality = Cardinality(element.get("cardinality", ""))
        base = BaseType(element.get("base-type", "")) if element.get("base-type") else None
    except ValueError:
        what = "la cardinalité ou le type de cette variable n’existe pas."
        raise _wrong(what, element, file) from None
    if cardinality is Cardinality.RECORD:
        base = None  # each field has its own
    elif base is None:
        raise _wrong("cette variable n’a pas de base-type.", element, file)
    identifier = element.get("identifier", "").strip()
    if not identifier:
        raise _wrong("cette variable n’a pas d’identifiant.", element, file)
    bare = Declaration(
        identifier=identifier,
        kind=kind,
        cardinality=cardinality,
        base=base,
        file=file,
        line=line(element),
    )
    return replace(bare, default=_values(element.find(f"{_Q}qti-default-value"), bare))


def _values(holder: etree._Element | None, declaration: Declaration) -> Value | None:
    if holder is None:
        return None
    if declaration.base is None:
        return _fields(holder, declaration.file)
    members: list[Scalar] = []
    for element in holder.findall(f"{_Q}qti-value"):
        member = _scalar(declaration.base, element.text or "", at=element, file=declaration.file)
        if member is not None:
            members.append(member)
    if declaration.cardinality is Cardinality.SINGLE and len(members) > 1:
        raise _wrong("une variable simple a plusieurs valeurs.", holder, declaration.file)
    return Value(declaration.cardinality, declaration.base, tuple(members)) if members else None


def _fields(holder: etree._Element, file: str) -> Value | None:
    """The record of a qti-default-value or a qti-correct-response: each value names its field."""
    fields: dict[str, Value | None] = {}
    for element in holder.findall(f"{_Q}qti-value"):
        name = element.get("field-identifier", "").strip()
        try:
            base = BaseType(element.get("base-type") or "?")
        except ValueError:
            raise _wrong("le type de ce champ n’existe pas.", element, file) from None
        if not name or name in fields:
            raise _wrong("un champ n’a pas de nom, ou porte celui d’un autre.", element, file)
        member = _scalar(base, element.text or "", at=element, file=file)
        fields[name] = None if member is None else single(base, member)
    return record(fields)


def _mapping(element: etree._Element | None, declaration: Declaration) -> ScoreMap | None:
    if element is None or declaration.base is None:
        return None
    file = declaration.file
    entries = tuple(
        MapEntry(
            key=_scalar(declaration.base, entry.get("map-key", ""), at=entry, file=file),
            value=number(entry, "mapped-value", file=file),
            case_sensitive=flag(entry, "case-sensitive", default=False, file=file),
        )
        for entry in element.findall(f"{_Q}qti-map-entry")
    )
    default, lower, upper = _bounds(element, file)
    return ScoreMap(entries=entries, default=default, lower=lower, upper=upper)


def _area_mapping(element: etree._Element | None, *, file: str) -> AreaMap | None:
    if element is None:
        return None
    areas = []
    for entry in element.findall(f"{_Q}qti-area-map-entry"):
        if entry.get("shape") not in _SHAPES:
            raise _wrong("cette forme n’existe pas.", entry, file)
        areas.append(
            Area(
                shape=entry.get("shape", ""),
                coords=_coords(entry, file=file),
                value=number(entry, "mapped-value", file=file),
            )
        )
    default, lower, upper = _bounds(element, file)
    return AreaMap(areas=tuple(areas), default=default, lower=lower, upper=upper)


def _bounds(element: etree._Element, file: str) -> tuple[float, float | None, float | None]:
    """The default, the lower and the upper bound of a mapping."""
    return (
        _number_or_none(element, "default-value", file=file) or 0.0,
        _number_or_none(element, "lower-bound", file=file),
        _number_or_none(element, "upper-bound", file=file),
    )


def _table(element: etree._Element, declaration: Declaration) -> LookupTable | None:
    exact = element.find(f"{_Q}qti-match-table")
    table = element.find(f"{_Q}qti-interpolation-table") if exact is None else exact
    if table is None or declaration.base is None:
        return None
    file = declaration.file

    def target(owner: etree._Element, attribute: str) -> Value | None:
        base = declaration.base or BaseType.STRING
        member = _scalar(base, owner.get(attribute, ""), at=owner, file=file)
        return None if member is None else Value(Cardinality.SINGLE, base, (member,))

    entries = [
        TableEntry(
            source=number(entry, "source-value", file=file),
            target=target(entry, "target-value"),
            include_boundary=flag(entry, "include-boundary", default=True, file=file),
        )
        for entry in _entries(table)
    ]
    return LookupTable(
        interpolated=exact is None, entries=tuple(entries), default=target(table, "default-value")
    )


def _entries(table: etree._Element) -> Iterable[etree._Element]:
    yield from table.findall(f"{_Q}qti-match-table-entry")
    yield from table.findall(f"{_Q}qti-interpolation-table-entry")


def number(element: etree._Element, attribute: str, *, file: str) -> float:
    """Read a required attribute that is a finite number."""
    found = _number_or_none(element, attribute, file=file)
    if found is None:
        raise _wrong("l’attribut {attribute} manque.", element, file, attribute=attribute)
    return found


def flag(element: etree._Element, attribute: str, *, default: bool, file: str) -> bool:
    """Read an attribute that is true or false."""
    written = element.get(attribute)
    if written is None:
        return default
    return bool(_scalar(BaseType.BOOLEAN, written, at=element, file=file))


def _number_or_none(element: etree._Element, attribute: str, *, file: str) -> float | None:
    written = element.get(attribute)
    if written is None:
        return None
    found = _scalar(BaseType.FLOAT, written, at=element, file=file)
    if not isinstance(found, float) or not isfinite(found):
        what = "l’attribut {attribute} n’est pas un nombre fini."
        raise _wrong(what, element, file, attribute=attribute)
    return found


def _coords(element: etree._Element, *, file: str) -> tuple[float, ...]:
    found = coordinates(element.get("shape", ""), element.get("coords", ""))
    if found is None:
        raise _wrong("les coordonnées ne conviennent pas à cette forme.", element, file)
    return found


def _scalar(base: BaseType, text: str, *, at: etree._Element, file: str) -> Scalar | None:
    try:
        return parse(base, composed(text) if base is BaseType.STRING else text)  # as answers are
    except BadForm:
        what = "une valeur n’a pas la forme du type {base}."
        raise _wrong(what, at, file, base=str(base)) from None


def _wrong(what: str, element: etree._Element, file: str, **named: str) -> ContentRefused:
    told = say(what, **named)
    return ContentRefused(told, file=file, line=line(element), element=local(element))
