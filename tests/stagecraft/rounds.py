# SPDX-License-Identifier: AGPL-3.0-or-later
"""A results zone whose neighbours are the test's: what it pulled, what names holds of it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import msgspec

from encrier import manifest, signing
from encrier.ids import BundleId, SittingId
from encrier.manifest import Manifest
from encrier.records import from_bytes, to_bytes
from encrier.seal import Kind
from encrier.secret import Secret
from encrier.wire import EnvelopeBatch, Register, Registered, ScoreRow, ScoreSheet, SealedSave
from encrier_results import doors, keys
from encrier_results.booklets import closed
from encrier_results.opening import Opening
from encrier_results.publish import score_sheet
from encrier_results.reconcile import Completeness, open_all
from encrier_results.rounds.roll import read_roll
from encrier_results.settings import ResultsSettings
from stagecraft import envelopes, scored
from stagecraft.envelopes import NODE, SEED, STORE, Pupil

ROOT = Secret(b"r" * 32)


class ResultsZone:
    """The zone in a folder; `names` is what names holds, by order number."""

    def __init__(self, folder: Path, pupils: Sequence[Pupil]) -> None:
        self.folder = folder
        self.packages = folder / "packages"
        if not self.packages.exists():
            self.packages.mkdir()
            (self.packages / "one").symlink_to(scored.PACKAGE, target_is_directory=True)
        entry = closed(scored.booklet(), key=Secret(b"b" * 32)).entry
        self.bundle = BundleId(entry.id)
        self.names: dict[str, ScoreRow] = {}
        self.sheets: list[ScoreSheet] = []
        self.say(msgspec.structs.replace(envelopes.MANIFEST, bundles=[entry]))
        rows = [
            Registered(f"{n:08d}", p.sid, p.mac, "6E", self.bundle, n % 3, n, [], {})
            for n, p in enumerate(pupils)
        ]
        self.register = Register(self.manifest.campaign, rows)
        self._n_pulled = 0

    @classmethod
    def again(cls, folder: Path, register: bytes) -> "ResultsZone":
        """The zone of a folder for another process, with the register that names hands over."""
        zone = cls(folder, [])
        zone.register = msgspec.msgpack.decode(register, type=Register)
        return zone

    def say(self, made: Manifest) -> None:
        """Sign another manifest."""
        self.manifest = made
        (self.folder / "manifest.json").write_bytes(manifest.sign(made, key=ROOT))

    @property
    def settings(self) -> ResultsSettings:
        return ResultsSettings(
            folder=self.folder / "data",
            manifest_file=self.folder / "manifest.json",
            root_key=signing.public_of(ROOT),
            sealing_seed=SEED,
            door_key=Secret(b"d" * 32),
            packages=self.packages,
            names_url="http://127.0.0.1:1",
        )

    def sealed(
        self, of: Pupil, answers: dict[str, str], *, stream: bytes = b"stream-1", seq: int = 0
    ) -> bytes:
        """An envelope of a pupil with the choices that she made; each event is its seq."""
        sheet = envelopes.sheet(answers, event=seq + 1, stream=stream)
        sheet = sheet.replace(envelopes.BUNDLE.hex().encode(), self.bundle.hex().encode())
        head = envelopes.header(of, stream, seq=seq, kind=Kind.SNAPSHOT)
        return envelopes.sealed(of, sheet, msgspec.structs.replace(head, bundle=self.bundle))

    def pull(self, *saves: SealedSave) -> None:
        """Leave a batch where a pull leaves it."""
        folder = self.settings.folder / "pulled" / NODE.hex() / STORE.hex()
        folder.mkdir(parents=True, exist_ok=True)
        self._n_pulled += 1
        made = msgspec.structs.replace(envelopes.batch(*saves), next=self._n_pulled)
        (folder / f"{self._n_pulled:012d}.json").write_bytes(to_bytes(made))

    @contextmanager
    def neighbours(self) -> Iterator[None]:
        """Names and answers in the place of the doors: nothing new at answers."""
        with (
            patch.object(doors, "pull", lambda *_: 0),
            patch.object(doors, "roll", lambda _: read_roll(to_bytes(self.register))),
            patch.object(doors, "post_scores", lambda _, sheet: self.take(sheet)),
        ):
            yield

    def take(self, sheet: ScoreSheet) -> None:
        """Take a score sheet as names does: its rows replace those of the same numbers."""
        assert not self.sheets or sheet.serial > self.sheets[-1].serial
        self.sheets.append(sheet)
        self.names.update({row.order: row for row in sheet.rows})

    def round(self, opening: Opening | None = None) -> Completeness:
        """One round, of a process of its own unless it is said of which."""
        with self.neighbours():
            return (opening or Opening(self.settings)).run().total

    def reference(self) -> tuple[Completeness, list[ScoreRow]]:
        """The same worked out at once, in memory: the account, and what names should have."""
        files = sorted((self.settings.folder / "pulled").glob("*/*/*.json"))
        batches = [from_bytes(file.read_bytes(), EnvelopeBatch) for file in files]
        key = keys.private_key(SEED)
        opened, account = open_all(batches, self.register, self.manifest, private_key=key)
        sheet = score_sheet(opened, self.register, {self.bundle: scored.booklet()}, serial=1)
        return account, sheet.rows

    def sid(self, n: int) -> SittingId:
        """The sitting of a row of the register."""
        return SittingId(self.register.rows[n].sid)
