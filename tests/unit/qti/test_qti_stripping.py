# SPDX-License-Identifier: AGPL-3.0-or-later
"""What travels: everything a pupil needs, no key, nothing unknown."""

import os
import re
from pathlib import Path

import pytest
from lxml import etree

from encrier_qti.delivery.allowed import KEYS
from encrier_qti.delivery.media import check_media
from encrier_qti.delivery.strip import strip_item, strip_stimulus
from encrier_qti.errors import ContentRefused, NotSupported
from encrier_qti.reading.inclusion import expand
from encrier_qti.reading.item import read_item
from encrier_qti.reading.safe_xml import local, parse
from encrier_qti.scoring import compile_item

ROOT = Path(__file__).resolve().parents[3]
SHARED = Path(os.environ.get("ENCRIER_SHARED", ROOT.parent / "shared"))
EXAMPLES = SHARED / "data" / "qti" / "1edtech-examples"
ITEMS = [
    path
    for path in sorted(EXAMPLES.rglob("*.xml"))
    if re.search(rb"<qti-assessment-item\s", path.read_bytes())
]
NAMESPACE = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"

HEAD = """
  <qti-response-declaration identifier="RESPONSE" cardinality="single" base-type="identifier">
    <qti-correct-response><qti-value>B</qti-value></qti-correct-response>
    <qti-mapping default-value="0"><qti-map-entry map-key="B" mapped-value="2"/></qti-mapping>
  </qti-response-declaration>
  <qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float">
    <qti-default-value><qti-value>17</qti-value></qti-default-value>
  </qti-outcome-declaration>"""


def item(body: str, *, head: str = HEAD) -> bytes:
    return (
        f'<qti-assessment-item xmlns="{NAMESPACE}" identifier="a-1" title="Un" xml:lang="fr">'
        f"{head}<qti-item-body>{body}</qti-item-body>"
        "<qti-response-processing><qti-exit-response/></qti-response-processing>"
        '<qti-modal-feedback identifier="B" outcome-identifier="FEEDBACK" show-hide="show">'
        "<qti-content-body>Oui, B.</qti-content-body></qti-modal-feedback>"
        "</qti-assessment-item>"
    ).encode()


def stripped(body: str) -> str:
    return strip_item(item(body), file="items/a.xml").xml.decode()


def name_of(path: Path) -> str:
    return str(path.relative_to(EXAMPLES))


def test_every_key_of_an_item_is_gone() -> None:
    made = stripped("<p>Choisis.</p>")
    assert "Choisis." in made
    for word in ("correct", "mapping", "map-entry", "processing", "feedback", "17", ">B<", '"B"'):
        assert word not in made


# Programs that nobody has let in, and a computer algebra system.
REFUSED = {"fractions1", "fractions_deps", "fractions_deps_2", "measuring_ph", "SineRule-001"}


@pytest.mark.skipif(not ITEMS, reason="the shared test material is not here")
@pytest.mark.parametrize("path", ITEMS, ids=name_of)
def test_a_published_item_travels_without_its_key(path: Path) -> None:
    files = beside(path)
    content = path.read_bytes()
    if path.stem in REFUSED:
        with pytest.raises(NotSupported):
            strip_item(content, file=path.name, files=files)
        return
    compile_item(read_item(content, file=path.name, files=files)).score({})
    made = strip_item(content, file=path.name, files=files).xml
    left = {local(element) for element in parse(made, file="made.xml").iter()}
    assert not left & KEYS
    assert strip_item(made, file="made.xml").xml == made


@pytest.mark.skipif(not ITEMS, reason="the shared test material is not here")
@pytest.mark.parametrize("path", [p for p in ITEMS if p.stem not in REFUSED], ids=name_of)
def test_no_word_of_a_key_travels_that_the_page_does_not_show(path: Path) -> None:
    root = expand(path.read_bytes(), file=path.name, files=beside(path)).root
    keys = {
        (element.get("map-key") or element.text or "").strip()
        for element in root.iterfind("{*}qti-response-declaration//*")
    }
    body = root.find("{*}qti-item-body")
    shown = b"" if body is None else etree.tostring(body, encoding="utf-8")
    hidden = {key for key in keys if len(key) > 2 and key.encode() not in shown}
    made = strip_item(path.read_bytes(), file=path.name, files=beside(path)).xml
    assert [key for key in hidden if key.encode() in made] == []


