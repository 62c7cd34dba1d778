# SPDX-License-Identifier: AGPL-3.0-or-later
"""All papers of a school, one after the other, and as one file that leaves as it is made.

A ZIP with a PDF per class rather than one long PDF: a class is set, sent and forgotten before
the next, so a school of any size takes the memory of one class; each class is printed and handed
out by itself; and a class that cannot be set costs no other. Knows names and codes, keeps none.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Final
from uuid import UUID
from zipfile import ZipFile, ZipInfo

from encrier import clock
from encrier.errors import EncrierError
from encrier.manifest import Manifest
from encrier.records import Record
from encrier_names.audit.models import Action
from encrier_names.codesheets.sheet import sheet_pdf
from encrier_names.documents import ends, letter
from encrier_names.documents.class_list import class_list_pdf
from encrier_names.keying import levels
from encrier_names.schools.hours import PARIS_TIME
from encrier_names.schools.models import Division, School

_NOT_IN_A_FILE_NAME: Final = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]+')
_LETTERS: Final = "Lettres aux familles"


class Paper(Record, frozen=True):
    """One document to make: where it goes, how it is made, whom its reader learns of."""

    place: str  # folder and file
    make: Callable[[], bytes]
    action: Action | None = None  # for the audit, where it names pupils
    division: Division | None = None


class Made(Record, frozen=True):
    """One document that was made, or why it was not."""

    paper: Paper
    content: bytes
    refused: str = ""

    @property
    def codes_of(self) -> list[UUID]:
        """The class whose codes are on it, if any."""
        division = self.paper.division
        if division is None or self.refused or self.paper.action != Action.CODE_SHEET:
            return []
        return [division.id]


def papers_of(school: School, manifest: Manifest, *, large: bool = False) -> list[Paper]:
    """What a school prints now: codes; the list of a class that is keyed or not validated; letters.

    large: the codes of all classes in large print. Nothing is set before `made` asks for it.
    """
    divisions = list(school.divisions.order_by("label"))
    for division in divisions:
        division.school = school  # spares a query each
    keyed = levels.whole_among(divisions)
    papers = [
        _list_of(division, manifest)
        if division.validated_at is None or division.id in keyed
        else _codes_of(division, manifest, large=large)
        for division in divisions
    ]
    papers += [
        Paper(
            f"{_LETTERS}/{letter.words(language).language}.pdf",
            partial(letter.letter_pdf, school, language, manifest),
        )
        for language in letter.LANGUAGES
    ]
    papers.append(Paper("Fiche d’incident.pdf", partial(ends.incident_pdf, school, manifest)))
    if clock.now() >= manifest.opens_at:
        declare = partial(ends.declaration_pdf, school, divisions, manifest)
        papers.append(Paper("Déclaration de fin des passations.pdf", declare))
    return _apart(papers)


def made(papers: Iterable[Paper]) -> Iterator[Made]:
    """Make each document when it is asked for; last, a text on those that could not be made."""
    refused = []
    for paper in papers:
        try:
            yield Made(paper, paper.make())
        except EncrierError as error:
            reason = f"{paper.place}\u00a0: {error.what} {error.next_step}"
            refused.append(reason)
            yield Made(paper, b"", reason)
    if refused:
        text = "Ces documents manquent.\r\n\r\n" + "\r\n".join(refused) + "\r\n"
        yield Made(Paper("À LIRE.txt", bytes), text.encode("utf-8-sig"))


def zipped(documents: Iterable[Made], at: datetime) -> Iterator[bytes]:
    """The ZIP of these documents, piece by piece; a PDF is compressed already."""
    leaving = _Leaving()
    local = at.astimezone(PARIS_TIME)
    with ZipFile(leaving, "w") as archive:  # type: ignore[call-overload]  # a stream of ours
        for document in documents:
            if not document.refused:
                entry = ZipInfo(document.paper.place, local.timetuple()[:6])
                entry.external_attr = 0o600 << 16
                archive.writestr(entry, document.content)
            yield leaving.taken()
    yield leaving.taken()


def _list_of(division: Division, manifest: Manifest) -> Paper:
    make = partial(class_list_pdf, division, manifest)
    place = f"Listes à vérifier/{_in_a_file_name(division)}.pdf"
    return Paper(place, make, Action.CLASS_LIST_PDF, division)


def _codes_of(division: Division, manifest: Manifest, *, large: bool) -> Paper:
    make = partial(sheet_pdf, division, manifest, large=large)
    return Paper(f"Codes/{_in_a_file_name(division)}.pdf", make, Action.CODE_SHEET, division)


def _in_a_file_name(division: Division) -> str:
    return _NOT_IN_A_FILE_NAME.sub("-", division.label).strip(". ") or "classe"


def _apart(papers: Sequence[Paper]) -> list[Paper]:
    """No two documents in one place: labels may differ by what no file name may hold."""
    taken: set[str] = set()
    apart = []
    for paper in papers:
        place, n = paper.place, 1
        while place.casefold() in taken:
            n += 1
            place = f"{paper.place.removesuffix('.pdf')} ({n}).pdf"
        taken.add(place.casefold())
        apart.append(Paper(place, paper.make, paper.action, paper.division))
    return apart


class _Leaving:
    """A file that cannot be sought in: what is written waits here until it is taken."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, content: bytes) -> int:
        self._parts.append(bytes(content))
        return len(content)

    def flush(self) -> None:
        """Nothing waits anywhere else."""

    def taken(self) -> bytes:
        content = b"".join(self._parts)
        self._parts.clear()
        return content
