# SPDX-License-Identifier: AGPL-3.0-or-later
"""The French identifiers of a roster: school (UAI), pupil (INE), level.

Knows their shapes and, for the UAI, its check letter. Sources: 40,630 public UAIs, all of
which satisfy the letter; the three INE shapes in use (RNIE since 2018, BEA, apprentices),
whose check letters are not public. Never knows whether a school or a pupil exists.
"""

import re
import unicodedata
from enum import StrEnum
from typing import Final, NewType

from encrier.errors import EncrierError

Uai = NewType("Uai", str)
Ine = NewType("Ine", str)

_UAI_LETTERS: Final = "ABCDEFGHJKLMNPRSTUVWXYZ"  # 23 letters: no I, O or Q
_UAI: Final = re.compile(r"[0-9]{7}[A-Z]")
_INE: Final = re.compile(
    r"[0-9]{9}[A-Z]{2}"  # RNIE, the national register, since 2018
    r"|[0-9]{10}[A-Z]"  # BEA, the académie's own
    r"|[0-9]{4}A[0-9]{5}[A-Z]",  # apprentices
)
_WORDS: Final = re.compile(r"[^\W_]+")
_MEF: Final = re.compile(r"[0-9A-Z]{11}")
_MEF_OF_SIXTH: Final = "1001"  # 10010012110 is "6EME"; options differ by the last characters


class Level(StrEnum):
    """The levels whose class lists we read."""

    CP = "CP"
    CE1 = "CE1"
    CE2 = "CE2"
    CM1 = "CM1"
    CM2 = "CM2"
    SIXTH = "6E"


class BadUai(EncrierError):
    what = "Ce numéro d’établissement (UAI) n’existe pas."
    next_step = "Un UAI a sept chiffres et une lettre\u00a0; recopiez-le depuis l’annuaire."


class BadIne(EncrierError):
    what = "Cet INE n’a pas une forme connue."
    next_step = "Un INE a onze caractères\u00a0; vérifiez-le dans la fiche de l’élève."


_WRITTEN: Final = {
    **{level.value.casefold(): level for level in Level},
    "cours preparatoire": Level.CP,
    "cours elementaire 1": Level.CE1,
    "cours elementaire 1ere annee": Level.CE1,
    "cours elementaire 2": Level.CE2,
    "cours elementaire 2eme annee": Level.CE2,
    "cours moyen 1": Level.CM1,
    "cours moyen 1ere annee": Level.CM1,
    "cours moyen 2": Level.CM2,
    "cours moyen 2eme annee": Level.CM2,
    "6eme": Level.SIXTH,
    "sixieme": Level.SIXTH,
}


def uai_letter(digits: str) -> str:
    """Give the check letter of the seven digits of a school number."""
    return _UAI_LETTERS[int(digits) % len(_UAI_LETTERS)]


def parse_uai(written: str) -> Uai:
    """Read a school number, or refuse it (`BadUai`).

    >>> parse_uai(" 9990001x ")
    '9990001X'
    """
    uai = _tight(written)
    if not _UAI.fullmatch(uai) or uai_letter(uai[:7]) != uai[7]:
        raise BadUai
    return Uai(uai)


def parse_ine(written: str) -> Ine:
    """Read a pupil's national number by its shape, or refuse it (`BadIne`).

    A right shape proves nothing more: the check letters are not public.
    """
    ine = _tight(written)
    if not _INE.fullmatch(ine):
        raise BadIne
    return Ine(ine)


def level_of_niveau(written: str) -> Level | None:
    """Give the level that ONDE's column Niveau names, or None for any other."""
    return _WRITTEN.get(plain(written))


def level_of_mef(code: str) -> Level | None:
    """Give the level of a SIECLE training code (MEF), or None for any other."""
    mef = _tight(code)
    return Level.SIXTH if _MEF.fullmatch(mef) and mef.startswith(_MEF_OF_SIXTH) else None


def plain(written: str) -> str:
    """Fold what people write in many ways: accents, case, apostrophes, spaces.

    >>> plain(" Nom d’usage  Élève")
    'nom d usage eleve'
    """
    bare = written
    if not written.isascii():  # of which NFKD would change nothing
        decomposed = unicodedata.normalize("NFKD", written)
        bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(_WORDS.findall(bare.casefold()))


def _tight(written: str) -> str:
    return "".join(written.split()).upper()
