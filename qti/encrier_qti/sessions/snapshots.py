# SPDX-License-Identifier: AGPL-3.0-or-later
"""A test session as a plain frozen record, to store and to give back.

Values are written in their lexical forms, so that the record goes through
JSON and back unchanged. It holds what a pupil answered: it is theirs to
protect like answers. Plan, route and settings are kept elsewhere and must be
the same when it is given back.
"""

from collections.abc import Mapping

from encrier_qti.model import Record
from encrier_qti.sessions.item_session import ItemSnapshot, State
from encrier_qti.sessions.plan import Plan, Settings
from encrier_qti.sessions.route import Route
from encrier_qti.sessions.test_session import TestSession, TestState
from encrier_qti.values import BaseType, Cardinality, Scalar, Value, parse


class Kept(Record, frozen=True):
    """A value in lexical forms; a record has fields, not members."""

    cardinality: Cardinality
    base: BaseType
    members: tuple[str, ...] = ()
    fields: tuple[tuple[str, "Kept | None"], ...] = ()


class KeptItem(Record, frozen=True):
    """An item session; `name` is that of its stop."""

    name: str
    state: State
    attempting: bool
    late: bool
    duration: float
    variables: tuple[tuple[str, Kept | None], ...]


class TestSnapshot(Record, frozen=True):
    """A test session. `spent`: identifier, occurrence and seconds."""

    state: TestState
    position: int
    items: tuple[KeptItem, ...]
    pending: tuple[tuple[str, tuple[tuple[str, tuple[str, ...]], ...]], ...]
    path: tuple[int, ...]
    spent: tuple[tuple[str, int, float], ...]
    outcomes: tuple[tuple[str, Kept | None], ...]

    def __repr__(self) -> str:
        return "TestSnapshot(‹hidden›)"  # it holds what a pupil answered


def snapshot(session: TestSession) -> TestSnapshot:
    """Give all that a test session is."""
    return TestSnapshot(
        state=session.state,
        position=session.position,
        items=tuple(_kept_item(name, each) for name, each in session.items.snapshots()),
        pending=tuple(
            (name, tuple((response, tuple(texts)) for response, texts in answers.items()))
            for name, answers in session.pending.items()
        ),
        path=tuple(session.path),
        spent=tuple((*key, seconds) for key, seconds in session.clock.spent.items()),
        outcomes=_kept_all(session.outcomes.values()),
    )


def restored(
    plan: Plan, route: Route, snapshot: TestSnapshot, settings: Settings | None = None
) -> TestSession:
    """Give the session that a snapshot was taken of, with the same plan, route and settings."""
    session = TestSession(plan, route, settings)
    session.state = snapshot.state
    session.position = snapshot.position
    session.items.restore({each.name: _item(each) for each in snapshot.items})
    session.pending = {
        name: {response: list(texts) for response, texts in answers}
        for name, answers in snapshot.pending
    }
    session.path = list(snapshot.path)
    session.clock.spent = {(name, number): seconds for name, number, seconds in snapshot.spent}
    session.outcomes.set({name: _value(kept) for name, kept in snapshot.outcomes})
    return session


def _kept_item(name: str, item: ItemSnapshot) -> KeptItem:
    return KeptItem(
        name=name,
        state=item.state,
        attempting=item.attempting,
        late=item.late,
        duration=item.duration,
        variables=_kept_all(dict(item.variables)),
    )


def _item(kept: KeptItem) -> ItemSnapshot:
    return ItemSnapshot(
        state=kept.state,
        attempting=kept.attempting,
        late=kept.late,
        duration=kept.duration,
        variables=tuple((name, _value(each)) for name, each in kept.variables),
    )


def _kept_all(values: Mapping[str, Value | None]) -> tuple[tuple[str, Kept | None], ...]:
    return tuple((name, _kept(value)) for name, value in values.items())


def _kept(value: Value | None) -> Kept | None:
    if value is None:
        return None
    return Kept(
        cardinality=value.cardinality,
        base=value.base,
        members=tuple(value.texts()),
        fields=tuple((name, _kept(field)) for name, field in value.fields),
    )


def _value(kept: Kept | None) -> Value | None:
    if kept is None:
        return None
    members = (_member(kept.base, text) for text in kept.members)
    fields = tuple((name, _value(field)) for name, field in kept.fields)
    return Value(kept.cardinality, kept.base, tuple(members), fields)


def _member(base: BaseType, text: str) -> Scalar:
    """A member as it was: `parse` would take an empty text for NULL."""
    found = parse(base, text)
    return text if found is None else found
