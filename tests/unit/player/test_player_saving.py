# SPDX-License-Identifier: AGPL-3.0-or-later
"""Saving in a real browser, with a host that lies, hangs up or is gone, and a disk that is full.

The host is a small server of the test, which has a true receipt key; it opens no envelope.
"""

import base64
import subprocess
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, Page

from encrier import receipts, seal, signing
from encrier.uploads import unpack_save
from stagecraft.envelopes import MANIFEST, NODE, NODE_KEY
from stagecraft.strangers import Standing

PLAYER = Path(__file__).parents[3] / "player"
HTML = b'<!doctype html><html lang="fr"><title>Essai</title><script src="/h.js"></script></html>'
KEYS = [base64.b64encode(k).decode() for k in (signing.public_of(NODE_KEY), MANIFEST.sealing_key)]
SUPERSEDED: Final = (200, "application/json", b'{"superseded":true}')
WORDS: Final = b'{"what": "Non.", "next_step": "Attends."}'
TAKEN: Final = (409, "application/json", WORDS)
CUT: Final = (200, "application/octet-stream", b"")
DEAD: Final = (503, "application/json", WORDS)

Said = tuple[int, str, bytes]  # status, media type, body
KEPT = "() => window.state().kind === 'kept'"
EMPTY = "async () => (await window.outbox()).length === 0"


def honest(body: bytes) -> Said:
    envelope = unpack_save(body).envelope
    header = seal.read_header(envelope)
    receipt = receipts.sign(header, envelope, minute=29_000_000, node=NODE, key=NODE_KEY)
    return 200, "application/octet-stream", receipt


class Host:
    """Where the page comes from and saves go; `say` is what it replies to a save."""

    def __init__(self, script: bytes) -> None:
        self.say: Callable[[bytes], Said] = honest
        self.n_saves = 0
        host = self

        class Door(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                is_script = self.path == "/h.js"
                kind = "text/javascript" if is_script else "text/html; charset=utf-8"
                self._reply((200, kind, script if is_script else HTML))

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                host.n_saves += 1
                self._reply(host.say(body))

            def _reply(self, said: Said) -> None:
                status, kind, content = said
                self.send_response(status)
                self.send_header("content-type", kind)
                self.send_header(
                    "content-length", str(receipts.SIZE) if said == CUT else str(len(content))
                )
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: object) -> None:
                """Nothing is printed."""

        standing = Standing(Door)
        self.url, self.close = f"{standing.url}/", standing.close


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    esbuild = PLAYER / "node_modules" / ".bin" / "esbuild"
    if not esbuild.exists():
        pytest.skip("the player's npm packages are not installed: npm ci --ignore-scripts")
    out = tmp_path_factory.mktemp("harness") / "h.js"
    command = [str(esbuild), "test/browser/saving.js", "--bundle", f"--outfile={out}"]
    subprocess.run([*command, "--log-level=error"], cwd=PLAYER, check=True)
    return out.read_bytes()


@pytest.fixture
def host(script: bytes) -> Iterator[Host]:
    standing = Host(script)
    yield standing
    standing.close()


@pytest.fixture
def page(host: Host, browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    opened = context.new_page()
    sit(opened, host)
    yield opened
    context.close()


def sit(page: Page, host: Host) -> None:
    page.goto(host.url)
    page.evaluate("keys => window.sit(...keys)", KEYS)


def answer(page: Page, host: Host, value: str, *, heard: int) -> None:
    """Answer, and wait until the host was asked so many times more."""
    before = host.n_saves
    page.evaluate("value => window.answer(value)", value)
    wait_for_saves(page, host, before + heard)


def wait_for_saves(page: Page, host: Host, n_saves: int) -> None:
    for _ in range(400):
        if host.n_saves >= n_saves:
            break
        page.wait_for_timeout(25)
    assert host.n_saves >= n_saves


def outbox(page: Page) -> list[int]:
    seqs: list[int] = page.evaluate("() => window.outbox()")
    return seqs


def test_a_receipt_lets_a_save_go(page: Page, host: Host) -> None:
    answer(page, host, "A", heard=1)
    page.wait_for_function(KEPT)
    page.wait_for_function(EMPTY)


@pytest.mark.parametrize("lie", [SUPERSEDED, CUT, DEAD], ids=["superseded", "cut", "dead"])
def test_a_save_without_a_receipt_stays_and_is_sent_again(
    lie: Said, page: Page, host: Host
) -> None:
    host.say = lambda _: lie
    answer(page, host, "A", heard=2)
    assert outbox(page) == [0]
    assert page.evaluate("() => window.state().unsent") == 1
    host.say = honest
    page.wait_for_function(KEPT)
    page.wait_for_function(EMPTY)


def test_a_last_save_whose_receipt_was_cut_is_sent_again(page: Page, host: Host) -> None:
    host.say = lambda _: CUT
    answer(page, host, "A", heard=1)
    page.evaluate("() => window.finish()")
    host.say = honest
    page.wait_for_function("() => /^[0-9a-f]{64}$/.test(window.receipt)")
    page.wait_for_function(EMPTY)


def test_a_save_left_by_an_earlier_page_stays_whatever_the_host_says(
    page: Page, host: Host
) -> None:
    host.say = lambda _: DEAD
    answer(page, host, "A", heard=1)
    host.say = lambda _: TAKEN
    sit(page, host)
    page.evaluate("() => window.send()")
    wait_for_saves(page, host, 2)
    assert outbox(page) == [0]


def test_answers_whose_number_was_taken_are_on_disk_all_the_time(page: Page, host: Host) -> None:
    replies = iter([TAKEN, DEAD])
    host.say = lambda body: next(replies, None) or honest(body)
    answer(page, host, "A", heard=2)
    assert outbox(page) == [1]
    assert page.evaluate("() => window.least") == 1
    page.wait_for_function(KEPT)
    page.wait_for_function(EMPTY)


def test_the_host_is_told_how_many_answers_are_newer_than_the_save(page: Page, host: Host) -> None:
    told: list[int] = []

    def slow(body: bytes) -> Said:
        told.append(unpack_save(body).unsent)
        return DEAD if len(told) == 1 else honest(body)

    host.say = slow
    page.evaluate("() => { window.answer('A'); window.send(); window.answer('B'); }")
    page.wait_for_function(KEPT)
    page.wait_for_function(EMPTY)
    assert told[-1] == 0
    assert set(told) <= {0, 1}


def test_a_full_disk_keeps_no_answer_from_leaving(page: Page, host: Host) -> None:
    page.evaluate("() => window.fillDisk()")
    answer(page, host, "A", heard=1)
    page.wait_for_function(KEPT)
    page.evaluate("() => window.finish()")
    page.wait_for_function("() => /^[0-9a-f]{64}$/.test(window.receipt)")


def test_a_disk_that_fills_up_keeps_no_earlier_save_from_leaving(page: Page, host: Host) -> None:
    host.say = lambda _: DEAD
    answer(page, host, "A", heard=1)
    page.evaluate("() => window.fillDisk()")
    host.say = honest
    page.wait_for_function(EMPTY)
    page.wait_for_function(KEPT)
