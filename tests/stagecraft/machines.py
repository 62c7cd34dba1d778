# SPDX-License-Identifier: AGPL-3.0-or-later
"""A school computer with a disk of its own: it can be killed, unplugged and switched on again."""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, Literal

import pytest
from playwright.sync_api import Page, Playwright

from operators import wait_until
from stagecraft.certificates import Certificate

Kind = Literal["chromium", "firefox"]
KINDS: Final[tuple[Kind, ...]] = ("chromium", "firefox")
FLAGS: Final = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--remote-debugging-port=0",
)


ON_THIS_PROFILE: Final = """#!/bin/sh
while [ "$1" != --profile ]; do shift; done
cp "$2/user.js" "{profile}/user.js"
exec "{program}" --remote-debugging-port=0 --headless --profile "{profile}"
"""


def program_of(kind: Kind) -> str:
    """The browser's program, or the test is skipped."""
    name = "chromium" if kind == "chromium" else "firefox-esr"
    program = os.environ.get(f"ENCRIER_{kind.upper()}") or shutil.which(name)
    if not program:
        pytest.skip(f"no {name}: run the tests with `make test`, which brings one")
    return program


class Machine:
    """A browser on a profile that stays; `page` is its first tab."""

    def __init__(self, page: Page, group: int, process: subprocess.Popen[bytes] | None) -> None:
        self.page = page
        self._group = group
        self._process = process
        page.context.set_default_timeout(15_000)

    def kill(self) -> None:
        """`kill -9` of the whole browser, as when the power goes."""
        with suppress(ProcessLookupError):
            os.killpg(self._group, signal.SIGKILL)
        if self._process:
            self._process.wait()
        wait_until(lambda: not _alive(self._group), what="the end of the browser")


@contextmanager
def switched_on(
    playwright: Playwright, profile: Path, kind: Kind, trusted: Certificate | None = None
) -> Iterator[Machine]:
    """A machine, for as long as it is not killed; trusted: a certificate that it believes."""
    switch_on = _chromium if kind == "chromium" else _firefox
    profile.mkdir(exist_ok=True)
    machine = switch_on(playwright, profile, trusted)
    try:
        yield machine
    finally:
        machine.kill()


def _chromium(playwright: Playwright, profile: Path, trusted: Certificate | None) -> Machine:
    told = profile / "DevToolsActivePort"
    told.unlink(missing_ok=True)
    believed = [f"--ignore-certificate-errors-spki-list={trusted.key}"] if trusted else []
    flags = [*FLAGS, *believed, f"--user-data-dir={profile}"]
    command = [program_of("chromium"), *flags, "about:blank"]
    process = subprocess.Popen(command, start_new_session=True, stderr=subprocess.DEVNULL)
    wait_until(lambda: told.exists() and "\n" in told.read_text(), what="the browser")
    port = told.read_text().splitlines()[0]
    (context,) = playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{port}").contexts
    return Machine(context.pages[0], process.pid, process)


def _firefox(playwright: Playwright, profile: Path, trusted: Certificate | None) -> Machine:
    """Firefox by its own protocol knows no profile that stays: a script changes one for another."""
    script = profile / "start"
    script.write_text(ON_THIS_PROFILE.format(program=program_of("firefox"), profile=profile))
    script.chmod(0o755)
    (profile / "containers.json").unlink(missing_ok=True)  # so that the first context is the same
    if trusted:
        (profile / "cert_override.txt").write_text(trusted.override, encoding="ascii")
    browser = playwright.firefox.launch(executable_path=script, channel="moz-firefox")
    (process, *_) = [
        int(folder.name)
        for folder in Path("/proc").iterdir()
        if folder.name.isdigit() and f"{profile}\0".encode() in _command(folder)
    ]
    page = browser.new_context(locale="fr-FR").new_page()
    return Machine(page, os.getpgid(process), None)


def _command(folder: Path) -> bytes:
    with suppress(OSError):
        return (folder / "cmdline").read_bytes()
    return b""


def _alive(group: int) -> bool:
    """Whether a process of the group still runs; one that nobody has waited for yet does not."""
    for folder in Path("/proc").iterdir():
        with suppress(OSError, ValueError):
            state, _, belongs = (folder / "stat").read_text().rpartition(")")[2].split()[:3]
            if int(belongs) == group and state != "Z":
                return True
    return False
