# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pupils who change class, who are away or excused: their rows, their codes, what is written."""

from typing import Any

import pytest

from encrier.records import to_bytes
from encrier.wire import ScoreRow
from encrier_names.audit.models import Access, Action
from encrier_names.codesheets.sheet import slips_of
from encrier_names.codesheets.validation import validate
from encrier_names.pseudonyms import links
from encrier_names.schools import lists
from encrier_names.schools.models import Division, Identity, Reason
from encrier_names.sittings import board


@pytest.fixture
def division(names: Any) -> Any:
    """A validated class of three."""
    return names.validated_class(3)


@pytest.fixture
def head(names: Any, division: Any) -> Any:
    return names.client(names.staff("head", "head", school=division.school))


def another_class(division: Any) -> Any:
    """A class of the same school, with one pupil who has no code."""
    other = Division.objects.create(school=division.school, label="6C")
    lists.add(other, Identity(last_name="ILUNGADIA", first_name="Merveille"), level="6E")
    return other


def acts() -> list[str]:
    return list(Access.objects.order_by("id").values_list("action", flat=True))


def test_a_pupil_takes_her_code_to_another_class(division: Any, head: Any) -> None:
    other = another_class(division)
    validate(other)
    pupil = division.pupils.first()
    before = links.of([pupil.id])[pupil.id]
    answer = head.post(f"/eleves/{pupil.id}/classe/", {"division": str(other.id)})
    assert answer["location"] == f"/classes/{other.id}/"
    assert (division.pupils.count(), other.pupils.count()) == (2, 2)
    assert links.of([pupil.id])[pupil.id] == before
    other.refresh_from_db()
    assert other.validated_at is not None
    assert acts()[-1] != Action.LIST_REOPENED


def test_a_pupil_without_a_code_opens_the_list_she_comes_to(division: Any, head: Any) -> None:
    pupil = another_class(division).pupils.first()
    head.post(f"/eleves/{pupil.id}/classe/", {"division": str(division.id)})
    division.refresh_from_db()
    assert division.validated_at is None
    assert acts()[-2:] == [Action.PUPIL_MOVED, Action.LIST_REOPENED]


@pytest.mark.parametrize("where", ["own", "next door", "nowhere", ""])
def test_a_class_that_is_none_of_the_school_is_refused(
    names: Any, division: Any, head: Any, where: str
) -> None:
    strange = names.open_class(1, uai="9990002Y")
    asked = {"own": str(division.id), "next door": str(strange.id), "nowhere": "6Z"}.get(where, "")
    pupil = division.pupils.first()
    assert head.post(f"/eleves/{pupil.id}/classe/", {"division": asked}).status_code == 400
    assert division.pupils.filter(id=pupil.id).exists()


@pytest.mark.parametrize("reason", Reason)
def test_a_row_is_closed_with_a_reason_and_nothing_is_awaited(
    division: Any, head: Any, reason: Reason
) -> None:
    pupil = division.pupils.first()
    head.post(f"/eleves/{pupil.id}/absence/", {"reason": reason.value})
    assert acts()[-1] == Action.PUPIL_CLOSED
    assert board.counts(division).awaited == 2
    (line,) = [line for line in board.lines(division) if line.pupil == pupil.id]
    assert (line.state, line.excused != "") == ("excused", True)
    page = head.get(f"/classes/{division.id}/passation/").content.decode()
    assert line.excused in page
    head.post(f"/eleves/{pupil.id}/absence/", {"awaited": "yes"})
    assert acts()[-2:] == [Action.CLASS_PROGRESS, Action.PUPIL_REOPENED]
    assert board.counts(division).awaited == 3


def test_a_row_is_not_closed_without_a_reason(division: Any, head: Any) -> None:
    pupil = division.pupils.first()
    for given in ({}, {"reason": "bored"}):
        page = head.post(f"/eleves/{pupil.id}/absence/", given)
        assert "error" in page.content.decode()
    pupil.refresh_from_db()
    assert pupil.closure is None


def test_a_reason_is_on_the_disk_in_no_clear_word(names: Any, division: Any, head: Any) -> None:
    pupil = division.pupils.first()
    head.post(f"/eleves/{pupil.id}/absence/", {"reason": "exempt"})
    assert Division.objects.count() == 1
    assert b"exempt" not in names.every_byte()


def test_a_teacher_marks_who_is_away_and_the_class_results_say_so(
    names: Any, division: Any
) -> None:
    teacher = names.staff("t", "teacher", school=division.school, divisions=[division])
    client = names.client(teacher)
    client.post(f"/eleves/{division.pupils.first().id}/absence/", {"reason": "absent"})
    orders = [slip.order for slip in slips_of(division)]
    rows = [ScoreRow(order, "missing", 0, []) for order in orders]
    names.call("POST", "/doors/scores", to_bytes(names.sheet(1, [], rows=rows)))
    page = client.get(f"/classes/{division.id}/resultats/").content.decode()
    assert page.count("Absent") == 1
    assert page.count("Pas de passation") == 2


def test_a_list_that_a_new_pupil_opens_again_is_written_down(division: Any, head: Any) -> None:
    given = {"last_name": "TARDIVE", "first_name": "Zoé", "birth_date": "2015-03-02"}
    head.post(f"/classes/{division.id}/ajouter/", given)
    assert acts()[-2:] == [Action.PUPIL_ADDED, Action.LIST_REOPENED]
