# SPDX-License-Identifier: AGPL-3.0-or-later
"""A computer of a school: a browser that kept nothing, and whose pages must not break."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Page

from stagecraft.hands import SLOW_MS


@contextmanager
def a_computer(browser: Browser, **told: Any) -> Iterator[Page]:
    """A computer that nobody has used; what breaks in its page fails the test."""
    usual = {"locale": "fr-FR", "reduced_motion": "reduce"}
    context = browser.new_context(**(usual | told))
    context.set_default_timeout(SLOW_MS)
    page = context.new_page()
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    try:
        yield page
    finally:
        context.close()
    assert broken == []
