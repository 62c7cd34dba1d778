# SPDX-License-Identifier: AGPL-3.0-or-later
"""What `check` finds in items: each defect by its name, and no sound item."""

import pytest

from encrier_qti.checks.interactions import TYPES
from stagecraft.packages_of_qti import CHOICES, MATCH, choice, item, kinds_of, manifest, response

MAP = MATCH.replace("match_correct", "map_response")


def mapped(**entries: float) -> str:
    made = "".join(
        f'<qti-map-entry map-key="{key}" mapped-value="{value}"/>' for key, value in entries.items()
    )
    return f"<qti-mapping>{made}</qti-mapping>"


# A is matched once, so that of its two pairs one counts: 2 and 1 make the most.
PAIRS = mapped(**{"A C": 1, "A D": 2, "B D": 1})
MATCHES = (
    '<qti-match-interaction response-identifier="RESPONSE" max-associations="0">'
    + "".join(
        "<qti-simple-match-set>"
        + "".join(
            f'<qti-simple-associable-choice identifier="{name}" match-max="{most}">x'
            "</qti-simple-associable-choice>"
            for name in names
        )
        + "</qti-simple-match-set>"
        for names, most in (("AB", 1), ("CD", 0))
    )
    + "</qti-match-interaction>"
)


def kinds(content: bytes, *allowed: str) -> set[str]:
    return kinds_of({"imsmanifest.xml": manifest("item:a"), "a.xml": content}, frozenset(allowed))


def test_a_sound_item_has_no_finding() -> None:
    assert kinds(item(response("A"), choice())) == set()


def test_an_element_that_only_sounds_like_an_interaction_is_unknown() -> None:
    strange = choice() + '<qti-telepathy-interaction response-identifier="RESPONSE"/>'
    assert kinds(item(response("A"), strange)) == {"unknown-element"}


def test_the_table_has_every_interaction_of_qti_3_that_has_a_type() -> None:
    assert len(TYPES) == 20  # of 21: portable custom takes any


@pytest.mark.parametrize(
    ("declared", "body"),
    [
        (response("A", cardinality="ordered"), choice()),
        (response("A", base="string"), choice()),
        (
            response(cardinality="multiple", base="string"),
            '<p><qti-text-entry-interaction response-identifier="RESPONSE"/></p>',
        ),
        (
            response("A", cardinality="multiple"),
            (
                f'<qti-order-interaction response-identifier="RESPONSE">{CHOICES}'
                "</qti-order-interaction>"
            ),
        ),
        (
            response("1", base="string"),
            (
                '<qti-slider-interaction response-identifier="RESPONSE" lower-bound="0"'
                ' upper-bound="9"/>'
            ),
        ),
    ],
)
def test_a_variable_of_another_type_than_its_interaction_gives_is_found(
    declared: str, body: str
) -> None:
    assert "type-mismatch" in kinds(item(declared, body))


@pytest.mark.parametrize(
    ("declared", "body"),
    [
        (response("A", "B", cardinality="multiple"), choice()),
        (
            response("10", base="integer"),
            (
                '<qti-slider-interaction response-identifier="RESPONSE" lower-bound="0"'
                ' upper-bound="9"/>'
            ),
        ),
        (
            response("A B", "A C", cardinality="multiple", base="pair"),
            '<qti-associate-interaction response-identifier="RESPONSE" max-associations="0">'
            + "".join(
                f'<qti-simple-associable-choice identifier="{name}" match-max="1">x'
                "</qti-simple-associable-choice>"
                for name in "ABC"
            )
            + "</qti-associate-interaction>",
        ),
    ],
)
def test_a_key_that_no_pupil_can_give_is_found(declared: str, body: str) -> None:
    assert "key-unreachable" in kinds(item(declared, body))


def test_several_answers_for_a_variable_of_one_are_found() -> None:
    assert "too-many-for-one" in kinds(item(response("A"), choice('max-choices="2"')))


