# SPDX-License-Identifier: AGPL-3.0-or-later
"""What every store keeps to, held to each of them, and each to the other."""

import secrets
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from encrier.ids import BundleId, CampaignId, SittingId, StreamId
from encrier.seal import Kind
from encrier.secret import Secret, SecretText
from encrier_answers.sittings import Admitted, Verdict
from encrier_answers.store import (
    Arrival,
    ListMark,
    Outcome,
    SignInMark,
    Store,
    StoreRefused,
    TakenList,
)
from encrier_answers.store_postgres import PostgresStore
from encrier_answers.store_sqlite import SqliteStore

BUNDLE = BundleId(b"b" * 8)
KEY, CAMPAIGN, NODE = Secret(secrets.token_bytes(32)), CampaignId(b"c" * 16), b"nd01"

Open = Callable[..., Any]


@pytest.fixture(params=["sqlite", "postgres"])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Open]:
    """Opens one store, again and again; all that was opened is closed at the end."""
    with ExitStack() as stack:

        def open_(*, key: Secret = KEY, campaign: CampaignId = CAMPAIGN) -> Any:
            made: Any
            if request.param == "sqlite":
                made = SqliteStore(tmp_path, key=key, campaign=campaign)
            else:
                url = request.getfixturevalue("database")
                made = PostgresStore(url, key=key, campaign=campaign, node=NODE)
            return stack.enter_context(closing(made))

        yield open_


@pytest.fixture
def store(opened: Open) -> Any:
    return opened()


def without_rank(outcome: Outcome) -> Outcome:
    """Each store has its own way to give ranks."""
    return msgspec.structs.replace(outcome, rank=0)


def _taken(serial: int, letter: bytes, *rows: Admitted) -> TakenList:
    return TakenList(ListMark(serial, letter * 32, len(rows)), rows, {BUNDLE: letter * 32})


def test_what_was_put_is_given_back(store: Store, campaign: Any) -> None:
    one, two = campaign.arrival(), campaign.arrival(envelope=b"two")
    outcomes = store.put_batch([one, SignInMark(SittingId(b"s" * 16), 5), two])
    assert [o.verdict for o in outcomes] == [Verdict.KEEP] * 3
    assert [o.receipt for o in outcomes] == [one.receipt, b"", two.receipt]
    drained = store.drain(0, at_most=10, at_most_bytes=10**6)
    assert [(s.envelope, s.receipt) for s in drained] == [
        (one.envelope, one.receipt),
        (two.envelope, two.receipt),
    ]
    last = store.last(one.header.sid)
    assert last is not None
    assert (last.box, last.newest) == (b"box", (0, 0, one.header.stream))
    assert store.last(SittingId(b"t" * 16)) is None


def test_two_saves_of_one_stream_in_one_batch_are_judged_in_turn(
    store: Store, campaign: Any
) -> None:
    pupil = campaign.pupil()
    first = campaign.arrival(pupil=pupil)
    other = campaign.arrival(pupil=pupil, envelope=b"other")
    later = campaign.arrival(pupil=pupil, envelope=b"later", header={"seq": 1})
    verdicts = [o.verdict for o in store.put_batch([first, other, first, later, first])]
    assert verdicts == [
        Verdict.KEEP,
        Verdict.CONFLICT,
        Verdict.SAME,
        Verdict.KEEP,
        Verdict.SUPERSEDED,
    ]
    assert len(store.drain(0, at_most=9, at_most_bytes=10**6)) == 1


def test_a_drain_is_bounded_in_bytes_yet_never_stuck(store: Store, campaign: Any) -> None:
    store.put_batch([campaign.arrival(envelope=bytes([n]) * 1000) for n in range(4)])
    first = store.drain(0, at_most=10, at_most_bytes=2500)
    assert len(first) == 2
    assert len(store.drain(first[-1].rank, at_most=10, at_most_bytes=1)) == 1


def test_boxes_are_forgotten_after_their_time_and_epochs_are_not(
    store: Store, campaign: Any
) -> None:
    old, new = campaign.arrival(minute=10), campaign.arrival(minute=20)
    store.put_batch([old, new])
    assert store.forget(boxes_before=20) == 1
    last = store.last(old.header.sid)
    assert last is not None
    assert (last.box, last.newest) == (b"", (0, 0, StreamId(b"stream-1")))
    kept = store.last(new.header.sid)
    assert kept is not None
    assert kept.box == b"box"


