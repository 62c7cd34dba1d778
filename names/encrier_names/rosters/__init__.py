# SPDX-License-Identifier: AGPL-3.0-or-later
"""Class lists as schools have them: read, checked, explained in French.

Pure functions from the bytes of a file to the pupils it lists and a sentence for each
defect. Knows names; must never know an order number, a code or a sitting.
"""

from encrier_names.rosters.identifiers import Level, parse_ine, parse_uai
from encrier_names.rosters.reader import read
from encrier_names.rosters.reading import (
    Correction,
    Defect,
    Pupil,
    Reading,
    Summary,
    summarise,
)
from encrier_names.rosters.refusals import RosterRefused
from encrier_names.rosters.understanding import understand

__all__ = [
    "Correction",
    "Defect",
    "Level",
    "Pupil",
    "Reading",
    "RosterRefused",
    "Summary",
    "parse_ine",
    "parse_uai",
    "read",
    "summarise",
    "understand",
]
