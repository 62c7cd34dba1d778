# SPDX-License-Identifier: AGPL-3.0-or-later
"""A list that waits: corrected in one click, compared with what there is, and taken back."""

import re
from html import unescape
from typing import Any

import pytest

from encrier_names.audit.models import Access, Action
from encrier_names.codesheets.validation import validate
from encrier_names.imports.models import TakenImport, WaitingImport
from encrier_names.schools.models import Division, Pupil, School

HEADER = "Nom;Prénom;Date de naissance;Sexe;INE;Niveau;Classe"
ROWS = [
    "BALDÉRIQUE;Timothé;30/08/2015;M;999000501BA;6e;6A",
    "CŒURDELIN;Anatole;27/11/2015;M;999000504EB;6e;6A",
    "ILUNGADIA;Merveille;01/04/2015;F;999000510AD;6e;6B",
]


@pytest.fixture
def head(names: Any) -> Any:
    """The head of a school with nothing in it yet."""
    school = School.objects.create(uai="9990001X", name="Collège du Test")
    return names.client(names.staff("head", "head", school=school))


def listed(*rows: str) -> bytes:
    return "\n".join([HEADER, *(rows or ROWS)]).encode()


def choose(names: Any, head: Any, *rows: str) -> str:
    """The address of the list that waits."""
    answer = head.post("/listes/", {"file": names.file(listed(*rows))})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["location"])


def take(names: Any, head: Any, *rows: str) -> str:
    """The address of the import that was confirmed."""
    return str(head.post(choose(names, head, *rows))["location"])


def text(head: Any, address: str) -> str:
    """What a page says, without its marks."""
    bare = unescape(re.sub(r"<[^>]+>", " ", head.get(address).content.decode()))
    return " ".join(bare.split())


def fixes(head: Any, address: str) -> list[dict[str, str]]:
    """The forms of the corrections of a page, as a browser would send them."""
    page = head.get(address).content.decode()
    found = []
    for form in re.findall(r'<form class="fix".*?</form>', page, re.DOTALL):
        fields = re.findall(r'<input[^>]* name="(\w+)"(?:[^>]* value="([^"]*)")?', form)
        action = re.search(r'action="([^"]+)"', form)
        assert action is not None
        found.append({"to": action[1], **{n: unescape(v) for n, v in fields if n[0] != "c"}})
    return found


def who() -> set[tuple[str, str]]:
    pupils = Pupil.objects.select_related("division")
    return {(p.identity.last_name, p.division.label) for p in pupils}


def test_a_row_that_was_refused_is_mended_in_one_click_and_taken_in(names: Any, head: Any) -> None:
    waiting = choose(names, head, ROWS[0], "=CMD();Wassim;16/07/2015;M;999000509KG;6e;6A")
    assert "1 élève prêt à être enregistré" in text(head, waiting)
    (fix,) = fixes(head, waiting)
    assert fix["value"] == "CMD()"
    answer = head.post(fix.pop("to"), fix)
    assert answer["location"].endswith("#remarques")
    shown = text(head, waiting)
    assert "2 élèves prêts à être enregistrés" in shown
    assert "1 élève corrigé" in shown
    head.post(waiting)
    assert who() == {("BALDÉRIQUE", "6A"), ("CMD()", "6A")}


def test_a_correction_is_taken_back(names: Any, head: Any) -> None:
    waiting = choose(names, head, "CŒURDELIN;Anatole;27/11/2015;;999000504EB;6e;6A")
    girl, boy = fixes(head, waiting)
    assert (girl["value"], boy["value"]) == ("F", "M")
    head.post(girl.pop("to"), girl)
    assert "sexe : fille" in text(head, waiting).replace("\u00a0", " ")
    (back,) = fixes(head, waiting)
    head.post(back.pop("to"), back)
    assert "le sexe n’est pas indiqué" in text(head, waiting)


def test_a_pupil_without_a_class_is_put_in_one_that_there_is(names: Any, head: Any) -> None:
    take(names, head)
    waiting = choose(names, head, *ROWS, "MOREAUVAL;Philéa;01/04/2015;F;999000511AE;6e;")
    (fix,) = fixes(head, waiting)
    assert fix["field"] == "division"
    page = head.get(waiting).content.decode()
    assert "<option>6A</option><option>6B</option>" in page
    head.post(fix.pop("to"), {**fix, "value": "6B"})
    head.post(waiting)
    assert ("MOREAUVAL", "6B") in who()


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"rank": "0"},
        {"rank": "7", "act": "out"},
        {"rank": "-1", "act": "out"},
        {"rank": "x", "act": "out"},
        {"rank": "0", "act": "burn"},
        {"rank": "0", "act": "write", "value": "x"},
        {"rank": "0", "act": "write", "field": "password", "value": "x"},
    ],
)
def test_a_correction_of_nothing_is_refused_in_words(
    names: Any, head: Any, given: dict[str, str]
) -> None:
    waiting = choose(names, head)
    answer = head.post(f"{waiting}corriger/", given)
    assert answer.status_code == 400
    assert "ne vise aucune ligne" in answer.content.decode()
    assert "3 élèves prêts" in text(head, waiting)


