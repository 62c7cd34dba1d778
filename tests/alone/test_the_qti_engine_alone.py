# SPDX-License-Identifier: AGPL-3.0-or-later
"""The QTI engine, installed by someone who has never heard of the rest, does what its README says.

Reads the examples out of qti/README.md as printed, and runs them against the bare wheel.
"""

import json
import re
import urllib.request
from pathlib import Path

import pytest

from stagecraft.previews import previewed
from stagecraft.wheels import ROOT, environment, run

README = (ROOT / "qti/README.md").read_text(encoding="utf-8")
pytestmark = pytest.mark.alone


def printed(language: str) -> str:
    (block,) = re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    return str(block)


def split(dotted: str) -> tuple[str, str, str]:
    return dotted.rpartition(".")


@pytest.fixture(scope="module")
def programs(wheels: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return environment("encrier-qti", wheels, tmp_path_factory.mktemp("alone"))


@pytest.fixture
def item(tmp_path: Path) -> Path:
    path = tmp_path / "sum.xml"
    path.write_text(printed("xml"), encoding="utf-8")
    return path


def test_the_ten_lines_print_what_the_page_says(programs: Path, item: Path) -> None:
    done = run(programs / "python", "-c", printed("python"), folder=item.parent)
    assert (done.stdout, done.stderr) == (printed("text"), "")


def test_the_ten_lines_are_ten() -> None:
    assert len([line for line in printed("python").splitlines() if line]) == 10


def test_what_the_page_tells_to_start_with_is_there(programs: Path) -> None:
    named = re.findall(r"`((?:\w+\.)+(?!py`)\w+)`(?=[,| ])", README)
    assert len(named) > 8
    lines = [f"from encrier_qti.{module} import {name}" for module, _, name in map(split, named)]
    assert run(programs / "python", "-c", "\n".join(lines)).stderr == ""


def test_an_item_that_is_right_is_checked(programs: Path, item: Path) -> None:
    done = run(programs / "encrier", "qti", "check", str(item), "--json")
    assert (done.returncode, json.loads(done.stdout)["ok"]) == (0, True)


def test_an_item_that_is_wrong_is_told_in_english(programs: Path, item: Path) -> None:
    item.write_text(printed("xml").replace('base-type="integer"', 'base-type="number"'), "utf-8")
    done = run(programs / "encrier", "qti", "check", str(item), "--lang", "en")
    assert done.returncode == 1
    assert "sum.xml" in done.stdout
    assert "line 3" in done.stdout


@pytest.mark.parametrize(("answer", "score"), [(4, 1.0), ("5", 0.0), (None, 0.0)])
def test_an_answer_is_scored(
    answer: str | int | None, score: float, programs: Path, item: Path
) -> None:
    responses = item.with_suffix(".json")
    responses.write_text(json.dumps({"RESPONSE": answer}), encoding="utf-8")
    command = ("qti", "score", str(item), "--responses", str(responses), "--json")
    told = json.loads(run(programs / "encrier", *command).stdout)
    assert told["outcomes"]["SCORE"]["value"] == score


def test_outcomes_are_printed_as_the_page_of_types_shows(programs: Path, item: Path) -> None:
    responses = item.with_suffix(".json")
    responses.write_text('{"RESPONSE": 4}', encoding="utf-8")
    page = (ROOT / "docs/spec/qti-errors.md").read_text(encoding="utf-8")
    shown = re.findall(r"^```json\n(.*?)^```", page, re.MULTILINE | re.DOTALL)[0]
    command = ("qti", "score", str(item), "--responses", str(responses), "--json")
    assert json.loads(run(programs / "encrier", *command).stdout) == json.loads(shown)


@pytest.mark.skipif(
    not (ROOT / "player/dist/preview").is_dir(), reason="the player is not built: make player"
)
def test_the_wheel_brings_the_page_of_the_preview(programs: Path, item: Path) -> None:
    with (
        previewed(programs / "encrier", item) as url,
        urllib.request.urlopen(url, timeout=20) as page,
    ):
        assert b"<script" in page.read()


def test_qti_2_is_refused_with_what_to_install(programs: Path, tmp_path: Path) -> None:
    old = tmp_path / "old.xml"
    space = "http://www.imsglobal.org/xsd/imsqti_v2p1"
    old.write_text(f'<assessmentItem xmlns="{space}" identifier="a" title="a"/>', encoding="utf-8")
    done = run(programs / "encrier", "qti", "check", str(old), "--lang", "en")
    assert done.returncode == 1
    assert "pip install encrier-qti[convert]" in done.stdout


def test_a_file_that_is_not_there_is_told_in_one_line(programs: Path, tmp_path: Path) -> None:
    done = run(programs / "encrier", "qti", "check", str(tmp_path / "nothing.xml"))
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert "Traceback" not in done.stderr
