# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every page that somebody reaches by following links: axe-core, and what RGAA asks beside."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import pytest
from playwright.sync_api import Page

from stage import DIVISION, SCHOOL
from stagecraft import hands
from stagecraft.accessibility import (
    cut,
    faults,
    faults_of_the_focus,
    outline_faults,
    pixels_too_wide,
    space_out,
)
from stagecraft.classroom import Classroom

pytestmark = pytest.mark.journey
ID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
NO_PAGE: Final = re.compile(r"\.(pdf|csv|ics|xml|xlsx|zip)\b")
LINKS: Final = "links => links.map(link => link.getAttribute('href'))"
IN_SCHOOL: Final = ("--school", SCHOOL)
# role: where its account belongs, and how many kinds of page it reaches at least.
ROLES: Final = {
    "head": (IN_SCHOOL, 25),
    "teacher": ((*IN_SCHOOL, "--divisions", DIVISION), 10),
    "supervisor": ((*IN_SCHOOL, "--divisions", DIVISION), 8),
    "academy": (("--academy", "Nantes"), 6),
    "ministry": ((), 14),
    "auditor": ((), 4),
}


@pytest.fixture(scope="module")
def accounts(
    classroom: Classroom, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, tuple[str, str]]:
    """One of each role, in an académie that has a school, where results have come."""
    stage = classroom.stage
    with classroom.computer() as page:
        hands.enter(page, stage.answers_url, next(classroom.slips).code)
        hands.hook(page, "overview").click()
        hands.finish(page)
    stage.open_envelopes()
    directory = tmp_path_factory.mktemp("directory") / "annuaire.csv"
    directory.write_text("uai;nom;académie\n9990006C;Collège du Phare;Nantes\n", "utf-8")
    stage.names.run("import-schools", directory)
    return {
        role: (f"tout-{role}", stage.open_account(f"tout-{role}", "--role", role, *place))
        for role, (place, _n) in ROLES.items()
    }


def kind_of(address: str) -> str:
    """Pages that differ by whose they are, or by what is asked of them, are one kind."""
    return ID.sub("…", address.split("?", maxsplit=1)[0])


def reached(page: Page, base: str) -> Iterator[str]:
    """Each kind of page that links lead to, shown once; the page stands at it."""
    seen, waiting = {"/"}, ["/"]
    while waiting:
        address = waiting.pop(0)
        reply = page.goto(base + address)
        assert reply is not None
        assert reply.ok, (address, reply.status)
        yield address
        for link in page.eval_on_selector_all("a[href^='/']", LINKS):
            there = link.split("#")[0]
            if kind_of(there) not in seen and not NO_PAGE.search(there):
                seen.add(kind_of(there))
                waiting.append(there)


@contextmanager
def signed_in(
    classroom: Classroom, account: tuple[str, str], width: int, height: int
) -> Iterator[Page]:
    """A computer at which somebody has signed in."""
    user, password = account
    with classroom.computer(width, height) as page:
        page.goto(classroom.stage.names_url)
        page.locator("input[name=username]").fill(user)
        page.locator("input[name=password]").fill(password)
        page.locator("main form button[type=submit]").last.click()
        yield page


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(("language", "width"), [("fr", 390), ("en", 1024)])
def test_each_page_of_each_role_is_clean_and_fits(
    role: str, language: str, width: int, classroom: Classroom, accounts: dict[str, tuple[str, str]]
) -> None:
    base = classroom.stage.names_url
    with signed_in(classroom, accounts[role], width, 800) as page:
        if language == "en":
            page.get_by_role("button", name="English").click()
        wrong, n_pages = {}, 0
        for address in reached(page, base):
            n_pages += 1
            found = [*faults(page), *(["too wide"] if pixels_too_wide(page) else [])]
            if page.locator("html").get_attribute("lang") != language:
                found.append("another language")
            if found:
                wrong[address] = found
        assert wrong == {}
        assert n_pages >= ROLES[role][1]
        page.goto(base)
        page.locator("form.sign-out button").click()
        page.locator("input[name=password]").wait_for()


@pytest.mark.parametrize("role", ROLES)
def test_each_page_is_in_order_and_can_be_reached_spaced_out_and_zoomed(
    role: str, classroom: Classroom, accounts: dict[str, tuple[str, str]]
) -> None:
    """At 320 pixels, which is 1280 at a zoom of 400 %."""
    titled: dict[str, str] = {}
    wrong: dict[str, list[str]] = {}
    with signed_in(classroom, accounts[role], 320, 640) as page:
        for address in reached(page, classroom.stage.names_url):
            found = outline_faults(page, language="fr") + cut(page)
            said = page.locator("main").inner_text()
            if titled.setdefault(page.title(), said) != said:
                found.append(f"the title of another page: {page.title()}")
            found += faults_of_the_focus(page, most=400)
            space_out(page)
            found += [f"spaced out: {one}" for one in cut(page)]
            if found:
                wrong[address] = found
    assert wrong == {}
