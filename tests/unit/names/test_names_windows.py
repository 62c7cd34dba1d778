# SPDX-License-Identifier: AGPL-3.0-or-later
"""A school's window is extended by rule: who, until when, why; and every sitting is told."""

from datetime import datetime, timedelta
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from pypdf import PdfReader

from encrier import clock
from encrier.records import from_bytes
from encrier.wire import AdmissionList
from encrier_names import dates
from encrier_names.audit.models import Access
from encrier_names.codesheets.sheet import sheet_pdf, slips_of
from encrier_names.documents.ends import absentees, absentees_pdf
from encrier_names.doors import admission
from encrier_names.followup import tallies, windows
from encrier_names.followup.models import Extension
from encrier_names.sittings import supervision

DAYS = timedelta(days=1)
PARIS = ZoneInfo("Europe/Paris")
WHY = "Panne de réseau pendant deux jours"


@pytest.fixture
def division(names: Any) -> Any:
    """A validated class of Rennes whose window ends in two days."""
    nobody = msgspec.structs.replace(names.manifest.nodes[0], url="http://127.0.0.1:9")
    names.start(nodes=[nobody], opens_at=clock.now() - 5 * DAYS, closes_at=clock.now() + 2 * DAYS)
    division = names.validated_class(3)
    division.school.academy = "RENNES"
    division.school.save()
    tallies.recount(division.school.id)
    return division


def _ends() -> dict[bytes, datetime | None]:
    """The end of each sitting, as the latest list tells answers."""
    ends: dict[bytes, datetime | None] = {}
    for listed in (one.listed for one in admission.waiting()):
        ends |= {row.sid: row.closes_at for row in from_bytes(listed, AdmissionList).rows}
    return ends


def _extend(names: Any, division: Any, *, days: int, reason: str = WHY) -> Any:
    staff = names.staff(f"a{days}{len(reason)}", "academy", academy="RENNES")
    day = (names.manifest.closes_at.astimezone(PARIS) + days * DAYS).date().isoformat()
    address = f"/suivi/etablissements/{division.school.id}/prolonger/"
    return staff, names.client(staff).post(address, {"day": day, "reason": reason})


def test_every_sitting_of_the_school_ends_later(names: Any, division: Any) -> None:
    other = names.validated_class(2, uai="9990002Y")
    tallies.recount(other.school.id)
    staff, response = _extend(names, division, days=3)
    assert response.status_code == 302
    kept = Extension.objects.get()
    assert (kept.reason, kept.staff) == (WHY, staff.id)
    assert kept.ends_at > names.manifest.closes_at
    ends = _ends()
    assert {ends[s.sid] for s in slips_of(division)} == {kept.ends_at}
    assert {ends[s.sid] for s in slips_of(other)} == {None}
    row = Access.objects.latest("id")
    assert (row.action, row.n_pupils, row.staff) == ("window-extended", 3, staff.id)
    head = names.client(names.staff("head", "head", school=division.school))
    assert "sa fenêtre est prolongée" in head.get("/").content.decode()
    assert tallies.wrong() == []


def test_whoever_comes_later_ends_later_too_but_a_session_that_was_closed_stays_closed(
    names: Any, division: Any
) -> None:
    _extend(names, division, days=3)
    kept = Extension.objects.get().ends_at
    pupil = division.pupils.first()
    supervision.give_new_code(pupil.id)
    assert sum(end == kept for end in _ends().values()) == 3  # all but the one taken back
    head = names.client(names.staff("head", "head", school=division.school))
    agir = f"/classes/{division.id}/passation/agir/"
    head.post(agir, {"act": "close"})
    assert all(_ends()[s.sid] != kept for s in slips_of(division))
    head.post(agir, {"act": "reopen"})
    assert {_ends()[s.sid] for s in slips_of(division)} == {kept}


@pytest.mark.parametrize(("days", "reason"), [(8, WHY), (-1, WHY), (3, "bof")])
def test_neither_longer_than_the_campaign_allows_nor_without_a_reason(
    names: Any, division: Any, days: int, reason: str
) -> None:
    _staff, response = _extend(names, division, days=days, reason=reason)
    assert response.status_code == 200
    assert "error" in response.content.decode()
    assert Extension.objects.count() == 0


def test_the_last_answers_arrive_before_results_close(names: Any, division: Any) -> None:
    names.start(results_close_at=names.manifest.closes_at + 3 * DAYS)
    latest = windows.latest(names.manifest, days=7)
    assert latest + timedelta(hours=names.manifest.grace_h) == names.manifest.results_close_at


def test_the_papers_of_a_school_print_its_own_last_day(names: Any, division: Any) -> None:
    _extend(names, division, days=3)
    later = dates.last_day(names.manifest.closes_at + 3 * DAYS)
    school = division.school
    papers = (
        sheet_pdf(division, names.manifest),
        absentees_pdf(school, absentees([division]), names.manifest),
    )
    for paper in papers:
        text = "".join(page.extract_text() for page in PdfReader(BytesIO(paper)).pages)
        assert later in text.replace("\n", " ")


def test_a_window_can_be_extended_after_the_campaign_has_closed(names: Any, division: Any) -> None:
    names.start(closes_at=clock.now() - timedelta(minutes=1))
    _staff, response = _extend(names, division, days=2)
    assert response.status_code == 302
    head = names.client(names.staff("head", "head", school=division.school))
    assert "Voir les résultats" not in head.get("/").content.decode()


def test_an_end_keeps_the_hour_of_the_campaign_through_the_change_of_clocks(names: Any) -> None:
    names.start(
        opens_at=datetime(2026, 10, 5, 8, tzinfo=PARIS),
        closes_at=datetime(2026, 10, 23, 18, tzinfo=PARIS),
        results_close_at=datetime(2027, 1, 1, tzinfo=PARIS),
    )
    days = windows.days_of(names.manifest, days=7, now=datetime(2026, 10, 20, tzinfo=PARIS))
    assert [day.day for day in days] == [23, 24, 25, 26, 27, 28, 29, 30]
    ends = [windows.end_of(names.manifest, day) for day in days]
    assert {end.astimezone(PARIS).hour for end in ends} == {18}
