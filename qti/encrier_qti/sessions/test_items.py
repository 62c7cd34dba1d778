# SPDX-License-Identifier: AGPL-3.0-or-later
"""The item sessions of a test session, and what the expressions of a test see of them.

QTI 3.0 ASI information model, "ItemSubset", "VariableMapping" and "Weight":
what processing.programs calls TestItem and TestItems. In a test that adapts,
an item is selected when it is sure to be offered, not before.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from msgspec.structs import replace

from encrier_qti.errors import SessionRefused
from encrier_qti.model import Declaration, ItemRef
from encrier_qti.reading.branches import target_item
from encrier_qti.sessions.item_session import ItemSession, ItemSnapshot, State, Terms
from encrier_qti.sessions.plan import Plan, Settings, with_extra_time
from encrier_qti.sessions.route import Route, Stop
from encrier_qti.values import Value

_PLAIN: Final = Settings()


class Seen:
    """One item session, under the names that the test gives its variables."""

    __slots__ = ("_ref", "_session", "section_identifiers")

    def __init__(self, ref: ItemRef, stop: Stop, session: ItemSession) -> None:
        self._ref = ref
        self._session = session
        self.section_identifiers = frozenset(identifier for identifier, _ in stop.sections)

    @property
    def categories(self) -> Sequence[str]:
        """The categories of the reference."""
        return self._ref.categories

    @property
    def weights(self) -> Mapping[str, float]:
        """The weights of the reference."""
        return self._ref.weights

    @property
    def declarations(self) -> Mapping[str, Declaration]:
        """The declarations; a mapped variable is there under both names."""
        declared = self._session.playable.declarations
        renamed = {
            each.target: replace(declared[each.source], identifier=each.target)
            for each in self._ref.mappings
            if each.source in declared
        }
        return {**declared, **renamed} if renamed else declared

    @property
    def variables(self) -> Mapping[str, Value | None]:
        """The values; a mapped variable is there under both names."""
        frame = self._session.frame
        renamed = {
            each.target: frame[each.source] for each in self._ref.mappings if each.source in frame
        }
        return {**frame, **renamed} if renamed else frame


class TestItems:
    """The item sessions selected so far, by their stops."""

    __slots__ = ("_plan", "_route", "_sessions", "_settings")

    def __init__(self, plan: Plan, route: Route, settings: Settings) -> None:
        self._plan = plan
        self._route = route
        self._settings = settings
        self._sessions: dict[str, ItemSession] = {}

    def __getitem__(self, stop: Stop) -> ItemSession:
        return self._sessions[stop.name]

    def __iter__(self) -> Iterator[tuple[Stop, ItemSession]]:
        """Give stops and sessions in the order of the route."""
        for stop in self._route.stops:
            session = self._sessions.get(stop.name)
            if session is not None:
                yield stop, session

    def selected(self) -> Sequence[Seen]:
        """Give what expressions see of them."""
        return [Seen(self._plan.refs[stop.ref], stop, session) for stop, session in self]

    def named(self, identifier: str) -> Seen | None:
        """Give one by "Q01", or "Q01.2" for its second occurrence; None if it is not selected.

        "Q01", where there are several, is the last one submitted if submission
        is simultaneous, otherwise undefined, as the specification has it.
        """
        if identifier in self._plan.refs:
            ref = identifier
            found = [each for each in self if each[0].ref == ref]
            if len(found) > 1:
                found = [each for each in found if _submitted(each[1])][-1:]
        else:
            ref, occurrence = target_item(identifier)
            found = [
                each for each in self if (each[0].ref, each[0].occurrence) == (ref, occurrence)
            ]
        return Seen(self._plan.refs[ref], *found[0]) if found else None

    def select(self, position: int) -> None:
        """Begin the sessions that are sure to be offered from here: all, a part, or one."""
        part = self._route.stops[position].part
        adaptive = () if self._settings.all_items else self._plan.adaptive_parts
        for number, stop in enumerate(self._route.stops):
            sure = not adaptive or (stop.part == part and part not in adaptive)
            if (sure or number == position) and stop.name not in self._sessions:
                session = ItemSession(self._plan.playables[stop.ref], self._terms(stop))
                session.begin()
                self._sessions[stop.name] = session

    def refuse_review(self, stop: Stop) -> None:
        """Refuse to go back to an item that may not be seen again after its last attempt."""
        session = self._sessions.get(stop.name)
        if session and session.state is State.CLOSED and not session.terms.allow_review:
            raise SessionRefused("ce test ne permet pas de revoir cet item.", why="not-allowed")

    def snapshots(self) -> tuple[tuple[str, ItemSnapshot], ...]:
        """Give what each session is, by the name of its stop."""
        return tuple((stop.name, session.snapshot()) for stop, session in self)

    def restore(self, snapshots: Mapping[str, ItemSnapshot]) -> None:
        """Take back what `snapshots` gave."""
        for stop in self._route.stops:
            if stop.name in snapshots:
                self._sessions[stop.name] = ItemSession.restored(
                    self._plan.playables[stop.ref], self._terms(stop), snapshots[stop.name]
                )

    def _terms(self, stop: Stop) -> Terms:
        terms, settings = self._plan.terms[stop.ref], self._settings
        if (settings.time_factor, settings.extra_s) == (_PLAIN.time_factor, _PLAIN.extra_s):
            return terms
        return replace(terms, limits=with_extra_time(terms.limits, settings))


def _submitted(session: ItemSession) -> bool:
    return session.terms.simultaneous and session.attempts > 0 and not session.attempting
