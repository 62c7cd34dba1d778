# SPDX-License-Identifier: AGPL-3.0-or-later
"""Each interaction in a real browser: what is done gives the right values, by mouse and by keys.

No network: every request is answered by the test, under the content security policy of the zone.
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from stagecraft.desk import Case, answered, axe_faults, mount

PICTURE = '<img src="media/p.svg" width="300" height="200" alt="Un plan"/>'
SPOTS = (
    '<{0} identifier="A" match-max="2" shape="circle" coords="70,60,30"/>'
    '<{0} identifier="B" match-max="1" shape="rect" coords="170,30,260,90"/>'
    '<{0} identifier="C" match-max="1" shape="poly" coords="150,120,220,180,80,180"/>'
)


def interaction(name: str, inside: str, attributes: str = "", prompt: str = "Que faire ?") -> str:
    ask = f"<qti-prompt>{prompt}</qti-prompt>" if prompt else ""
    tag = f"qti-{name}-interaction"
    return f'<{tag} response-identifier="RESPONSE" {attributes}>{ask}{inside}</{tag}>'


def each(tag: str, words: str, attributes: str = "") -> str:
    made = (f'<{tag} identifier="{w[0].upper()}" {attributes}>{w}</{tag}>' for w in words.split())
    return "".join(made)


PAIRED = "qti-simple-associable-choice"
SET = "<qti-simple-match-set>{}</qti-simple-match-set>"
TABLE = SET.format(each(PAIRED, "un deux", 'match-max="1"')) + SET.format(
    each(PAIRED, "vrai faux", 'match-max="2"')
)
GAPS = '<p>Le <qti-gap identifier="G1"/> dort, le <qti-gap identifier="G2"/>.</p>'
CASES = (
    Case("one choice", "single", "identifier",
         interaction("choice", each("qti-simple-choice", "alpha beta"), 'max-choices="1"'),
         ("text=alpha", "text=beta"), ("B",)),
    Case("several choices", "multiple", "identifier",
         interaction("choice", each("qti-simple-choice", "alpha beta charlie"), 'max-choices="2"'),
         ("text=alpha", "text=charlie", "text=beta"), ("A", "C")),
    Case("a table", "multiple", "directedPair", interaction("match", TABLE, 'max-associations="2"'),
         ("[value='U V']", "[value='D F']", "[value='U F']"), ("U F", "D F")),
    Case("an order", "ordered", "identifier",
         interaction("order", each("qti-simple-choice", "alpha beta charlie")),
         (".pool >> text=charlie", ".pool >> text=alpha", "[data-key='^A']"), ("A", "C")),
    Case("gaps", "multiple", "directedPair",
         interaction("gap-match", each("qti-gap-text", "chat loup", 'match-max="1"') + GAPS),
         (".bank >> text=loup", ".gap >> nth=0", ".bank >> text=chat", ".gap >> nth=1"),
         ("L G1", "C G2")),
    Case("words", "multiple", "identifier",
         interaction("hottext", f"<p>{each('qti-hottext', 'chat loup rat')}</p>",
                     'max-choices="2"'),
         ("text=chat", "text=loup", "text=rat"), ("C", "L")),
    Case("a place", "single", "identifier",
         interaction("hotspot", PICTURE + SPOTS.format("qti-hotspot-choice"), 'max-choices="1"'),
         (".zone >> nth=0", ".zone >> nth=2"), ("C",)),
    Case("an order of places", "ordered", "identifier",
         interaction("graphic-order", PICTURE + SPOTS.format("qti-hotspot-choice")),
         (".zone >> nth=2", ".zone >> nth=0"), ("C", "A")),
    Case("labels on a picture", "multiple", "directedPair",
         interaction("graphic-gap-match",
                     PICTURE + each("qti-gap-text", "chat loup", 'match-max="0"')
                     + SPOTS.format("qti-associable-hotspot")),
         (".bank >> text=loup", ".zone >> nth=0", ".bank >> text=loup", ".zone >> nth=1"),
         ("L A", "L B")),
    Case("pairs", "multiple", "pair",
         interaction("associate", each(PAIRED, "grand petit chaud", 'match-max="1"'),
                     'max-associations="2"'),
         (".bank >> text=grand", ".bank >> text=petit"), ("G P",)),
    Case("objects to place", "single", "point",
         f'<qti-position-object-stage>{PICTURE}'
         '<qti-position-object-interaction response-identifier="RESPONSE" max-choices="1">'
         '<img src="media/o.svg" width="40" height="40" alt="Un arbre"/>'
         "</qti-position-object-interaction></qti-position-object-stage>",
         (".bank >> text=Un arbre", "svg.field"), ("150 100",)),
    Case("the end of an attempt", "single", "boolean",
         interaction("end-attempt", "", 'title="J’ai trouvé"', prompt=""),
         ("text=J’ai trouvé",), ("true",)),
    Case("pairs of places", "multiple", "pair",
         interaction("graphic-associate", PICTURE + SPOTS.format("qti-associable-hotspot"),
                     'max-associations="2"'),
         (".zone >> nth=0", ".zone >> nth=1", ".zone >> nth=2", ".zone >> nth=0"), ("A B", "C A")),
)  # fmt: skip
TYPED: tuple[tuple[str, str, list[str]], ...] = (
    ("string", "l’œuf à Noël", ["l’œuf à Noël"]),
    ("integer", "12 000", ["12000"]),
    ("float", "4,50", ["4.5"]),
    ("float", "quatre", []),
)
HOSTILE = (
    '<div onclick="window.hacked=1" style="color:red"><script>window.hacked=2</script>'
    '<p><a href="javascript:window.hacked=3">lien</a>'
    '<img src="https://evil.example/x.png" onerror="window.hacked=4" alt="x"/></p>'
    '<iframe src="https://evil.example"/><svg xmlns="http://www.w3.org/2000/svg">'
    '<script>window.hacked=5</script><image href="https://evil.example/y.png"/></svg>'
    "<p>{{constructor.constructor('window.hacked=6')()}}</p></div>"
)


def by_mouse(page: Page, step: str) -> None:
    page.locator(step).click()


def by_keys(page: Page, step: str) -> None:
    """Focus what the pupil would reach with Tab, then press Space."""
    found = page.locator(step)
    field = found.locator("xpath=ancestor-or-self::label//input")
    target = field if field.count() else found
    reached = target.evaluate(
        "e => { const at = e.closest('button, [tabindex], input'); at.focus();"
        " return document.activeElement === at && at.tabIndex >= 0; }"
    )
    assert reached, f"{step} cannot be reached with the keyboard"
    page.keyboard.press("Space")


@pytest.mark.parametrize("press", [by_mouse, by_keys])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_is_done_gives_the_values_of_qti(
    browser_page: Page, case: Case, press: Callable[[Page, str], None]
) -> None:
    mount(browser_page, case)
    assert answered(browser_page) == []
    for step in case.steps:
        press(browser_page, step)
    assert answered(browser_page) == list(case.values)
    assert browser_page.evaluate("window.changes") > 0


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_an_answer_put_back_is_the_answer_read(browser_page: Page, case: Case) -> None:
    mount(browser_page, case, case.values)
    assert answered(browser_page) == list(case.values)
    assert browser_page.evaluate("window.changes") == 0


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
@pytest.mark.parametrize("given", [False, True], ids=["blank", "answered"])
def test_axe_finds_nothing_to_say(browser_page: Page, case: Case, *, given: bool) -> None:
    mount(browser_page, case, case.values if given else ())
    assert axe_faults(browser_page) == []


@pytest.mark.parametrize(("kind", "typed", "values"), TYPED)
def test_what_is_typed_goes_in_lexical_form(
    browser_page: Page, kind: str, typed: str, values: list[str]
) -> None:
    body = '<p>Ici : <qti-text-entry-interaction response-identifier="RESPONSE"/></p>'
    mount(browser_page, Case("", "single", kind, body, (), ()))
    browser_page.locator("input").press_sequentially(typed)
    browser_page.locator("input").blur()
    invalid = "false" if values else "true"
    expect(browser_page.locator("input")).to_have_attribute("aria-invalid", invalid)
    assert answered(browser_page) == values


def test_a_slider_not_moved_is_no_answer_and_its_lowest_value_is_one(browser_page: Page) -> None:
    body = interaction("slider", "", 'lower-bound="0" upper-bound="1" step="0.1"')
    mount(browser_page, Case("", "single", "float", body, (), ()))
    assert answered(browser_page) == []
    browser_page.locator("input").focus()
    browser_page.keyboard.press("Home")
    assert answered(browser_page) == ["0"]
    for _ in range(3):
        browser_page.keyboard.press("ArrowRight")
    assert answered(browser_page) == ["0.3"]


def test_points_are_set_with_arrows_and_enter(browser_page: Page) -> None:
    body = interaction("select-point", PICTURE, 'max-choices="2"')
    mount(browser_page, Case("", "multiple", "point", body, (), ()))
    browser_page.locator("svg.over").focus()
    for key in ("Enter", "ArrowRight", "ArrowRight", "ArrowUp", "Enter"):
        browser_page.keyboard.press(key)
    assert answered(browser_page) == ["150 100", "166 92"]


def test_a_label_can_be_dragged_to_its_gap(browser_page: Page) -> None:
    mount(browser_page, next(case for case in CASES if case.name == "gaps"))
    start = browser_page.locator(".bank >> text=chat").bounding_box()
    end = browser_page.locator(".gap").nth(1).bounding_box()
    assert start
    assert end
    browser_page.mouse.move(start["x"] + 8, start["y"] + 8)
    browser_page.mouse.down()
    browser_page.mouse.move(start["x"] + 60, start["y"] + 60, steps=3)
    browser_page.mouse.move(end["x"] + 8, end["y"] + 8, steps=3)
    browser_page.mouse.up()
    assert answered(browser_page) == ["C G2"]


def test_hostile_content_does_nothing_and_asks_for_nothing(browser_page: Page) -> None:
    asked: list[str] = []
    browser_page.on("request", lambda request: asked.append(request.url))
    mount(browser_page, Case("", "single", "string", HOSTILE, (), ()))
    browser_page.locator("main p").first.click()
    assert browser_page.evaluate("window.hacked") is None
    assert [url for url in asked if "evil" in url] == []
    assert (
        browser_page.locator("main [onclick], main [href], main iframe, main script").count() == 0
    )


def test_what_a_question_still_asks_for_is_told(browser_page: Page) -> None:
    choices = "".join(
        f'<qti-simple-choice identifier="{name}">{name}</qti-simple-choice>' for name in "ABC"
    )
    body = interaction("choice", choices, 'min-choices="2" max-choices="3"')
    mount(browser_page, Case("", "multiple", "identifier", body, (), ()))
    missing = "window.missing()"
    assert browser_page.evaluate(missing) == "Il manque encore 2 réponses à cette question."
    browser_page.locator("input[value=A]").check()
    assert browser_page.evaluate(missing) == "Il manque encore une réponse à cette question."
    browser_page.locator("input[value=B]").check()
    assert browser_page.evaluate(missing) == ""
