# SPDX-License-Identifier: AGPL-3.0-or-later
"""The metrics as text, in the exposition format 0.0.4 of Prometheus.

Pure. Its labels are `outcome`, `status` and `le`, with values written here: none can hold an
identifier. Docs: docs/operate/answers-watch.md.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from encrier_answers.vitals import counts

KIND: Final = "text/plain; version=0.0.4; charset=utf-8"
_OUTCOMES: Final = ("kept", "same", "superseded", "conflict")


def written(slots: Sequence[int], gauges: Mapping[str, tuple[str, int]]) -> str:
    """All metrics.

    slots: the counts of all processes together; gauges: by name, what it is and how much now.
    """
    return "\n".join([*_counters(slots), *_histograms(slots), *_gauges(gauges), ""])


def _counters(slots: Sequence[int]) -> Iterator[str]:
    yield from _head("encrier_saves_total", "counter", "Saves decided, by what became of them.")
    for at, outcome in enumerate(_OUTCOMES):
        yield f'encrier_saves_total{{outcome="{outcome}"}} {slots[counts.SAVES + at]}'
    yield from _head("encrier_sign_ins_total", "counter", "Pupils let in.")
    yield f"encrier_sign_ins_total {slots[counts.SIGN_INS]}"
    yield from _head("encrier_store_refused_total", "counter", "Entries the store did not take.")
    yield f"encrier_store_refused_total {slots[counts.STORE_REFUSED]}"
    yield from _head("encrier_guesses_total", "counter", "Codes that nobody has, and held up.")
    yield f'encrier_guesses_total{{outcome="failed"}} {slots[counts.GUESSES_FAILED]}'
    yield f'encrier_guesses_total{{outcome="held"}} {slots[counts.GUESSES_HELD]}'
    yield from _head("encrier_refusals_total", "counter", "Replies that say no, by status.")
    for at, status in enumerate([*map(str, counts.STATUSES), "other"]):
        yield f'encrier_refusals_total{{status="{status}"}} {slots[counts.REFUSALS + at]}'


def _histograms(slots: Sequence[int]) -> Iterator[str]:
    yield from _histogram(
        "encrier_batch_entries",
        "Entries kept by one commit.",
        list(map(str, counts.BATCH_SIZES)),
        slots[counts.BATCHES : counts.BATCH_SUM],
        total=str(slots[counts.BATCH_SUM]),
    )
    yield from _histogram(
        "encrier_commit_seconds",
        "Seconds that one commit took.",
        [str(ms / 1000) for ms in counts.COMMIT_MS],
        slots[counts.COMMITS : counts.COMMIT_SUM_US],
        total=str(slots[counts.COMMIT_SUM_US] / 1e6),
    )


def _histogram(
    name: str, what: str, bounds: Sequence[str], buckets: Sequence[int], *, total: str
) -> Iterator[str]:
    yield from _head(name, "histogram", what)
    so_far = 0
    for bound, number in zip([*bounds, "+Inf"], buckets, strict=True):
        so_far += number
        yield f'{name}_bucket{{le="{bound}"}} {so_far}'
    yield f"{name}_sum {total}"
    yield f"{name}_count {so_far}"


def _gauges(gauges: Mapping[str, tuple[str, int]]) -> Iterator[str]:
    for name, (what, value) in gauges.items():
        yield from _head(f"encrier_{name}", "gauge", what)
        yield f"encrier_{name} {value}"


def _head(name: str, kind: str, what: str) -> Iterator[str]:
    yield f"# HELP {name} {what}"
    yield f"# TYPE {name} {kind}"
