# SPDX-License-Identifier: AGPL-3.0-or-later
"""The results zone against neighbours that lie, cut or send elsewhere; and against itself."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest

from encrier import manifest, signing
from encrier.errors import BadRecord, BadSetting
from encrier.ids import BundleId
from encrier.manifest import Manifest, Node
from encrier.records import from_bytes, to_bytes
from encrier.secret import Secret
from encrier.wire import EnvelopeBatch, Register, ScoreSheet
from encrier_results import doors, opening
from encrier_results.booklets import closed, open_booklet
from encrier_results.settings import ResultsSettings
from stagecraft import envelopes
from stagecraft.envelopes import CAMPAIGN, NODE, SEED, batch, header, pupil, register, sealed, sheet
from stagecraft.strangers import Standing

PACKAGE = Path(__file__).parents[3] / "demo/assessments/sixieme-debut"
ROOT = Secret(b"r" * 32)


class Said(NamedTuple):
    """What a neighbour replies; no status: it hangs up before the end."""

    status: int
    body: bytes
    to: str = ""


Reply = Callable[[str, bytes], Said | None]  # path, body of the request


class Neighbour:
    """One server in the place of names and answers; the test says what it replies."""

    def __init__(self) -> None:
        self.reply: Reply = lambda _path, _body: Said(404, b"")
        self.asked: list[str] = []
        this = self

        class Door(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._say(b"")

            def do_POST(self) -> None:
                self._say(self.rfile.read(int(self.headers["content-length"])))

            def _say(self, body: bytes) -> None:
                this.asked.append(self.path)
                said = this.reply(self.path, body)
                if said is None:
                    self.wfile.write(b"HTTP/1.0 200 OK\r\ncontent-length: 100\r\n\r\ncut")
                    return
                self.send_response(said.status)
                if said.to:
                    self.send_header("location", said.to)
                self.end_headers()
                self.wfile.write(said.body)

            def log_message(self, *_: object) -> None:
                """Nothing is printed."""

        standing = Standing(Door)
        self.url, self.close = standing.url, standing.close


@pytest.fixture
def neighbour() -> Iterator[Neighbour]:
    standing = Neighbour()
    yield standing
    standing.close()


@pytest.fixture
def settings(neighbour: Neighbour, tmp_path: Path) -> ResultsSettings:
    node = Node(NODE, neighbour.url, signing.public_of(envelopes.NODE_KEY))
    entries = [closed(open_booklet(PACKAGE), key=Secret(b"b" * 32)).entry]
    made = msgspec.structs.replace(envelopes.MANIFEST, nodes=[node], bundles=entries)
    (tmp_path / "manifest.json").write_bytes(manifest.sign(made, key=ROOT))
    (tmp_path / "packages").mkdir()
    (tmp_path / "packages/one").symlink_to(PACKAGE, target_is_directory=True)
    return ResultsSettings(
        folder=tmp_path,
        manifest_file=tmp_path / "manifest.json",
        root_key=signing.public_of(ROOT),
        sealing_seed=SEED,
        door_key=Secret(b"d" * 32),
        packages=tmp_path / "packages",
        names_url=neighbour.url,
    )


def pull(settings: ResultsSettings) -> int:
    return doors.pull(settings, settings.manifest().nodes[0])


def one_row() -> EnvelopeBatch:
    alice, stream = pupil(), b"1" * 8
    return batch(envelopes.save(sealed(alice, sheet({}, stream=stream), header(alice, stream))))


def of_campaign(made: Manifest) -> Register:
    """Two pupils who are to sit the campaign's booklet."""
    bundle = BundleId(made.bundles[0].id)
    rows = [msgspec.structs.replace(row, bundle=bundle) for row in register(pupil(), pupil()).rows]
    return Register(made.campaign, rows)


@pytest.mark.parametrize(
    "changes",
    [
        {"next": 1},  # the number of the batch before: it would be written over
        {"next": 0},
        {"rows": [], "more": True, "next": 9},  # asked for without end
        {"campaign": b"x" * 16, "next": 9},
        {"node": b"xxxx", "next": 9},
    ],
)
def test_a_batch_that_does_not_follow_is_refused_and_what_came_before_stays(
    changes: dict[str, object], neighbour: Neighbour, settings: ResultsSettings
) -> None:
    first = one_row()
    neighbour.reply = lambda path, _: Said(200, to_bytes(first if "after=0" in path else batch()))
    assert pull(settings) == 1
    hostile = to_bytes(msgspec.structs.replace(one_row(), **changes))
    neighbour.reply = lambda _path, _body: Said(200, hostile)
    with pytest.raises(doors.BadBatch):
        pull(settings)
    assert doors.pulled(settings) == [first]


def test_a_node_that_went_back_is_told_as_such(
    neighbour: Neighbour, settings: ResultsSettings
) -> None:
    neighbour.reply = lambda _path, _body: Said(409, b"")
    with pytest.raises(doors.WentBack, match="older copy"):
        pull(settings)


def asked_of(neighbour: Neighbour) -> list[str]:
    return [path.removeprefix("/v1/batch?") for path in neighbour.asked]


def test_the_end_is_asked_for_once_more_so_that_a_node_knows_what_is_safe(
    neighbour: Neighbour, settings: ResultsSettings
) -> None:
    first, store = one_row(), f"&store={envelopes.STORE.hex()}"
    neighbour.reply = lambda path, _: Said(200, to_bytes(first if "after=0" in path else batch()))
    assert pull(settings) == 1
    assert asked_of(neighbour) == ["after=0", f"after=0{store}", f"after=1{store}"]
    neighbour.asked.clear()
    assert pull(settings) == 0
    assert asked_of(neighbour) == [f"after=1{store}"]


