# SPDX-License-Identifier: AGPL-3.0-or-later
"""« Results listens to nobody » (decision 3): no verb of the zone, and no opening, opens a port.

Python tells an audit hook of every `bind`, with the processes that are forked from it; the hook
ends the process that tries one. What an opening does is done on a zone of six envelopes, over
several processes.
"""

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import msgspec

from stagecraft import envelopes
from stagecraft.envelopes import pupil
from stagecraft.rounds import ResultsZone

TESTS = Path(__file__).parents[1]
CAUGHT = 77
HOOK = """
    import os, sys

    def watch(event, _):
        if event == "socket.bind":
            os._exit(77)

    sys.addaudithook(watch)
"""
HELP = """
    import argparse, contextlib, io
    from encrier_results import cli

    def walk(parser, path):
        with contextlib.redirect_stdout(io.StringIO()) as said, contextlib.suppress(SystemExit):
            parser.parse_args([*path, "--help"])
        assert "usage" in said.getvalue(), path
        return path

    parser = argparse.ArgumentParser()
    verbs = parser.add_subparsers()
    cli.verbs(verbs)
    for name in verbs.choices:
        walk(parser, [name])
        print(name)
"""
OPEN = """
    from pathlib import Path
    from encrier_results.opening import Opening
    from encrier_results.rounds import crew, tasks
    from stagecraft.rounds import ResultsZone

    tasks.SITTINGS = 1
    crew.n_processors = lambda: 2
    zone = ResultsZone.again(Path(sys.argv[1]), bytes.fromhex(sys.argv[2]))
    with zone.neighbours():
        print(Opening(zone.settings).run().total.received)
"""
LISTEN = """
    import socket

    socket.create_server(("127.0.0.1", 0))
"""


def run(script: str, *told: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(HOOK) + textwrap.dedent(script), *told],
        env={**os.environ, "PYTHONPATH": str(TESTS)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_no_verb_opens_a_port() -> None:
    done = run(HELP)
    assert done.returncode == 0, done.stderr
    assert {"pull", "open", "watch", "release"} <= set(done.stdout.split())


def test_an_opening_over_several_processes_opens_no_port(tmp_path: Path) -> None:
    pupils = [pupil() for _ in range(6)]
    zone = ResultsZone(tmp_path, pupils)
    zone.pull(*(envelopes.save(zone.sealed(each, {"fr-c-01": "B"})) for each in pupils))
    done = run(OPEN, str(tmp_path), msgspec.msgpack.encode(zone.register).hex())
    assert (done.returncode, done.stdout) == (0, "6\n"), done.stderr


def test_the_watch_catches_who_does() -> None:
    assert run(LISTEN).returncode == CAUGHT
