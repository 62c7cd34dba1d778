# SPDX-License-Identifier: AGPL-3.0-or-later
"""How the verbs for statisticians print: results on stdout, one value as JSON or lines of a table.

What a file named, such as an item, is printed without the controls a terminal obeys.
"""

import re
import sys
from typing import Final

import msgspec

_OBEYED: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f]")


def put(*lines: str) -> None:
    """Write lines on stdout."""
    for line in lines:
        sys.stdout.write(_OBEYED.sub("�", line) + "\n")
    sys.stdout.flush()


def put_json(told: object) -> None:
    """Write one value as JSON on stdout."""
    put(msgspec.json.encode(told).decode())
