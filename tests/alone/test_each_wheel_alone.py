# SPDX-License-Identifier: AGPL-3.0-or-later
"""Each wheel in a bare environment: it runs with what it declares, and cannot do more.

The host who installs the answers zone gets neither the names nor the code that opens envelopes.
"""

import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from stagecraft.wheels import ROOT, environment, run, uv

DISTS = {
    "kernel": "encrier",
    "qti": "encrier-qti",
    "names": "encrier-names",
    "answers": "encrier-answers",
    "results": "encrier-results",
}
BACKUP = "encrier_names/upkeep/sealed_file.py"
pytestmark = pytest.mark.alone


def said(program: Path, *arguments: str) -> str:
    done = run(program, *arguments)
    return done.stdout + done.stderr


def importable(programs: Path, module: str) -> bool:
    asked = f"import importlib.util as u; print(u.find_spec({module!r}) is not None)"
    return said(programs / "python", "-c", asked).strip() == "True"


@pytest.mark.parametrize(
    ("zone", "verb", "absent"),
    [
        ("names", "import", ["encrier_answers", "encrier_results", "encrier_qti", "apsw"]),
        (
            "answers",
            "serve",
            ["encrier_names", "encrier_results", "encrier_qti", "django", "lxml"],
        ),
        ("results", "open", ["encrier_names", "encrier_answers", "django", "granian", "apsw"]),
        ("qti", "check", ["encrier_names", "encrier_answers", "encrier_results", "django"]),
    ],
)
def test_a_zone_installed_alone_runs_and_has_nothing_of_the_others(
    zone: str, verb: str, absent: list[str], wheels: Path, tmp_path: Path
) -> None:
    programs = environment(DISTS[zone], wheels, tmp_path)
    shown = said(programs / "encrier", "--help")
    assert zone in shown
    assert f"example: encrier {zone} " in said(programs / "encrier", zone, "--help")
    for other in set(DISTS) - {"kernel", zone, "qti"}:
        assert f"    {other}" not in shown
    assert "example: encrier" in said(programs / "encrier", zone, verb, "--help")
    assert [module for module in absent if importable(programs, module)] == []
    shutil.rmtree(tmp_path)


def test_only_the_wheel_of_results_contains_the_code_that_opens(wheels: Path) -> None:
    """Names opens its own backups, which are no envelopes: bound to other words, another key."""
    opens = {}
    for wheel in wheels.glob("*.whl"):
        with zipfile.ZipFile(wheel) as archive:
            for name in archive.namelist():
                source = archive.read(name)
                if name.endswith(".py") and b"SUITE.decrypt" in source:
                    opens[name] = b"envelope" in source
    assert opens == {"encrier_results/unseal.py": True, BACKUP: False}


def test_two_builds_of_a_wheel_are_the_same_to_the_byte(wheels: Path, tmp_path: Path) -> None:
    build = [uv(), "build", "--quiet", "--package", "encrier", "--wheel", "--out-dir"]
    subprocess.run([*build, str(tmp_path)], cwd=ROOT, check=True, capture_output=True)
    (again,) = tmp_path.glob("*.whl")
    assert again.read_bytes() == (wheels / again.name).read_bytes()
