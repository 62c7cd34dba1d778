# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is keyed of an item: its mask, its choices, its words, its digits, or why it cannot be."""

from collections.abc import Sequence

import pytest

from encrier_qti.delivery.strip import strip_item
from encrier_qti.errors import ContentRefused
from encrier_qti.keying.asked import asked_of
from encrier_qti.keying.mask import Called, Choice, Field, field_of
from encrier_qti.reading.item import read_item
from stagecraft.keyed_package import choice, circled, declared, item, judged, reading, typed, words

BAG = "multiple identifier"
INTEGER = "single integer"


def field(xml: str, *, timed_s: int | None = None) -> Field:
    content = xml.encode()
    travels = strip_item(content, file="items/a.xml").xml
    read = read_item(content, file="items/a.xml")
    called = Called("a", "1", timed_s)
    return field_of(read, asked_of(travels, file="items/a.xml"), called=called)


def labels(choices: Sequence[Choice]) -> list[tuple[str, str]]:
    return [(choice.id, choice.label) for choice in choices]


def test_a_choice_of_one_is_circled() -> None:
    made = field(circled())
    assert (made.mask, made.response, made.most) == ("circle", "RESPONSE", 1)
    assert labels(made.choices) == [("A", "m"), ("B", "n"), ("C", "u")]
    assert (made.digits, made.words, made.seconds) == (None, (), None)


@pytest.mark.parametrize(
    ("attributes", "most"), [('max-choices="0"', 0), ('max-choices="2"', 2), ("", 1)]
)
def test_several_may_be_taken_as_the_item_says(attributes: str, most: int) -> None:
    assert field(item(declared("RESPONSE", kind=BAG), choice(attributes, A="a"))).most == most


def test_of_a_response_of_one_value_one_is_taken_whatever_the_item_says() -> None:
    assert field(item(declared("RESPONSE"), choice('max-choices="0"', A="a"))).most == 1


@pytest.mark.parametrize("mask", ["cross", "code"])
def test_a_choice_may_be_crossed_out_or_a_code(mask: str) -> None:
    made = field(item(declared("RESPONSE"), choice(f'data-keying="{mask}"', _1="Juste", _9="?")))
    assert made.mask == mask
    assert labels(made.choices) == [("1", "Juste"), ("9", "?")]


def test_what_an_adult_judges_is_right_or_wrong() -> None:
    made = field(judged())
    assert (made.mask, made.most) == ("judge", 1)
    assert labels(made.choices) == [("1", "Juste"), ("0", "Faux")]


@pytest.mark.parametrize(
    ("attributes", "mask", "digits"),
    [
        ('expected-length="2"', "number", 2),
        ("", "number", 3),
        ('expected-length="40"', "number", 9),
        ('data-keying="time"', "time", 3),
    ],
)
def test_a_whole_number_has_as_many_digits_as_the_item_expects(
    attributes: str, mask: str, digits: int
) -> None:
    made = field(typed(12, attributes=attributes))
    assert (made.mask, made.digits, made.most) == (mask, digits, None)


def test_the_words_of_a_text_are_in_its_order() -> None:
    made = field(item(declared("RESPONSE", kind=BAG), words('max-choices="2"')))
    assert (made.mask, made.most, made.choices) == ("words", 2, ())
    assert labels(made.words) == [("w1", "Le"), ("w2", "petit"), ("w3", "chat"), ("w4", "dort")]


def test_a_text_read_aloud_has_its_words_and_its_time() -> None:
    made = field(reading())
    assert (made.mask, made.response, made.seconds) == ("fluency", "RESPONSE", 60)
    assert [word.label for word in made.words] == ["Le", "petit", "chat", "dort"]


def test_a_text_is_read_as_long_as_the_item_says_else_its_exercise() -> None:
    default = "<qti-default-value><qti-value>90</qti-value></qti-default-value>"
    said = "".join(declared(name, kind=INTEGER) for name in ("RESPONSE", "LAST"))
    said += declared("SECONDS", kind=INTEGER, inside=default) + declared("WRONG", kind=BAG)
    assert field(reading(responses=said), timed_s=30).seconds == 90
    assert field(reading(), timed_s=30).seconds == 30


