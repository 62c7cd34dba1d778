# SPDX-License-Identifier: AGPL-3.0-or-later
"""Those who follow schools, from sign-in to sign-out: a correspondent, the DEPP, then a head.

The correspondent writes to a school that is late and extends its window; the agent reads the
country; the head reads the message and declares the end. No name is shown but to the head.
"""

from typing import Final, NamedTuple

import pytest
from playwright.sync_api import Page, expect

from encrier_names.rosters.identifiers import uai_letter
from stagecraft.accessibility import faults, too_wide
from stagecraft.classroom import Classroom

pytestmark = pytest.mark.journey
UAI: Final = "9990007" + uai_letter("9990007")
LATE_UAI: Final = "9990008" + uai_letter("9990008")
WIDTHS: Final = [(1024, 768), (390, 844)]
LIST: Final = """Nom;Prénom;Date de naissance;Niveau;Classe
VALORIMON;Cyprien;01/02/2015;6e;6A
TARASQUIN;Élodie;03/04/2015;6e;6A
"""


class Country(NamedTuple):
    """Two schools of one académie, and who signs in."""

    classroom: Classroom
    passwords: dict[str, str]


@pytest.fixture(scope="module")
def country(classroom: Classroom, tmp_path_factory: pytest.TempPathFactory) -> Country:
    """A school that is ready and one without a list."""
    folder, names = tmp_path_factory.mktemp("country"), classroom.stage.names
    directory = folder / "annuaire.csv"
    schools = ((UAI, "Collège du Phare"), (LATE_UAI, "Collège du Goulet"))
    lines = [f"{uai};{name};COLLEGE;Brest;FINISTERE;RENNES;PU" for uai, name in schools]
    header = "uai;nom;type;commune;departement;academie;secteur"
    directory.write_text("\n".join([header, *lines]), "utf-8")
    names.run("import-schools", directory)
    listed = folder / f"{UAI}.csv"
    listed.write_text(LIST, "utf-8")
    names.run("import", listed, "--school", UAI)
    names.run("validate", "--school", UAI, "--division", "6A")
    names.run("recount")
    names.run("exchange")
    open_account = classroom.stage.open_account
    return Country(
        classroom,
        {
            "correspondante": open_account(
                "correspondante", "--role", "academy", "--academy", "RENNES"
            ),
            "statisticien": open_account("statisticien", "--role", "ministry"),
            "phare": open_account("phare", "--role", "head", "--school", UAI),
            "goulet": open_account("goulet", "--role", "head", "--school", LATE_UAI),
        },
    )


def sign_in(page: Page, country: Country, user: str) -> None:
    page.goto(country.classroom.stage.names_url)
    page.get_by_label("Identifiant").fill(user)
    page.get_by_label("Mot de passe").fill(country.passwords[user])
    page.get_by_role("button", name="Se connecter", exact=True).click()


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Se déconnecter").click()
    expect(page.get_by_role("button", name="Se connecter", exact=True)).to_be_visible()


def looked_at(page: Page) -> None:
    """No fault, not too wide, and no pupil's name."""
    assert faults(page) == []
    assert not too_wide(page)
    assert "VALORIMON" not in page.content()


@pytest.mark.parametrize(("width", "height"), WIDTHS)
def test_a_correspondent_follows_the_schools_of_her_academie(
    width: int, height: int, country: Country
) -> None:
    with country.classroom.computer(width, height) as page:
        sign_in(page, country, "correspondante")
        expect(page.get_by_role("heading", level=1)).to_contain_text("Suivi des établissements")
        late = page.get_by_role("row").filter(has_text="Collège du Goulet")
        expect(late).to_contain_text("En retard")
        expect(late).to_contain_text("aucune liste")
        looked_at(page)
        page.get_by_label("Étape").select_option("no-list")
        page.get_by_role("button", name="Chercher").click()
        expect(page.get_by_role("link", name="Collège du Phare")).to_have_count(0)
        page.get_by_role("link", name="Collège du Goulet").click()
        looked_at(page)
        page.get_by_role("link", name="Prolonger sa fenêtre").click()
        looked_at(page)
        page.get_by_label("Dernier jour de passation").select_option(index=1)
        page.get_by_label("Raison").fill("Panne de réseau toute la semaine")
        page.get_by_role("button", name="Prolonger").click()
        expect(page.get_by_text("Panne de réseau toute la semaine")).to_be_visible()
        page.get_by_role("link", name="Lui écrire").click()
        page.get_by_label("Objet").fill(f"Votre liste {width}")
        page.get_by_label("Message", exact=True).fill("Importez votre liste avant vendredi.")
        page.get_by_label("Page où mène le message").select_option("import-choose")
        looked_at(page)
        page.get_by_role("button", name="Envoyer à 1 établissement").click()
        expect(page.get_by_text("Lu par 0 établissements sur 1")).to_be_visible()
        looked_at(page)
        page.get_by_role("link", name="Participation").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Participation")
        looked_at(page)
        sign_out(page)


@pytest.mark.parametrize(("width", "height"), WIDTHS)
def test_an_agent_of_the_depp_reads_the_country(width: int, height: int, country: Country) -> None:
    with country.classroom.computer(width, height) as page:
        sign_in(page, country, "statisticien")
        page.get_by_role("link", name="France", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("France")
        looked_at(page)
        page.get_by_role("link", name="RENNES", exact=True).click()
        expect(page.get_by_role("link", name="Collège du Phare")).to_be_visible()
        looked_at(page)
        page.get_by_role("link", name="Participation").click()
        looked_at(page)
        with page.expect_download() as file:
            page.get_by_role("link", name="Fichier CSV").click()
        assert file.value.suggested_filename == "participation.csv"
        sign_out(page)


def test_a_head_reads_a_message_sees_who_is_missing_and_declares_the_end(country: Country) -> None:
    with country.classroom.computer() as page:
        sign_in(page, country, "statisticien")
        page.get_by_role("link", name="Messages").click()
        page.goto(f"{country.classroom.stage.names_url}/messages/ecrire/?q={UAI}")
        page.get_by_label("Objet").fill("Derniers jours")
        page.get_by_label("Message", exact=True).fill("Déclarez la fin dès que possible.")
        page.get_by_role("button", name="Envoyer à 1 établissement").click()
        sign_out(page)
        sign_in(page, country, "phare")
        expect(page.get_by_text("Déclarez la fin dès que possible.")).to_be_visible()
        assert faults(page) == []
        page.get_by_role("button", name="J’ai lu").click()
        expect(page.get_by_text("Déclarez la fin dès que possible.")).to_have_count(0)
        page.goto(f"{country.classroom.stage.names_url}/manquants/")
        expect(page.get_by_role("row").filter(has_text="VALORIMON")).to_contain_text("commencé")
        assert faults(page) == []
        page.goto(f"{country.classroom.stage.names_url}/fin/")
        page.get_by_label("Je déclare que tous les élèves").check()
        assert faults(page) == []
        page.get_by_role("button", name="Déclarer la fin").click()
        expect(page.get_by_text("Fin déclarée le")).to_be_visible()
        assert faults(page) == []
        page.get_by_role("button", name="Reprendre la déclaration").click()
        expect(page.get_by_role("button", name="Déclarer la fin")).to_be_visible()
        sign_out(page)
