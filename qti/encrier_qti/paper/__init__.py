# SPDX-License-Identifier: AGPL-3.0-or-later
"""Papers of a booklet: what pupils write on, in two sizes, and what the teacher reads aloud.

Set from the items themselves, as pupils would see them on a screen, and from the rubric blocks
of the test; the kit (docs/spec/keying.md) says in which order, and which mask an item has.
Equal packages give equal bytes on one machine. Knows keys, which the teacher's booklet
prints beside its script; never a pupil.
"""

from collections.abc import Iterable
from typing import Final

from encrier_qti.keying.folder import Papers
from encrier_qti.keying.kit import Kit, Paper
from encrier_qti.package import Package
from encrier_qti.paper.booklet import booklet_of
from encrier_qti.paper.marks import mark_of
from encrier_qti.paper.pictures import pictures_of
from encrier_qti.paper.png import smaller
from encrier_qti.paper.script import Place, script_of
from encrier_qti.paper.setting import Setting
from encrier_qti.words import say

__all__ = ["Papers", "typeset"]

_A3: Final = 2**0.5  # of A4: the same lines on the same pages, so that one script serves both


_PUPIL: Final = Paper(file="eleve.pdf", title=str(say("Cahier de l’élève")), kind="pupil")
_LARGE: Final = Paper(
    file="eleve-grand.pdf", title=str(say("Cahier de l’élève, en grand (A3)")), kind="pupil-large"
)
_TEACHER: Final = Paper(
    file="enseignant.pdf", title=str(say("Cahier de l’enseignant")), kind="teacher"
)


def typeset(package: Package, kit: Kit) -> Papers:
    """Set the papers of a package whose kit this is.

    Raises NotInstalled without the extra `paper`, PaperNotSet where the typesetter gives up.
    """
    booklet = booklet_of(package, kit)
    pictures = pictures_of(package.contents, booklet)
    pupil = Setting("pupil.typ", booklet, pictures=pictures)
    places = _places(pupil.noted())
    raw = pupil.pages()
    seen = {place.picture: raw[place.number - 1] for on in places.values() for place in on}
    files = {name: smaller(page) for name, page in sorted(seen.items())}
    files[_PUPIL.file] = pupil.pdf()
    files[_LARGE.file] = Setting("pupil.typ", booklet, pictures=pictures, scale=_A3).pdf()
    script = script_of(package, kit, booklet=booklet, places=places)
    of_script = pictures_of({**package.contents, **files}, script)
    files[_TEACHER.file] = Setting("teacher.typ", script, pictures=of_script).pdf()
    pages = {name: tuple(place.picture for place in on) for name, on in places.items()}
    return Papers(files=files, pages=pages, papers=(_PUPIL, _LARGE, _TEACHER))


def _places(noted: Iterable[tuple[str, int]]) -> dict[str, tuple[Place, ...]]:
    """The pages of each exercise, from the first where it was seen to the last."""
    seen: dict[str, list[int]] = {}
    for exercise, page in noted:
        seen.setdefault(exercise, []).append(page)
    every = {exercise: range(min(on), max(on) + 1) for exercise, on in seen.items()}
    return {exercise: tuple(map(_place, pages)) for exercise, pages in every.items()}


def _place(page: int) -> Place:
    return Place(number=page, mark=mark_of(page), picture=f"pages/{page:02}.png")
