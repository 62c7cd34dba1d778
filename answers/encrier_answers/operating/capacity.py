# SPDX-License-Identifier: AGPL-3.0-or-later
"""How many pupils a machine carries at once, what ends first, and what a campaign costs.

Pure: from measured figures and the facts of a machine. An estimate, and it says from what: half of
a processor is left for what was not measured, starts on the hour and readers of files.
"""

import math
from typing import Final

from encrier.records import Record
from encrier_answers.configuration import MAX_CONNECTIONS
from encrier_answers.folder import RESERVE
from encrier_answers.operating import measured
from encrier_answers.store_sqlite import CACHE_KIB

SAVE_EVERY_S: Final = 20
BUSY_AT_MOST: Final = 0.5  # of a processor
MEMORY_AT_MOST: Final = 0.7  # of what there is
CONNECTIONS: Final = 3  # of the store, each with its cache
SPARE_DESCRIPTORS: Final = 500  # files, database, those who leave
SITTING_S: Final = 3600  # two sequences of half an hour: what a pupil's cost is told for
MIB: Final = 1 << 20


class Machine(Record, frozen=True):
    """What there is."""

    cores: int
    processes: int  # that take saves: each uses one core at most
    memory_bytes: int
    descriptors: int  # a process
    room_bytes: int | None  # free, or the store's already; None: it is in a database elsewhere


class Capacity(Record, frozen=True):
    """How many pupils sit at once by each limit, how many a campaign may have by the disk."""

    at_once: int
    limited_by: str
    by_processor: int
    by_memory: int
    by_descriptors: int
    by_connections: int
    by_disk: int | None


class Cost(Record, frozen=True):
    """What a campaign of so many pupils takes."""

    pupils: int
    disk_bytes: int
    disk_bytes_a_pupil: int
    processor_s_a_pupil: float
    euros: float | None  # of the machine while they sit, one after the other filling it
    euros_a_pupil: float | None


def of(machine: Machine) -> Capacity:
    """What this machine carries."""
    processes = max(1, min(machine.cores, machine.processes))
    a_second = BUSY_AT_MOST * processes / (measured.CPU_A_SAVE_US.value / 1e6)
    at_rest = measured.MEMORY_AT_REST_MB.value * MIB * processes + CONNECTIONS * CACHE_KIB * 1024
    a_pupil = measured.MEMORY_A_CONNECTION_KIB.value * 1024
    a_pupil += measured.MEMORY_ADMITTED_BYTES.value / 2 * processes  # measured of two
    limits = {
        "processor": int(a_second * SAVE_EVERY_S),
        "memory": int(max(0.0, MEMORY_AT_MOST * machine.memory_bytes - at_rest) / a_pupil),
        "descriptors": max(0, machine.descriptors - SPARE_DESCRIPTORS) * processes,
        "connections": MAX_CONNECTIONS * processes,
    }
    disk = _by_disk(machine)
    told = limits if disk is None else limits | {"disk": disk}
    first = min(told, key=told.__getitem__)
    return Capacity(
        at_once=told[first],
        limited_by=first,
        by_processor=limits["processor"],
        by_memory=limits["memory"],
        by_descriptors=limits["descriptors"],
        by_connections=limits["connections"],
        by_disk=disk,
    )


def cost(machine: Machine, *, pupils: int, euros_an_hour: float | None) -> Cost:
    """What a campaign takes of disk, processor and, at this price of the machine, money.

    Money: the machine is paid for while it is full, hour after hour, until all have sat.
    """
    at_once = max(1, of(machine).at_once)
    saves_us = SITTING_S / SAVE_EVERY_S * measured.CPU_A_SAVE_US.value
    hours = math.ceil(pupils / at_once) * SITTING_S / 3600
    euros = None if euros_an_hour is None else hours * euros_an_hour
    a_pupil = int(measured.DISK_SAT_BYTES.value)
    return Cost(
        pupils=pupils,
        disk_bytes=pupils * a_pupil + RESERVE,
        disk_bytes_a_pupil=a_pupil,
        processor_s_a_pupil=(saves_us + measured.CPU_A_SIGN_IN_US.value) / 1e6,
        euros=euros,
        euros_a_pupil=None if euros is None or not pupils else euros / pupils,
    )


def _by_disk(machine: Machine) -> int | None:
    if machine.room_bytes is None:
        return None
    return max(0, machine.room_bytes - RESERVE) // int(measured.DISK_SAT_BYTES.value)
