# SPDX-License-Identifier: AGPL-3.0-or-later
"""The calendar: where we stand among the windows, and what opens or closes next."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from encrier import clock
from encrier.campaign import of_manifest
from encrier_names.campaign.phases import next_of, phases
from encrier_names.schools.models import School

OPENS = datetime(2026, 9, 7, 6, tzinfo=UTC)
DAYS = timedelta(days=1)


@pytest.mark.parametrize(
    ("day", "open_now", "following"),
    [
        (-10, {"Préparation"}, "Les passations ouvrent"),
        (3, {"Passation"}, "Les passations ferment"),
        (18.5, {"Derniers envois", "Résultats"}, "La consultation des résultats ferme"),
        (30, {"Résultats"}, "La consultation des résultats ferme"),
        (200, {"Fermeture"}, None),
    ],
)
def test_on_each_day_what_is_open_and_what_comes_next(
    names: Any, day: float, open_now: set[str], following: str | None
) -> None:
    names.start(opens_at=OPENS, closes_at=OPENS + 18 * DAYS, results_close_at=OPENS + 90 * DAYS)
    now, campaign = OPENS + day * DAYS, of_manifest(names.manifest)
    spans = phases(campaign, names.manifest, now)
    assert {one.name for one in spans if one.state == "now"} == open_now
    found = next_of(campaign, now)
    assert (found.what if found else None) == following


def test_the_days_are_said_as_people_say_them(names: Any) -> None:
    school = School.objects.create(uai="9990001X", name="Collège du Test")
    head = names.client(names.staff("head", "head", school=school))
    for days, said in ((0.0001, "."), (3, "dans 3 jours")):
        soon = clock.now() + days * DAYS
        names.start(opens_at=soon, closes_at=soon + DAYS, results_close_at=soon + 9 * DAYS)
        for page in ("/", "/calendrier/"):
            text = head.get(page).content.decode()
            assert "Les passations ouvrent" in text
            assert said in text


def test_the_ministry_finds_a_school_among_many(names: Any) -> None:
    School.objects.bulk_create(
        School(uai=f"{n:07}X", name=f"École {n}", academy="RENNES" if n % 2 else "LYON", town="A")
        for n in range(250)
    )
    agent = names.client(names.staff("agent", "ministry"))
    first = agent.get("/").content.decode()
    assert "250 établissements" in first
    assert first.count('scope="row"') == 100
    assert "École 249" in agent.get("/?page=3").content.decode()
    assert agent.get("/?academie=LYON").content.decode().count('scope="row"') == 100
    assert "125 établissements" in agent.get("/?academie=LYON").content.decode()
    assert agent.get("/?q=%C3%89cole%20201").content.decode().count('scope="row"') == 1
    assert "Aucun établissement" in agent.get("/?q=%25zz").content.decode()
    assert agent.get("/?page=x").status_code == 200
