# SPDX-License-Identifier: AGPL-3.0-or-later
"""All that is wrong with a package, told at once, before it meets a pupil.

The gate, in its order: safety (on opening, `reading.archive`), conversion to
QTI 3, the XML schema where there is one, then these checks. `open_package`
stops at the first error; this goes on. Knows keys; says none.
"""

from collections.abc import Iterable, Mapping

from encrier_qti import reporting
from encrier_qti.checks.delivered import check_delivered
from encrier_qti.checks.finding import Finding, missing, of_error
from encrier_qti.checks.items import check_item, max_score
from encrier_qti.checks.logic import check_logic
from encrier_qti.checks.media import check_media_of
from encrier_qti.checks.routes import check_routes
from encrier_qti.checks.schema import Schemas
from encrier_qti.errors import NotSupported, QtiError
from encrier_qti.importing.foreign import root_name
from encrier_qti.importing.ready import ready
from encrier_qti.package import Package, package_from, tests_of
from encrier_qti.reading.assessment import read_assessment
from encrier_qti.reading.item import read_item
from encrier_qti.reading.manifest import NAME as MANIFEST
from encrier_qti.reading.manifest import Manifest, read_manifest
from encrier_qti.words import say

_NONE: frozenset[str] = frozenset()


def lint(package: Package, *, allowed_pci: frozenset[str] = _NONE) -> tuple[Finding, ...]:
    """Give what is wrong with a package that opens: errors and warnings, in order of file.

    `allowed_pci`: the types of portable custom interactions that may run.
    """
    found: list[Finding] = []
    contents = package.contents
    for name, item in package.items.items():
        found += check_item(item, expected=name, contents=contents, allowed_pci=allowed_pci)
    found += check_media_of(package.items.values(), contents)
    found += check_routes(package.assessment, package.items)
    found += check_logic(package.assessment)
    found += check_delivered(package.assessment)
    found += _manifest(package)
    found += _reporting(package)
    found += _ignored(package)
    return _in_order(found)


def lint_contents(
    contents: Mapping[str, bytes],
    *,
    schemas: Schemas | None = None,
    allowed_pci: frozenset[str] = _NONE,
) -> tuple[Finding, ...]:
    """The same from files in memory, QTI 2 or 3, whether the package opens or not.

    Each test of the package is checked; the schemas too, where they are given.
    """
    try:
        contents = ready(contents)
        manifest = read_manifest(contents)
    except NotSupported as error:
        return (of_error("unreadable", error),)  # the same for every file: said once
    except QtiError as error:
        return _in_order(_unconverted(contents)) or (of_error("unreadable", error),)
    found = [] if schemas is None else list(_schemas(contents, schemas))
    tests = tests_of(manifest)
    if not tests:
        found.append(_empty())
    for test in tests:
        unreadable = tuple(_unreadable(contents, manifest, test))
        if unreadable:
            found += unreadable
            continue
        try:
            found += lint(package_from(contents, test=test), allowed_pci=allowed_pci)
        except QtiError as error:
            found.append(of_error("unreadable", error))
    return _in_order(found)


