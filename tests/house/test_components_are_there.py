# SPDX-License-Identifier: AGPL-3.0-or-later
"""docs/components.md names twelve components, whose classes the theme has and a template uses."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/components.md").read_text(encoding="utf-8")
NAMES = ROOT / "names/encrier_names"
CSS = (NAMES / "static/ardoise.css").read_text(encoding="utf-8")
TEMPLATES = "".join(file.read_text(encoding="utf-8") for file in NAMES.rglob("*.html"))
ROWS = re.findall(r"^\| ([^|]+) \| ([^|]+) \|", PAGE, re.MULTILINE)[1:]


def classes() -> set[str]:
    written = " ".join(re.findall(r"`([^`]*)`", " ".join(markup for _name, markup in ROWS)))
    return set(re.findall(r"\.([a-z][a-z-]*)", written)) - {"html"}


def test_there_are_twelve() -> None:
    assert len({name for name, _markup in ROWS}) == len(ROWS) == 12


def test_the_theme_has_each_class_and_a_template_uses_it() -> None:
    assert len(classes()) > 20
    assert [one for one in sorted(classes()) if f".{one}" not in CSS] == []
    used = set(re.findall(r"[\w-]+", " ".join(re.findall(r'class="([^"]*)"', TEMPLATES))))
    assert sorted(classes() - used) == []
