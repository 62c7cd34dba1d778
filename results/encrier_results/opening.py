# SPDX-License-Identifier: AGPL-3.0-or-later
"""Openings, from pull to post: the thin part that acts.

The campaign's private key lives in the memory of this process and of those it forks while it
opens; answers are on disk under a key derived from it, the register never. A round opens the
sittings of which something new came, scores those whose row may change, and posts the rows that
did.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from itertools import chain, islice
from pathlib import Path
from typing import Final

from encrier.errors import BadRecord, BadSetting, EncrierError
from encrier.ids import BundleId, SittingId
from encrier.manifest import Manifest
from encrier.records import Record, to_bytes
from encrier.wire import Register, ScoreRow, ScoreSheet
from encrier_results import booklets, disk, doors, keys
from encrier_results.booklets import Booklet
from encrier_results.publish import missing, sheet_of
from encrier_results.reconcile import Completeness, Opener
from encrier_results.rounds import account, crew, share, tasks
from encrier_results.rounds.account import Report, Unreconciled
from encrier_results.rounds.kept import Kept
from encrier_results.rounds.posted import NOTHING, Posted
from encrier_results.rounds.roll import Enrolled, Roll
from encrier_results.rounds.safe import Safe
from encrier_results.rounds.saves import Saves
from encrier_results.settings import ResultsSettings

ROWS_OF_A_SHEET: Final = 10_000  # 10 MB, and some seconds of names' time

Say = Callable[[str], None]
Row = tuple[bytes, ScoreRow]  # digest of what it was made from


class DamagedBoxes(EncrierError):
    what = "Files of what was opened before are damaged; they were thrown away."
    next_step = "Nothing is lost: run the same command again, which opens those envelopes anew."


class Asked(Record, frozen=True):
    """What a round is about, as manifest, packages and names say at its beginning."""

    manifest: Manifest
    booklets: Mapping[BundleId, Booklet]
    roll: Mapping[SittingId, Enrolled]


class Opening:
    """Rounds of one campaign; remembers between them which files it has looked at."""

    def __init__(self, settings: ResultsSettings, *, say: Say = lambda _: None) -> None:
        self._settings, self._say = settings, say
        safe = Safe(settings.sealing_seed, settings.manifest().campaign_id)
        self._safe = safe
        self._saves = Saves(settings.folder / "pulled")
        self._kept = Kept(settings.folder / "opened", safe)

    def run(self) -> Report:
        """Pull, open, score and hand over; give the account, which is also kept as report.json.

        A serial is used up before a sheet leaves: a sheet that names took although its reply was
        lost must never meet another of the same number.
        """
        with disk.alone(self._settings.folder):
            for node in self._settings.manifest().nodes:
                doors.pull(self._settings, node)
            _next_serial(self._settings.folder / "serial")  # refused before hours of work
            asked = self.asked()
            self.open(asked)
            self._refuse_unreconciled(asked)
            posted = Posted(self._settings.folder, self._safe)
            self._post(asked, posted)
            report = self._report(asked, posted)
            disk.keep(self._settings.folder / "report.json", to_bytes(report.total))
        return report

    def score(self, *, serial: int) -> tuple[ScoreSheet, Completeness]:
        """Open what was pulled so far and score all of it, in memory."""
        with disk.alone(self._settings.folder):
            asked = self.asked()
            self.open(asked)
            rows = {row.order: missing(row.order) for row in asked.roll.values()}
            rows |= {row.order: row for _, row in self.scored(asked, lambda *_: True)}
        aside = {row.order for row in asked.roll.values() if row.set_aside}
        named = [row for order, row in rows.items() if order not in aside]
        sheet = sheet_of(named, asked.manifest.campaign, asked.booklets, serial=serial)
        return sheet, account.total(self._kept.lines, asked.roll, self._saves.unreadable)

    def asked(self) -> Asked:
        """Read manifest and packages, ask names for the register; raises BadRecord, DoorClosed."""
        manifest = self._settings.manifest()
        packages = sorted(self._settings.packages.iterdir())
        register = doors.roll(self._settings)
        refuse_wrong(register, manifest)
        return Asked(
            manifest=manifest,
            booklets=booklets.of_manifest(packages, manifest),
            roll={SittingId(row.sid): row for row in register.rows},
        )

    def open(self, asked: Asked) -> None:
        """Open the sittings of which something came that is not kept yet."""
        self._saves.look()
        self._kept.look()
        to_open = tasks.to_open(self._saves, self._kept, asked.roll, asked.manifest)
        opener = Opener(asked.manifest, keys.private_key(self._settings.sealing_seed))
        hand = share.OpeningHand(opener, self._saves.reader(), self._kept)
        shares = tasks.shares_to_open(
            to_open,
            self._saves,
            asked.roll,
            terms_of=asked.manifest,
            first_box=self._kept.next_number,
        )
        n_done = 0
        for reply in _by_all(hand.work, shares):
            box, lines = share.lines_in(reply)
            self._kept.add(box, lines)
            n_done += len(lines)
            self._say(f"{n_done} of {len(to_open)} sittings opened")
        self._kept.sweep()

    def scored(self, asked: Asked, is_wanted: Callable[[str, bytes], bool]) -> Iterator[Row]:
        """The rows of opened sittings that are wanted: by order number and what they come of."""
        hand = share.ScoringHand(self._kept, asked.booklets)
        shares = tasks.to_score(self._kept, asked.roll, asked.booklets, is_wanted)
        damaged = []
        for reply in _by_all(hand.work, shares):
            scored = share.scored_in(reply)
            if scored.rows is None:
                damaged.append(scored.box)
            else:
                yield from scored.rows
        for box in damaged:
            self._kept.discard(box)
        if damaged:
            raise DamagedBoxes

    def _post(self, asked: Asked, posted: Posted) -> None:
        """Hand the rows over that names does not have as they are now."""
        empty = sheet_of([], asked.manifest.campaign, asked.booklets, serial=0)
        is_known = posted.begin(empty)
        waiting: list[Row] = []
        try:
            for row in self._changed(asked, posted):
                waiting.append(row)
                if len(waiting) == ROWS_OF_A_SHEET:
                    self._post_sheet(waiting, asked, posted)
            if waiting or not is_known:
                self._post_sheet(waiting, asked, posted)
        finally:
            posted.save()

    def _changed(self, asked: Asked, posted: Posted) -> Iterator[Row]:
        for sid, row in asked.roll.items():
            line = self._kept.lines.get(sid)
            is_missing = not row.set_aside and (line is None or not line.n_devices)
            if is_missing and not posted.is_made_from(row.order, NOTHING):
                yield NOTHING, missing(row.order)
        for made_from, scored in self.scored(
            asked, lambda order, made_from: not posted.is_made_from(order, made_from)
        ):
            if posted.has(scored):
                posted.note(scored, made_from)
            else:
                yield made_from, scored

    def _post_sheet(self, waiting: list[Row], asked: Asked, posted: Posted) -> None:
        file = self._settings.folder / "serial"
        serial = _next_serial(file)
        disk.keep(file, str(serial).encode("ascii"))
        rows = [row for _, row in waiting]
        sheet = sheet_of(rows, asked.manifest.campaign, asked.booklets, serial=serial)
        doors.post_scores(self._settings, sheet)
        for made_from, row in waiting:
            posted.note(row, made_from)
        self._say(f"{len(rows)} rows handed to names")
        waiting.clear()

    def _refuse_unreconciled(self, asked: Asked) -> None:
        if not account.total(self._kept.lines, asked.roll, self._saves.unreadable).reconciled:
            raise Unreconciled

    def _report(self, asked: Asked, posted: Posted) -> Report:
        lines = self._kept.lines
        return Report(
            total=account.total(lines, asked.roll, self._saves.unreadable, posted=posted),
            schools=account.by_school(lines, asked.roll, posted=posted),
        )


def run(settings: ResultsSettings) -> Completeness:
    """One round; give its account."""
    return Opening(settings).run().total


def score(settings: ResultsSettings, *, serial: int) -> tuple[ScoreSheet, Completeness]:
    """Open what was pulled so far and score it; nothing is handed over."""
    return Opening(settings).score(serial=serial)


def sentence(account: Completeness) -> str:
    """The account in one line."""
    rejected = sum(account.rejected.values())
    complete = "" if account.complete is None else f"{account.complete} complete, "
    why = f" {json.dumps(account.rejected, sort_keys=True)}" if rejected else ""
    return (
        f"opened {account.received} of {account.expected}: {account.finished} finished, "
        f"{account.unfinished} not finished, {complete}{account.missing} missing, "
        f"{account.several_devices} on several computers, {rejected} put aside{why}"
    )


def refuse_wrong(register: Register | Roll, manifest: Manifest) -> None:
    """Refuse a register with which some pupil would be given another's scores, or none."""
    if register.campaign != manifest.campaign:
        raise BadRecord("This register is of another campaign.")
    bundles = {entry.id for entry in manifest.bundles}
    if any(row.bundle not in bundles for row in register.rows):
        raise BadRecord("This register names a booklet that the manifest does not.")
    for several in ({row.sid for row in register.rows}, {row.order for row in register.rows}):
        if len(several) != len(register.rows):
            raise BadRecord("This register names a sitting or an order number twice.")


def _by_all(work: crew.Work, shares: Iterator[bytes]) -> Iterator[bytes]:
    """Share work out over the processors; a single share is done here, without a fork."""
    first = list(islice(shares, 2))
    n_children = crew.n_processors() if len(first) > 1 else 1
    return crew.share_out(work, chain(first, shares), n_children=n_children)


def _next_serial(file: Path) -> int:
    try:
        return int(file.read_text(encoding="ascii")) + 1
    except FileNotFoundError:
        return 1
    except ValueError as error:
        raise BadSetting(
            "The file `serial` of the results folder holds no number.",
            "Write into it the serial of the last score sheet that names took.",
        ) from error
