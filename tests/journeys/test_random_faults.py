# SPDX-License-Identifier: AGPL-3.0-or-later
"""Fifty random schedules of faults, in a real browser against the real answers zone.

What the page said is kept must be, once all is mended, in what results opens. The thousand
schedules that run in Node (player/test/faults) go through more of the timing; these go through
the browser's own disk, network and tabs.
"""

import os
import random
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, Route, expect

from encrier.ids import SittingId
from pupils import Network, Pupil
from stage import Slip, patterns
from stagecraft import hands
from stagecraft.classroom import Classroom
from stagecraft.wiretap import Wiretap

pytestmark = pytest.mark.journey
N_SCHEDULES: Final = int(os.environ.get("ENCRIER_BROWSER_SCHEDULES", "12"))  # 50: four minutes
N_ACTS: Final = 4
N_COMPUTERS: Final = 3  # at most, each with questions of its own
SETTLED: Final = "() => document.querySelector('.saved').dataset.kind !== 'saving'"
QUICK_MS: Final = 150


def choices(item: str) -> list[str]:
    """The answers of a question with one choice, or nothing."""
    asked = hands.questions(item)
    if len(asked) != 1 or asked[0].kind != "choice" or asked[0].source.get("max-choices") != "1":
        return []
    return [e.get("identifier", "") for e in asked[0].source.iter(f"{hands.QTI}qti-simple-choice")]


CHOICES: Final = {item: found for item in patterns()[0] if (found := choices(item))}


def swallowed(route: Route) -> None:
    """The host has it, and nobody hears so."""
    with suppress(Error):  # the line may be cut as well
        route.fetch()
    route.abort()


WAYS: Final[dict[str, Callable[[Route], None]]] = {
    "whole": lambda route: route.continue_(),
    "cut before": lambda route: route.abort(),
    "cut after": swallowed,
    "busy": lambda route: route.fulfill(status=503, headers={"retry-after": "1"}),
    "portal": lambda route: route.fulfill(content_type="text/html", body="<html>"),
    "lie": lambda route: route.fulfill(json={"superseded": True}),
}


class Sitting:
    """One pupil through one schedule."""

    def __init__(self, browser: Browser, tap: Wiretap, slip: Slip) -> None:
        self.browser, self.tap, self.slip = browser, tap, slip
        self.way = "whole"
        self.computers: list[BrowserContext] = []
        self.promised: dict[str, str] = {}
        self.page: Page
        self.move()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.tap.port}"

    def move(self) -> None:
        """Another computer, with the same code."""
        context = self.browser.new_context(locale="fr-FR", reduced_motion="reduce")
        context.set_default_timeout(20_000)
        context.route("**/v1/save", self._on_its_way)
        self.computers.append(context)
        self.enter()

    def _on_its_way(self, route: Route) -> None:
        with suppress(Error):  # of a page that was killed meanwhile
            WAYS[self.way](route)

    def enter(self) -> None:
        """Type the code; a page does not come without a network."""
        self.tap.cut = False
        self.page = self.computers[-1].new_page()
        self.page.on("dialog", lambda dialog: dialog.accept())
        hands.enter(self.page, self.url, self.slip.code)

    def answer(self, die: random.Random) -> None:
        own = list(CHOICES)[len(self.computers) - 1 :: N_COMPUTERS]
        item = die.choice(own)
        value = die.choice(CHOICES[item])
        hands.go_to(self.page, item)
        hands.answer(self.page, item, {"RESPONSE": [value]})
        self.page.wait_for_function(SETTLED)
        self.promised[item] = value

    def act(self, die: random.Random) -> None:
        kinds = ("way", "way", "cut", "mend", "reload", "kill", "leave", "pass", "move")
        kind = die.choice(kinds)
        if kind == "way":
            self.way = die.choice(list(WAYS))
        elif kind in {"cut", "mend"}:
            self.tap.cut = kind == "cut"
        elif kind == "reload":
            self.tap.cut = False
            self.page.reload()
            hands.hook(self.page, "item").wait_for()
        elif kind in {"kill", "leave"}:
            self.page.close(run_before_unload=False)
            self.enter()
        elif kind == "pass":
            self.page.wait_for_timeout(die.randrange(QUICK_MS))
            self.page.evaluate("() => void window.dispatchEvent(new Event('online'))")
        elif len(self.computers) < N_COMPUTERS:
            self.page.close(run_before_unload=False)
            self.move()

    def conclude(self) -> None:
        """All is mended, each computer is switched on once more, and sends what it has."""
        self.way, self.tap.cut = "whole", False
        hands.wait_until_sent(self.page)
        self.page.close()
        for context in self.computers:
            page = context.new_page()
            page.goto(self.url)
            hands.hook(page, "code-field").wait_for()
            expect(hands.hook(page, "left")).to_have_count(0, timeout=hands.SLOW_MS)
            page.wait_for_function(NOTHING_LEFT)
            context.close()


NOTHING_LEFT: Final = """() => new Promise((done) => {
  const asked = indexedDB.open("encrier");
  asked.onsuccess = () => {
    const count = asked.result.transaction("outbox").objectStore("outbox").count();
    count.onsuccess = () => (asked.result.close(), done(count.result === 0));
  };
})"""


@pytest.fixture
def tap(classroom: Classroom, tmp_path: Path) -> Iterator[Wiretap]:
    with Wiretap(classroom.stage.answers_port, tmp_path / "wire.bin") as relay:
        yield relay


def test_fifty_random_schedules_lose_no_answer(
    classroom: Classroom, browser: Browser, tap: Wiretap
) -> None:
    promised: dict[str, tuple[Slip, dict[str, str]]] = {}
    for seed in range(N_SCHEDULES):
        die = random.Random(seed)  # noqa: S311 the same schedules at each run
        sitting = Sitting(browser, tap, next(classroom.slips))
        for _ in range(N_ACTS):
            sitting.answer(die)
            sitting.act(die)
        sitting.conclude()
        promised[f"schedule {seed}"] = (sitting.slip, sitting.promised)
    classroom.stage.open_envelopes()
    read = classroom.stage.opened()
    lost = {
        (name, item): value
        for name, (slip, answers) in promised.items()
        for item, value in answers.items()
        if read[sid_of(classroom, slip)].items[item].r != {"RESPONSE": [value]}
    }
    assert sum(len(answers) for _, answers in promised.values()) > N_SCHEDULES
    assert lost == {}


def sid_of(classroom: Classroom, slip: Slip) -> SittingId:
    network = Network(classroom.stage.answers_url, iter([]))
    return Pupil(slip.code, network, root_key=classroom.stage.root_key).keys.sid
