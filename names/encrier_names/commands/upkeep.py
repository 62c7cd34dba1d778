# SPDX-License-Identifier: AGPL-3.0-or-later
"""Keys that rotate, backups and health from the command line. Prints counts, never a name."""

import argparse

import msgspec

from encrier_names.commands import say
from encrier_names.upkeep import rotation


def rotate_keys(asked: argparse.Namespace) -> int:
    """Seal every personal column under the key that now seals."""
    done = rotation.rotate()
    sentence = f"{done.resealed} boxes sealed anew, {done.already} under the new key"
    if done.broken:
        sentence += f"; {done.broken} open with no key of the settings: keep the old keys"
    else:
        sentence += "; the old key may be destroyed"
    say(msgspec.to_builtins(done), sentence, as_json=asked.json)
    return 1 if done.broken else 0
