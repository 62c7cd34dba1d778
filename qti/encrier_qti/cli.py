# SPDX-License-Identifier: AGPL-3.0-or-later
"""check, compile and score a QTI 3 package.

Thin: reads files, calls `lint`, `compile` and `scoring`, prints. Exit 0 done,
1 the check failed, 2 asked wrongly. Prints scores, never a key.
"""

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from encrier_qti.compile import compile_bundle, write_bundle
from encrier_qti.errors import AnswersRefused, ContentRefused, PackageRefused, QtiError
from encrier_qti.lint import lint_contents
from encrier_qti.package import Package, open_package, package_from
from encrier_qti.reading import archive
from encrier_qti.scoring import compile_test

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001  it has no public name

_MAX_ANSWERS = 64 * 1024 * 1024  # bytes


def verbs(commands: "Commands") -> None:
    """Add the verbs of `encrier qti`."""
    check = commands.add_parser(
        "check",
        help="tell what is wrong with a package",
        description="Tell what is wrong with a QTI 3 package; nothing is changed.",
        epilog="example: encrier qti check sixieme.zip",
    )
    check.set_defaults(run=_check)
    compiled = commands.add_parser(
        "compile",
        help="make the bundle that is served to pupils",
        description="Strip a package of every key and write the bundle that is served to pupils.",
        epilog="example: encrier qti compile sixieme.zip --out bundle/",
    )
    compiled.add_argument("--out", type=Path, required=True, help="a folder, new or empty")
    compiled.set_defaults(run=_compile)
    score = commands.add_parser(
        "score",
        help="score one pupil's answers",
        description="Score one pupil's answers, item by item and domain by domain.",
        epilog="example: encrier qti score sixieme.zip answers.json --json",
    )
    score.set_defaults(run=_score)
    for verb in (check, compiled, score):
        verb.add_argument("package", metavar="PACKAGE", type=Path, help="a folder or a zip")
        verb.add_argument("--json", action="store_true", help="print JSON")
    score.add_argument(
        "answers", metavar="ANSWERS.json", type=Path, help='{"item": {"RESPONSE": ["value"]}}'
    )


def _check(asked: argparse.Namespace) -> int:
    if not asked.package.exists():
        raise PackageRefused("Ce paquet n’existe pas.", "Vérifiez le chemin.")
    try:
        findings = lint_contents(archive.read(asked.package))
    except PackageRefused as error:
        return _print_refusal(error, as_json=asked.json)
    errors = sum(each.severity == "error" for each in findings)
    if asked.json:
        _print_json({"ok": errors == 0, "findings": findings})
    else:
        for each in findings:
            print("erreur" if each.severity == "error" else "remarque", each, sep="\u00a0: ")
        print(f"{errors} erreur(s), {len(findings) - errors} remarque(s).")
    return 1 if errors else 0


def _print_refusal(error: QtiError, *, as_json: bool) -> int:
    if as_json:
        _print_json({"ok": False, "refused": str(error), "findings": []})
    else:
        print(error)
    return 1


def _compile(asked: argparse.Namespace) -> int:
    contents = archive.read(asked.package)
    wrong = [each for each in lint_contents(contents) if each.severity == "error"]
    if wrong:
        raise ContentRefused(
            f"{len(wrong)} erreur(s), dont : {wrong[0]}",
            "Lancez « encrier qti check » pour les voir toutes.",
        )
    bundle = compile_bundle(package_from(contents))
    write_bundle(bundle, asked.out)
    told = {
        "bundle": bundle.id.hex(),
        "items": len(bundle.index.items),
        "files": len(bundle.index.files),
        "size_bytes": sum(len(content) for content in bundle.blobs.values()),
    }
    if asked.json:
        _print_json(told)
    else:
        print(f"bundle {told['bundle']}: {told['items']} items, {told['files']} files")
    return 0


def _score(asked: argparse.Namespace) -> int:
    package = open_package(asked.package)
    program = compile_test(package.assessment, package.items)
    answers = _read_answers(asked.answers)
    for name in sorted(set(answers) - set(program.programs)):
        sys.stderr.write(f"encrier: {name!r} n’est pas un item de ce test.\n")
    scores = program.score(answers)
    domains = {} if package.reporting is None else package.reporting.by_domain(scores)
    if asked.json:
        _print_json({"scores": scores, "domains": domains})
        return 0
    for item, points in scores.items():
        print(f"{item}\t{points:g}")
    for domain, points in domains.items():
        print(f"{domain}\t{points:g}\t{_group(package, domain, points)}")
    return 0


def _group(package: Package, domain: str, points: float) -> str:
    domains = () if package.reporting is None else package.reporting.domains
    return next(each.group(points) for each in domains if each.id == domain)


def _read_answers(path: Path) -> Mapping[str, Mapping[str, list[str]]]:
    try:
        if path.stat().st_size > _MAX_ANSWERS:
            raise AnswersRefused(file=path.name)
        return msgspec.json.decode(path.read_bytes(), type=dict[str, dict[str, list[str]]])
    except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise AnswersRefused(file=path.name) from None


def _print_json(told: object) -> None:
    print(msgspec.json.encode(told, order="sorted").decode())
