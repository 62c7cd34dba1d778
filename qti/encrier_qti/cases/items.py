# SPDX-License-Identifier: AGPL-3.0-or-later
"""Cases of whole items: a file of an item, responses in plain JSON, the outcomes they give.

The file of an item is named "owner+repository/path…"; it is looked for by each
end of that path, in the folders around the file of cases.
"""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Final

from encrier_qti.answers import Answers
from encrier_qti.cases.recorded import BadCase, Case, NotRunnable, mapping, value
from encrier_qti.cases.verdict import differences
from encrier_qti.model import COMPLETION, Item
from encrier_qti.package import item_at
from encrier_qti.scoring import compile_item

_LEVELS: Final = 4  # folders above the file of cases in which its items are looked for
_NEAR: Final = 2  # of those, the ones of which grandchildren are looked into too
_MAX_FOLDERS: Final = 2_000


def run(case: Case, folders: Sequence[Path]) -> str | None:
    """Give the differences, None if there are none.

    Raises NotRunnable if the item is not in the folders, else what the item refuses.
    """
    return compared(item_of(case, folders), case)


def item_of(case: Case, folders: Sequence[Path]) -> Item:
    """Read the item of a case; raises as `run`."""
    return item_at(_item(str(case.get("file", "")), folders))


def compared(item: Item, case: Case) -> str | None:
    """Score the responses of a case and give the differences, None if there are none."""
    outcomes = dict(compile_item(item).score(answers(case)))
    expected = {
        name: value(each)
        for name, each in mapping(case.get("outcomes"), "outcomes").items()
        if name != COMPLETION
    }
    return differences(outcomes, expected)


def around(cases: Path, folder: Path | None) -> tuple[Path, ...]:
    """Give the folders in which the items of a file of cases may be."""
    above = cases.resolve().parents[:_LEVELS]
    near = [*([folder] if folder else []), *above[:_NEAR]]
    deep = [child for each in near for child in _children(each)]
    found = dict.fromkeys([*near, *deep, *above])
    for each in (*deep, *above):
        found |= dict.fromkeys(_children(each))
    return tuple(found)[:_MAX_FOLDERS]


def _children(folder: Path) -> list[Path]:
    try:
        return sorted(child for child in folder.iterdir() if child.is_dir())
    except OSError:
        return []


def _item(named: str, folders: Sequence[Path]) -> Path:
    path = _found(named, tuple(folders))
    if path is None:
        raise NotRunnable("the file of the item is not here")
    return path


@lru_cache(maxsize=1_024)  # an item has many cases
def _found(named: str, folders: tuple[Path, ...]) -> Path | None:
    parts = PurePosixPath(named).parts
    if ".." in parts or not parts:
        raise BadCase("a case without the path of its item")
    ends = (parts[start:] for start in range(len(parts)))
    paths = (folder.joinpath(*end) for end in ends for folder in folders)
    return next((path for path in paths if path.is_file()), None)


def answers(case: Case) -> Answers:
    """Give the responses of a case as they travel: lists of texts."""
    each = mapping(case.get("responses") or {}, "responses")
    types = mapping(case.get("decl") or {}, "types")
    return {name: _texts(types.get(name), answer) for name, answer in each.items()}


def _texts(declared: object, answer: object) -> list[str]:
    if answer is None:
        return []
    if not isinstance(answer, list):
        return [_text(answer)]
    single = isinstance(declared, list) and declared[:1] == ["single"]
    return [_text(answer)] if single else [_text(one) for one in answer]


def _text(one: object) -> str:
    if isinstance(one, bool):
        return "true" if one else "false"
    if isinstance(one, list):
        return " ".join(_text(part) for part in one)
    return str(one)