def test_a_node_that_is_never_silent_ends_a_pull_all_the_same(
    neighbour: Neighbour, settings: ResultsSettings
) -> None:
    def reply(path: str, _body: bytes) -> Said:
        after = int(path.partition("after=")[2].partition("&")[0])
        return Said(200, to_bytes(msgspec.structs.replace(one_row(), next=after + 1)))

    neighbour.reply = reply
    assert pull(settings) == 2


def test_a_node_that_lost_its_disk_is_pulled_from_its_beginning_and_the_old_is_kept(
    neighbour: Neighbour, settings: ResultsSettings
) -> None:
    old, new = one_row(), msgspec.structs.replace(one_row(), store=b"store-02")
    at = {"store": old}

    def reply(path: str, _body: bytes) -> Said:
        now = at["store"]
        begins = f"after=1&store={now.store.hex()}" not in path
        return Said(200, to_bytes(now if begins else msgspec.structs.replace(now, rows=[])))

    neighbour.reply = reply
    assert pull(settings) == 1
    at["store"] = new
    assert pull(settings) == 1
    assert pull(settings) == 0
    assert [b.rows for b in doors.pulled(settings)] == [old.rows, new.rows]


def test_a_node_that_changes_its_disk_at_every_word_is_refused(
    neighbour: Neighbour, settings: ResultsSettings
) -> None:
    def reply(_path: str, _body: bytes) -> Said:
        store = b"%08d" % len(neighbour.asked)
        return Said(200, to_bytes(msgspec.structs.replace(one_row(), store=store)))

    neighbour.reply = reply
    with pytest.raises(doors.BadBatch):
        pull(settings)


def test_a_redirection_is_not_followed(neighbour: Neighbour, settings: ResultsSettings) -> None:
    neighbour.reply = lambda _path, _body: Said(302, b"", f"{neighbour.url}/elsewhere")
    with pytest.raises(doors.Refused):
        pull(settings)
    assert neighbour.asked == ["/v1/batch?after=0"]


def test_a_reply_cut_in_the_middle_is_a_door_that_is_closed(
    neighbour: Neighbour, settings: ResultsSettings
) -> None:
    neighbour.reply = lambda _path, _body: None
    with pytest.raises(doors.DoorClosed):
        pull(settings)


def test_a_reply_that_is_no_http_is_a_door_that_is_closed(settings: ResultsSettings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as standing:
        url = f"http://127.0.0.1:{standing.getsockname()[1]}"
        node = msgspec.structs.replace(settings.manifest().nodes[0], url=url)

        def talk() -> None:
            with standing.accept()[0] as asked:
                asked.recv(4096)
                asked.sendall(b"no such thing\r\n\r\n")

        talker = threading.Thread(target=talk)
        talker.start()
        with pytest.raises(doors.DoorClosed):
            doors.pull(settings, node)
        talker.join()


def test_a_reply_without_end_is_refused(neighbour: Neighbour, settings: ResultsSettings) -> None:
    neighbour.reply = lambda _path, _body: Said(200, bytes(doors.MAX_BATCH + 2))
    with pytest.raises(BadRecord, match="larger"):
        pull(settings)


def test_an_opening_whose_reply_was_lost_is_run_again_under_a_greater_serial(
    neighbour: Neighbour, settings: ResultsSettings
) -> None:
    known = of_campaign(settings.manifest())
    taken: list[int] = []

    def reply(path: str, body: bytes) -> Said | None:
        match path:
            case "/doors/register":
                return Said(200, to_bytes(known))
            case "/doors/scores":
                taken.append(from_bytes(body, ScoreSheet).serial)
                return None if len(taken) == 1 else Said(200, b"{}")
            case _:
                return Said(200, to_bytes(batch()))

    neighbour.reply = reply
    with pytest.raises(doors.DoorClosed):
        opening.run(settings)
    assert opening.run(settings).missing == 2
    assert taken == [1, 2]
    assert json.loads((settings.folder / "report.json").read_bytes())["missing"] == 2


def test_a_serial_that_is_lost_is_said_and_not_guessed(
    neighbour: Neighbour, settings: ResultsSettings
) -> None:
    neighbour.reply = lambda _path, _body: Said(200, to_bytes(batch()))
    (settings.folder / "serial").write_bytes(b"")
    with pytest.raises(BadSetting, match="serial"):
        opening.run(settings)


@pytest.mark.parametrize("fault", ["campaign", "booklet", "sitting", "order"])
def test_a_register_that_would_mix_pupils_up_is_refused(
    fault: str, settings: ResultsSettings
) -> None:
    made = settings.manifest()
    good = of_campaign(made)
    one, other = good.rows
    opening.refuse_wrong(good, made)
    wrong = {
        "campaign": Register(b"x" * 16, good.rows),
        "booklet": Register(CAMPAIGN, [msgspec.structs.replace(one, bundle=b"x" * 8)]),
        "sitting": Register(CAMPAIGN, [one, msgspec.structs.replace(other, sid=one.sid)]),
        "order": Register(CAMPAIGN, [one, msgspec.structs.replace(other, order=one.order)]),
    }[fault]
    with pytest.raises(BadRecord):
        opening.refuse_wrong(wrong, made)
