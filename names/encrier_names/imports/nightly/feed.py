# SPDX-License-Identifier: AGPL-3.0-or-later
"""The nightly feed: a folder where registers leave lists, of one school or of a whole country.

Each file is taken in, then moved to `done/`; one that is refused goes to `refused/` with the reason
beside it. A school whose list cannot be taken is said, and the others go on. A file that is still
being written has a name that begins with a dot. Never prints a name.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec

from encrier.errors import EncrierError
from encrier_names.followup import tallies
from encrier_names.imports.nightly import country
from encrier_names.imports.nightly.fed import Fed
from encrier_names.imports.reading import read_list, school_named
from encrier_names.imports.take_in import take_in
from encrier_names.rosters.tables.text import Table, open_table
from encrier_names.schools.models import School

DONE: Final = "done"
REFUSED: Final = "refused"


def feed(folder: Path) -> Iterator[Fed]:
    """Take in each file of a folder, in the order of their names."""
    for file in sorted(folder.iterdir()):
        if not file.is_file() or file.name.startswith("."):
            continue
        fed = Fed(file=file.name)
        try:
            _take(file, fed)
        except EncrierError as error:
            fed.refused = f"{error.what_happened} {error.what_next}"
        _put_away(file, fed)
        yield fed


def _take(file: Path, fed: Fed) -> None:
    content = file.read_bytes()
    uai = school_named(file.name)
    table = None if uai else _national(content)
    if table:
        del content  # a country is large: once it is in lines, its bytes are not needed
        country.take_in(table, fed)
        return
    reading = read_list(content, file_name=file.name, uai=uai)
    uai = uai or reading.source.uai
    school = School.objects.filter(uai=uai).first() if uai else None
    if school is None:
        fed.unknown.append(uai or "?")
        return
    fed.add(take_in(reading, school), n_remarks=len(reading.defects))
    tallies.recount(school.id)


def _national(content: bytes) -> Table | None:
    """The table of a file that says the school of each pupil; None for any other file."""
    if content[:64].lstrip(b"\xef\xbb\xbf \r\n").startswith((b"<", b"PK")):
        return None
    table = open_table(content)
    return table if table.columns.complete and "uai" in table.columns.places else None


def _put_away(file: Path, fed: Fed) -> None:
    """Move a file out of the way, with what was said of it beside it."""
    target = file.parent / (REFUSED if fed.refused else DONE)
    target.mkdir(exist_ok=True)
    file.replace(target / file.name)
    (target / f"{file.name}.json").write_bytes(msgspec.json.encode(fed))
