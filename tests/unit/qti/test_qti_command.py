# SPDX-License-Identifier: AGPL-3.0-or-later
"""The command `encrier qti`: what it prints, in which language, and the code it exits with."""

import json
import shutil
from pathlib import Path

import pytest

from encrier.cli import main
from encrier_qti.commands.asking import language_of

ROOT = Path(__file__).parents[3]
SAMPLE = ROOT / "demo/assessments/sixieme-debut"
VERBS = ("check", "show", "preview", "compile", "score", "convert", "cases")
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


def broken(folder: Path) -> Path:
    """The demo's assessment with one item that is cut in its second line."""
    package = folder / "package"
    shutil.copytree(SAMPLE, package)
    (package / "items/fr-c-01.xml").write_text(f'<qti-assessment-item xmlns="{QTI}">\n<oops')
    return package


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
    "asked",
    [
        ["check", "nothing"],
        ["show", "nothing.xml"],
        ["show", "broken.xml"],
        ["compile", "broken.xml", "--out", "out"],
        ["score", "item.xml"],
        ["score", "item.xml", "--responses", "nothing.json"],
        ["score", "item.xml", "answers.json", "--responses", "answers.json"],
        ["score", "broken.xml", "--responses", "answers.json"],
        ["score", str(SAMPLE), "--responses", "answers.json"],
        ["preview", "item.xml", "--player", "nowhere"],
        ["preview", "item.xml", "--player", ".", "--port", "70000"],
        ["cases", "nothing.jsonl"],
        ["convert", "broken.xml", "--out", "new.zip"],
        ["convert", "item.xml", "--out", "new.txt"],
    ],
)
@pytest.mark.parametrize("lang", ["fr", "en"])
def test_asking_wrongly_exits_2_with_one_sentence(
    asked: list[str],
    lang: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("item.xml").write_text(item(declared("single", "identifier", "B")))
    Path("broken.xml").write_text("<oops")
    Path("answers.json").write_text("{}")
    Path("preview").mkdir()
    Path("preview/index.html").touch()
    assert main(["qti", *asked, "--lang", lang]) == 2
    told = capsys.readouterr()
    assert told.err.startswith("encrier: ")
    assert told.err.count("\n") == 1
    assert told.out == ""


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "fr"),
        ({"LANG": "C.UTF-8"}, "fr"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "en_GB.UTF-8", "LC_MESSAGES": "fr_FR.UTF-8"}, "fr"),
        ({"LANG": "fr_FR.UTF-8", "LC_ALL": "en_US.UTF-8"}, "en"),
        ({"LC_ALL": "", "LANG": "en"}, "en"),
    ],
)
def test_the_locale_chooses_the_language(environment: dict[str, str], language: str) -> None:
    assert language_of(environment) == language


def test_findings_stand_under_their_file_and_count(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["qti", "check", str(broken(tmp_path)), "--lang", "en"]) == 1
    lines = capsys.readouterr().out.splitlines()
    at = lines.index("items/fr-c-01.xml")
    assert lines[at + 1].startswith("  error, line 2: ")
    assert lines[-1] == "errors: 1, warnings: 1."  # one: no schema was given


