# SPDX-License-Identifier: AGPL-3.0-or-later
"""Write docs/conformance.md: what the QTI engine does, element by element.

The columns come from the code, the figures from docs/conformance.json, which is measured anew
where the test material is (ENCRIER_SHARED, else ../shared beside the clone) and kept where it
is not. tools/conformance.toml lists the elements and our departures.
"""

import json
import os
import re
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any, Final, cast

from conformance_code import Code, probed, reported
from conformance_figures import ELEMENT, OUTCOMES, STEPS, Figures, measure
from encrier_qti import model
from encrier_qti.cases import explained, explained_sessions
from encrier_qti.delivery import allowed
from encrier_qti.delivery import index as bundle
from encrier_qti.expressions.registry import EXPRESSIONS
from encrier_qti.rules.registry import RULES
from encrier_qti.rules.templates import TEMPLATES

ROOT: Final = Path(__file__).resolve().parents[1]
PAGE: Final = ROOT / "docs/conformance.md"
FIGURES: Final = ROOT / "docs/conformance.json"
LISTED: Final = ROOT / "tools/conformance.toml"
_SHARED: Final = os.environ.get("ENCRIER_SHARED") or ROOT.parent / "shared"
MATERIAL: Final = Path(_SHARED).resolve() / "data/qti"

Listed = dict[str, Any]  # a table of tools/conformance.toml


def page(figures: Figures) -> str:
    """Write the page, from the figures and the code."""
    listed = tomllib.loads(LISTED.read_text("utf-8"))
    code, own = Code(), _own_tests()
    told = [listed["head"], _supported(listed), _measured(figures)]
    told += [_differences(figures), listed["legend"]]
    for group in listed["group"]:
        table = [
            f"## {group['title']}\n",
            "| element | parsed | processed | delivered | tested | departs or completes |",
            "|---|---|---|---|---|---|",
        ]
        for name in group.get("carried") or group["elements"].split():
            element = element_of(name, group["kind"])
            cells = (
                *_cells(name, group, listed, code),
                _tested(element, figures, own),
                listed["notes"].get(name if element.startswith("qti-") else "", ""),
            )
            table.append(f"| `{element}` | {' | '.join(cells)} |")
        told.append("\n".join([*table, ""]))
    told.append(listed["rest"].replace("TEMPLATES", ", ".join(f"`{name}`" for name in TEMPLATES)))
    return "\n".join(told)


def element_of(name: str, kind: str) -> str:
    """Give the whole name of an element of a group of this kind."""
    if kind == "report":
        return name
    return f"qti-{name}-interaction" if kind == "interaction" else f"qti-{name}"


def _cells(name: str, group: Listed, listed: Listed, code: Code) -> tuple[str, str, str]:
    """Parsed, processed, delivered."""
    kind, element = group["kind"], element_of(name, group["kind"])
    if kind in {"expression", "rule"}:
        known = _yes(element in (EXPRESSIONS if kind == "expression" else RULES))
        return known, known, "–"
    if kind == "report":
        return "–", _yes(name in reported()), "–"
    sent = _delivered(name, element, listed)
    if kind == "interaction":
        return _yes(probed(name)), _yes(probed(name)), sent
    return *_carried(name, group, code), sent


def _carried(name: str, group: Listed, code: Code) -> tuple[str, str]:
    """Whether an element is parsed, and processed, by where it lands once read."""
    element, lands = f"qti-{name}", group["carried"][name]
    if lands.startswith("as "):
        return _carried(lands.removeprefix("as "), group, code)
    if lands == "refused":
        return ("refused" if element in code.read else "not yet"), "–"
    if lands == "left":
        return "no", "–"
    if lands == "shown":
        return _yes(element in {*allowed.QTI, *allowed.PCI_PARTS}), "–"
    record, _, field = lands.rpartition(".")
    read = element in code.read and field in _fields_of(model, record)
    used = read and field in code.used
    return _yes(read), "–" if group.get("shown") and not used else _yes(used)


def _yes(truth: bool) -> str:  # noqa: FBT001  what it tells is the truth itself
    return "yes" if truth else "not yet"


def _fields_of(module: ModuleType, record: str) -> tuple[str, ...]:
    return cast("tuple[str, ...]", getattr(module, record).__struct_fields__)


