# SPDX-License-Identifier: AGPL-3.0-or-later
"""A preview that runs while a test looks at it, started as a program starts it: through a pipe."""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Timer
from typing import Final

PATIENCE_S: Final = 20


@contextmanager
def previewed(command: Path, package: Path) -> Iterator[str]:
    """Where a package is previewed by this `encrier`, until the end of the block.

    Python is not told to write at once, and a preview that says nothing is
    ended: the test then fails, and waits for no one.
    """
    asked = [str(command), "qti", "preview", str(package), "--no-browser", "--json"]
    buffered = {name: held for name, held in os.environ.items() if name != "PYTHONUNBUFFERED"}
    preview = subprocess.Popen(
        asked, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=buffered
    )
    silence = Timer(PATIENCE_S, preview.kill)
    silence.start()
    try:
        assert preview.stdout is not None
        line = preview.stdout.readline()
        silence.cancel()
        yield json.loads(line)["url"]
    finally:
        silence.cancel()
        preview.terminate()
        preview.communicate(timeout=PATIENCE_S)
