# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files of recorded cases, one JSON object a line: run each, say what came of it.

What a case is, is told by its shape, so that a file may have any name and
hold cases of several kinds. A line that is broken or hostile fails by itself;
its fellows run. Told in English, to those who work on the engine.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import msgspec

from encrier_qti.cases import (
    explained_sessions,
    expressions,
    item_sessions,
    items,
    processing,
    test_sessions,
)
from encrier_qti.cases.explained import NO_ERROR, REFUSED, explanation, explanation_of_item
from encrier_qti.cases.recorded import BadCase, Case, NotRunnable, mapping, root_name
from encrier_qti.cases.verdict import Verdict
from encrier_qti.errors import QtiError

_MAX_LINE: Final = 20 * 1024 * 1024  # bytes; the longest seen has 0.3 MB

# A kind of cases, and the module that runs one: the difference, or None.
KINDS: Final[Mapping[str, Callable[[Case], str | None]]] = {
    "expression": expressions.run,
    "item session": item_sessions.run,
    "printed variable": processing.printed,
    "processing": processing.whole,
    "rule": processing.rule,
    "test session": test_sessions.run,
}
_OF_ONE_ELEMENT: Final = {"expression", "rule"}


def run_file(path: Path, folder: Path | None = None) -> Iterator[Verdict]:
    """Run every case of a file; items are looked for around it and in `folder`.

    Raises OSError if the file cannot be read, nothing else.
    """
    folders = items.around(path, folder)
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                yield _run_line(line, f"line {number}", folders)


def run_case(case: Case, folders: Sequence[Path] = ()) -> Verdict:
    """Run one case; raises nothing. `folders`: where the items of cases of items are."""
    name = str(case.get("id", ""))
    try:
        return _judge(case, name, folders)
    except BadCase as bad:
        why = f"not a case: {bad}"
    except Exception as error:  # noqa: BLE001  a fault of ours is a failed case, not the end
        why = f"{type(error).__name__}: {error}"
    return Verdict(id=name, kind="", outcome="failed", reason=why)


def _judge(case: Case, name: str, folders: Sequence[Path]) -> Verdict:
    kind = kind_of(case)
    try:
        found = _run(kind, case, folders)
    except NotRunnable as lacking:
        return Verdict(id=name, kind=kind, outcome="skipped", reason=str(lacking))
    if found is None:
        return Verdict(id=name, kind=kind, outcome="passed")
    why = _explain(kind, case, found, folders)
    if why is None:
        return Verdict(id=name, kind=kind, outcome="failed", difference=found)
    return Verdict(id=name, kind=kind, outcome="explained", difference=found, reason=why)


def _explain(kind: str, case: Case, difference: str, folders: Sequence[Path]) -> str | None:
    if kind == "item":
        return explanation_of_item(case, folders)
    if kind.endswith("session"):
        return explained_sessions.explanation(case, difference)
    return explanation(case, difference) if kind in _OF_ONE_ELEMENT else None


def kind_of(case: Case) -> str:
    """Tell what a case is about by its shape. Raises BadCase."""
    if "steps" in case:
        return "test session" if "route" in case else "item session"
    if "responses" in case and "outcomes" in case:
        return "item"
    root = root_name(case)
    if root == "qti-printed-variable":
        return "printed variable"
    if "result" in case or ("error" in case and "after" not in case):
        return "expression"
    if "after" not in case:
        raise BadCase("a case of no known kind")
    return "processing" if root.endswith("-processing") else "rule"


def _run(kind: str, case: Case, folders: Sequence[Path]) -> str | None:
    """Run one case; where an error was recorded, any refusal of ours agrees."""
    run = KINDS.get(kind)
    if run is None and kind != "item":
        raise NotRunnable(f"cases of the kind “{kind}” are not run yet")
    try:
        found = run(case) if run else items.run(case, folders)
    except QtiError as refused:
        return None if "error" in case else f"{REFUSED}{refused.told('en')}"
    return found or (NO_ERROR if "error" in case else None)


def _run_line(line: bytes, place: str, folders: Sequence[Path]) -> Verdict:
    if len(line) > _MAX_LINE:
        return Verdict(id=place, kind="", outcome="failed", reason="not a case: too long")
    try:
        case = mapping(msgspec.json.decode(line), "a line")
    except (msgspec.DecodeError, RecursionError, ValueError) as error:
        return Verdict(id=place, kind="", outcome="failed", reason=f"not a case: {error}")
    return run_case(case if "id" in case else {**case, "id": place}, folders)
