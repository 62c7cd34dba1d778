# SPDX-License-Identifier: AGPL-3.0-or-later
"""Booklets as results needs them: what to score, by which rules, into which domains.

Knows keys to items; never a name. A booklet is matched to what pupils saw by the digest of the
bundle compiled from it: a package changed since the campaign opened is not this booklet.
"""

import hashlib
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from pathlib import Path

import msgspec

from encrier import booklets
from encrier.booklets import SealedBooklet
from encrier.errors import EncrierError
from encrier.ids import BundleId
from encrier.manifest import Manifest
from encrier.records import Record
from encrier.secret import Secret
from encrier.wire import Domain
from encrier_qti.checks.delivered import meets_items_once
from encrier_qti.checks.items import max_score
from encrier_qti.compile import Bundle, compile_package
from encrier_qti.package import package_from
from encrier_qti.reading import archive
from encrier_qti.reporting import Reporting
from encrier_qti.scoring import ScoringProgram
from encrier_qti.sessions.plan import Plan
from encrier_results import routes


class Booklet(Record, frozen=True):
    """One booklet: its marking rules, compiled, and its domains."""

    bundle: Bundle  # what pupils are shown
    title: str
    program: ScoringProgram
    plan: Plan  # how pupils go through the test
    met_by_all: frozenset[str] | None  # the items of every pupil; None: the plan says which
    reporting: Reporting
    unscored: frozenset[str]  # items worth nothing here, as a text that people will read
    rules: bytes  # SHA-256 of the package and of the release that scores it: one key, one scoring
    most: Mapping[str, float | None]  # points that each item says it gives; None: it does not say

    @property
    def sha256(self) -> bytes:
        """Of bundle.json, as the manifest tells it."""
        return hashlib.sha256(self.bundle.index_json).digest()

    @property
    def items(self) -> frozenset[str]:
        return frozenset(self.program.programs)

    def domains(self) -> list[Domain]:
        """What names is told of each domain; the items stay here."""
        return [
            Domain(
                id=domain.id,
                label=domain.label,
                subject=domain.subject,
                measures=domain.measures,
                next_steps=msgspec.to_builtins(domain.next_steps),
                max_score=domain.max_score,
                thresholds=domain.thresholds,
            )
            for domain in self.reporting.domains
        ]


class NoDomains(EncrierError):
    what = "This package does not say which items make which domain."
    next_step = "Add encrier-reporting.json to it; docs/spec/bundle.md shows one."


class MetTwice(EncrierError):
    what = "This package may show one item several times to a pupil, and a domain counts it once."
    next_step = "Write its selections without replacement."


class DomainOfTwo(EncrierError):
    what = "Two packages give the same name to domains that are not the same."
    next_step = "Rename one of them in its encrier-reporting.json; booklets may share a domain."


class BookletMissing(EncrierError):
    what = "The manifest names a booklet that is not among the packages of the results zone."
    next_step = "Put the very package that the manifest was made from into the packages folder."


def open_booklet(package_path: Path) -> Booklet:
    """Open a QTI package with its keys; raises what encrier_qti raises, NoDomains, MetTwice."""
    contents = archive.read(package_path)
    package = package_from(contents)
    if package.reporting is None:
        raise NoDomains
    if not meets_items_once(package.assessment):
        raise MetTwice
    compiled = compile_package(package)
    plan = routes.ready(package.assessment, package.items)
    most = {name: max_score(item) for name, item in package.items.items()}
    return Booklet(
        bundle=compiled.bundle,
        title=package.reporting.title,
        program=compiled.program,
        plan=plan,
        met_by_all=routes.met_by_all(plan),
        reporting=package.reporting,
        unscored=frozenset(name for name, points in most.items() if points == 0),
        most=most,
        rules=_rules(contents),
    )


def _rules(contents: Mapping[str, bytes]) -> bytes:
    """Changes with any file of a package, and with the engine; the same wherever the package is."""
    found = hashlib.sha256(version("encrier-qti").encode())
    for name, content in sorted(contents.items()):
        found.update(hashlib.sha256(name.encode()).digest())
        found.update(hashlib.sha256(content).digest())
    return found.digest()


def refuse_mixed_domains(opened: Iterable[Booklet]) -> None:
    """Refuse booklets of one campaign that a score sheet could not tell apart: DomainOfTwo."""
    known: dict[str, Domain] = {}
    for domain in (each for booklet in opened for each in booklet.domains()):
        if known.setdefault(domain.id, domain) != domain:
            raise DomainOfTwo


def closed(booklet: Booklet, *, key: Secret) -> SealedBooklet:
    """Close a booklet under a key drawn for it."""
    return close_bundle(booklet.bundle, title=booklet.title, key=key)


def close_bundle(bundle: Bundle, *, title: str, key: Secret) -> SealedBooklet:
    """Close a bundle; sounds and films apart, for a test begins without them."""
    files = bundle.index.files.values()
    later = {file.sha256 for file in files if file.type.startswith(("audio/", "video/"))}
    return booklets.close(bundle.index_json, bundle.blobs, title=title, key=key, later=later)


def of_manifest(paths: Iterable[Path], manifest: Manifest) -> Mapping[BundleId, Booklet]:
    """The booklets that a manifest names, by bundle; raises BookletMissing."""
    opened = {booklet.sha256: booklet for booklet in map(open_booklet, paths)}
    try:
        return {BundleId(entry.id): opened[entry.sha256] for entry in manifest.bundles}
    except KeyError as error:
        raise BookletMissing from error
