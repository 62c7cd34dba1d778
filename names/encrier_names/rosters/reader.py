# SPDX-License-Identifier: AGPL-3.0-or-later
"""The one door to the readers: any bytes in, a reading or a refusal out.

Pure: no clock, store or network, and nothing is kept between two files.
"""

from typing import Final

from encrier_names.rosters.files.archive import MAX_UNPACKED, unpack
from encrier_names.rosters.files.recognition import Kind, recognise
from encrier_names.rosters.identifiers import Level, Uai, parse_uai
from encrier_names.rosters.oneroster.reader import read_oneroster
from encrier_names.rosters.reading import Reading, Source, When
from encrier_names.rosters.refusals import TooLarge, UnsafeFile
from encrier_names.rosters.siecle.document import parse_document
from encrier_names.rosters.siecle.reader import read_siecle
from encrier_names.rosters.tables.reader import read_table
from encrier_names.rosters.tables.sheet import open_sheet
from encrier_names.rosters.tables.text import open_table
from encrier_names.rosters.timeliness import in_time
from encrier_names.rosters.understanding import understand

MAX_BYTES: Final = MAX_UNPACKED


def read(
    content: bytes,
    *,
    file_name: str,
    expected_uai: str | None,
    levels: frozenset[Level],
    when: When = When(),  # noqa: B008 it is frozen
) -> Reading:
    """Read a roster of any known format, told by its content.

    `levels` are those that the campaign assesses; pupils of others are counted, not kept.
    `expected_uai` is the school the reader acts for; a file of another one is refused
    (ONDE's file does not say whose it is), and so is one of another year than `when` says.
    Raises `RosterRefused` or `BadUai`.
    """
    school = parse_uai(expected_uai) if expected_uai else None
    if len(content) > MAX_BYTES:
        raise TooLarge
    kind = recognise(content, file_name)
    if kind == "zip":
        content = unpack(content)
        kind = recognise(content, file_name)
        if kind not in {"text", "xml"}:
            raise UnsafeFile("Cette archive en contient une autre.")
    return understand(in_time(_source(kind, content, levels, school), when))


def _source(kind: Kind, content: bytes, levels: frozenset[Level], school: Uai | None) -> Source:
    match kind:
        case "workbook":
            return read_table(open_sheet(content), levels, expected_uai=school)
        case "oneroster":
            return read_oneroster(content, levels, expected_uai=school)
        case "text":
            return read_table(open_table(content), levels, expected_uai=school)
        case _:
            return read_siecle(parse_document(content), levels, expected_uai=school)
