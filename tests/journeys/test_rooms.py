# SPDX-License-Identifier: AGPL-3.0-or-later
"""A head plans from nothing to paper; a supervisor runs a room in which pupils really sit."""

from pathlib import Path
from typing import NamedTuple

import pytest
from journeys.test_what_adults_grant import letters_of
from playwright.sync_api import Locator, Page, expect
from pypdf import PdfReader

from stage import DIVISION, SCHOOL, Slip
from stagecraft.accessibility import faults, too_wide
from stagecraft.classroom import Classroom
from stagecraft.hands import SLOW_MS, answer_choice, enter, hook, wait_until_sent

pytestmark = pytest.mark.journey
LAST_MINUTE_MS = 65_000  # answers keeps times to the minute, rounded up


class Watch(NamedTuple):
    """A supervisor's account, who has no class."""

    user: str
    password: str


@pytest.fixture(scope="module")
def classroom(apart: Classroom) -> Classroom:
    """A class of its own: a room that is closed here stays so."""
    return apart


@pytest.fixture(scope="module")
def watch(classroom: Classroom) -> Watch:
    return Watch(
        "vie-scolaire",
        classroom.stage.open_account("vie-scolaire", "--role", "supervisor", "--school", SCHOOL),
    )


def sign_in(page: Page, classroom: Classroom, user: str, password: str | None = None) -> None:
    page.goto(classroom.stage.names_url)
    page.get_by_label("Identifiant").fill(user)
    page.get_by_label("Mot de passe").fill(password or classroom.campaign.accounts[user])
    page.get_by_role("button", name="Se connecter").click()


def is_right(page: Page) -> None:
    assert faults(page) == []
    assert not too_wide(page)


@pytest.mark.parametrize(("width", "height"), [(1024, 768), (390, 844)])
def test_a_head_plans_from_nothing_to_a_calendar_and_a_sheet_for_the_door(
    classroom: Classroom, tmp_path: Path, width: int, height: int
) -> None:
    """By keyboard and mouse, on a computer and on a telephone."""
    room = f"Info {width}"
    with classroom.computer(width, height) as page:
        sign_in(page, classroom, "direction")
        page.get_by_role("link", name="Salles et planning").click()
        is_right(page)
        page.get_by_role("link", name="Ajouter une salle").click()
        page.get_by_label("Nom de la salle").fill(room)
        page.get_by_label("Places").fill("15")
        page.get_by_label("Casques").fill("15")
        page.get_by_label("Mercredi après-midi").check()
        page.get_by_label("Samedi matin").check()
        is_right(page)
        page.get_by_role("button", name="Enregistrer").press("Enter")
        page.get_by_role("link", name="Modifier les heures et les règles").click()
        # the campaign of the tests closes within the day: school is held round the clock
        for label, hour in (("Matin, de", "00:00"), ("Matin, à", "12:00")):
            page.get_by_label(label, exact=True).fill(hour)
        for label, hour in (("Après-midi, de", "12:05"), ("Après-midi, à", "23:59")):
            page.get_by_label(label, exact=True).fill(hour)
        for half in ("Mercredi après-midi", "Samedi matin"):
            page.get_by_label(half).check()
        is_right(page)
        page.get_by_role("button", name="Enregistrer").click()
        page.get_by_role("button", name="Proposer").click()
        outcome = page.locator(".notice")
        expect(outcome).to_be_visible()
        is_right(page)
        page.wait_for_load_state()
        if page.get_by_role("link", name="Affiches des portes").count() == 0:
            return  # a Saturday afternoon or a Sunday: said above, and nothing to print
        with page.expect_download() as agenda:
            page.get_by_role("link", name="Agenda (ICS)").click()
        agenda.value.save_as(tmp_path / "passations.ics")
        assert "BEGIN:VEVENT" in (tmp_path / "passations.ics").read_text("utf-8")
        with page.expect_download() as doors:
            page.get_by_role("link", name="Affiches des portes").click()
        doors.value.save_as(tmp_path / "portes.pdf")
        assert f"{DIVISION}, groupe 1" in PdfReader(tmp_path / "portes.pdf").pages[0].extract_text()
        page.get_by_role("button", name="Se déconnecter").click()


