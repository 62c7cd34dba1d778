# SPDX-License-Identifier: AGPL-3.0-or-later
"""What `check` finds in items and tests: each defect by its name, and no sound item."""

from collections.abc import Mapping

import pytest

from encrier_qti.checks.interactions import TYPES
from encrier_qti.lint import lint, lint_contents, not_compared
from encrier_qti.package import package_from

XMLNS = 'xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0"'
CP = 'xmlns="http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1"'
MATCH = (
    "<qti-response-processing"
    ' template="https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/match_correct.xml"/>'
)
MAP = MATCH.replace("match_correct", "map_response")
CHOICES = "".join(
    f'<qti-simple-choice identifier="{name}">{name}</qti-simple-choice>' for name in "ABC"
)


def response(
    *keys: str, cardinality: str = "single", base: str = "identifier", mapping: str = ""
) -> str:
    values = "".join(f"<qti-value>{key}</qti-value>" for key in keys)
    correct = f"<qti-correct-response>{values}</qti-correct-response>" if keys else ""
    return (
        f'<qti-response-declaration identifier="RESPONSE" cardinality="{cardinality}"'
        f' base-type="{base}">{correct}{mapping}</qti-response-declaration>'
    )


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


def choice(attributes: str = 'max-choices="1"') -> str:
    return (
        f'<qti-choice-interaction response-identifier="RESPONSE" {attributes}>{CHOICES}'
        "</qti-choice-interaction>"
    )


def item(declared: str, body: str, *, processing: str = MATCH, maximum: float = 1) -> bytes:
    return (
        f'<qti-assessment-item {XMLNS} identifier="a" title="A" adaptive="false"'
        f' time-dependent="false">{declared}'
        f'<qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float"'
        f' normal-maximum="{maximum}"/>\n<qti-item-body>{body}</qti-item-body>{processing}'
        "</qti-assessment-item>"
    ).encode()


def manifest(*names: str) -> bytes:
    listed = "".join(
        f'<resource identifier="{name}" type="imsqti_{kind}_xmlv3p0" href="{name}.xml">'
        f'<file href="{name}.xml"/></resource>'
        for kind, name in (each.split(":") for each in names)
    )
    return f'<manifest {CP} identifier="M"><resources>{listed}</resources></manifest>'.encode()


def kinds_of(contents: Mapping[str, bytes], allowed_pci: frozenset[str] = frozenset()) -> set[str]:
    found = lint(package_from(contents), allowed_pci=allowed_pci)
    return {each.kind for each in found} - {"no-reporting"}


def kinds(content: bytes, *allowed: str) -> set[str]:
    return kinds_of({"imsmanifest.xml": manifest("item:a"), "a.xml": content}, frozenset(allowed))


def test_a_sound_item_has_no_finding() -> None:
    assert kinds(item(response("A"), choice())) == set()


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


# --- tests ---


def assessment(*refs: str, after: str = "", before: str = "") -> bytes:
    return (
        f'<qti-assessment-test {XMLNS} identifier="T" title="T">'
        '<qti-test-part identifier="P" navigation-mode="linear" submission-mode="individual">'
        f'<qti-assessment-section identifier="S" title="S" visible="true">{before}'
        f"{''.join(refs)}</qti-assessment-section></qti-test-part>{after}</qti-assessment-test>"
    ).encode()


def ref(name: str, inside: str = "") -> str:
    return (
        f'<qti-assessment-item-ref identifier="{name}" href="a.xml">{inside}'
        "</qti-assessment-item-ref>"
    )


def kinds_of_test(content: bytes) -> set[str]:
    sound = item(response("A"), choice())
    listed = manifest("item:a", "test:t")
    found = kinds_of({"imsmanifest.xml": listed, "a.xml": sound, "t.xml": content})
    return found - {"identifier-mismatch", "not-delivered"}


ALWAYS = '<qti-base-value base-type="boolean">true</qti-base-value>'


def scored(name: str, weight: str = "") -> str:
    return (
        '<qti-outcome-declaration identifier="X" cardinality="single" base-type="float"/>'
        '<qti-outcome-processing><qti-set-outcome-value identifier="X">'
        f'<qti-variable identifier="{name}.SCORE"{weight}/></qti-set-outcome-value>'
        "</qti-outcome-processing>"
    )


def test_a_sound_test_has_no_finding() -> None:
    never_mind = f'<qti-branch-rule target="EXIT_TEST">{ALWAYS}</qti-branch-rule>'
    content = assessment(ref("a"), ref("b", never_mind), after=scored("a"))
    assert kinds_of_test(content) == set()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (assessment(ref("a"), after=scored("none")), "unknown-item"),
        (assessment(ref("a"), after=scored("a", ' weight-identifier="W"')), "unknown-weight"),
        (assessment(ref("a"), after=scored("a").replace("SCORE", "POINTS")), "unknown-variable"),
        (
            assessment(
                ref("a", '<qti-variable-mapping source-identifier="P" target-identifier="Q"/>')
            ),
            "unknown-variable",
        ),
        (
            assessment(
                ref("a", f'<qti-branch-rule target="EXIT_TEST">{ALWAYS}</qti-branch-rule>'),
                ref("b"),
            ),
            "unreachable",
        ),
        (
            assessment(
                ref("a"),
                ref("b", f"<qti-pre-condition><qti-not>{ALWAYS}</qti-not></qti-pre-condition>"),
            ),
            "unreachable",
        ),
    ],
)
def test_logic_that_leads_nowhere_is_found(content: bytes, kind: str) -> None:
    assert kinds_of_test(content) == {kind}


# --- packages ---


def test_what_is_only_checked_needs_no_reporting_and_no_schema() -> None:
    contents = {"imsmanifest.xml": manifest("item:a"), "a.xml": item(response("A"), choice())}
    found = lint_contents(contents)
    assert [(each.kind, each.severity) for each in found] == [("no-reporting", "warning")]
    assert not_compared().severity == "warning"


def test_each_test_of_a_package_is_checked_and_each_finding_told_once() -> None:
    broken = item(response("Z"), choice())
    contents = {
        "imsmanifest.xml": manifest("item:a", "test:t", "test:u"),
        "a.xml": broken,
        "t.xml": assessment(ref("a")),
        "u.xml": assessment(ref("a"), after=scored("none")),
    }
    found = [each.kind for each in lint_contents(contents)]
    assert found.count("key-outside-choices") == 1
    assert "unknown-item" in found


def test_a_package_without_any_item_is_an_error() -> None:
    found = lint_contents({"imsmanifest.xml": manifest()})
    assert [each.kind for each in found if each.severity == "error"] == ["no-item"]


def test_resources_that_share_a_name_or_depend_on_none_are_found() -> None:
    listed = manifest("item:a", "item:a").replace(
        b"</resource>", b'<dependency identifierref="none"/></resource>', 1
    )
    contents = {"imsmanifest.xml": listed, "a.xml": item(response("A"), choice())}
    found = [each for each in lint_contents(contents) if each.kind == "resource"]
    assert len(found) == 2


def test_a_finding_is_told_in_both_languages() -> None:
    content = item(response("A"), choice(), maximum=2)
    contents = {"imsmanifest.xml": manifest("item:a"), "a.xml": content}
    (found,) = [each for each in lint_contents(contents) if each.severity == "error"]
    assert "aucune réponse n’obtient" in found.told("fr")
    assert "no answer gets" in found.told("en")
