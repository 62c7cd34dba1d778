# SPDX-License-Identifier: AGPL-3.0-or-later
"""Backups made while it serves, put back, drilled; and a pull that goes on after all that."""

import json
import shutil
import subprocess
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encrier import receipts, seal, signing, wire
from encrier.errors import BadSetting
from encrier.ids import CampaignId, StreamId
from encrier.records import from_bytes
from encrier.secret import Secret, SecretText
from encrier_answers.operating import copies, databases, ranks
from encrier_answers.operating.copies import CopyRefused
from encrier_answers.store import Arrival
from encrier_answers.store_postgres import PostgresStore
from encrier_answers.store_sqlite import FILE, SqliteStore, connect

NOW = datetime(2026, 10, 6, 9, 0, tzinfo=UTC)
PULLED = 10**6  # a rank that results had from the node that was lost


def _store(campaign: Any, folder: Path) -> SqliteStore:
    return SqliteStore(folder, key=campaign.store_key, campaign=campaign.id)


def _real_arrival(campaign: Any) -> Arrival:
    """A save with the receipt that the server gives."""
    made = campaign.header(campaign.pupil())
    envelope = made.to_bytes() + bytes(2160)
    receipt = receipts.sign(made, envelope, minute=7, node=b"nd01", key=campaign.receipt_key)
    return Arrival(
        header=made,
        envelope=envelope,
        sha256=seal.digest(envelope),
        receipt=receipt,
        unsent=0,
        box=b"",
        minute=7,
    )


def _filled(campaign: Any, n: int = 3) -> Path:
    folder: Path = campaign.root / "data"
    with closing(_store(campaign, folder)) as store:
        store.put_batch([_real_arrival(campaign) for _ in range(n)])
    return folder


def _back_up(campaign: Any, to: Path) -> copies.Copied:
    return copies.back_up(campaign.root / "data", to, key=campaign.store_key, campaign=campaign.id)


def _put_back(campaign: Any, folder: Path, copy: Path, at: datetime = NOW) -> copies.Copied:
    return copies.put_back(folder, copy, key=campaign.store_key, campaign=campaign.id, at=at)


def test_a_copy_made_while_pupils_save_is_whole_and_has_all_that_was_acknowledged_before(
    new_campaign: Any, serve: Callable[..., Any], tmp_path: Path
) -> None:
    with serve(new_campaign) as server:
        pupil, over = server.new_pupil(), threading.Event()
        before = [server.save(pupil, new_campaign.envelope(pupil, seq=0)).status]
        meanwhile: list[int] = []

        def go_on() -> None:
            while not over.is_set():
                other = StreamId(b"%08d" % len(meanwhile))
                try:
                    sent = new_campaign.envelope(pupil, stream=other)
                    meanwhile.append(server.save(pupil, sent).status)
                except (OSError, HTTPException):
                    return

        saving = threading.Thread(target=go_on)
        saving.start()
        said = [
            json.loads(server.command("backup", "--to", str(tmp_path / f"{n}.copy"), "--json"))
            for n in range(3)
        ]
        over.set()
        saving.join(20)
        n_kept = len(server.drain())
    assert set(before + meanwhile) == {200}
    assert 1 <= said[0]["envelopes"] <= said[1]["envelopes"] <= said[2]["envelopes"] <= n_kept
    drilled = json.loads(
        serve(new_campaign).command(
            "restore", "--from", str(tmp_path / "2.copy"), "--drill", "--json"
        )
    )
    assert drilled["envelopes"] == said[2]["envelopes"]
    assert (drilled["wrong"], drilled["admitted"], drilled["last_list"]) == (0, 1, 1)
    assert drilled["seconds"] >= drilled["restored_s"] >= 0
    assert {one.name for one in tmp_path.glob("*.copy*")} == {"0.copy", "1.copy", "2.copy"}
    assert list(tmp_path.glob(".drill-*")) == []


def test_a_copy_is_encrypted_under_the_key_of_the_store(new_campaign: Any, tmp_path: Path) -> None:
    _filled(new_campaign)
    _back_up(new_campaign, tmp_path / "copy")
    content = (tmp_path / "copy").read_bytes()
    assert not content.startswith(b"SQLite format 3")
    assert bytes(new_campaign.id) not in content
    assert (tmp_path / "copy").stat().st_mode & 0o077 == 0
    with pytest.raises(CopyRefused):
        copies.put_back(
            tmp_path / "back",
            tmp_path / "copy",
            key=Secret(bytes(32)),
            campaign=new_campaign.id,
            at=NOW,
        )
    assert list((tmp_path / "back").iterdir()) == [], "nothing half done is left"


