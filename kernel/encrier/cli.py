# SPDX-License-Identifier: AGPL-3.0-or-later
"""The command `encrier ZONE VERB`: shows only the zones installed on this machine.

A zone announces itself by an entry point of the group `encrier.zones`; this module knows none
by name. Exit 0: done; 1: what was checked failed; 2: asked wrongly, or refused.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import entry_points, version
from typing import TYPE_CHECKING

from encrier.errors import EncrierError

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 has no public name
Verb = Callable[[argparse.Namespace], int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code."""
    asked = parser().parse_args(arguments)
    verb: Verb = asked.run
    try:
        return verb(asked)
    except EncrierError as error:
        sys.stderr.write(f"encrier: {error}\n")
        return 2
    except KeyboardInterrupt:
        return 130


def parser() -> argparse.ArgumentParser:
    """The parser of all zones installed here, each with its verbs."""
    top = argparse.ArgumentParser(
        prog="encrier",
        description="National pupil assessments in three zones.",
        epilog="example: encrier results open --help",
    )
    top.add_argument("--version", action="version", version=version("encrier"))
    zones = top.add_subparsers(metavar="ZONE", required=True)
    for zone in sorted(entry_points(group="encrier.zones"), key=lambda e: e.name):
        announce: Callable[[Commands], None] = zone.load()
        verbs = zones.add_parser(
            zone.name, help=(sys.modules[announce.__module__].__doc__ or "").splitlines()[0]
        )
        announce(verbs.add_subparsers(metavar="VERB", required=True))
    return top
