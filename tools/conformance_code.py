# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the source of the QTI engine says of an element: who reads it, who acts on it.

Looks at the code and at what small probes give; knows no figures.
"""

import ast
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import encrier_qti
from encrier_qti.errors import QtiError
from encrier_qti.reading.item import read_item
from encrier_qti.reading.safe_xml import QTI, local, parse
from encrier_qti.scoring import compile_item
from encrier_qti.values import integer
from encrier_qti.variables import all_variables
from encrier_qti.writing.report import ResultOfItem, ResultOfTest, Sitting, result_report

ENGINE: Final = Path(encrier_qti.__file__).parent
# The modules that only read, check or speak; a field that no other looks at is not processed.
_IDLE: Final = frozenset(
    {
        "cases", "checks", "commands", "compile", "delivery", "english", "importing", "keying",
        "lint", "model", "paper", "preview", "reading", "writing",
    }
)  # fmt: skip


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
    one = ResultOfItem(
        identifier="i",
        declarations=all_variables(item),
        values=dict.fromkeys(kinds, integer(1)),
        at=at,
    )
    sitting = Sitting(
        candidate="c",
        items=[one],
        test=ResultOfTest(identifier="t", declarations={}, values={}, at=at),
        sessions={"urn:example": "s"},
    )
    report = parse(result_report(sitting, with_keys=True), file="report.xml")
    return {local(element) for element in report.iter()}
