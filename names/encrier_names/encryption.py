# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: SLF001 - `_meta` is public in Django's documentation
"""Personal columns: sealed under the zone's field key before they reach the database.

A box (encrier.boxes) bound to table, row and column, so that one moved to another row or column
does not open. Knows no name of any field.
"""

from typing import Any, Generic, TypeVar, overload

from django.db import models

from encrier import boxes
from encrier.errors import BadRecord, EncrierError
from encrier.records import from_bytes, to_bytes
from encrier.secret import Secret
from encrier_names import zone

T = TypeVar("T")


class BoxBroken(EncrierError):
    what = "A sealed column of the names zone does not open."
    next_step = "Check that the zone runs with the key this database was written with."


def seal(key: Secret, plain: bytes, *, context: bytes) -> bytes:
    """Close a box bound to its context."""
    return boxes.close(plain, key=key.reveal(), context=context)


def unseal(key: Secret, box: bytes, *, context: bytes) -> bytes:
    """Open a box closed by `seal`, or raise BoxBroken."""
    try:
        return boxes.open_(box, key=key.reveal(), context=context)
    except BadRecord as error:
        raise BoxBroken from error


class Boxed(Generic[T]):
    """A record kept sealed in a binary column of a model whose primary key is set at birth.

    `identity = Boxed(Identity, column="identity_box")` reads and writes `identity_box`.
    """

    def __init__(self, kind: type[T], *, column: str) -> None:
        self._kind = kind
        self.column = column

    @overload
    def __get__(self, row: None, owner: type[models.Model]) -> "Boxed[T]": ...
    @overload
    def __get__(self, row: models.Model, owner: type[models.Model]) -> T: ...
    def __get__(self, row: models.Model | None, owner: type[models.Model]) -> "Boxed[T] | T":
        if row is None:
            return self
        return from_bytes(self._opened(row)[0], self._kind)

    def __set__(self, row: models.Model, value: T) -> None:
        self._close(row, to_bytes(value))

    def seal_anew(self, row: models.Model) -> bool:
        """Seal what a row holds under the key that now seals; False where it is already.

        The row is to be saved. Raises BoxBroken where no key of the settings opens the box.
        """
        plain, key = self._opened(row)
        if key is zone.current().settings.field_key:
            return False
        self._close(row, plain)
        return True

    def _opened(self, row: models.Model) -> tuple[bytes, Secret]:
        """What a box holds, and the key that opened it: while keys rotate there are two."""
        box: Any = getattr(row, self.column)  # Any: Django gives bytes or memoryview
        context = self._context(row)
        current, *before = zone.current().settings.field_keys
        try:
            return unseal(current, bytes(box), context=context), current
        except BoxBroken:
            if not before:
                raise
        (old,) = before
        return unseal(old, bytes(box), context=context), old

    def _close(self, row: models.Model, plain: bytes) -> None:
        key = zone.current().settings.field_key
        setattr(row, self.column, seal(key, plain, context=self._context(row)))

    def _context(self, row: models.Model) -> bytes:
        return f"{row._meta.db_table}\0{row.pk}\0{self.column}".encode()
