# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the command writes is safe for any terminal, and it never ends in a traceback."""

import io
import sys
from pathlib import Path

import pytest

from encrier.cli import main

ITEM = """<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
  identifier="i" title="t" adaptive="false" time-dependent="false" xml:lang="fr">
  <qti-response-declaration identifier="RESPONSE" cardinality="single" base-type="string"/>
  <qti-outcome-declaration identifier="SAID" cardinality="single" base-type="string"/>
  <qti-item-body><p>Dis-le.</p></qti-item-body><qti-response-processing>
  <qti-set-outcome-value identifier="SAID"><qti-variable identifier="RESPONSE"/>
  </qti-set-outcome-value></qti-response-processing></qti-assessment-item>"""


@pytest.fixture
def item(tmp_path: Path) -> str:
    (tmp_path / "i.xml").write_text(ITEM, encoding="utf-8")
    return str(tmp_path / "i.xml")


def test_an_answer_neither_commands_the_terminal_nor_adds_a_line(
    item: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "r.json").write_text(r'{"RESPONSE": "a\u001b[2Jb\nSCORE\t20"}')
    assert main(["qti", "score", item, "--responses", str(tmp_path / "r.json")]) == 0
    assert capsys.readouterr().out == (
        "SAID\ta\\u001b[2Jb\\u000aSCORE\t20\ncompletionStatus\tcompleted\n"
    )


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
def test_a_terminal_that_lacks_a_sign_gets_its_number(
    item: str, encoding: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding=encoding))
    assert main(["qti", "check", item, "--lang", "fr"]) in {0, 1}
    sys.stdout.flush()
    assert b"SCORE" in written.getvalue() or b"manifeste" in written.getvalue()


def test_a_closed_terminal_still_gives_an_exit_code(
    item: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    assert main(["qti", "check", item]) in {0, 1}


def test_an_argument_that_is_no_text_is_refused_in_a_sentence(
    item: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["qti", "compile", item, "--out", str(tmp_path / "b"), "--seed", "\udcff"]
    assert main([*asked, "--lang", "en"]) == 2
    assert "a name or an argument is not text in UTF-8" in capsys.readouterr().err
