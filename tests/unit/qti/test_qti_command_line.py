# SPDX-License-Identifier: AGPL-3.0-or-later
"""The command on a whole package: what it makes, prints and exits with."""

import hashlib
import json
import shutil
from pathlib import Path

import pytest

from encrier.cli import main

SAMPLE = Path(__file__).resolve().parents[3] / "demo" / "assessments" / "sixieme-debut"


def test_check_exits_0_on_a_sound_package_and_1_on_another(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["qti", "check", str(SAMPLE)]) == 0
    assert main(["qti", "check", str(SAMPLE), "--json"]) == 0
    (tmp_path / "imsmanifest.xml").write_text("<oops")
    assert main(["qti", "check", str(tmp_path), "--lang", "fr"]) == 1
    assert "imsmanifest.xml\n  erreur, ligne 1" in capsys.readouterr().out


def test_compile_and_score_do_what_they_say(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["qti", "compile", str(SAMPLE), "--out", str(tmp_path / "b"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    index = (tmp_path / "b" / "bundle.json").read_bytes()
    assert told["bundle"] == hashlib.sha256(index).hexdigest()[:16]
    answers = tmp_path / "answers.json"
    answers.write_text('{"fr-c-01": {"RESPONSE": ["B"]}}')
    assert main(["qti", "score", str(SAMPLE), str(answers), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["scores"]["fr-c-01"] == 1.0
    assert main(["qti", "score", str(SAMPLE), str(answers)]) == 0


def test_asking_wrongly_exits_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answers = tmp_path / "answers.json"
    answers.write_text("[]")
    assert main(["qti", "check", str(tmp_path / "nothing")]) == 2
    assert main(["qti", "score", str(SAMPLE), str(answers)]) == 2
    assert main(["qti", "compile", str(tmp_path), "--out", str(tmp_path / "b")]) == 2
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize("verb", ["check", "compile", "score"])
def test_help_fits_a_screen_and_ends_with_an_example(
    verb: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["qti", verb, "--help"])
    lines = capsys.readouterr().out.strip().splitlines()
    assert len(lines) <= 24
    assert "example: encrier qti" in lines[-1]


def test_compile_writes_the_digests_of_what_went_in_where_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["compile", str(SAMPLE), "--out", str(tmp_path / "b"), "--lang", "en"]
    assert main(["qti", *asked, "--manifest", str(tmp_path / "digests.json")]) == 0
    told = capsys.readouterr().out
    assert told.startswith("bundle ")
    assert "Items: 37, files: " in told
    manifest = json.loads((tmp_path / "digests.json").read_bytes())
    assert (
        manifest["bundle"] == hashlib.sha256((tmp_path / "b/bundle.json").read_bytes()).hexdigest()
    )
    assert set(manifest["sources"]) >= {"assessment.xml", "items/fr-c-01.xml"}


def test_compile_tells_the_first_error_and_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    package = tmp_path / "package"
    shutil.copytree(SAMPLE, package)
    (package / "items/fr-c-01.xml").unlink()
    assert main(["qti", "compile", str(package), "--out", str(tmp_path / "b"), "--lang", "en"]) == 2
    told = capsys.readouterr().err
    assert "errors in this package: 1. The first: " in told
    assert "fr-c-01.xml" in told
    assert not (tmp_path / "b").exists()


def test_an_item_without_a_test_is_compiled_as_far_as_it_goes_and_its_errors_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    item = (SAMPLE / "items/fr-c-01.xml").read_text("utf-8")
    one, nine = "<qti-value>1</qti-value>", "<qti-value>9</qti-value>"
    shutil.copytree(SAMPLE / "stimuli", tmp_path / "stimuli")
    (tmp_path / "alone.xml").write_text(item.replace("../stimuli", "stimuli").replace(one, nine))
    asked = ["compile", str(tmp_path / "alone.xml"), "--out", str(tmp_path / "b")]
    assert main(["qti", *asked, "--lang", "en"]) == 0
    assert "no answer gets the maximum score" in capsys.readouterr().err
    assert (tmp_path / "b/bundle.json").exists()


def test_an_item_of_a_package_is_checked_with_the_files_of_its_package(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["qti", "check", str(SAMPLE / "items/fr-c-01.xml"), "--json"]) == 0
    kinds = {each["kind"] for each in json.loads(capsys.readouterr().out)["findings"]}
    assert kinds == {"no-schema"}


def test_an_item_is_scored_without_the_files_that_it_only_shows(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copy(SAMPLE / "items/fr-c-01.xml", tmp_path / "alone.xml")
    (tmp_path / "pupil.json").write_text('{"RESPONSE": "B"}')
    asked = [str(tmp_path / "alone.xml"), "--responses", str(tmp_path / "pupil.json"), "--json"]
    assert main(["qti", "score", *asked]) == 0
    assert json.loads(capsys.readouterr().out)["outcomes"]["SCORE"]["value"] == 1.0


def test_a_remark_on_many_files_is_told_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written = (SAMPLE / "items/ma-n-01.xml").read_text("utf-8")
    for name in "abcd":
        (tmp_path / f"{name}.xml").write_text(written, "utf-8")
    assert main(["qti", "check", str(tmp_path), "--lang", "en"]) == 0
    told = capsys.readouterr().out
    assert told.count("the item goes by another name than in the test.") == 3  # b, c, d

    (tmp_path / "e.xml").write_text(written, "utf-8")
    assert main(["qti", "check", str(tmp_path), "--lang", "en"]) == 0
    told = capsys.readouterr().out
    assert told.count("the item goes by another name than in the test.") == 1
    assert "4 files\n  warning: the item goes" in told
    assert "right one.\n    b.xml\n    c.xml\n    d.xml\n    e.xml\n" in told
    assert told.endswith("errors: 0, warnings: 6.\n")
