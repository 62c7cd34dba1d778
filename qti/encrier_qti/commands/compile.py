# SPDX-License-Identifier: AGPL-3.0-or-later
"""`encrier qti compile`: from a package with keys to the bundle that is served, which has none.

A test with an error is not compiled: pupils would meet it. Items without a
test are served to nobody yet, so what can be compiled of them is, and their
errors are told.
"""

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from encrier_qti.checks.finding import Finding
from encrier_qti.clones import SEED
from encrier_qti.commands.asking import Verb, add_verb, put, put_json, tell
from encrier_qti.commands.opening import add_allowed_pci, add_package, add_test
from encrier_qti.compile import compile_package, write_bundle
from encrier_qti.errors import ContentRefused, QtiError
from encrier_qti.lint import lint_contents
from encrier_qti.package import package_from
from encrier_qti.reading import archive
from encrier_qti.words import Language, say

if TYPE_CHECKING:
    from encrier_qti.commands.asking import Commands

_VERB: Final = Verb(
    "compile",
    "make the bundle that is served to pupils",
    "Strip a package of every key and write the bundle that is served to pupils.",
    "compile sixieme.zip --out bundle/",
)


def add(commands: "Commands") -> None:
    """Add the verb."""
    parser = add_verb(commands, _VERB, _run)
    add_package(parser)
    add_test(parser)
    add_allowed_pci(parser)
    parser.add_argument("--out", type=Path, required=True, help="a folder, new or empty")
    parser.add_argument(
        "--manifest", metavar="FILE", type=Path, help="write the digests here: as secret as keys"
    )
    parser.add_argument("--seed", default=SEED, help="of items with variants; default: %(default)s")


def _run(asked: argparse.Namespace) -> int:
    contents = archive.read(asked.package)
    allowed = frozenset(asked.allow_pci)
    findings = lint_contents(contents, allowed_pci=allowed)
    wrong = [each for each in findings if each.severity == "error"]
    if wrong:
        error = refusal(wrong, asked.lang)
        served = _has_test(contents, otherwise=error)
        tell(error.told(asked.lang))
        if served:
            return 1
    package = package_from(contents, test=asked.test)
    compiled = compile_package(package, seed=asked.seed, allowed_pci=allowed)
    bundle = compiled.bundle
    write_bundle(bundle, asked.out)
    if asked.manifest is not None:
        asked.manifest.write_bytes(compiled.manifest)
    counts: dict[str, str | int] = {
        "bundle": bundle.id.hex(),
        "items": len(bundle.index.items),
        "files": len(bundle.index.files),
        "size_bytes": sum(len(content) for content in bundle.blobs.values()),
    }
    if asked.json:
        put_json(counts)
    else:
        told = say(
            "lot {bundle}. Items\u00a0: {items}, fichiers\u00a0: {files},"
            " octets\u00a0: {size_bytes}.",
            **counts,
        )
        put(told.told(asked.lang))
    return 0


def refusal(wrong: Sequence[Finding], language: Language) -> ContentRefused:
    """The error for a package in which `check` finds some: how many, and the first."""
    return ContentRefused(
        "erreurs dans ce paquet\u00a0: {n}. La première\u00a0: {first}",
        "Lancez «\u00a0encrier qti check\u00a0» pour les voir toutes.",
        n=len(wrong),
        first=wrong[0].told(language),
    )


def _has_test(contents: Mapping[str, bytes], *, otherwise: ContentRefused) -> bool:
    """Tell whether a package that has errors has a test; refuse one that does not open."""
    try:
        return bool(package_from(contents).assessment.file)
    except QtiError:
        raise otherwise from None
