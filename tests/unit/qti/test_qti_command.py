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
VERBS = ("check", "show", "preview", "compile", "kit", "score", "convert", "cases")
QTI = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"


def broken(folder: Path) -> Path:
    """The demo's assessment with one item that is cut in its second line."""
    package = folder / "package"
    shutil.copytree(SAMPLE, package)
    (package / "items/fr-c-01.xml").write_text(f'<qti-assessment-item xmlns="{QTI}">\n<oops')
    return package


@pytest.mark.parametrize(
    "asked",
    [
        ["check", "nothing"],
        ["show", "nothing.xml"],
        ["show", "broken.xml"],
        ["compile", "broken.xml", "--out", "out"],
        ["kit", "broken.xml", "--out", "out", "--no-papers"],
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
    shutil.copy(SAMPLE / "items/ma-n-01.xml", "item.xml")
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
    told = json.loads(capsys.readouterr().out)
    assert told["outcomes"]["SCORE"]["value"] == 1.0


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
    told = json.loads(capsys.readouterr().out)
    assert told["outcomes"]["SCORE"]["value"] == 1.0
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
