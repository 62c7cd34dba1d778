# SPDX-License-Identifier: AGPL-3.0-or-later
"""The exchange with answers over a real loopback connection: signed, repeated, idempotent."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encrier import booklets, calls, clock
from encrier.errors import BadRecord, BadSignature
from encrier.keyfiles import write_secret
from encrier.manifest import Node
from encrier.records import from_bytes, to_bytes
from encrier.secret import Secret
from encrier.signing import draw_key
from encrier.wire import AdmissionList, Progress, SittingProgress
from encrier_names import zone
from encrier_names.codesheets.sheet import slips_of
from encrier_names.doors import admission
from encrier_names.doors.exchange import AnswersRefused, AnswersUnreachable, Exchanged, exchange
from encrier_names.doors.models import Outgoing
from encrier_names.sittings import board, progress


@dataclass
class Answers:
    """A small answers zone: checks the signature, keeps the lists, tells progress."""

    names_key: bytes
    campaign: bytes
    lists: list[AdmissionList] = field(default_factory=list)
    rows: list[SittingProgress] = field(default_factory=list)
    fails: int = 0  # this many calls first answer 503
    calls: int = 0

    def take(self, method: str, path: str, header: str, body: bytes) -> tuple[int, bytes]:
        self.calls += 1
        if self.fails >= self.calls:
            return 503, b""
        try:
            calls.check(
                header, method=method, path=path, body=body, now=clock.now(), by=self.names_key
            )
        except BadSignature:
            return 403, b""
        if method == "POST" and path == "/v1/admission":
            listed = from_bytes(body, AdmissionList)
            self.lists.append(listed)
            return 200, to_bytes({"serial": listed.serial, "rows": len(listed.rows)})
        if method == "GET" and path == "/v1/progress":
            return 200, to_bytes(Progress(campaign=self.campaign, minute=1, rows=self.rows))
        return 404, b""


@pytest.fixture
def answers(names: Any) -> Iterator[Answers]:
    """The answers zone of the campaign, listening; the manifest names it."""
    there = Answers(names.manifest.names_key, names.manifest.campaign)

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            header = self.headers.get(calls.HEADER, "")
            status, content = there.take(self.command, self.path, header, body)
            self.send_response(status)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = _answer  # noqa: N815 the library's names

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    opens_at = clock.now() + timedelta(days=1)  # the keys of the booklets stay here until then
    names.start(
        nodes=[_node(f"http://127.0.0.1:{server.server_port}")],
        opens_at=opens_at,
        closes_at=opens_at + timedelta(days=18),
    )
    yield there
    server.shutdown()
    thread.join()
    server.server_close()


def _node(url: str) -> Node:
    return Node(node=b"nd01", url=url, receipt_key=bytes(32))


def _exchange(names: Any, *, key: Secret | None = None) -> Exchanged:
    settings = zone.current().settings
    return exchange(
        names.manifest,
        door_key=key or settings.door_key,
        booklet_keys=settings.booklet_keys,
        sleep=lambda _s: None,
    )


def test_an_admission_list_holds_what_answers_needs_and_no_more(
    names: Any, answers: Answers
) -> None:
    division = names.validated_class(4)
    done = _exchange(names)
    assert (done.lists_sent, done.rows_sent) == (1, 4)
    (listed,) = answers.lists
    assert (listed.serial, listed.campaign) == (1, names.manifest.campaign)
    assert {row.sid: row.auth_sha256 for row in listed.rows} == {
        s.sid: s.auth_sha256 for s in slips_of(division)
    }
    assert [row.sid for row in listed.rows] == sorted(row.sid for row in listed.rows)
    assert {row.bundle for row in listed.rows} == {b"bundle01"}


def test_a_list_that_was_taken_is_not_sent_again_and_its_content_is_forgotten(
    names: Any, answers: Answers
) -> None:
    names.validated_class(2)
    _exchange(names)
    assert _exchange(names).lists_sent == 0
    assert [row.box for row in Outgoing.objects.all()] == [None]
    assert len(answers.lists) == 1


def test_serials_grow_with_each_validation(names: Any, answers: Answers) -> None:
    names.validated_class(2)
    names.validated_class(2, uai="9990002Y")
    _exchange(names)
    assert [listed.serial for listed in answers.lists] == [1, 2]


def test_a_node_that_stumbles_is_asked_again(names: Any, answers: Answers) -> None:
    names.validated_class(1)
    answers.fails = 2
    assert _exchange(names).lists_sent == 1


def test_a_list_stays_in_the_queue_while_answers_does_not_answer(
    names: Any, answers: Answers
) -> None:
    names.validated_class(1)
    answers.fails = 3
    with pytest.raises(AnswersUnreachable):
        _exchange(names)
    assert Outgoing.objects.filter(acknowledged_at=None).count() == 1
    assert _exchange(names).lists_sent == 1


def test_a_call_signed_by_another_key_is_refused_by_answers(names: Any, answers: Answers) -> None:
    names.validated_class(1)
    with pytest.raises(AnswersRefused):
        _exchange(names, key=draw_key())
    assert answers.lists == []


def test_nobody_listening_is_said_plainly(names: Any) -> None:
    names.start(nodes=[_node("http://127.0.0.1:9")])
    with pytest.raises(AnswersUnreachable, match="does not answer"):
        _exchange(names)


@pytest.mark.parametrize("url", ["http://evaluations.exemple.fr", "ftp://127.0.0.1", "file:///etc"])
def test_nothing_leaves_in_clear(names: Any, url: str) -> None:
    names.start(nodes=[_node(url)])
    with pytest.raises(AnswersRefused, match="HTTPS"):
        _exchange(names)


def test_progress_of_another_campaign_is_refused(names: Any, answers: Answers) -> None:
    answers.campaign = bytes(16)
    with pytest.raises(BadRecord):
        _exchange(names)


def test_progress_is_shown_beside_the_name_of_the_pupil_it_is_about(
    names: Any, answers: Answers
) -> None:
    division = names.validated_class(3)
    one, two, _three = slips_of(division)
    answers.rows = [
        SittingProgress(one.sid, "finished", 100, 0, 29_000_000),
        SittingProgress(two.sid, "started", 40, 2, 29_000_001),
    ]
    assert _exchange(names).sittings_seen == 2
    by_order = {line.order: line for line in board.lines(division)}
    assert by_order[one.order].state == "finished"
    assert (by_order[two.order].percent, by_order[two.order].unsent) == (40, 2)
    head = names.client(names.staff("head", "head", school=division.school))
    page = head.get(f"/classes/{division.id}/passation/").content.decode()
    assert "Commencé, 40\u00a0%" in page
    assert "2 réponses en attente" in page
    assert page.count("Attendu<") == 1
    counts = board.counts(division)
    assert (counts.awaited, counts.started, counts.finished) == (3, 1, 1)


REPORTS = st.lists(
    st.builds(
        SittingProgress,
        sid=st.sampled_from([bytes([n]) * 16 for n in range(4)]),
        state=st.sampled_from(["expected", "started", "finished"]),
        percent=st.integers(0, 100),
        unsent=st.integers(0, 9),
        last_minute=st.none() | st.integers(0, 2**31),
    ),
    max_size=12,
)


@given(REPORTS, st.randoms())
def test_where_nodes_disagree_the_order_of_their_answers_does_not_matter(
    reports: list[SittingProgress], random: Any
) -> None:
    shuffled = list(reports)
    random.shuffle(shuffled)
    one, other = progress.merged(reports), progress.merged(shuffled)
    assert one.keys() == other.keys() == {r.sid for r in reports}
    assert {k: (v.state, v.percent) for k, v in one.items()} == {
        k: (v.state, v.percent) for k, v in other.items()
    }


@given(REPORTS)
def test_a_sitting_that_one_node_saw_finished_is_finished(reports: list[SittingProgress]) -> None:
    best = progress.merged(reports)
    for report in reports:
        if report.state == "finished":
            assert best[report.sid].state == "finished"


def test_the_key_of_a_booklet_leaves_when_the_sittings_open_and_once(
    names: Any, answers: Answers
) -> None:
    names.validated_class(1)
    _exchange(names)
    assert not any(listed.booklet_keys for listed in answers.lists)
    names.start(opens_at=clock.now() + timedelta(minutes=9))
    _exchange(names)
    _exchange(names)
    (released,) = [listed for listed in answers.lists if listed.booklet_keys]
    (handed,) = released.booklet_keys
    assert booklets.commitment(Secret(handed.key)) == names.manifest.bundles[0].key_sha256


def test_lists_leave_even_where_the_key_of_a_booklet_is_missing(
    names: Any, answers: Answers
) -> None:
    names.validated_class(1)
    names.start(opens_at=clock.now())
    (zone.current().settings.booklet_keys / f"{names.manifest.bundles[0].id.hex()}.key").unlink()
    with pytest.raises(admission.BookletKeyMissing, match="key of a booklet"):
        _exchange(names)
    assert [len(listed.rows) for listed in answers.lists] == [1]


def test_the_key_of_another_booklet_is_not_sent(names: Any, answers: Answers) -> None:
    names.start(opens_at=clock.now())
    file = zone.current().settings.booklet_keys / f"{names.manifest.bundles[0].id.hex()}.key"
    file.unlink()
    write_secret(file, Secret(bytes(32)))
    with pytest.raises(admission.BookletKeyMissing, match="another booklet"):
        _exchange(names)
    assert answers.lists == []
