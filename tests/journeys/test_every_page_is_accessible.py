# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every page that somebody reaches by following links: axe-core, the width, in both languages."""

import re
from collections.abc import Iterator
from typing import Final

import pytest
from playwright.sync_api import Page

from stage import DIVISION, SCHOOL
from stagecraft.accessibility import faults, pixels_too_wide
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
    """One of each role, in an académie that has a school."""
    stage = classroom.stage
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


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(("language", "width"), [("fr", 390), ("en", 1024)])
def test_each_page_of_each_role_is_clean_and_fits(
    role: str, language: str, width: int, classroom: Classroom, accounts: dict[str, tuple[str, str]]
) -> None:
    user, password = accounts[role]
    base = classroom.stage.names_url
    with classroom.computer(width, 800) as page:
        page.goto(base)
        page.locator("input[name=username]").fill(user)
        page.locator("input[name=password]").fill(password)
        page.locator("main form button[type=submit]").last.click()
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
        assert page.locator("input[name=password]").is_visible()
