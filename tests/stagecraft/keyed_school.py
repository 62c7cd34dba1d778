# SPDX-License-Identifier: AGPL-3.0-or-later
"""A school that answers on paper, every zone running: two keyed classes, what their pupils wrote.

Alice's class has a teacher and a head; the school next door has its own class, whose teacher is
Charlie, and he must never get into Alice's. What passes to and from answers is written down.
"""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import keyed
from playwright.sync_api import Page, expect
from teachers import Entry, Teacher, fields, on_paper

from encrier import codes
from encrier.sheets import ItemAnswer
from encrier_names.rosters.identifiers import uai_letter
from stage import Accounts, Stage
from stagecraft.hands import SLOW_MS, hook
from stagecraft.tapped import tapped

HEAD: Final = "direction-cp"
CHARLIE: Final = "charlie"
NEXT_DOOR: Final = "9990006" + uai_letter("9990006")
DIVISION: Final = "CP - Mme Buvard"
LINK: Final = "Saisir les cahiers"


class KeyedSchool:
    """What a test needs: accounts, the class as its teacher's page has it, what is on paper."""

    def __init__(self, stage: Stage, accounts: Accounts, record: Path) -> None:
        self.stage, self.accounts, self.record = stage, accounts, record

    def ring(self, user: str = keyed.TEACHER) -> list[dict[str, str]]:
        """The pupils of a teacher's class, in the order of her page."""
        pupils: list[dict[str, str]] = self.teacher(user).ring["pupils"]
        return pupils

    def teacher(self, user: str = keyed.TEACHER) -> Teacher:
        """A member of staff, without a browser."""
        return Teacher(self.stage.names_url, user=user, password=self.accounts[user])

    @cached_property
    def pupils(self) -> list[dict[str, str]]:
        """Alice's class."""
        return self.ring()

    @cached_property
    def kit(self) -> dict[str, Any]:
        """What there is to key of the booklet."""
        return self.teacher().kit(self.pupils[0]["bundle"])

    @cached_property
    def written(self) -> list[dict[str, Entry]]:
        """What each pupil wrote, by her rank in the class."""
        return [
            on_paper(self.kit, 0.35 + 0.6 * rank / keyed.CLASS, chance=random.Random(rank))  # noqa: S311 play
            for rank in range(keyed.CLASS)
        ]

    def exercise(self, name: str) -> dict[str, Any]:
        """An exercise of the kit."""
        every = [one for sequence in self.kit["sequences"] for one in sequence["exercises"]]
        (found,) = [one for one in every if one["id"] == name]
        return dict(found)

    def opened(self, pupils: list[dict[str, str]]) -> list[dict[str, ItemAnswer]]:
        """What results opens of these pupils, all computers merged."""
        self.stage.open_envelopes()
        manifest, opened = self.stage.campaign(), self.stage.opened()
        found: list[dict[str, ItemAnswer]] = []
        for pupil in pupils:
            code, rounds = codes.parse(pupil["code"]), manifest.kdf_iterations
            sid = codes.derive(code, manifest.campaign_id, iterations=rounds).sid
            found.append(dict(opened[sid].items) if sid in opened else {})
        return found

    def canaries(self) -> set[str]:
        """Names, codes, and what an answer in clear would stand beside."""
        roster = keyed.ROSTER.read_text(encoding="iso-8859-15").splitlines()[1:]
        cut = [line.split(";") for line in roster]
        items = {field["id"] for field in fields(self.kit)}
        names = {name for line in cut for name in (line[0], line[2]) if len(name) > len("fr-l-0")}
        return names | items | {pupil["code"] for pupil in self.pupils} | {"RESPONSE"}


@contextmanager
def keyed_school(folder: Path) -> Iterator[KeyedSchool]:
    """Keys, lists, accounts, kit, servers."""
    with tapped(folder) as (stage, record):
        stage.keyed = keyed.PACKAGE
        stage.draw_keys()
        keyed.hand_over(stage)
        stage.names.run("migrate")
        accounts = keyed.enrol(stage) | _more_accounts(stage)
        stage.publish_booklet()
        stage.serve_answers()
        stage.serve_names()
        stage.exchange()
        yield KeyedSchool(stage, accounts, record)


def _more_accounts(stage: Stage) -> Accounts:
    """The head of Alice's school, and Charlie with the same class under another school number."""
    next_door = ("--school", NEXT_DOOR)
    stage.names.run("import", keyed.ROSTER, *next_door, "--school-name", "École d’à côté")
    stage.names.run("validate", *next_door, "--division", DIVISION)
    head = stage.open_account(HEAD, "--role", "head", "--school", keyed.SCHOOL)
    classes = ("--divisions", DIVISION)
    return {
        HEAD: head,
        CHARLIE: stage.open_account(CHARLIE, "--role", "teacher", *next_door, *classes),
    }


def sign_in(page: Page, school: KeyedSchool, user: str) -> None:
    """Fill in the form of names that is on the screen."""
    page.get_by_label("Identifiant").fill(user)
    page.get_by_label("Mot de passe").fill(school.accounts[user])
    page.get_by_role("button", name="Se connecter", exact=True).click()


def come_in(page: Page, school: KeyedSchool, user: str = keyed.TEACHER) -> None:
    """From the address of names to the class that is open for keying."""
    page.goto(school.stage.names_url)
    sign_in(page, school, user)
    page.get_by_role("link", name=LINK).first.click()
    ready(page)


def ready(page: Page) -> None:
    """Every pupil of the class is open."""
    expect(page.locator('[data-test="saved-state"][data-opening="0"]')).to_be_visible(
        timeout=2 * SLOW_MS
    )


def all_kept(page: Page) -> None:
    """All that was keyed has its receipt; it is sent at once, as when the network came and went."""
    for event in ("offline", "online"):
        page.evaluate("(name) => void window.dispatchEvent(new Event(name))", event)
    expect(hook(page, "saved-state")).to_have_text("Tout est gardé", timeout=2 * SLOW_MS)
    expect(hook(page, "saved-state")).to_have_attribute("data-unsent", "0")


def is_as_written(entry: Entry, answer: ItemAnswer | None) -> bool:
    """Whether what results opens of an item is what the pupil wrote."""
    responses, mark = entry
    return answer is not None and (answer.r, answer.mark) == (responses, mark)
