# SPDX-License-Identifier: AGPL-3.0-or-later
"""Small rehearsals against the real server: what is lost, altered, made up or in clear is seen."""

import gzip
import json
import os
import shutil
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pytest
from msgspec.structs import replace

from encrier import cli, seal, signing
from encrier.errors import EncrierError
from encrier.wire import SealedSave
from encrier_answers.rehearsal import canaries, reconcile
from encrier_answers.rehearsal.campaign import Campaign
from encrier_answers.rehearsal.reconcile import Account
from encrier_answers.rehearsal.rehearse import (
    Asked,
    Done,
    NotServed,
    NotThisMachine,
    TooLarge,
    check,
    needs,
    rehearse,
)
from encrier_answers.rehearsal.report import page
from encrier_answers.rehearsal.report.figures import Goals, figures
from encrier_answers.rehearsal.server import Door, Server, free_port
from encrier_answers.rehearsal.shape import Day
from stagecraft.opened import count_opened, script_of, stored

PUPILS = 200
SVG = "{http://www.w3.org/2000/svg}"
BUSY = Day(pupils=PUPILS, seconds=6, save_every_s=1, reloads=0.05, moves=0.02, cuts=0.05)


class Rehearsed(NamedTuple):
    """A rehearsal and what it left."""

    done: Done
    folder: Path


@pytest.fixture(scope="module")
def rehearsed(tmp_path_factory: pytest.TempPathFactory) -> Rehearsed:
    """One day over TLS, with many reloads, moves and cuts."""
    folder = tmp_path_factory.mktemp("rehearsal")
    return Rehearsed(rehearse(Asked(BUSY, n_sample=20), folder), folder)


def account_of(folder: Path, saves: Sequence[SealedSave]) -> Account:
    """What is said of a rehearsal whose server stores these."""
    key = signing.public_of(Campaign(folder).key("receipt"))
    return reconcile.reconcile(script_of(folder), receipt_key=key, batches=[saves])


def test_a_day_of_reloads_moves_and_cuts_over_tls_loses_nothing(rehearsed: Rehearsed) -> None:
    found = figures(rehearsed.done)
    assert found.tls
    assert (found.faults, found.errors, found.account.faults) == (0, 0, 0)
    assert found.counts["due"] == found.counts["acknowledged"] == found.account.acknowledged
    assert found.account.acknowledged > 3 * PUPILS
    assert found.account.signatures == found.account.receipts == found.account.acknowledged
    assert found.account.stored > PUPILS  # those who moved have several streams
    assert found.counts["starts"] > PUPILS
    assert found.connections == PUPILS
    assert found.costs.server_cores > 0
    assert found.costs.load_cpu_us_per_request > 0


def test_the_sample_opens_to_the_very_sheets_that_were_sealed(rehearsed: Rehearsed) -> None:
    n_sampled, n_opened = count_opened(rehearsed.folder)
    assert n_opened == n_sampled >= 20


def test_a_removed_envelope_is_lost(rehearsed: Rehearsed) -> None:
    saves = list(stored(rehearsed.folder))
    assert account_of(rehearsed.folder, saves).faults == 0
    assert account_of(rehearsed.folder, saves[1:]).lost == 1


def test_an_altered_envelope_is_seen_and_counts_as_lost(rehearsed: Rehearsed) -> None:
    first, *others = stored(rehearsed.folder)
    last_byte = bytes([first.envelope[-1] ^ 1])
    altered = SealedSave(first.envelope[:-1] + last_byte, first.receipt)
    account = account_of(rehearsed.folder, [altered, *others])
    assert (account.altered, account.lost) == (1, 1)


