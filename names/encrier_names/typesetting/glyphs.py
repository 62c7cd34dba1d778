# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which characters can be printed, and with which fonts; what is printed where one cannot.

Our own fonts hold Latin, Greek, Cyrillic and Arabic letters. A name in another script needs a
font of this machine, such as Debian's `fonts-noto-cjk`; without one each such character is
printed as □, and the document says so. Knows text, and not whose name it is.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from struct import unpack_from
from typing import Final, NamedTuple

import typst

_PACKAGE: Final = Path(__file__).parents[1]
OURS: Final = (_PACKAGE / "static" / "fonts", _PACKAGE / "typesetting" / "fonts")
# Where Debian puts fonts of many scripts: fonts-noto-cjk, fonts-noto-core, fonts-droid-fallback.
_MACHINE: Final = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf",
    "/usr/share/fonts/truetype/noto/NotoSans[A-LN-Z]*-Regular.ttf",  # all but the monospaced
)
BLANK: Final = "□"
# What typst itself carries beside: the letters of Libertinus Serif that our fonts lack.
_EMBEDDED: Final = frozenset(range(0x5D0, 0x5EB))
# They join letters of Arabic and Persian; other marks of format turn text about, and are dropped.
_JOINERS: Final = frozenset({0x200C, 0x200D})
_TYPST_HIDES: Final = 0x20  # below: controls


class Palette(NamedTuple):
    """The fonts of a document, and which of its characters stay without one."""

    fonts: typst.Fonts
    families: tuple[str, ...]  # of this machine, to be named after ours
    missing: frozenset[int]


def plain(text: str) -> str:
    """Text in one line: composed letters, single spaces, no control and no bidirectional mark."""
    if text.isascii() and text.isprintable():
        return text
    kept = (c for c in unicodedata.normalize("NFC", text) if _stays(c))
    return "".join(" " if ord(c) < _TYPST_HIDES or c in "\x85\u2028\u2029" else c for c in kept)


def palette(texts: Iterable[str], machine: Sequence[str] = _MACHINE) -> Palette:
    """The fonts for these texts: ours alone where they are enough, so that equals stay equal."""
    asked = {ord(c) for text in texts if not text.isascii() for c in text}
    missing = frozenset(asked) - _ours() - _JOINERS
    files: list[Path] = []
    for file in _files(tuple(machine)) if missing else ():
        more = missing & covered(file)
        if more:
            files.append(file)
            missing -= more
    fonts = _fonts(tuple(sorted({file.parent for file in files})))  # typst takes folders only
    return Palette(fonts, tuple(_family(fonts, file) for file in files), missing)


def with_blanks(text: str, missing: frozenset[int]) -> str:
    """The text with □ in place of what no font holds."""
    if not missing or text.isascii():
        return text
    return text.translate(dict.fromkeys(missing, BLANK))


@cache
def covered(font: Path) -> frozenset[int]:
    """The characters of a font file: its first Unicode `cmap` of format 12 or 4.

    Source: OpenType 1.9, chapters `cmap` and « Font Collections ».
    """
    data = font.read_bytes()
    base = unpack_from(">I", data, 12)[0] if data[:4] == b"ttcf" else 0
    (n_tables,) = unpack_from(">H", data, base + 4)
    tables = (unpack_from(">4sIII", data, base + 12 + 16 * i) for i in range(n_tables))
    at = next(offset for tag, _sum, offset, _size in tables if tag == b"cmap")
    (n_maps,) = unpack_from(">H", data, at + 2)
    maps = [at + unpack_from(">HHI", data, at + 4 + 8 * i)[2] for i in range(n_maps)]
    by_format = {unpack_from(">H", data, place)[0]: place for place in maps}
    if 12 in by_format:  # noqa: PLR2004 the format's own number
        return _segmented(data, by_format[12])
    return _by_deltas(data, by_format[4])


def _segmented(data: bytes, at: int) -> frozenset[int]:
    (n_groups,) = unpack_from(">I", data, at + 12)
    groups = (unpack_from(">III", data, at + 16 + 12 * i) for i in range(n_groups))
    return frozenset(c for first, last, _glyph in groups for c in range(first, last + 1))


def _by_deltas(data: bytes, at: int) -> frozenset[int]:
    size = unpack_from(">H", data, at + 6)[0]  # bytes of each of the four lists
    ends = unpack_from(f">{size // 2}H", data, at + 14)
    starts = unpack_from(f">{size // 2}H", data, at + 16 + size)
    deltas = unpack_from(f">{size // 2}H", data, at + 16 + 2 * size)
    offsets_at = at + 16 + 3 * size
    found = set()
    for i, (first, last, delta) in enumerate(zip(starts, ends, deltas, strict=True)):
        (offset,) = unpack_from(">H", data, offsets_at + 2 * i)
        for c in range(first, last + 1):
            place = offsets_at + 2 * i + offset + 2 * (c - first)
            glyph = unpack_from(">H", data, place)[0] if offset else (c + delta) & 0xFFFF
            if glyph:
                found.add(c)
    return frozenset(found)


def _stays(character: str) -> bool:
    return unicodedata.category(character) != "Cf" or ord(character) in _JOINERS


@cache
def _ours() -> frozenset[int]:
    files = [file for folder in OURS for file in folder.glob("*-Regular.ttf")]
    return _EMBEDDED.union(*map(covered, files))


@cache
def _fonts(more: tuple[Path, ...]) -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=True,
        font_paths=[*OURS, *more],
    )


def _family(fonts: typst.Fonts, file: Path) -> str:
    """The family of a file; of a collection, that of simplified Chinese."""
    families = [font.family for font in fonts.fonts() if font.path == str(file)]
    return next((name for name in families if name.endswith(" SC")), families[0])


@cache
def _files(patterns: tuple[str, ...]) -> tuple[Path, ...]:
    return tuple(
        file for pattern in patterns for file in sorted(Path("/").glob(pattern.removeprefix("/")))
    )
