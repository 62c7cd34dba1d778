# SPDX-License-Identifier: AGPL-3.0-or-later
"""How wide a line is at most: never less than what typst sets, so that no name is cut."""

import json
from typing import Final

import letters
import typst
from hypothesis import given, settings
from hypothesis import strategies as st

WIDTHS: Final = json.loads(letters.PAGE.read_text("utf-8"))
LINES: Final = st.text(sorted(WIDTHS), min_size=1, max_size=60).filter(str.strip)
MEASURED: Final = """
#import "/typesetting/paper.typ": at-most, faces
#set text(font: faces, size: 100pt, lang: "fr")
#context [#metadata(json(bytes(sys.inputs.lines)).map(line => (
  at-most(line) * 100, measure(line).width.pt(), measure(strong(line)).width.pt(),
))) <widths>]
"""


def test_the_file_is_what_typst_measures() -> None:
    assert letters.PAGE.read_text("utf-8") == letters.content(), "python tools/letters.py"


@settings(max_examples=20, deadline=None)
@given(st.lists(LINES, min_size=50, max_size=50))
def test_no_line_is_wider_than_it_is_said_to_be(lines: list[str]) -> None:
    for line, (at_most, regular, bold) in zip(lines, measured(lines), strict=True):
        assert max(regular, bold) <= at_most, line


def test_a_letter_that_is_not_ours_fits_nowhere() -> None:
    assert all(at_most > 10_000 for at_most, _regular, _bold in measured(["李", "a\u200b", "ﷺ"]))


def measured(lines: list[str]) -> list[tuple[float, float, float]]:
    from encrier_names import typesetting
    from encrier_names.typesetting import glyphs

    found = typst.query(  # type: ignore[misc]  # it takes bytes beside a path
        MEASURED.encode(),
        "<widths>",
        field="value",
        one=True,
        root=typesetting._PACKAGE,
        font_paths=list(glyphs.OURS),
        ignore_system_fonts=True,
        sys_inputs={"lines": json.dumps(lines), "content": "{}"},
    )
    widths: list[tuple[float, float, float]] = json.loads(found)
    return widths