def test_an_envelope_that_nobody_sent_is_seen(rehearsed: Rehearsed) -> None:
    first, *others = stored(rehearsed.folder)
    head, inside = seal.read_header(first.envelope), first.envelope[seal.HEADER_SIZE :]
    for changes in ({"sid": b"nobody's sitting"}, {"stream": b"nobody's"}, {"seq": head.seq + 1}):
        made_up = SealedSave(replace(head, **changes).to_bytes() + inside, first.receipt)
        account = account_of(rehearsed.folder, [first, *others, made_up])
        assert (account.forged, account.faults) == (1, 1), changes


def test_a_stream_stored_twice_and_a_receipt_of_another_save_are_seen(
    rehearsed: Rehearsed,
) -> None:
    first, second, *others = stored(rehearsed.folder)
    assert account_of(rehearsed.folder, [first, first, second, *others]).twice == 1
    crossed = [SealedSave(first.envelope, second.receipt), second, *others]
    assert account_of(rehearsed.folder, crossed).false_receipts == 1


def test_the_sealed_word_stands_nowhere_in_clear(rehearsed: Rehearsed) -> None:
    search = rehearsed.done.search
    assert search.found == {}
    assert search.forms > 50
    assert min(search.searched.values()) > 50  # every place was there to be searched
    assert search.searched["rows of the store"] > PUPILS * 2_000


@pytest.mark.parametrize(
    "place", ["data/answers.db-old", "server.log", "bodies-0.bin", "receipts-0.bin"]
)
def test_a_sealed_word_that_was_planted_is_found(
    rehearsed: Rehearsed, place: str, tmp_path: Path
) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(rehearsed.folder, folder)
    script = script_of(folder)
    with (folder / place).open("ab") as file:
        file.write(gzip.compress(b"..." + script.canary.encode("utf-16-le")))
    found = canaries.search(script, Campaign(folder), database=None).found
    (n_times,) = found.values()
    assert n_times in {1, 2}, "twice at the end of a file, which the next one's window overlaps"


def test_a_search_that_misses_a_form_does_not_prove_itself() -> None:
    needles = canaries.Needles("canari0123456789")
    assert canaries.prove("canari0123456789", needles)
    needles.forms = needles.forms[:3]
    assert not canaries.prove("canari0123456789", needles)


def test_the_report_has_its_curves_its_figures_and_nothing_to_fetch(
    rehearsed: Rehearsed, tmp_path: Path
) -> None:
    page.write(rehearsed.done, Goals(p99_ms=150), tmp_path)
    drawings = sorted(tmp_path.glob("*.svg"))
    assert {file.stem for file in drawings} >= {"saves", "wait", "starts", "processor", "memory"}
    for file in drawings:
        lines = ET.parse(file).getroot().iter(f"{SVG}polyline")  # noqa: S314 our own file
        assert all("," in line.attrib["points"] for line in lines), file
    html = (tmp_path / "report.html").read_text()
    assert html.count("<svg") == len(drawings)
    assert html.count("http") == html.count('xmlns="http://www.w3.org/2000/svg"')
    assert "each of them, or a later one of the same computer, is in the store" in html
    section = page.section(figures(rehearsed.done), Goals(), title="Rehearsal", command="x")
    assert "| acknowledged and lost | 0 | 0 |" in section


def test_a_server_killed_on_the_way_loses_no_acknowledged_save(tmp_path: Path) -> None:
    day = Day(pupils=100, seconds=6, save_every_s=1, starts="storm")
    found = figures(rehearse(Asked(day, n_sample=10, kills=1), tmp_path))
    assert (found.account.faults, found.resumed_behind) == (0, 0)
    assert found.counts["lost_lines"] > 50  # it was killed while they were connected
    assert found.errors == 0
    assert found.saves.max_ms > 500  # waits count from when saves were due


def test_pupils_who_must_wait_to_start_come_back_with_their_tickets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environ = Campaign.environ
    slowly = {"ENCRIER_ANSWERS_STARTS_PER_S": "4"}
    monkeypatch.setattr(Campaign, "environ", lambda *a, **k: environ(*a, **k) | slowly)
    day = Day(pupils=60, seconds=8, save_every_s=1, starts="storm")
    found = figures(rehearse(Asked(day, n_sample=10), tmp_path))
    assert (found.account.faults, found.errors) == (0, 0)
    assert found.counts["held"] > 5
    assert found.starts.max_ms > 1_000  # counted from when they came


