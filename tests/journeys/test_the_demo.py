# SPDX-License-Identifier: AGPL-3.0-or-later
"""`make demo`, as the README says it: by itself, and with a reader who sits as the 28th."""

import base64
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Final

import pytest

from encrier import codes
from encrier.seal import Kind
from operators import ROOT, wait_until
from pupils import Network, Pupil
from stage import patterns

pytestmark = pytest.mark.journey
DEMO: Final = [sys.executable, str(ROOT / "demo/run.py")]
PATIENCE_S: Final = 120.0


def processes_in(folder: Path) -> list[int]:
    """The processes of the zones that still work in a folder."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and (entry / "cwd").readlink().is_relative_to(folder):
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def test_the_demo_ends_by_itself_with_every_envelope_opened(tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = subprocess.run(
        [*DEMO, "--once", "--out", str(out)],
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_S,
    )
    assert done.returncode == 0, done.stderr
    assert "27 simulated pupils, 2 with a broken network: 27 sealed" in done.stdout
    assert "23 booklets of CP keyed by their teacher" in done.stdout
    assert "opened 50 of 52; 2 missing, 0 refused" in done.stdout
    assert re.search(r"verify +0 of \d{3} canary names found outside names/", done.stdout)
    assert processes_in(out) == []


def test_the_reader_sits_as_the_28th_and_sees_the_result_come(tmp_path: Path) -> None:
    out, printed = tmp_path / "out", tmp_path / "printed"
    with printed.open("wb") as said:
        demo = subprocess.Popen([*DEMO, "--out", str(out)], stdout=said, stderr=said)
    try:
        heard(printed, "Ctrl-C ends")
        shown = re.search(r"(http://\S+)  code (\S+)", printed.read_text(encoding="utf-8"))
        assert shown
        sit(shown.group(1), codes.parse(shown.group(2)))
        heard(printed, "opened 51 of 52: 28 finished")
    finally:
        demo.send_signal(signal.SIGINT)
        assert demo.wait(timeout=PATIENCE_S) == 0
    assert processes_in(out) == []


def heard(printed: Path, words: str) -> None:
    """Wait until the demo has printed something."""
    wait_until(
        lambda: words in printed.read_text(encoding="utf-8"), what=words, patience_s=PATIENCE_S
    )


def sit(url: str, code: codes.PupilCode) -> None:
    """Sit as the reader would, trusting the root key that the page carries."""
    with urllib.request.urlopen(url, timeout=30) as page:
        shown = re.search(r'name="encrier-root-key" content="([^"]+)"', page.read().decode())
    assert shown
    pupil = Pupil(code, Network(url, iter([])), root_key=base64.b64decode(shown.group(1)))
    pupil.sign_in()
    answers = patterns()[0]
    for item, given in answers.items():
        pupil.answer(item, given)
    assert pupil.save(n_items=len(answers), kind=Kind.FINAL)
