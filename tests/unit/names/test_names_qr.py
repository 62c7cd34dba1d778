# SPDX-License-Identifier: AGPL-3.0-or-later
"""A reader of QR codes reads in our drawing what it says."""

import re

import zxingcpp
from hypothesis import given
from hypothesis import strategies as st

from encrier import codes
from encrier_names.codesheets import qr

PIXELS = 4  # a module
QUIET = 4  # modules around the code


def drawn(svg: str) -> memoryview:
    """The picture in grey, as a camera would see it."""
    (size,) = re.findall(r'viewBox="0 0 (\d+) \1"', svg)
    side = (int(size) + 2 * QUIET) * PIXELS
    rows = [bytearray(b"\xff" * side) for _ in range(side)]
    for x, y, run in re.findall(r"M(\d+) (\d+)\.5h(\d+)", svg):
        left, top = (int(x) + QUIET) * PIXELS, (int(y) + QUIET) * PIXELS
        for row in rows[top : top + PIXELS]:
            row[left : left + int(run) * PIXELS] = b"\0" * (int(run) * PIXELS)
    return memoryview(b"".join(rows)).cast("B", (side, side))


@given(st.builds(codes.draw), st.sampled_from(["https://evaluations.exemple.fr", "http://[::1]:8"]))
def test_a_reader_reads_the_address_and_the_code(code: codes.PupilCode, address: str) -> None:
    text = f"{address}/#{codes.printed(code)}"
    read = zxingcpp.read_barcodes(drawn(qr.svg(text, ink="#1c2733")))
    assert [(one.text, one.ec_level) for one in read] == [(text, "M")]


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), min_size=1, max_size=80))
def test_any_address_comes_back(text: str) -> None:
    assert [one.text for one in zxingcpp.read_barcodes(drawn(qr.svg(text, ink="#000")))] == [text]