def test_a_second_list_says_who_arrives_leaves_moves_and_is_written_anew(
    names: Any, head: Any
) -> None:
    take(names, head)
    waiting = choose(
        names,
        head,
        "BALDÉRIQUE;Timothé;30/08/2015;M;999000501BA;6e;6B",
        "ILUNGADIA;Mervéille;01/04/2015;F;999000510AD;6e;6B",
        "MOREAUVAL;Philéa;01/05/2015;F;999000511AE;6e;6A",
    )
    shown = text(head, waiting).replace("\u00a0", " ")
    for words in (
        "1 arrivée MOREAUVAL Philéa, 6A",
        "1 départ CŒURDELIN Anatole",
        "1 changement de classe BALDÉRIQUE Timothé : de 6A à 6B",
        "1 fiche corrigée ILUNGADIA Merveille → ILUNGADIA Mervéille (prénom)",
    ):
        assert words in shown, words


def test_who_looks_like_a_pupil_we_know_is_asked_about(names: Any, head: Any) -> None:
    take(names, head)
    before = {p.identity.ine: p.id for p in Pupil.objects.all()}
    married = "DUCHEMIN;Anatole;27/11/2015;M;999000599ZZ;6e;6A"
    waiting = choose(names, head, ROWS[0], married, ROWS[2])
    assert "peut-être CŒURDELIN Anatole, déjà dans vos listes" in text(head, waiting)
    (fix,) = fixes(head, waiting)
    head.post(fix.pop("to"), fix)
    assert "arrivée" not in text(head, waiting)
    head.post(waiting)
    assert Pupil.objects.get(id=before["999000504EB"]).identity.last_name == "DUCHEMIN"
    assert Pupil.objects.count() == 3


def test_a_pupil_of_another_school_cannot_be_claimed(names: Any, head: Any) -> None:
    stranger = names.open_class(1, uai="9990002Y").pupils.first()
    waiting = choose(names, head)
    given = {"rank": "0", "pupil": str(stranger.id)}
    assert head.post(f"{waiting}meme-eleve/", given).status_code == 400


def test_an_import_is_taken_back_and_every_pupil_is_what_she_was(names: Any, head: Any) -> None:
    take(names, head)
    before = {p.id: (p.identity, p.division.label) for p in Pupil.objects.all()}
    moved = "BALDÉRIQUE;Timothée;30/08/2015;M;999000501BA;6e;6C"
    done = take(names, head, moved, "MOREAUVAL;Philéa;01/05/2015;F;999000511AE;6e;6A")
    assert "1 arrivée" in text(head, done)
    assert who() != {(i.last_name, label) for i, label in before.values()}
    assert head.post(f"{done}annuler/").status_code == 302
    assert {p.id: (p.identity, p.division.label) for p in Pupil.objects.all()} == before
    assert set(Division.objects.values_list("label", flat=True)) == {"6A", "6B"}
    assert Access.objects.latest("id").action == Action.IMPORT_UNDONE
    assert head.get(done).status_code == 404


@pytest.mark.parametrize("since", ["corrected", "removed", "validated"])
def test_an_import_whose_class_has_changed_since_stays(names: Any, head: Any, since: str) -> None:
    done = take(names, head)
    division = Division.objects.get(label="6A")
    pupil = division.pupils.first()
    assert pupil is not None
    if since == "validated":
        validate(division)
    elif since == "removed":
        head.post(f"/eleves/{pupil.id}/retirer/")
    else:
        given = {"last_name": "AUTREMENT", "first_name": "Tim"}
        head.post(f"/eleves/{pupil.id}/corriger/", given)
    n_pupils = Pupil.objects.count()
    answer = head.post(f"{done}annuler/")
    assert answer.status_code == 409
    assert "a changé depuis" in answer.content.decode()
    assert Pupil.objects.count() == n_pupils


def test_the_next_import_is_the_one_that_can_be_taken_back(names: Any, head: Any) -> None:
    first = take(names, head)
    second = take(names, head)
    assert head.get(first).status_code == 404
    assert head.get(second).status_code == 200
    assert TakenImport.objects.count() == 1


def test_no_name_of_a_list_that_waits_or_was_taken_is_written_in_clear(
    names: Any, head: Any
) -> None:
    take(names, head)
    waiting = choose(names, head, ROWS[0], "ZORGLUBIN;Zoé;01/01/2015;;;6e;6A")
    girl, _boy, *_ = fixes(head, waiting)
    head.post(girl.pop("to"), girl)
    assert WaitingImport.objects.count() == TakenImport.objects.count() == 1
    written = names.every_byte()
    for name in ("ZORGLUBIN", "BALDÉRIQUE", "ILUNGADIA"):
        assert name.encode() not in written


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_empty_list_is_filled_in_and_read(names: Any, head: Any, kind: str) -> None:
    answer = head.get(f"/listes/modele.{kind}")
    assert answer.status_code == 200
    empty = head.post("/listes/", {"file": names.file(answer.content)})
    assert "Aucun élève à enregistrer" in text(head, empty["location"])
    assert head.get("/listes/modele.exe").status_code == 404
