# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a pupil does with mouse and keyboard: type a code, answer a question, go on.

Answers are given as a pattern holds them (identifiers); here they become clicks and keys on what
the page shows, one small function an interaction type.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import count
from typing import NamedTuple
from xml.etree import ElementTree as ET

import pytest
from playwright.sync_api import Locator, Page, expect

from encrier import codes
from stage import PACKAGE

QTI = "{http://www.imsglobal.org/xsd/imsqtiasi_v3p0}"
TEST = "data-test"
SLOW_MS = 20_000


class Question(NamedTuple):
    """One interaction of an item, as it stands in the package."""

    item: str
    response: str
    kind: str
    source: ET.Element
    rank: int  # among those of its kind in the item, from 0


def hook(page: Page, name: str) -> Locator:
    """The element that carries a stable name."""
    return page.locator(f'[{TEST}="{name}"]')


def enter(page: Page, url: str, code: codes.PupilCode) -> None:
    """From the address on the slip to the first question."""
    page.goto(url)
    enter_code(page, code)


def enter_code(page: Page, code: codes.PupilCode) -> None:
    """From the first screen to the first question."""
    hook(page, "code-field").fill(codes.printed(code))
    hook(page, "code-submit").click()
    hook(page, "pictograms-yes").click()
    hook(page, "start").click()
    expect(hook(page, "item").or_(hook(page, "intro"))).to_be_visible(timeout=SLOW_MS)
    if hook(page, "intro").count():
        hook(page, "go-on").click()
    expect(hook(page, "item")).to_be_visible(timeout=SLOW_MS)


def item_shown(page: Page) -> str:
    """Which item is on the screen, past what is said before it."""
    expect(hook(page, "item").or_(hook(page, "intro"))).to_be_visible(timeout=SLOW_MS)
    if hook(page, "intro").count():
        hook(page, "go-on").click()
    return hook(page, "item").get_attribute("data-item") or ""


def answer_choice(page: Page, value: str) -> None:
    """Tick a choice of the question shown."""
    hook(page, "item").locator(f'input[value="{value}"]').check()


def questions(item: str) -> list[Question]:
    """The interactions of an item, in the order of the page."""
    tree = ET.parse(PACKAGE / "items" / f"{item}.xml")  # noqa: S314 our own file
    ranks: dict[str, count[int]] = {}
    found = []
    for element in tree.iter():
        name = element.tag.removeprefix(QTI)
        if not name.endswith("-interaction"):
            continue
        kind = name.removeprefix("qti-").removesuffix("-interaction")
        rank = next(ranks.setdefault(kind, count()))
        found.append(Question(item, element.get("response-identifier", ""), kind, element, rank))
    return found


def answer(page: Page, item: str, given: Mapping[str, Sequence[str]]) -> None:
    """Answer the question shown as a pattern says; what it leaves out stays untouched."""
    expect(hook(page, "item")).to_have_attribute("data-item", item)
    for question in questions(item):
        values = list(given.get(question.response, ()))
        if values:
            WAYS[question.kind](hook(page, "item"), question, values)


def walk(page: Page, answers: Mapping[str, Mapping[str, Sequence[str]]]) -> None:
    """Answer every question in the order of the page, and arrive at the overview."""
    while hook(page, "item").count():
        item = hook(page, "item").get_attribute("data-item") or ""
        answer(page, item, answers.get(item, {}))
        hook(page, "next").click()
        page.wait_for_function(
            "item => document.querySelector('[data-test=item]')?.dataset.item !== item", arg=item
        )


def finish(page: Page) -> None:
    """From the overview to the thanks."""
    hook(page, "finish").click()
    hook(page, "finish-confirm").click()
    expect(hook(page, "done")).to_be_visible(timeout=SLOW_MS)


def go_to(page: Page, item: str) -> None:
    """Open a question from the overview."""
    hook(page, "overview").click()
    page.locator(f'[{TEST}="overview-item"][data-item="{item}"]').click()
    expect(hook(page, "item")).to_have_attribute("data-item", item)


def unsent(page: Page) -> int:
    """How many answers the page says still wait on this computer."""
    return int(hook(page, "saved-state").get_attribute("data-unsent") or 0)


