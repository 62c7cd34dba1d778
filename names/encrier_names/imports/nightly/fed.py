# SPDX-License-Identifier: AGPL-3.0-or-later
"""What one file of the nightly feed brought, in counts and in numbers of schools; never a name."""

from dataclasses import dataclass, field

from encrier_names.imports.take_in import TakenIn


@dataclass
class Fed:
    """`unknown`: school numbers that the directory does not have; `failed`: those not taken."""

    file: str
    schools: int = 0
    pupils: int = 0
    added: int = 0
    removed: int = 0
    remarks: int = 0
    unknown: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)  # a school's number: why
    refused: str = ""

    def add(self, taken: TakenIn, *, n_remarks: int) -> None:
        """Count one school that was taken in."""
        self.schools += 1
        self.pupils += taken.added + taken.kept + taken.elsewhere
        self.added += taken.added
        self.removed += taken.removed
        self.remarks += n_remarks

    def join(self, other: "Fed") -> None:
        """Count what another process took in of the same file."""
        for name in ("schools", "pupils", "added", "removed", "remarks"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.unknown += other.unknown
        self.failed |= other.failed
