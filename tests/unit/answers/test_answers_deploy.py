# SPDX-License-Identifier: AGPL-3.0-or-later
"""The files an operator is given: accepted by systemd, closed, and true to the settings."""

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from encrier_answers import app
from encrier_answers.configuration import MAX_CONNECTIONS, PREFIX, Settings

ROOT = Path(__file__).parents[3]
DEPLOY = ROOT / "deploy" / "answers"
UNIT = DEPLOY / "encrier-answers.service"
MOST_EXPOSED = 20  # of systemd's own scale, where 100 is a service that may do all
SETTINGS = {name.upper() for name in Settings.__struct_fields__}
KNOWN = SETTINGS | {f"{name}_FILE" for name in SETTINGS}
DENIED = """
import ctypes
PR_SET_MDWE, REFUSE_EXEC_GAIN = 65, 1
if ctypes.CDLL(None).prctl(PR_SET_MDWE, REFUSE_EXEC_GAIN, 0, 0, 0) != 0:
    raise SystemExit("no MDWE here")
"""


@pytest.fixture
def unit(tmp_path: Path) -> Path:
    """The unit with a program that is there, so that the rest of it can be looked at."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip("this machine has no systemd-analyze")
    copy = tmp_path / UNIT.name
    written = UNIT.read_text(encoding="utf-8")
    copy.write_text(written.replace("/opt/encrier-answers/bin/encrier", shutil.which("true") or ""))
    return copy


def _analyze(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["systemd-analyze", *words], capture_output=True, text=True, check=False, timeout=60
    )


def test_systemd_accepts_the_unit_without_a_word(unit: Path) -> None:
    said = _analyze("verify", str(unit))
    assert (said.returncode, said.stdout + said.stderr) == (0, "")


def test_the_unit_is_closed(unit: Path) -> None:
    said = _analyze("security", "--offline=yes", f"--threshold={MOST_EXPOSED}", str(unit))
    assert said.returncode == 0, said.stdout.splitlines()[-1]


def test_the_server_runs_where_no_memory_may_become_a_program(
    new_campaign: Any, serve: Callable[..., Any]
) -> None:
    """What MemoryDenyWriteExecute asks of the kernel, asked of it here."""
    if subprocess.run(["python3", "-c", DENIED], check=False, capture_output=True).returncode:
        pytest.skip("this kernel has no PR_SET_MDWE")
    with serve(new_campaign, before=DENIED) as server:
        pupil = server.new_pupil()
        assert server.post("/v1/sign-in", pupil.sign_in).status == 200
        assert server.save(pupil, new_campaign.envelope(pupil)).status == 200


def test_the_unit_lets_as_many_browsers_in_as_the_server_takes() -> None:
    (limit,) = re.findall(r"^LimitNOFILE=(\d+)$", UNIT.read_text(encoding="utf-8"), re.MULTILINE)
    assert int(limit) > MAX_CONNECTIONS + 500


@pytest.mark.parametrize(
    "file",
    [
        "encrier-answers.service",
        "encrier-answers",
        "settings.env.example",
        "Containerfile",
        "chart/templates/node.yaml",
    ],
)
def test_every_setting_that_is_given_is_one(file: str) -> None:
    named = set(re.findall(rf"{PREFIX}([A-Z_]+)", (DEPLOY / file).read_text(encoding="utf-8")))
    assert named
    assert named - KNOWN == set()


def test_no_file_holds_a_key() -> None:
    for path in DEPLOY.rglob("*"):
        if path.is_file():
            written = path.read_text(encoding="utf-8")
            assert re.findall(r"(?:STORE|RECEIPT)_KEY[= ]+\S", written) == [], path.name


def test_the_chart_asks_what_the_server_answers_and_runs_as_nobody() -> None:
    chart = (DEPLOY / "chart/templates/node.yaml").read_text(encoding="utf-8")
    routes = Path(app.__file__).read_text(encoding="utf-8")
    asked = set(re.findall(r"path: (/v1/\w+)", chart))
    assert asked == {"/v1/health", "/v1/ready"}
    assert all(f'"{path}": Route("GET"' in routes for path in asked)
    for line in (
        "runAsNonRoot: true",
        "readOnlyRootFilesystem: true",
        "allowPrivilegeEscalation: false",
        "capabilities: {drop: [ALL]}",
        "automountServiceAccountToken: false",
    ):
        assert line in chart


def test_every_value_of_the_chart_is_used_and_every_one_used_is_there() -> None:
    values = (DEPLOY / "chart/values.yaml").read_text(encoding="utf-8")
    chart = (DEPLOY / "chart/templates/node.yaml").read_text(encoding="utf-8")
    given = set(re.findall(r"^(\w+):", values, re.MULTILINE))
    assert given == set(re.findall(r"\.Values\.(\w+)", chart))


def test_what_the_script_puts_in_place_is_beside_it_and_it_is_a_script() -> None:
    script = DEPLOY / "install.sh"
    named = set(re.findall(r'"\$here/([\w.-]+)"', script.read_text(encoding="utf-8")))
    assert named >= {UNIT.name, "60-encrier-answers.conf", "encrier-answers"}
    assert [name for name in named if not (DEPLOY / name).is_file()] == []
    for shell in (script, DEPLOY / "encrier-answers"):
        subprocess.run(["sh", "-n", str(shell)], check=True)
        assert shell.stat().st_mode & 0o100


def test_the_pages_name_only_files_that_are_there() -> None:
    for page in ROOT.glob("docs/operate/answers*.md"):
        named = re.findall(r"`(deploy/[\w./-]+)`", page.read_text(encoding="utf-8"))
        assert [name for name in named if not (ROOT / name).exists()] == []
