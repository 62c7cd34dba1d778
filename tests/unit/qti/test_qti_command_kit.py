# SPDX-License-Identifier: AGPL-3.0-or-later
"""`encrier qti kit`: what it writes, what it prints, and what it refuses."""

import json
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from encrier.cli import main
from encrier.records import from_bytes
from encrier_qti.keying.kit import Kit, Paper
from stagecraft.keyed_package import Exercise, Written, choice, circled, contents, declared
from stagecraft.keyed_package import example as keyed
from stagecraft.keyed_package import item as an_item


def package(folder: Path, sequences: list[Written] | None = None) -> str:
    for name, content in contents(sequences or keyed()).items():
        path = folder / "package" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return str(folder / "package")


def of_one(item: str) -> list[Written]:
    return [Written("s1", [Exercise("e1", {"a-1": item})])]


def test_a_kit_without_papers_is_written_and_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "kits"
    asked = ["qti", "kit", package(tmp_path), "--out", str(out), "--no-papers"]
    assert main([*asked, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    folder = out / told["bundle"]
    kit = from_bytes((folder / "keying.json").read_bytes(), Kit)
    assert told == {
        "kit": str(folder),
        "bundle": kit.bundle,
        "exercises": 5,
        "items": 15,
        "marked": 14,
        "files": 0,
        "size_bytes": 0,
    }
    before = (folder / "keying.json").read_bytes()
    assert main([*asked, "--lang", "fr"]) == 0
    told_in_french = capsys.readouterr().out
    assert told_in_french.endswith(
        "Exercices\u00a0: 5, items\u00a0: 15, dont notés dès la saisie\u00a0: 14,"
        " fichiers\u00a0: 0, octets\u00a0: 0.\n"
    )
    assert (folder / "keying.json").read_bytes() == before


def test_the_papers_of_the_typesetter_are_written_beside(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def typeset(_package: object, kit: Kit) -> SimpleNamespace:
        return SimpleNamespace(
            files={"pages/01.png": b"a page"},
            pages={kit.exercises()[0].id: ("pages/01.png",)},
            papers=(Paper(file="pages/01.png", title="Une page", kind="pupil"),),
        )

    typesetter = ModuleType("encrier_qti.paper")
    vars(typesetter)["typeset"] = typeset
    monkeypatch.setitem(sys.modules, "encrier_qti.paper", typesetter)
    out = tmp_path / "kits"
    assert main(["qti", "kit", package(tmp_path), "--out", str(out), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    folder = Path(told["kit"])
    assert (folder / "pages/01.png").read_bytes() == b"a page"
    assert (told["files"], told["size_bytes"]) == (1, 6)
    kit = from_bytes((folder / "keying.json").read_bytes(), Kit)
    assert kit.exercises()[0].pages == ("pages/01.png",)
    assert kit.papers[0].title == "Une page"


def test_without_a_typesetter_the_command_says_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)  # as if it were not there
    out = tmp_path / "kits"
    assert main(["qti", "kit", package(tmp_path), "--out", str(out), "--lang", "fr"]) == 2
    assert "--no-papers" in capsys.readouterr().err
    assert not out.exists()


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize(
    "xml",
    [
        an_item(declared("RESPONSE", "A"), choice('data-keying="spoken"', A="a", B="b")),
        circled("Z"),  # a key that is no choice: `check` says it
        "<oops",
    ],
)
def test_a_package_that_cannot_be_keyed_gets_no_kit_and_one_sentence(
    xml: str, lang: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "kits"
    asked = ["qti", "kit", package(tmp_path, of_one(xml)), "--out", str(out), "--no-papers"]
    assert main([*asked, "--lang", lang]) == 2
    told = capsys.readouterr()
    assert told.err.startswith("encrier: ")
    assert told.err.count("\n") == 1
    assert told.out == ""
    assert not out.exists()
