# SPDX-License-Identifier: AGPL-3.0-or-later
"""Write docs/conformance.md: what the QTI engine does, element by element.

The columns come from the code, the figures from docs/conformance.json, which is measured anew
where the test material is (ENCRIER_SHARED, else ../shared beside the clone) and kept where it
is not. tools/conformance.toml lists the elements and our departures.
"""

import ast
import json
import os
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any, Final, cast

import encrier_qti
from encrier_qti import model
from encrier_qti.cases.explained import EXPLANATIONS
from encrier_qti.cases.runner import run_file
from encrier_qti.delivery import allowed
from encrier_qti.delivery import index as bundle
from encrier_qti.delivery.strip import strip_item
from encrier_qti.errors import QtiError, XmlRefused
from encrier_qti.expressions.registry import EXPRESSIONS
from encrier_qti.importing.upgrade import upgrade_item
from encrier_qti.reading.assessment import read_assessment
from encrier_qti.reading.item import read_item
from encrier_qti.reading.safe_xml import QTI, local, parse
from encrier_qti.rules.registry import RULES
from encrier_qti.rules.templates import TEMPLATES
from encrier_qti.scoring import compile_item
from encrier_qti.values import integer, printed
from encrier_qti.writing.report import ResultOfItem, ResultOfTest, Sitting, result_report

ROOT: Final = Path(__file__).resolve().parents[1]
PAGE: Final = ROOT / "docs/conformance.md"
FIGURES: Final = ROOT / "docs/conformance.json"
LISTED: Final = ROOT / "tools/conformance.toml"
ENGINE: Final = Path(encrier_qti.__file__).parent
_SHARED: Final = os.environ.get("ENCRIER_SHARED") or ROOT.parent / "shared"
MATERIAL: Final = Path(_SHARED).resolve() / "data/qti"

ELEMENT: Final = re.compile(r"\b(qti-[a-z0-9-]+[a-z0-9])")
OUTCOMES: Final = ("passed", "explained", "failed", "skipped")
KINDS: Final = {
    "qti-assessment-item": "items of QTI 3",
    "assessmentItem": "items of QTI 2.2, converted",
    "qti-assessment-test": "tests of QTI 3",
}
STEPS: Final = ("all", "read", "compiled", "scored", "stripped")
# The modules that only read, check or speak; a field that no other looks at is not processed.
_IDLE: Final = {
    "model",
    "compile",
    "reading",
    "importing",
    "checks",
    "delivery",
    "writing",
    "english",
    "commands",
    "cases",
}

Figures = dict[str, Any]  # the JSON of docs/conformance.json, or a table of tools/conformance.toml


# --- what is measured on the test material ---


def measure(material: Path) -> Figures:
    """Run every recorded case and every published example: the figures of the page."""
    elements: dict[str, Counter[str]] = {}
    reasons = {"explained": Counter[str](), "skipped": Counter[str]()}
    cases = {}
    for path in sorted((material / "cases").glob("*.jsonl")):
        told: Counter[str] = Counter()
        for line, verdict in zip(_lines(path), run_file(path), strict=True):
            told[verdict.outcome] += 1
            if verdict.outcome in reasons:
                reasons[verdict.outcome][verdict.reason] += 1
            for name in _named(line):
                elements.setdefault(name, Counter())["cases"] += 1
        cases[path.stem] = {outcome: told[outcome] for outcome in OUTCOMES}
    examples = _examples(material / "1edtech-examples", elements)
    return {
        "cases": cases,
        **{outcome: dict(sorted(each.items())) for outcome, each in reasons.items()},
        "examples": examples,
        "elements": {name: dict(sorted(each.items())) for name, each in sorted(elements.items())},
    }


