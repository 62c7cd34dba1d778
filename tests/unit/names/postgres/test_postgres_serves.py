# SPDX-License-Identifier: AGPL-3.0-or-later
"""`encrier names serve` with several processes on PostgreSQL, as an operator runs it."""

import os
import re
import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from operators import Operator, free_port, wait_until


@pytest.fixture
def served(names: Any, tmp_path: Path) -> Any:
    operator = Operator("names", tmp_path / "operator")
    port = free_port(0)
    operator.settings = {
        name: value for name, value in names.environ.items() if "OWNER" not in name
    }
    operator.set(port=port, workers=2)
    process = operator.start("serve")
    try:
        wait_until(lambda: _page(port, "sante/").startswith("ok"), what="names serve")
        yield operator, process, port
    finally:
        operator.stop()


def _page(port: int, path: str) -> str:
    try:
        with urlopen(f"http://127.0.0.1:{port}/{path}", timeout=10) as answer:
            content: bytes = answer.read()
    except (URLError, ConnectionError):
        return ""
    return content.decode()


def _workers(pid: int) -> set[int]:
    """The processes that a process has started and that serve pages."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    return {int(c) for c in children if b"resource_tracker" not in _command(int(c))}


def _command(pid: int) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes()


def test_two_processes_serve_and_one_that_is_killed_is_replaced(served: Any) -> None:
    operator, process, port = served
    workers = _workers(process.pid)
    assert len(workers) == 2
    with ThreadPoolExecutor(8) as people:
        pages = list(people.map(lambda _: _page(port, "connexion/"), range(40)))
    assert all("csrfmiddlewaretoken" in page for page in pages)
    os.kill(min(workers), signal.SIGKILL)
    wait_until(
        lambda: len(_workers(process.pid) - workers) == 1 and _page(port, "connexion/") != "",
        what="another worker",
    )
    lines = (operator.folder / "serve.log").read_text(encoding="utf-8").splitlines()
    event = re.compile(r'time=\S+ level=[A-Z]+ event=[a-z-]+( [a-z]+=("[^"]*"|\S+))*')
    assert [line for line in lines if not event.fullmatch(line)] == []
    assert sum("event=page name=sign-in" in line for line in lines) >= 40
