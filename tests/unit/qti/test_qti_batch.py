# SPDX-License-Identifier: AGPL-3.0-or-later
"""Many answers to one item: the same outcomes as one by one, and how few times it is processed."""

import os
import tracemalloc
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec
import pytest

from encrier.errors import EncrierError
from encrier_qti import batch
from encrier_qti.answers import Answers
from encrier_qti.batch import Batch, OutcomeTable
from encrier_qti.processing.programs import Frame
from encrier_qti.reading.item import read_item
from encrier_qti.scoring import Program, Remark, compile_item
from encrier_qti.values import integer, printed, real

ROOT = Path(__file__).resolve().parents[3]
SHARED = Path(os.environ.get("ENCRIER_SHARED", ROOT.parent / "shared"))
EXAMPLES = SHARED / "data" / "qti" / "1edtech-examples"
NAMESPACE = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
TEMPLATES = "https://purl.imsglobal.org/spec/qti/v3p0/rptemplates"
KEY = "<qti-correct-response><qti-value>B</qti-value></qti-correct-response>"
MAPPING = (
    '<qti-mapping default-value="-0.5" lower-bound="0">'
    '<qti-map-entry map-key="B" mapped-value="1"/><qti-map-entry map-key="D" mapped-value="0.5"/>'
    "</qti-mapping>"
)
READ = '<qti-variable identifier="RESPONSE"/>'
MATCH = f'<qti-match>{READ}<qti-correct identifier="RESPONSE"/></qti-match>'


def compiled(
    *inside: str,
    kind: str = "single",
    base: str = "identifier",
    template: str = "",
    rules: str = "",
) -> Program:
    named = f' template="{TEMPLATES}/{template}.xml"' if template else ""
    written = (
        f'<qti-assessment-item xmlns="{NAMESPACE}" identifier="a" title="a" xml:lang="fr">'
        f'<qti-response-declaration identifier="RESPONSE" cardinality="{kind}" base-type="{base}">'
        f"{''.join(inside)}</qti-response-declaration>"
        '<qti-response-declaration identifier="OTHER" cardinality="single" base-type="float"/>'
        '<qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float"/>'
        '<qti-outcome-declaration identifier="N" cardinality="single" base-type="integer"/>'
        f"<qti-item-body/><qti-response-processing{named}>{rules}</qti-response-processing>"
        "</qti-assessment-item>"
    )
    return compile_item(read_item(written.encode(), file="items/a.xml"))


def counted(program: Program) -> tuple[Program, list[Frame]]:
    """The same program, and the frames it has been run on."""
    ran: list[Frame] = []

    def run(frame: Frame) -> bool:
        ran.append(frame)
        return program.run(frame)

    return msgspec.structs.replace(program, run=run), ran


def scored(program: Program, rows: Sequence[Answers]) -> OutcomeTable:
    made = Batch(program)
    made.add(rows)
    return made.table()


def assert_exact(program: Program, rows: Sequence[Answers]) -> None:
    table = scored(program, rows)
    assert [table[row] for row in range(len(table))] == [
        program.score_with_remarks(answers) for answers in rows
    ]


def only(*values: object) -> Mapping[str, Sequence[str]]:
    return {"RESPONSE": list(values)}  # type: ignore[arg-type]  # pupils send anything


def test_no_row_gives_an_empty_table() -> None:
    table = scored(compiled(KEY, template="match_correct"), [])
    assert len(table) == 0
    assert list(table.scores()) == []
    assert list(table.remarks()) == []
    assert list(table.outcome("SCORE").codes) == []


def test_a_thousand_different_wrong_answers_are_processed_once() -> None:
    program, ran = counted(compiled(KEY, template="match_correct"))
    table = scored(program, [only(f"c{n}") for n in range(1000)] + [only("B"), {}])
    assert list(table.scores()) == [0.0] * 1000 + [1.0, 0.0]
    assert len(ran) == 3  # wrong, right, nothing sent
    assert len(table.distinct) == 2


