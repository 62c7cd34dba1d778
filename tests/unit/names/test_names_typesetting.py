# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which characters print, with which font, and what is said where one does not."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from encrier_names.documents import ends
from encrier_names.typesetting import glyphs

NO_MACHINE: tuple[str, ...] = ()


@pytest.mark.parametrize(
    "name",
    [
        *("Nguyễn Thị Hương", "Gülşah İşıkoğlu", "ŁĄCKI-ŻÓŁĆ", "Œuvrard Æsa"),
        *("Щербак Їжак", "بن علي محمد", "Ελένη"),
    ],
)
def test_a_name_in_a_script_of_our_own_fonts_prints_whole(name: str) -> None:
    assert glyphs.palette([name], NO_MACHINE).missing == frozenset()


def test_what_no_font_holds_is_told() -> None:
    missing = glyphs.palette(["王小明 😀"], NO_MACHINE).missing
    assert missing == frozenset(map(ord, "王小明😀"))
    assert glyphs.with_blanks("M. 王", missing) == "M. □"


def test_a_font_of_the_machine_is_taken_for_what_it_holds_and_only_then(tmp_path: Path) -> None:
    """Here one of ours stands for a font of the machine: its letters are looked for by file."""
    (ours,) = glyphs.OURS[1].glob("NotoSansArabic-Regular.ttf")
    font = tmp_path / "Another.ttf"
    shutil.copy(ours, font)
    assert ord("ب") in glyphs.covered(font)
    assert ord("王") not in glyphs.covered(font)
    latin = glyphs.palette(["Dupont"], (str(font),))
    assert latin.families == ()
    assert glyphs.palette(["王"], (str(font),)).missing == frozenset(map(ord, "王"))


def test_a_font_of_the_machine_prints_what_ours_lack() -> None:
    """Where Debian's fallback fonts are installed, as on most machines that print."""
    installed = glyphs._files(glyphs._MACHINE)
    if not any(ord("王") in glyphs.covered(font) for font in installed):
        pytest.skip("no font of this machine holds Chinese characters")
    found = glyphs.palette(["王小明"])
    assert found.missing == frozenset()
    assert len(found.families) == 1


def test_letters_that_are_written_apart_print_as_one() -> None:
    assert glyphs.plain("E\u0301mile") == "Émile"


def test_a_name_can_neither_turn_a_line_about_nor_break_it() -> None:
    assert glyphs.plain("DU\u202ePONT\n\x00Jean\u2028\t") == "DUPONT  Jean  "


def test_a_document_says_that_a_name_is_incomplete(
    names: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(glyphs, "_files", lambda _patterns: ())
    division = names.validated_class(1)
    row = ends.Absentee("王", "小明", "6B", "n’a pas commencé")
    content = ends.absentees_pdf(division.school, [row], names.manifest)
    file = tmp_path / "a.pdf"
    file.write_bytes(content)
    text = PdfReader(file).pages[0].extract_text()
    assert "complétez le nom à la main" in " ".join(text.split())


def test_a_document_whose_names_are_whole_says_nothing_of_it(names: Any, tmp_path: Path) -> None:
    division = names.validated_class(1)
    file = tmp_path / "a.pdf"
    row = ends.Absentee("NGUYỄN", "Thị", "6B", "n’a pas commencé")
    file.write_bytes(ends.absentees_pdf(division.school, [row], names.manifest))
    text = PdfReader(file).pages[0].extract_text()
    assert "complétez le nom" not in " ".join(text.split())
