# SPDX-License-Identifier: AGPL-3.0-or-later
"""How many codes that nobody has may be tried: from one network, and by strangers together.

Time and the name of a network come in as arguments. What is remembered is in memory only, bounded,
and gone with the process; a network is a random name. Docs: docs/spec/guessing.md.
"""

import math
from collections import OrderedDict
from typing import Final

from encrier.errors import EncrierError
from encrier.ids import SittingId

NOBODY: Final = SittingId(bytes(16))  # asked by the page that checks a computer: not a guess
UNKNOWN: Final = b""  # a network that cannot be told from others
WINDOW_S: Final = 600.0
A_NETWORK: Final = 60  # codes that nobody has, in the window
A_PUPIL_MORE: Final = 1  # and as many again for each pupil who came in from there
MAX_PUPILS: Final = 2_000  # remembered of a network: more than the largest school
STRANGERS_A_S: Final = 3.0  # what networks from which nobody came in may try together
STRANGERS_AT_ONCE: Final = 500
MAX_STRANGERS: Final = 20_000  # networks remembered from which nobody came in
MAX_SCHOOLS: Final = 60_000  # and those from which somebody did
LONGEST_WAIT_S: Final = 60
ALARM_EVERY_S: Final = 60.0


class TooManyGuesses(EncrierError):
    """Too many codes were tried that nobody has; `wait_s`: when to try again."""

    what = "Trop de codes inconnus ont été essayés depuis ce réseau."
    next_step = (
        "Ce n’est pas ta faute\u00a0: attends une minute, vérifie ton code sur ta feuille, puis"
        " réessaie."
    )

    def __init__(self, wait_s: int) -> None:
        super().__init__()
        self.wait_s = wait_s


class Leak:
    """A bucket that fills by one a failure and leaks at a steady rate."""

    __slots__ = ("_at", "_level")

    def __init__(self) -> None:
        self._level = self._at = 0.0

    def add(self, now: float, *, a_s: float) -> None:
        """Note one more failure."""
        self._level, self._at = self.level(now, a_s=a_s) + 1.0, now

    def level(self, now: float, *, a_s: float) -> float:
        """How much is in it, after what leaked; a clock that goes back leaks nothing."""
        return max(0.0, self._level - max(0.0, now - self._at) * a_s)

    def wait_s(self, now: float, *, a_s: float, most: float) -> int:
        """Seconds until one more fits; 0: it does."""
        over = self.level(now, a_s=a_s) + 1.0 - most
        return 0 if over <= 0 else max(1, min(LONGEST_WAIT_S, math.ceil(over / a_s)))


class Network:
    """What is remembered of one network."""

    __slots__ = ("failed_at", "failures", "pupils")

    def __init__(self) -> None:
        self.failures = Leak()
        self.failed_at = -math.inf
        self.pupils: set[int] = set()  # half of the sitting id: 8 bytes of 16 drawn at random

    @property
    def most(self) -> float:
        """How many failures it may have in the window."""
        return A_NETWORK + A_PUPIL_MORE * len(self.pupils)


class Guessing:
    """The counts of one process. Called on the event loop's thread."""

    def __init__(self) -> None:
        self._all_strangers = Leak()
        self._strangers: OrderedDict[bytes, Network] = OrderedDict()
        self._schools: OrderedDict[bytes, Network] = OrderedDict()
        self._n_failed = self._n_held = 0
        self._told_at = -math.inf
        self._n_told = (0, 0)

    def check(self, network: bytes, sid: SittingId, *, now: float) -> None:
        """Refuse an attempt before it is looked at; raises TooManyGuesses.

        A pupil who came in from this network before is never refused here, whoever else guesses.
        """
        school = self._schools.get(network)
        if sid == NOBODY or (school is not None and _half(sid) in school.pupils):
            return
        at = school or self._strangers.get(network)
        if at is None:
            return  # nobody has guessed here: a school that begins is not held up by others
        wait_s = 0
        if network != UNKNOWN:
            wait_s = at.failures.wait_s(now, a_s=at.most / WINDOW_S, most=at.most)
        if school is None and now - at.failed_at < WINDOW_S:
            together = self._all_strangers
            others = together.wait_s(now, a_s=STRANGERS_A_S, most=STRANGERS_AT_ONCE)
            wait_s = max(wait_s, others)
        if wait_s:
            self._n_held += 1
            raise TooManyGuesses(wait_s)

    def failed(self, network: bytes, sid: SittingId, *, now: float) -> None:
        """Note a code that nobody has."""
        if sid == NOBODY:
            return
        self._n_failed += 1
        at = self._schools.get(network)
        if at is None:
            at = _kept(self._strangers, network, most=MAX_STRANGERS)
            self._all_strangers.add(now, a_s=STRANGERS_A_S)
        at.failures.add(now, a_s=at.most / WINDOW_S)
        at.failed_at = now

    def came_in(self, network: bytes, sid: SittingId) -> None:
        """Note a pupil of this network."""
        if network == UNKNOWN:
            return
        known = self._schools.get(network)
        if known is not None and _half(sid) in known.pupils:
            self._schools.move_to_end(network)
            return
        stranger = self._strangers.pop(network, None)
        at = _kept(self._schools, network, most=MAX_SCHOOLS)
        if stranger is not None:
            at.failures = stranger.failures
        if len(at.pupils) < MAX_PUPILS:
            at.pupils.add(_half(sid))

    @property
    def since_start(self) -> tuple[int, int]:
        """Failures, and attempts held up, told or not."""
        return self._n_told[0] + self._n_failed, self._n_told[1] + self._n_held

    def alarm(self, *, now: float) -> tuple[int, int] | None:
        """Failures and attempts held up since the last alarm; None: nothing to tell yet."""
        if self._n_held == 0 or now - self._told_at < ALARM_EVERY_S:
            return None
        told, self._n_told = (self._n_failed, self._n_held), self.since_start
        self._n_failed = self._n_held = 0
        self._told_at = now
        return told


def _half(sid: SittingId) -> int:
    return int.from_bytes(sid[:8])


def _kept(networks: "OrderedDict[bytes, Network]", network: bytes, *, most: int) -> Network:
    """The network, as the newest; the oldest makes room."""
    at = networks.pop(network, None) or Network()
    networks[network] = at
    if len(networks) > most:
        networks.popitem(last=False)
    return at
