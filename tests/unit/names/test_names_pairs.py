# SPDX-License-Identifier: AGPL-3.0-or-later
"""Several pairs of answers: whole schools to a pair, each told of its own sittings and no other."""

from collections import Counter
from typing import Any

import msgspec
import pytest

from encrier import clock, codes, manifest, places
from encrier.errors import BadRecord
from encrier.manifest import Node
from encrier.records import from_bytes
from encrier.wire import AdmissionList, SittingProgress
from encrier_names import zone
from encrier_names.codesheets.sheet import slips_of
from encrier_names.codesheets.validation import validate
from encrier_names.doors import admission, exchange
from encrier_names.doors.exchange import AnswersUnreachable
from encrier_names.pseudonyms import links
from encrier_names.rosters.identifiers import uai_letter
from encrier_names.schools.models import Division, School
from encrier_names.sittings import progress
from encrier_names.validation import pairs, reserves
from encrier_names.validation.many import validate_many

PAGE = "https://evaluations.exemple.fr"


def node(pair: int, rank: int = 1) -> Node:
    name = bytes([0, 0, pair, rank])
    return Node(name, f"https://r{pair}-{rank}.exemple.fr", bytes(32), pair)


@pytest.fixture
def two(names: Any) -> Any:
    """A campaign of two pairs, the second of two nodes, with room for two more."""
    nodes = [node(1), node(2), node(2, 2)]
    names.start(nodes=nodes, page_url=PAGE, places=places.shared((1, 2), room=4))
    return names


def add_pair(names: Any) -> None:
    """The ministry signs one pair more, and names is given that manifest."""
    after = manifest.with_pair(names.manifest, [node(3)])
    names.start(nodes=after.nodes, places=after.places)


class Nodes:
    """Stands for the nodes: who was sent what; `away` do not answer."""

    def __init__(self) -> None:
        self.heard: dict[str, list[AdmissionList]] = {}
        self.away: set[int] = set()
        self.rows: dict[int, list[SittingProgress]] = {}  # what each pair tells of its sittings

    def admit(self, to: Node, listed: bytes) -> int:
        if to.pair in self.away:
            raise AnswersUnreachable
        said = from_bytes(listed, AdmissionList)
        self.heard.setdefault(to.url, []).append(said)
        return len(said.rows)

    def progress(self, of: Node, _manifest: Any) -> list[SittingProgress]:
        if of.pair in self.away:
            raise AnswersUnreachable
        return self.rows.get(of.pair, [])

    def sids(self, to: Node) -> set[bytes]:
        return {row.sid for said in self.heard.get(to.url, []) for row in said.rows}


def two_classes(names: Any, uai: str, n_first: int, n_second: int) -> tuple[Division, Division]:
    """Two classes of a school, taken in and not validated."""
    first: Division = names.open_class(n_first + n_second, uai=uai)
    second = Division.objects.create(school=first.school, label="6C")
    moved = first.pupils.values_list("id", flat=True)[:n_second]
    first.pupils.filter(id__in=list(moved)).update(division=second)
    return first, second


def send(names: Any, to: Nodes) -> tuple[int, int]:
    caller: Any = to
    return exchange.send_waiting(names.manifest, caller)


def pairs_of_codes(names: Any, division: Division) -> set[int]:
    return {names.manifest.pair_of(slip.code) for slip in slips_of(division)}


def test_each_school_is_of_one_pair_and_the_next_goes_to_the_emptiest(two: Any) -> None:
    first, again = two_classes(two, "9990001X", 3, 2)
    validate(first)
    second = two.validated_class(1, uai="9990002Y")
    third = two.validated_class(1, uai="9990003Z")
    validate(again)  # of the first school: it stays
    assert [pairs_of_codes(two, one) for one in (first, second, third, again)] == [
        {1},
        {2},
        {2},
        {1},
    ]


def test_the_pair_with_the_fewest_pupils_for_its_size_is_taken(two: Any) -> None:
    uneven = msgspec.structs.replace(two.manifest, places="1" * 300 + "2" * 61)
    assert pairs.emptiest({}, uneven) == 1
    assert pairs.emptiest({1: 299, 2: 61}, uneven) == 1
    assert pairs.emptiest({1: 301, 2: 61}, uneven) == 2


