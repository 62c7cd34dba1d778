# SPDX-License-Identifier: AGPL-3.0-or-later
"""What `check` finds in tests and whole packages: logic that leads nowhere, what is not there."""

import pytest

from encrier_qti.lint import lint_contents, not_compared
from stagecraft.packages_of_qti import XMLNS, choice, item, kinds_of, manifest, response


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
