# SPDX-License-Identifier: AGPL-3.0-or-later
"""From opened sittings to the score sheet: as scored by hand, fair to who did not finish."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from encrier.ids import BundleId, SittingId
from encrier.sheets import ItemAnswer
from encrier.wire import Register, Registered, ScoreRow, ScoreSheet
from encrier_results.booklets import Booklet, BookletMissing, of_manifest, open_booklet
from encrier_results.publish import score_sheet
from encrier_results.reconcile import Opened
from stagecraft.envelopes import MANIFEST

PACKAGE = Path(__file__).parents[3] / "demo/assessments/sixieme-debut"
PATTERNS: list[dict[str, Any]] = json.loads(
    (PACKAGE / "hand-scored.json").read_text(encoding="utf-8")
)["patterns"]
ALICE, BOB = SittingId(b"a" * 16), SittingId(b"b" * 16)
Answers = Mapping[str, Mapping[str, Sequence[str]]]


@cache
def booklet() -> Booklet:
    return open_booklet(PACKAGE)


def sheet_of(*sittings: Opened) -> ScoreSheet:
    bundle = BundleId(booklet().bundle.id)
    rows = [
        Registered(f"{n:08d}", sid, b"m" * 32, "6E", bundle, 1, 1, [], {})
        for n, sid in enumerate((ALICE, BOB))
    ]
    opened = {sitting.sid: sitting for sitting in sittings}
    return score_sheet(opened, Register(b"c" * 16, rows), {bundle: booklet()}, serial=1)


def sitting(answers: Answers, *, finished: bool) -> Opened:
    items = {
        item: ItemAnswer({k: list(v) for k, v in given.items()}, 1, 1, (0, 1, "0" * 16))
        for item, given in answers.items()
    }
    return Opened(ALICE, items, finished, 1)


def row_of(answers: Answers, *, finished: bool) -> ScoreRow:
    return sheet_of(sitting(answers, finished=finished)).rows[0]


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda p: str(p["id"]))
def test_a_finished_sitting_is_scored_as_by_hand(pattern: dict[str, Any]) -> None:
    row = row_of(pattern["answers"], finished=True)
    assert row.status == "complete"
    assert {d.domain: d.score for d in row.domains} == pattern["domains"]
    assert {d.domain: d.group for d in row.domains} == pattern["groups"]


def test_who_answered_everything_needs_no_click_to_have_finished() -> None:
    assert row_of(PATTERNS[0]["answers"], finished=False).status == "complete"


def test_a_text_that_has_no_score_is_not_waited_for() -> None:
    answers = {k: v for k, v in PATTERNS[0]["answers"].items() if k != "fr-e-01"}
    assert booklet().unscored == {"fr-e-01"}
    row = row_of(answers, finished=False)
    assert row.status == "complete"
    assert all(d.group == "satisfaisant" for d in row.domains)


def test_an_unfinished_sitting_has_a_group_only_where_all_was_answered() -> None:
    language = {d.id: d.items for d in booklet().reporting.domains}["fr-langue"]
    answers = {item: PATTERNS[0]["answers"][item] for item in (*language, "ma-n-01")}
    row = row_of(answers, finished=False)
    assert row.status == "unfinished"
    assert row.answered == len(language) + 1
    assert {d.domain for d in row.domains if d.group} == {"fr-langue"}


def test_a_pupil_without_an_envelope_is_missing_and_has_no_score() -> None:
    rows = sheet_of(sitting(PATTERNS[0]["answers"], finished=True)).rows
    assert (rows[1].status, rows[1].domains) == ("missing", [])


def test_answers_to_items_that_are_not_in_the_booklet_change_nothing() -> None:
    hostile = {**PATTERNS[0]["answers"], "not-an-item": {"RESPONSE": ["<script>"]}}
    assert row_of(hostile, finished=True) == row_of(PATTERNS[0]["answers"], finished=True)


def test_there_is_no_total_mark() -> None:
    assert set(ScoreRow.__struct_fields__) == {"order", "status", "answered", "domains"}


def test_a_package_that_is_not_the_one_pupils_saw_is_refused() -> None:
    with pytest.raises(BookletMissing):
        of_manifest([PACKAGE], MANIFEST)


def test_domains_say_which_booklet_has_them_where_there_are_several() -> None:
    other = open_booklet(PACKAGE.parent / "cp-debut")
    booklets = {BundleId(each.bundle.id): each for each in (booklet(), other)}
    sheet = score_sheet({}, Register(b"c" * 16, []), booklets, serial=1)
    having = {domain.id: domain.bundles for domain in sheet.domains}
    assert having["fr-comprehension"] == (booklet().bundle.id,)
    assert having[other.domains()[0].id] == (other.bundle.id,)
    assert not any(domain.bundles for domain in sheet_of().domains), "of one, nothing is said"