def test_the_epoch_of_a_stream_may_grow_and_the_box_follows_it_through_a_restart(
    opened: Open, campaign: Any
) -> None:
    """As where a class is keyed on two computers, and each takes up what the other keyed."""
    pupil, store = campaign.pupil(), opened()
    saves = [(0, 0, b"school"), (1, 0, b"home"), (0, 1, b"school"), (2, 2, b"school")]
    saves += [(1, 1, b"home"), (3, 2, b"home"), (2, 3, b"school"), (4, 4, b"school")]
    told, boxes, ranks = [], [], []
    for epoch, seq, place in saves:
        written = b"%d at %s" % (seq, place)
        header = {"epoch": epoch, "seq": seq, "stream": StreamId(place.ljust(8))}
        save = campaign.arrival(pupil=pupil, envelope=written, box=written, header=header)
        (outcome,) = store.put_batch([save])
        told.append(outcome.is_elsewhere)
        ranks.append(outcome.rank)
        store = opened()  # what is given back must not hang on memory
        boxes.append(store.last(pupil.sid).box)
    assert told == [False, False, True, False, True, False, True, False]
    assert boxes == [
        b"0 at school", b"0 at home", b"0 at home", b"2 at school",
        b"2 at school", b"2 at home", b"2 at home", b"4 at school",
    ]  # fmt: skip
    assert ranks == sorted(set(ranks))
    drained = [save.envelope for save in store.drain(0, at_most=9, at_most_bytes=10**6)]
    assert drained == [b"2 at home", b"4 at school"]


def test_a_save_beside_one_of_its_epoch_is_told_so_in_any_order(
    store: Store, campaign: Any
) -> None:
    for streams in ((b"stream-1", b"stream-2"), (b"stream-2", b"stream-1")):
        pupil = campaign.pupil()
        first, second = (
            campaign.arrival(pupil=pupil, envelope=one, header={"stream": StreamId(one)})
            for one in streams
        )
        assert [o.is_beside for o in store.put_batch([first, second])] == [False, True]


def test_the_key_of_a_booklet_is_kept(opened: Open) -> None:
    store = opened()
    assert store.booklet_keys() == {}
    store.admit(_taken(1, b"h"))
    assert opened().booklet_keys() == {BUNDLE: b"h" * 32}


def test_a_list_that_was_kept_after_nobody_waited_any_more_may_be_sent_again(store: Store) -> None:
    row = Admitted(
        SittingId(b"s" * 16), b"a" * 32, BundleId(b"b" * 8), b"", None, None, is_open=True
    )
    later = msgspec.structs.replace(row, is_open=False)
    store.admit(_taken(1, b"h", row))
    store.admit(_taken(2, b"i", later))
    store.admit(_taken(1, b"h", row))  # its reply was lost
    assert [mark.serial for mark in store.lists()] == [1, 2]
    assert list(store.admissions()) == [later]


def test_another_campaign_does_not_open_it(opened: Open) -> None:
    opened()
    with pytest.raises(StoreRefused, match="another campaign"):
        opened(campaign=CampaignId(bytes(16)))


def test_another_key_does_not_open_it(opened: Open) -> None:
    opened().admit(_taken(1, b"h"))
    with pytest.raises(StoreRefused):
        opened(key=Secret(bytes(32))).booklet_keys()


def test_ranks_are_never_given_twice_even_where_the_last_save_was_replaced(
    opened: Open, campaign: Any
) -> None:
    pupil = campaign.pupil()
    store = opened()
    store.put_batch([campaign.arrival(pupil=pupil, envelope=b"first")])
    (first,) = store.drain(0, at_most=9, at_most_bytes=10**6)
    again = opened()
    again.put_batch([campaign.arrival(pupil=pupil, envelope=b"second", header={"seq": 1})])
    (second,) = again.drain(first.rank, at_most=9, at_most_bytes=10**6)
    assert second.rank > first.rank
    assert second.envelope == b"second"


def test_the_last_rank_is_the_highest_given_though_its_save_was_replaced(
    store: Store, campaign: Any
) -> None:
    before = store.last_rank()
    pupil = campaign.pupil()
    for seq in range(3):
        store.put_batch([campaign.arrival(pupil=pupil, header={"seq": seq})])
        (only,) = store.drain(before, at_most=9, at_most_bytes=10**6)
        assert store.last_rank() == only.rank
    assert store.last_rank() >= before + 3


def test_an_empty_batch_and_no_list_are_nothing(store: Store) -> None:
    assert store.put_batch([]) == []
    assert (store.lists(), list(store.admissions()), list(store.sittings())) == ([], [], [])
    assert store.forget(boxes_before=10**6) == 0


def test_all_sittings_begun_are_told(store: Store, campaign: Any) -> None:
    final = campaign.arrival(header={"kind": Kind.FINAL, "progress": 100}, minute=7)
    store.put_batch([SignInMark(SittingId(b"s" * 16), 5), final])
    told = {s.sid: (s.progress, s.percent, s.minute, s.box) for s in store.sittings()}
    assert told == {
        SittingId(b"s" * 16): (1, 0, 5, b""),
        final.header.sid: (2, 100, 7, b""),
    }


def pull(store: Store, after: int = 0) -> int:
    """Take all that is newer, as results does; the rank of the last."""
    return max((s.rank for s in store.drain(after, at_most=99, at_most_bytes=10**6)), default=after)