def _in_order(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """Each finding once, for two tests may share an item, by file and line."""
    placed = {
        (each.file, each.line, each.kind, str(each.what), each.element): each for each in found
    }
    return tuple(placed[place] for place in sorted(placed))


def not_compared() -> Finding:
    """Give the remark that no schema was given, for a command to add to the others."""
    return Finding(
        kind="no-schema",
        severity="warning",
        file="",
        line=0,
        what=say("les fichiers n’ont pas été comparés au schéma de QTI 3."),
        next_step=say("Téléchargez-le chez 1EdTech et donnez son dossier par --schemas."),
    )


def _schemas(contents: Mapping[str, bytes], schemas: Schemas) -> Iterable[Finding]:
    for path, content in contents.items():
        named = path == MANIFEST or root_name(content).startswith("qti-")
        if named and path.lower().endswith(".xml"):
            try:
                yield from schemas.check(content, file=path)
            except QtiError:
                continue  # not XML: the checks say it, with what asks for the file


def _unconverted(contents: Mapping[str, bytes]) -> Iterable[Finding]:
    """Every file that cannot be made QTI 3, not only the first."""
    for path, content in contents.items():
        try:
            ready({path: content})
        except QtiError as error:
            yield of_error("unreadable", error)


def _empty() -> Finding:
    return Finding(
        kind="no-item",
        severity="error",
        file=MANIFEST,
        line=0,
        what=say("ce paquet n’a ni test ni item."),
        next_step=say("Donnez aux ressources le type imsqti_item_xmlv3p0 ou imsqti_test_xmlv3p0."),
    )


def _unreadable(contents: Mapping[str, bytes], manifest: Manifest, test: str) -> Iterable[Finding]:
    """Every item that cannot be read, not only the first."""
    try:
        items = [each for each in manifest.of("item") if not test]
        if test and test not in contents:
            yield missing(next(each for each in manifest.of("test") if each.path == test))
            return
        if test:
            assessment = read_assessment(contents[test], file=test, files=contents)
            items = [ref.reference for ref in assessment.refs()]
    except QtiError as error:
        yield of_error("unreadable", error)
        return
    for reference in items:
        if reference.path not in contents:
            yield missing(reference)
            continue
        try:
            read_item(contents[reference.path], file=reference.path, files=contents)
        except QtiError as error:
            yield of_error("unreadable", error)


def _manifest(package: Package) -> Iterable[Finding]:
    seen: set[str] = set()
    for reference in package.manifest.files:
        if reference.path not in package.contents and reference.path not in seen:
            seen.add(reference.path)
            yield missing(reference)
    yield from _resources(package.manifest)
    named = package.manifest.items
    for item in package.items.values():
        if item.file not in named:
            yield Finding(
                kind="not-in-manifest",
                severity="warning",
                file=item.file,
                line=0,
                what=say("le manifeste ne nomme pas cet item."),
            )


def _resources(manifest: Manifest) -> Iterable[Finding]:
    """Resources of one identifier, and those that depend on none that is there."""
    known = {each.identifier for each in manifest.resources}
    seen: set[str] = set()
    for resource in manifest.resources:
        wrong = [(name, "aucune ressource ne se nomme {name}.") for name in resource.dependencies]
        wrong = [(name, what) for name, what in wrong if name not in known]
        if resource.identifier in seen:
            wrong.append((resource.identifier, "deux ressources se nomment {name}."))
        seen.add(resource.identifier)
        for name, what in wrong:
            yield Finding(
                kind="resource",
                severity="warning",
                file=MANIFEST,
                line=resource.line,
                what=say(what, name=name),
                element="resource",
            )


def _reporting(package: Package) -> Iterable[Finding]:
    if package.reporting is None:
        if len(package.items) == 1 and MANIFEST not in package.contents:
            return  # an item by itself: no campaign, no domain
        yield Finding(
            kind="no-reporting",
            severity="warning",
            file=reporting.NAME,
            line=0,
            what=say("ce fichier manque\u00a0: aucun domaine ne peut être restitué."),
            next_step=say("Une campagne le demande\u00a0: écrivez-le d’après docs/spec/bundle.md."),
        )
        return
    maxima = {name: max_score(item) for name, item in package.items.items()}
    for what in reporting.check(package.reporting, package.assessment, maxima):
        yield Finding(kind="reporting", severity="error", file=reporting.NAME, line=0, what=what)


def _ignored(package: Package) -> Iterable[Finding]:
    beside = [
        each.companions
        for each in package.items.values()
        if each.companions and not (each.calculator and len(each.companions.children) == 1)
    ]
    for node in (*package.assessment.ignored, *beside):
        yield Finding(
            kind="ignored",
            severity="warning",
            file=node.file,
            line=node.line,
            what=say("ceci n’est pas pris en compte."),
            element=node.name,
            next_step=say("Réglez-le dans la campagne s’il le faut."),
        )
