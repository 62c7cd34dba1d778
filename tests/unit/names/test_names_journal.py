# SPDX-License-Identifier: AGPL-3.0-or-later
"""The journal of accesses: a head reads that of his school, an auditor counts and no name."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest

from encrier import clock
from encrier_names.audit.models import Access, Action
from encrier_names.audit.record import record
from encrier_names.audit.sentences import WORDS


class School:
    """A validated class with results, its teacher, its head, and the agent of the ministry."""

    def __init__(self, names: Any) -> None:
        self.division = names.validated_class(3)
        names.send_scores(self.division)
        school = self.division.school
        self.pupil = self.division.pupils.first()
        self.head = names.client(names.staff("mme.tete", "head", school=school))
        teacher = names.staff("mme.prof", "teacher", school=school, divisions=[self.division])
        self.teacher_id = teacher.id
        self.teacher = names.client(teacher)
        self.agent = names.client(names.staff("agent.depp", "ministry"))
        self.auditor = names.client(names.staff("auditrice", "auditor"))

    def results(self, who: Any) -> None:
        assert who.get(f"/classes/{self.division.id}/resultats/").status_code == 200

    @property
    def name(self) -> str:
        return str(self.pupil.identity.shown)


@pytest.fixture
def school(names: Any) -> School:
    return School(names)


def text(client: Any, path: str = "/acces/") -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def table(client: Any, path: str = "/acces.csv") -> list[list[str]]:
    content = client.get(path).content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(content), delimiter=";"))


def test_a_head_reads_who_saw_what_in_sentences(school: School) -> None:
    school.results(school.teacher)
    school.agent.get(f"/eleves/{school.pupil.id}/resultats/")
    page = text(school.head)
    assert "mme.prof" in page
    assert "a vu les résultats de la classe" in page
    assert "agent.depp" in page
    assert school.name in page


def test_a_head_reads_nothing_of_the_school_next_door(names: Any, school: School) -> None:
    other = names.open_class(2, uai="9990002Y", division="6Z")
    charlie = names.client(names.staff("charlie", "head", school=other.school))
    school.agent.get(f"/eleves/{school.pupil.id}/resultats/")
    charlie.get(f"/classes/{other.id}/")
    page = text(charlie)
    assert "charlie" in page
    for word in ("mme.prof", "agent.depp", school.name):
        assert word not in page
    assert charlie.get(f"/eleves/{school.pupil.id}/acces/").status_code == 404


def test_reading_pupils_names_in_the_journal_is_an_access_too(school: School) -> None:
    school.agent.get(f"/eleves/{school.pupil.id}/resultats/")
    text(school.head)
    row = Access.objects.latest("id")
    assert (row.action, row.n_pupils) == ("access-log", 1)


def test_filters_narrow_by_person_class_action_and_day(school: School) -> None:
    school.results(school.teacher)
    school.results(school.agent)
    school.teacher.get(f"/classes/{school.division.id}/")
    today = clock.now().date()
    rows = {
        query: len(table(school.head, f"/acces.csv?{query}")) - 1
        for query in (
            f"staff={school.teacher_id}",
            f"division={school.division.id}",
            "action=class-results",
            f"first={today}&last={today}",
            f"first={today + timedelta(days=2)}",
            f"last={today - timedelta(days=2)}",
        )
    }
    assert list(rows.values()) == [2, 3, 2, 3, 0, 0]


@pytest.mark.parametrize(
    "query", ["staff=x", "division='", "first=31/02", "action=nothing", "page=z"]
)
def test_a_filter_that_makes_no_sense_breaks_nothing(school: School, query: str) -> None:
    school.results(school.teacher)
    for client in (school.head, school.auditor):
        assert client.get(f"/acces/?{query}").status_code == 200
        assert client.get(f"/acces.csv?{query}").status_code == 200


def test_an_auditor_counts_by_day_role_and_action_and_learns_no_name(school: School) -> None:
    school.results(school.teacher)
    school.results(school.teacher)
    school.agent.get(f"/eleves/{school.pupil.id}/resultats/")
    page = text(school.auditor)
    rows = table(school.auditor)
    day = clock.now().date().isoformat()
    assert [day, "Professeur", "a vu les résultats de la classe", "2", "6"] in rows
    assert [day, "Agent du ministère", "a vu les résultats d’un élève", "1", "1"] in rows
    for word in ("mme.prof", "agent.depp", school.name, school.division.school.name):
        assert word not in page
        assert word not in str(rows)


def test_an_auditor_sees_nothing_else_and_is_led_to_the_journal(school: School) -> None:
    assert school.auditor.get("/")["Location"] == "/acces/"
    for path in (
        f"/classes/{school.division.id}/",
        f"/classes/{school.division.id}/resultats/",
        f"/eleves/{school.pupil.id}/acces/",
        "/personnes/",
    ):
        assert school.auditor.get(path).status_code == 404


def test_a_long_journal_is_paged_and_keeps_its_filters(names: Any, school: School) -> None:
    staff = names.staff("other", "teacher", school=school.division.school)
    for _ in range(150):
        record(Action.CLASS_LIST, staff.id, n_pupils=3, division=school.division.id)
    first = text(school.head, "/acces/?action=class-list")
    assert first.count("<time") == 100
    assert "?action=class-list&amp;page=2" in first
    assert text(school.head, "/acces/?action=class-list&page=2").count("<time") == 50


def test_a_parent_is_told_who_saw_her_child(names: Any, school: School) -> None:
    """Alone, or among the class."""
    school.agent.get(f"/eleves/{school.pupil.id}/resultats/")
    school.results(school.teacher)
    other = school.division.pupils.exclude(id=school.pupil.id).first()
    school.agent.get(f"/eleves/{other.id}/resultats.pdf")
    page = text(school.head, f"/eleves/{school.pupil.id}/acces/")
    assert "agent.depp" in page
    assert "mme.prof" in page
    assert "a imprimé la fiche" not in page  # that of a classmate
    assert other.identity.shown not in page


def test_who_saw_her_in_the_class_that_she_left_is_told_too(names: Any, school: School) -> None:
    from encrier_names.schools.models import Division

    school.results(school.teacher)
    new = Division.objects.create(school=school.division.school, label="6Z")
    school.head.post(f"/eleves/{school.pupil.id}/classe/", {"division": str(new.id)})
    assert "mme.prof" in text(school.head, f"/eleves/{school.pupil.id}/acces/")


def test_a_cell_that_a_spreadsheet_would_run_is_harmless(names: Any, school: School) -> None:
    staff = names.staff("=cmd()", "teacher", school=school.division.school)
    record(Action.CLASS_LIST, staff.id, n_pupils=3, division=school.division.id)
    assert "'=cmd()" in table(school.head)[1]


def test_each_action_has_its_words() -> None:
    assert set(WORDS) == set(Action)


def test_an_action_of_a_later_release_is_shown_all_the_same(names: Any, school: School) -> None:
    staff = names.staff("other", "teacher", school=school.division.school)
    record("from-the-future", staff.id, n_pupils=1, division=school.division.id)  # type: ignore[arg-type]
    assert "que cette version ne connaît pas" in text(school.head)
