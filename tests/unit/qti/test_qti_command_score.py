# SPDX-License-Identifier: AGPL-3.0-or-later
"""`encrier qti score ITEM.xml --responses FILE.json`: every way in which responses are written."""

import json
from pathlib import Path

import pytest

from encrier.cli import main

QTI = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
MATCH_CORRECT = "https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/match_correct"


def item(response: str, *, body: str = "", processing: str = "") -> str:
    """An item with one response, scored by match_correct unless said otherwise."""
    processing = processing or f'<qti-response-processing template="{MATCH_CORRECT}"/>'
    return (
        f'<qti-assessment-item xmlns="{QTI}" identifier="q-1" title="Une question" '
        'time-dependent="false" adaptive="false" xml:lang="fr">'
        f"{response}"
        '<qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float"/>'
        f"<qti-item-body>{body}</qti-item-body>{processing}</qti-assessment-item>"
    )


def declared(cardinality: str, base: str, *correct: str) -> str:
    values = "".join(f"<qti-value>{each}</qti-value>" for each in correct)
    return (
        f'<qti-response-declaration identifier="RESPONSE" cardinality="{cardinality}" '
        f'base-type="{base}"><qti-correct-response>{values}</qti-correct-response>'
        "</qti-response-declaration>"
    )


def scored(
    folder: Path, capsys: pytest.CaptureFixture[str], response: str, answers: object
) -> dict[str, object]:
    """What `score ITEM.xml --responses FILE --json` prints."""
    (folder / "item.xml").write_text(item(response))
    (folder / "pupil.json").write_text(json.dumps(answers))
    asked = ["score", str(folder / "item.xml"), "--responses", str(folder / "pupil.json")]
    assert main(["qti", *asked, "--json"]) == 0
    told: dict[str, object] = json.loads(capsys.readouterr().out)
    return told


def score(told: dict[str, object]) -> object:
    outcomes = told["outcomes"]
    assert isinstance(outcomes, dict)
    return outcomes["SCORE"]["value"]


ONE = {"cardinality": "single", "baseType": "identifier", "value": "B"}
SEVERAL = {"cardinality": "multiple", "baseType": "pair", "values": [["D", "C"], ["A", "B"]]}


