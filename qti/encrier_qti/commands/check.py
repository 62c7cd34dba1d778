# SPDX-License-Identifier: AGPL-3.0-or-later
"""`encrier qti check`: the whole gate, file by file. Says where and what, never a key."""

import argparse
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Final

from encrier_qti.checks.finding import Finding, of_error
from encrier_qti.checks.schema import Schemas
from encrier_qti.commands.asking import Verb, add_verb, put, put_json
from encrier_qti.commands.opening import add_allowed_pci, add_package
from encrier_qti.errors import PackageRefused
from encrier_qti.lint import lint_contents, not_compared
from encrier_qti.reading import archive
from encrier_qti.words import Language, Words, place, say

if TYPE_CHECKING:
    from encrier_qti.commands.asking import Commands

_VERB: Final = Verb(
    "check",
    "tell what is wrong with a package",
    "Tell what is wrong with a package or an item; nothing is changed.",
    "check sixieme.zip",
)

_MANY: Final = 4  # files: a remark on so many whole files is told once, after the rest
_SEVERITIES: Final[Mapping[str, Words]] = {"error": say("erreur"), "warning": say("remarque")}


def add(commands: "Commands") -> None:
    """Add the verb."""
    parser = add_verb(commands, _VERB, _run)
    add_package(parser)
    add_allowed_pci(parser)
    parser.add_argument(
        "--schemas", metavar="FOLDER", type=Path, help="1EdTech's XML schemas, to check against too"
    )
    parser.add_argument("--strict", action="store_true", help="a warning fails the check too")


def shown(finding: Finding, language: Language) -> dict[str, str | int]:
    """Give the JSON form of a finding: `what` and `next_step` are told in this language."""
    return {
        "kind": finding.kind,
        "severity": finding.severity,
        "file": finding.file,
        "line": finding.line,
        "element": finding.element,
        "what": finding.what.told(language),
        "next_step": finding.advice.told(language),
    }


def _run(asked: argparse.Namespace) -> int:
    if not asked.package.exists():
        raise PackageRefused("ce paquet n’existe pas.", "Vérifiez le chemin.")
    schemas = None if asked.schemas is None else Schemas(asked.schemas)
    allowed = frozenset(asked.allow_pci)
    try:
        contents = archive.read(asked.package)
    except PackageRefused as error:
        findings: tuple[Finding, ...] = (of_error("refused", error),)
    else:
        findings = lint_contents(contents, schemas=schemas, allowed_pci=allowed)
        findings += (not_compared(),) if schemas is None else ()
    errors = sum(each.severity == "error" for each in findings)
    sound = not findings if asked.strict else not errors
    if asked.json:
        put_json({"ok": sound, "findings": [shown(each, asked.lang) for each in findings]})
    else:
        total = say(
            "erreurs\u00a0: {errors}, remarques\u00a0: {warnings}.",
            errors=errors,
            warnings=len(findings) - errors,
        )
        put(*_told(findings, asked.lang), total.told(asked.lang))
    return 0 if sound else 1


def _told(findings: Sequence[Finding], language: Language) -> Iterator[str]:
    """Give the findings file by file, then the remarks that many files share."""
    alike: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    for each in findings:
        if _of_whole_file(each):
            alike[_lines(each, language)].append(each.file)
    shared = {lines: files for lines, files in alike.items() if len(files) >= _MANY}
    apart = [
        each for each in findings if not (_of_whole_file(each) and _lines(each, language) in shared)
    ]
    for file, here in groupby(sorted(apart, key=_place), lambda each: each.file):
        if file:
            yield file
        for each in here:
            yield from _lines(each, language)
        yield ""
    for lines, files in shared.items():
        yield say("{n} fichiers", n=len(files)).told(language)
        yield from lines
        yield from (f"    {file}" for file in sorted(files))
        yield ""


def _of_whole_file(finding: Finding) -> bool:
    return finding.severity == "warning" and finding.line == 0


def _lines(finding: Finding, language: Language) -> tuple[str, ...]:
    """What is wrong, and what to do."""
    word = _SEVERITIES[finding.severity].told(language)
    where = place(word, finding.line, finding.element, language)
    return f"  {where}{finding.what.told(language)}", f"    {finding.advice.told(language)}"


def _place(finding: Finding) -> tuple[str, int]:
    return finding.file, finding.line