@pytest.mark.parametrize(
    ("declared", "body", "processing", "maximum", "kind"),
    [
        (response("A"), choice(), MATCH, 2, "score-unreachable"),
        (response("A"), choice(), MATCH, 0.5, "score-above-maximum"),
        (
            response("A", cardinality="multiple", mapping=mapped(A=1, B=2, C=-1)),
            choice('max-choices="0"'),
            MAP,
            4,
            "score-unreachable",
        ),
        (
            response("A", cardinality="multiple", mapping=mapped(A=1, B=2, C=-1)),
            choice('max-choices="0"'),
            MAP,
            3,
            "key-not-best",
        ),
        (
            response("A D", "B D", cardinality="multiple", base="directedPair", mapping=PAIRS),
            MATCHES,
            MAP,
            4,
            "score-unreachable",
        ),
        (
            response("A D", "B D", cardinality="multiple", base="directedPair", mapping=PAIRS),
            MATCHES,
            MAP,
            2,
            "score-above-maximum",
        ),
        (
            response("5", base="integer"),
            (
                '<qti-slider-interaction response-identifier="RESPONSE" lower-bound="0"'
                ' upper-bound="10"/>'
            ),
            MATCH,
            2,
            "score-unreachable",
        ),
        (
            response("York", base="string", mapping=mapped(York=1, york=0.5)),
            '<p><qti-text-entry-interaction response-identifier="RESPONSE"/></p>',
            MAP,
            2,
            "score-unreachable",
        ),
    ],
)
def test_a_maximum_that_answers_do_not_have_is_found(
    declared: str, body: str, processing: str, maximum: float, kind: str
) -> None:
    found = kinds(item(declared, body, processing=processing, maximum=maximum))
    assert found == {kind}


def test_pairs_that_are_too_many_to_try_are_left_without_a_word() -> None:
    many = "".join(
        f'<qti-simple-associable-choice identifier="A{number}" match-max="0">x'
        "</qti-simple-associable-choice>"
        for number in range(80)
    )
    body = (
        '<qti-associate-interaction response-identifier="RESPONSE" max-associations="0">'
        f"{many}</qti-associate-interaction>"
    )
    declared = response(cardinality="multiple", base="pair", mapping=mapped(**{"A1 A2": 1}))
    assert kinds(item(declared, body, processing=MAP, maximum=9)) == set()


def test_nothing_is_said_of_the_score_of_a_text_that_is_searched() -> None:
    searched = """<qti-response-processing><qti-set-outcome-value identifier="SCORE">
      <qti-map-response identifier="RESPONSE"/></qti-set-outcome-value>
      <qti-response-condition><qti-response-if><qti-pattern-match pattern="b+">
      <qti-variable identifier="RESPONSE"/></qti-pattern-match>
      <qti-set-outcome-value identifier="SCORE"><qti-base-value base-type="float">2
      </qti-base-value></qti-set-outcome-value></qti-response-if></qti-response-condition>
      </qti-response-processing>"""
    body = '<p><qti-text-entry-interaction response-identifier="RESPONSE"/></p>'
    declared = response(base="string", mapping=mapped(York=1))
    assert kinds(item(declared, body, processing=searched, maximum=2)) == set()


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (
            (
                '<qti-feedback-block outcome-identifier="NONE" identifier="x" show-hide="show">'
                "<qti-content-body><p>x</p></qti-content-body></qti-feedback-block>"
            ),
            "feedback-undeclared",
        ),
        ('<p><qti-printed-variable identifier="NONE"/></p>', "printed-undeclared"),
        ('<p data-catalog-idref="none">x</p>', "unknown-catalog"),
        ('<p id="x">x</p><p id="x">x</p>', "duplicate-id"),
    ],
)
def test_what_is_named_and_not_there_is_found(body: str, kind: str) -> None:
    assert kind in kinds(item(response("A"), choice() + body))


def test_a_portable_interaction_is_found_unless_its_type_is_allowed() -> None:
    body = (
        '<qti-portable-custom-interaction response-identifier="RESPONSE" module="likert"'
        ' custom-interaction-type-identifier="likert"><qti-interaction-markup/>'
        "</qti-portable-custom-interaction>"
    )
    content = item(response("A"), body)
    assert "cannot-travel" in kinds(content)
    assert "cannot-travel" not in kinds(content, "likert")


def test_companion_materials_are_told_to_be_left_out() -> None:
    beside = "<qti-companion-materials-info><qti-calculator/></qti-companion-materials-info>"
    assert kinds(item(response("A") + beside, choice())) == {"ignored"}


@pytest.mark.parametrize(
    ("kind", "said"), [("basic", set()), ("standard", set()), ("graphing", {"ignored"})]
)
def test_a_calculator_that_the_player_has_is_taken(kind: str, said: set[str]) -> None:
    beside = (
        "<qti-companion-materials-info><qti-calculator>"
        f"<qti-calculator-type>{kind}</qti-calculator-type>"
        "<qti-description>one</qti-description></qti-calculator></qti-companion-materials-info>"
    )
    assert kinds(item(response("A") + beside, choice())) == said
