# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the papers need of a kit, whoever made it: keying.json, or part of it (docs/spec/keying.md).

Shapes only.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol


class Choice(Protocol):
    """A choice, or a word of a text."""

    @property
    def id(self) -> str: ...
    @property
    def label(self) -> str: ...


class Field(Protocol):
    """What is keyed of one item."""

    @property
    def id(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def mask(self) -> str: ...
    @property
    def choices(self) -> Sequence[Choice]: ...


class Exercise(Protocol):
    """`oral`: taken one pupil at a time."""

    @property
    def id(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def what(self) -> str: ...
    @property
    def instruction(self) -> str: ...
    @property
    def oral(self) -> bool: ...
    @property
    def timed_s(self) -> int | None: ...
    @property
    def items(self) -> Sequence[Field]: ...


class Sitting(Protocol):
    """A sequence: what is taken in one go."""

    @property
    def id(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def minutes(self) -> int: ...
    @property
    def exercises(self) -> Sequence[Exercise]: ...


class Kit(Protocol):
    """The whole kit. `marking`: of each closed item its points by what is keyed."""

    @property
    def title(self) -> str: ...
    @property
    def lang(self) -> str: ...
    @property
    def sequences(self) -> Sequence[Sitting]: ...
    @property
    def marking(self) -> Mapping[str, Mapping[str, float]]: ...
