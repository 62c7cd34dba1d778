# SPDX-License-Identifier: AGPL-3.0-or-later
"""Each test that the two tables of faults name exists."""

import re
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
PAGES: Final = ("docs/spec/faults.md", "docs/operate/answers.md")
NAMED: Final = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


@pytest.mark.parametrize("page", PAGES)
def test_every_fault_names_a_test_that_exists(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    named = NAMED.findall(text)
    missing = [
        f"{file}::{name}"
        for file, name in named
        if not (ROOT / file).is_file()
        or f"def {name}(" not in (ROOT / file).read_text(encoding="utf-8")
    ]
    assert len(named) > 10
    assert missing == []
