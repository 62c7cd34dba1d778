# SPDX-License-Identifier: AGPL-3.0-or-later
"""Each role, in by each way and out again; and a head who lets others in."""

import re
from collections.abc import Iterator
from typing import Final

import pytest
from playwright.sync_api import Page, expect

from stage import DIVISION, SCHOOL
from stagecraft.accessibility import faults, too_wide
from stagecraft.classroom import Classroom
from stagecraft.doorway import Doorway, open_doorway, with_passkeys

pytestmark = pytest.mark.journey
PASSWORD: Final = "quatre mots au hasard"
IN_SCHOOL: Final = ("--school", SCHOOL)
# role: where the account belongs, and what its first page says.
ROLES: Final = {
    "teacher": ((*IN_SCHOOL, "--divisions", DIVISION), DIVISION),
    "supervisor": ((*IN_SCHOOL, "--divisions", DIVISION), "Suivre"),
    "head": (IN_SCHOOL, "Personnes"),
    "academy": (("--academy", "Rennes"), "Établissements"),
    "ministry": ((), "Établissements"),
    "auditor": ((), "Journal des accès"),
}
WIDTHS: Final = [(1024, 768), (390, 844)]


@pytest.fixture(scope="module")
def doorway(classroom: Classroom, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doorway]:
    folder = tmp_path_factory.mktemp("doorway")
    directory = folder / "annuaire.csv"
    directory.write_text("uai;nom;académie\n9990005B;Collège du Large;Rennes\n", "utf-8")
    classroom.stage.names.run("import-schools", directory)
    with open_doorway(classroom.stage, folder) as opened:
        yield opened


def clean(page: Page) -> None:
    """The page has no fault for who reads it otherwise, and fits."""
    assert faults(page) == []
    assert not too_wide(page)


def give_code(page: Page, doorway: Doorway, code: str) -> None:
    page.goto(doorway.url)
    clean(page)
    page.get_by_role("link", name="J’ai reçu une invitation").click()
    clean(page)
    page.get_by_label("Code d’invitation").fill(code)
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Bienvenue")
    clean(page)


def choose_password(page: Page, user: str) -> None:
    page.get_by_role("link", name="Avec un mot de passe").click()
    clean(page)
    page.get_by_label("Identifiant").fill(user)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Entrer").click()


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Se déconnecter", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Connexion")


def link_in(doorway: Doorway) -> str:
    found = re.search(r"http://localhost:\S+", doorway.mailbox.next().body)
    assert found is not None
    return found.group()


def add_passkey(page: Page) -> None:
    page.get_by_role("link", name="Ajouter une clé d’accès").click()
    clean(page)
    page.get_by_label("Nom de la clé").fill("Mon ordinateur")
    page.get_by_role("button", name="Créer la clé").click()
    expect(page.get_by_text("Clé d’accès «\u00a0Mon ordinateur\u00a0»")).to_be_visible()


def add_address(page: Page, doorway: Doorway, address: str) -> None:
    page.get_by_role("link", name="Ajouter une adresse électronique").click()
    clean(page)
    page.get_by_label("Adresse électronique").fill(address)
    page.get_by_role("button", name="Envoyer le courriel").click()
    clean(page)
    page.goto(link_in(doorway))
    clean(page)
    page.get_by_role("button", name="Confirmer cette adresse").click()
    expect(page.get_by_text(f"Lien par courriel, à {address}")).to_be_visible()


def at_provider(page: Page, login: str) -> None:
    page.get_by_label("Compte").fill(login)
    page.get_by_role("button", name="Continuer").click()


def by_password(page: Page, _doorway: Doorway, role: str) -> None:
    page.get_by_label("Identifiant").fill(f"journey-{role}")
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter", exact=True).click()


def by_passkey(page: Page, _doorway: Doorway, _role: str) -> None:
    page.get_by_role("link", name="Avec une clé d’accès").click()
    clean(page)
    page.get_by_role("button", name="Se connecter avec une clé").click()


def by_link(page: Page, doorway: Doorway, role: str) -> None:
    page.get_by_role("link", name="Recevoir un lien par courriel").click()
    clean(page)
    page.get_by_label("Adresse électronique").fill(f"{role}@exemple.fr")
    page.get_by_role("button", name="Envoyer le lien").click()
    clean(page)
    page.goto(link_in(doorway))
    page.get_by_role("button", name="Entrer").click()


def by_provider(page: Page, _doorway: Doorway, role: str) -> None:
    page.get_by_role("button", name="Se connecter avec ProConnect").click()
    at_provider(page, role)