def test_pupils_may_share_connections_as_behind_a_proxy(tmp_path: Path, database: object) -> None:
    day = Day(pupils=100, seconds=4, save_every_s=1)
    words = database.words()  # type: ignore[attr-defined]
    asked = Asked(day, n_sample=10, n_lines=10, plain=True, database=words)
    done = rehearse(asked, tmp_path)
    found = figures(done)
    assert (found.faults, found.errors, found.connections) == (0, 0, 10)
    assert found.store == "PostgreSQL"
    assert done.search.searched["rows of the store"] > 100 * 2_000
    assert count_opened(tmp_path, database=words) == (10, 10)


@pytest.mark.parametrize(
    ("asked", "refused"),
    [
        (Asked(BUSY, server="https://answers.example:443"), NotThisMachine),
        (Asked(BUSY, server="http://192.0.2.1:8002"), NotThisMachine),
        (Asked(BUSY, server="http://[::1]:8002"), NotThisMachine),
        (Asked(BUSY, server="http://127.0.0.1"), NotThisMachine),
        (Asked(Day(pupils=200_000, seconds=600), workers=20), TooLarge),
        (Asked(Day(pupils=20_000, seconds=600)), TooLarge),
        (Asked(BUSY, n_lines=PUPILS + 1), EncrierError),
        (Asked(BUSY, server="http://127.0.0.1:8002", kills=1), EncrierError),
    ],
)
def test_what_is_too_large_or_elsewhere_is_refused(
    asked: Asked, refused: type[EncrierError]
) -> None:
    with pytest.raises(refused):
        check(asked, needs(asked), memory_mb=8_000, disk_mb=100_000, files=20_000)


def test_fifty_thousand_pupils_fit_where_three_servers_may_open_enough_files() -> None:
    asked = Asked(Day(pupils=50_000, seconds=900), workers=3)
    needed = needs(asked)
    check(asked, needed, memory_mb=8_000, disk_mb=100_000, files=20_000)
    assert needed.processes == 3
    assert needed.memory_mb > 50_000 * 60 / 1024


def test_a_server_of_ones_own_is_given_its_settings_then_loaded_again_and_again(
    tmp_path: Path,
) -> None:
    port = free_port()
    asked = Asked(Day(pupils=30, seconds=3, save_every_s=1), server=f"http://127.0.0.1:{port}")
    with pytest.raises(NotServed):
        rehearse(asked, tmp_path)
    lines = (tmp_path / "environment").read_text().splitlines()
    environ = os.environ | dict(line.split("=", 1) for line in lines)
    door = Door("127.0.0.1", port, None)
    with Server(environ, door=door, log=tmp_path / "own.log"):
        for _ in range(2):
            found = figures(rehearse(asked, tmp_path))
            assert (found.faults, found.errors, found.account.stored) == (0, 0, 30)
            assert "not seen" in page.page(found, Goals(), [])


def test_the_verb_prints_its_figures_and_leaves_its_report(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["answers", "rehearse", "--pupils", "20", "--minutes", "0.05", "--saves-every", "1"]
    assert cli.main([*asked, "--plain", "--json", "--report", str(tmp_path)]) == 0
    printed = capsys.readouterr()
    assert json.loads(printed.out) == json.loads((tmp_path / "figures.json").read_bytes())
    assert json.loads(printed.out)["account"]["lost"] == 0
    assert printed.err.startswith("rehearsing 20 pupils: 20 connections in 1 load processes")
    assert cli.main([*asked, "--server", "http://192.0.2.1:8002"]) == 2
    assert "nobody else's machine" in capsys.readouterr().err
