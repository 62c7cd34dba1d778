# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every setting of a zone stands in the table of its README, and nothing else does."""

import re
from pathlib import Path

import pytest

from encrier.records import Record
from encrier_answers.configuration import Settings as AnswersSettings
from encrier_answers.page import PageSettings
from encrier_names.settings import Settings as NamesSettings
from encrier_results.settings import ResultsSettings

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("zone", "settings"),
    [("names", NamesSettings), ("answers", AnswersSettings), ("results", ResultsSettings)],
)
def test_the_readme_lists_the_settings(zone: str, settings: type[Record]) -> None:
    page = (ROOT / zone / "README.md").read_text(encoding="utf-8")
    table = page.partition("## Settings")[2].partition("\n## ")[0]
    cells = re.findall(r"^\| (`[^|]+) \|", table, re.MULTILINE)
    listed = {name for cell in cells for name in re.findall(r"`([A-Z_]+)`", cell)}
    assert listed == {name.upper() for name in settings.__struct_fields__}


def test_the_readme_lists_the_settings_of_the_page() -> None:
    page = (ROOT / "answers/README.md").read_text(encoding="utf-8")
    line = page.partition("`ENCRIER_PAGE_`:")[2].partition("\n")[0]
    listed = set(re.findall(r"`([A-Z_]+)`", line))
    assert listed == {name.upper() for name in PageSettings.__struct_fields__}