def test_each_node_is_told_of_the_sittings_of_its_pair_and_of_no_other(two: Any) -> None:
    first, second = two.validated_class(3), two.validated_class(2, uai="9990002Y")
    heard = Nodes()
    assert send(two, heard) == (2, 3 + 2 * 2)  # the second pair has two nodes
    of_first, of_second = ({slip.sid for slip in slips_of(one)} for one in (first, second))
    assert heard.sids(node(1)) == of_first
    assert heard.sids(node(2)) == heard.sids(node(2, 2)) == of_second
    assert send(two, heard) == (0, 0)


def test_a_pair_that_does_not_answer_holds_up_no_other(two: Any) -> None:
    two.validated_class(3)
    second = two.validated_class(2, uai="9990002Y")
    heard = Nodes()
    heard.away = {1}
    with pytest.raises(AnswersUnreachable):
        send(two, heard)
    assert heard.sids(node(2)) == {slip.sid for slip in slips_of(second)}
    assert [one.pair for one in admission.waiting()] == [1]
    heard.away = set()
    assert send(two, heard) == (1, 3)


def test_progress_of_a_silent_pair_stays_as_it_was_while_others_are_heard(two: Any) -> None:
    first, second = two.validated_class(1), two.validated_class(1, uai="9990002Y")
    of_first, of_second = (slips_of(one)[0].sid for one in (first, second))
    progress.keep([SittingProgress(sid, "started", 10, 0, 1) for sid in (of_first, of_second)])
    told_at = progress.pulled_at()
    progress.keep([SittingProgress(of_second, "finished", 100, 0, 2)], is_all=False)
    assert progress.states_of([of_first, of_second]) == {
        of_first: "started",
        of_second: "finished",
    }
    assert progress.pulled_at() == told_at
    progress.keep([SittingProgress(of_second, "finished", 100, 0, 2)])
    assert progress.states_of([of_first, of_second]) == {of_second: "finished"}