RULES_OF_MATCH = (
    f"<qti-response-condition><qti-response-if>{MATCH}"
    '<qti-set-outcome-value identifier="SCORE"><qti-base-value base-type="float">1'
    "</qti-base-value></qti-set-outcome-value></qti-response-if></qti-response-condition>"
)
RULES_OF_MAPPING = (
    f"<qti-response-condition><qti-response-if><qti-is-null>{READ}</qti-is-null></qti-response-if>"
    '<qti-response-else><qti-set-outcome-value identifier="SCORE">'
    '<qti-map-response identifier="RESPONSE"/></qti-set-outcome-value></qti-response-else>'
    "</qti-response-condition>"
)


@pytest.mark.parametrize(
    ("program", "kinds"),
    [
        (compiled(KEY, rules=RULES_OF_MATCH), 3),  # right, wrong, nothing
        (compiled(MAPPING, template="map_response"), 4),  # 1, 0.5, the default, nothing
        (compiled(MAPPING, rules=RULES_OF_MAPPING), 4),
    ],
    ids=["match_correct written out", "map_response", "map_response written out"],
)
def test_a_template_written_out_is_processed_as_seldom_as_one_named(
    program: Program, kinds: int
) -> None:
    program, ran = counted(program)
    rows = [only(letter) for letter in "ABCDEFGH"] + [only()]
    table = scored(program, rows)
    assert len(ran) == kinds
    assert list(table.scores()) == [program.total(answers) for answers in rows]


def test_points_in_the_same_area_are_of_a_kind() -> None:
    areas = (
        '<qti-area-mapping default-value="0">'
        '<qti-area-map-entry shape="circle" coords="50,50,20" mapped-value="1"/></qti-area-mapping>'
    )
    program, ran = counted(compiled(areas, base="point", template="map_response_point"))
    table = scored(program, [only(f"{x} 50") for x in range(100)])
    assert [table.scores()[x] for x in (0, 29, 31, 50, 69, 71, 99)] == [0, 0, 1, 1, 1, 0, 0]
    assert len(ran) == 2


def test_what_cannot_be_scored_keeps_its_reason_in_its_row_only() -> None:
    program = compiled(KEY, template="match_correct")
    rows = [only("B"), only("a b"), only("A", "B"), {"AUTRE": ["B"]}, only("C"), only("a b")]
    assert list(scored(program, rows).remarks()) == [
        (1, (Remark(response="RESPONSE", why="bad-form"),)),
        (2, (Remark(response="RESPONSE", why="too-many"),)),
        (3, (Remark(response="", why="unknown"),)),
        (5, (Remark(response="RESPONSE", why="bad-form"),)),
    ]


def test_hostile_rows_are_scored_as_one_by_one() -> None:
    rows = [
        only(None),
        only(1),
        only(True),
        only(["B"]),
        only({}),
        only("B" * 200_000),
        {"RESPONSE": "B"},
        {"RESPONSE": ("B",)},
        {"RESPONSE": None},
        {"RESPONSE": {"B": "B"}},
        {"RESPONSE": b"B"},
        {f"R{n}": ["B"] for n in range(500)},
        {"AUTRE": ["B"], "RESPONSE": ["B"]},
        {"RESPONSE": ["B"], "AUTRE": ["B"]},
    ]
    assert_exact(compiled(KEY, template="match_correct"), rows)  # type: ignore[arg-type]  # anything


def test_a_text_is_not_taken_for_the_list_of_its_letters() -> None:
    program = compiled(MAPPING, kind="multiple", template="map_response")
    rows = [{"RESPONSE": "BD"}, {"RESPONSE": ["B", "D"]}, {"RESPONSE": ("B", "D")}]
    assert_exact(program, [*rows, *rows[::-1], {"RESPONSE": [1]}, {"RESPONSE": [True]}])  # type: ignore[list-item]  # anything


def test_processing_that_fails_for_some_answers_is_told_in_their_rows() -> None:
    fails_if_right = (
        f'<qti-response-condition><qti-response-if>{MATCH}<qti-set-outcome-value identifier="N">'
        f"{READ}</qti-set-outcome-value></qti-response-if></qti-response-condition>"
    )
    program = compiled(KEY, rules=fails_if_right)
    assert_exact(program, [only("A"), only("B"), only("C"), only("B")])
    table = scored(program, [only("A"), only("B")])
    assert list(table.remarks()) == [(1, (Remark(response="", why="wrong-type"),))]


