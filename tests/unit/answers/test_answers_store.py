# SPDX-License-Identifier: AGPL-3.0-or-later
"""The disk: what its columns may hold, that it is encrypted, that it gives back what it took."""

import re
import secrets
from contextlib import closing
from pathlib import Path
from typing import Any

import apsw
import pytest

from encrier.ids import BundleId, CampaignId
from encrier.secret import Secret
from encrier_answers import folder as room
from encrier_answers import recall, store_sqlite
from encrier_answers.folder import FolderLock
from encrier_answers.sittings import Admitted, Verdict
from encrier_answers.sqlite_sql import SCHEMA
from encrier_answers.store import (
    ListMark,
    SignInMark,
    StoreFull,
    StoreRefused,
    TakenList,
)
from encrier_answers.store_sqlite import SqliteStore

KINDS = {"opaque", "ciphertext", "counter", "minute", "enum"}
ALLOWED = {  # every column there may ever be; a new one is a decision, taken here
    "campaign": {"id": "opaque", "store": "opaque", "drained": "counter"},
    "admission_list": {"serial": "counter", "sha256": "opaque", "n_rows": "counter"},
    "admission": {
        "id": "counter",
        "sid": "opaque",
        "auth_sha256": "opaque",
        "bundle": "opaque",
        "terms": "ciphertext",
        "opens": "minute",
        "closes": "minute",
        "is_open": "enum",
    },
    "booklet_key": {"bundle": "opaque", "key": "opaque"},
    "save": {
        "rank": "counter",
        "sid": "opaque",
        "stream": "opaque",
        "epoch": "counter",
        "seq": "counter",
        "kind": "enum",
        "percent": "counter",
        "unsent": "counter",
        "minute": "minute",
        "older": "counter",
        "sha256": "opaque",
        "receipt": "opaque",
        "box": "ciphertext",
        "envelope": "ciphertext",
    },
    "sign_in": {"id": "counter", "sid": "opaque", "minute": "minute"},
    "sitting": {
        "sid": "opaque",
        "progress": "enum",
        "percent": "counter",
        "unsent": "counter",
        "minute": "minute",
        "epoch": "counter",
        "seq": "counter",
        "stream": "opaque",
        "box_rank": "counter",
        "box_minute": "minute",
    },
    "stream": {
        "sid": "opaque",
        "stream": "opaque",
        "seq": "counter",
        "sha256": "opaque",
        "rank": "counter",
    },
    "done": {"folded": "counter", "swept": "counter"},
}
CANARY = b"canary of an envelope, nowhere in clear"
BUNDLE = BundleId(b"b" * 8)
KEY, CAMPAIGN = Secret(secrets.token_bytes(32)), CampaignId(b"c" * 16)


@pytest.fixture
def store(tmp_path: Path) -> Any:
    opened = SqliteStore(tmp_path, key=KEY, campaign=CAMPAIGN)
    yield opened
    opened.close()


def test_the_tables_have_the_columns_allowed_and_no_other(store: SqliteStore) -> None:
    tables = store._write.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    ).fetchall()
    found = {
        name: [row[1] for row in store._write.execute(f"PRAGMA table_info({name})")]
        for (name,) in tables
    }
    assert found == {name: list(columns) for name, columns in ALLOWED.items()}


def test_each_column_says_which_kind_it_is() -> None:
    said: dict[str, dict[str, str]] = {}
    for table, body in re.findall(
        r"CREATE TABLE (\w+) \((.*?)^\)[A-Z ]*;", SCHEMA, re.DOTALL | re.MULTILINE
    ):
        columns = re.findall(r"^    ([a-z_0-9]+) .*-- (\w+)$", body, re.MULTILINE)
        said[table] = dict(columns)
    assert said == ALLOWED
    assert {kind for columns in ALLOWED.values() for kind in columns.values()} == KINDS