@pytest.mark.parametrize("role", ROLES)
def test_each_role_comes_in_by_each_way_and_goes_out(
    role: str, classroom: Classroom, doorway: Doorway
) -> None:
    options, seen = ROLES[role]
    code = doorway.invite("--called", f"Essai {role}", "--role", role, *options)
    with classroom.computer() as page:
        with_passkeys(page)
        give_code(page, doorway, code)
        choose_password(page, f"journey-{role}")
        expect(page.get_by_role("main")).to_contain_text(seen)
        page.get_by_role("link", name="Mon compte").click()
        clean(page)
        add_passkey(page)
        add_address(page, doorway, f"{role}@exemple.fr")
        page.get_by_role("button", name="Ajouter ProConnect").click()
        at_provider(page, role)
        expect(page.get_by_role("row", name="ProConnect")).to_be_visible()
        clean(page)
        sign_out(page)
        for way in (by_password, by_passkey, by_link, by_provider):
            way(page, doorway, role)
            expect(page.get_by_role("main")).to_contain_text(seen)
            sign_out(page)
        clean(page)


def test_who_is_unknown_at_the_door_reads_what_to_do(
    classroom: Classroom, doorway: Doorway
) -> None:
    with classroom.computer(390, 844) as page:
        page.goto(doorway.url)
        page.get_by_role("button", name="Se connecter avec ProConnect").click()
        at_provider(page, "inconnue")
        expect(page.get_by_role("heading", level=1)).to_contain_text("Aucun compte")
        clean(page)
        page.get_by_role("link", name="Se déconnecter aussi de ProConnect").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Connexion")


@pytest.mark.parametrize(("width", "height"), WIDTHS)
def test_a_head_invites_gives_classes_and_reads_the_journal(
    width: int, height: int, classroom: Classroom, doorway: Doorway
) -> None:
    code = doorway.invite("--called", "Mme Chloé Tête", "--role", "head", *IN_SCHOOL)
    with classroom.computer(width, height) as page:
        give_code(page, doorway, code)
        choose_password(page, f"chloe-{width}")
        page.get_by_role("link", name="Personnes").click()
        clean(page)
        page.get_by_role("link", name="Inviter quelqu’un").click()
        clean(page)
        page.get_by_label("Nom", exact=True).fill(f"M. Paul Essai {width}")
        page.get_by_label(DIVISION, exact=True).check()
        page.get_by_role("button", name="Inviter").click()
        clean(page)
        slip = page.locator(".new-code").inner_text()
        with classroom.computer(width, height) as other:
            give_code(other, doorway, slip)
            choose_password(other, f"paul-{width}")
            other.get_by_role("link", name=DIVISION).click()
            sign_out(other)
        page.get_by_role("link", name="Revenir aux personnes").click()
        page.get_by_role("link", name=f"M. Paul Essai {width}").click()
        clean(page)
        page.get_by_label(DIVISION, exact=True).uncheck()
        page.get_by_role("button", name="Enregistrer ses classes").click()
        expect(page.locator(".journal")).to_contain_text("a repris une classe")
        page.get_by_role("button", name="Fermer le compte").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("compte fermé")
        clean(page)
        page.get_by_role("link", name="Personnes").click()
        page.get_by_role("link", name="Journal des accès").click()
        expect(page.locator(".journal")).to_contain_text(f"M. Paul Essai {width}")
        clean(page)
        page.get_by_label("Action").select_option(label="a invité")
        page.get_by_role("button", name="Filtrer").click()
        expect(page.locator(".journal")).not_to_contain_text("s’est connecté")
        page.goto(f"{doorway.url}/droits/")
        clean(page)
        sign_out(page)


@pytest.mark.parametrize(("width", "height"), WIDTHS)
def test_a_head_answers_a_parent(
    width: int, height: int, classroom: Classroom, doorway: Doorway
) -> None:
    """From the list of the class, in two clicks."""
    code = doorway.invite("--called", "Mme Chloé Tête", "--role", "head", *IN_SCHOOL)
    with classroom.computer(width, height) as page:
        give_code(page, doorway, code)
        choose_password(page, f"parent-{width}")
        page.get_by_role("link", name=DIVISION).click()
        page.get_by_role("link", name="Corriger").first.click()
        page.get_by_role("link", name="Qui l’a vu").click()
        expect(page.locator(".journal")).to_contain_text("a vu la liste de la classe")
        clean(page)
        sign_out(page)


def test_without_javascript_the_other_ways_stay_open(
    classroom: Classroom, doorway: Doorway
) -> None:
    code = doorway.invite("--called", "M. Sans Script", "--role", "ministry")
    context = classroom.browser.new_context(java_script_enabled=False, locale="fr-FR")
    page = context.new_page()
    try:
        page.goto(f"{doorway.url}/invitation/")
        page.get_by_label("Code d’invitation").fill(code)
        page.get_by_role("button", name="Continuer").click()
        page.get_by_role("link", name="Avec une clé d’accès").click()
        expect(page.get_by_text("demandent JavaScript et un navigateur récent")).to_be_visible()
        expect(page.get_by_role("button", name="Créer la clé")).to_be_hidden()
        page.get_by_role("link", name="Revenir sans rien changer").click()
        page.get_by_role("link", name="Avec un mot de passe").click()
        page.get_by_label("Identifiant").fill("sans-script")
        page.get_by_label("Mot de passe").fill(PASSWORD)
        page.get_by_role("button", name="Entrer").click()
        sign_out(page)
    finally:
        context.close()
