# SPDX-License-Identifier: AGPL-3.0-or-later
"""A node loses its disk for good; the computer of the room sends what the node had acknowledged."""

import shutil
from datetime import UTC, datetime
from typing import Any, Final
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Browser, Page, expect

from encrier import calls, codes
from encrier.ids import SittingId
from encrier.keyfiles import read_secret
from encrier.records import to_bytes
from encrier.seal import read_header
from encrier.wire import Admission, AdmissionList, BookletKey
from encrier_answers.sittings import Admitted, from_minute
from encrier_answers.store_sqlite import SqliteStore
from encrier_results import doors
from operators import wait_until
from stage import Slip, Stage, patterns
from stagecraft import hands
from stagecraft.classroom import Classroom

pytestmark = pytest.mark.journey
FIRST: Final = "fr-c-01"
SLOW_MS: Final = 30_000  # the page looks some seconds after it was opened
HELD: Final = """async (names) => {
  const found = {};
  for (const { name } of await indexedDB.databases()) {
    const asked = indexedDB.open(name);
    const db = await new Promise((done) => (asked.onsuccess = () => done(asked.result)));
    for (const store of db.objectStoreNames) {
      const all = db.transaction(store).objectStore(store).getAll();
      await new Promise((done) => (all.onsuccess = done));
      const stores = all.result.map((one) => one.store ?? "");
      if (stores.length > 0) found[`${name}/${store}`] = stores;
    }
    db.close();
  }
  return found;
}"""
ASKED_ANEW: Final = """() =>
  fetch("/v1/drained", { cache: "reload", credentials: "omit" }).then((said) => said.text())"""
KEPT: Final = "encrier-kept/saves"


def held(page: Page) -> dict[str, list[str]]:
    """What this computer's disk holds, by table; of what is kept, which disk of a node has it."""
    found: dict[str, list[str]] = page.evaluate(HELD)
    return found


def reopened(page: Page, stage: Stage) -> None:
    """Somebody opens the page, and more than a minute has passed since anybody asked."""
    page.goto(stage.answers_url)
    expect(hands.hook(page, "code-field")).to_be_visible()
    page.evaluate(ASKED_ANEW)


def store_of(stage: Stage) -> SqliteStore:
    key = read_secret(stage.answers.folder / "keys/store.key")
    campaign = stage.campaign().campaign_id
    return SqliteStore(stage.answers.folder / "data", key=key, campaign=campaign)


def lose_the_disk(stage: Stage) -> tuple[bytes, dict[Any, bytes]]:
    """Kill the node, and put an empty disk in; its id before, and the envelopes it had."""
    stage.answers.kill(stage.answers_process)
    store = store_of(stage)
    saves = store.drain(0, at_most=10**6, at_most_bytes=10**9)
    rows = [row_of(known) for known in store.admissions()]
    keys = tuple(BookletKey(*pair) for pair in store.booklet_keys().items())
    serial, before = store.lists()[-1].serial, store.id
    store.close()
    shutil.rmtree(stage.answers.folder / "data")
    stage.serve_answers()
    send(stage, AdmissionList(stage.campaign().campaign, serial, rows, keys))
    return before, {read_header(save.envelope).sid: save.envelope for save in saves}


def row_of(known: Admitted) -> Admission:
    closes_at = None if known.closes is None else from_minute(known.closes)
    return Admission(
        sid=known.sid,
        auth_sha256=known.auth_sha256,
        bundle=known.bundle,
        terms=known.terms,
        closes_at=closes_at,
        open=known.is_open,
    )


def send(stage: Stage, listed: AdmissionList) -> None:
    """As names does; nothing of a save is in a list."""
    body, path = to_bytes(listed), "/v1/admission"
    door = read_secret(stage.names.folder / "keys/door.key")
    signed = calls.sign(door, method="POST", path=path, body=body, at=datetime.now(tz=UTC))
    sent = Request(stage.answers_url + path, data=body, headers={calls.HEADER: signed})
    with urlopen(sent, timeout=20) as answer:
        assert answer.status == 200


def sid_of(stage: Stage, slip: Slip) -> SittingId:
    manifest = stage.campaign()
    return codes.derive(slip.code, manifest.campaign_id, iterations=manifest.kdf_iterations).sid


def finish(page: Page, stage: Stage, slip: Slip) -> None:
    """Answer one question, and finish."""
    hands.enter(page, stage.answers_url, slip.code)
    hands.answer(page, FIRST, patterns()[0][FIRST])
    hands.hook(page, "overview").click()
    hands.hook(page, "finish").click()
    hands.hook(page, "finish-confirm").click()
    expect(hands.hook(page, "done")).to_be_visible(timeout=hands.SLOW_MS)


def test_what_a_lost_disk_had_acknowledged_comes_back_from_the_room(
    apart: Classroom, any_browser: Browser
) -> None:
    stage, slip = apart.stage, next(apart.slips)
    sid = sid_of(stage, slip)
    with apart.computer(browser=any_browser) as page:
        finish(page, stage, slip)
        wait_until(lambda: KEPT in held(page), what="the save that is kept")
        before, acknowledged = lose_the_disk(stage)
        assert held(page) == {KEPT: [before.hex()]}, "no key, no box, nothing that waits"

        reopened(page, stage)
        wait_until(
            lambda: held(page)[KEPT] != [before.hex()],
            what="the new disk",
            patience_s=SLOW_MS / 1000,
        )
        stage.open_envelopes()
        pulled = doors.pulled(stage._results_settings())
        back = [row.envelope for batch in pulled if batch.store != before for row in batch.rows]
        assert acknowledged[sid] in back, "byte for byte"
        opened = stage.opened()[sid]
        assert opened.finished
        assert opened.items[FIRST].r == {k: list(v) for k, v in patterns()[0][FIRST].items()}

        stage.kill_answers()
        reopened(page, stage)
        wait_until(lambda: held(page) == {}, what="an empty disk", patience_s=SLOW_MS / 1000)
