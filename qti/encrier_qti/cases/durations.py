# SPDX-License-Identifier: AGPL-3.0-or-later
"""Durations as recorded, in ISO 8601, to and from the seconds that QTI 3 writes."""

import re
from typing import Final

from encrier_qti.values import BadForm

_FORM: Final = re.compile(
    r"P(?:(?P<Y>\d{1,6})Y)?(?:(?P<M>\d{1,6})M)?(?:(?P<W>\d{1,6})W)?(?:(?P<D>\d{1,9})D)?"
    r"(?:T(?:(?P<h>\d{1,9})H)?(?:(?P<m>\d{1,9})M)?(?:(?P<s>\d{1,12}(?:\.\d{1,9})?)S)?)?"
)
_SECONDS: Final = {
    "Y": 31_536_000,  # 365 days, and a month of 30, as the recorded engine counts
    "M": 2_592_000,
    "W": 604_800,
    "D": 86_400,
    "h": 3_600,
    "m": 60,
    "s": 1,
}


def seconds(text: str) -> float:
    """Read a duration, in seconds. Raises BadForm."""
    found = _FORM.fullmatch(text)
    if not found:
        raise BadForm("not a duration")
    return sum(float(part) * _SECONDS[unit] for unit, part in found.groupdict("0").items())


def iso(length: float) -> str:
    """Write a length in seconds, such as `P1DT2M0.5S`."""
    days, rest = divmod(length, _SECONDS["D"])
    hours, rest = divmod(rest, _SECONDS["h"])
    minutes, last = divmod(rest, _SECONDS["m"])
    day = f"{days:.0f}D" if days else ""
    each = (("H", hours), ("M", minutes), ("S", round(last, 9)))
    time = "".join(f"{part:.9g}{unit}" for unit, part in each if part)
    if not day and not time:
        return "PT0S"
    return f"P{day}T{time}" if time else f"P{day}"