def _delivered(name: str, element: str, listed: Listed) -> str:
    """What becomes of an element on the way to a pupil's browser."""
    record, _, field = listed["delivered"].get(name, "").rpartition(".")
    if record and field in _fields_of(bundle, record):
        return "as data"
    if field and not record:
        return str(field)
    if element in allowed.CONDITIONAL:
        return "settled"
    if element in allowed.PCI_PARTS:
        return "if allowed"
    if element in allowed.QTI:
        return "yes"
    if element in allowed.REFUSED:
        return "refused"
    return "no" if element in allowed.DROPPED | allowed.KEYS else "–"


def _tested(element: str, figures: Figures, own: set[str]) -> str:
    counted = figures["elements"].get(element, {})
    words = (("cases", "recorded"), ("examples", "of 1EdTech"))
    told = [f"{counted[key]} {word}" for key, word in words if key in counted]
    return ", ".join([*told, *(["ours"] if element in own else [])]) or "no"


def _own_tests() -> set[str]:
    """The elements that our own tests name; those of reports are validated by their schema."""
    files = [path for path in (ROOT / "tests").rglob("*.py") if "conformance" not in path.stem]
    found = reported() if any("report" in path.stem for path in files) else set()
    for path in files:
        text = path.read_text("utf-8")
        words = "*" if path.stem.startswith(("test_qti_expressions", "test_qti_rules")) else "+"
        named = re.findall(rf'"([a-z]+(?:-[a-z]+){words})"', text)  # one word says it only there
        short = {f"qti-{name}" for name in named}
        found |= {*ELEMENT.findall(text), *(short & {*EXPRESSIONS, *RULES})}
    return found


def _supported(listed: Listed) -> str:
    rows = ["## Supported\n", "| of QTI 3.0 | elements | done |", "|---|---|---|"]
    known: dict[str, Callable[[str], bool]] = {
        "expression": EXPRESSIONS.__contains__,
        "rule": RULES.__contains__,
        "interaction": lambda element: element in {*allowed.QTI, *allowed.PCI_PARTS},
    }
    for group in listed["group"]:
        if group["kind"] in known:
            names = [element_of(name, group["kind"]) for name in group["elements"].split()]
            n_done = sum(map(known[group["kind"]], names))
            rows.append(f"| {group['title'].lower()} | {len(names)} | {n_done} |")
    return "\n".join([*rows, ""])


def _measured(figures: Figures) -> str:
    rows = [
        "| cases recorded from TAO’s engine | agree | differ, explained below | fail | not run |",
        "|---|---|---|---|---|",
    ]
    for name, told in figures["cases"].items():
        rows.append(f"| `{name}` | {' | '.join(str(told[each]) for each in OUTCOMES)} |")
    if figures["skipped"]:
        rows.append(f"\nNot run: {_listed(figures['skipped'])}.")
    rows += [
        "",
        "| published by 1EdTech | all | read | compiled | scored | stripped |",
        "|---|---|---|---|---|---|",
    ]
    examples = figures["examples"]
    for kind, told in examples["files"].items():
        counts = [str(told[each] or "–") for each in STEPS]
        rows.append(f"| {kind} | {' | '.join(counts)} |")
    rows += [
        "",
        f"{examples['lacking']} tests are published without their items, and are only read.",
        f"Malformed files, refused in one sentence: {examples['malformed']}.",
    ]
    if examples["refused"]:
        rows.append(f"Refused: {_listed(examples['refused'])}.")
    return "\n".join(["## Figures\n", *rows, ""])


def _listed(reasons: dict[str, int]) -> str:
    return "; ".join(f"{n}, {reason.rstrip('.')}" for reason, n in reasons.items())


def _differences(figures: Figures) -> str:
    rows = [
        "## Where the specification decides against a recorded case\n",
        "A row of 0 is a known difference that no case here shows.\n",
        "| cases | clause | what we do |",
        "|---|---|---|",
    ]
    known = [(each.clause, each.reason) for each in explained.EXPLANATIONS]
    known += [(each.clause, each.reason) for each in explained.DEPARTURES]
    known += [(each.clause, each.reason) for each in explained_sessions.EXPLANATIONS]
    for clause, reason in known:
        n = figures["explained"].get(f"{clause}: {reason}", 0)
        rows.append(f"| {n} | {clause} | {reason} |")
    return "\n".join([*rows, ""])


def main() -> int:
    """Measure where the material is, and write the figures and the page."""
    if MATERIAL.exists():
        figures = measure(MATERIAL)
        written = json.dumps(figures, indent=1, ensure_ascii=False)
        FIGURES.write_text(f"{written}\n", encoding="utf-8")
    else:
        sys.stderr.write("conformance: the test material is not here; its figures stay.\n")
    PAGE.write_text(page(json.loads(FIGURES.read_text("utf-8"))), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
