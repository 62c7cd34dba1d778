# SPDX-License-Identifier: AGPL-3.0-or-later
"""The end that a head declares, what comes next for him, and who is missing."""

from datetime import timedelta
from typing import Any

import pytest

from encrier import clock
from encrier.wire import SittingProgress
from encrier_names.audit.models import Access
from encrier_names.codesheets.sheet import slips_of
from encrier_names.followup import tallies
from encrier_names.followup.models import DeclaredEnd
from encrier_names.sittings import progress

DAYS = timedelta(days=1)


@pytest.fixture
def school(names: Any) -> Any:
    """A class of four in an open window, of whom one has finished and one has begun."""
    names.start(opens_at=clock.now() - DAYS, closes_at=clock.now() + 10 * DAYS)
    division = names.validated_class(4)
    tallies.recount(division.school.id)
    one, two, *_others = slips_of(division)
    said = [
        SittingProgress(one.sid, "finished", 100, 0, 1),
        SittingProgress(two.sid, "started", 40, 0, 1),
    ]
    tallies.moved(progress.keep(said).moves)
    return division


def test_the_end_is_declared_with_its_counts_and_taken_back(names: Any, school: Any) -> None:
    head = names.staff("head", "head", school=school.school)
    client = names.client(head)
    page = client.get("/fin/").content.decode()
    assert "Personne ne doit se connecter à leur place" in page
    assert client.post("/fin/", {}).status_code == 400
    assert client.post("/fin/", {"declaration": "yes"}).status_code == 302
    (made,) = DeclaredEnd.objects.all()
    assert (made.staff, made.awaited, made.finished, made.started) == (head.id, 4, 1, 1)
    assert tallies.of(school.school).step == "declared"
    client.post("/fin/", {"declaration": "yes"})
    assert DeclaredEnd.objects.count() == 1
    assert "1 élèves sur 4 avaient terminé" in client.get("/fin/").content.decode()
    assert client.post("/fin/reprendre/").status_code == 302
    made.refresh_from_db()
    assert made.taken_back_at is not None
    assert tallies.of(school.school).step == "under-way"
    actions = set(Access.objects.filter(staff=head.id).values_list("action", flat=True))
    assert {"end-declared", "end-taken-back"} <= actions
    assert tallies.wrong() == []


def test_a_declaration_stands_once_the_window_is_over(names: Any, school: Any) -> None:
    client = names.client(names.staff("head", "head", school=school.school))
    client.post("/fin/", {"declaration": "yes"})
    names.start(closes_at=clock.now())
    assert client.post("/fin/reprendre/").status_code == 409
    assert DeclaredEnd.objects.filter(taken_back_at=None).count() == 1


def test_nothing_is_declared_before_it_begins(names: Any) -> None:
    names.start(opens_at=clock.now() + DAYS, closes_at=clock.now() + 10 * DAYS)
    division = names.validated_class(2)
    client = names.client(names.staff("head", "head", school=division.school))
    assert client.post("/fin/", {"declaration": "yes"}).status_code == 409
    assert DeclaredEnd.objects.count() == 0


def test_a_head_sees_who_is_missing_by_name_and_it_is_in_the_audit(names: Any, school: Any) -> None:
    head = names.staff("head", "head", school=school.school)
    client = names.client(head)
    page = client.get("/manquants/").content.decode()
    assert "3 élèves n’ont pas terminé" in page
    assert page.count("pas commencé") == 2
    row = Access.objects.latest("id")
    assert (row.action, row.n_pupils, row.staff) == ("missing-pupils", 3, head.id)


def test_the_first_page_of_a_head_says_what_comes_next(names: Any) -> None:
    names.start(opens_at=clock.now() - DAYS, closes_at=clock.now() + 10 * DAYS)
    division = names.open_class(2)
    client = names.client(names.staff("head", "head", school=division.school))

    def first() -> str:
        tallies.recount(division.school.id)
        return client.get("/").content.decode()  # type: ignore[no-any-return]  # Django's client

    assert "Une liste est à vérifier" in first()
    client.post(f"/classes/{division.id}/valider/", {"declaration": "yes"})
    assert "Imprimer les codes" in first()
    client.get(f"/classes/{division.id}/codes.pdf")
    assert "les élèves peuvent passer" in first()
    one, two = slips_of(division)
    tallies.moved(progress.keep([SittingProgress(one.sid, "finished", 100, 0, 1)]).moves)
    assert "Un élève n’a pas encore terminé" in first()
    both = [SittingProgress(sid, "finished", 100, 0, 1) for sid in (one.sid, two.sid)]
    tallies.moved(progress.keep(both).moves)
    assert "Tous les élèves attendus ont terminé" in first()
    client.post("/fin/", {"declaration": "yes"})
    assert "Vous avez déclaré la fin" in first()
    names.start(closes_at=clock.now())
    client.post("/fin/reprendre/")
