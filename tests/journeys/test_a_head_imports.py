# SPDX-License-Identifier: AGPL-3.0-or-later
"""A head of school, from the sign-in to the codes: a workbook with faults, corrected there."""

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

import pytest
from openpyxl import Workbook
from playwright.sync_api import Page, expect

from encrier_names.rosters.identifiers import uai_letter
from stagecraft.accessibility import faults, too_wide
from stagecraft.classroom import Classroom

pytestmark = pytest.mark.journey
UAI: Final = "9990004" + uai_letter("9990004")
HEADER: Final = ("Nom", "Prénom", "Date de naissance", "Sexe", "INE", "Niveau", "Classe")
GOOD: Final = [
    ("BALDÉRIQUE", "Timothé", "30/08/2015", "M", "999000501BA", "6e", "6A"),
    ("ILUNGADIA", "Merveille", "01/04/2015", "F", "999000510AD", "6e", "6A"),
]
FAULTY: Final = [
    ("CŒURDELIN", "Anatole", "27/11/2015", "", "999000504EB", "6e", "6A"),
    ("+MOREAUVAL", "Philéa", "01/05/2015", "F", "999000511AE", "6e", "6A"),
    ("DUCHEMIN", "Inès", "31/02/2015", "F", "999000512AF", "6e", ""),
]
WIDTHS: Final = [(1024, 768), (390, 844)]


class Office(NamedTuple):
    """A head of a school whose lists are empty."""

    classroom: Classroom
    user: str
    password: str