def wait_until_sent(page: Page) -> None:
    """Wait until the page says that all is kept; it sends at once, as when the network returns."""
    page.evaluate("() => void window.dispatchEvent(new Event('online'))")
    expect(hook(page, "saved-state")).to_have_attribute("data-unsent", "0", timeout=SLOW_MS)


def wait_until_on_disk(page: Page) -> None:
    """Wait until a sealed envelope is in the browser's own database."""
    wait_until(page, f"async () => (await ({EVERYTHING_STORED})()).includes('SE1')")


def wait_until(page: Page, told: str, patience_ms: int = SLOW_MS) -> None:
    """Wait until a promise says yes; wait_for_function takes the promise itself for a yes."""
    for _ in range(patience_ms // 50):
        if page.evaluate(told):
            return
        page.wait_for_timeout(50)
    pytest.fail(f"never so: {told}")


def _choose(at: Locator, question: Question, values: list[str]) -> None:
    for value in values:
        at.locator(f'input[name^="i-{question.item}-{question.response}"][value="{value}"]').check()


def _pick(at: Locator, question: Question, values: list[str]) -> None:
    at.locator("select.inline-choice").nth(question.rank).select_option(values[0])


def _write(at: Locator, question: Question, values: list[str]) -> None:
    at.locator("input.text-entry").nth(question.rank).fill(values[0])


def _compose(at: Locator, question: Question, values: list[str]) -> None:
    at.locator("textarea").nth(question.rank).fill(values[0])


def _rank(at: Locator, _question: Question, values: list[str]) -> None:
    for value in values:
        at.locator(f'[data-key="+{value}"]').click()


def _carry(at: Locator, question: Question, values: list[str]) -> None:
    for value in values:
        label, gap = value.split(" ")
        text = " ".join(_element(question, label).itertext()).strip()
        at.locator(".bank button").filter(has_text=text).first.click()
        at.locator(f'[data-drop="{gap}"]').click()


def _mark(at: Locator, _question: Question, values: list[str]) -> None:
    for value in values:
        at.locator(f'.hottext[data-id="{value}"]').click()


def _point(at: Locator, question: Question, values: list[str]) -> None:
    places = [e.get("identifier") for e in question.source.iter(f"{QTI}qti-hotspot-choice")]
    for value in values:
        shape = at.locator("svg.over [role=radio], svg.over [role=checkbox]")
        shape.nth(places.index(value)).click()


def _slide(at: Locator, _question: Question, values: list[str]) -> None:
    at.locator("input[type=range]").fill(values[0])


def _element(question: Question, identifier: str) -> ET.Element:
    (found,) = question.source.findall(f".//*[@identifier='{identifier}']")
    return found


WAYS: Mapping[str, Callable[[Locator, Question, list[str]], None]] = {
    "choice": _choose,
    "match": _choose,
    "inline-choice": _pick,
    "text-entry": _write,
    "extended-text": _compose,
    "order": _rank,
    "gap-match": _carry,
    "graphic-gap-match": _carry,
    "hottext": _mark,
    "hotspot": _point,
    "slider": _slide,
}

# Every value in the browser's databases as text; a key that can be taken out is an error.
EVERYTHING_STORED = """async () => {
  const text = (value) => {
    if (value instanceof ArrayBuffer) value = new Uint8Array(value);
    if (ArrayBuffer.isView(value)) return String.fromCharCode(...value);
    if (value instanceof CryptoKey) {
      if (value.extractable) throw new Error("a key that can be taken out");
      return "[key]";
    }
    if (value && typeof value === "object") return Object.values(value).map(text).join("\\n");
    return String(value);
  };
  const found = [JSON.stringify({...localStorage})];
  for (const { name } of await indexedDB.databases()) {
    const db = await new Promise((done) => {
      const asked = indexedDB.open(name);
      asked.onsuccess = () => done(asked.result);
    });
    for (const store of db.objectStoreNames) {
      const all = await new Promise((done) => {
        const asked = db.transaction(store).objectStore(store).getAll();
        asked.onsuccess = () => done(asked.result);
      });
      found.push(...all.map(text));
    }
  }
  return found.join("\\n");
}"""