def beside(path: Path) -> dict[str, bytes]:
    """The XML files of a folder, by their name."""
    return {each.name: each.read_bytes() for each in path.parent.glob("*.xml")}


def test_comments_and_instructions_do_not_travel() -> None:
    assert "secret" not in stripped("<p>a<!-- secret --><?secret B?>b</p>")


def test_the_text_after_what_is_dropped_stays() -> None:
    dropped = '<qti-feedback-inline identifier="B">Oui</qti-feedback-inline>'
    assert "<p>avant  après</p>" in stripped(f"<p>avant {dropped} après</p>")


def test_an_unknown_element_and_an_unknown_attribute_do_not_travel() -> None:
    body = '<p data-key="B" onclick="x()" style="color:red">un<x-key>B</x-key></p>'
    made = strip_item(item(body), file="items/a.xml")
    assert b"<p>un</p>" in made.xml
    assert [dropped.name for dropped in made.unknown] == ["x-key"]


def test_a_block_for_scorers_does_not_travel_and_one_for_candidates_does() -> None:
    block = '<qti-rubric-block view="{}"><qti-content-body>{}</qti-content-body></qti-rubric-block>'
    made = stripped(block.format("scorer", "barème") + block.format("candidate", "consigne"))
    assert "barème" not in made
    assert "consigne" in made


def test_shuffle_becomes_a_word_of_ours() -> None:
    choice = '<qti-simple-choice identifier="{0}">{0}</qti-simple-choice>'
    made = stripped(
        '<qti-choice-interaction response-identifier="RESPONSE" shuffle="true" max-choices="1">'
        + choice.format("C")
        + choice.format("D")
        + "</qti-choice-interaction>"
    )
    assert 'data-shuffle="true"' in made
    assert " shuffle=" not in made


@pytest.mark.parametrize("true", ["true", "1"])
@pytest.mark.parametrize("written", ["ABCDEF", "FEDCBA", "CABFED"])
def test_the_order_in_which_shuffled_choices_were_written_does_not_travel(
    written: str, true: str
) -> None:
    def choice(name: str) -> str:
        fixed = f' fixed="{true}"' if name == "F" else ""
        return f'<qti-simple-choice identifier="{name}"{fixed}>{name}</qti-simple-choice>'

    def order(choices: str, *, shuffle: str) -> list[str]:
        made = stripped(
            f'<qti-order-interaction response-identifier="RESPONSE" shuffle="{shuffle}">'
            f"<qti-prompt>Range.</qti-prompt>{''.join(choice(each) for each in choices)}"
            "</qti-order-interaction>"
        )
        return re.findall(r' identifier="([A-F])"', made)

    assert order(written, shuffle="false") == list(written)
    kept = [name for name in order(written, shuffle="true") if name != "F"]
    assert kept == [name for name in order("ABCDEF", shuffle="true") if name != "F"]
    assert order(written, shuffle="true").index("F") == written.index("F")


def test_an_object_becomes_a_picture_with_its_text_and_its_path_from_the_root() -> None:
    made = stripped('<object type="image/png" data="../media/plan.png" width="9">Un plan</object>')
    assert '<img alt="Un plan" src="media/plan.png" width="9"></img>' in made


def test_an_object_that_is_not_served_leaves_what_stands_in_for_it() -> None:
    inner = '<object type="image/png" data="plan.png">Un plan</object>'
    made = stripped(f'<p><object type="image/eps" data="plan.eps">{inner}</object></p>')
    assert '<p><img alt="Un plan" src="items/plan.png"></img></p>' in made


def test_the_text_of_a_picture_does_not_say_the_feedback_that_is_in_it() -> None:
    feedback = '<qti-feedback-inline identifier="B">Oui, B.</qti-feedback-inline>'
    made = stripped(f'<object type="image/png" data="a.png">Un plan{feedback}</object>')
    assert 'alt="Un plan"' in made


def test_mathml_is_kept_and_its_other_notations_are_not() -> None:
    math = (
        '<math xmlns="http://www.w3.org/1998/Math/MathML"><semantics><mrow><mi>x</mi></mrow>'
        '<annotation encoding="x">x = 3</annotation></semantics></math>'
    )
    made = stripped(f"<p>{math}</p>")
    assert '<math xmlns="http://www.w3.org/1998/Math/MathML"><semantics><mrow><mi>x</mi>' in made
    assert "x = 3" not in made


def test_marks_for_synthetic_speech_leave_their_words() -> None:
    mark = '<s:sub xmlns:s="http://www.w3.org/2010/10/synthesis" alias="docteur">Dr</s:sub>'
    assert "<p>Le Dr Rieux</p>" in stripped(f"<p>Le {mark} Rieux</p>")


