# SPDX-License-Identifier: AGPL-3.0-or-later
"""The board of an académie: what is late first, filters, and never a name."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest

from encrier import clock
from encrier_names.figures import participation
from encrier_names.followup import board, tallies
from encrier_names.followup.models import Sampled
from encrier_names.schools.models import Kind, School

DAYS = timedelta(days=1)


@pytest.fixture
def country(names: Any) -> Any:
    """A window that is open since four days; five schools, of two académies."""
    now = clock.now()
    names.start(opens_at=now - 4 * DAYS, closes_at=now + 10 * DAYS)
    done = names.validated_class(6, uai="0350001L")
    late = names.open_class(5, uai="0350002M")
    small = names.validated_class(2, uai="0350003N")
    places = {
        "0350001L": ("Collège des Dunes", "ILLE-ET-VILAINE", True),
        "0350002M": ("Collège des Marais", "MORBIHAN", True),
        "0350003N": ("Collège Saint-Yves", "MORBIHAN", False),
        "0350004P": ("École du Port", "MORBIHAN", True),
    }
    School.objects.create(uai="0350004P", name="École", kind=Kind.FIRST_DEGREE)
    for uai, (name, department, is_public) in places.items():
        School.objects.filter(uai=uai).update(
            name=name, town="Vannes", department=department, academy="RENNES", is_public=is_public
        )
    School.objects.create(uai="0690001B", name="Collège du Rhône", academy="LYON", town="Lyon")
    tallies.rebuild()
    return done, late, small


def lines(page: Any) -> list[str]:
    """The schools of a board, in their order."""
    return [line.split("</a>")[0].split(">")[-1] for line in page.split('scope="row">')[1:]]


def test_what_is_late_comes_first_and_says_why(names: Any, country: Any) -> None:
    page = names.client(names.staff("a", "academy", academy="RENNES")).get("/").content.decode()
    assert lines(page) == ["Collège des Marais", "Collège Saint-Yves", "Collège des Dunes"]
    assert "Fenêtre ouverte depuis 4 jours et liste non validée" in page
    assert "Vérifier et valider les listes" in page
    assert "En retard" in page
    assert "Collège du Rhône" not in page
    assert "École du Port" not in page  # a campaign of sixième is not about it
    assert "ZORGLUB" not in page.upper()


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("?departement=MORBIHAN", {"Collège des Marais", "Collège Saint-Yves"}),
        ("?secteur=prive", {"Collège Saint-Yves"}),
        ("?couleur=red", {"Collège des Marais"}),
        ("?etape=to-print", {"Collège des Dunes", "Collège Saint-Yves"}),
        ("?q=dunes", {"Collège des Dunes"}),
        ("?q=0350003", {"Collège Saint-Yves"}),
        ("?echantillon=oui", {"Collège des Dunes"}),
        ("?academie=LYON", set()),
        ("?couleur=blue&tri=zz&page=99999", {"Collège des Dunes", "Collège des Marais",
                                             "Collège Saint-Yves"}),
    ],
)  # fmt: skip
def test_the_board_finds_what_is_asked_for(
    names: Any, country: Any, asked: str, found: set[str]
) -> None:
    Sampled.objects.create(school=country[0].school)
    client = names.client(names.staff("a", "academy", academy="RENNES"))
    assert set(lines(client.get(f"/suivi/{asked}").content.decode())) == found


def test_a_page_of_the_board_holds_fifty_schools(names: Any) -> None:
    School.objects.bulk_create(
        School(uai=f"{n:07}X", name=f"Collège {n:03}", academy="NICE") for n in range(120)
    )
    client = names.client(names.staff("a", "academy", academy="NICE"))
    assert len(lines(client.get("/suivi/?tri=nom").content.decode())) == board.A_PAGE
    last = client.get("/suivi/?tri=nom&page=3").content.decode()
    assert lines(last)[-1] == "Collège 119"
    assert "Page 3 sur 3" in last


def test_the_file_of_the_board_hides_small_schools_and_runs_nothing(
    names: Any, country: Any
) -> None:
    School.objects.filter(uai="0350001L").update(name="=HYPERLINK(1)")
    client = names.client(names.staff("a", "academy", academy="RENNES"))
    content = client.get("/suivi/etablissements.csv?departement=MORBIHAN").content.decode()
    rows = list(csv.DictReader(io.StringIO(content.removeprefix("\ufeff")), delimiter=";"))
    told = {row["UAI"]: (row["Élèves"], row["Attendus"]) for row in rows}
    assert told == {"0350002M": ("5", "0"), "0350003N": ("moins de 5", "")}
    whole = client.get("/suivi/etablissements.csv").content.decode()
    assert ";'=HYPERLINK(1);" in whole


def test_a_school_is_seen_without_a_name_and_without_a_way_to_one(names: Any, country: Any) -> None:
    division, _late, _small = country
    for role, academy in (("academy", "RENNES"), ("ministry", "")):
        client = names.client(names.staff(role, role, academy=academy))
        page = client.get(f"/suivi/etablissements/{division.school.id}/").content.decode()
        assert "6B" in page
        assert "ZORGLUB" not in page.upper()
        assert "/classes/" not in page


def test_a_class_of_a_few_is_not_counted_for_the_academie(names: Any, country: Any) -> None:
    *_others, small = country
    client = names.client(names.staff("a", "academy", academy="RENNES"))
    page = client.get(f"/suivi/etablissements/{small.school.id}/").content.decode()
    assert "trop peu d’élèves" in page


def test_the_ministry_sees_the_country_on_one_page(names: Any, country: Any) -> None:
    page = names.client(names.staff("m", "ministry")).get("/suivi/france/").content.decode()
    assert "RENNES" in page
    assert "LYON" in page
    assert "Fenêtre ouverte depuis 4 jours et aucune liste" in page
    assert "ZORGLUB" not in page.upper()


def test_a_correspondent_of_no_academie_follows_nobody(names: Any, country: Any) -> None:
    participation.keep_if_due(clock.now())
    client = names.client(names.staff("a", "academy"))
    assert lines(client.get("/suivi/").content.decode()) == []
    for page in ("/suivi/participation/", "/suivi/participation.csv"):
        assert client.get(page).status_code == 409
