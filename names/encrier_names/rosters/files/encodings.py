# SPDX-License-Identifier: AGPL-3.0-or-later
"""Bytes to text, as French administrations and spreadsheets really write them.

UTF-8 with or without mark, ISO-8859-15, Windows-1252, the old Macintosh, and UTF-8 written
twice over. Knows nothing of what the text says.
"""

from collections.abc import Iterator
from typing import Final

_UTF8_MARK: Final = b"\xef\xbb\xbf"
_C1: Final = frozenset(range(0x80, 0xA0))  # letters in Windows-1252, controls in ISO-8859-15
_REPLACED: Final = "\ufffd"


def candidates(content: bytes) -> Iterator[str]:
    """Give the texts that these bytes may be, the likeliest first; never raises.

    The caller keeps the first in which it recognises something, such as a header.
    """
    text = likeliest(content)
    yield text
    twice = _written_twice(text)
    if twice is not None:
        yield twice
    yield content.decode("mac_roman")  # a spreadsheet on an old Macintosh


def likeliest(content: bytes) -> str:
    """Give the likeliest text, whatever the file says of itself.

    Valid UTF-8 is UTF-8: accented Latin letters in one byte do not look like it by chance.
    A file with more good sequences than bad ones is UTF-8 with some damage.
    """
    utf8 = content.removeprefix(_UTF8_MARK).decode("utf-8", "replace")
    n_bad = utf8.count(_REPLACED)
    n_good = sum(not c.isascii() for c in utf8) - n_bad if n_bad else 0
    return utf8 if n_bad == 0 or n_good > n_bad else eight_bits(content)


def eight_bits(content: bytes) -> str:
    """Read one byte a letter: Windows-1252 if it holds letters that only this has."""
    if not _C1.isdisjoint(content):
        try:
            return content.decode("cp1252")
        except UnicodeDecodeError:  # five bytes mean nothing there
            pass
    return content.decode("iso-8859-15")  # œ, Œ and Ÿ where ISO-8859-1 had ½, ¼ and ¾


def _written_twice(text: str) -> str | None:
    try:
        return text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return None
