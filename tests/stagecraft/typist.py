# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a teacher's fingers do on the keyboard of the keying page, from what a pupil wrote.

Knows the masks of a kit and an entry; never a pupil.
"""

from collections.abc import Mapping
from typing import Any, Final

from playwright.sync_api import Page
from teachers import Entry

BLANK: Final = " "
ON: Final = "Enter"
USUAL_DIGITS: Final = 3


def keys_of(field: Mapping[str, Any], entry: Entry) -> list[str]:
    """The keys of one item, up to the field that follows it."""
    responses, mark = entry
    if mark == "blank":
        return [BLANK]
    values = responses[field["response"]]
    if field["mask"] in {"number", "time", "fluency"}:
        is_whole = len(values[0]) >= field.get("digits", USUAL_DIGITS)
        return [*values[0], *([] if is_whole else [ON])]
    ranks = [_name(field, value) for value in values]
    typed = [digit for rank in ranks for digit in rank]
    is_full = field.get("most", 1) == len(values) and not _goes_on(field, ranks[-1])
    return [*typed, *([] if is_full else [ON])]


def press(page: Page, keys: list[str]) -> None:
    """Press keys one after the other, wherever the teacher is."""
    for key in keys:
        page.keyboard.press(key)


def _names(field: Mapping[str, Any]) -> list[str]:
    ids = [choice["id"] for choice in field.get("choices") or field["words"]]
    by_code = field["mask"] == "judge" or (field["mask"] == "code" and any(map(str.isdecimal, ids)))
    return ids if by_code else [str(at + 1) for at in range(len(ids))]


def _name(field: Mapping[str, Any], value: str) -> str:
    ids = [choice["id"] for choice in field.get("choices") or field["words"]]
    return _names(field)[ids.index(value)]


def _goes_on(field: Mapping[str, Any], name: str) -> bool:
    return any(other != name and other.startswith(name) for other in _names(field))
