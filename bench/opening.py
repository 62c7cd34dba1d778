# SPDX-License-Identifier: AGPL-3.0-or-later
"""How long results takes to open and score the last envelopes of many pupils; what it holds.

Every envelope is really sealed, with 60 answers as pupils give them, and lies where a pull leaves
it; names is a server beside that hands over the register. Opened and scored is what
`encrier results open` opens and scores, by its own code and over all processors. Nothing is
extrapolated: for a country, ask for 830,000 pupils; sealing them first takes longer than all else.

    python bench/opening.py [--pupils 20000] [--json] [--write]
"""

import argparse
import gc
import hashlib
import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import cache
from http.server import BaseHTTPRequestHandler
from itertools import islice
from pathlib import Path
from typing import Any, Final, TypeVar

import ground
import msgspec
import performance_page

import qti
from encrier import manifest, receipts, seal, signing
from encrier.deflate import inflate
from encrier.ids import BundleId, SittingId
from encrier.records import from_bytes, to_bytes
from encrier.secret import Secret
from encrier.sheets import AnswerSheet
from encrier.wire import EnvelopeBatch, Register, Registered, SealedSave
from encrier_qti.checks.items import max_score
from encrier_qti.package import open_package
from encrier_qti.reading import archive
from encrier_qti.reporting import NAME as REPORTING
from encrier_results import keys, unseal
from encrier_results.booklets import Booklet, closed, open_booklet
from encrier_results.opening import Opening
from encrier_results.rounds import crew
from encrier_results.settings import ResultsSettings
from stagecraft import envelopes
from stagecraft.strangers import Standing

GOALS: Final = {"opened_per_s": 480, "scored_per_s": 180}  # seconds for a country
COUNTRY: Final = 830_000
IN_BATCH: Final = 500  # rows, as a node hands over
IN_COMMIT: Final = 25  # receipts under one signature, as a node signs on a full hour
STEPS: Final = 2_000  # envelopes by which each step is measured
HEADING: Final = "## A country's envelopes opened and scored"
ROOT_KEY: Final = Secret(b"r" * 32)

Figures = dict[str, float | int]
T = TypeVar("T")


# --- what is opened ---


def package_of_sixty(folder: Path) -> Path:
    """The demonstration's package with 60 items, the added ones in the domains of theirs."""
    contents = archive.read(qti.SAMPLE)
    made = qti.sixty(contents)
    for name, content in made.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    items = open_package(folder).items
    reporting = json.loads(contents[REPORTING])
    for domain in reporting["domains"]:
        domain["items"] += [f"{n}-b" for n in domain["items"] if f"{n}-b" in items]
        worth = [max_score(items[name]) for name in domain["items"]]
        domain["max_score"] = sum(each or 0 for each in worth)
    (folder / REPORTING).write_text(json.dumps(reporting), encoding="utf-8")
    return folder


def whole(booklet: Booklet, dice: random.Random, stream: bytes) -> bytes:
    """A sheet on which every item is answered, each as one of those that were scored by hand."""
    items = {}
    for event, item in enumerate(booklet.items, start=1):
        answers = dice.choice(patterns())["answers"].get(item.removesuffix("-b"), {})
        items[item] = {
            "r": answers,
            "t_ms": dice.randrange(3_000, 90_000),
            "n": dice.randrange(1, 4),
            "stamp": (0, event, stream.hex()),
        }
    bundle = booklet.bundle.id.hex()
    return to_bytes({"v": 1, "bundle": bundle, "items": items, "events": []})


@cache
def patterns() -> list[dict[str, Any]]:
    """Answers of the demonstration's pupils."""
    read: list[dict[str, Any]] = json.loads((qti.SAMPLE / "hand-scored.json").read_text("utf-8"))[
        "patterns"
    ]
    return read


