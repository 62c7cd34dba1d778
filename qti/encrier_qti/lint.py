# SPDX-License-Identifier: AGPL-3.0-or-later
"""All that is wrong with a package, told at once, before it meets a pupil.

`open_package` stops at the first error; this goes on. Knows keys; says none.
"""

from collections.abc import Iterable, Mapping

from encrier_qti import reporting
from encrier_qti.checks.finding import Finding, missing, of_error
from encrier_qti.checks.items import check_item, max_score
from encrier_qti.checks.media import check_media_of
from encrier_qti.errors import QtiError
from encrier_qti.model import Assessment
from encrier_qti.package import Package, package_from
from encrier_qti.reading.assessment import read_assessment
from encrier_qti.reading.item import read_item
from encrier_qti.reading.manifest import read_manifest
from encrier_qti.words import say


def lint(package: Package) -> tuple[Finding, ...]:
    """Give what is wrong with a package that opens: errors and warnings, in order of file."""
    found: list[Finding] = []
    for name, item in package.items.items():
        found += check_item(item, expected=name, contents=package.contents)
    found += check_media_of(package.items.values(), package.contents)
    found += _manifest(package)
    found += _reporting(package)
    found += _ignored(package.assessment)
    return tuple(sorted(found, key=lambda each: (each.file, each.line, each.kind, str(each.what))))


def lint_contents(contents: Mapping[str, bytes]) -> tuple[Finding, ...]:
    """The same from files in memory, whether the package opens or not."""
    unreadable = tuple(_unreadable(contents))
    if unreadable:
        return unreadable
    try:
        return lint(package_from(contents))
    except QtiError as error:
        return (of_error("unreadable", error),)


def _unreadable(contents: Mapping[str, bytes]) -> Iterable[Finding]:
    """Every item that cannot be read, not only the first."""
    try:
        manifest = read_manifest(contents)
        path = manifest.test.path
        if path not in contents:
            yield missing(manifest.test)
            return
        assessment = read_assessment(contents[path], file=path, files=contents)
    except QtiError as error:
        yield of_error("unreadable", error)
        return
    for ref in assessment.refs():
        if ref.reference.path not in contents:
            yield missing(ref.reference)
            continue
        try:
            read_item(contents[ref.reference.path], file=ref.reference.path, files=contents)
        except QtiError as error:
            yield of_error("unreadable", error)


def _manifest(package: Package) -> Iterable[Finding]:
    seen: set[str] = set()
    for reference in package.manifest.files:
        if reference.path not in package.contents and reference.path not in seen:
            seen.add(reference.path)
            yield missing(reference)
    for item in package.items.values():
        if item.file not in package.manifest.items:
            yield Finding(
                kind="not-in-manifest",
                severity="warning",
                file=item.file,
                line=0,
                what=say("le manifeste ne nomme pas cet item."),
            )


def _reporting(package: Package) -> Iterable[Finding]:
    if package.reporting is None:
        yield Finding(
            kind="no-reporting",
            severity="error",
            file=reporting.NAME,
            line=0,
            what=say("ce fichier manque : aucun domaine ne peut être restitué."),
            next_step=say("Écrivez-le d’après docs/spec/bundle.md."),
        )
        return
    maxima = {name: max_score(item) for name, item in package.items.items()}
    for what in reporting.check(package.reporting, package.assessment, maxima):
        yield Finding(kind="reporting", severity="error", file=reporting.NAME, line=0, what=what)


def _ignored(assessment: Assessment) -> Iterable[Finding]:
    for node in assessment.ignored:
        yield Finding(
            kind="ignored",
            severity="warning",
            file=node.file,
            line=node.line,
            what=say("ceci n’est pas pris en compte."),
            element=node.name,
            next_step=say("Réglez-le dans la campagne s’il le faut."),
        )
