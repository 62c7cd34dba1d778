# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reading a test: everything that is written, and what cannot be meant."""

import os
from pathlib import Path

import pytest

from encrier_qti.errors import ContentRefused, NotSupported, QtiError
from encrier_qti.model import Assessment, ItemRef, Section, SessionControl, TimeLimits
from encrier_qti.reading.assessment import read_assessment

SHARED = Path(os.environ.get("ENCRIER_SHARED", Path(__file__).resolve().parents[4] / "shared"))
EXAMPLES = SHARED / "data" / "qti" / "1edtech-examples"

XMLNS = 'xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0"'
TRUE = '<qti-base-value base-type="boolean">true</qti-base-value>'


def part(inside: str, *, identifier: str = "P1", navigation: str = "linear") -> str:
    return (
        f'<qti-test-part identifier="{identifier}" navigation-mode="{navigation}"'
        f' submission-mode="individual">{inside}</qti-test-part>'
    )


def section(inside: str, *, identifier: str = "S1", attributes: str = "") -> str:
    return (
        f'<qti-assessment-section identifier="{identifier}" title="T" visible="true" {attributes}>'
        f"{inside}</qti-assessment-section>"
    )


def ref(identifier: str, inside: str = "", *, attributes: str = "", href: str = "q.xml") -> str:
    return (
        f'<qti-assessment-item-ref identifier="{identifier}" href="{href}" {attributes}>'
        f"{inside}</qti-assessment-item-ref>"
    )


def branch(target: str) -> str:
    return f'<qti-branch-rule target="{target}">{TRUE}</qti-branch-rule>'


def read(inside: str, files: dict[str, bytes] | None = None) -> Assessment:
    start = f'<qti-assessment-test {XMLNS} identifier="T" title="A test">'
    xml = f"{start}\n{inside}\n</qti-assessment-test>"
    return read_assessment(xml.encode(), file="test.xml", files=files)


def only_section(assessment: Assessment) -> Section:
    return assessment.parts[0].sections[0]


def test_everything_that_a_reference_says_is_read() -> None:
    inside = (
        f"<qti-pre-condition>{TRUE}</qti-pre-condition>{branch('EXIT_TEST')}"
        '<qti-item-session-control max-attempts="3" allow-skipping="false"/>'
        '<qti-time-limits min-time="5" max-time="60" allow-late-submission="true"/>'
        '<qti-variable-mapping source-identifier="NOTE" target-identifier="SCORE"/>'
        '<qti-weight identifier="W" value="2.5"/>'
        f'<qti-template-default template-identifier="X">{TRUE}</qti-template-default>'
    )
    attributes = 'required="true" fixed="true" category="easy maths"'
    only = next(iter(read(part(section(ref("Q1", inside, attributes=attributes)))).refs()))
    assert (only.identifier, only.reference.path, only.required, only.fixed) == (
        "Q1",
        "q.xml",
        True,
        True,
    )
    assert only.categories == ("easy", "maths")
    assert only.weights == {"W": 2.5}
    assert only.control == SessionControl(max_attempts=3, allow_skipping=False)
    assert only.limits == TimeLimits(minimum=5, maximum=60, allow_late_submission=True)
    assert [(each.source, each.target) for each in only.mappings] == [("NOTE", "SCORE")]
    assert [each.template for each in only.template_defaults] == ["X"]
    assert [each.name for each in only.preconditions] == ["qti-base-value"]
    assert [each.target for each in only.branches] == ["EXIT_TEST"]


def test_everything_that_a_section_says_is_read() -> None:
    inside = (
        '<qti-selection select="1"/><qti-ordering shuffle="true"/>'
        '<qti-rubric-block use="instructions" view="candidate tutor"><qti-content-body/>'
        "</qti-rubric-block>"
        f"{ref('Q1')}{section(ref('Q2'), identifier='S2')}"
    )
    attributes = 'keep-together="false" fixed="true" required="true"'
    found = only_section(read(part(section(inside, attributes=attributes))))
    assert (found.keep_together, found.fixed, found.required, found.shuffle) == (
        False,
        True,
        True,
        True,
    )
    assert found.selection is not None
    assert (found.selection.select, found.selection.with_replacement) == (1, False)
    assert found.rubrics[0].views == ("candidate", "tutor")
    assert b"qti-content-body" in found.rubrics[0].content
    assert [child.identifier for child in found.children] == ["Q1", "S2"]


def test_everything_that_a_test_says_is_read() -> None:
    inside = (
        '<qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float"/>'
        '<qti-time-limits max-time="3600"/>'
        f"{part(section(ref('Q1')))}"
        "<qti-outcome-processing><qti-exit-test/></qti-outcome-processing>"
        '<qti-test-feedback identifier="F" outcome-identifier="SCORE" access="atEnd"'
        ' show-hide="hide"/>'
    )
    found = read(inside)
    assert list(found.outcomes) == ["SCORE"]
    assert found.limits == TimeLimits(maximum=3600)
    assert found.processing is not None
    assert [child.name for child in found.processing.children] == ["qti-exit-test"]
    assert [(each.identifier, each.show, each.access) for each in found.feedbacks] == [
        ("F", False, "atEnd")
    ]


def test_a_section_in_another_file_is_read_where_it_is_named() -> None:
    other = section(ref("Q9"), identifier="own", attributes=XMLNS)
    named = '<qti-assessment-section-ref identifier="S9" href="sections/nine.xml"/>'
    found = read(part(named), {"sections/nine.xml": other.encode()})
    assert only_section(found).identifier == "S9"
    child = only_section(found).children[0]
    assert isinstance(child, ItemRef)
    assert child.reference.path == "sections/q.xml"
    assert child.reference.file == "sections/nine.xml"


