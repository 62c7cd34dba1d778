# SPDX-License-Identifier: AGPL-3.0-or-later
"""The figures of docs/conformance.md: recorded cases that agree, published files that pass.

Reads the test material that the project may use and not contain; writes nothing.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from encrier_qti.cases.runner import run_file
from encrier_qti.delivery.strip import strip_item
from encrier_qti.errors import QtiError, XmlRefused
from encrier_qti.importing.upgrade import upgrade_item
from encrier_qti.reading.assessment import read_assessment
from encrier_qti.reading.item import read_item
from encrier_qti.reading.safe_xml import local, parse
from encrier_qti.scoring import compile_item
from encrier_qti.sessions.plan import plan
from encrier_qti.sessions.route import resolve
from encrier_qti.sessions.test_session import TestSession
from encrier_qti.values import printed

ELEMENT: Final = re.compile(r"\b(qti-[a-z0-9-]+[a-z0-9])")
OUTCOMES: Final = ("passed", "explained", "failed", "skipped")
KINDS: Final = {
    "qti-assessment-item": "items of QTI 3",
    "assessmentItem": "items of QTI 2.2, converted",
    "qti-assessment-test": "tests of QTI 3",
}
STEPS: Final = ("all", "read", "compiled", "scored", "stripped")

Figures = dict[str, Any]  # the JSON of docs/conformance.json


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
    names = set(re.findall(r"<([A-Za-z0-9-]+)", line))
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
        "lacking": sum(each["lacking"] for each in told.values()),
        "refused": dict(sorted(refused.items())),
    }


def _steps(content: bytes, name: str, files: Mapping[str, bytes]) -> Iterator[str]:
    if b"<qti-assessment-test" in content:
        yield from _steps_of_test(content, name, files)
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


def _steps_of_test(content: bytes, name: str, files: Mapping[str, bytes]) -> Iterator[str]:
    """A test is scored when a sitting of it begins, is left without an answer, and ends."""
    test = read_assessment(content, file=name, files=files)
    yield "read"
    paths = {ref.identifier: ref.reference.path for ref in test.refs()}
    if not files.keys() >= set(paths.values()):
        yield "lacking"  # its items are not published
        return
    items = {name: read_item(files[path], file=path, files=files) for name, path in paths.items()}
    prepared = plan(test, items)
    yield "compiled"
    session = TestSession(prepared, resolve(test, "seed"))
    session.begin()
    session.end()
    yield "scored"
