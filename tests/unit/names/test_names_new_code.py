# SPDX-License-Identifier: AGPL-3.0-or-later
"""A code taken back and another given: both attempts kept, and the first is nobody's."""

from typing import Any

import msgspec
import pytest

from encrier.records import from_bytes
from encrier.wire import AdmissionList
from encrier_names.audit.models import Access
from encrier_names.codesheets.sheet import numbers_given
from encrier_names.doors import admission
from encrier_names.doors.register import register
from encrier_names.pseudonyms import links
from encrier_names.pseudonyms.models import Link
from encrier_names.pseudonyms.rows import Sitting


@pytest.fixture
def given(names: Any) -> tuple[Any, Sitting, Sitting, str]:
    """A class of three, of whom one is given a new code by her teacher; old, new, the page."""
    nobody = msgspec.structs.replace(names.manifest.nodes[0], url="http://127.0.0.1:9")
    names.start(nodes=[nobody])  # a port where nobody listens
    division = names.validated_class(3)
    pupil = division.pupils.first()
    old = links.of([pupil.id])[pupil.id]
    teacher = names.client(
        names.staff("t", "teacher", school=division.school, divisions=[division])
    )
    page = teacher.post(f"/eleves/{pupil.id}/nouveau-code/", {"sure": "yes"}).content.decode()
    return pupil, old, links.of([pupil.id])[pupil.id], page


def test_the_new_code_is_another_and_is_shown_once(names: Any, given: Any) -> None:
    from encrier import codes

    pupil, old, new, page = given
    assert (new.order, new.code, new.sid) != (old.order, old.code, old.sid)
    assert codes.printed(new.code) in page
    assert codes.printed(old.code) not in page
    teacher = names.client(pupil.division.teachers.get())
    again = teacher.get(f"/eleves/{pupil.id}/nouveau-code/").content.decode()
    assert codes.printed(new.code) not in again
    row = Access.objects.filter(action="code-replaced").get()
    assert (row.pupil, row.n_pupils) == (pupil.id, 1)


def test_answers_is_told_to_refuse_the_old_and_to_take_the_new(given: Any) -> None:
    _pupil, old, new, page = given
    listed = admission.waiting()[-1].listed
    rows = {row.sid: row.open for row in from_bytes(listed, AdmissionList).rows}
    assert rows == {old.sid: False, new.sid: True}
    assert "attendez une minute" in page  # answers does not listen


def test_the_old_number_is_kept_of_no_school_and_no_class(names: Any, given: Any) -> None:
    _pupil, old, new, _page = given
    rows = {row.order: row for row in register(names.manifest, declared=("sex",)).rows}
    assert len(rows) == 4
    aside = rows.pop(old.order)
    assert (aside.set_aside, aside.sid, aside.mac) == (True, old.sid, old.mac)
    assert (aside.school, aside.class_number, aside.background) == (0, 0, {})
    assert not any(row.set_aside for row in rows.values())
    assert new.order in rows
    assert numbers_given() == 3
    assert links.unknown([old.order]) == 0  # never given again


def test_nothing_ties_the_old_number_to_the_pupil(given: Any) -> None:
    pupil, old, _new, _page = given
    assert [s.order for s in links.set_aside()] == [old.order]
    (row,) = Link.objects.filter(is_set_aside=True)
    assert pupil.id.hex not in row.pupil
    assert old.order not in {s.order for s in links.of([pupil.id]).values()}


def test_a_code_is_not_changed_by_mistake(names: Any) -> None:
    division = names.validated_class(1)
    pupil = division.pupils.get()
    head = names.client(names.staff("h", "head", school=division.school))
    before = links.of([pupil.id])[pupil.id]
    assert head.post(f"/eleves/{pupil.id}/nouveau-code/").status_code == 400
    assert links.of([pupil.id])[pupil.id] == before


def test_a_pupil_without_a_code_is_given_none(names: Any) -> None:
    division = names.open_class(1)
    head = names.client(names.staff("h", "head", school=division.school))
    page = f"/eleves/{division.pupils.get().id}/nouveau-code/"
    assert head.post(page, {"sure": "yes"}).status_code == 404
