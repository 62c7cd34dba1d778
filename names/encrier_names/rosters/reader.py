# SPDX-License-Identifier: AGPL-3.0-or-later
"""The one door to the readers: any bytes in, a reading or a refusal out.

Pure: no clock, store or network, and nothing is kept between two files.
"""

from typing import Final

from encrier_names.rosters.archive import MAX_UNPACKED, unpack
from encrier_names.rosters.identifiers import Level, parse_uai
from encrier_names.rosters.onde.reader import read_onde
from encrier_names.rosters.reading import Reading
from encrier_names.rosters.recognition import recognise
from encrier_names.rosters.refusals import TooLarge, UnsafeFile
from encrier_names.rosters.siecle.document import parse_document
from encrier_names.rosters.siecle.reader import read_siecle

MAX_BYTES: Final = MAX_UNPACKED


def read(
    content: bytes, *, file_name: str, expected_uai: str | None, levels: frozenset[Level]
) -> Reading:
    """Read a roster of any known format, told by its content.

    `levels` are those that the campaign assesses; pupils of others are counted, not kept.
    `expected_uai` is the school the reader acts for; a file of another one is refused
    (ONDE's file does not say whose it is). Raises `RosterRefused` or `BadUai`.
    """
    school = parse_uai(expected_uai) if expected_uai else None
    if len(content) > MAX_BYTES:
        raise TooLarge
    kind = recognise(content, file_name)
    if kind == "zip":
        content = unpack(content)
        kind = recognise(content, file_name)
        if kind == "zip":
            raise UnsafeFile("Cette archive en contient une autre.")
    if kind == "text":
        return read_onde(content, levels)
    return read_siecle(parse_document(content), levels, expected_uai=school)