def test_responses_that_are_compared_with_each_other_are_kept_apart() -> None:
    other = '<qti-variable identifier="OTHER"/>'
    program = compiled(
        base="float",
        rules=f'<qti-set-outcome-value identifier="SCORE"><qti-sum>{READ}{other}</qti-sum>'
        "</qti-set-outcome-value>",
    )
    rows = [{"RESPONSE": [str(n)], "OTHER": [str(m)]} for n in range(9) for m in range(9)]
    assert_exact(program, [*rows, *rows, {"OTHER": ["1"]}, {"RESPONSE": ["2"]}])


def test_an_attribute_that_names_a_response_reads_it() -> None:
    program = compiled(
        base="integer",
        rules='<qti-set-outcome-value identifier="N"><qti-index n="RESPONSE"><qti-ordered>'
        '<qti-base-value base-type="integer">7</qti-base-value>'
        '<qti-base-value base-type="integer">8</qti-base-value>'
        "</qti-ordered></qti-index></qti-set-outcome-value>",
    )
    table = scored(program, [only("1"), only("2"), only("3"), only("1")])
    outcome = table.outcome("N")
    assert [outcome.values[code] for code in outcome.codes] == [
        integer(7),
        integer(8),
        None,
        integer(7),
    ]


def test_an_item_that_draws_at_random_is_processed_for_every_answer() -> None:
    program, ran = counted(
        compiled(
            rules='<qti-set-outcome-value identifier="N"><qti-random-integer min="1" max="9"/>'
            "</qti-set-outcome-value>"
        )
    )
    scored(program, [only("A")] * 50)
    assert len(ran) == 50


def test_what_is_remembered_is_bounded_and_changes_no_outcome(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(batch, "MOST_KEPT", 3)
    copied = f'<qti-set-outcome-value identifier="SCORE">{READ}</qti-set-outcome-value>'
    rows = [only(str(n % 7)) for n in range(50)]
    assert_exact(compiled(base="float", rules=copied), rows)


def test_a_row_costs_four_bytes_even_if_no_two_answers_are_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(batch, "MOST_KEPT", 100)
    made = Batch(compiled(KEY, base="string", template="match_correct"))
    n_rows = 20_000
    tracemalloc.start()
    try:
        made.add(only(f"réponse {n}") for n in range(n_rows))
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert held < 4 * n_rows * 1.2 + 150_000  # an array has room to grow; what is remembered


@pytest.mark.skipif(not EXAMPLES.is_dir(), reason="the shared test material is not here")
def test_items_of_1edtech_are_scored_in_a_batch_as_one_by_one() -> None:
    n_items = 0
    for path in sorted(EXAMPLES.rglob("*.xml")):
        try:
            program = compile_item(read_item(path.read_bytes(), file=path.name))
        except EncrierError:
            continue
        if program.seen() is None:
            continue
        n_items += 1
        rows: list[Answers] = [{}]
        for name, declared in program.responses.items():
            key = declared.correct
            told = [printed(key.base, each) for each in key.members] if key else []
            some = [told, told[::-1], told[:1], ["A"], ["B", "B"], ["1"], ["1 2"], ["x y"], []]
            rows += [{**row, name: values} for row in rows[-3:] for values in some]
        assert_exact(program, [*rows, *rows[::-1]])
    assert n_items >= 40


def test_a_batch_goes_on_after_its_table_was_given() -> None:
    made = Batch(compiled(KEY, template="match_correct"))
    made.add([only("B")])
    first = made.table()
    made.add(iter([only("A"), only("B")]))
    assert list(first.scores()) == [1.0]
    assert list(made.table().scores()) == [1.0, 0.0, 1.0]
    assert made.table().outcome("SCORE").values == (real(1.0), real(0.0))
    with pytest.raises(KeyError):
        made.table().outcome("ABSENT")


def test_a_batch_shows_neither_key_nor_answer() -> None:
    made = Batch(compiled(KEY, template="match_correct"))
    made.add([only("secret-7")])
    assert repr(made) == "Batch(Program('a', ‹hidden›), 1 rows)"
