# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads a page of metrics as Prometheus does (text exposition format 0.0.4), strictly."""

import re
from collections.abc import Mapping
from typing import Final

Sample = tuple[str, frozenset[tuple[str, str]]]

LINE: Final = re.compile(
    r"([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{((?:[a-zA-Z_][a-zA-Z0-9_]*=\"[^\"\\\n]*\",?)*)\})? (\S+)"
)
LABEL: Final = re.compile(r"([a-zA-Z_]\w*)=\"([^\"]*)\"")


def parsed(text: str) -> dict[Sample, float]:
    """A page of the exposition format 0.0.4, as its page defines it; every line must be of it."""
    assert text.endswith("\n")
    kinds: dict[str, str] = {}
    found: dict[Sample, float] = {}
    for line in text.splitlines():
        if line.startswith("# HELP "):
            assert len(line.split(" ", 3)) == 4
        elif line.startswith("# TYPE "):
            _, _, name, kind = line.split(" ")
            assert name not in kinds, "once a metric"
            assert kind in {"counter", "gauge", "histogram"}
            kinds[name] = kind
        else:
            match = LINE.fullmatch(line)
            assert match is not None, line
            base = re.sub(r"_(bucket|sum|count)$", "", match[1])
            assert base in kinds or match[1] in kinds, "its type comes first"
            sample = match[1], frozenset(LABEL.findall(match[2] or ""))
            assert sample not in found
            found[sample] = float(match[3])
    return found


def value(found: Mapping[Sample, float], name: str, **labels: str) -> float:
    """One sample."""
    return found[name, frozenset(labels.items())]