def open_room(head: Page, classroom: Classroom, watch: Watch) -> None:
    """The head opens a room for the class, now, and gives it to the supervisor."""
    sign_in(head, classroom, "direction")
    head.get_by_role("link", name="Séances").first.click()
    head.get_by_role("link", name="Ouvrir une séance").click()
    head.get_by_label(DIVISION, exact=True).check()
    head.get_by_label("Nom du lieu").fill("Salle 12")
    is_right(head)
    head.get_by_role("button", name="Ouvrir la séance").click()
    head.get_by_label(watch.user).check()
    is_right(head)
    head.get_by_role("button", name="Enregistrer les surveillants").click()
    expect(head.get_by_role("heading", level=1)).to_have_text("Salles et planning")


def news(board: Page, classroom: Classroom) -> None:
    """Names asks answers, as it does every half minute, and the page asks names."""
    classroom.stage.exchange()
    board.reload()


def follow(board: Page, classroom: Classroom, watch: Watch) -> None:
    """The supervisor finds his room, and opens it from the keyboard."""
    sign_in(board, classroom, watch.user, watch.password)
    board.get_by_role("link", name="Mes séances").click()
    is_right(board)
    board.get_by_role("link", name="Suivre").first.click()
    board.get_by_role("button", name="Ouvrir la salle").press("Enter")
    expect(board.get_by_text("Salle ouverte")).to_be_visible()
    is_right(board)


def tile_of(board: Page, classroom: Classroom, slip: Slip) -> Locator:
    return board.locator(".tile").filter(has_text=letters_of(classroom, slip))


def pause_and_go_on(board: Page, pupil: Page, mine: Locator) -> None:
    """From the keyboard, for the one who is ticked."""
    pause = board.locator(".acts").get_by_role("button", name="Pause")
    pause.focus()
    pause.press("Enter")
    expect(mine).to_contain_text("en pause")
    answer_choice(pupil, "B")
    expect(hook(pupil, "paused")).to_be_visible(timeout=SLOW_MS)
    mine.get_by_role("checkbox").check()
    board.locator(".acts").get_by_role("button", name="Reprendre").click()
    expect(hook(pupil, "item")).to_be_visible(timeout=40_000)


def test_a_supervisor_runs_a_room_in_which_pupils_sit(classroom: Classroom, watch: Watch) -> None:
    first, second = next(classroom.own_slips), next(classroom.own_slips)
    with (
        classroom.computer() as board,
        classroom.computer() as pupil,
        classroom.computer(390, 844) as other,
    ):
        open_room(board, classroom, watch)
        board.get_by_role("button", name="Se déconnecter").click()
        follow(board, classroom, watch)
        mine = tile_of(board, classroom, first)
        expect(mine).to_contain_text("Pas arrivé")

        # two pupils sit; the board hears of it by itself, ticks stay where they are
        enter(pupil, classroom.stage.answers_url, first.code)
        answer_choice(pupil, "A")
        wait_until_sent(pupil)
        enter(other, classroom.stage.answers_url, second.code)
        mine.get_by_role("checkbox").check()
        classroom.stage.exchange()
        expect(mine).to_contain_text("Écrit", timeout=SLOW_MS)
        expect(mine.get_by_role("checkbox")).to_be_checked()
        expect(tile_of(board, classroom, second)).to_contain_text("Connecté")
        pause_and_go_on(board, pupil, mine)

        # the other's line is cut: what is written stays there, and the receipt says so
        other.context.set_offline(offline=True)
        answer_choice(other, "A")
        incident(board)
        board.get_by_text("Fermer la salle").click()
        board.get_by_role("button", name="Fermer pour toute la salle").click()
        answer_choice(pupil, "C")  # its receipt tells
        expect(hook(pupil, "session-over")).to_be_visible(timeout=LAST_MINUTE_MS + SLOW_MS)
        here, away = (letters_of(classroom, slip) for slip in (first, second))
        receipt(board, classroom, arrived=here, cut_off=away)
        other.context.set_offline(offline=False)
        board.get_by_role("button", name="Se déconnecter").click()