@pytest.mark.parametrize(
    ("response", "answers"),
    [
        (declared("single", "identifier", "B"), {"RESPONSE": "B"}),
        (declared("single", "identifier", "B"), {"RESPONSE": ["B"]}),
        (declared("single", "identifier", "B"), {"responses": {"RESPONSE": "B"}}),
        (declared("single", "identifier", "B"), {"RESPONSE": ONE}),
        (declared("single", "identifier", "B"), {"RESPONSE": {"base": {"identifier": "B"}}}),
        (declared("multiple", "identifier", "A", "B"), {"RESPONSE": ["B", "A"]}),
        (
            declared("multiple", "identifier", "A", "B"),
            {"RESPONSE": {"list": {"identifier": ["A", "B"]}}},
        ),
        (declared("multiple", "pair", "A B", "C D"), {"RESPONSE": [["B", "A"], ["C", "D"]]}),
        (declared("multiple", "pair", "A B", "C D"), {"RESPONSE": ["B A", "C D"]}),
        (declared("multiple", "pair", "A B", "C D"), {"RESPONSE": SEVERAL}),
        (declared("multiple", "pair", "A B"), {"RESPONSE": ["B", "A"]}),
        (declared("single", "directedPair", "A B"), {"RESPONSE": ["A", "B"]}),
        (declared("single", "point", "12 34"), {"RESPONSE": [12, 34]}),
        (declared("multiple", "point", "12 34", "5 6"), {"RESPONSE": [[5, 6], [12, 34]]}),
        (declared("single", "integer", "12"), {"RESPONSE": 12}),
        (declared("single", "integer", "12"), {"RESPONSE": 12.0}),
        (declared("single", "integer", "1200"), {"RESPONSE": "1 200"}),
        (declared("single", "float", "1.5"), {"RESPONSE": 1.5}),
        (declared("single", "float", "1.5"), {"RESPONSE": "1,5"}),
        (declared("single", "boolean", "true"), {"RESPONSE": True}),
        (declared("single", "string", "12"), {"RESPONSE": 12}),
        (declared("single", "string", "deux"), {"RESPONSE": " deux "}),
    ],
)
def test_responses_are_taken_as_people_and_programs_write_them(
    response: str, answers: object, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = scored(tmp_path, capsys, response, answers)
    assert told["item"] == "q-1"
    assert told["remarks"] == []
    assert score(told) == 1.0


RECORD = (
    '<qti-response-declaration identifier="RESPONSE" cardinality="record"/>'
    '<qti-outcome-declaration identifier="ANGLE" cardinality="single" base-type="integer"/>'
)
ANGLE = (
    '<qti-response-processing><qti-set-outcome-value identifier="ANGLE">'
    '<qti-field-value field-identifier="angle"><qti-variable identifier="RESPONSE"/>'
    "</qti-field-value></qti-set-outcome-value></qti-response-processing>"
)


@pytest.mark.parametrize(
    "answer",
    [
        {"record": [{"name": "angle", "base": {"integer": 90}}]},
        {
            "cardinality": "record",
            "fields": {"angle": {"cardinality": "single", "baseType": "integer", "value": 90}},
        },
    ],
)
def test_a_record_is_taken_with_its_types(
    answer: object, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "item.xml").write_text(item(RECORD, processing=ANGLE))
    (tmp_path / "pupil.json").write_text(json.dumps({"RESPONSE": answer}))
    asked = [str(tmp_path / "item.xml"), "--responses", str(tmp_path / "pupil.json")]
    assert main(["qti", "score", *asked]) == 0
    assert "ANGLE\t90\n" in capsys.readouterr().out


@pytest.mark.parametrize("answers", [[], {}, None, {"RESPONSE": None}, {"RESPONSE": []}])
def test_no_response_at_all_scores_nothing(
    answers: object, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = scored(tmp_path, capsys, declared("single", "identifier", "B"), answers)
    assert score(told) == 0.0
    assert told["remarks"] == []


@pytest.mark.parametrize(
    ("answers", "remark"),
    [
        ({"RESPONSE": ["A", "B"]}, {"response": "RESPONSE", "why": "too-many"}),
        ({"RESPONSE": {"odd": 1}}, {"response": "RESPONSE", "why": "bad-form"}),
        ({"RESPONSE": [["A", {"odd": 1}]]}, {"response": "RESPONSE", "why": "bad-form"}),
        ({"OTHER": "B"}, {"response": "", "why": "unknown"}),
    ],
)
def test_a_response_that_cannot_be_read_is_remarked_on(
    answers: object,
    remark: dict[str, str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    told = scored(tmp_path, capsys, declared("single", "identifier", "B"), answers)
    assert told["remarks"] == [remark]
    assert score(told) == 0.0


def test_outcomes_are_typed_and_completion_is_among_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = scored(tmp_path, capsys, declared("single", "identifier", "B"), {"RESPONSE": "B"})
    assert told["outcomes"] == {
        "SCORE": {"cardinality": "single", "baseType": "float", "value": 1.0},
        "completionStatus": {
            "cardinality": "single",
            "baseType": "identifier",
            "value": "completed",
        },
    }


def test_outcomes_are_readable_without_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "item.xml").write_text(item(declared("single", "identifier", "B")))
    (tmp_path / "pupil.json").write_text('{"RESPONSE": ["A", "B"]}')
    asked = [str(tmp_path / "item.xml"), "--responses", str(tmp_path / "pupil.json")]
    assert main(["qti", "score", *asked, "--lang", "en"]) == 0
    shown = capsys.readouterr()
    assert "SCORE\t0.0" in shown.out
    assert "RESPONSE: several values where one is expected" in shown.err


@pytest.mark.parametrize(
    "content", [b"", b"{", b'"B"', b"[1]", b"\xff\xfe", b"[" * 100_000, b'{"RESPONSE": NaN}']
)
def test_a_file_that_holds_no_responses_is_refused_in_one_sentence(
    content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "item.xml").write_text(item(declared("single", "identifier", "B")))
    (tmp_path / "pupil.json").write_bytes(content)
    asked = [str(tmp_path / "item.xml"), "--responses", str(tmp_path / "pupil.json")]
    assert main(["qti", "score", *asked]) == 2
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("fr", "RESPONSE\u00a0: une valeur n’a pas la forme attendue"),
        ("en", "RESPONSE: a value is not of the expected form"),
    ],
)
def test_a_remark_is_written_as_its_language_is(
    language: str, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "item.xml").write_text(item(declared("single", "integer", "4")))
    (tmp_path / "pupil.json").write_text('{"RESPONSE": "four"}')
    asked = ["score", str(tmp_path / "item.xml"), "--responses", str(tmp_path / "pupil.json")]
    assert main(["qti", *asked, "--lang", language]) == 0
    assert capsys.readouterr().err.startswith(f"encrier: {told}")


def test_a_file_that_is_not_there_is_told_without_the_words_of_the_system(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "item.xml").write_text(item(declared("single", "integer", "4")))
    asked = ["score", str(tmp_path / "item.xml"), "--responses", str(tmp_path / "none.json")]
    assert main(["qti", *asked, "--lang", "fr"]) == 2
    told = capsys.readouterr().err
    assert "n’existe pas" in told
    assert "No such file" not in told
