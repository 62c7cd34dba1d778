# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pupil codes: what a pupil types to sit an assessment, and the keys it gives.

A code is drawn at random and means nothing: no name, class or school can be
computed from it. Eleven letters carry 46.7 bits; a twelfth is a check over
GF(19), so that one wrong letter, or two letters swapped, is always refused
in the page before anything is sent (ISO 7064's aim, with a prime modulus).

This module never sees a name.
"""

import secrets
from collections.abc import Sequence
from operator import mul
from typing import Final, NewType

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC

from encrier.errors import BadCode
from encrier.ids import CampaignId, SittingId
from encrier.records import Record

PupilCode = NewType("PupilCode", str)

LETTERS: Final = "BCDFGHJKLMNPRSTVWXZ"  # no vowel: no word; no O Q I Y: nothing to misread
LENGTH: Final = 12
GROUP: Final = 4
_PRIME: Final = len(LETTERS)
_FAIR: Final = 256 // _PRIME * _PRIME  # bytes from here on would make the first letters likelier
_WEIGHTS: Final = range(1, LENGTH)  # of all letters but the last
_INVERSE: Final = pow(LENGTH, -1, _PRIME)
_IGNORED: Final = str.maketrans("", "", " -–—_.\u00a0\u202f\t\r\n")
DEFAULT_ITERATIONS: Final = 100_000


class CodeKeys(Record, frozen=True):
    """The five keys of one code in one campaign.

    The host sees sid and auth; the ministry's results zone gets mac; resume
    never leaves the pupil's browser; names seals with terms what a pupil is granted.
    """

    sid: SittingId  # 16 bytes, public name of the sitting
    auth: bytes  # 32 bytes, shown to the host to sign in; it keeps the SHA-256
    mac: bytes  # 32 bytes, authenticates what is inside an envelope
    resume: bytes  # 32 bytes, seals the resume box
    terms: bytes  # 32 bytes, seals what the pupil is granted

    def __repr__(self) -> str:
        return "CodeKeys(‹hidden›)"


def draw(places: Sequence[int] = ()) -> PupilCode:
    """Draw a code from the system's randomness.

    places: where the first two letters may be, each as likely; empty: anywhere (`encrier.places`).
    """
    values = list(divmod(secrets.choice(places), _PRIME)) if places else []
    while len(values) < LENGTH - 1:  # one drawing of bytes nearly always gives enough
        values += [byte % _PRIME for byte in secrets.token_bytes(2 * LENGTH) if byte < _FAIR]
    values = values[: LENGTH - 1]
    return PupilCode("".join(LETTERS[v] for v in [*values, _check(values)]))


def parse(typed: str) -> PupilCode:
    """Turn what a pupil typed into a code, or refuse it.

    Case, spaces, hyphens and dots do not count.

    >>> parse("bbbb bbbb bbbb") == parse("BBBB-BBBB-BBBB")
    True
    """
    letters = typed.translate(_IGNORED).upper()
    if len(letters) != LENGTH:
        raise BadCode(
            "Un code a douze lettres, en trois groupes de quatre.",
            "Regarde ta feuille et complète le code.",
        )
    if not set(letters) <= set(LETTERS):
        raise BadCode(
            "Un code ne contient que des consonnes, sans chiffre ni voyelle.",
            "Compare-le avec ta feuille, lettre par lettre.",
        )
    values = [LETTERS.index(letter) for letter in letters]
    if _check(values[:-1]) != values[-1]:
        raise BadCode
    return PupilCode(letters)


def printed(code: PupilCode) -> str:
    """Give the code as it stands on a slip: ``BRTK-MWZD-HNPH``."""
    return "-".join(code[i : i + GROUP] for i in range(0, LENGTH, GROUP))


def derive(code: PupilCode, campaign: CampaignId, *, iterations: int) -> CodeKeys:
    """Compute the keys of a code; the player does the same in the browser.

    PBKDF2-HMAC-SHA256 (RFC 8018) then HKDF-SHA256 (RFC 5869), one label a key.
    About 30 ms for 100,000 iterations on one core.
    """
    stretched = PBKDF2HMAC(hashes.SHA256(), 32, b"code/v1\0" + campaign, iterations)
    master = stretched.derive(code.encode("ascii"))
    return CodeKeys(
        sid=SittingId(_label(master, b"sid", 16)),
        auth=_label(master, b"auth", 32),
        mac=_label(master, b"mac", 32),
        resume=_label(master, b"resume", 32),
        terms=_label(master, b"terms", 32),
    )


def _label(master: bytes, label: bytes, size: int) -> bytes:
    return HKDF(hashes.SHA256(), size, salt=None, info=label).derive(master)


def _check(values: list[int]) -> int:
    """The letter c that makes 1·x1 + 2·x2 + … + 12·c = 0 modulo 19.

    The weights are distinct and not zero modulo 19, which is prime: one
    change, or one exchange of two letters, always changes the sum.
    """
    total: int = sum(map(mul, _WEIGHTS, values))
    return -total * _INVERSE % _PRIME
