# SPDX-License-Identifier: AGPL-3.0-or-later
"""Three pictograms that let a pupil see that a code is hers, without a name.

They stand on the slip and on the page after sign-in: « Est-ce bien les tiens ? ». They are
computed from the sitting identifier alone, so the page needs nothing from the host to show them.

The pictures (pictograms.json, read by the player too) come from Lucide 1.62.0, ISC License:

Copyright (c) 2026 Lucide Icons and Contributors. Permission to use, copy, modify, and/or
distribute this software for any purpose with or without fee is hereby granted, provided that
the above copyright notice and this permission notice appear in all copies. THE SOFTWARE IS
PROVIDED "AS IS" AND THE AUTHOR DISCLAIMS ALL WARRANTIES WITH REGARD TO THIS SOFTWARE INCLUDING
ALL IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS. IN NO EVENT SHALL THE AUTHOR BE LIABLE FOR
ANY SPECIAL, DIRECT, INDIRECT, OR CONSEQUENTIAL DAMAGES OR ANY DAMAGES WHATSOEVER RESULTING FROM
LOSS OF USE, DATA OR PROFITS, WHETHER IN AN ACTION OF CONTRACT, NEGLIGENCE OR OTHER TORTIOUS
ACTION, ARISING OUT OF OR IN CONNECTION WITH THE USE OR PERFORMANCE OF THIS SOFTWARE.
"""

import hashlib
from functools import cache
from importlib.resources import files
from typing import Final

from encrier.codes import LETTERS
from encrier.ids import SittingId
from encrier.records import Record, from_bytes

COUNT: Final = 64
SHOWN: Final = 3
N_LETTERS: Final = 4
_BITS: Final = 6


class Pictogram(Record, frozen=True):
    """A picture that an eleven-year-old can name."""

    id: str
    label: str  # in French, with its article
    svg: str  # 24 x 24, drawn in the colour of the text


@cache
def every() -> tuple[Pictogram, ...]:
    """All 64, in the order that gives each its number."""
    return from_bytes(
        files("encrier").joinpath("pictograms.json").read_bytes(), tuple[Pictogram, ...]
    )


def of_sitting(sid: SittingId) -> tuple[Pictogram, Pictogram, Pictogram]:
    """The three of one sitting, the first 18 bits of SHA-256(sid); a picture may come twice."""
    bits = int.from_bytes(hashlib.sha256(sid).digest()[:3], "big") >> (24 - SHOWN * _BITS)
    first, second, third = (bits >> shift & COUNT - 1 for shift in (12, 6, 0))
    pictures = every()
    return pictures[first], pictures[second], pictures[third]


def letters_of(sid: SittingId) -> str:
    """Four letters that stand on the slip and on the screen: which slip is used on which computer.

    The next four bytes of SHA-256(sid), each modulo 19. They open nothing.
    """
    drawn = hashlib.sha256(sid).digest()[3 : 3 + N_LETTERS]
    return "".join(LETTERS[byte % len(LETTERS)] for byte in drawn)
