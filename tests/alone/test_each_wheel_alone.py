# SPDX-License-Identifier: AGPL-3.0-or-later
"""Each wheel in a bare environment: it runs with what it declares, and cannot do more.

The host who installs the answers zone gets neither the names nor the code that opens envelopes.
"""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DISTS = {
    "kernel": "encrier",
    "qti": "encrier-qti",
    "names": "encrier-names",
    "answers": "encrier-answers",
    "results": "encrier-results",
}
pytestmark = pytest.mark.alone


def uv() -> str:
    found = subprocess.run(
        [sys.executable, str(ROOT / "tools/bring.py"), "uv"],
        capture_output=True,
        text=True,
        check=True,
    )
    return found.stdout.strip()


@pytest.fixture(scope="session")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheels")
    build = [uv(), "build", "--quiet", "--all-packages", "--wheel", "--out-dir", str(out)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    return out


def environment(zone: str, wheels: Path, place: Path) -> Path:
    """A virtual environment with one wheel and what it needs, at the locked versions."""
    locked = place / "locked.txt"
    export = ["export", "--quiet", "--frozen", "--no-emit-workspace", "--no-hashes", "--no-dev"]
    with locked.open("wb") as file:
        subprocess.run([uv(), *export, "--package", DISTS[zone]], cwd=ROOT, stdout=file, check=True)
    venv = place / "venv"
    subprocess.run([uv(), "venv", "--quiet", "--python", sys.executable, str(venv)], check=True)
    install = [uv(), "pip", "install", "--quiet", "--python", str(venv / "bin/python")]
    subprocess.run(
        [*install, "--find-links", str(wheels), "--constraint", str(locked), DISTS[zone]],
        check=True,
    )
    return venv / "bin"


def run(program: Path, *arguments: str) -> str:
    bare = {"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [str(program), *arguments], env=bare, capture_output=True, text=True, check=False
    )
    return done.stdout + done.stderr


def importable(programs: Path, module: str) -> bool:
    asked = f"import importlib.util as u; print(u.find_spec({module!r}) is not None)"
    return run(programs / "python", "-c", asked).strip() == "True"


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
    programs = environment(zone, wheels, tmp_path)
    shown = run(programs / "encrier", "--help")
    assert zone in shown
    for other in set(DISTS) - {"kernel", zone, "qti"}:
        assert f"    {other}" not in shown
    assert "example: encrier" in run(programs / "encrier", zone, verb, "--help")
    assert [module for module in absent if importable(programs, module)] == []
    shutil.rmtree(tmp_path)


def test_only_the_wheel_of_results_contains_the_code_that_opens(wheels: Path) -> None:
    opens = set()
    for wheel in wheels.glob("*.whl"):
        with zipfile.ZipFile(wheel) as archive:
            for name in archive.namelist():
                if name.endswith(".py") and b"SUITE.decrypt" in archive.read(name):
                    opens.add((wheel.name.split("-")[0], name))
    assert opens == {("encrier_results", "encrier_results/unseal.py")}


def test_two_builds_of_a_wheel_are_the_same_to_the_byte(wheels: Path, tmp_path: Path) -> None:
    build = [uv(), "build", "--quiet", "--package", "encrier", "--wheel", "--out-dir"]
    subprocess.run([*build, str(tmp_path)], cwd=ROOT, check=True, capture_output=True)
    (again,) = tmp_path.glob("*.whl")
    assert again.read_bytes() == (wheels / again.name).read_bytes()
