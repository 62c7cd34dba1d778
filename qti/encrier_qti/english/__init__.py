# SPDX-License-Identifier: AGPL-3.0-or-later
"""The English of every sentence told to authors, by its French template.

A test finds each template in the code and wants it here once, with the same
blanks. One module for each area of the engine.
"""

from collections.abc import Mapping
from typing import Final

from encrier_qti.english import (
    checks,
    commands,
    delivery,
    errors,
    keying,
    paper,
    processing,
    reading,
    sessions,
)

AREAS: Final = tuple(
    area.SENTENCES
    for area in (errors, processing, reading, checks, delivery, paper, sessions, keying, commands)
)
ENGLISH: Final[Mapping[str, str]] = {
    french: english for area in AREAS for french, english in area.items()
}
