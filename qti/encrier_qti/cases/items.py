# SPDX-License-Identifier: AGPL-3.0-or-later
"""Cases of whole items: a file of an item, responses in plain JSON, the outcomes they give.

The file of an item is named "owner+repository/path…"; it is looked for by each
end of that path, in the folders around the file of cases.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import Final

from lxml import etree

from encrier_qti.answers import Answers
from encrier_qti.cases.recorded import (
    BadCase,
    Case,
    NotRunnable,
    kebab,
    mapping,
    value,
)
from encrier_qti.cases.verdict import differences
from encrier_qti.reading.item import read_item
from encrier_qti.reading.safe_xml import QTI
from encrier_qti.scoring import compile_item

_LEVELS: Final = 4  # folders above the file of cases in which its items are looked for
_QTI_2: Final = "http://www.imsglobal.org/xsd/imsqti_v2p2"
_HTML: Final = re.compile(
    "a|b|blockquote|br|caption|div|em|figure|h[1-6]|hr|i|img|li|object|ol|p|param|pre|q|rb|rp|rt|rtc"
    "|ruby|span|strong|sub|sup|table|tbody|td|th|thead|tr|ul"
)


def run(case: Case, folders: Sequence[Path]) -> str | None:
    """Give the differences, None if there are none.

    Raises NotRunnable if the item is not in the folders, else what the item refuses.
    """
    path = _item(str(case.get("file", "")), folders)
    program = compile_item(read_item(_in_qti_3(path), file=path.name))
    outcomes = dict(program.score(answers(case)))
    expected = {
        name: value(each)
        for name, each in mapping(case.get("outcomes"), "outcomes").items()
        if name != "completionStatus"
    }
    return differences(outcomes, expected)


def around(cases: Path, folder: Path | None) -> tuple[Path, ...]:
    """Give the folders in which the items of a file of cases may be."""
    above = cases.resolve().parents[:_LEVELS]
    return tuple(_with_children([*([folder] if folder else []), *above]))


def _with_children(folders: Iterable[Path]) -> Iterator[Path]:
    for folder in folders:
        yield folder
        try:
            yield from sorted(child for child in folder.iterdir() if child.is_dir())
        except OSError:
            continue


def _item(named: str, folders: Sequence[Path]) -> Path:
    parts = PurePosixPath(named).parts
    if ".." in parts or not parts:
        raise BadCase("a case without the path of its item")
    for start in range(len(parts)):
        for folder in folders:
            path = folder.joinpath(*parts[start:])
            if path.is_file():
                return path
    raise NotRunnable("the file of the item is not here")


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


def _in_qti_3(path: Path) -> bytes:
    """Rename the elements and attributes of a QTI 2.2 item, which is enough to score it."""
    content = path.read_bytes()
    if _QTI_2.encode() not in content:
        return content
    root = etree.fromstring(content, etree.XMLParser(remove_comments=True, resolve_entities=False))
    for element in root.iter(f"{{{_QTI_2}}}*"):
        name = etree.QName(element).localname
        if _HTML.fullmatch(name):
            element.tag = f"{{{QTI}}}{name}"
            continue
        element.tag = f"{{{QTI}}}qti-{kebab(name)}"
        for attribute, text in list(element.attrib.items()):
            if not str(attribute).startswith("{"):
                del element.attrib[attribute]
                element.set(kebab(str(attribute)), str(text))
    return etree.tostring(root, encoding="utf-8")
