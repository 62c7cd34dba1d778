# SPDX-License-Identifier: AGPL-3.0-or-later
"""The command line from a class list to a code sheet, as the operator types it."""

import argparse
import base64
import json
from pathlib import Path
from typing import Any

import pytest

from encrier import cli
from encrier.secret import Secret
from encrier.signing import public_of
from encrier_names.cli import verbs
from encrier_names.schools.models import Pupil, Staff
from stage import slips_on

ROSTER = Path(__file__).parents[3] / "demo" / "rosters" / "ElevesSansAdresses.xml"
SCHOOL = ("--school", "9990001X")


@pytest.fixture
def run(names: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """Run a verb of `encrier names`: exit code, standard output, standard error."""
    for name, value in names.environ.items():
        monkeypatch.setenv(name, value)

    def typed(*words: object) -> tuple[int, str, str]:
        capsys.readouterr()
        code = cli.main(["names", *(str(word) for word in words)])
        said = capsys.readouterr()
        return code, said.out, said.err

    return typed


def test_from_a_class_list_to_28_slips(run: Any, tmp_path: Path) -> None:
    assert run("migrate")[0] == 0
    code, said, _ = run("import", ROSTER, *SCHOOL, "--school-name", "Collège", "--json")
    assert (code, json.loads(said)["taken"]["added"]) == (0, 28)
    code, said, _ = run("validate", *SCHOOL, "--division", "6B", "--json")
    assert json.loads(said) == {"pupils": 28, "drawn": 28, "serial": 1}
    sheet = tmp_path / "codes.pdf"
    code, said, _ = run("codesheet", *SCHOOL, "--division", "6B", "--out", sheet, "--json")
    assert (code, json.loads(said)["pupils"]) == (0, 28)
    assert sheet.stat().st_mode & 0o777 == 0o600
    assert len({slip.code for slip in slips_on(sheet)}) == 28
    counts = json.loads(run("status", "--json")[1])
    assert (counts["pupils"], counts["numbers"], counts["lists_waiting"]) == (28, 28, 1)


def test_all_papers_of_a_school_are_written_for_their_owner_alone(run: Any, tmp_path: Path) -> None:
    run("import", ROSTER, *SCHOOL)
    folder = tmp_path / "papers"
    code, said, _ = run("documents", "--school", SCHOOL[1], "--out", folder, "--json")
    written = sorted(file.relative_to(folder).as_posix() for file in folder.rglob("*.pdf"))
    assert (code, json.loads(said)["files"], json.loads(said)["refused"]) == (0, 9, [])
    assert "Listes à vérifier/6B.pdf" in written
    assert not any(place.startswith("Codes/") for place in written)
    run("validate", *SCHOOL, "--division", "6B")
    code, said, warned = run("documents", "--school", SCHOOL[1], "--out", folder, "--large-print")
    sheet = folder / "Codes/6B.pdf"
    assert (code, sheet.stat().st_mode & 0o777) == (0, 0o600)
    for pupil in Pupil.objects.all():
        assert pupil.identity.last_name not in said + warned
    assert sheet.parent.stat().st_mode & 0o077 == 0


def test_what_the_import_prints_names_nobody(run: Any) -> None:
    _code, said, warned = run("import", ROSTER, *SCHOOL, "--json")
    for pupil in Pupil.objects.all():
        assert pupil.identity.last_name not in said + warned


def test_a_check_takes_nothing_in_and_fails_on_a_refused_line(run: Any, tmp_path: Path) -> None:
    assert run("import", ROSTER, *SCHOOL, "--check")[0] == 0
    assert Pupil.objects.count() == 0
    wrong = tmp_path / "wrong.xml"
    wrong.write_bytes(ROSTER.read_bytes().replace(b"<PRENOM>", b"<PRENOM2>", 1).replace(
        b"</PRENOM>", b"</PRENOM2>", 1))  # fmt: skip
    code, said, warned = run("import", wrong, *SCHOOL, "--check", "--json")
    assert code == 1
    assert "refused" in warned
    assert json.loads(said)["read"]["n_by_severity"]["refused"] == 1


def test_a_drawn_key_is_private_and_its_public_half_is_printed(run: Any, tmp_path: Path) -> None:
    code, said, _ = run("draw-key", "--out", tmp_path / "door.key")
    key = Secret(base64.b64decode((tmp_path / "door.key").read_bytes()))
    assert (code, base64.b64decode(said)) == (0, public_of(key))
    assert (tmp_path / "door.key").stat().st_mode & 0o777 == 0o600
    assert run("draw-key", "--out", tmp_path / "door.key")[0] == 2
    code, said, _ = run("draw-key", "--kind", "secret", "--out", tmp_path / "other.key")
    assert (tmp_path / "other.key").read_text().strip() not in said


def test_an_account_is_opened_once_and_its_drawn_password_works(run: Any) -> None:
    run("import", ROSTER, *SCHOOL)
    teacher = ("add-staff", "mme.prof", "--role", "teacher", *SCHOOL, "--divisions", "6B")
    code, said, _ = run(*teacher, "--json")
    assert code == 0
    staff = Staff.objects.get(user__username="mme.prof")
    assert staff.user.check_password(json.loads(said)["password"])
    assert [d.label for d in staff.divisions.all()] == ["6B"]
    assert run(*teacher)[0] == 2


@pytest.mark.parametrize(
    "words",
    [
        ("add-staff", "x", "--role", "head"),
        ("add-staff", "x", "--role", "head", "--school", "9990002Y"),
        ("add-staff", "x", "--role", "ministry", "--school", "9990001X"),
        ("add-staff", "x", "--role", "teacher", "--school", "9990001X", "--divisions", "6Z"),
        ("validate", "--school", "9990001X", "--division", "6Z"),
        ("codesheet", "--school", "9990001X", "--division", "6B", "--out", "/nowhere/x.pdf"),
        ("documents", "--school", "9990009Z", "--out", "/nowhere"),
        ("import", "/nowhere/list.xml", "--school", "9990001X"),
        ("import", "/nowhere/list.xml", "--school", "123"),
        ("shred", "--campaign", "Début"),
    ],
)
def test_what_cannot_be_done_is_refused_with_what_to_do(run: Any, words: tuple[str, ...]) -> None:
    run("import", ROSTER, *SCHOOL)
    code, said, warned = run(*words)
    assert (code, said) == (2, "")
    assert warned.startswith("encrier: ")


def test_the_shredder_by_command_line(run: Any, names: Any) -> None:
    run("import", ROSTER, *SCHOOL)
    run("validate", *SCHOOL, "--division", "6B")
    label = names.manifest.label
    assert run("shred", "--campaign", label)[0] == 2  # too early
    code, said, _ = run("shred", "--campaign", label, "--before-closing", "--json")
    assert code == 0
    assert json.loads(said) == {"key_destroyed": True, "links": 28, "scores": 0}


def test_the_help_of_each_verb_fits_a_screen_and_ends_with_an_example() -> None:
    parser = argparse.ArgumentParser()
    among = parser.add_subparsers()
    verbs(among)
    for name, verb in among.choices.items():
        lines = verb.format_help().rstrip().splitlines()
        assert len(lines) <= 24, name
        assert lines[-1].startswith("example: encrier names "), name