def incident(board: Page) -> None:
    board.get_by_role("link", name="Noter un incident").click()
    board.get_by_label("Ce qui s’est passé").select_option("network")
    board.get_by_label("Ordinateurs touchés").fill("poste 4")
    board.get_by_label("Ce qui a été fait").fill("Câble rebranché.")
    is_right(board)
    board.get_by_role("button", name="Enregistrer la note").click()
    expect(board.get_by_role("link", name="Noter un incident (1)")).to_be_visible()


def receipt(board: Page, classroom: Classroom, *, arrived: str, cut_off: str) -> None:
    board.get_by_role("link", name="Relevé de fin").click()
    news(board, classroom)
    expect(board.get_by_role("row").filter(has_text=cut_off)).to_contain_text("À vérifier")
    expect(board.get_by_role("row").filter(has_text=arrived)).to_contain_text("Pas terminé")
    expect(board.get_by_role("heading", name="Relevé de fin")).to_be_visible()
    expect(board.get_by_text("n’ont pas commencé et ne sont pas notés absents")).to_be_visible()
    expect(board.get_by_text("Câble rebranché.")).to_be_visible()
    is_right(board)
    board.get_by_label("Je déclare").check()
    board.get_by_role("button", name="Signer le relevé").press("Enter")
    expect(board.get_by_text("Signé par vie-scolaire")).to_be_visible()
    with board.expect_download() as paper:
        board.get_by_role("link", name="Relevé signé (PDF)").click()
    text = PdfReader(paper.value.path()).pages[0].extract_text()
    assert "Tout n’est pas arrivé" in text


def test_the_projector_shows_letters_and_no_name_from_far_away(
    classroom: Classroom, watch: Watch
) -> None:
    """After the test before, whose room the supervisor may still see."""
    with classroom.computer(1920, 1080) as wall:
        sign_in(wall, classroom, watch.user, watch.password)
        wall.get_by_role("link", name="Mes séances").click()
        wall.get_by_role("link", name="Suivre").first.click()
        names = wall.locator(".tile .name").all_inner_texts()
        wall.get_by_role("link", name="Projeter sans les noms").click()
        expect(wall.locator(".wall-tiles li").first).to_be_visible()
        shown = wall.locator("body").inner_text()
        assert names
        assert not [name for name in names if name in shown]
        size = "all => all.map((one) => parseFloat(getComputedStyle(one).fontSize))"
        heights = wall.eval_on_selector_all(".wall-tiles .letters", size)
        assert min(heights) >= 0.04 * 1080  # of the height of the picture
        assert faults(wall) == []
        assert not too_wide(wall)


def test_without_scripts_the_room_is_still_run(classroom: Classroom, watch: Watch) -> None:
    context = classroom.browser.new_context(java_script_enabled=False, locale="fr-FR")
    page = context.new_page()
    try:
        sign_in(page, classroom, watch.user, watch.password)
        page.get_by_role("link", name="Mes séances").click()
        page.get_by_role("link", name="Suivre").first.click()
        page.get_by_role("link", name="Actualiser maintenant").click()
        waited_for = page.locator(".tile").filter(has_text="Pas arrivé").first
        name = waited_for.locator(".name").inner_text()
        waited_for.get_by_role("checkbox").check()
        page.get_by_role("button", name="Noter absent").click()
        expect(page.locator(".tile").filter(has_text=name)).to_contain_text("Malade")
        page.get_by_role("link", name="Projeter sans les noms").click()
        expect(page.locator('meta[http-equiv="refresh"]')).to_have_count(1)
    finally:
        context.close()
