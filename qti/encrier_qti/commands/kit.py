# SPDX-License-Identifier: AGPL-3.0-or-later
"""`encrier qti kit`: from a package to what a teacher keys of paper, and what is printed.

A package with an error gets no kit: what is keyed would be scored wrong.
"""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Final

from encrier_qti.commands.asking import Verb, add_verb, put, put_json
from encrier_qti.commands.compile import refusal
from encrier_qti.commands.opening import add_package, add_test
from encrier_qti.keying.folder import with_papers, write_kit
from encrier_qti.keying.kit import make
from encrier_qti.lint import lint_contents
from encrier_qti.package import package_from
from encrier_qti.reading import archive
from encrier_qti.words import say

if TYPE_CHECKING:
    from encrier_qti.commands.asking import Commands

_VERB: Final = Verb(
    "kit",
    "make what teachers key and print of a paper booklet",
    "Make the keying kit of a booklet on paper: fields, marks and pages to print.",
    "kit cp-debut.zip --out kits/",
)


def add(commands: "Commands") -> None:
    """Add the verb."""
    parser = add_verb(commands, _VERB, _run)
    add_package(parser)
    add_test(parser)
    parser.add_argument(
        "--out", metavar="FOLDER", type=Path, required=True, help="a folder of kits, one a booklet"
    )
    parser.add_argument("--no-papers", action="store_true", help="without pages to print")


def _run(asked: argparse.Namespace) -> int:
    contents = archive.read(asked.package)
    wrong = [each for each in lint_contents(contents) if each.severity == "error"]
    if wrong:
        raise refusal(wrong, asked.lang)
    package = package_from(contents, test=asked.test)
    kit = make(package)
    files: dict[str, bytes] = {}
    if not asked.no_papers:
        from encrier_qti.paper import typeset  # noqa: PLC0415 it brings a typesetter

        papers = typeset(package, kit)
        kit, files = with_papers(kit, papers), dict(papers.files)
    written = write_kit(kit, files, asked.out)
    exercises = kit.exercises()
    counts: dict[str, str | int] = {
        "kit": str(written),
        "bundle": kit.bundle,
        "exercises": len(exercises),
        "items": sum(len(exercise.items) for exercise in exercises),
        "marked": len(kit.marking),
        "files": len(files),
        "size_bytes": sum(map(len, files.values())),
    }
    if asked.json:
        put_json(counts)
        return 0
    told = say(
        "{kit}. Exercices\u00a0: {exercises}, items\u00a0: {items}, dont notés dès la"
        " saisie\u00a0: {marked}, fichiers\u00a0: {files}, octets\u00a0: {size_bytes}.",
        **{name: count for name, count in counts.items() if name != "bundle"},
    )
    put(told.told(asked.lang))
    return 0
