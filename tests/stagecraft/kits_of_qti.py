# SPDX-License-Identifier: AGPL-3.0-or-later
"""What papers need of a kit, read from the items by hand, for tests of papers alone."""

from collections.abc import Mapping
from typing import cast

from lxml import etree

from encrier_qti.keying.kit import Exercise, Kit, Sequence
from encrier_qti.keying.mask import Choice, Field, Mask
from encrier_qti.model import ItemRef, Section
from encrier_qti.package import Package
from encrier_qti.reading.safe_xml import parse

Q = "{http://www.imsglobal.org/xsd/imsqtiasi_v3p0}"


def kit_of(package: Package, marking: Mapping[str, Mapping[str, float]] | None = None) -> Kit:
    """The kit of a package whose first level is sequences and whose second is exercises."""
    sections = (section for part in package.assessment.parts for section in part.sections)
    title = package.reporting.title if package.reporting else package.assessment.title
    sequences = tuple(_sequence(package, each) for each in sections)
    return Kit(
        v=1,
        bundle="0" * 16,
        title=title,
        lang="fr",
        sequences=sequences,
        domains=(),
        marking={item: dict(table) for item, table in (marking or {}).items()},
        unscored=(),
        files={},
        papers=(),
    )


def _sequence(package: Package, section: Section) -> Sequence:
    inner = (child for child in section.children if isinstance(child, Section))
    limit = section.limits.maximum if section.limits else None
    exercises = tuple(_exercise(package, each) for each in inner)
    minutes = int((limit or 0) // 60)
    return Sequence(
        id=section.identifier, title=section.title, minutes=minutes, exercises=exercises
    )


def _exercise(package: Package, section: Section) -> Exercise:
    refs = [child for child in section.children if isinstance(child, ItemRef)]
    title, _dash, what = section.title.partition(" — ")
    told = [parse(each.content, file="") for each in section.rubrics if "candidate" in each.views]
    limit = section.limits.maximum if section.limits else None
    return Exercise(
        id=section.identifier,
        title=title,
        what=what,
        instruction=" ".join(" ".join(_words(each).split(" ")).strip() for each in told).strip(),
        oral=all("oral" in ref.categories for ref in refs),
        timed_s=int(limit) if limit else None,
        pages=(),
        items=tuple(_field(package, ref, rank) for rank, ref in enumerate(refs, start=1)),
    )


def _field(package: Package, ref: ItemRef, rank: int) -> Field:
    item = package.items[ref.identifier]
    root = parse(package.contents[item.file], file=item.file)
    choices = tuple(
        Choice(str(each.get("identifier")), _label(each))
        for each in root.iter(f"{Q}qti-simple-choice")
    )
    return Field(
        id=ref.identifier,
        label=root.get("label") or str(rank),
        response="RESPONSE",
        mask=mask_of(root),
        choices=choices,
    )


def mask_of(root: etree._Element) -> Mask:
    """The mask of an item by docs/spec/keying.md, « Masks »."""
    named = [str(each.get("data-keying")) for each in root.iter() if each.get("data-keying")]
    if named:
        return cast("Mask", named[0])
    if next(root.iter(f"{Q}qti-hottext-interaction"), None) is not None:
        return "words"
    written = next(root.iter(f"{Q}qti-text-entry-interaction"), None)
    return "circle" if written is None else "number"


def _label(choice: etree._Element) -> str:
    return _words(choice).strip() or " ".join(str(e.get("alt")) for e in choice.iter(f"{Q}img"))


def _words(element: etree._Element) -> str:
    return " ".join("".join(str(part) for part in element.itertext()).split("\n"))
