# SPDX-License-Identifier: AGPL-3.0-or-later
"""Laws of papers: what an item says is printed and never commands; a page stays the same page."""

import re
import struct
import zlib
from html import escape
from io import BytesIO

from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from encrier_qti.package import package_from
from encrier_qti.paper.booklet import booklet_of
from encrier_qti.paper.marks import mark_of
from encrier_qti.paper.png import smaller
from encrier_qti.paper.reading import plain
from encrier_qti.paper.script import Place, script_of
from encrier_qti.paper.setting import Setting
from stagecraft.kits_of_qti import kit_of
from stagecraft.packages_on_paper import choices, files_of, numbered

MARKUP = st.sampled_from(
    [
        *"#$*_`[]{}\\@~'\"",
        *("<a>", "//", "/*", "*/", "= ", "- ", "#set page(fill: red)", "#panic()", "#sys.inputs"),
        *("#{", "#]", "$x$", "\\u{41}", "https://a.b"),
    ]
)
LETTERS = st.text("abcéŒ ", max_size=6)
HOSTILE = st.lists(st.one_of(MARKUP, LETTERS), min_size=1, max_size=8).map("".join)
ANY = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=60
)


def squeezed(text: str) -> str:
    return re.sub(r"[\s\u00a0\u200b]+", "", text)


def papers(words: str, category: str = "") -> tuple[bytes, bytes]:
    """The booklets of items that say these words in every place where an item may."""
    said = escape(words)
    items = {"a": choices(A=said, B=f"<p>{said}</p>"), "b": numbered(f"<p>{said}</p>")}
    script = f"<ul><li>{said}</li></ul><p>{said}</p><blockquote><p>{said}</p></blockquote>"
    told = files_of(items, instruction=said, script=script, title=said, category=category)
    package = package_from(told)
    kit = kit_of(package)
    booklet = booklet_of(package, kit)
    place = Place(number=2, mark=mark_of(2), picture="")
    written = script_of(package, kit, booklet=booklet, places={"e0": (place,)})
    return Setting("pupil.typ", booklet).pdf(), Setting("teacher.typ", written).pdf()


@given(HOSTILE)
@settings(max_examples=30, deadline=None)
def test_markup_of_the_typesetter_is_printed_as_it_is_written(words: str) -> None:
    for paper in papers(words):
        pages = PdfReader(BytesIO(paper)).pages
        shown = "".join(squeezed(page.extract_text()) for page in pages)
        assert squeezed(plain(words)) in shown


@given(
    st.one_of(ANY, st.just(""), st.integers(200, 3000).map(lambda n: "m" * n)),
    st.sampled_from(["", "oral"]),
)
@settings(max_examples=25, deadline=None)
def test_no_text_keeps_a_booklet_from_being_set(words: str, category: str) -> None:
    assert all(paper.startswith(b"%PDF") for paper in papers(words, category))


def packed(rows: list[bytes], width: int, kinds: list[int], n_channels: int) -> bytes:
    """A PNG of these rows, each filtered as asked (PNG, section 9)."""
    above, lines = bytes(width * n_channels), []
    for row, kind in zip(rows, kinds, strict=True):
        line = bytearray([kind])
        for at, value in enumerate(row):
            left = row[at - n_channels] if at >= n_channels else 0
            corner = above[at - n_channels] if at >= n_channels else 0
            up = above[at]
            near = min((left, up, corner), key=lambda each: abs(left + up - corner - each))
            line.append((value - (0, left, up, (left + up) // 2, near)[kind]) % 256)
        lines.append(bytes(line))
        above = row
    colours = {1: 0, 2: 4, 3: 2, 4: 6}[n_channels]
    head = struct.pack(">IIBBBBB", width, len(rows), 8, colours, 0, 0, 0)
    body = zlib.compress(b"".join(lines))
    chunks = [(b"IHDR", head), (b"IDAT", body[:7]), (b"IDAT", body[7:]), (b"IEND", b"")]
    told = b"".join(
        struct.pack(">I", len(c)) + name + c + struct.pack(">I", zlib.crc32(name + c))
        for name, c in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + told


def unpacked(png: bytes) -> list[list[int]]:
    """The greys of a PNG of four bits a pixel, from 0 to 15."""
    width, height = struct.unpack_from(">II", png, 16)
    assert png[24:26] == bytes([4, 0])
    start = png.index(b"IDAT")
    (size,) = struct.unpack_from(">I", png, start - 4)
    raw = zlib.decompress(png[start + 4 : start + 4 + size])
    step = (width + 1) // 2 + 1
    rows = [raw[at + 1 : at + step] for at in range(0, step * height, step)]
    return [[byte >> shift & 15 for byte in row for shift in (4, 0)][:width] for row in rows]


@st.composite
def drawn(draw: st.DrawFn) -> tuple[list[bytes], int, list[int], int]:
    width, height = draw(st.integers(1, 9)), draw(st.integers(1, 6))
    n_channels = draw(st.sampled_from([1, 2, 3, 4]))
    row = st.binary(min_size=width * n_channels, max_size=width * n_channels)
    rows = draw(st.lists(row, min_size=height, max_size=height))
    kinds = draw(st.lists(st.integers(0, 4), min_size=height, max_size=height))
    return rows, width, kinds, n_channels


@given(drawn())
def test_a_page_has_the_same_greys_when_it_is_made_small(
    page: tuple[list[bytes], int, list[int], int],
) -> None:
    rows, width, kinds, n_channels = page
    made = unpacked(smaller(packed(rows, width, kinds, n_channels)))
    for row, greys in zip(rows, made, strict=True):
        for at, grey in enumerate(greys):
            pixel = row[at * n_channels : (at + 1) * n_channels]
            light = (
                pixel[0]
                if n_channels < 3
                else (54 * pixel[0] + 183 * pixel[1] + 19 * pixel[2]) / 256
            )
            assert abs(grey * 17 - light) <= 9.5