def _lines(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8") as lines:
        yield from (line for line in lines if line.strip())


def _named(line: str) -> set[str]:
    """The elements of QTI 3 that a case names, whichever version it is written in."""
    case = json.loads(line)
    written = f"{case.get('xml', '')} {case.get('qti3', '')}"
    names = set(re.findall(r"<([A-Za-z0-9-]+)", written))
    return {each if each.startswith("qti-") else f"qti-{_kebab(each)}" for each in names}


def _kebab(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r"-\1", name).lower()


def _examples(folder: Path, elements: dict[str, Counter[str]]) -> Figures:
    """How far each published file comes: read, compiled, scored, stripped of its keys."""
    told: dict[str, Counter[str]] = {name: Counter() for name in KINDS.values()}
    refused: Counter[str] = Counter()
    files = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.xml")}
    n_malformed = 0
    for name, content in sorted(files.items()):
        try:
            kind = KINDS.get(local(parse(content, file=name)))
        except XmlRefused:
            n_malformed += 1
            continue
        if kind is None:
            continue
        told[kind]["all"] += 1
        made = upgrade_item(content, file=name) if kind == KINDS["assessmentItem"] else content
        try:
            for step in _steps(made, name, files):
                told[kind][step] += 1
        except QtiError as error:
            refused[error.reason.told("en")] += 1
        for each in set(ELEMENT.findall(made.decode("utf-8"))):
            elements.setdefault(each, Counter())["examples"] += 1
    return {
        "files": {kind: {step: each[step] for step in STEPS} for kind, each in told.items()},
        "malformed": n_malformed,
        "refused": dict(sorted(refused.items())),
    }


def _steps(content: bytes, name: str, files: dict[str, bytes]) -> Iterator[str]:
    if b"<qti-assessment-test" in content:
        read_assessment(content, file=name, files=files)
        yield "read"
        return
    item = read_item(content, file=name, files=files)
    yield "read"
    program = compile_item(item)
    yield "compiled"
    right = {
        name: [printed(each.correct.base, one) for one in each.correct.members]
        for name, each in item.responses.items()
        if each.correct is not None
    }
    program.prove(right)
    yield "scored"
    portable = frozenset(each.type_identifier for each in item.interactions)
    strip_item(content, file=name, files=files, allowed_pci=portable)
    yield "stripped"


# --- what is read in the code ---


class Code:
    """What can be told of an element from the source: who names it, who reads its field."""

    def __init__(self) -> None:
        self.read: set[str] = set()  # elements that the readers name
        self.used: set[str] = set()  # fields that the processing looks at
        for path in sorted(ENGINE.rglob("*.py")):
            tree = ast.parse(path.read_text("utf-8"))
            top = path.relative_to(ENGINE).parts[0].removesuffix(".py")
            if top in {"reading", "importing"}:
                self.read |= _texts(tree)
            if top not in _IDLE:
                self.used |= _fields(tree)


def _texts(tree: ast.Module) -> set[str]:
    texts = (n.value for n in ast.walk(tree) if isinstance(n, ast.Constant))
    return {name for each in texts if isinstance(each, str) for name in re.findall(r"[\w-]+", each)}


def _fields(tree: ast.Module) -> set[str]:
    return {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}


def probed(name: str) -> bool:
    """Tell whether the reader meets an interaction in an item made of little else."""
    element = f"qti-{name}-interaction"
    made = (
        f'<qti-assessment-item xmlns="{QTI}" identifier="i" title="t">'
        '<qti-response-declaration identifier="R" cardinality="single" base-type="string"/>'
        f'<qti-item-body><{element} response-identifier="R"/></qti-item-body>'
        "</qti-assessment-item>"
    )
    try:
        item = read_item(made.encode(), file="probe.xml")
        compile_item(item)
    except QtiError:
        return False
    return [each.name for each in item.interactions] == [name]


def reported() -> set[str]:
    """The elements of a result report about one variable of each kind."""
    kinds = ("response", "outcome", "template", "context")
    declared = "".join(
        f'<qti-{kind}-declaration identifier="{kind}" cardinality="single" base-type="integer">'
        + ("<qti-correct-response><qti-value>1</qti-value></qti-correct-response>")
        * (kind == "response")
        + f"</qti-{kind}-declaration>"
        for kind in kinds
    )
    head = f'<qti-assessment-item xmlns="{QTI}" identifier="i" title="t">'
    made = f"{head}{declared}</qti-assessment-item>"
    item, at = read_item(made.encode(), file="probe.xml"), datetime.now(UTC)
    values = dict.fromkeys(kinds, integer(1))
    sitting = Sitting(
        candidate="c",
        items=[ResultOfItem(identifier="i", item=item, values=values, at=at)],
        test=ResultOfTest(identifier="t", declarations={}, values={}, at=at),
        sessions={"urn:example": "s"},
    )
    report = parse(result_report(sitting, with_keys=True), file="report.xml")
    return {local(element) for element in report.iter()}


# --- the page ---


def page(figures: Figures) -> str:
    """Write the page, from the figures and the code."""
    listed = tomllib.loads(LISTED.read_text("utf-8"))
    code, own = Code(), _own_tests()
    told = [listed["head"], _measured(figures), _differences(figures), listed["legend"]]
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


def _cells(name: str, group: Figures, listed: Figures, code: Code) -> tuple[str, str, str]:
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


def _carried(name: str, group: Figures, code: Code) -> tuple[str, str]:
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


def _delivered(name: str, element: str, listed: Figures) -> str:
    """What becomes of an element on the way to a pupil's browser."""
    record, _, field = listed["delivered"].get(name, "").rpartition(".")
    if field and field in _fields_of(bundle, record):
        return "as data"
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
    """The elements that our own tests name: those of reports where reports are tested."""
    found: set[str] = set()
    for path in (ROOT / "tests").rglob("*.py"):
        if "conformance" not in path.stem:
            word = re.compile(r"\w+") if "report" in path.stem else ELEMENT
            found.update(word.findall(path.read_text("utf-8")))
    return found


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
    rows.append(f"\nMalformed files, refused in one sentence: {examples['malformed']}.")
    if examples["refused"]:
        rows.append(f"Refused: {_listed(examples['refused'])}.")
    return "\n".join(["## Figures\n", *rows, ""])


def _listed(reasons: dict[str, int]) -> str:
    return "; ".join(f"{n}, {reason.rstrip('.')}" for reason, n in reasons.items())


def _differences(figures: Figures) -> str:
    rows = [
        "## Where the specification decides against a recorded case\n",
        "| cases | clause | what we do |",
        "|---|---|---|",
    ]
    for each in EXPLANATIONS:
        n = figures["explained"].get(f"{each.clause}: {each.reason}", 0)
        rows.append(f"| {n} | {each.clause} | {each.reason} |")
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