@pytest.fixture(scope="module")
def office(classroom: Classroom, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """The school of the directory, and an account for its head."""
    directory = tmp_path_factory.mktemp("directory") / "annuaire.csv"
    directory.write_text(f"uai;nom;type\n{UAI};Collège des Embruns;COLLEGE\n", "utf-8")
    classroom.stage.names.run("import-schools", directory)
    password = classroom.stage.open_account("embruns", "--role", "head", "--school", UAI)
    return Office(classroom, "embruns", password)


def workbook(folder: Path, rows: Sequence[tuple[str, ...]]) -> Path:
    book = Workbook()
    sheet = book.active or book.create_sheet()
    for row in (HEADER, *rows):
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    file = folder / "liste.xlsx"
    file.write_bytes(out.getvalue())
    return file


def sign_in(page: Page, office: Office) -> None:
    sign_in_as(page, office, office.user, office.password)


def sign_in_as(page: Page, office: Office, user: str, password: str) -> None:
    page.goto(office.classroom.stage.names_url)
    page.get_by_label("Identifiant").fill(user)
    page.get_by_label("Mot de passe").fill(password)
    page.get_by_role("button", name="Se connecter").click()


def give(page: Page, file: Path) -> None:
    page.get_by_role("link", name="Importer une liste d’élèves").click()
    page.get_by_label("Fichier de la liste").set_input_files(file)
    page.get_by_role("button", name="Lire ce fichier").click()


@pytest.mark.parametrize(("width", "height"), WIDTHS)
def test_a_list_with_faults_is_read_corrected_and_taken_back(
    width: int, height: int, office: Office, tmp_path: Path
) -> None:
    with office.classroom.computer(width, height) as page:
        sign_in(page, office)
        give(page, workbook(tmp_path, [*GOOD, *FAULTY]))
        assert faults(page) == []
        assert not too_wide(page)
        expect(page.get_by_text("3 élèves prêts")).to_be_visible()
        remark = page.locator(".defects li", has_text="CŒURDELIN")
        remark.get_by_role("button", name="Garçon").click()
        remark = page.locator(".defects li", has_text="MOREAUVAL")
        remark.get_by_role("button", name="Écrire").click()
        remark = page.locator(".defects li", has_text="n’existe pas")
        remark.get_by_label("Date de naissance").fill("2015-02-28")
        remark.get_by_role("button", name="Corriger").click()
        remark = page.locator(".defects li", has_text="aucune classe")
        remark.get_by_label("Classe").select_option("6A")
        remark.get_by_role("button", name="Corriger").click()
        expect(page.get_by_text("5 élèves prêts")).to_be_visible()
        expect(page.get_by_text("3 élèves corrigés")).to_be_visible()
        assert faults(page) == []
        page.get_by_role("button", name="Confirmer et enregistrer").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Liste enregistrée")
        assert faults(page) == []
        assert not too_wide(page)
        page.get_by_role("button", name="Annuler cet import").click()
        expect(page.get_by_text("Aucune classe pour l’instant")).to_be_visible()
        page.get_by_role("button", name="Se déconnecter").click()
        expect(page.get_by_role("button", name="Se connecter")).to_be_visible()


def test_from_a_file_to_a_validated_list_in_twelve_clicks(office: Office, tmp_path: Path) -> None:
    """The head has no surprise; what he types to sign in is not counted."""
    with office.classroom.computer() as page:
        page.add_init_script(
            "addEventListener('click', () => sessionStorage.setItem("
            "'clicks', Number(sessionStorage.getItem('clicks') ?? 0) + 1), true)"
        )
        sign_in(page, office)
        page.evaluate("() => sessionStorage.setItem('clicks', 0)")
        give(page, workbook(tmp_path, GOOD))
        page.get_by_role("button", name="Confirmer et enregistrer").click()
        page.get_by_role("link", name="6A").click()
        page.get_by_label("Je déclare avoir vérifié cette liste").check()
        page.get_by_role("button", name="Valider et tirer les codes").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("6A")
        clicks = int(page.evaluate("() => sessionStorage.getItem('clicks')"))
        assert 0 < clicks <= 12
        page.get_by_role("link", name="encrier").click()
        expect(page.get_by_text("validée")).to_be_visible()


def test_what_the_next_file_changes_is_shown_by_name(office: Office, tmp_path: Path) -> None:
    """After the list of the test before, whose class is validated: nothing of it changes."""
    with office.classroom.computer() as page:
        sign_in(page, office)
        arrived = ("ZORGLUBIN", "Zoé", "01/01/2015", "F", "999000520AN", "6e", "6B")
        give(page, workbook(tmp_path, [GOOD[0], arrived]))
        expect(page.get_by_text("déjà validée")).to_be_visible()
        expect(page.locator(".changes")).to_contain_text("ZORGLUBIN Zoé, 6B")
        assert faults(page) == []


def test_two_classes_are_validated_by_one_declaration(office: Office, tmp_path: Path) -> None:
    """From the file to two validated lists, still in twelve clicks."""
    pupils = [
        (f"{word}{label[1]}", "Ada", "01/01/2015", "F", f"9990006{i}{j}AN", "6e", label)
        for i, label in enumerate(("6D", "6E"))
        for j, word in enumerate(("VRILLAC", "OSMANTHE"))
    ]
    with office.classroom.computer() as page:
        page.add_init_script(
            "addEventListener('click', () => sessionStorage.setItem("
            "'clicks', Number(sessionStorage.getItem('clicks') ?? 0) + 1), true)"
        )
        sign_in(page, office)
        page.evaluate("() => sessionStorage.setItem('clicks', 0)")
        give(page, workbook(tmp_path, pupils))
        page.get_by_role("button", name="Confirmer et enregistrer").click()
        page.get_by_role("link", name="Valider les 2 classes").click()
        assert faults(page) == []
        assert not too_wide(page)
        page.get_by_label("Je déclare avoir vérifié ces 2 listes").check()
        page.get_by_role("button", name="Valider les 2 classes").click()
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        clicks = int(page.evaluate("() => sessionStorage.getItem('clicks')"))
        assert 0 < clicks <= 12
        page.get_by_role("link", name="encrier").click()
        expect(page.get_by_text("à valider", exact=True)).to_have_count(0)
        page.get_by_role("button", name="Se déconnecter").click()
        expect(page.get_by_role("button", name="Se connecter")).to_be_visible()


def test_a_pupil_who_is_away_no_longer_waits(office: Office) -> None:
    """In the class that was validated before."""
    with office.classroom.computer() as page:
        sign_in(page, office)
        page.get_by_role("link", name="6A").click()
        page.get_by_role("link", name="Corriger").first.click()
        assert faults(page) == []
        page.get_by_role("link", name="Cet élève ne passe pas l’évaluation").click()
        page.get_by_role("button", name="Clore sa ligne").click()
        page.get_by_label("Absent pendant toute la période").check()
        page.get_by_role("button", name="Clore sa ligne").click()
        expect(page.locator("tbody tr").first).to_contain_text("Absent")
        assert faults(page) == []
        page.get_by_role("link", name="Absence").first.click()
        page.get_by_role("button", name="L’attendre de nouveau").click()
        expect(page.locator("tbody tr").first).to_contain_text("Attendu")


@pytest.mark.parametrize(("width", "height"), WIDTHS)
def test_calendar_and_schools_have_no_fault(width: int, height: int, office: Office) -> None:
    password = office.classroom.stage.open_account(f"agent-{width}", "--role", "ministry")
    with office.classroom.computer(width, height) as page:
        sign_in_as(page, office, f"agent-{width}", password)
        page.get_by_label("Nom, commune ou UAI").fill("embruns")
        page.get_by_role("button", name="Chercher").click()
        expect(page.get_by_role("link", name="Collège des Embruns")).to_be_visible()
        for look in ("Calendrier", None):
            assert faults(page) == []
            assert not too_wide(page)
            if look:
                page.get_by_role("link", name=look).click()
                expect(page.get_by_role("heading", level=1)).to_have_text(look)
