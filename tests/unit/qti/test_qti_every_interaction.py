# SPDX-License-Identifier: AGPL-3.0-or-later
"""Each of the 21 standard interactions of QTI 3: read, scored, served without its key."""

from typing import NamedTuple

import pytest

from encrier_qti.checks.items import check_item
from encrier_qti.delivery import allowed
from encrier_qti.delivery.strip import strip_item
from encrier_qti.reading.item import read_item
from encrier_qti.reading.safe_xml import QTI, local, parse
from encrier_qti.scoring import compile_item

PICTURE = '<img src="map.png" alt="a map" width="100" height="100"/>'
SPOT = 'shape="rect" coords="0,0,50,50"'


def paired(prefix: str = "") -> str:
    return "".join(
        f'<qti-simple-associable-choice identifier="{prefix}{name}" match-max="2">{name}'
        "</qti-simple-associable-choice>"
        for name in ("A", "B", "C")
    )


SPOTS = "".join(
    f'<qti-associable-hotspot identifier="{name}" match-max="2" {SPOT}/>' for name in ("A", "B")
)


class Given(NamedTuple):
    """An interaction in its smallest form: its response type, key, and another answer."""

    kind: str
    inside: str
    key: list[str]
    other: list[str]
    attributes: str = ""


def choices(element: str, extra: str = "") -> str:
    return "".join(
        f'<qti-{element} identifier="{name}" {extra}>{name}</qti-{element}>' for name in ("A", "B")
    )


def spots(element: str) -> str:
    each = (f'<qti-{element} identifier="{name}" {SPOT}/>' for name in ("A", "B"))
    return PICTURE + "".join(each)


SETS = "".join(
    f"<qti-simple-match-set>{paired(prefix)}</qti-simple-match-set>" for prefix in ("", "T")
)
GAPS = choices("gap-text", 'match-max="1"') + '<p><qti-gap identifier="G"/></p>'
MODULES = '<qti-interaction-modules><qti-interaction-module id="m" primary-path="m.js"/>'

INTERACTIONS = {
    "qti-associate-interaction": Given(
        "multiple pair", paired(), ["A B"], ["A C"], 'max-associations="2"'
    ),
    "qti-choice-interaction": Given(
        "single identifier", choices("simple-choice"), ["A"], ["B"], 'max-choices="1"'
    ),
    "qti-drawing-interaction": Given("single file", PICTURE, [], ["image/png a.png"]),
    "qti-end-attempt-interaction": Given("single boolean", "", ["true"], ["false"], 'title="Done"'),
    "qti-extended-text-interaction": Given("single string", "", ["yes"], ["no"]),
    "qti-gap-match-interaction": Given("multiple directedPair", GAPS, ["A G"], ["B G"]),
    "qti-graphic-associate-interaction": Given("multiple pair", PICTURE + SPOTS, ["B A"], []),
    "qti-graphic-gap-match-interaction": Given(
        "multiple directedPair",
        f'{PICTURE}<qti-gap-img identifier="X" match-max="1">{PICTURE}</qti-gap-img>{SPOTS}',
        ["X A"],
        ["X B"],
    ),
    "qti-graphic-order-interaction": Given(
        "ordered identifier", spots("hotspot-choice"), ["B", "A"], ["A", "B"]
    ),
    "qti-hotspot-interaction": Given(
        "single identifier", spots("hotspot-choice"), ["A"], ["B"], 'max-choices="1"'
    ),
    "qti-hottext-interaction": Given(
        "single identifier", f"<p>{choices('hottext')}</p>", ["A"], ["B"], 'max-choices="1"'
    ),
    "qti-inline-choice-interaction": Given(
        "single identifier", choices("inline-choice"), ["A"], ["B"]
    ),
    "qti-match-interaction": Given(
        "multiple directedPair", SETS, ["A TB"], ["B TA"], 'max-associations="2"'
    ),
    "qti-media-interaction": Given(
        "single integer", '<audio src="a.mp3"/>', ["1"], ["0"], 'autostart="false"'
    ),
    "qti-order-interaction": Given(
        "ordered identifier", choices("simple-choice"), ["B", "A"], ["A", "B"]
    ),
    "qti-portable-custom-interaction": Given(
        "single string",
        f"{MODULES}</qti-interaction-modules><qti-interaction-markup/>",
        ["yes"],
        ["no"],
        'custom-interaction-type-identifier="urn:fr:dial" module="m"',
    ),
    "qti-position-object-interaction": Given(
        "single point", PICTURE, ["10 20"], ["20 10"], 'max-choices="1"'
    ),
    "qti-select-point-interaction": Given(
        "single point", PICTURE, ["10 20"], ["20 10"], 'max-choices="1"'
    ),
    "qti-slider-interaction": Given(
        "single integer", "", ["3"], ["4"], 'lower-bound="0" upper-bound="5"'
    ),
    "qti-text-entry-interaction": Given("single string", "", ["yes"], ["no"]),
    "qti-upload-interaction": Given("single file", "", [], ["text/plain a.txt"]),
}