class Campaign:
    """A campaign of one booklet in a folder, with what a pull would have left there."""

    def __init__(self, folder: Path, n_pupils: int) -> None:
        self.folder, self.n_pupils = folder, n_pupils
        (folder / "packages").mkdir()
        self.booklet = open_booklet(package_of_sixty(folder / "packages" / "sixty"))
        entry = closed(self.booklet, key=Secret(b"b" * 32)).entry
        self.manifest = msgspec.structs.replace(envelopes.MANIFEST, bundles=[entry])
        (folder / "manifest.json").write_bytes(manifest.sign(self.manifest, key=ROOT_KEY))
        self.bundle = BundleId(entry.id)
        self.pulled = folder / "pulled" / envelopes.NODE.hex() / envelopes.STORE.hex()
        self.pulled.mkdir(parents=True)

    def pupil(self, rank: int) -> envelopes.Pupil:
        """The pupil of a rank: the same whoever asks."""
        wide = hashlib.shake_256(b"pupil %d" % rank).digest(48)
        return envelopes.Pupil(SittingId(wide[:16]), wide[16:])

    def register(self) -> Register:
        """All pupils, 26 a class, four classes a school."""
        rows = []
        for rank in range(self.n_pupils):
            sid, mac = self.pupil(rank)
            told = (f"{rank:08d}", sid, mac, "6E", self.bundle, rank // 104, rank // 26)
            rows.append(Registered(*told, [], {"sex": "F", "birth_quarter": "2015-Q2"}))
        return Register(self.manifest.campaign, rows)

    def seal_batch(self, task: bytes) -> bytes:
        """Seal the last envelopes of the pupils from a rank on, as one pulled batch."""
        first = int(task)
        ranks = range(first, min(first + IN_BATCH, self.n_pupils))
        dice, letters = random.Random(first), []  # noqa: S311  the same sheets each time
        for rank in ranks:
            of, stream = self.pupil(rank), b"%08d" % rank
            drawn = envelopes.header(of, stream, kind=seal.Kind.FINAL)
            head = msgspec.structs.replace(drawn, bundle=self.bundle)
            letters.append((head, envelopes.sealed(of, whole(self.booklet, dice, stream), head)))
        rows = [
            SealedSave(envelope, receipt)
            for at in range(0, len(letters), IN_COMMIT)
            for (_, envelope), receipt in zip(
                letters[at : at + IN_COMMIT], _receipts(letters[at : at + IN_COMMIT]), strict=True
            )
        ]
        number = ranks[-1] + 1
        campaign, node, store = self.manifest.campaign, envelopes.NODE, envelopes.STORE
        batch = EnvelopeBatch(campaign, node, store, number, more=True, rows=rows)
        (self.pulled / f"{number:012d}.json").write_bytes(to_bytes(batch))
        return b""

    def settings(self, names_url: str) -> ResultsSettings:
        """What the results zone is told."""
        return ResultsSettings(
            folder=self.folder,
            manifest_file=self.folder / "manifest.json",
            root_key=signing.public_of(ROOT_KEY),
            sealing_seed=envelopes.SEED,
            door_key=Secret(b"d" * 32),
            packages=self.folder / "packages",
            names_url=names_url,
        )


def _receipts(letters: Sequence[tuple[seal.Header, bytes]]) -> list[bytes]:
    said = [
        receipts.statement(head, seal.digest(envelope), minute=29_000_000, node=envelopes.NODE)
        for head, envelope in letters
    ]
    return receipts.sign_all(said, key=envelopes.NODE_KEY)


# --- what is measured ---


class Moment:
    """A time, and what the processors have worked for us by then, children that ended included."""

    def __init__(self) -> None:
        self.at_s = time.perf_counter()
        used = os.times()
        self.processor_s = sum(used[:4])


def rounds(campaign: Campaign, names_url: str) -> Figures:
    """Seconds of a first opening, of scoring all of it, and of a round that finds nothing new."""
    opening = Opening(campaign.settings(names_url))
    began = Moment()
    asked = opening.asked()
    ready = Moment()
    opening.open(asked)
    opened = Moment()
    n_rows = sum(1 for _ in opening.scored(asked, lambda *_: True))
    scored = Moment()
    opening.open(asked)
    again = Moment()
    if n_rows != campaign.n_pupils:
        raise SystemExit(f"{n_rows} of {campaign.n_pupils} were scored")
    return {
        "register_s": round(ready.at_s - began.at_s, 1),
        "opened_s": round(opened.at_s - ready.at_s, 1),
        "opened_per_s": round(n_rows / (opened.at_s - ready.at_s)),
        "opened_us": round((opened.processor_s - ready.processor_s) / n_rows * 1e6),
        "scored_s": round(scored.at_s - opened.at_s, 1),
        "scored_per_s": round(n_rows / (scored.at_s - opened.at_s)),
        "scored_us": round((scored.processor_s - opened.processor_s) / n_rows * 1e6),
        "again_s": round(again.at_s - scored.at_s, 1),
        "kept_bytes_a_sitting": _size(campaign.folder / "opened") // n_rows,
        "pulled_bytes_a_sitting": _size(campaign.folder / "pulled") // n_rows,
    }


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def steps(campaign: Campaign) -> Figures:
    """Microseconds of processor that each step of opening an envelope takes, on one core."""
    saves = list(islice(_saves(campaign.pulled), STEPS))
    heads = [save.envelope[: seal.HEADER_SIZE] for save in saves]
    macs = dict(campaign.pupil(rank) for rank in range(len(saves)))
    key = keys.private_key(envelopes.SEED)
    took: Figures = {}
    gc.disable()  # as in an opening

    def each(name: str, act: Callable[..., T], *of: Sequence[object]) -> list[T]:
        began = time.process_time()
        made = [act(*given) for given in zip(*of, strict=True)]
        took[f"{name}_us"] = round((time.process_time() - began) / len(made) * 1e6, 1)
        return made

    by = campaign.manifest.nodes[0].receipt_key
    each("receipt", lambda save: receipts.check(save.receipt, by=by), saves)
    plain = each(
        "decrypt",
        lambda save, head: seal.SUITE.decrypt(
            save.envelope[seal.HEADER_SIZE :], key, seal.INFO + head
        ),
        saves,
        heads,
    )
    own = [macs[seal.read_header(save.envelope).sid] for save in saves]
    packed = each("hmac", unseal.authentic, plain, heads, own)
    content = each("inflate", lambda one: inflate(one, at_most=unseal.MAX_SHEET), packed)
    each("decode", lambda one: from_bytes(one, AnswerSheet), content)
    took["sheet_bytes"] = sum(map(len, content)) // len(content)
    return took


def _saves(folder: Path) -> Iterator[SealedSave]:
    for file in sorted(folder.iterdir()):
        yield from from_bytes(file.read_bytes(), EnvelopeBatch).rows


def names_beside(campaign: Campaign) -> Standing:
    """A server that hands over the register, and takes nothing."""
    body = to_bytes(campaign.register())

    class Names(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing is printed."""

    return Standing(Names)


# --- the page ---

ROWS: Final = (
    ("register asked for and read, s", "", "register_s"),
    ("envelopes opened, authenticated, read, merged and kept, s", "", "opened_s"),
    ("– a second", "1,730", "opened_per_s"),
    ("– processor of all processes, µs a sitting", "1,156", "opened_us"),
    ("sittings scored from what is kept, s", "", "scored_s"),
    ("– a second", "4,611", "scored_per_s"),
    ("– processor of all processes, µs a sitting", "433", "scored_us"),
    ("a round that finds nothing new, s", "", "again_s"),
    ("memory, all processes, at most, MB", "", "peak_mb"),
    ("– bytes a sitting, more than with none", "", "memory_bytes_a_sitting"),
    ("disk, pulled, bytes a sitting", "", "pulled_bytes_a_sitting"),
    ("disk, opened and closed again, bytes a sitting", "", "kept_bytes_a_sitting"),
    ("receipt checked, µs on one core", "", "receipt_us"),
    ("HPKE (X-Wing, AES-256-GCM), µs", "", "decrypt_us"),
    ("HMAC, µs", "", "hmac_us"),
    ("inflated, µs", "", "inflate_us"),
    ("read strictly, µs", "", "decode_us"),
    ("sheet, bytes", "", "sheet_bytes"),
)


def section(figures: Figures, *, on: str) -> str:
    """The figures as a section of docs/performance.md. on: which machine."""
    rows = [f"| {what} | {goal} | {figures[key]:,} |" for what, goal, key in ROWS]
    today, processes = f"{datetime.now(UTC):%Y-%m-%d}", figures["processes"]
    lines = [
        HEADING,
        "",
        f"`python bench/opening.py --pupils {figures['pupils']} --write`, {today}.",
        on,
        f"{figures['pupils']:,} pupils, an envelope of 60 answers each; {processes} processes.",
        "The goals a second are those of 830,000 pupils opened in 8 minutes and scored in 3;",
        "those of processor are what two processors have in that time.",
        "",
        "| | goal | measured |",
        "|---|---|---|",
        *rows,
        "",
    ]
    return "\n".join(lines)


def main() -> int:
    """Seal, open, score; print, and write the page if asked; exit 1 if a goal is missed."""
    asked = argparse.ArgumentParser(description="Measure the opening of a country's envelopes.")
    asked.add_argument("--pupils", type=int, default=20_000)
    asked.add_argument("--json", action="store_true")
    asked.add_argument("--write", action="store_true", help=f"write {performance_page.PAGE.name}")
    given = asked.parse_args()
    on = ground.machine(postgres=False).replace("SQLite", "files")
    figures: Figures = {"pupils": given.pupils, "processes": crew.n_processors()}
    with tempfile.TemporaryDirectory() as folder:
        campaign = Campaign(Path(folder), given.pupils)
        batches = (str(first).encode() for first in range(0, given.pupils, IN_BATCH))
        for _ in crew.share_out(campaign.seal_batch, batches, n_children=crew.n_processors()):
            pass
        names = names_beside(campaign)
        try:
            before_kb = ground.held_kb(os.getpid())
            with ground.Memory(with_this=True) as memory:
                figures |= rounds(campaign, names.url)
        finally:
            names.close()
        figures["peak_mb"] = memory.peak_mb
        grown_kb = memory.peak_mb * 1024 - before_kb
        figures["memory_bytes_a_sitting"] = max(0, grown_kb) * 1024 // given.pupils
        figures |= steps(campaign)
    if given.write:
        performance_page.put(section(figures, on=on))
    print(json.dumps(figures) if given.json else "\n".join(f"{k}: {v}" for k, v in figures.items()))
    is_slow = any(figures[key] < COUNTRY / goal_s for key, goal_s in GOALS.items())
    return int(is_slow)


if __name__ == "__main__":
    sys.exit(main())
