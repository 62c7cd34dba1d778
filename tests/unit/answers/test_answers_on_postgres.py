# SPDX-License-Identifier: AGPL-3.0-or-later
"""The answers zone on a real PostgreSQL: the same doors, two nodes, a database that dies."""

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from http.client import HTTPException
from typing import Any

import psycopg
import pytest

from encrier import seal, wire
from encrier.errors import BadSetting
from encrier.ids import StreamId
from encrier.records import from_bytes
from encrier.secret import SecretText
from encrier_answers import disks, postgres_sql
from encrier_answers.sittings import Verdict
from encrier_answers.store import StoreFull, StoreRefused
from encrier_answers.store_postgres import PostgresStore
from stagecraft.cluster import Cluster

KINDS = {"opaque", "ciphertext", "counter", "minute", "enum"}


@pytest.fixture
def on_postgres(
    new_campaign: Any, serve: Callable[..., Any], database: SecretText
) -> Iterator[Any]:
    with serve(new_campaign, database=database.words()) as server:
        yield server


def test_a_pupil_signs_in_saves_and_goes_on_elsewhere(on_postgres: Any) -> None:
    server, campaign = on_postgres, on_postgres.campaign
    pupil = server.new_pupil()
    assert server.post("/v1/sign-in", pupil.sign_in).json["last"] is None
    envelope = campaign.envelope(pupil)
    first = server.save(pupil, envelope)
    assert first.status == 200
    assert server.save(pupil, envelope).body == first.body, "the same receipt again"
    assert server.save(pupil, campaign.envelope(pupil)).status == 409
    last = server.post("/v1/sign-in", pupil.sign_in).json["last"]
    assert (last["epoch"], last["seq"]) == (0, 0)
    assert server.progress_of(pupil).state == "started"
    (kept,) = server.drain()
    assert (kept.envelope, kept.receipt) == (envelope, first.body)


def test_two_nodes_share_a_database_and_each_hands_over_its_own(
    on_postgres: Any, serve: Callable[..., Any], database: SecretText
) -> None:
    """The second has the first one's identity in the manifest, and another in the database."""
    server, campaign = on_postgres, on_postgres.campaign
    pupil = server.new_pupil()
    server.save(pupil, campaign.envelope(pupil))
    other = PostgresStore(database, key=campaign.store_key, campaign=campaign.id, node=b"nd02")
    later = campaign.arrival(
        pupil=pupil, envelope=b"later", header={"stream": StreamId(b"stream-2"), "epoch": 1}
    )
    other.put_batch([later])
    assert [one.envelope for one in other.drain(0, at_most=9, at_most_bytes=10**6)] == [b"later"]
    assert len(server.drain()) == 1
    last = server.post("/v1/sign-in", pupil.sign_in).json["last"]
    assert (last["epoch"], last["seq"]) == (1, 0), "the newest, whichever node has it"
    other.close()


def test_nothing_is_called_drained_while_another_node_has_what_replaced_it(
    campaign: Any, database: SecretText
) -> None:
    """A pupil's stream goes from one node to the other and back, between two pulls."""
    one, other = (
        PostgresStore(database, key=campaign.store_key, campaign=campaign.id, node=node)
        for node in (b"nd01", b"nd02")
    )
    assert one.id == other.id, "a database is one store"
    pupil = campaign.pupil()
    with closing(one), closing(other):
        for seq, store in enumerate((one, other)):
            header = {"seq": seq}
            store.put_batch([campaign.arrival(pupil=pupil, envelope=b"%d" % seq, header=header)])
        one.note_pulled(1)
        assert one.drained() == 0
        other.note_pulled(1)
        assert (one.drained(), other.drained()) == (1, 1)


