# SPDX-License-Identifier: AGPL-3.0-or-later
"""One opening, from pull to post: the thin part that acts.

The campaign's private key lives in this process's memory while it opens; answers and the
register are never written to disk in clear.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from encrier.errors import BadRecord, BadSetting
from encrier.ids import BundleId, SittingId
from encrier.manifest import Manifest
from encrier.records import to_bytes
from encrier.wire import Register, ScoreSheet
from encrier_results import booklets, disk, doors, keys
from encrier_results.booklets import Booklet
from encrier_results.publish import score_sheet
from encrier_results.reconcile import Completeness, Opened, open_all
from encrier_results.settings import ResultsSettings


def run(settings: ResultsSettings) -> Completeness:
    """Pull, open, score and hand over; give the account, which is also kept as report.json.

    A serial is used up before the sheet leaves: a sheet that names took although its reply was
    lost must never meet another of the same number.
    """
    for node in settings.manifest().nodes:
        doors.pull(settings, node)
    serial = _next_serial(settings.folder / "serial")
    sheet, account = score(settings, serial=serial)
    disk.keep(settings.folder / "serial", str(serial).encode("ascii"))
    doors.post_scores(settings, sheet)
    disk.keep(settings.folder / "report.json", to_bytes(account))
    return account


def score(settings: ResultsSettings, *, serial: int) -> tuple[ScoreSheet, Completeness]:
    """Open what was pulled so far and score it; in memory only."""
    came = read(settings)
    return score_sheet(came.opened, came.register, came.booklets, serial=serial), came.account


class Came(NamedTuple):
    """All that an analysis of sittings begins from; in memory only."""

    opened: Mapping[SittingId, Opened]
    register: Register
    booklets: Mapping[BundleId, Booklet]
    account: Completeness


def read(settings: ResultsSettings) -> Came:
    """Open what was pulled so far, with the register and the booklets that it is read by."""
    manifest = settings.manifest()
    packages = booklets.of_manifest(sorted(settings.packages.iterdir()), manifest)
    register = doors.register(settings)
    refuse_wrong(register, manifest)
    opened, account = open_all(
        doors.pulled(settings),
        register,
        manifest,
        private_key=keys.private_key(settings.sealing_seed),
    )
    return Came(opened, register, packages, account)


def sentence(account: Completeness) -> str:
    """The account in one line."""
    rejected = sum(account.rejected.values())
    why = f" {json.dumps(account.rejected, sort_keys=True)}" if rejected else ""
    return (
        f"opened {account.received} of {account.expected}: {account.finished} finished, "
        f"{account.unfinished} not finished, {account.missing} missing, "
        f"{account.several_devices} on several computers, {rejected} put aside{why}"
    )


def refuse_wrong(register: Register, manifest: Manifest) -> None:
    """Refuse a register with which some pupil would be given another's scores, or none."""
    if register.campaign != manifest.campaign:
        raise BadRecord("This register is of another campaign.")
    bundles = {entry.id for entry in manifest.bundles}
    if any(row.bundle not in bundles for row in register.rows):
        raise BadRecord("This register names a booklet that the manifest does not.")
    for several in ({row.sid for row in register.rows}, {row.order for row in register.rows}):
        if len(several) != len(register.rows):
            raise BadRecord("This register names a sitting or an order number twice.")


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
