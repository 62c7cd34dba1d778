# SPDX-License-Identifier: AGPL-3.0-or-later
r"""The character classes of XML Schema regular expressions.

XML Schema Part 2, Appendix F: \s \i \c \d \w, \p{Lu} by Unicode's categories,
\p{IsGreek} by its blocks (those of the languages and symbols that items use).
"""

import re
from collections.abc import Callable
from typing import Final
from unicodedata import category

Test = Callable[[str], bool]  # whether one character is in a class

_START: Final = (
    ":A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d"
    "\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_NAME_START: Final = re.compile(f"[{_START}]")
_NAME: Final = re.compile(rf"[{_START}\-.0-9\u00b7\u0300-\u036f\u203f\u2040]")
_CATEGORY: Final = re.compile("L[ultmo]?|M[nce]?|N[dlo]?|P[cdseifo]?|Z[slp]?|S[mcko]?|C[cfon]?")
_BLOCKS: Final[dict[str, tuple[int, int]]] = {
    "BasicLatin": (0x0000, 0x007F),
    "Latin-1Supplement": (0x0080, 0x00FF),
    "LatinExtended-A": (0x0100, 0x017F),
    "LatinExtended-B": (0x0180, 0x024F),
    "IPAExtensions": (0x0250, 0x02AF),
    "SpacingModifierLetters": (0x02B0, 0x02FF),
    "CombiningDiacriticalMarks": (0x0300, 0x036F),
    "Greek": (0x0370, 0x03FF),
    "GreekandCoptic": (0x0370, 0x03FF),
    "Cyrillic": (0x0400, 0x04FF),
    "Armenian": (0x0530, 0x058F),
    "Hebrew": (0x0590, 0x05FF),
    "Arabic": (0x0600, 0x06FF),
    "Devanagari": (0x0900, 0x097F),
    "Thai": (0x0E00, 0x0E7F),
    "Georgian": (0x10A0, 0x10FF),
    "LatinExtendedAdditional": (0x1E00, 0x1EFF),
    "GreekExtended": (0x1F00, 0x1FFF),
    "GeneralPunctuation": (0x2000, 0x206F),
    "SuperscriptsandSubscripts": (0x2070, 0x209F),
    "CurrencySymbols": (0x20A0, 0x20CF),
    "LetterlikeSymbols": (0x2100, 0x214F),
    "NumberForms": (0x2150, 0x218F),
    "Arrows": (0x2190, 0x21FF),
    "MathematicalOperators": (0x2200, 0x22FF),
    "GeometricShapes": (0x25A0, 0x25FF),
    "Hiragana": (0x3040, 0x309F),
    "Katakana": (0x30A0, 0x30FF),
    "CJKUnifiedIdeographs": (0x4E00, 0x9FFF),
    "HangulSyllables": (0xAC00, 0xD7AF),
}


def one_of(characters: str) -> Test:
    """The class of these characters."""
    return frozenset(characters).__contains__


def between(first: str, last: str) -> Test:
    """The class of the characters from one to another."""
    return lambda character: first <= character <= last


def neither(test: Test) -> Test:
    """The class of all other characters."""
    return lambda character: not test(character)


def any_of(tests: list[Test]) -> Test:
    """The class of the characters of any of these classes."""
    if len(tests) == 1:
        return tests[0]
    return lambda character: any(test(character) for test in tests)


def but(test: Test, without: Test) -> Test:
    """The class of the characters of the first class that are not of the second."""
    return lambda character: test(character) and not without(character)


def named(name: str) -> Test | None:
    r"""The class of a \p{name}: a category of Unicode or a block; None if not known."""
    if name.startswith("Is") and name[2:] in _BLOCKS:
        low, high = _BLOCKS[name[2:]]
        return between(chr(low), chr(high))
    if not _CATEGORY.fullmatch(name):
        return None
    return lambda character: category(character).startswith(name)


DOT: Final = neither(one_of("\n\r"))
ESCAPED: Final[dict[str, Test]] = {
    "s": one_of(" \t\n\r"),
    "i": lambda character: _NAME_START.fullmatch(character) is not None,
    "c": lambda character: _NAME.fullmatch(character) is not None,
    "d": lambda character: category(character) == "Nd",
    "w": lambda character: category(character)[0] not in "PZC",
}
