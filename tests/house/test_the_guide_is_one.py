# SPDX-License-Identifier: AGPL-3.0-or-later
"""The guide of a teacher who keys: one file, in the documents and in names."""

import re
from pathlib import Path
from typing import Final

from pypdf import PdfReader

ROOT: Final = Path(__file__).parents[2]
GUIDES: Final = ROOT / "docs/guides"
GUIDE: Final = GUIDES / "saisir-les-cahiers.pdf"
SOURCE: Final = GUIDE.with_suffix(".typ")
PICTURE: Final = re.compile(r'#picture\("(\w+)"')
TITLE: Final = re.compile(r"#step\(\d\)\[(.+)\]")


def test_names_serves_the_guide_of_the_documents() -> None:
    served = ROOT / "names/encrier_names/static" / GUIDE.name
    assert served.read_bytes() == GUIDE.read_bytes()


def test_the_guide_is_two_light_pages_with_every_step_of_its_source() -> None:
    pages = PdfReader(GUIDE).pages
    text = " ".join(" ".join(page.extract_text().split()) for page in pages)
    titles = TITLE.findall(SOURCE.read_text(encoding="utf-8"))
    assert len(pages) == 2
    assert GUIDE.stat().st_size < 600_000
    assert len(titles) > 5
    assert [title for title in titles if title not in text] == []


def test_every_picture_of_the_guide_is_used_and_there() -> None:
    named = set(PICTURE.findall(SOURCE.read_text(encoding="utf-8")))
    assert named == {file.stem for file in (GUIDES / "images").iterdir()}
