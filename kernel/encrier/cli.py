# SPDX-License-Identifier: AGPL-3.0-or-later
"""The command `encrier ZONE VERB`: shows only the zones installed on this machine.

A zone announces itself by an entry point of the group `encrier.zones`; this module knows none
by name, and loads only the one that is asked for. Exit 0: done; 1: what was checked failed;
2: asked wrongly, or refused.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import EntryPoint, entry_points, version
from typing import TypeAlias

from encrier.errors import EncrierError

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001 no public name
Announce: TypeAlias = Callable[["Commands"], None]
Verb = Callable[[argparse.Namespace], int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    zones = {zone.name: zone for zone in entry_points(group="encrier.zones")}
    zone = zones.get(given[0]) if given else None
    if zone is None:
        _top(zones).parse_args(given or ["--help"])
        return 2
    asked = _of_zone(zone).parse_args(given[1:])
    verb: Verb = asked.run
    try:
        return verb(asked)
    except EncrierError as error:
        sys.stderr.write(f"encrier: {error}\n")
        return 2
    except KeyboardInterrupt:
        return 130


def _top(zones: dict[str, EntryPoint]) -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(
        prog="encrier",
        description="National pupil assessments in three zones. Installed here:",
        epilog=f"example: encrier {min(zones, default='ZONE')} --help",
    )
    top.add_argument("--version", action="version", version=version("encrier"))
    listed = top.add_subparsers(metavar="ZONE", required=True)
    for name, zone in sorted(zones.items()):
        summary = zone.dist.metadata["Summary"] if zone.dist else ""
        listed.add_parser(name, help=summary)
    return top


def _of_zone(zone: EntryPoint) -> argparse.ArgumentParser:
    announce: Announce = zone.load()
    verbs = argparse.ArgumentParser(
        prog=f"encrier {zone.name}", description=zone.dist.metadata["Summary"] if zone.dist else ""
    )
    added = verbs.add_subparsers(metavar="VERB", required=True)
    announce(added)
    verbs.epilog = f"example: encrier {zone.name} {next(iter(added.choices))} --help"
    return verbs
