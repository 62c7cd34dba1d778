# SPDX-License-Identifier: AGPL-3.0-or-later
"""Search all that the zone stored, logged and was sent for a word that only sheets hold.

It proves the absence of accidents, not of malice: encryption hides anything. So that "found
nowhere" means something, the word is first planted in each of its forms, and must be found.
"""

import base64
import gzip
import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Final

import psycopg
from psycopg import sql

from encrier.deflate import deflate
from encrier.records import Record
from encrier_answers.rehearsal import shape
from encrier_answers.rehearsal.campaign import Campaign
from encrier_answers.rehearsal.letters import Script, sheet
from encrier_answers.store_sqlite import FILE, connect

WINDOW: Final = 8 << 20  # bytes looked at together
INFLATED: Final = 1 << 20
MOST_PACKED: Final = 8  # sheets that are searched as they were packed, before they were sealed
_PACKED_PART: Final = slice(8, 40)
_ENCODINGS: Final = ("utf-8", "utf-16-le", "utf-16-be")
_COMPRESSED: Final = re.compile(rb"\x1f\x8b\x08|\x78[\x01\x5e\x9c\xda]")


class Search(Record, frozen=True):
    """What was searched, and where something was found."""

    forms: int  # ways in which the word may stand, each found where it was planted
    searched: dict[str, int]  # place -> bytes
    found: dict[str, int]  # place -> windows of it that hold a form; must be empty

    @property
    def n_bytes(self) -> int:
        """All that was searched."""
        return sum(self.searched.values())


class Needles:
    """Every way in which a word may stand in some bytes."""

    def __init__(self, word: str, more: Iterable[bytes] = ()) -> None:
        """more: bytes that may stand nowhere either, as they are."""
        self.forms = sorted({*_forms(word), *more})
        self._longest = max(map(len, self.forms))

    def are_in(self, content: bytes) -> bool:
        """Whether any stands in these bytes, or in what was compressed in them."""
        return any(form in part for part in _contents(content) for form in self.forms)

    def count(self, content: Iterable[bytes]) -> tuple[int, int]:
        """How many bytes there are, and how many windows hold a form; also across windows."""
        size = hits = 0
        end = b""
        for window in content:
            size += len(window)
            hits += self.are_in(end + window)
            end = window[-self._longest :]
        return size, hits


def prove(word: str, needles: Needles) -> bool:
    """Whether the word is found in each form in which it is planted, and compressed twice over."""
    around = bytes(range(256))
    planted = [around + form + around for form in needles.forms]
    planted += [pack(f"before {word} after".encode()) for pack in (zlib.compress, gzip.compress)]
    split = WINDOW // 2 + len(around)
    across = bytes(split) + word.encode() + bytes(split)
    in_two = (across[: split + 3], across[split + 3 :])
    return (
        all(map(needles.are_in, planted))
        and needles.count(in_two) == (len(across), 1)
        and not needles.are_in(around)
    )


def search(script: Script, campaign: Campaign, *, database: str | None) -> Search:
    """Search the rows of the store as its key opens them, its files, the log, what was sent."""
    needles = Needles(script.canary, _packed(script))
    folder = campaign.folder
    rows = _rows_of_postgres(database) if database else _rows_of_sqlite(campaign)
    places: dict[str, Iterable[bytes]] = {
        "rows of the store": rows,
        "files of the store": _windows(
            sorted(one for one in (folder / "data").rglob("*") if one.is_file())
        ),
        "log of the server": _windows([folder / "server.log"]),
        "requests of the sample": _windows(sorted(folder.glob("bodies-*.bin"))),
        "receipts": _windows(sorted(folder.glob("receipts-*.bin"))),
    }
    counted = {place: needles.count(content) for place, content in places.items()}
    return Search(
        forms=len(needles.forms) if prove(script.canary, needles) else 0,
        searched={place: size for place, (size, _) in counted.items()},
        found={place: hits for place, (_, hits) in counted.items() if hits},
    )


def _packed(script: Script) -> Iterator[bytes]:
    """A part of some sheets as they were compressed, before they were sealed."""
    for rank in sorted(script.sampled)[:MOST_PACKED]:
        yield deflate(sheet(script, rank, shape.saves(script.day, rank)[-1]))[_PACKED_PART]


def _forms(word: str) -> Iterator[bytes]:
    for text in (word, word.upper(), word[::-1]):
        for encoding in _ENCODINGS:
            plain = text.encode(encoding)
            yield plain
            yield plain.hex().encode()
            yield plain.hex().upper().encode()
            for before in range(3):
                encoded = base64.b64encode(bytes(before) + plain)
                yield encoded[(0, 2, 3)[before] : (before + len(plain)) * 8 // 6]


def _contents(content: bytes) -> Iterator[bytes]:
    yield content
    for start in _COMPRESSED.finditer(content):
        try:
            inflater = zlib.decompressobj(47)  # zlib or gzip, by its first bytes
            yield inflater.decompress(content[start.start() : start.start() + INFLATED], INFLATED)
        except zlib.error:
            continue


def _windows(files: Sequence[Path]) -> Iterator[bytes]:
    for file in files:
        if not file.exists():
            continue
        with file.open("rb") as opened:
            while window := opened.read(WINDOW):
                yield window


def _rows_of_sqlite(campaign: Campaign) -> Iterator[bytes]:
    file = campaign.folder / "data" / FILE
    if not file.exists():  # a server that somebody else started keeps it elsewhere
        return
    with closing(connect(file, key=campaign.key("store"))) as store:
        tables = [
            str(name)
            for (name,) in store.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
        ]
        for table in tables:
            yield from _joined(store.execute(f'SELECT * FROM "{table}"'))  # noqa: S608 its own name


def _rows_of_postgres(url: str) -> Iterator[bytes]:
    with psycopg.connect(url) as store:
        names = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
        for (table,) in store.execute(names).fetchall():
            with store.cursor(name="rows") as cursor:
                cursor.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(table)))
                yield from _joined(cursor)


def _joined(rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    """The values of rows, each whole, by windows."""
    window = bytearray()
    for row in rows:
        for value in row:
            window += value if isinstance(value, bytes) else str(value).encode()
            window += b"\n"
        if len(window) >= WINDOW:
            yield bytes(window)
            window.clear()
    yield bytes(window)