def test_an_exchange_hears_the_others_out_before_it_tells_of_a_silent_pair(
    two: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = two.validated_class(1), two.validated_class(1, uai="9990002Y")
    of_first, of_second = (slips_of(one)[0].sid for one in (first, second))
    heard = Nodes()
    monkeypatch.setattr(exchange, "Caller", lambda *_key, **_sleep: heard)
    settings = zone.current().settings
    asked: dict[str, Any] = {
        "door_key": settings.door_key,
        "booklet_keys": settings.booklet_keys,
    }
    heard.rows = {
        pair: [SittingProgress(sid, "started", 10, 0, 1)]
        for pair, sid in ((1, of_first), (2, of_second))
    }
    exchange.exchange(two.manifest, **asked)
    heard.away, heard.rows[2] = {1}, [SittingProgress(of_second, "finished", 100, 0, 2)]
    with pytest.raises(AnswersUnreachable):
        exchange.exchange(two.manifest, **asked)
    assert progress.states_of([of_first, of_second]) == {
        of_first: "started",
        of_second: "finished",
    }


def test_the_serials_that_a_pair_sees_only_grow(two: Any) -> None:
    heard = Nodes()
    for n, school in enumerate(("9990001X", "9990002Y", "9990003Z", "9990004A")):
        two.validated_class(1 + n % 2, uai=school)
        send(two, heard)
    for said in heard.heard.values():
        serials = [one.serial for one in said]
        assert serials == sorted(set(serials))
    assert len({one.serial for said in heard.heard.values() for one in said}) == 4


def test_a_list_about_several_pairs_is_cut_into_one_for_each(two: Any) -> None:
    classes = [two.validated_class(2), two.validated_class(2, uai="9990002Y")]
    heard = Nodes()
    send(two, heard)
    pupils = [pupil.id for one in classes for pupil in one.pupils.all()]
    admission.queue(admission.rows_of(pupils, two.manifest), two.manifest)
    assert [one.pair for one in admission.waiting()] == [1, 2]
    for one in admission.waiting():
        rows = from_bytes(one.listed, AdmissionList).rows
        assert {row.sid for row in rows} == heard.sids(node(one.pair))


def test_a_new_code_and_the_reserves_are_of_the_pair_of_the_school(two: Any) -> None:
    two.validated_class(1)
    division = two.open_class(2, uai="9990002Y")
    reserves.hold([division], n_each=3)
    validate(division)
    held = links.of_reserves(reserves.ids([division]))
    assert {two.manifest.pair_of(one.code) for one in held.values()} == {2}
    pupil = division.pupils.first().id
    for _ in range(5):
        _old, new = links.replace(pupil, two.manifest)
        assert two.manifest.pair_of(new.code) == 2


def test_many_classes_at_once_go_whole_to_the_pairs(two: Any) -> None:
    for n in range(6):
        two_classes(two, f"999010{n}{uai_letter(f'999010{n}')}", 2, 1)
    validate_many(Division.objects.all(), said=lambda _done, _of: None)
    for school in School.objects.all():
        of_codes = {pair for one in school.divisions.all() for pair in pairs_of_codes(two, one)}
        assert of_codes == {school.pair}
    assert Counter(School.objects.values_list("pair", flat=True)) == {1: 3, 2: 3}


def test_a_pair_is_added_and_the_next_schools_go_there_while_the_others_stay(two: Any) -> None:
    first, late = two_classes(two, "9990001X", 3, 2)
    validate(first)
    second = two.validated_class(2, uai="9990002Y")
    before = {slip.code for one in (first, second) for slip in slips_of(one)}
    heard = Nodes()
    send(two, heard)
    add_pair(two)
    third = two.validated_class(1, uai="9990003Z")
    assert pairs_of_codes(two, third) == {3}
    assert {slip.code for one in (first, second) for slip in slips_of(one)} == before
    assert (pairs_of_codes(two, first), pairs_of_codes(two, second)) == ({1}, {2})
    send(two, heard)
    assert heard.sids(node(3)) == {slip.sid for slip in slips_of(third)}
    validate(late)  # of the first school
    assert pairs_of_codes(two, late) == {1}


def test_each_pair_gets_the_keys_of_the_booklets_once_and_one_that_is_added_too(two: Any) -> None:
    opens_at = clock.now()
    two.start(opens_at=opens_at, closes_at=opens_at.replace(year=opens_at.year + 1),
              results_close_at=opens_at.replace(year=opens_at.year + 2))  # fmt: skip
    folder = zone.current().settings.booklet_keys
    heard = Nodes()
    assert admission.release_keys(two.manifest, folder)
    assert not admission.release_keys(two.manifest, folder)
    send(two, heard)
    assert {url: len(said) for url, said in heard.heard.items()} == {
        node(1).url: 1,
        node(2).url: 1,
        node(2, 2).url: 1,
    }
    add_pair(two)
    assert admission.release_keys(two.manifest, folder)
    send(two, heard)
    assert [len(said.booklet_keys) for said in heard.heard[node(3).url]] == [1]
    assert len(heard.heard[node(1).url]) == 1


def test_a_manifest_that_lacks_the_pair_of_a_code_is_refused_before_anything_is_queued(
    two: Any,
) -> None:
    add_pair(two)
    two.validated_class(3)
    two.validated_class(2, uai="9990002Y")
    division = two.validated_class(1, uai="9990003Z")
    older = msgspec.structs.replace(
        two.manifest, places=places.shared((1, 2), room=4), nodes=[node(1), node(2)]
    )
    n_waiting = len(admission.waiting())
    with pytest.raises(BadRecord, match="No pair"):
        admission.rows_of([pupil.id for pupil in division.pupils.all()], older)
    with pytest.raises(BadRecord, match="serves no place"):
        places.of_pair(older.places, division.school.pair)
    assert len(admission.waiting()) == n_waiting


def test_a_list_for_a_pair_that_the_manifest_lacks_waits_and_is_not_taken_for_sent(
    two: Any,
) -> None:
    before = {name: getattr(two.manifest, name) for name in ("nodes", "places")}
    two.validated_class(3)
    two.validated_class(2, uai="9990002Y")
    heard = Nodes()
    send(two, heard)
    add_pair(two)
    two.validated_class(1, uai="9990003Z")
    two.start(**before)  # somebody puts the older one back
    with pytest.raises(AnswersUnreachable, match="does not name"):
        send(two, heard)
    assert [one.pair for one in admission.waiting()] == [3]
    add_pair(two)
    assert send(two, heard) == (1, 1)


def test_a_campaign_of_one_pair_draws_anywhere_and_sends_to_every_node(names: Any) -> None:
    names.start(nodes=[node(0), node(0, 2)])
    division = names.validated_class(3)
    heard = Nodes()
    assert send(names, heard) == (1, 6)
    assert heard.sids(node(0)) == heard.sids(node(0, 2)) == {s.sid for s in slips_of(division)}
    assert School.objects.get().pair == 0
    assert len(slips_of(division)[0].code) == codes.LENGTH
