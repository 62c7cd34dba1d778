# SPDX-License-Identifier: AGPL-3.0-or-later
"""One item on an empty page: show it, read what is answered, ask axe-core."""

from typing import NamedTuple

from playwright.sync_api import Page

from stagecraft.accessibility import violations


class Case(NamedTuple):
    """An interaction, what a pupil does to it, what the answer is then."""

    name: str
    cardinality: str
    base_type: str
    body: str
    steps: tuple[str, ...]  # what is pressed, in order: CSS, text=…, or KEY on what has the focus
    values: tuple[str, ...]


def mount(page: Page, case: Case, given: tuple[str, ...] = ()) -> None:
    """Show an item, with an answer put back."""
    declared = {"RESPONSE": {"cardinality": case.cardinality, "base_type": case.base_type}}
    answers = {"RESPONSE": list(given)} if given else {}
    page.evaluate("([b, d, r]) => window.mount(b, d, r)", [case.body, declared, answers])


def answered(page: Page) -> list[str]:
    """What is answered now."""
    values = page.evaluate("(window.answers().RESPONSE ?? [])")
    assert isinstance(values, list)
    return [str(value) for value in values]


def axe_faults(page: Page) -> list[str]:
    """What axe-core finds in the item."""
    return violations(page, "main")
