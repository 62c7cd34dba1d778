# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a rehearsal stored, as its host holds it, and its sample opened as results would."""

from collections.abc import Iterator
from pathlib import Path

from encrier import seal
from encrier.records import from_bytes
from encrier.sheets import AnswerSheet
from encrier.wire import SealedSave
from encrier_answers import configuration, disks
from encrier_answers.configuration import PREFIX
from encrier_answers.rehearsal import letters, shape
from encrier_answers.rehearsal.campaign import Campaign
from encrier_answers.rehearsal.letters import Script
from encrier_results import keys, unseal


def script_of(folder: Path) -> Script:
    """What the load of a rehearsal was told."""
    return from_bytes((folder / "script.json").read_bytes(), Script)


def stored(folder: Path, *, database: str | None = None) -> Iterator[SealedSave]:
    """All envelopes that a rehearsal left in its folder or database."""
    environ = Campaign(folder).environ(port=1, tls=False, workers=None)
    more = {} if database is None else {f"{PREFIX}DATABASE": database}
    store = disks.opened(configuration.load(environ | more), to_write=False)
    after = 0
    while found := store.drain(after, at_most=500, at_most_bytes=1 << 24):
        yield from (SealedSave(save.envelope, save.receipt) for save in found)
        after = found[-1].rank
    store.close()


def count_opened(folder: Path, *, database: str | None = None) -> tuple[int, int]:
    """How many stored envelopes of the sample there are, and how many open to the very sheet."""
    script, campaign = script_of(folder), Campaign(folder)
    private = keys.private_key(campaign.key("sealing"))
    sample = {letters.who(script, rank).sid: rank for rank in script.sampled}
    macs = {sid: letters.who(script, rank).mac for sid, rank in sample.items()}
    n_sampled = n_opened = 0
    for save in stored(folder, database=database):
        rank = sample.get(seal.read_header(save.envelope).sid)
        if rank is None:
            continue
        n_sampled += 1
        head, sheet = unseal.open_envelope(
            save.envelope, campaign.manifest, macs, private_key=private
        )
        planned = shape.saves(script.day, rank)
        event = next(e for e in planned if (e.epoch, e.seq) == (head.epoch, head.seq))
        n_opened += sheet == from_bytes(letters.sheet(script, rank, event), AnswerSheet)
    return n_sampled, n_opened
