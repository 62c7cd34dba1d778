# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a supervisor does to sittings under way: it reaches the computers through answers.

Written first, sent at once, and sent again by the exchange where answers did not hear it.
"""

from collections.abc import Callable, Iterable
from uuid import UUID

from encrier.errors import EncrierError
from encrier_names import zone
from encrier_names.doors import admission, exchange
from encrier_names.pseudonyms import links
from encrier_names.pseudonyms.rows import Sitting
from encrier_names.sittings import grants
from encrier_names.sittings.models import Grant
from encrier_names.validation import reserves


def apply(pupils: Iterable[UUID], how: Callable[[Grant], Grant]) -> int:
    """Change what these pupils are granted and tell answers; give how many were changed."""
    changed = grants.change(pupils, how)
    send_again(changed)
    return len(changed)


def send_again(pupils: Iterable[UUID]) -> int:
    """Tell answers what stands now for these pupils; give how many sittings that is."""
    manifest = zone.current().manifest
    rows = admission.rows_of(pupils, manifest)
    if rows:
        admission.queue(rows, manifest)
        hurry()
    return len(rows)


def give_new_code(pupil: UUID) -> Sitting:
    """Take a pupil's code back, give her another at once, and say so to answers."""
    manifest = zone.current().manifest
    old, new = links.replace(pupil, manifest)
    rows = [admission.withdrawn(old, manifest), *admission.rows_of([pupil], manifest)]
    admission.queue(rows, manifest)
    hurry()
    return new


def give_reserve(pupil: UUID, reserve: UUID) -> Sitting:
    """Make a reserve code hers, which answers knows already; her old code is set aside."""
    manifest = zone.current().manifest
    old, new = links.give_reserve(pupil, reserve)
    reserves.note_given(reserve)
    rows = [admission.withdrawn(old, manifest), *admission.rows_of([pupil], manifest)]
    admission.queue(rows, manifest)
    hurry()
    return new


def exchange_codes(one: UUID, other: UUID) -> None:
    """Give each of two pupils the other's code and what was answered under it."""
    manifest = zone.current().manifest
    links.exchange(one, other)
    # What is granted goes with the pupil: each code is told what its new owner is granted.
    admission.queue(admission.rows_of([one, other], manifest), manifest)
    hurry()


def hurry() -> None:
    """Send what waits now, once; what does not pass leaves with the next exchange."""
    running = zone.current()
    try:
        exchange.send_waiting(
            running.manifest, exchange.Caller.in_a_hurry(running.settings.door_key)
        )
    except EncrierError:
        return  # the page says that it waits


def waits() -> bool:
    """Whether something has not reached answers yet."""
    return admission.is_waiting()
