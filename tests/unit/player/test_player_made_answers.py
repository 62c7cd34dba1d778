# SPDX-License-Identifier: AGPL-3.0-or-later
"""Answers that a pupil makes: a drawing, a file, plays of a sound, what a foreign program says."""

import base64
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from stagecraft.desk import Case, answered, axe_faults, mount

PICTURE = '<img src="media/p.svg" width="300" height="200" alt="Un plan"/>'
DRAW = Case(
    "drawing", "single", "file",
    f'<qti-drawing-interaction response-identifier="RESPONSE"><qti-prompt>Dessine.</qti-prompt>'
    f"{PICTURE}</qti-drawing-interaction>", (), (),
)  # fmt: skip
UPLOAD = Case(
    "upload", "single", "file",
    '<qti-upload-interaction response-identifier="RESPONSE" type="text/plain image/*">'
    "<qti-prompt>Donne ton fichier.</qti-prompt></qti-upload-interaction>", (), (),
)  # fmt: skip
MEDIA = Case(
    "media", "single", "integer",
    '<qti-media-interaction response-identifier="RESPONSE" autostart="false" max-plays="2">'
    '<qti-prompt>Écoute.</qti-prompt><audio src="media/sound.wav"/></qti-media-interaction>',
    (), (),
)  # fmt: skip
MODULE = """
define(["qtiCustomInteractionContext", "twice"], function (context, twice) {
  context.register({
    typeIdentifier: "urn:fr:dial",
    getInstance: function (dom, configuration, state) {
      var bound = configuration.boundTo.RESPONSE;
      var value = bound.base ? bound.base.integer : null;
      var press = document.createElement("button");
      press.textContent = configuration.properties.label + " " + (value === null ? "–" : value);
      press.addEventListener("click", function () {
        value = twice(value === null ? 1 : value);
        press.textContent = configuration.properties.label + " " + value;
      });
      dom.appendChild(press);
      return { getResponse: function () {
        return value === null ? { base: null } : { base: { integer: value } };
      } };
    }
  });
});
"""
PCI = Case(
    "portable", "single", "integer",
    '<qti-portable-custom-interaction response-identifier="RESPONSE" module="dial"'
    ' custom-interaction-type-identifier="urn:fr:dial" data-label="Double">'
    "<qti-interaction-modules>"
    '<qti-interaction-module id="twice" primary-path="twice.js"/>'
    '<qti-interaction-module id="dial" primary-path="dial.js"/></qti-interaction-modules>'
    "<qti-interaction-markup><p>Un cadran</p></qti-interaction-markup>"
    "</qti-portable-custom-interaction>", (), (),
)  # fmt: skip
TWICE = "define([], function () { return function (n) { return 2 * n; }; });"


def svg_of(value: str) -> str:
    head, _, packed = value.partition(",")
    assert head == "data:image/svg+xml;base64"
    return base64.b64decode(packed).decode()


def test_a_drawing_is_made_with_the_mouse_and_put_back(browser_page: Page) -> None:
    mount(browser_page, DRAW)
    field = browser_page.locator("svg.field")
    box = field.bounding_box()
    assert box
    browser_page.mouse.move(box["x"] + 20, box["y"] + 20)
    browser_page.mouse.down()
    browser_page.mouse.move(box["x"] + 120, box["y"] + 80, steps=5)
    browser_page.mouse.up()
    browser_page.get_by_label("Rouge").click()
    browser_page.mouse.move(box["x"] + 50, box["y"] + 90)
    browser_page.mouse.down()
    browser_page.mouse.up()
    (value,) = answered(browser_page)
    assert svg_of(value).count("<polyline") == 2
    assert '"#a3211b"' in svg_of(value)
    mount(browser_page, DRAW, (value,))
    assert answered(browser_page) == [value]
    browser_page.get_by_text("Enlever le dernier trait").click()
    assert svg_of(answered(browser_page)[0]).count("<polyline") == 1


def test_a_drawing_is_made_with_the_keyboard(browser_page: Page) -> None:
    mount(browser_page, DRAW)
    browser_page.locator("svg.field").focus()
    for key in ("Space", "ArrowRight", "ArrowRight", "ArrowDown", "Space"):
        browser_page.keyboard.press(key)
    assert "150,100" in svg_of(answered(browser_page)[0])
    assert "162,106" in svg_of(answered(browser_page)[0])


def test_a_hostile_drawing_put_back_is_only_lines(browser_page: Page) -> None:
    evil = '<svg xmlns="http://www.w3.org/2000/svg" onload="window.hacked=9"><script>1</script>'
    evil += '<polyline stroke="url(//evil.example)" points="1,1 x,y 2,2"/></svg>'
    value = "data:image/svg+xml;base64," + base64.b64encode(evil.encode()).decode()
    mount(browser_page, DRAW, (value,))
    assert browser_page.evaluate("window.hacked") is None
    written = svg_of(answered(browser_page)[0])
    assert "evil" not in written
    assert "script" not in written
    assert "1,1 2,2" in written


