# SPDX-License-Identifier: AGPL-3.0-or-later
"""One opening, from pull to post: the thin part that acts.

The campaign's private key lives in this process's memory while it opens; answers and the
register are never written to disk in clear.
"""

import json
from pathlib import Path

from encrier.records import to_bytes
from encrier.wire import ScoreSheet
from encrier_results import booklets, doors, keys
from encrier_results.publish import score_sheet
from encrier_results.reconcile import Completeness, open_all
from encrier_results.settings import ResultsSettings


def run(settings: ResultsSettings) -> Completeness:
    """Pull, open, score and hand over; give the account, which is also kept as report.json."""
    for node in settings.manifest().nodes:
        doors.pull(settings, node)
    serial = _next_serial(settings.folder / "serial")
    sheet, account = score(settings, serial=serial)
    doors.post_scores(settings, sheet)
    (settings.folder / "serial").write_text(str(serial), encoding="ascii")
    (settings.folder / "report.json").write_bytes(to_bytes(account))
    return account


def score(settings: ResultsSettings, *, serial: int) -> tuple[ScoreSheet, Completeness]:
    """Open what was pulled so far and score it; in memory only."""
    manifest = settings.manifest()
    packages = booklets.of_manifest(sorted(settings.packages.iterdir()), manifest)
    register = doors.register(settings)
    opened, account = open_all(
        doors.pulled(settings),
        register,
        manifest,
        private_key=keys.private_key(settings.sealing_seed),
    )
    return score_sheet(opened, register, packages, serial=serial), account


def sentence(account: Completeness) -> str:
    """The account in one line."""
    rejected = sum(account.rejected.values())
    why = f" {json.dumps(account.rejected, sort_keys=True)}" if rejected else ""
    return (
        f"opened {account.received} of {account.expected}: {account.finished} finished, "
        f"{account.unfinished} not finished, {account.missing} missing, "
        f"{account.several_devices} on several computers, {rejected} put aside{why}"
    )


def _next_serial(file: Path) -> int:
    try:
        return int(file.read_text(encoding="ascii")) + 1
    except FileNotFoundError:
        return 1