def test_another_campaigns_copy_is_refused(new_campaign: Any, tmp_path: Path) -> None:
    _filled(new_campaign)
    _back_up(new_campaign, tmp_path / "copy")
    with pytest.raises(CopyRefused):
        copies.put_back(
            tmp_path / "back",
            tmp_path / "copy",
            key=new_campaign.store_key,
            campaign=CampaignId(bytes(16)),
            at=NOW,
        )


def test_a_damaged_copy_is_refused(new_campaign: Any, tmp_path: Path) -> None:
    _filled(new_campaign, n=50)
    _back_up(new_campaign, tmp_path / "copy")
    with (tmp_path / "copy").open("r+b") as file:
        file.seek(8192 * 5 + 100)
        file.write(b"damage")
    with pytest.raises(CopyRefused):
        _put_back(new_campaign, tmp_path / "back", tmp_path / "copy")


def test_a_folder_that_holds_something_is_left_alone(new_campaign: Any, tmp_path: Path) -> None:
    folder = _filled(new_campaign)
    _back_up(new_campaign, tmp_path / "copy")
    with pytest.raises(BadSetting, match="not empty"):
        _put_back(new_campaign, folder, tmp_path / "copy")


def test_a_copy_is_never_written_over(new_campaign: Any, tmp_path: Path) -> None:
    _filled(new_campaign)
    (tmp_path / "copy").write_bytes(b"precious")
    with pytest.raises(BadSetting, match="this name"):
        _back_up(new_campaign, tmp_path / "copy")
    assert (tmp_path / "copy").read_bytes() == b"precious"