def test_choices_stand_as_they_are_written_though_the_page_shuffles_them() -> None:
    shuffled = choice('max-choices="1" shuffle="true"', C="c", A="a", B="b")
    assert labels(field(item(declared("RESPONSE"), shuffled)).choices) == [
        ("C", "c"),
        ("A", "a"),
        ("B", "b"),
    ]


@pytest.mark.parametrize(
    ("written", "label"),
    [
        ("  un\n   <em>rat</em> ", "un rat"),
        ('<img src="a.png" alt="un chat"/>', "un chat"),
        ('<img src="a.png" alt="" aria-label="un lit"/>', "un lit"),
        ("<p>un</p><p>deux</p>", "un deux"),
        ("Qui\u202f?", "Qui\u202f?"),
        (
            'oui<qti-feedback-inline outcome-identifier="N" identifier="A">!</qti-feedback-inline>',
            "oui",
        ),
    ],
)
def test_a_choice_is_called_by_its_words_or_its_picture(written: str, label: str) -> None:
    made = field(item(declared("RESPONSE"), choice(A=written, B="autre")))
    assert made.choices[0].label == label


ENTRY = '<p><qti-text-entry-interaction response-identifier="RESPONSE" {}/></p>'.format
LONE_READING = words('data-keying="fluency"', response="WRONG")
WRONG = declared("WRONG", kind=BAG)


@pytest.mark.parametrize(
    ("xml", "what"),
    [
        (item(declared("RESPONSE"), "<p>Rien.</p>"), "n’a pas d’interaction"),
        (item(declared("RESPONSE"), choice(A="a") + choice(A="a")), "plusieurs interactions"),
        (
            item(
                declared("RESPONSE", kind="ordered identifier"),
                '<qti-order-interaction response-identifier="RESPONSE">'
                '<qti-simple-choice identifier="A">a</qti-simple-choice></qti-order-interaction>',
            ),
            "ne peut pas être saisie",
        ),
        (item(declared("RESPONSE"), choice('data-keying="time"', A="a")), "pas un masque"),
        (item(declared("RESPONSE"), choice('data-keying="cross judge"', A="a")), "pas un masque"),
        (item(declared("RESPONSE", kind="single string"), ENTRY("")), "pas du type"),
        (item(declared("RESPONSE", kind="single float"), ENTRY("")), "pas du type"),
        (item(declared("OTHER"), choice(A="a")), "pas du type"),
        (
            item(declared("RESPONSE", kind=BAG), choice('data-keying="code"', _1="Juste")),
            "pas du type",
        ),
        (item(declared("RESPONSE"), choice('data-keying="judge"', A="a", B="b")), "« 1 »"),
        (item(declared("RESPONSE"), choice('data-keying="judge"', _1="a")), "« 1 »"),
        (item(declared("RESPONSE"), choice()), "aucun choix"),
        (item(declared("RESPONSE"), choice(A="")), "ni texte"),
        (item(declared("RESPONSE"), choice(A='<img src="a.png" alt=""/>')), "ni texte"),
        (item(declared("RESPONSE"), choice(A="a").replace('"A"', '"a b"')), "identifiant n’est"),
        (item(declared("RESPONSE"), choice(A="a").replace('"A"', '"*"')), "identifiant n’est"),
        (item(declared("RESPONSE"), choice(constructor="a")), "identifiant n’est"),
        (item(declared("RESPONSE"), choice(A="a", B="b").replace('"B"', '"A"')), "même"),
        (reading(responses=WRONG, body=LONE_READING), "quatre réponses"),
        (
            reading(
                responses=WRONG
                + "".join(declared(name) for name in ("RESPONSE", "LAST", "SECONDS")),
                body=LONE_READING,
            ),
            "quatre réponses",
        ),
        (
            item(declared("RESPONSE", kind=BAG), words('data-keying="fluency"')),
            "quatre réponses",
        ),
        (reading(body=LONE_READING + choice(A="a")), "plusieurs interactions"),
    ],
)
def test_an_item_that_cannot_be_keyed_is_refused_with_its_place(xml: str, what: str) -> None:
    with pytest.raises(ContentRefused) as refused:
        field(xml)
    assert what.replace(" 1 ", "\u00a01\u00a0") in str(refused.value)
    assert refused.value.file == "items/a.xml"
    assert refused.value.told("en") != refused.value.told("fr")
