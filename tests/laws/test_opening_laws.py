# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whatever comes in whatever order, in as many rounds: as if all were opened at once, in memory."""

import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple, get_args

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from encrier.secret import Secret
from encrier.wire import SealedSave
from encrier_results.opening import Opening
from stagecraft import envelopes
from stagecraft.envelopes import Pupil, pupil
from stagecraft.rounds import ResultsZone

Fault = Literal[
    "none",
    "forged",
    "moved",
    "flipped",
    "truncated",
    "receipt",
    "bomb",
    "schema",
    "stranger",
    "again",
]
FAULTS: tuple[Fault, ...] = get_args(Fault)
ITEMS = {"fr-c-01": "ABCD", "fr-c-06": "ABCD", "ma-n-01": "ABCD"}


class Save(NamedTuple):
    """One save to be: whose, of which device, which one, with which answer, spoilt or not."""

    rank: int
    device: int
    seq: int
    choice: str
    fault: Fault


SAVES = st.builds(
    Save,
    st.integers(0, 3),
    st.integers(0, 1),
    st.integers(0, 3),
    st.sampled_from("ABCD"),
    st.one_of(st.just("none"), st.sampled_from(FAULTS)),
)
ROUNDS = st.lists(st.lists(SAVES, max_size=6), min_size=1, max_size=3)


@cache
def pupils() -> Sequence[Pupil]:
    return [pupil() for _ in range(5)]


def made(zone: ResultsZone, save: Save) -> list[SealedSave]:
    """A save as it comes: spoilt, or a second time under another receipt."""
    of, stream = pupils()[save.rank], b"device-%d" % save.device
    key = Secret(b"x" * 32) if save.fault == "receipt" else envelopes.NODE_KEY
    answers = dict.fromkeys(ITEMS, save.choice)
    if save.fault == "stranger":
        of = pupils()[4]
    if save.fault == "schema":
        answers = {"x" * 200: save.choice}
    if save.fault == "bomb":
        answers = {f"item-{n}": "A" * 41_000 for n in range(30)}
    sealed_by = Pupil(of.sid, bytes(32)) if save.fault == "forged" else of
    content = zone.sealed(sealed_by, answers, stream=stream, seq=save.seq)
    match save.fault:
        case "moved":
            other = zone.sealed(pupils()[(save.rank + 1) % 4], answers, stream=stream, seq=save.seq)
            content = content[:67] + other[67:]
        case "flipped":
            content = content[:-9] + bytes([content[-9] ^ 4]) + content[-8:]
        case "truncated":
            return [SealedSave(content[:-40], envelopes.save(content).receipt)]
        case "again":
            bad = envelopes.save(content, key=Secret(b"x" * 32))
            return [bad, envelopes.save(content), bad]
        case _:
            pass
    return [envelopes.save(content, key=key)]


@settings(max_examples=40, deadline=None)
@given(rounds=ROUNDS, same_process=st.booleans())
def test_rounds_come_to_what_one_opening_in_memory_comes_to(
    *, rounds: list[list[Save]], same_process: bool
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        zone = ResultsZone(Path(folder), pupils()[:4])
        opening = Opening(zone.settings)
        for saves in rounds:
            zone.pull(*(each for save in saves for each in made(zone, save)))
            account = zone.round(opening if same_process else None)
            expected, rows = zone.reference()
            assert account.reconciled
            assert msgspec.structs.replace(account, complete=None) == expected
            assert [zone.names[row.order] for row in rows] == rows
        n_sheets = len(zone.sheets)
        zone.round()
        assert len(zone.sheets) == n_sheets, "nothing new, nothing posted"
