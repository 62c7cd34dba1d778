# SPDX-License-Identifier: AGPL-3.0-or-later
"""keying.json: what a teacher's page and a printer need of a booklet, made from its package.

docs/spec/keying.md, "Kit". Holds the key to the closed items, so names serves
it to staff only, and answers never has it. Never knows a pupil.
"""

from typing import Annotated, Final, Literal

from msgspec import Meta

from encrier import records
from encrier_qti.checks.items import max_score
from encrier_qti.clones import clones_of
from encrier_qti.compile import Compiled, compile_package
from encrier_qti.errors import ContentRefused
from encrier_qti.keying.asked import asked_of
from encrier_qti.keying.marking import Table, table_of
from encrier_qti.keying.mask import Called, Field, field_of
from encrier_qti.keying.plan import Planned, PlannedExercise, plan_of
from encrier_qti.package import Package
from encrier_qti.reporting import NAME, Domain

KEYING: Final = "keying.json"
Identifier = Annotated[str, Meta(min_length=1, max_length=128)]
Kind = Literal["pupil", "pupil-large", "teacher"]


class _Part(records.Record, frozen=True, kw_only=True):
    """Base of what keying.json holds."""


class Exercise(_Part, frozen=True):
    """`what` it measures, in a word; `oral`: one pupil at a time; `pages` it stands on."""

    id: Identifier
    title: str
    what: str
    instruction: str
    oral: bool
    timed_s: int | None
    pages: tuple[str, ...]
    items: tuple[Field, ...]


class Sequence(_Part, frozen=True):
    """`minutes`: how long it lasts at most; 0: no limit."""

    id: Identifier
    title: str
    minutes: int
    exercises: tuple[Exercise, ...]


class File(_Part, frozen=True):
    """A file beside keying.json: SHA-256 in hex, bytes, MIME type."""

    sha256: str
    size: int
    type: str


class Paper(_Part, frozen=True):
    """What is printed."""

    file: str
    title: str
    kind: Kind


class Kit(_Part, frozen=True):
    """All of keying.json; `bundle`: 16 hex digits, that of what answers serves."""

    v: Literal[1]
    bundle: str
    title: str
    lang: str
    sequences: tuple[Sequence, ...]
    domains: tuple[Domain, ...]
    marking: dict[Identifier, dict[str, float]]
    unscored: tuple[Identifier, ...]
    files: dict[str, File]
    papers: tuple[Paper, ...]

    def exercises(self) -> tuple[Exercise, ...]:
        """Give the exercises of all sequences, in order."""
        return tuple(each for sequence in self.sequences for each in sequence.exercises)

    def __repr__(self) -> str:
        return f"Kit({self.bundle}, ‹hidden›)"  # it holds the key


def make(package: Package) -> Kit:
    """Make the kit of a package, without papers yet.

    Raises ContentRefused where an item cannot be keyed, or paper could not be
    the same for everyone; else as `compile_package`.
    """
    reporting = package.reporting
    if reporting is None:
        what = "ce fichier manque\u00a0: aucun domaine ne peut être restitué."
        next_step = "Une campagne le demande\u00a0: écrivez-le d’après docs/spec/bundle.md."
        raise ContentRefused(what, next_step, file=NAME)
    plan = plan_of(package.assessment)
    maker = _Maker(package, compile_package(package), reporting.domains)
    sequences = tuple(maker.sequence(each) for each in plan)
    return Kit(
        v=1,
        bundle=maker.compiled.bundle.id.hex(),
        title=reporting.title,
        lang=package.assessment.lang,
        sequences=sequences,
        domains=reporting.domains,
        marking={name: dict(table) for name, table in maker.tables.items()},
        unscored=tuple(name for name, item in package.items.items() if max_score(item) == 0),
        files={},
        papers=(),
    )


class _Maker:
    """Makes the exercises of one package; fills `tables` as it meets items."""

    def __init__(self, package: Package, compiled: Compiled, domains: tuple[Domain, ...]) -> None:
        self.compiled = compiled
        self.tables: dict[str, Table] = {}
        self._file = package.assessment.file
        self._clones = clones_of(package.assessment, package.items)
        self._domains = {item: domain.label for domain in domains for item in domain.items}

    def sequence(self, planned: Planned) -> Sequence:
        return Sequence(
            id=planned.id,
            title=planned.title,
            minutes=planned.minutes,
            exercises=tuple(self._exercise(each) for each in planned.exercises),
        )

    def _exercise(self, planned: PlannedExercise) -> Exercise:
        measured = dict.fromkeys(self._domains.get(name, "") for name in planned.items)
        fields = tuple(
            self._field(name, planned, rank) for rank, name in enumerate(planned.items, start=1)
        )
        labels = [field.label for field in fields]
        if len(set(labels)) < len(labels):
            raise ContentRefused(
                "deux items d’un exercice porteraient le même numéro.",
                "Donnez à chacun un attribut label, ou à aucun.",
                file=self._file,
                line=planned.line,
            )
        return Exercise(
            id=planned.id,
            title=planned.title,
            what=planned.what or ", ".join(filter(None, measured)),
            instruction=planned.instruction,
            oral=planned.oral or {field.mask for field in fields} == {"fluency"},
            timed_s=planned.timed_s,
            pages=(),
            items=fields,
        )

    def _field(self, name: str, planned: PlannedExercise, rank: int) -> Field:
        item = self._clones[name]
        index = self.compiled.bundle.index
        href = index.items[name].href
        travels = self.compiled.bundle.blobs[index.files[href].sha256]
        called = Called(name, item.label or str(rank), planned.timed_s)
        field = field_of(item, asked_of(travels, file=item.file), called=called)
        table = table_of(item, self.compiled.program.programs[name], field)
        if table is not None:
            self.tables[name] = table
        return field