def test_a_disk_without_room_for_it_is_told_beforehand(
    new_campaign: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _filled(new_campaign)
    monkeypatch.setattr(copies, "RESERVE", 2**62)
    with pytest.raises(BadSetting, match="another disk"):
        _back_up(new_campaign, tmp_path / "copy")
    assert list(tmp_path.glob("copy*")) == []


def test_a_place_that_cannot_be_written_is_told(new_campaign: Any, tmp_path: Path) -> None:
    _filled(new_campaign)
    (tmp_path / "file").touch()
    (tmp_path / "dead").symlink_to(tmp_path / "nowhere", target_is_directory=True)
    with pytest.raises(copies.CopyNotWritten):
        _back_up(new_campaign, tmp_path / "dead" / "copy")
    with pytest.raises(copies.CopyNotWritten):
        copies.folder_beside(tmp_path / "dead" / "copy")


def test_a_drill_tells_an_envelope_that_is_not_the_one_acknowledged(
    new_campaign: Any, tmp_path: Path
) -> None:
    folder = _filled(new_campaign)
    with closing(connect(folder / FILE, key=new_campaign.store_key)) as store:
        (sent,) = store.execute("SELECT envelope FROM save WHERE rank = 2").fetchone() or (b"",)
        store.execute("UPDATE save SET envelope = ? WHERE rank = 2", (sent[:-1] + b"x",))
    node_key = signing.public_of(new_campaign.receipt_key)
    checked = copies.check_receipts(folder, key=new_campaign.store_key, node_key=node_key)
    assert (checked.envelopes, checked.wrong) == (3, 1)


def test_a_pull_that_goes_on_after_a_restore_misses_nothing(
    new_campaign: Any, serve: Callable[..., Any], tmp_path: Path
) -> None:
    """The trap: the copy knows rank 1, results have 3; without a step the next is 2 again."""
    with serve(new_campaign) as server:
        pupils = [server.new_pupil() for _ in range(3)]
        server.save(pupils[0], new_campaign.envelope(pupils[0]))
        server.command("backup", "--to", str(tmp_path / "copy"))
        for pupil in pupils[1:]:
            server.save(pupil, new_campaign.envelope(pupil))
        last = _pulled(server, 0)
        assert last.next == 3
    shutil.rmtree(new_campaign.root / "data")
    serve(new_campaign).command("restore", "--from", str(tmp_path / "copy"))
    with serve(new_campaign) as server:
        again = new_campaign.envelope(pupils[0], seq=1)
        assert server.save(pupils[0], again).status == 200
        since = _pulled(server, last.next)
        assert [row.envelope for row in since.rows] == [again]
        second = since.next
    # The very same older copy once more: what the first restore gave is not given again.
    shutil.rmtree(new_campaign.root / "data")
    serve(new_campaign).command("restore", "--from", str(tmp_path / "copy"))
    with serve(new_campaign) as server:
        later = new_campaign.envelope(pupils[0], seq=2)
        assert server.save(pupils[0], later).status == 200
        assert [row.envelope for row in _pulled(server, second).rows] == [later]


def test_a_file_copied_by_hand_is_told_at_the_next_pull_and_can_be_put_right(
    new_campaign: Any, serve: Callable[..., Any], tmp_path: Path
) -> None:
    folder = new_campaign.root / "data"
    with serve(new_campaign) as server:
        pupil = server.new_pupil()
        server.save(pupil, new_campaign.envelope(pupil))
    shutil.copytree(folder, tmp_path / "by-hand")
    with serve(new_campaign) as server:
        server.save(pupil, new_campaign.envelope(pupil, seq=1))
        last = _pulled(server, 0).next
        assert not _pulled(server, last).rows, "nothing new is no fault"
    shutil.rmtree(folder)
    shutil.copytree(tmp_path / "by-hand", folder)
    with serve(new_campaign) as server:
        told = server.call("GET", f"/v1/batch?after={last}", key=new_campaign.results_key)
        assert told.status == 409
        assert "--raise-ranks" in told.json["next_step"]
        with pytest.raises(subprocess.CalledProcessError) as running:
            server.command("restore", "--raise-ranks")
        assert "Stop it first" in running.value.stderr
    server.command("restore", "--raise-ranks")
    with serve(new_campaign) as server:
        later = new_campaign.envelope(pupil, seq=2)
        assert server.save(pupil, later).status == 200
        assert [row.envelope for row in _pulled(server, last).rows] == [later]


def _pulled(server: Any, after: int) -> wire.EnvelopeBatch:
    got = server.call("GET", f"/v1/batch?after={after}", key=server.campaign.results_key)
    return from_bytes(got.body, wire.EnvelopeBatch)


def test_a_store_without_a_save_goes_on_above_too(new_campaign: Any, tmp_path: Path) -> None:
    _store(new_campaign, new_campaign.root / "data").close()
    _back_up(new_campaign, tmp_path / "copy")
    _put_back(new_campaign, tmp_path / "back", tmp_path / "copy")
    with closing(_store(new_campaign, tmp_path / "back")) as store:
        store.put_batch([_real_arrival(new_campaign)])
        (kept,) = store.drain(PULLED, at_most=9, at_most_bytes=10**6)
    assert kept.rank == (int(NOW.timestamp() * 1000) << ranks.A_MILLISECOND) + 1


@given(
    last=st.integers(0, 2**60),
    at=st.datetimes(datetime(2026, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 aware through timezones
    n_given=st.integers(0, 2**16 - 1),
)
def test_ranks_only_ever_grow_and_stay_within_what_the_door_reads(
    last: int, at: datetime, n_given: int
) -> None:
    first = ranks.after_restore(last, newest_minute=None, at=at)
    assert first >= last
    assert first < max(last + 1, 10**18), "18 digits, as ?after= takes"
    again = ranks.after_restore(0, newest_minute=None, at=at + timedelta(milliseconds=2))
    if first > last:
        assert again >= first + n_given


def test_a_clock_behind_the_copy_puts_nothing_back(new_campaign: Any, tmp_path: Path) -> None:
    _filled(new_campaign)
    _back_up(new_campaign, tmp_path / "copy")
    long_ago = datetime(1970, 1, 1, 0, 6, tzinfo=UTC)  # the newest save is of minute 7
    with pytest.raises(ranks.ClockBehind):
        _put_back(new_campaign, tmp_path / "back", tmp_path / "copy", at=long_ago)
    assert list((tmp_path / "back").iterdir()) == []
    _put_back(
        new_campaign, tmp_path / "back", tmp_path / "copy", at=long_ago + timedelta(minutes=1)
    )


def test_a_database_put_back_goes_on_above_every_rank(campaign: Any, database: SecretText) -> None:
    store = PostgresStore(database, key=campaign.store_key, campaign=campaign.id, node=b"nd01")
    with closing(store):
        store.put_batch([campaign.arrival()])
        assert databases.raise_ranks(database, at=NOW) == 1
        store.put_batch([campaign.arrival()])  # a node that runs takes it up
        (kept,) = store.drain(PULLED, at_most=9, at_most_bytes=10**6)
    assert kept.rank == (int(NOW.timestamp() * 1000) << ranks.A_MILLISECOND) + 1
    said = databases.facts(database)
    assert said.last_minute == 100
    assert not said.fsync, "the database of these tests is a hurried one"


def test_backup_of_a_database_says_how_it_is_done(
    new_campaign: Any, serve: Callable[..., Any], tmp_path: Path
) -> None:
    on_postgres = serve(new_campaign, database="postgresql://answers@/autumn")
    with pytest.raises(subprocess.CalledProcessError) as refused:
        on_postgres.command("backup", "--to", str(tmp_path / "copy"))
    assert "pg_dump --format=custom" in refused.value.stderr


def test_a_copy_says_how_far_it_goes(new_campaign: Any, tmp_path: Path) -> None:
    _filled(new_campaign)
    copied = _back_up(new_campaign, tmp_path / "copy")
    assert (copied.envelopes, copied.admitted, copied.last_minute) == (3, 0, 7)
    assert copied.last_list is None
    assert copied.size_bytes == (tmp_path / "copy").stat().st_size
