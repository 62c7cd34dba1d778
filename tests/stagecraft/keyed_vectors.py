# SPDX-License-Identifier: AGPL-3.0-or-later
"""What things keyed from paper are worth, by the engine itself: for the page to reckon the same.

docs/spec/keying.md, "Marks". Nothing here reads the tables of the kit: that is for who is tested.
"""

from collections.abc import Iterator, Mapping
from math import fsum
from typing import Any, Final

import msgspec

from encrier.sheets import NOT_GIVEN, AnswerSheet, ItemAnswer
from encrier_qti.keying.kit import Kit, make
from encrier_qti.keying.mask import Field
from encrier_qti.package import package_from
from encrier_qti.reporting import Domain
from encrier_qti.scoring import Program, compile_test
from stagecraft.keyed_package import contents, example

Entries = Mapping[str, dict[str, Any]]  # of a sheet, by item: r, and mark if there is one

PACKAGE: Final = package_from(contents(example()))
KIT: Final = make(PACKAGE)
PROGRAMS: Final = compile_test(PACKAGE.assessment, PACKAGE.items).programs
STAMP: Final = (0, 1, "baef127248b45e65")
MARKS: Final = ("blank", "open", "adapted", "unfit", "absent", "exempt", "left")
ALL_RIGHT: Final[Mapping[str, dict[str, list[str]]]] = {
    "fr-l-01": {"RESPONSE": ["B"]},
    "fr-l-02": {"RESPONSE": ["C", "A"]},
    "fr-l-03": {"RESPONSE": ["A"]},
    "fr-lu-01": {"RESPONSE": ["1"]},
    "fr-lu-02": {"RESPONSE": ["1"]},
    "fr-lu-03": {"RESPONSE": ["41"], "LAST": ["4"], "SECONDS": ["60"], "WRONG": ["w1", "w3"]},
    "fr-e-01": {"RESPONSE": ["1"]},
    "fr-e-02": {"RESPONSE": ["1"]},
    "ma-n-01": {"RESPONSE": ["12"]},
    "ma-n-02": {"RESPONSE": ["1250"]},
    "ma-n-03": {"RESPONSE": ["45"]},
    "ma-m-01": {"RESPONSE": ["w4", "w2"]},
    "ma-m-02": {"RESPONSE": ["A"]},
}


def vectors() -> dict[str, Any]:
    """Give the kit, the points of entries, and what domains say of whole sheets."""
    fields = [field for exercise in KIT.exercises() for field in exercise.items]
    return {
        "kit": msgspec.to_builtins(KIT),
        "entries": [each for field in fields for each in _entries(field)],
        "sheets": [
            {"entries": entries, "domains": domains(KIT, PROGRAMS, entries)}
            for entries in _sheets()
        ],
    }


def points(kit: Kit, program: Program, entry: dict[str, Any], *, item: str) -> float | None:
    """Give the points of an entry; None: awaited, not given, or known after the opening only."""
    answer = _answer(entry)
    if not answer.is_said or answer.mark in NOT_GIVEN or item not in kit.marking:
        return None
    return program.total(answer.r)


def domains(kit: Kit, programs: Mapping[str, Program], entries: Entries) -> list[dict[str, Any]]:
    """Give the domains of a sheet; `score`: of what is said so far, and is in the tables."""
    return [_domain(each, kit, programs, entries) for each in kit.domains]


def _domain(
    domain: Domain, kit: Kit, programs: Mapping[str, Program], entries: Entries
) -> dict[str, Any]:
    answers = {item: _answer(entries.get(item, {"r": {}})) for item in domain.items}
    counting = [item for item in domain.items if item not in kit.unscored]
    awaited = [item for item in counting if not answers[item].is_said]
    not_given = [item for item in counting if answers[item].mark in NOT_GIVEN]
    is_open = not kit.marking.keys() >= set(counting)
    told = (
        points(kit, programs[item], entries.get(item, {"r": {}}), item=item) for item in counting
    )
    score = fsum(each for each in told if each is not None)
    whole = not (awaited or not_given or is_open)
    return {
        "domain": domain.id,
        "score": score,
        "group": domain.group(score) if whole else None,
        "awaited": len(awaited),
        "not_given": len(not_given),
        "open": is_open,
    }


def _answer(entry: dict[str, Any]) -> ItemAnswer:
    return ItemAnswer(r=entry["r"], t_ms=0, n=1, stamp=STAMP, mark=entry.get("mark"))


def _entries(field: Field) -> Iterator[dict[str, Any]]:
    """Things keyed of an item: right, wrong, several in any order, struck, each mark."""
    right = ALL_RIGHT.get(field.id, {"RESPONSE": ["A"]})
    ids = [each.id for each in field.choices or field.words]
    keyed: list[dict[str, Any]] = [{"r": right}, {"r": {}}]
    if field.most not in {None, 1}:
        keyed += [{"r": {"RESPONSE": [ids[0], ids[1]]}}, {"r": {"RESPONSE": [ids[2], ids[0]]}}]
    if field.mask in {"number", "time", "fluency"}:
        keyed += [{"r": {**right, "RESPONSE": [text]}} for text in ("0", "7", "999")]
    else:
        keyed += [{"r": {"RESPONSE": [ids[-1]], "RESPONSE.struck": [ids[0]]}}]
    keyed += [{"r": right, "mark": "adapted"}, {"r": {}, "mark": "blank"}]
    keyed += [{"r": {}, "mark": mark} for mark in MARKS if field.id == "fr-l-01"]
    for entry in keyed:
        worth = points(KIT, PROGRAMS[field.id], entry, item=field.id)
        yield {"item": field.id, "entry": entry, "points": worth}


def _sheets() -> Iterator[Entries]:
    """Whole sheets: all right, nothing, one thing amiss in each domain in turn."""
    right: dict[str, dict[str, Any]] = {item: {"r": r} for item, r in ALL_RIGHT.items()}
    yield right
    yield {}
    yield {item: {"r": {}, "mark": "blank"} for item in right}
    yield {**right, "fr-l-01": {"r": {}, "mark": "open"}, "ma-m-03": {"r": {}, "mark": "absent"}}
    yield {**right, "fr-l-02": {"r": {}, "mark": "unfit"}, "ma-n-01": {"r": {"RESPONSE": ["21"]}}}
    yield {**right, "fr-l-03": {"r": {}, "mark": "adapted"}, "fr-e-01": {"r": {"RESPONSE": ["2"]}}}
    yield {**right, "fr-l-01~2": {"r": {"RESPONSE": ["A"]}}, "fr-e-02": {"r": {}, "mark": "left"}}
    struck = {"RESPONSE": ["B"], "RESPONSE.struck": ["A", "C"]}
    yield {**right, "fr-l-01": {"r": struck}, "fr-l-02": {"r": {"RESPONSE": ["A"]}}}
    hesitated = {**ALL_RIGHT["fr-lu-03"], "RESPONSE": ["29"], "RESPONSE.hesitated": ["w2"]}
    yield {**right, "fr-lu-03": {"r": hesitated}}
    yield {
        item: {"r": {}, "mark": "exempt"} if item.startswith("ma") else e
        for item, e in right.items()
    }


def sheet_of(entries: Entries) -> AnswerSheet:
    """Give the sheet on which these stand, which must be one that results reads."""
    items = {item: _answer(entry) for item, entry in entries.items()}
    return AnswerSheet(v=1, bundle=KIT.bundle, items=items, events=[])