def test_what_results_says_it_has_is_believed_once_nothing_is_newer(
    opened: Open, campaign: Any
) -> None:
    store, pupil = opened(), campaign.pupil()
    (first,) = store.put_batch([campaign.arrival(pupil=pupil)])
    assert store.drained() == 0
    store.note_pulled(pull(store) + 1)
    assert store.drained() == 0, "nobody can have what was not given"
    store.note_pulled(pull(store))
    assert store.drained() == first.rank
    newer = campaign.arrival(pupil=pupil, envelope=b"newer", header={"seq": 1})
    (second,) = store.put_batch([newer])
    other, third = store.put_batch([campaign.arrival(), campaign.arrival()])
    store.note_pulled(other.rank)
    assert store.drained() == first.rank, "what a newer save replaced may not have been pulled"
    store.note_pulled(pull(store))
    assert store.drained() == third.rank > second.rank
    store.note_pulled(first.rank)
    assert opened().drained() == third.rank, "it outlives the process"


def test_a_save_says_its_rank_again_however_often_it_is_sent(store: Store, campaign: Any) -> None:
    save, other = campaign.arrival(), campaign.arrival(envelope=b"other")
    first, second, again = store.put_batch([save, other, save])
    (later,) = store.put_batch([save])
    drained = [one.rank for one in store.drain(0, at_most=9, at_most_bytes=10**6)]
    assert [first.rank, second.rank] == drained
    assert again.rank == later.rank == first.rank


def test_a_save_that_a_later_one_of_its_batch_replaced_counts_as_no_earlier_than_its_row(
    store: Store, campaign: Any
) -> None:
    pupil = campaign.pupil()
    batch = [
        campaign.arrival(pupil=pupil),
        campaign.arrival(),
        campaign.arrival(pupil=pupil, envelope=b"later", header={"seq": 1}),
    ]
    outcomes = store.put_batch(batch)
    assert all(outcome.rank for outcome in outcomes)
    store.note_pulled(outcomes[1].rank)
    assert store.drained() == 0


def test_a_store_keeps_its_name_and_a_new_one_has_another(
    opened: Open, campaign: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    first = opened()
    assert len(first.id) == 8
    assert opened().id == first.id
    with closing(SqliteStore(tmp_path_factory.mktemp("n"), key=KEY, campaign=CAMPAIGN)) as new:
        assert new.id != first.id


Event = tuple[str, int, int, int, int, int]
EVENTS = st.lists(
    st.lists(
        st.tuples(
            st.sampled_from(["save", "final", "sign-in"]),
            st.integers(0, 2),  # pupil
            st.integers(0, 1),  # stream
            st.integers(0, 2),  # epoch
            st.integers(0, 3),  # seq
            st.integers(0, 1),  # which envelope has this number
        ),
        max_size=6,
    ),
    max_size=6,
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(batches=EVENTS)
# an older device that takes over a newer one's stream leaves the newer one's box
@example(batches=[[("save", 0, 1, 1, 0, 0), ("save", 0, 1, 0, 1, 0)]])
@example(batches=[[("save", 0, 1, 1, 0, 0)], [("save", 0, 1, 0, 1, 0)], [("final", 0, 1, 0, 2, 0)]])
# each of two computers takes up what the other keyed, and goes on under a higher epoch
@example(
    batches=[
        [("save", 0, 0, 0, 0, 0)],
        [("save", 0, 1, 0, 0, 0)],
        [("save", 0, 0, 1, 1, 0), ("save", 0, 1, 0, 1, 0)],
        [("save", 0, 1, 2, 2, 0), ("save", 0, 0, 1, 2, 0)],
    ]
)
def test_both_stores_answer_and_hold_the_same_whatever_comes(
    batches: list[list[Event]], campaign: Any, database: SecretText
) -> None:
    pupils = [campaign.pupil() for _ in range(3)]

    def entry(event: Event, minute: int) -> Arrival | SignInMark:
        what, who, stream, epoch, seq, which = event
        if what == "sign-in":
            return SignInMark(pupils[who].sid, minute)
        header = {
            "stream": StreamId(b"stream-%d" % stream),
            "epoch": epoch,
            "seq": seq,
            "kind": Kind.FINAL if what == "final" else Kind.SNAPSHOT,
        }
        envelope = repr((who, stream, seq, which)).encode()
        made: Arrival = campaign.arrival(
            pupil=pupils[who], envelope=envelope, header=header, minute=minute, box=b"%d" % minute
        )
        return made

    node = secrets.token_bytes(4)  # each example drains its own
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(SqliteStore(Path(folder), key=KEY, campaign=CAMPAIGN)) as one,
        closing(PostgresStore(database, key=KEY, campaign=CAMPAIGN, node=node)) as other,
    ):
        for minute, events in enumerate(batches):
            batch = [entry(event, minute) for event in events]
            said = [[without_rank(o) for o in s.put_batch(batch)] for s in (one, other)]
            assert said[0] == said[1]
        for pupil in pupils:
            assert one.last(pupil.sid) == other.last(pupil.sid)
        drained = [
            [(save.envelope, save.receipt) for save in s.drain(0, at_most=99, at_most_bytes=10**6)]
            for s in (one, other)
        ]
        assert drained[0] == drained[1]
