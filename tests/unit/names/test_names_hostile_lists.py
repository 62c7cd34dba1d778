# SPDX-License-Identifier: AGPL-3.0-or-later
"""Hostile lists through the page: what the head reads, what is taken in, how odd names look."""

import html
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pypdf import PdfReader

from encrier_names.codesheets.sheet import sheet_pdf
from encrier_names.codesheets.validation import validate
from encrier_names.imports.models import WaitingImport
from encrier_names.rosters.refusals import TooLarge
from encrier_names.schools.models import Division, Pupil, School

HEADER = "Nom;Prénom;Date de naissance;Sexe;INE;Niveau;Classe;UAI"
GOOD = "BALDÉRIQUE;Timothé;30/08/2015;M;999000501BA;6e;6B;9990001X"


def row(last: str = "DUPONT", first: str = "Léa", *, ine: str = "999000502CB", **more: str) -> str:
    born, uai = more.get("born", "01/02/2015"), more.get("uai", "")
    return f"{last};{first};{born};F;{ine};6e;{more.get('division', '6B')};{uai}"


def file(*lines: str) -> Any:
    return SimpleUploadedFile("liste.csv", "\r\n".join([HEADER, *lines]).encode())


@pytest.fixture
def school(names: Any) -> School:
    return School.objects.create(uai="9990001X", name="Collège du Test")


@pytest.fixture
def head(names: Any, school: School) -> Any:
    return names.client(names.staff("head", "head", school=school))


def pages_of(head: Any, given: Any) -> str:
    """The page after the file is given, whichever it is, as text."""
    answer = head.post("/listes/", {"file": given})
    shown = head.get(answer["location"]) if answer.status_code == 302 else answer
    return html.unescape(shown.content.decode()).replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Ce fichier est vide"),
        (b"%PDF-1.7\n", "C’est un PDF"),
        (b"PK\x03\x04 cut", "coupée ou abîmée"),
        (b"<table><tr><td>Nom</td></tr></table>", "page web"),
        (b"\xff\xd8\xff\xe0" + bytes(99), "C’est une image"),
        (bytes(17 * 2**20), "plus gros que la liste"),
        ("\r\n".join([HEADER, row(uai="9990002Y")]).encode(), "autre établissement"),
        (HEADER.encode("utf-16"), "UTF-16"),
        (b"BALD;Tim;6e", "ligne de titres"),
    ],
)
def test_a_refused_file_leaves_nothing_behind(head: Any, content: bytes, said: str) -> None:
    head.post(head.post("/listes/", {"file": file(GOOD)})["location"])
    before = list(Pupil.objects.values_list("id", "identity_box"))
    assert said in pages_of(head, SimpleUploadedFile("liste.csv", content))
    assert list(Pupil.objects.values_list("id", "identity_box")) == before
    assert WaitingImport.objects.count() == 0


def test_a_file_of_many_megabytes_is_refused_before_it_is_taken(head: Any) -> None:
    """From 32 MB on Django takes no file of a request: the rest only costs the line."""
    large = SimpleUploadedFile("liste.csv", bytes(33 * 2**20))
    answer = head.post("/listes/", {"file": large})
    assert answer.status_code == 400
    assert TooLarge.what in answer.content.decode()


@pytest.mark.parametrize(
    ("lines", "said", "n_taken"),
    [
        ([row("=1+1")], "commence comme une formule", 1),
        ([row("<script>alert(1)</script>")], "un signe inattendu", 2),
        ([row(first="")], "manque le nom ou le prénom", 1),
        ([row(born="01/02/2999")], "la date de naissance n’existe pas", 2),
        ([row(uai="9990002Y")], "Un élève est d’un autre établissement", 1),
        ([HEADER, row()], "la ligne de titres revient", 2),
        (["Total : 2 élèves;;;;;;;"], "c’est un total", 1),
        ([row(ine="999000501BA")], "cet INE est aussi celui de la ligne 2", 2),
        ([row(division="=1+1")], "le nom de la classe", 1),
    ],
)
def test_good_rows_are_taken_in_beside_bad_ones(
    head: Any, lines: list[str], said: str, n_taken: int
) -> None:
    answer = head.post("/listes/", {"file": file(GOOD, *lines)})
    shown = html.unescape(head.get(answer["location"]).content.decode()).replace("\u00a0", " ")
    assert said in shown
    head.post(answer["location"])
    assert Pupil.objects.filter(division__label="6B").count() == n_taken


ODD = [
    ("<script>alert(1)</script>", "<img src=x onerror=alert(1)>"),
    ("DU\u202ePONT", "L\u200béa"),
    ("#panic()", "*gras* _x_ $1$ @lien"),
    ("O’BRIEN & FILS", "\\u{1F600} `x`"),
    ("{{ 7|add:7 }}", "{% now 'Y' %}"),
]


def test_odd_names_stay_text_on_every_page_and_on_paper(
    names: Any, head: Any, school: School
) -> None:
    lines = [row(last, first, ine=f"99900060{n}AB") for n, (last, first) in enumerate(ODD)]
    waiting = head.post("/listes/", {"file": file(*lines)})["location"]
    raw = head.get(waiting).content.decode()
    head.post(waiting)
    division = Division.objects.get(school=school)
    validate(division)
    division.refresh_from_db()
    pages = (f"/classes/{division.id}/", f"/classes/{division.id}/passation/")
    for page in (raw, *(head.get(address).content.decode() for address in pages)):
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "&lt;script&gt;" in page
        assert "{{ 7|add:7 }}" in page
        assert not {"\u202e", "\u200b"} & set(page)
    assert all("DUPONT" in head.get(address).content.decode() for address in pages)
    sheets = PdfReader(io.BytesIO(sheet_pdf(division, names.manifest)))
    paper = " ".join("".join(page.extract_text() for page in sheets.pages).split())
    for text in ("<script>alert(1)</script>", "#panic()", "*gras* _x_ $1$ @lien", "{{ 7|add:7 }}"):
        assert text in paper


def test_no_name_that_we_keep_begins_as_a_formula_whatever_wrote_it(head: Any) -> None:
    """So that no table that anybody makes of them runs one."""
    for first in ("=1+1", "+1", "-1", "@x", "\t=1", " =1", "\ufeff=1", "\u200b=1"):
        head.post("/listes/", {"file": file(GOOD, row(first=first))})
        waiting = WaitingImport.objects.get()
        head.post(f"/listes/{waiting.id}/")
    assert {p.identity.first_name for p in Pupil.objects.all()} == {"Timothé"}
    division = Division.objects.get()
    given = {"last_name": "DUPONT", "first_name": "\u200b=1+1"}
    assert head.post(f"/classes/{division.id}/ajouter/", given).status_code == 200
    assert Pupil.objects.count() == 1
