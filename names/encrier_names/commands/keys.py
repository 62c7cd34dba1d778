# SPDX-License-Identifier: AGPL-3.0-or-later
"""Draws the keys of this zone into files. Prints public halves only."""

import argparse
import base64
import secrets

from encrier.keyfiles import write_secret
from encrier.secret import Secret
from encrier.signing import draw_key as draw_signing_key
from encrier.signing import public_of
from encrier_names.commands import say
from encrier_names.settings import KEY_SIZE
from encrier_names.upkeep import sealed_file


def draw_key(asked: argparse.Namespace) -> int:
    """Draw a key; print the public half where there is one."""
    if asked.kind == "secret":
        write_secret(asked.out, Secret(secrets.token_bytes(KEY_SIZE)))
        say({"file": str(asked.out)}, f"drawn into {asked.out}", as_json=asked.json)
        return 0
    if asked.kind == "backup":
        opens = sealed_file.draw()
        write_secret(asked.out, opens)
        public_file = asked.out.with_name(asked.out.name + ".pub")
        write_secret(public_file, Secret(sealed_file.public_of(opens)))
        say({"file": str(asked.out)}, f"drawn into {asked.out}, {public_file}", as_json=asked.json)
        return 0
    key = draw_signing_key()
    write_secret(asked.out, key)
    public = base64.b64encode(public_of(key)).decode()
    say({"file": str(asked.out), "public": public}, public, as_json=asked.json)
    return 0
