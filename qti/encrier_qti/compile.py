# SPDX-License-Identifier: AGPL-3.0-or-later
"""Compile a package: the bundle that answers serves, the program that scores, their digests.

The package holds the keys; the bundle holds none, and the same package gives
the same bytes each time. Described in docs/spec/bundle.md.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from itertools import groupby
from pathlib import Path
from typing import Final

import msgspec

from encrier.ids import BundleId, bundle_id
from encrier_qti.clones import SEED, clones_of
from encrier_qti.delivery.files import BundleFiles
from encrier_qti.delivery.index import (
    NAME,
    TAKEN,
    BundleIndex,
    BundleItem,
    BundleSection,
    BundleShuffle,
    ResponseType,
    RoutingTable,
)
from encrier_qti.delivery.outline import Outliner
from encrier_qti.delivery.routes.conditions import Router
from encrier_qti.delivery.routes.points import routing_table
from encrier_qti.delivery.shown import Shown, at_start
from encrier_qti.delivery.strip import strip_item, strip_stimulus, strip_text
from encrier_qti.errors import ContentRefused, PackageRefused
from encrier_qti.model import Assessment, Item, ItemRef, Record, Section
from encrier_qti.package import Package
from encrier_qti.processing.programs import Operator
from encrier_qti.scoring import ScoringProgram, compile_clones
from encrier_qti.variables import first_value

INDEX: Final = "bundle.json"
FILES: Final = "files"
_NAME: Final = re.compile(NAME)
_SALT_SIZE: Final = 32  # hex digits
_MOST_RESPONSES: Final = 40  # to one item, in an answer sheet


class Bundle(Record, frozen=True):
    """A compiled bundle in memory; `blobs` by SHA-256 in hex."""

    index: BundleIndex
    index_json: bytes  # canonical: its digest is the identity of the bundle
    blobs: Mapping[str, bytes]

    @property
    def id(self) -> BundleId:
        """First 8 bytes of the SHA-256 of bundle.json."""
        return bundle_id(self.index_json)


class Compiled(Record, frozen=True):
    """What an item or a test becomes, all from the same clones.

    `manifest`: canonical JSON, the digests of what went in and of what came
    out. It goes with the program: whoever has the digest of a file can try keys.
    """

    bundle: Bundle
    program: ScoringProgram
    manifest: bytes

    def __repr__(self) -> str:
        return f"Compiled({self.bundle.id.hex()}, ‹hidden›)"  # it holds the keys


def compile_package(
    package: Package,
    *,
    seed: str = SEED,
    allowed_pci: frozenset[str] = frozenset(),
    operators: Mapping[str, Operator] | None = None,
) -> Compiled:
    """Strip, check and index what travels, and compile what scores it.

    `seed`: of the clones of items with template variables; `allowed_pci`: types
    of portable custom interactions whose programs may run in a pupil's browser;
    `operators`: registered custom operators by their `class`.
    Raises ContentRefused or NotSupported at the first thing that cannot be done.
    """
    clones = clones_of(package.assessment, package.items, seed=seed, operators=operators)
    program = compile_clones(clones, operators=operators)
    job = _Job(
        package=package,
        clones=clones,
        program=program,
        seed=seed,
        allowed_pci=allowed_pci,
        files=BundleFiles(package.contents, package.manifest),
    )
    bundle = _bundle(job)
    manifest = {
        "v": 1,
        "bundle": _sha256(bundle.index_json),
        "seed": seed,
        "sources": {path: _sha256(content) for path, content in package.contents.items()},
    }
    return Compiled(
        bundle=bundle,
        program=program,
        manifest=msgspec.json.encode(manifest, order="sorted"),
    )


def compile_bundle(package: Package) -> Bundle:
    """Give the bundle alone, of the clones of seed "0" and without portable interactions."""
    return compile_package(package).bundle


def write_bundle(bundle: Bundle, folder: Path) -> None:
    """Write bundle.json and files/<sha256> in a folder that is new, empty or already this bundle's.

    bundle.json is written last: a folder that has it is whole.
    """
    if folder.exists() and not _is_ours(folder):
        raise PackageRefused(
            "le dossier de sortie contient déjà autre chose.", "Donnez un dossier vide ou nouveau."
        )
    files = folder / FILES
    files.mkdir(parents=True, exist_ok=True)
    for digest, content in sorted(bundle.blobs.items()):
        (files / digest).write_bytes(content)
    for stale in files.iterdir():
        if stale.name not in bundle.blobs:
            stale.unlink()
    (folder / INDEX).write_bytes(bundle.index_json)


def _is_ours(folder: Path) -> bool:
    if not folder.is_dir() or not {path.name for path in folder.iterdir()} <= {INDEX, FILES}:
        return False
    held = [path.name for path in (folder / FILES).glob("*")]
    return all(re.fullmatch(r"[0-9a-f]{64}", name) for name in held)


class _Job(Record, frozen=True):
    """One compilation: what it starts from, and the files made so far."""

    package: Package
    clones: Mapping[str, Item]
    program: ScoringProgram
    seed: str
    allowed_pci: frozenset[str]
    files: BundleFiles


def _bundle(job: _Job) -> Bundle:
    assessment, files = job.package.assessment, job.files
    items = {name: _item(job, name, item) for name, item in job.clones.items()}
    outcomes = {name: first_value(each) for name, each in assessment.outcomes.items()}
    shown = Shown(values=outcomes)

    def put(name: str, xml: bytes, file: str) -> str:
        href = f"{assessment.file}#{name}"
        files.add(href, strip_text(xml, file=file, shown=shown))
        return href

    router = Router(assessment)
    test = Outliner(put, router.condition, shown).test(assessment)
    index = BundleIndex(
        v=1,
        title=assessment.title,
        lang=assessment.lang,
        sections=list(_sections(assessment)),
        items=items,
        files=files.index(),
        test=test,
        catalogs=files.catalogs,
        routing=_routing(job, router),
    )
    encoded = msgspec.json.encode(index, order="sorted")
    return Bundle(index=index, index_json=encoded, blobs=files.blobs())


def _item(job: _Job, name: str, item: Item) -> BundleItem:
    _check(name, item)
    contents = job.package.contents
    href = f"{item.file}#{name}" if item.templates else item.file
    stripped = strip_item(
        contents[item.file],
        file=item.file,
        files=contents,
        shown=at_start(item),
        allowed_pci=job.allowed_pci,
    )
    job.files.add(href, stripped)
    for reference in item.stimuli:
        if reference.path in job.files:
            continue
        stimulus = strip_stimulus(job.files.read(reference), file=reference.path, files=contents)
        job.files.add(reference.path, stimulus)
    return BundleItem(
        title=item.title,
        href=href,
        stimuli=[reference.path for reference in item.stimuli],
        responses={
            response: ResponseType(str(each.cardinality), str(each.base or ""))
            for response, each in item.responses.items()
        },
        interactions=list(dict.fromkeys(each.name for each in item.interactions)),
        seed=job.seed if item.templates else "",
        shuffles=[
            BundleShuffle(each.response, list(each.choices), list(each.fixed), each.part)
            for each in stripped.shuffled
        ],
        modules=job.files.add_modules(stripped.modules, item=item.file),
        calculator=item.calculator,
    )


def _check(name: str, item: Item) -> None:
    """Refuse what an answer sheet or a page could not carry."""
    for each in (name, *item.responses):
        if not _NAME.fullmatch(each) or each in TAKEN:
            raise ContentRefused(
                "un identifiant n’est pas fait de lettres, de chiffres, et de _ . -, 128 signes au"
                " plus.",
                "Renommez l’item dans le test, ou la réponse dans l’item.",
                file=item.file,
            )
    if len(item.responses) > _MOST_RESPONSES:
        what = "cet item a plus de {most} réponses."
        raise ContentRefused(what, "Coupez-le en plusieurs.", file=item.file, most=_MOST_RESPONSES)


def _routing(job: _Job, router: Router) -> RoutingTable | None:
    """The table of routes; its salt is of what travels, so that it tells nothing of the rest."""
    travels = sorted(job.files.blobs())
    salt = _sha256(" ".join(["encrier routes", *travels]).encode())[:_SALT_SIZE]
    return routing_table(router.terms, job.clones, job.program.programs, salt)


def _sections(assessment: Assessment) -> Iterable[BundleSection]:
    """The sections that hold items, nested ones after what precedes them."""
    for part in assessment.parts:
        for section in part.sections:
            yield from _runs(section)


def _runs(section: Section) -> Iterable[BundleSection]:
    for is_ref, children in groupby(section.children, lambda child: isinstance(child, ItemRef)):
        if is_ref:
            items = [child.identifier for child in children]
            yield BundleSection(id=section.identifier, title=section.title, items=items)
        else:
            for child in children:
                if isinstance(child, Section):
                    yield from _runs(child)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