def test_a_small_file_is_the_answer(browser_page: Page) -> None:
    mount(browser_page, UPLOAD)
    content = {"name": "mots.txt", "mimeType": "text/plain", "buffer": b"bonjour"}
    browser_page.locator("input[type=file]").set_input_files(content)  # type: ignore[arg-type]
    browser_page.wait_for_function("() => (window.answers().RESPONSE ?? []).length")
    assert answered(browser_page) == ["data:text/plain;base64,Ym9uam91cg=="]
    expect(browser_page.locator(".note")).to_contain_text("mots.txt")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({"name": "a.txt", "mimeType": "text/plain", "buffer": b"x" * 40_000}, "trop lourd"),
        ({"name": "a.zip", "mimeType": "application/zip", "buffer": b"PK"}, "demandée"),
        ({"name": "a.png", "mimeType": "image/png", "buffer": b"no" * 20_000}, "ne peut pas"),
    ],
    ids=["too large", "another type", "not a picture"],
)
def test_a_file_that_cannot_be_taken_is_refused_with_a_sentence(
    browser_page: Page, content: Any, said: str
) -> None:
    mount(browser_page, UPLOAD)
    browser_page.locator("input[type=file]").set_input_files(content)
    expect(browser_page.locator(".note")).to_contain_text(said)
    assert answered(browser_page) == []


def test_a_large_picture_is_made_smaller(browser_page: Page) -> None:
    mount(browser_page, UPLOAD)
    browser_page.evaluate(
        """async () => {
          const canvas = new OffscreenCanvas(1800, 1200);
          const context = canvas.getContext("2d");
          const noise = context.createImageData(1800, 1200);
          let seed = 1;
          for (let i = 0; i < noise.data.length; i += 1) {
            seed = (seed * 1103515245 + 12345) % 2147483648;
            noise.data[i] = i % 4 === 3 ? 255 : (i / 7200 + seed % 40) % 256;
          }
          context.putImageData(noise, 0, 0);
          const photo = await canvas.convertToBlob({ type: "image/png" });
          const given = new DataTransfer();
          given.items.add(new File([photo], "photo.png", { type: "image/png" }));
          const field = document.querySelector("input[type=file]");
          field.files = given.files;
          field.dispatchEvent(new Event("change"));
        }"""
    )
    browser_page.wait_for_function("() => (window.answers().RESPONSE ?? []).length", timeout=20_000)
    (value,) = answered(browser_page)
    assert value.startswith("data:image/jpeg;base64,")
    assert len(value) < 41_000


def test_a_sound_is_played_as_often_as_allowed(browser_page: Page) -> None:
    mount(browser_page, MEDIA)
    assert answered(browser_page) == []
    for plays in ("1", "2"):
        browser_page.locator("[data-test=play]").click()
        browser_page.wait_for_function("n => window.answers().RESPONSE?.[0] === n", arg=plays)
        browser_page.wait_for_function("() => document.querySelector('audio').ended")
    expect(browser_page.locator("[data-test=play]")).to_be_disabled()
    expect(browser_page.locator(".note")).to_contain_text("toutes les écoutes")
    assert browser_page.locator("audio[controls], [download]").count() == 0


def test_plays_are_counted_on_after_a_reload(browser_page: Page) -> None:
    mount(browser_page, MEDIA, ("2",))
    assert answered(browser_page) == ["2"]
    expect(browser_page.locator("[data-test=play]")).to_be_disabled()


def test_a_foreign_program_answers_from_its_frame(browser_page: Page) -> None:
    browser_page.evaluate(
        "given => (window.sources = given)", {"dial.js": MODULE, "twice.js": TWICE}
    )
    mount(browser_page, PCI)
    inside = browser_page.frame_locator("iframe.portable")
    expect(inside.locator("p")).to_have_text("Un cadran")
    expect(inside.locator("button")).to_have_text("Double –")
    inside.locator("button").click()
    browser_page.wait_for_function("() => window.answers().RESPONSE?.[0] === '2'")
    inside.locator("button").click()
    browser_page.wait_for_function("() => window.answers().RESPONSE?.[0] === '4'")
    mount(browser_page, PCI, ("4",))
    expect(browser_page.frame_locator("iframe.portable").locator("button")).to_have_text("Double 4")
    assert answered(browser_page) == ["4"]


def test_a_foreign_program_that_fails_says_so_and_the_page_goes_on(browser_page: Page) -> None:
    browser_page.evaluate("window.sources = { 'dial.js': 'nonsense(', 'twice.js': '' }")
    mount(browser_page, PCI)
    expect(browser_page.locator(".note")).to_contain_text("ne marche pas ici")
    assert answered(browser_page) == []


@pytest.mark.parametrize("case", [DRAW, UPLOAD, MEDIA], ids=lambda case: case.name)
def test_axe_finds_nothing_to_say_of_what_is_made(browser_page: Page, case: Case) -> None:
    mount(browser_page, case)
    assert axe_faults(browser_page) == []