def test_a_section_that_is_missing_is_refused_with_its_line() -> None:
    with pytest.raises(ContentRefused) as refused:
        read(part('<qti-assessment-section-ref identifier="S9" href="nine.xml"/>'))
    assert (refused.value.file, refused.value.line) == ("test.xml", 2)


def test_sections_that_name_each_other_are_refused() -> None:
    again = '<qti-assessment-section-ref identifier="b" href="loop.xml"/>'
    loop = section(again, identifier="a", attributes=XMLNS)
    with pytest.raises(ContentRefused):
        read(
            part('<qti-assessment-section-ref identifier="a" href="loop.xml"/>'),
            {"loop.xml": loop.encode()},
        )


def test_one_item_may_be_referred_to_twice_under_two_names() -> None:
    found = read(part(section(ref("Q1") + ref("Q2"))))
    assert [each.reference.path for each in found.refs()] == ["q.xml", "q.xml"]


@pytest.mark.parametrize(
    "inside",
    [
        section(ref("Q1") + ref("Q1")),
        section(ref("S1")),
        section(ref("P1")),
        section(ref("Q1")) + section(ref("Q2")),
    ],
)
def test_one_name_for_two_elements_is_refused(inside: str) -> None:
    with pytest.raises(ContentRefused):
        read(part(inside))


@pytest.mark.parametrize(
    "inside",
    [
        '<qti-time-limits max-time="-1"/>',
        '<qti-time-limits min-time="10" max-time="5"/>',
        '<qti-time-limits max-time="soon"/>',
        '<qti-item-session-control max-attempts="-1"/>',
        '<qti-item-session-control max-attempts="many"/>',
        '<qti-item-session-control allow-skipping="perhaps"/>',
        '<qti-weight identifier="W" value="1"/><qti-weight identifier="W" value="2"/>',
        '<qti-weight identifier="W" value="INF"/>',
        "<qti-pre-condition/>",
        f"<qti-pre-condition>{TRUE}{TRUE}</qti-pre-condition>",
        branch("nowhere"),
        branch("Q1"),
        branch("Q0"),
        branch("S1"),
        branch("P1"),
        branch("Q2.x"),
    ],
)
def test_what_a_reference_cannot_mean_is_refused(inside: str) -> None:
    with pytest.raises(ContentRefused) as refused:
        read(part(section(ref("Q0") + ref("Q1", inside) + ref("Q2"))))
    assert refused.value.line == 2


@pytest.mark.parametrize(
    "selection",
    [
        '<qti-selection select="3"/>',
        '<qti-selection select="0"/>',
        '<qti-selection select="-1"/>',
        '<qti-selection select="9999999" with-replacement="true"/>',
        "<qti-selection/>",
    ],
)
def test_a_selection_that_cannot_be_made_is_refused(selection: str) -> None:
    with pytest.raises(ContentRefused):
        read(part(section(selection + ref("Q1", attributes='required="true"') + ref("Q2"))))


@pytest.mark.parametrize("target", ["Q3", "S2", "P2", "Q3.2", "EXIT_SECTION", "EXIT_TESTPART"])
def test_a_branch_may_lead_forward_or_out(target: str) -> None:
    first = section(ref("Q1", branch(target)) + ref("Q2"))
    second = section(ref("Q3"), identifier="S2")
    third = part(section(ref("Q4"), identifier="S3"), identifier="P2")
    assert next(iter(read(part(first + second) + third).refs())).branches[0].target == target


@pytest.mark.parametrize("target", ["Q4", "S3"])
def test_an_item_branches_within_its_part_only(target: str) -> None:
    second = part(section(ref("Q4"), identifier="S3"), identifier="P2")
    with pytest.raises(ContentRefused, match="autre partie"):
        read(part(section(ref("Q1", branch(target)))) + second)


@pytest.mark.parametrize("target", ["S1", "Q4"])
def test_a_part_branches_to_a_part_only(target: str) -> None:
    second = part(section(ref("Q4"), identifier="S3"), identifier="P2")
    with pytest.raises(ContentRefused, match="pas une partie"):
        read(part(branch(target) + section(ref("Q1"))) + second)


def test_a_branch_backwards_is_left_to_the_session_where_the_section_is_shuffled() -> None:
    shuffled = f'<qti-ordering shuffle="true"/>{ref("Q1")}{ref("Q2", branch("Q1"))}'
    assert len(list(read(part(section(shuffled))).refs())) == 2


def test_branches_of_a_nonlinear_part_are_noted_as_ignored_and_not_checked() -> None:
    inside = section(ref("Q1", branch("nowhere")))
    found = read(part(branch("EXIT_TEST") + inside, navigation="nonlinear"))
    assert [node.attributes["target"] for node in found.ignored] == ["nowhere"]


def test_a_choice_by_an_outside_engine_is_refused_by_name() -> None:
    with pytest.raises(NotSupported, match="qti-adaptive-selection"):
        read(part(section(f"<qti-adaptive-selection/>{ref('Q1')}")))


@pytest.mark.parametrize("inside", ["", part("", navigation="circular")])
def test_a_test_without_a_part_or_with_an_unknown_mode_is_refused(inside: str) -> None:
    with pytest.raises(ContentRefused):
        read(inside)


@pytest.mark.skipif(not EXAMPLES.exists(), reason="the shared test material is not here")
def test_every_published_test_is_read() -> None:
    refused: list[str] = []
    seen = 0
    for path in sorted(EXAMPLES.rglob("*.xml")):
        content = path.read_bytes()
        if b"<qti-assessment-test " not in content:
            continue
        seen += 1
        try:
            read_assessment(content, file=path.name)
        except QtiError as error:
            refused.append(f"{path.name}: {error}")
    assert seen > 15
    assert refused == []