def item(name: str) -> bytes:
    given = INTERACTIONS[name]
    cardinality, base = given.kind.split()
    values = "".join(f"<qti-value>{value}</qti-value>" for value in given.key)
    key = f"<qti-correct-response>{values}</qti-correct-response>" if values else ""
    body = f'<{name} response-identifier="RESPONSE" {given.attributes}>{given.inside}</{name}>'
    if name == "qti-position-object-interaction":
        body = f"<qti-position-object-stage>{PICTURE}{body}</qti-position-object-stage>"
    return (
        f'<qti-assessment-item xmlns="{QTI}" identifier="a" title="A">'
        f'<qti-response-declaration identifier="RESPONSE" cardinality="{cardinality}"'
        f' base-type="{base}">{key}</qti-response-declaration>'
        '<qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float"'
        ' normal-maximum="1"/>'
        f"<qti-item-body><div>{body}</div></qti-item-body>"
        '<qti-response-processing template="match_correct"/></qti-assessment-item>'
    ).encode()


def test_there_are_twenty_one() -> None:
    assert len(INTERACTIONS) == 21
    listed = {each for each in {*allowed.QTI, *allowed.PCI_PARTS} if each.endswith("-interaction")}
    assert set(INTERACTIONS) == listed


@pytest.mark.parametrize("name", INTERACTIONS)
def test_an_interaction_is_read_with_its_response(name: str) -> None:
    read = read_item(item(name), file="a.xml")
    (told,) = read.interactions
    assert (f"qti-{told.name}-interaction", told.response) == (name, "RESPONSE")


@pytest.mark.parametrize("name", INTERACTIONS)
def test_an_interaction_is_scored_by_its_key(name: str) -> None:
    given = INTERACTIONS[name]
    program = compile_item(read_item(item(name), file="a.xml"))
    assert program.total({"RESPONSE": given.key}) == (1.0 if given.key else 0.0)
    assert program.total({"RESPONSE": given.other}) == 0.0
    assert program.score_with_remarks({"RESPONSE": given.other}).remarks == ()


@pytest.mark.parametrize("name", INTERACTIONS)
def test_an_interaction_is_served_and_its_key_is_not(name: str) -> None:
    portable = frozenset({"urn:fr:dial"})
    made = parse(strip_item(item(name), file="a.xml", allowed_pci=portable).xml, file="made.xml")
    named = {local(element) for element in made.iter()}
    assert name in named
    assert not named & allowed.KEYS


@pytest.mark.parametrize("name", sorted(set(INTERACTIONS) - {"qti-portable-custom-interaction"}))
def test_the_check_finds_nothing_wrong_with_it(name: str) -> None:
    contents = {"a.xml": item(name)}
    read = read_item(contents["a.xml"], file="a.xml")
    found = check_item(read, expected="a", contents=contents)
    assert [each.kind for each in found if each.severity == "error"] == []