def test_two_nodes_that_save_for_one_pupil_at_once_lose_nothing(
    campaign: Any, database: SecretText
) -> None:
    pupils = [campaign.pupil() for _ in range(3)]
    n_batches = 40

    def hammer(node: bytes) -> None:
        store = PostgresStore(database, key=campaign.store_key, campaign=campaign.id, node=node)
        with closing(store):
            for seq in range(n_batches):
                header = {"stream": StreamId(node * 2), "epoch": node[-1] % 2, "seq": seq}
                batch = [
                    campaign.arrival(pupil=p, envelope=node + b"%d" % seq, header=header)
                    for p in reversed(pupils)
                ]
                while True:
                    try:
                        verdicts = {outcome.verdict for outcome in store.put_batch(batch)}
                    except StoreFull:  # a deadlock that PostgreSQL undid
                        continue
                    assert verdicts <= {Verdict.KEEP, Verdict.SAME}
                    break

    threads = [threading.Thread(target=hammer, args=(node,)) for node in (b"nd01", b"nd02")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    for node in (b"nd01", b"nd02"):
        with closing(
            PostgresStore(database, key=campaign.store_key, campaign=campaign.id, node=node)
        ) as store:
            drained = store.drain(0, at_most=99, at_most_bytes=10**6)
            assert [save.envelope for save in drained] == [node + b"%d" % (n_batches - 1)] * 3
            for pupil in pupils:
                last = store.last(pupil.sid)
                assert last is not None
                assert last.newest is not None
                assert last.newest[:2] == (1, n_batches - 1), "the node of the newer device"


def test_whoever_takes_a_node_over_ends_the_one_before(
    on_postgres: Any, database: SecretText
) -> None:
    server, campaign = on_postgres, on_postgres.campaign
    pupil = server.new_pupil()
    assert server.save(pupil, campaign.envelope(pupil)).status == 200
    newer = PostgresStore(database, key=campaign.store_key, campaign=campaign.id, node=b"nd01")
    with pytest.raises((OSError, HTTPException)):
        server.save(pupil, campaign.envelope(pupil, seq=1))
    assert server.process.wait(20) != 0
    assert "event=writer-dead kind=NodeTaken" in server.errors.read_text()
    assert len(newer.drain(0, at_most=9, at_most_bytes=10**6)) == 1
    newer.close()


def test_looking_at_the_status_takes_nothing_over(on_postgres: Any) -> None:
    server, campaign = on_postgres, on_postgres.campaign
    pupil = server.new_pupil()
    assert server.save(pupil, campaign.envelope(pupil)).status == 200
    said = json.loads(server.command("status", "--json"))
    assert (said["admitted"], said["started"], said["envelopes"]) == (1, 1, 1)
    assert server.save(pupil, campaign.envelope(pupil, seq=1)).status == 200


def test_a_database_without_tables_has_no_status(new_campaign: Any, database: SecretText) -> None:
    with pytest.raises(StoreRefused):
        PostgresStore(
            database,
            key=new_campaign.store_key,
            campaign=new_campaign.id,
            node=b"nd01",
            to_write=False,
        )


def test_a_database_that_dies_loses_nothing_and_saves_go_on_once_it_is_back(
    new_campaign: Any, serve: Callable[..., Any]
) -> None:
    cluster = Cluster()
    acknowledged: dict[tuple[bytes, int], bytes] = {}
    over = threading.Event()

    def hammer(server: Any, pupil: Any) -> None:
        seq = 0
        while not over.is_set():
            envelope = new_campaign.envelope(pupil, seq=seq)
            answer = server.save_until_kept(pupil, envelope)
            assert answer.status == 200
            acknowledged[pupil.sid, seq] = envelope
            seq += 1

    try:
        with serve(new_campaign, database=cluster.new_database()) as server:
            pupils = [server.new_pupil() for _ in range(3)]
            hammers = [threading.Thread(target=hammer, args=(server, p)) for p in pupils]
            for one in hammers:
                one.start()
            for turn in range(1, 4):
                while len(acknowledged) < 30 * turn:
                    hammers[0].join(0.01)
                cluster.crash()
                assert server.post("/v1/sign-in", pupils[0].sign_in).status == 503
                cluster.start()
            over.set()
            for one in hammers:
                one.join(30)
            kept = {}
            for save in server.drain():
                header = seal.read_header(save.envelope)
                kept[header.sid] = (header.seq, save.envelope)
            for pupil in pupils:
                newest = max(seq for sid, seq in acknowledged if sid == pupil.sid)
                assert kept[pupil.sid] == (newest, acknowledged[pupil.sid, newest])
    finally:
        over.set()
        cluster.stop()


def test_a_database_that_may_only_be_read_keeps_nothing_and_another_is_asked(
    campaign: Any, database: SecretText
) -> None:
    arrival = campaign.arrival()
    with closing(
        PostgresStore(database, key=campaign.store_key, campaign=campaign.id, node=b"nd01")
    ) as store:
        store._write.execute("SET default_transaction_read_only = on")
        with pytest.raises(StoreFull) as refused:
            store.put_batch([arrival])
        assert isinstance(refused.value.__cause__, psycopg.errors.ReadOnlySqlTransaction)
        assert store.last(arrival.header.sid) is None
        (outcome,) = store.put_batch([arrival])
        assert outcome.verdict is Verdict.KEEP


def test_giving_a_receipt_again_waits_for_the_standby_as_the_first_time(
    campaign: Any, cluster: Cluster, database: SecretText
) -> None:
    """After a crash the first may be on one disk only: the second is told after a write."""
    arrival = campaign.arrival()
    with closing(
        PostgresStore(database, key=campaign.store_key, campaign=campaign.id, node=b"nd01")
    ) as store:
        store.put_batch([arrival])
        before = cluster.psql("SELECT pg_current_wal_insert_lsn()")
        (outcome,) = store.put_batch([arrival])
        assert outcome.verdict is Verdict.SAME
        asked = f"SELECT pg_current_wal_insert_lsn() > '{before.strip()}'"
        assert cluster.psql(asked).strip() == "t"


def test_each_column_says_which_kind_it_is_and_there_is_no_other(
    on_postgres: Any, database: SecretText
) -> None:
    said = {}
    for table, body in re.findall(
        r"CREATE TABLE IF NOT EXISTS (\w+) \((.*?)^\);",
        postgres_sql.SCHEMA,
        re.DOTALL | re.MULTILINE,
    ):
        for column, kind in re.findall(r"^    ([a-z_0-9]+) .*-- (\w+)$", body, re.MULTILINE):
            said[table, column] = kind
    assert set(said.values()) == KINDS
    with psycopg.connect(database.words()) as connection:
        found = connection.execute(
            "SELECT table_name, column_name, data_type FROM information_schema.columns"
            " WHERE table_schema = 'public'"
        ).fetchall()
    assert {(table, column) for table, column, _kind in found} == said.keys()
    for table, column, kind in found:
        is_bytes = said[table, column] in {"opaque", "ciphertext"}
        assert (kind == "bytea") == is_bytes, (table, column)


def test_the_key_of_a_booklet_is_not_in_clear(on_postgres: Any, database: SecretText) -> None:
    on_postgres.new_pupil()
    with psycopg.connect(database.words()) as connection:
        (box,) = connection.execute("SELECT box FROM booklet_key").fetchone() or (b"",)
    assert on_postgres.campaign.booklet_key.reveal() not in box
    assert len(box) == 32 + 28


def test_the_progress_door_reads_all_sittings_begun(on_postgres: Any) -> None:
    server, campaign = on_postgres, on_postgres.campaign
    pupils = [server.new_pupil() for _ in range(3)]
    for pupil in pupils[:2]:
        server.save(pupil, campaign.envelope(pupil))
    got = server.call("GET", "/v1/progress", key=campaign.names_key)
    states = {row.sid: row.state for row in from_bytes(got.body, wire.Progress).rows}
    assert [states[p.sid] for p in pupils] == ["started", "started", "expected"]


def test_a_database_over_a_network_is_spoken_to_over_tls_that_is_checked() -> None:
    near = SecretText(b"postgresql://answers@127.0.0.1/answers")
    assert disks.checked(near) is near
    far = disks.checked(SecretText(b"postgresql://answers:word@db.example/answers"))
    assert psycopg.conninfo.conninfo_to_dict(far.words())["sslmode"] == "verify-full"
    with pytest.raises(BadSetting, match="without checking"):
        disks.checked(SecretText(b"postgresql://answers@db.example/answers?sslmode=require"))
    with pytest.raises(BadSetting, match="not an address") as refused:
        disks.checked(SecretText(b"postgresql://answers:sesame @[/x"))
    assert "sesame" not in str(refused.value)
