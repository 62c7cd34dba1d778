# SPDX-License-Identifier: AGPL-3.0-or-later
"""All that the preview serves, made once: the page, each item as pupils get it, what to say of it.

Each item is compiled by itself, so that one that cannot be shown says why and
the others are still there. What the page gets holds no key: bundles have none,
findings tell none, and scoring gives outcomes only.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

import msgspec
from msgspec.structs import replace

from encrier_qti.answers import Answers
from encrier_qti.cases import recorded
from encrier_qti.checks.finding import Finding
from encrier_qti.checks.items import max_score
from encrier_qti.compile import Bundle, Compiled, compile_package
from encrier_qti.errors import PackageRefused, QtiError
from encrier_qti.model import Assessment, ItemRef, Part, Record, Reference, Section
from encrier_qti.package import Package
from encrier_qti.scoring import SCORE, Program, score_of
from encrier_qti.words import Language, place

PAGE: Final = "preview"  # the folder of the preview in what the player's build makes
_INDEX: Final = "index.html"
_JSON: Final = "application/json"
_KINDS: Final = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".ttf": "font/ttf",
}


class Served(Record, frozen=True):
    """A file as it is sent; `kind` is its media type."""

    kind: str
    content: bytes


class Shelf(Record, frozen=True):
    """What is served by path below the preview's own, and how each item is scored."""

    files: Mapping[str, Served]
    programs: Sequence[Program | None]

    def __repr__(self) -> str:
        return "Shelf(‹hidden›)"  # its programs hold the keys


class About(Record, frozen=True):
    """What the page says of one item; `most` is the highest SCORE where it can be told."""

    id: str
    title: str
    section: str
    most: float | None
    refused: str
    findings: tuple[Mapping[str, str | int], ...]


def shelve(
    package: Package,
    findings: Iterable[Finding],
    *,
    player: Path,
    allowed_pci: frozenset[str] = frozenset(),
    language: Language = "fr",
) -> Shelf:
    """Make the preview of a package. Raises PackageRefused where the player is not built."""
    files = dict(_page(player / PAGE))
    programs: list[Program | None] = []
    items: list[About] = []
    found = tuple(findings)
    sections = _sections(package.assessment)
    for rank, (name, item) in enumerate(package.items.items()):
        refused = ""
        try:
            compiled = _compiled(package, name, allowed_pci)
        except QtiError as error:
            refused = error.told(language)
            programs.append(None)
        else:
            files[f"items/{rank}.json"] = Served(kind=_JSON, content=compiled.bundle.index_json)
            files |= _contents(compiled.bundle)
            programs.append(compiled.program.programs[name])
        about = About(
            id=name,  # as results will call it
            title=item.title,
            section=sections.get(name, ""),
            most=max_score(item),
            refused=refused,
            findings=tuple(_told(each, language) for each in found if each.file == item.file),
        )
        items.append(about)
    listing = {
        "title": package.assessment.title,
        "items": items,
        "findings": [_told(each, language) for each in found if not _of_an_item(each, package)],
    }
    files["about.json"] = Served(kind=_JSON, content=msgspec.json.encode(listing))
    return Shelf(files=files, programs=tuple(programs))


def score(program: Program, answers: Answers) -> bytes:
    """Give the outcomes of one item in JSON, as the engine will compute them for a pupil."""
    scored = program.score_with_remarks(answers)
    told = scored.outcomes.get(SCORE) is not None
    return msgspec.json.encode(
        {
            "score": score_of(scored.outcomes) if told else None,
            "outcomes": {name: recorded.written(each) for name, each in scored.outcomes.items()},
            "remarks": [{"response": each.response, "why": each.why} for each in scored.remarks],
        }
    )


def _page(folder: Path) -> Iterable[tuple[str, Served]]:
    if not (folder / _INDEX).is_file():
        raise PackageRefused(
            "la page d’aperçu n’est pas construite.",
            "Lancez «\u00a0make player\u00a0» dans un clone, ou donnez --player DOSSIER.",
        )
    for file in sorted(folder.iterdir()):
        kind = _KINDS.get(file.suffix)
        if kind is not None and file.is_file():
            yield (
                ("" if file.name == _INDEX else file.name),
                Served(kind=kind, content=file.read_bytes()),
            )


def _compiled(package: Package, name: str, allowed_pci: frozenset[str]) -> Compiled:
    """Compile a test of this one item. Raises QtiError if it cannot be served or scored."""
    item = package.items[name]
    reference = Reference(path=item.file, file=item.file, line=0)
    ref = ItemRef(identifier=name, reference=reference)
    section = Section(identifier=PAGE, children=(ref,))
    part = Part(identifier=PAGE, navigation="linear", submission="individual", sections=(section,))
    test = Assessment(
        identifier=PAGE, title=item.title, lang=item.lang or "fr", file=item.file, parts=(part,)
    )
    alone = replace(package, assessment=test, items={name: item})
    return compile_package(alone, allowed_pci=allowed_pci)


def _contents(bundle: Bundle) -> Mapping[str, Served]:
    """Give the files of a bundle under their digest, with the type that its index says."""
    kinds = {file.sha256: file.type for file in bundle.index.files.values()}
    return {
        f"files/{digest}": Served(kind=kinds.get(digest, _JSON), content=content)
        for digest, content in bundle.blobs.items()
    }


def _sections(assessment: Assessment) -> Mapping[str, str]:
    """Give the title of the outermost section of each item."""
    return {
        ref.identifier: section.title
        for part in assessment.parts
        for section in part.sections
        for ref in section.refs()
    }


def _of_an_item(finding: Finding, package: Package) -> bool:
    return any(finding.file == item.file for item in package.items.values())


def _told(finding: Finding, language: Language) -> Mapping[str, str | int]:
    at = place("", 0, finding.element, language)
    text = f"{at}{finding.what.told(language)} {finding.advice.told(language)}"
    return {
        "severity": finding.severity,
        "file": finding.file,
        "line": finding.line,
        "text": text,
    }
