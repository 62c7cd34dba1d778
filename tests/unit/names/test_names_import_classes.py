# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an import does to classes: none is made empty, levels stay together, known names stay."""

import html
from typing import Any

import msgspec
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from encrier_names.codesheets.sheet import sheet
from encrier_names.imports.plan import kept
from encrier_names.schools.models import Division, Identity, Pupil, School
from stagecraft.campaign_files import BUNDLES, TWO_LEVELS, ahead, text

HEADER = "Nom;Prénom;Date de naissance;Sexe;INE;Niveau;Classe"


def file(*lines: str, header: str = HEADER) -> Any:
    return SimpleUploadedFile("liste.csv", "\r\n".join([header, *lines]).encode())


def row(n: int, *, level: str = "6e", division: str = "6B", last: str = "") -> str:
    name = last or f"NOM{chr(65 + n)}"
    return f"{name};Léa;0{n + 1}/02/2015;F;9990005{n:02}AB;{level};{division}"


@pytest.fixture
def head(names: Any) -> Any:
    school = School.objects.create(uai="9990001X", name="Collège du Test")
    return names.client(names.staff("head", "head", school=school))


def take(head: Any, *lines: str, header: str = HEADER) -> str:
    """Give a file and confirm; the page in between."""
    waiting = head.post("/listes/", {"file": file(*lines, header=header)})["location"]
    page = html.unescape(head.get(waiting).content.decode()).replace("\u00a0", " ")
    head.post(waiting)
    return page


def validate(head: Any, label: str) -> Any:
    division = Division.objects.get(label=label)
    done = head.post(f"/classes/{division.id}/valider/", {"declaration": "yes"})
    assert done.status_code == 302
    division.refresh_from_db()
    return division


def test_a_class_whose_pupils_all_stay_in_a_validated_one_is_not_made(head: Any) -> None:
    take(head, row(0), row(1))
    validate(head, "6B")
    page = take(head, row(0, division="6C"), row(1, division="6C"), row(2, division="6D"))
    assert set(Division.objects.values_list("label", flat=True)) == {"6B", "6D"}
    assert Division.objects.get(label="6B").pupils.count() == 2
    assert "ses élèves restent dans leur classe validée" in page


def test_a_class_that_some_pupils_join_is_made_for_these(head: Any) -> None:
    take(head, row(0), row(1))
    validate(head, "6B")
    page = take(head, row(0, division="6C"), row(2, division="6C"))
    assert Division.objects.get(label="6C").pupils.count() == 1
    assert "1 élève prêt" in page


def two_levels(names: Any) -> None:
    """A campaign of CP and CE1, each with its booklet, that has not begun."""
    entry = names.manifest.bundles[0]
    ahead(names, bundles=[entry, msgspec.structs.replace(entry, id=BUNDLES[1])], level="CE1")
    names.fix(text(names, levels=TWO_LEVELS.replace("6E", "CP")))


def test_a_class_of_two_levels_is_one_list_whose_slips_are_of_each_level(
    names: Any, head: Any
) -> None:
    two_levels(names)
    lines = [row(n, level="CP" if n % 2 else "CE1", division="CP-CE1") for n in range(4)]
    page = take(head, *lines)
    assert "réunit plusieurs niveaux (CP : 2, CE1 : 2)" in page
    assert "une liste par niveau" not in page
    division = validate(head, "CP-CE1")
    listed = head.get(f"/classes/{division.id}/").content.decode()
    assert listed.count("<td>CP</td>") == listed.count("<td>CE1</td>") == 2
    made = sheet(division, names.manifest)
    assert {slip.level for slip in made.slips} == {"CP", "CE1"}
    assert len({slip.colour for slip in made.slips}) == 2


def test_a_pupil_who_is_added_to_a_class_of_two_levels_says_hers(names: Any, head: Any) -> None:
    two_levels(names)
    take(head, row(0, level="CP", division="CP-CE1"), row(1, level="CE1", division="CP-CE1"))
    division = Division.objects.get()
    assert "Niveau" in head.get(f"/classes/{division.id}/ajouter/").content.decode()
    given = {"last_name": "ARRIVÉE", "first_name": "Tardive", "level": "CE1"}
    assert head.post(f"/classes/{division.id}/ajouter/", given).status_code == 302
    assert Pupil.objects.filter(level="CE1").count() == 2
    wrong = {**given, "last_name": "AUTRE", "level": "6E"}
    assert head.post(f"/classes/{division.id}/ajouter/", wrong).status_code == 200
    assert Pupil.objects.count() == 3


def test_a_campaign_of_one_level_does_not_ask_for_it(names: Any, head: Any) -> None:
    take(head, row(0))
    division = Division.objects.get()
    assert "Niveau" not in head.get(f"/classes/{division.id}/ajouter/").content.decode()


def test_a_list_in_capitals_does_not_take_accents_away(head: Any) -> None:
    take(head, row(0, last="CŒURDELIN-HÉBÉ"))
    page = take(head, row(0, last="COEURDELIN-HEBE"))
    assert Pupil.objects.get().identity.last_name == "CŒURDELIN-HÉBÉ"
    assert "1 élève inchangé" in page


def test_a_list_without_a_column_does_not_take_away_what_is_known(head: Any) -> None:
    take(head, row(0))
    take(head, "NOMA;Léa;01/02/2015;6e;6B", header="Nom;Prénom;Date de naissance;Niveau;Classe")
    (pupil,) = Pupil.objects.all()
    assert (pupil.identity.ine, pupil.identity.sex) == ("999000500AB", "F")


@pytest.mark.parametrize(
    ("was", "now", "then"),
    [
        ("HÉBÉ", "HEBE", "HÉBÉ"),
        ("HEBE", "HÉBÉ", "HÉBÉ"),
        ("Hébé", "HÉBÉ", "HÉBÉ"),
        ("HÉBÉ", "HEBERT", "HEBERT"),
        ("CŒUR", "COEUR", "CŒUR"),
        ("D’ORÉ", "D'ORE", "D’ORÉ"),
    ],
)
def test_of_two_spellings_the_one_with_its_accents_is_kept(was: str, now: str, then: str) -> None:
    known = Identity(last_name=was, first_name="Léa", ine="999000500AB")
    found = kept(Identity(last_name=now, first_name="LEA"), known)
    assert found.last_name == then
    assert found.first_name == "Léa"
    assert found.ine == "999000500AB"