@pytest.mark.parametrize(
    "body",
    [
        '<qti-custom-interaction response-identifier="RESPONSE"/>',
        '<qti-portable-custom-interaction response-identifier="RESPONSE"/>',
        '<qti-portable-custom-interaction custom-interaction-type-identifier="urn:a"/>',
    ],
)
def test_what_cannot_be_shown_right_stops_the_compilation(body: str) -> None:
    with pytest.raises(NotSupported) as caught:
        strip_item(item(body), file="items/a.xml")
    assert caught.value.file == "items/a.xml"


HINTS = """
  <qti-outcome-declaration identifier="HINT" cardinality="single" base-type="identifier"/>
  <qti-outcome-declaration identifier="TRY" cardinality="single" base-type="identifier">
    <qti-default-value><qti-value>first</qti-value></qti-default-value>
  </qti-outcome-declaration>"""


@pytest.mark.parametrize(
    ("outcome", "identifier", "mode", "times"),
    [
        ("HINT", "asked", "show", 0),
        ("HINT", "asked", "hide", 1),
        ("TRY", "first", "show", 1),
        ("TRY", "first", "hide", 0),
        ("TRY", "second", "show", 0),
        ("NOBODY", "nobody", "hide", 0),
    ],
)
def test_feedback_travels_only_if_it_is_seen_before_any_answer(
    outcome: str, identifier: str, mode: str, times: int
) -> None:
    block = (
        f'<qti-feedback-block outcome-identifier="{outcome}" identifier="{identifier}"'
        f' show-hide="{mode}"><qti-content-body><p>Un mot.</p></qti-content-body>'
        "</qti-feedback-block>"
    )
    made = strip_item(item(block, head=HEAD + HINTS), file="items/a.xml").xml.decode()
    shown = "<div><qti-content-body><p>Un mot.</p></qti-content-body></div>"
    assert made.count(shown) == made.count("Un mot.") == times
    assert identifier not in made


TEMPLATES = """
  <qti-template-declaration identifier="N" cardinality="single" base-type="integer"
    math-variable="true"/>
  <qti-template-declaration identifier="WHO" cardinality="single" base-type="identifier"/>
  <qti-template-processing>
    <qti-set-template-value identifier="N">
      <qti-base-value base-type="integer">7</qti-base-value></qti-set-template-value>
    <qti-set-template-value identifier="WHO">
      <qti-base-value base-type="identifier">lea</qti-base-value></qti-set-template-value>
    <qti-set-default-value identifier="RESPONSE">
      <qti-base-value base-type="identifier">C</qti-base-value></qti-set-default-value>
  </qti-template-processing>"""


def test_a_clone_shows_the_values_of_its_template_variables() -> None:
    body = (
        '<p><qti-printed-variable identifier="N"/> billes, <qti-template-inline'
        ' template-identifier="WHO" identifier="lea" show-hide="show">Léa</qti-template-inline>'
        '<qti-template-inline template-identifier="WHO" identifier="max"'
        ' show-hide="show">Max</qti-template-inline>'
        ' <math xmlns="http://www.w3.org/1998/Math/MathML"><mi>N</mi><mo>+</mo><mi>x</mi></math></p>'
        '<qti-choice-interaction response-identifier="RESPONSE" max-choices="1">'
        '<qti-simple-choice identifier="C">c</qti-simple-choice>'
        '<qti-simple-choice identifier="D" template-identifier="WHO" show-hide="show">d'
        "</qti-simple-choice></qti-choice-interaction>"
    )
    made = strip_item(item(body, head=HEAD + TEMPLATES), file="items/a.xml").xml.decode()
    assert "<p>7 billes, <span>Léa</span> <math" in made
    assert "<mn>7</mn><mo>+</mo><mi>x</mi>" in made
    assert "<qti-value>C</qti-value>" in made
    assert "Max" not in made
    assert 'identifier="D"' not in made
    assert "template" not in made


CATALOGS = """<qti-catalog-info>
  <qti-catalog id="mot"><qti-card support="glossary-on-screen">
      <qti-card-entry xml:lang="fr" default="true"><qti-html-content><p onclick="x()">Un
        <img src="a.png" alt=""/></p></qti-html-content></qti-card-entry>
      <qti-card-entry xml:lang="ar"><qti-file-href mime-type="audio/mpeg">a.mp3</qti-file-href>
      </qti-card-entry></qti-card>
    <qti-card support="ext:solution"><qti-html-content>secret</qti-html-content></qti-card>
  </qti-catalog>
  <qti-catalog id="autre"><qti-card support="spoken"><qti-html-content>secret</qti-html-content>
  </qti-card></qti-catalog></qti-catalog-info>"""