def test_what_is_kept_is_what_its_kind_says(
    store: SqliteStore, campaign: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No text anywhere, and no time but minutes since 1970."""
    monkeypatch.setattr(recall, "FOLD_FROM", 0)
    store.put_batch([campaign.arrival(minute=29_922_109)])
    store.put_batch([SignInMark(campaign.pupil().sid, 29_922_109)])
    assert store._write.execute("SELECT count(*) FROM stream").fetchone() == (1,)  # it was folded
    for table, columns in ALLOWED.items():
        sql = f"SELECT {', '.join(columns)} FROM {table}"  # noqa: S608 names from the list above
        for row in store._write.execute(sql):
            for (name, kind), value in zip(columns.items(), row, strict=True):
                wanted = bytes if kind in {"opaque", "ciphertext"} else int
                assert value is None or isinstance(value, wanted), (table, name)
                if kind == "minute" and isinstance(value, int):
                    assert value < 10**8, (table, name)


def test_nothing_on_disk_is_in_clear(store: SqliteStore, campaign: Any, tmp_path: Path) -> None:
    pupil = campaign.pupil()
    store.put_batch([campaign.arrival(pupil=pupil, envelope=CANARY, box=b"canary of a box")])
    for file in tmp_path.iterdir():
        content = file.read_bytes()
        assert b"canary" not in content
        assert pupil.sid not in content
        assert b"SQLite format" not in content
        assert b"CREATE TABLE" not in content


def test_files_are_for_their_owner_alone(store: SqliteStore, tmp_path: Path) -> None:
    assert {oct(file.stat().st_mode & 0o777) for file in tmp_path.iterdir()} == {"0o600"}


def test_another_key_or_campaign_does_not_open_it(store: SqliteStore, tmp_path: Path) -> None:
    with pytest.raises(StoreRefused):
        SqliteStore(tmp_path, key=Secret(bytes(32)), campaign=CAMPAIGN)
    with pytest.raises(StoreRefused, match="another campaign"):
        SqliteStore(tmp_path, key=KEY, campaign=CampaignId(bytes(16)))


def test_a_store_of_another_release_is_refused(store: SqliteStore, tmp_path: Path) -> None:
    store._write.pragma("user_version", 99)
    with pytest.raises(StoreRefused, match="release"):
        SqliteStore(tmp_path, key=KEY, campaign=CAMPAIGN)


def test_each_commit_is_on_disk_before_it_returns(store: SqliteStore) -> None:
    for connection in (store._write, store._look, store._scan):
        assert connection.pragma("synchronous") == 2  # FULL
        assert connection.pragma("journal_mode") == "wal"


def test_what_the_log_holds_is_copied_beside_the_writer(
    store: SqliteStore, campaign: Any, tmp_path: Path
) -> None:
    for n in range(20):
        store.put_batch([campaign.arrival(envelope=b"envelope %d" % n)])
    store.tidy()
    alone = tmp_path / "without its log"
    alone.mkdir()
    (alone / store_sqlite.FILE).write_bytes((tmp_path / store_sqlite.FILE).read_bytes())
    with closing(SqliteStore(alone, key=KEY, campaign=CAMPAIGN)) as copied:
        assert copied.count_saves() == 20


def test_a_store_that_is_closed_is_tidied_no_more(tmp_path: Path) -> None:
    closed = SqliteStore(tmp_path, key=KEY, campaign=CAMPAIGN)
    closed.close()
    closed.tidy()


def _taken(serial: int, letter: bytes, *rows: Admitted) -> TakenList:
    return TakenList(ListMark(serial, letter * 32, len(rows)), rows, {BUNDLE: letter * 32})


def test_a_list_that_fails_half_way_is_not_there_at_all(store: SqliteStore) -> None:
    store.admit(_taken(1, b"h"))
    with pytest.raises(apsw.ConstraintError):
        store.admit(_taken(1, b"i"))
    assert store.lists() == [ListMark(1, b"h" * 32, 0)]


def test_a_full_disk_keeps_nothing_of_the_batch_and_says_so(
    store: SqliteStore, campaign: Any
) -> None:
    pages = store._write.pragma("page_count")
    store._write.pragma("max_page_count", pages + 2)
    with pytest.raises(StoreFull):
        store.put_batch([campaign.arrival(envelope=bytes([n]) * 5000) for n in range(9)])
    assert store.count_saves() == 0
    store._write.pragma("max_page_count", 10**6)
    assert store.put_batch([campaign.arrival()])[0].verdict is Verdict.KEEP


def test_saves_are_refused_before_the_disk_is_full_and_reads_go_on(
    store: SqliteStore, campaign: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "LOOK_EVERY_S", 0.0)
    kept, later = campaign.arrival(), campaign.arrival()
    store.put_batch([kept])
    monkeypatch.setattr(room, "RESERVE", 2**62)
    with pytest.raises(StoreFull):
        store.put_batch([later])
    assert store.last(kept.header.sid) is not None
    assert store.last(later.header.sid) is None
    assert len(store.drain(0, at_most=9, at_most_bytes=10**6)) == 1
    assert store.forget(boxes_before=10**6) == 1
    monkeypatch.setattr(room, "RESERVE", 0)
    assert store.put_batch([later])[0].verdict is Verdict.KEEP


def test_a_folder_has_one_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "LOCK_WAIT_S", 0.0)
    with FolderLock(tmp_path), pytest.raises(StoreRefused, match="Another server"):
        FolderLock(tmp_path).__enter__()
    with FolderLock(tmp_path):
        pass
