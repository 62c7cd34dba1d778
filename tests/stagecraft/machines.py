# SPDX-License-Identifier: AGPL-3.0-or-later
"""A school computer with a disk of its own: it can be killed, unplugged and switched on again."""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Page, Playwright

from operators import wait_until

FLAGS: Final = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--remote-debugging-port=0",
)


class Machine:
    """Chromium on a profile that stays; `page` is its first tab."""

    def __init__(self, playwright: Playwright, profile: Path) -> None:
        program = os.environ.get("ENCRIER_CHROMIUM") or shutil.which("chromium")
        if program is None:
            pytest.skip("no Chromium: run the tests with `make test`, which brings one")
        told = profile / "DevToolsActivePort"
        told.unlink(missing_ok=True)
        command = [program, *FLAGS, f"--user-data-dir={profile}", "about:blank"]
        self._process = subprocess.Popen(command, start_new_session=True, stderr=subprocess.DEVNULL)
        wait_until(lambda: told.exists() and "\n" in told.read_text(), what="the browser")
        port = told.read_text().splitlines()[0]
        self._browser = playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{port}")
        (context,) = self._browser.contexts
        context.set_default_timeout(15_000)
        self.page: Page = context.pages[0]

    def kill(self) -> None:
        """`kill -9` of the whole browser, as when the power goes."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()


@contextmanager
def switched_on(playwright: Playwright, profile: Path) -> Iterator[Machine]:
    """A machine, for as long as it is not killed."""
    machine = Machine(playwright, profile)
    try:
        yield machine
    finally:
        machine.kill()