def test_the_supports_that_the_body_points_to_travel_beside_it() -> None:
    body = (
        '<p><span data-catalog-idref="mot">noyau</span></p>'
        '<qti-feedback-block outcome-identifier="HINT" identifier="x" show-hide="show">'
        '<p data-catalog-idref="autre">Oui.</p></qti-feedback-block>'
    )
    content = item(body).replace(b"<qti-modal", CATALOGS.encode() + b"<qti-modal", 1)
    made = strip_item(content, file="items/a.xml")
    words, sound = made.cards
    assert [(card.catalog, card.lang, card.preferred) for card in made.cards] == [
        ("mot", "fr", True),
        ("mot", "ar", False),
    ]
    assert b"onclick" not in words.words
    assert [each.path for each in words.media] == ["items/a.png"]
    assert sound.file is not None
    assert sound.file.path == "items/a.mp3"
    assert b'<span data-catalog-idref="mot">noyau</span>' in made.xml


PORTABLE = """<qti-portable-custom-interaction response-identifier="RESPONSE"
    custom-interaction-type-identifier="urn:x:grid" data-size="3" data-item-path="x">
  <qti-interaction-modules primary-configuration="modules/conf.json">
    <qti-interaction-module id="grid" primary-path="modules/grid" fallback-path="modules/g2.js"/>
  </qti-interaction-modules>
  <qti-interaction-markup><div class="a"><script>x()</script></div></qti-interaction-markup>
</qti-portable-custom-interaction>"""


def test_a_portable_interaction_travels_if_its_type_is_let_in() -> None:
    allowed = frozenset({"urn:x:grid"})
    made = strip_item(item(PORTABLE), file="items/a.xml", allowed_pci=allowed)
    assert b'data-size="3"' in made.xml
    assert b'primary-path="items/modules/grid"' in made.xml
    assert b"script" not in made.xml
    assert [module.path for module in made.modules] == [
        "items/modules/conf.json",
        "items/modules/grid",
        "items/modules/g2.js",
    ]
    again = strip_item(made.xml, file="a.xml", allowed_pci=allowed)
    assert again.xml == made.xml


def test_a_stimulus_travels_as_its_body() -> None:
    content = (
        f'<qti-assessment-stimulus xmlns="{NAMESPACE}" identifier="s" title="t" xml:lang="fr">'
        '<qti-stylesheet href="a.css" type="text/css"/><qti-stimulus-body><p>Un '
        '<img src="../media/a.png" alt=""/></p></qti-stimulus-body>'
        "<qti-catalog-info><qti-catalog>mot</qti-catalog></qti-catalog-info>"
        "</qti-assessment-stimulus>"
    ).encode()
    made = strip_stimulus(content, file="stimuli/s.xml")
    root = etree.fromstring(made.xml)
    assert root.tag == f"{{{NAMESPACE}}}qti-stimulus-body"
    assert [reference.path for reference in made.media] == ["media/a.png"]
    assert b"mot" not in made.xml


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        '<rect onload="alert(1)"/>',
        '<image href="http://example.org/a.png"/>',
        '<a href="#x"><text>clic</text></a>',
        "<foreignObject/>",
        "<style>@import url(http://example.org/a.css);</style>",
        '<rect style="fill:url(http://example.org/a)"/>',
        '<rect fill="url(http://example.org/a)"/>',
    ],
)
def test_a_drawing_that_acts_or_reaches_out_is_refused(inside: str) -> None:
    svg = f'<svg xmlns="http://www.w3.org/2000/svg">{inside}</svg>'.encode()
    with pytest.raises(ContentRefused):
        check_media(svg, file="media/a.svg")


def test_a_plain_drawing_travels() -> None:
    inside = '<defs><g id="g"/></defs><use href="#g"/><rect fill="url(#g)" style="fill:red"/>'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg">{inside}</svg>'.encode()
    assert check_media(svg, file="media/a.svg") == "image/svg+xml"


def test_a_file_of_an_unknown_type_does_not_travel() -> None:
    with pytest.raises(NotSupported):
        check_media(b"<html/>", file="media/a.html")
