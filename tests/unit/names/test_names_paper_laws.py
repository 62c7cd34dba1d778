# SPDX-License-Identifier: AGPL-3.0-or-later
"""What holds for every name: each paper can be set, and no name commands the page.

Beside the laws of `tests/laws` because these need Django set up.
"""

import io
from datetime import UTC, datetime
from typing import Final

from hypothesis import example, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from encrier_names import typesetting
from encrier_names.codesheets import qr, sheet
from encrier_names.documents import class_list, ends

DATED: Final = datetime(2026, 9, 7, tzinfo=UTC)
QR: Final = qr.svg("https://evaluations.exemple.fr/#X", ink="#1c2733")
ANY_NAME: Final = st.text(max_size=120)
# Short enough for one line: of a cell of two lines the page gives the second after the next cell.
MARKUP: Final = st.text("#*_$`[]{}()<>@\\/\"'=+~-.:;,&%^|!abcZ0", min_size=1, max_size=20)


def _slip(last: str, first: str, *, is_large: bool) -> sheet.Slip:
    picture = sheet.Picture(label="un chat", svg=QR)
    return sheet.Slip(
        last_name=last,
        first_name=first,
        order="1234\u202f5678",
        code=("BRTK", "MWZD", "HNPS"),
        qr=QR,
        pictures=(picture,) * 3,
        screen="BRTK",
        level="6e",
        colour="#1d4f7c",
        is_large=is_large,
    )


def code_sheet(last: str, first: str, *, large: bool = False) -> bytes:
    """A sheet whose school, class and pupils are all named by these words."""
    content = sheet.Sheet(
        campaign=first,
        school=last,
        division=first,
        levels=(sheet.Level("6e", "#1d4f7c"),),
        address="evaluations.exemple.fr",
        ends_on="25 septembre 2026",
        large=large,
        slips=(_slip(last, first, is_large=large), _slip(first, last, is_large=True)),
        reserves=(),
    )
    return typesetting.pdf(sheet.TEMPLATE, content, dated=DATED)


def list_to_check(last: str, first: str) -> bytes:
    row = class_list.Row(last, first, "01/02/2015", "F", "6e", "")
    content = class_list.ClassList("2026", "Collège", "9990001X", "6B", "À valider.", (row,))
    template = class_list._TEMPLATE
    return typesetting.pdf(template, content, dated=DATED)


def to_catch_up(last: str, first: str) -> bytes:
    row = ends.Absentee(last, first, "6B", "n’a pas commencé")
    content = ends.Absentees("2026", "Collège", "9990001X", "6B", "25 septembre", "", (row,))
    return typesetting.pdf(ends._HERE / "absentees.typ", content, dated=DATED)


def _pages(content: bytes) -> list[str]:
    return ["".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(content)).pages]


@settings(max_examples=20, deadline=None)  # a PDF, or three, an example
@given(last=ANY_NAME, first=ANY_NAME)
@example(last="王" * 60, first="😀\u0000\ud7ff\u202e")
@example(last="A" * 200, first="")
@example(last="e\u0301" * 90, first="\u0300\u0301")
def test_whatever_a_pupil_a_class_or_a_school_is_called_the_sheet_has_as_many_pages(
    last: str, first: str
) -> None:
    assert len(_pages(code_sheet(last, first))) == 4
    assert len(_pages(list_to_check(last, first))) == 1
    assert len(_pages(to_catch_up(last, first))) == 1


@settings(max_examples=10, deadline=None)
@given(last=ANY_NAME, first=ANY_NAME)
def test_whatever_a_pupil_is_called_her_large_slip_is_set(last: str, first: str) -> None:
    assert len(_pages(code_sheet(last, first, large=True))) >= 3


@settings(max_examples=20, deadline=None)  # a PDF, or three, an example
@given(last=MARKUP, first=MARKUP)
@example(last='#text(size:1pt)[x] #panic("no")', first="*gras* _penché_ $x^2$")
@example(last="= Titre", first="// rien /* rien */")
@example(last="#sys.inputs.content", first="\\u{41} <label> @ref")
def test_a_name_made_of_markup_is_printed_as_it_is_written(last: str, first: str) -> None:
    (page,) = _pages(list_to_check(last, first))
    assert "".join(f"{last}{first}".split()) in page
