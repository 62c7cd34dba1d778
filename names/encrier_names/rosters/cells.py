# SPDX-License-Identifier: AGPL-3.0-or-later
"""One cell at a time: from what is written to a value, or nothing.

Pure and without memory: knows no row, no file, no format.
"""

import re
import unicodedata
from datetime import date, timedelta
from typing import Final

from encrier_names.rosters.reading import Sex

MAX_NAME: Final = 100
MAX_LABEL: Final = 40  # as in the table of classes

_FRENCH: Final = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})(?: 0{1,2}:00(?::00)?)?")
_ISO: Final = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[T ].*)?")
_SERIAL: Final = re.compile(r"[23][0-9]{4}|4[0-9]{4}")
_DAY_ZERO: Final = date(1899, 12, 30)  # a spreadsheet counts days from there
_BORN: Final = range(1990, 2101)  # nobody at school was born outside; 2-digit years end up there
_SEXES: Final[dict[str, Sex]] = {"M": "M", "G": "M", "1": "M", "F": "F", "2": "F"}
_FORMULA: Final = ("=", "+", "-", "@")
_OF_NAMES: Final = frozenset(" '’ʼ‘-‐.()/·,")
_STACKED: Final = re.compile("[\u0300-\u036f]{3}")  # Vietnamese has two, no name three
_LOST: Final = re.compile("\ufffd|\\?|Ã[^A-ZÀ-Þ\\s'’-]")  # replaced, or UTF-8 read as ISO-8859


def clean(written: str) -> str:
    """Tidy a cell: composed letters, single spaces, no invisible characters."""
    spaced = " ".join(unicodedata.normalize("NFC", written).split())
    if spaced.isprintable():  # then none of its characters is of those categories
        return spaced
    kept = (c for c in spaced if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co", "Cn"})
    return " ".join("".join(kept).split())


def a_date(written: str) -> date | None:
    """Read `dd/mm/yyyy`, `yyyy-mm-dd` or a spreadsheet's day number; None if it is no day."""
    if _SERIAL.fullmatch(written):
        return _DAY_ZERO + timedelta(days=int(written))
    french, iso = _FRENCH.fullmatch(written), _ISO.fullmatch(written)
    if french:
        day, month, year = (int(part) for part in french.groups())
    elif iso:
        year, month, day = (int(part) for part in iso.groups())
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def a_birth_date(written: str, today: date | None = None) -> date | None:
    """Read a date on which someone at school may have been born: in no other century, nor later."""
    born = a_date(written)
    if born is None or born.year not in _BORN or (today is not None and born > today):
        return None
    return born


def a_sex(written: str) -> Sex | None:
    """Read `M`, `F`, ONDE's `G` or SIECLE's `1` and `2`; words by their first letter."""
    return _SEXES.get(written[:1].upper())


def is_formula(written: str) -> bool:
    """Tell a text that a spreadsheet would run."""
    return written.startswith(_FORMULA)


def is_label(written: str) -> bool:
    """Tell a class or group label that can be shown and exported as it is."""
    return 0 < len(written) <= MAX_LABEL and not is_formula(written)


def is_odd(name: str) -> bool:
    """Tell a name with a sign that no name has."""
    if _STACKED.search(unicodedata.normalize("NFD", name)):
        return True
    return any(c not in _OF_NAMES and unicodedata.category(c)[0] not in {"L", "M"} for c in name)


def is_damaged(name: str) -> bool:
    """Tell a name whose accented letters were lost on the way."""
    return _LOST.search(name) is not None
