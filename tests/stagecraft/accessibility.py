# SPDX-License-Identifier: AGPL-3.0-or-later
"""What axe-core finds on a page, and whether it must be scrolled sideways."""

from pathlib import Path
from typing import Final

from playwright.sync_api import Page

AXE: Final = Path(__file__).parents[2] / "player/node_modules/axe-core/axe.min.js"
RULES: Final = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
WIDER: Final = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


def faults(page: Page) -> list[str]:
    """What axe-core says of the page as it stands."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    return violations(page)


def violations(page: Page, within: str | None = None) -> list[str]:
    """What axe-core, which the page has already, says of the page or of a part of it."""
    run = "([within, rules]) => axe.run(within ?? document, rules)"
    found = page.evaluate(run, [within, RULES])
    return [f"{v['id']}: {n['html'][:120]}" for v in found["violations"] for n in v["nodes"]]


def too_wide(page: Page) -> bool:
    """Whether the page must be scrolled sideways."""
    return pixels_too_wide(page) > 0


def pixels_too_wide(page: Page) -> int:
    """By how much the page is wider than its window."""
    wider: int = page.evaluate(WIDER)
    return max(0, wider)