def test_findings_in_json_say_all_that_a_tool_needs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["qti", "check", str(broken(tmp_path)), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["ok"] is False
    (finding,) = [each for each in told["findings"] if each["severity"] == "error"]
    fields = {"kind", "severity", "file", "line", "element", "what", "next_step"}
    assert set(finding) == fields
    assert (finding["file"], finding["line"]) == ("items/fr-c-01.xml", 2)
    assert finding["severity"] == "error"


def test_show_tells_the_test_and_no_key(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["qti", "show", str(SAMPLE), "--lang", "en"]) == 0
    shown = capsys.readouterr().out
    assert "part passation  nonlinear  individual" in shown
    assert "fr-c-01" in shown
    assert "match_correct  1 point\n" in shown
    assert "Hirondelle →" not in shown
    assert "key:" not in shown
    assert main(["qti", "show", str(SAMPLE), "--lang", "en", "--keys"]) == 0
    assert "key: D, B, E, A, C" in capsys.readouterr().out


def test_show_in_json_has_keys_only_where_asked(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["qti", "show", str(SAMPLE), "--json"]) == 0
    without = capsys.readouterr().out
    assert main(["qti", "show", str(SAMPLE), "--json", "--keys"]) == 0
    with_keys = capsys.readouterr().out
    first = json.loads(without)["items"]["fr-c-01"]
    assert first["interactions"] == [{"name": "choice", "response": "RESPONSE", "n_choices": 4}]
    assert first["scored_by"] == "match_correct"
    assert first["maximum"] == 1.0
    assert '"correct"' not in without
    assert '"mapping"' not in without
    correct = json.loads(with_keys)["items"]["fr-c-01"]["responses"]["RESPONSE"]["correct"]
    assert correct == {"cardinality": "single", "baseType": "identifier", "value": "B"}


def test_a_warning_fails_the_check_where_it_is_strict(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["qti", "check", str(SAMPLE)]) == 0
    assert main(["qti", "check", str(SAMPLE), "--strict"]) == 1  # no schema was given
    assert main(["qti", "check", str(SAMPLE), "--schemas", str(SAMPLE)]) == 2
    assert "imsqti_asiv3p0" in capsys.readouterr().err


QTI_2 = """<?xml version="1.0" encoding="UTF-8"?>
<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="old" title="Old"
    adaptive="false" timeDependent="false">
  <responseDeclaration identifier="RESPONSE" cardinality="single" baseType="identifier">
    <correctResponse><value>B</value></correctResponse>
  </responseDeclaration>
  <outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float"/>
  <itemBody><choiceInteraction responseIdentifier="RESPONSE" maxChoices="1" shuffle="false">
    <simpleChoice identifier="A">a</simpleChoice><simpleChoice identifier="B">b</simpleChoice>
  </choiceInteraction></itemBody>
  <responseProcessing
    template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct"/>
</assessmentItem>
"""


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """An item in QTI 2.1."""
    pytest.importorskip("qti_convert", reason="the extra encrier-qti[convert] is not installed")
    (tmp_path / "old.xml").write_text(QTI_2)
    (tmp_path / "pupil.json").write_text('{"RESPONSE": "B"}')
    return tmp_path / "old.xml"


def test_an_item_in_qti_2_is_scored_as_it_is(old: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["score", str(old), "--responses", str(old.with_name("pupil.json")), "--json"]
    assert main(["qti", *asked]) == 0
    assert score(json.loads(capsys.readouterr().out)) == 1.0


@pytest.mark.parametrize("name", ["new.xml", "new.zip"])
def test_what_convert_writes_is_qti_3_and_scores_the_same(
    name: str, old: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new = old.with_name(name)
    assert main(["qti", "convert", str(old), "--out", str(new), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["converted"], told["size_bytes"]) == (["old.xml"], new.stat().st_size)
    asked = ["score", str(new), "--responses", str(old.with_name("pupil.json")), "--json"]
    assert main(["qti", *asked]) == 0
    assert score(json.loads(capsys.readouterr().out)) == 1.0
    if name == "new.xml":
        assert b"qti-choice-interaction" in new.read_bytes()


def test_convert_writes_over_nothing(old: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["qti", "convert", str(old), "--out", str(old)]) == 2
    assert old.read_text() == QTI_2
    assert main(["qti", "convert", str(SAMPLE), "--out", str(old.with_name("a.xml"))]) == 2
    assert capsys.readouterr().err.count("\n") == 2


CASE = {
    "id": "sum-1",
    "class": "SumProcessor",
    "xml": "<sum><baseValue baseType='integer'>1</baseValue></sum>",
    "qti3": "<qti-sum><qti-base-value base-type='integer'>1</qti-base-value></qti-sum>",
    "result": {"cardinality": "single", "baseType": "integer", "value": 1},
    "deterministic": True,
}


def test_cases_that_pass_exit_0_and_are_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "any name.txt").write_text(f"{json.dumps(CASE)}\n")
    assert main(["qti", "cases", str(tmp_path / "any name.txt")]) == 0
    expected = "any name.txt: 1 passed, 0 failed, 0 explained, 0 skipped\n"
    assert capsys.readouterr().out == expected


def test_a_case_that_fails_exits_1_and_is_told_with_its_difference(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    two = {"cardinality": "single", "baseType": "integer", "value": 2}
    wrong = CASE | {"id": "sum-2", "result": two}
    (tmp_path / "a.jsonl").write_text(f"{json.dumps(CASE)}\n{json.dumps(wrong)}\nno case\n")
    assert main(["qti", "cases", str(tmp_path / "a.jsonl"), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["passed"], told["failed"]) == (1, 2)
    fields = {"id", "file", "kind", "outcome", "difference", "reason"}
    assert [set(each) for each in told["cases"]] == [fields, fields]
    assert told["cases"][0]["id"] == "sum-2"
    assert "1" in told["cases"][0]["difference"]
    assert main(["qti", "cases", str(tmp_path / "a.jsonl"), "--json", "--all"]) == 1
    assert len(json.loads(capsys.readouterr().out)["cases"]) == 3


@pytest.mark.parametrize("verb", VERBS)
def test_help_fits_24_lines_and_ends_with_an_example(
    verb: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    with pytest.raises(SystemExit):
        main(["qti", verb, "--help"])
    lines = capsys.readouterr().out.strip().splitlines()
    assert len(lines) <= 24
    assert lines[-1].startswith(f"example: encrier qti {verb} ")
