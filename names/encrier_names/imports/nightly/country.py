# SPDX-License-Identifier: AGPL-3.0-or-later
"""Takes in the table of a whole country: some schools a transaction, on PostgreSQL on all cores.

Each school is taken in whole or not at all. Processes are forked once the table is read, so that
it is in memory once; each has its own connections. SQLite has one writer: there one process does.
Never prints a name.
"""

import os
from collections.abc import Iterator, Sequence
from multiprocessing import get_context
from typing import Final

from django.db import DatabaseError, connection, connections

from encrier.errors import EncrierError
from encrier_names.batches import batches
from encrier_names.followup import tallies
from encrier_names.imports.nightly.fed import Fed
from encrier_names.imports.reading import campaign_levels
from encrier_names.imports.take_in import Asked, take_in_all
from encrier_names.rosters import understand
from encrier_names.rosters.tables.country import Span, school_at, spans_of
from encrier_names.rosters.tables.text import Table
from encrier_names.schools.models import School

_SCHOOLS: Final = 32  # a transaction: some 4,000 pupils
_FAILED: Final = "La base de données a refusé cette liste."

_reading: list[Table] = []  # the table that the processes were forked with


def take_in(table: Table, fed: Fed) -> None:
    """Take every school of a table in, and count in `fed` (`DamagedFile`: nothing is taken)."""
    parts = list(batches(spans_of(table), _SCHOOLS))
    n_processes = (os.cpu_count() or 1) if connection.vendor == "postgresql" else 1
    _reading[:] = [table]
    try:
        for one in _each(parts, n_processes):
            fed.join(one)
    finally:
        _reading.clear()


def _each(parts: Sequence[Sequence[Span]], n_processes: int) -> Iterator[Fed]:
    if n_processes == 1 or len(parts) == 1:
        yield from map(_take, parts)
        return
    connections.close_all()  # a connection is not to be shared with who is forked
    with get_context("fork").Pool(n_processes) as pool:
        yield from pool.imap_unordered(_take, parts)


def _take(part: Sequence[Span]) -> Fed:
    """Take some schools in; all together, or else one by one so that each says for itself."""
    fed = Fed(file="")
    asked = _asked(part, fed)
    try:
        _take_asked(asked, fed)
    except DatabaseError:
        for one in asked:
            try:
                _take_asked([one], fed)
            except DatabaseError:
                fed.failed[one.school.uai] = _FAILED
    return fed


def _take_asked(asked: Sequence[Asked], fed: Fed) -> None:
    taken = take_in_all(asked)
    tallies.recount(*(one.school.id for one in asked))
    for one, done in zip(asked, taken, strict=True):
        fed.add(done, n_remarks=len(one.reading.defects))


def _asked(part: Sequence[Span], fed: Fed) -> list[Asked]:
    """Read the lines of these schools; those that cannot be taken are said in `fed`."""
    table, levels = _reading[0], campaign_levels()
    schools = {one.uai: one for one in School.objects.filter(uai__in=[s.written for s in part])}
    asked = []
    for span in part:
        school = schools.get(span.written)
        if school is None:
            fed.unknown.append(span.written or "?")
            continue
        try:
            source = school_at(table, span, levels).source
        except EncrierError as error:
            fed.failed[span.written] = f"{error.what_happened} {error.what_next}"
            continue
        if source is not None:
            asked.append(Asked(school, understand(source)))
    return asked
