# SPDX-License-Identifier: AGPL-3.0-or-later
"""A class is keyed until the campaign's end, the sample's, its school's or its own: the latest."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from encrier import clock
from encrier.records import from_bytes
from encrier.wire import AdmissionList
from encrier_names import dates, zone
from encrier_names.codesheets.sheet import slips_of
from encrier_names.doors import admission
from encrier_names.followup import tallies
from encrier_names.followup import windows as schools
from encrier_names.followup.models import Extension
from encrier_names.keying import ring, windows
from encrier_names.keying.models import Reopening, Words
from stagecraft.campaign_files import DAY, window
from stagecraft.keyed import a_sister, keyed

MINUTE = timedelta(minutes=1)
UAI = "9990001X"


def _ends(names: Any, division: Any) -> set[datetime | None]:
    """The end of each sitting of a class, as the latest list tells answers."""
    ends: dict[bytes, datetime | None] = {}
    for listed in (one.listed for one in admission.waiting()):
        ends |= {row.sid: row.closes_at for row in from_bytes(listed, AdmissionList).rows}
    return {ends[slip.sid] for slip in slips_of(division)}


def _usual() -> datetime:
    keying = zone.current().campaign.windows.keying
    assert keying is not None
    return keying.closes


def _sample(*, ends: float) -> str:
    """A sample of one school that is keyed until so many days from now."""
    now = clock.now()
    return f'[sample]\nschools = ["{UAI}"]\nkeying = {window(now - 4 * DAY, now + ends * DAY)}'


def test_a_keyed_sitting_ends_with_the_keying_and_one_on_screen_with_the_campaign(
    names: Any,
) -> None:
    keyed(names, ("6E", "screen"), ("CM2", "keyed"))
    division = names.validated_class(3)
    assert _ends(names, division) == {None}
    division.pupils.update(level="CM2")
    rows = admission.rows_of(division.pupils.values_list("id", flat=True), names.manifest)
    assert {placed.row.closes_at for placed in rows} == {_usual()}
    assert {placed.row.opens_at for placed in rows} == {None}  # with the sittings


def test_validating_a_keyed_class_tells_answers_its_end(names: Any) -> None:
    keyed(names)
    division = names.validated_class(3)
    assert _ends(names, division) == {_usual()}
    assert ring.ring_of(division).closes_at == _usual()


def test_the_sample_is_keyed_earlier(names: Any) -> None:
    keyed(names, more=_sample(ends=1))
    division, other = names.validated_class(2), names.validated_class(2, uai="9990002Y")
    assert _ends(names, other) == {_usual()}
    (end,) = _ends(names, division)
    assert end is not None
    assert end < _usual() - 5 * DAY


def _extended(division: Any, *, days: float) -> datetime:
    end: datetime = clock.now() + days * DAY
    Extension.objects.create(
        school=division.school, ends_at=end, reason="Panne", at=clock.now(), staff=division.id
    )
    tallies.recount(division.school.id)
    return end


@pytest.mark.parametrize("days", [3, 9])
def test_an_extension_of_the_school_never_ends_its_keying_sooner(names: Any, days: int) -> None:
    keyed(names)
    division = names.validated_class(2)
    end = _extended(division, days=days)
    assert windows.window_of(division).closes == max(end, _usual())


def test_a_class_whose_keying_was_opened_again_ends_later_than_its_sisters(names: Any) -> None:
    keyed(names)
    division = names.validated_class(2)
    sister = a_sister(division)
    end = _usual() + 3 * DAY
    made = Reopening(division=division, asked_at=clock.now(), asked_by=division.id, ends_at=end)
    made.words = Words("Panne")
    made.save()
    assert windows.window_of(division).closes == end
    assert windows.window_of(sister).closes == _usual()
    pupils = [p.id for one in (division, sister) for p in one.pupils.all()]
    assert sorted(windows.ends_of(pupils).values()) == [_usual()] * 2 + [end] * 2


def test_where_nobody_sits_on_screen_the_school_ends_with_the_keying(names: Any) -> None:
    keyed(names)
    division = names.validated_class(2)
    assert schools.ends_at(division.school, names.manifest) == _usual()
    days = schools.days_of(names.manifest, days=5, now=clock.now())
    assert schools.end_of(names.manifest, days[0]) == _usual()
    keyed(names, ("6E", "screen"), ("CM2", "keyed"))
    assert schools.ends_at(division.school, names.manifest) == names.manifest.closes_at


def _page(names: Any, division: Any) -> str:
    head = names.client(names.staff(f"h{division.label}", "head", school=division.school))
    text: str = head.get(f"/classes/{division.id}/").content.decode()
    return text


def test_while_a_class_may_be_keyed_its_page_leads_there(names: Any) -> None:
    keyed(names)
    page = _page(names, division := names.validated_class(2))
    assert f'href="/saisie/{division.id}/#' in page
    assert dates.day(_usual()) in page


def test_before_the_opening_there_is_a_date_and_no_link(names: Any) -> None:
    keyed(names, sittings=(2, 5))
    page = _page(names, names.validated_class(2))
    assert "/saisie/" not in page.replace("/saisie/kits/", "")
    assert "La saisie ouvre le" in page
    assert dates.day(names.manifest.opens_at) in page


def test_after_the_end_there_is_a_date_and_a_way_to_ask(names: Any) -> None:
    keyed(names, closes=-1)
    page = _page(names, division := names.validated_class(2))
    assert f"/saisie/{division.id}/" not in page
    assert "close depuis le" in page
    assert dates.day(_usual()) in page
    assert f"/classes/{division.id}/saisie/rouvrir/" in page


def test_a_class_that_is_not_validated_has_nothing_to_key_yet(names: Any) -> None:
    keyed(names)
    page = _page(names, division := names.open_class(2))
    assert f"/saisie/{division.id}/" not in page
    assert "quand la liste sera validée" in page
