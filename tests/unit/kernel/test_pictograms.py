# SPDX-License-Identifier: AGPL-3.0-or-later
"""Three pictograms that let a pupil see that a code is hers."""

import hashlib
from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from encrier import pictograms
from encrier.ids import SittingId


def test_there_are_sixty_four_pictures_each_with_its_own_name_and_drawing() -> None:
    every = pictograms.every()
    assert len(every) == pictograms.COUNT
    assert len({p.id for p in every}) == len({p.label for p in every}) == pictograms.COUNT
    assert len({p.svg for p in every}) == pictograms.COUNT


def test_each_picture_is_a_drawing_that_asks_for_nothing_else() -> None:
    for picture in pictograms.every():
        drawing = ET.fromstring(picture.svg)  # noqa: S314  our own file
        assert drawing.tag == "{http://www.w3.org/2000/svg}svg"
        shapes = {part.tag.rpartition("}")[2] for part in drawing.iter()}
        assert shapes <= {"svg", "path", "circle", "rect", "line", "ellipse", "polyline", "polygon"}
        assert not [
            a for part in drawing.iter() for a in part.attrib if "href" in a or "style" in a
        ]


def test_a_sitting_has_the_pictures_that_its_eighteen_bits_say() -> None:
    sid = SittingId(bytes(range(16)))
    bits = "".join(f"{byte:08b}" for byte in hashlib.sha256(sid).digest())
    every = pictograms.every()
    expected = tuple(every[int(bits[i : i + 6], 2)] for i in (0, 6, 12))
    assert pictograms.of_sitting(sid) == expected


@given(st.binary(min_size=16, max_size=16))
def test_any_sitting_has_three_pictures_always_the_same(sid: bytes) -> None:
    first = pictograms.of_sitting(SittingId(sid))
    assert len(first) == pictograms.SHOWN
    assert first == pictograms.of_sitting(SittingId(bytes(sid)))
