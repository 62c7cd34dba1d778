# SPDX-License-Identifier: AGPL-3.0-or-later
"""Our wheels, built from the clone and installed in bare environments, as a stranger would."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def uv() -> str:
    found = subprocess.run(
        [sys.executable, str(ROOT / "tools/bring.py"), "uv"],
        capture_output=True,
        text=True,
        check=True,
    )
    return found.stdout.strip()


def build(out: Path) -> Path:
    """Build every wheel into a folder, and give the folder."""
    command = [uv(), "build", "--quiet", "--all-packages", "--wheel", "--out-dir", str(out)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return out


def environment(package: str, wheels: Path, place: Path) -> Path:
    """Give the programs of an environment with one wheel and what it needs, as locked."""
    locked = place / "locked.txt"
    export = ["export", "--quiet", "--frozen", "--no-emit-workspace", "--no-hashes", "--no-dev"]
    with locked.open("wb") as file:
        subprocess.run([uv(), *export, "--package", package], cwd=ROOT, stdout=file, check=True)
    venv = place / "venv"
    subprocess.run([uv(), "venv", "--quiet", "--python", sys.executable, str(venv)], check=True)
    install = [uv(), "pip", "install", "--quiet", "--python", str(venv / "bin/python")]
    subprocess.run(
        [*install, "--find-links", str(wheels), "--constraint", str(locked), package],
        check=True,
    )
    return venv / "bin"


def run(
    program: Path, *arguments: str, folder: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a program in a folder, with no environment but the path."""
    bare = {"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [str(program), *arguments],
        cwd=folder,
        env=bare,
        capture_output=True,
        text=True,
        check=False,
    )
