# SPDX-License-Identifier: AGPL-3.0-or-later
"""What each thing that can be keyed is worth, and which items only the opening can score."""

import pytest

from encrier_qti.delivery.strip import strip_item
from encrier_qti.keying.asked import asked_of
from encrier_qti.keying.marking import Table, points_of, table_of
from encrier_qti.keying.mask import Called, field_of
from encrier_qti.reading.item import read_item
from encrier_qti.scoring import compile_item
from stagecraft.keyed_package import (
    MAP,
    choice,
    circled,
    declared,
    item,
    mapped,
    marked_by_a_person,
    reading,
    typed,
    words,
)

BAG = "multiple identifier"
NAMES = "ABCDEFGHIJKLM"


def table(xml: str) -> Table | None:
    content = xml.encode()
    read = read_item(content, file="a.xml")
    travels = strip_item(content, file="a.xml").xml
    field = field_of(read, asked_of(travels, file="a.xml"), called=Called("a", "1"))
    return table_of(read, compile_item(read), field)


def several(most: int, *, names: str = "ABC", key: str = "AC") -> str:
    choices = {name: name for name in names}
    return item(declared("RESPONSE", *key, kind=BAG), choice(f'max-choices="{most}"', **choices))


def test_the_right_choice_is_named_and_the_others_are_the_rest() -> None:
    assert table(circled()) == {"B": 1.0, "*": 0.0, "": 0.0}


def test_a_set_of_choices_is_named_by_its_identifiers_in_order() -> None:
    made = table(several(0))
    assert made == {"A C": 1.0, "*": 0.0, "": 0.0}
    assert points_of(made, ["C", "A"]) == 1.0
    assert points_of(made, ["C"]) == points_of(made, ["B", "A", "C"]) == points_of(made, []) == 0.0


def test_each_set_of_choices_has_its_own_points() -> None:
    points = mapped(A=0.5, C=0.5, B=-0.5)
    xml = item(
        declared("RESPONSE", kind=BAG, inside=points),
        choice('max-choices="2"', A="a", B="b", C="c"),
        processing=MAP,
    )
    assert table(xml) == {"A": 0.5, "A C": 1.0, "C": 0.5, "*": 0.0, "": 0.0}


def test_nothing_has_the_points_that_the_item_gives_to_nothing() -> None:
    null = (
        "<qti-response-processing><qti-response-condition><qti-response-if><qti-is-null>"
        '<qti-variable identifier="RESPONSE"/></qti-is-null><qti-set-outcome-value'
        ' identifier="SCORE"><qti-base-value base-type="float">0.25</qti-base-value>'
        "</qti-set-outcome-value></qti-response-if></qti-response-condition>"
        "</qti-response-processing>"
    )
    made = table(item(declared("RESPONSE"), choice(A="a"), processing=null))
    assert made == {"*": 0.0, "": 0.25}
    assert points_of(made, []) == 0.25


def test_a_number_is_named_as_it_is_keyed() -> None:
    assert table(typed(7)) == {"7": 1.0, "*": 0.0, "": 0.0}


def test_a_number_with_many_right_answers_names_the_fewer_ones() -> None:
    made = table(reading())
    assert made is not None
    assert made["*"] == 1.0
    assert [points_of(made, [text]) for text in ("0", "29", "30", "999")] == [0.0, 0.0, 1.0, 1.0]
    assert len(made) == 32


@pytest.mark.parametrize("key", [1250, 0, 9_999])
def test_a_long_number_is_known_by_what_the_item_names(key: int) -> None:
    made = table(typed(key, attributes='expected-length="4"'))
    assert made == {str(key): 1.0, "*": 0.0, "": 0.0}


def test_a_long_number_that_the_item_maps_is_known_too() -> None:
    points = mapped(_1250=1, _01250=1, _1520=0.5, _2150=0.5, _2510=0.5)
    long = typed(1250, attributes='expected-length="4"', processing=MAP, inside=points)
    halves = dict.fromkeys(("1520", "2150", "2510"), 0.5)
    assert table(long) == {"1250": 1.0, **halves, "*": 0.0, "": 0.0}


def test_twelve_choices_are_all_tried_and_thirteen_are_too_many() -> None:
    made = table(several(0, names=NAMES[:12], key="ABCDEF"))
    assert made == {"A B C D E F": 1.0, "*": 0.0, "": 0.0}
    assert table(several(0, names=NAMES)) is None
    assert table(several(2, names=NAMES)) == {"A C": 1.0, "*": 0.0, "": 0.0}


def test_an_item_that_scores_nothing_is_worth_nothing_whatever_is_keyed() -> None:
    unscored = item(declared("RESPONSE"), choice(A="a"), processing="", maximum=0)
    assert table(unscored) == {"*": 0.0, "": 0.0}


def scored(value: str) -> str:
    """A processing of one rule."""
    rule = f'<qti-set-outcome-value identifier="SCORE">{value}</qti-set-outcome-value>'
    return f"<qti-response-processing>{rule}</qti-response-processing>"


def of_chance(processing: str) -> str:
    return item(declared("RESPONSE"), choice(A="a"), processing=processing)


VARIABLE = '<qti-variable identifier="{}"/>'.format
SQUARE = scored(f"<qti-product>{VARIABLE('RESPONSE')}{VARIABLE('RESPONSE')}</qti-product>")
SCORE = '<qti-outcome-declaration identifier="SCORE"'
TEMPLATE = (
    '<qti-template-declaration identifier="T" cardinality="single" base-type="integer">'
    "<qti-default-value><qti-value>2</qti-value></qti-default-value></qti-template-declaration>"
)


@pytest.mark.parametrize(
    "xml",
    [
        marked_by_a_person(circled()),
        circled().replace('adaptive="false"', 'adaptive="true"'),
        circled().replace(SCORE, TEMPLATE + SCORE),
        of_chance(scored('<qti-random-float min="0" max="1"/>')),
        of_chance(scored(VARIABLE("numAttempts"))),
        reading(processing=scored(VARIABLE("LAST"))),
        typed(1250, attributes='expected-length="4"', processing=SQUARE),
    ],
)
def test_an_item_whose_points_are_not_told_by_what_is_keyed_has_no_table(xml: str) -> None:
    assert table(xml) is None


def test_words_are_taken_like_choices() -> None:
    taken = item(declared("RESPONSE", "w2", "w4", kind=BAG), words())
    assert table(taken) == {"w2 w4": 1.0, "*": 0.0, "": 0.0}
