# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the verbs of `encrier names` do. Thin: each starts the zone, calls one function, prints.

Results go to stdout, progress to stderr; a name is never printed.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable, Mapping
from importlib import import_module

Run = Callable[[argparse.Namespace], int]
_COUNT_ON_THE_CAMPAIGN = {"serve", "validate", "exchange"}  # refused with another than the frozen


def say(result: Mapping[str, object], sentence: str, *, as_json: bool) -> None:
    """Print a result: one JSON object, or one sentence."""
    line = json.dumps(result, ensure_ascii=False, default=str) if as_json else sentence
    sys.stdout.write(line + "\n")


def _late(module: str, function: str) -> Run:
    """The verb `function` of a sister module, loaded only once the zone has started."""

    def run(asked: argparse.Namespace) -> int:
        from encrier_names import zone  # noqa: PLC0415 Django takes half a second: not for --help

        zone.start(os.environ)
        if function in _COUNT_ON_THE_CAMPAIGN:
            import_module("encrier_names.campaign.freezing").check()
        verb: Run = getattr(import_module(f"{__name__}.{module}"), function)
        return verb(asked)

    return run


def draw_key(asked: argparse.Namespace) -> int:
    """Draw a key file; needs no settings."""
    verb: Run = import_module(f"{__name__}.keys").draw_key
    return verb(asked)


campaign = _late("campaign", "show")
migrate = _late("operate", "migrate")
roles = _late("operate", "roles")
serve = _late("operate", "serve")
rotate_keys = _late("upkeep", "rotate_keys")
backup = _late("upkeep", "backup")
health = _late("upkeep", "health")
restore = _late("upkeep", "restore")
status = _late("operate", "status")
shred = _late("operate", "shred")
import_list = _late("lists", "import_list")
feed = _late("lists", "feed_folder")
import_schools = _late("lists", "import_schools")
add_staff = _late("people", "add_staff")
invite = _late("people", "invite")
validate = _late("sheets", "validate")
codesheet = _late("sheets", "codesheet")
documents = _late("sheets", "documents")
exchange = _late("sheets", "exchange")
recount = _late("follow", "recount")
sample_schools = _late("follow", "sample_schools")
