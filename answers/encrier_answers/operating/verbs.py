# SPDX-License-Identifier: AGPL-3.0-or-later
"""The verbs of whoever hosts the zone: doctor, capacity, backup, restore, drain.

Reads the settings, asks the modules beside, prints. Decides nothing.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from encrier import signing
from encrier.clock import now
from encrier.errors import BadSetting, EncrierError
from encrier_answers import configuration
from encrier_answers.configuration import Zone
from encrier_answers.operating import capacity, copies, databases, doctor, draining, facts
from encrier_answers.operating.capacity import Machine
from encrier_answers.operating.doctor import Dates, Finding, Grade, StoreFacts
from encrier_answers.sittings import from_minute

if TYPE_CHECKING:
    from encrier.cli import Commands

N_PUPILS: Final = 100_000
COPIES_ITSELF: Final = "The store is in PostgreSQL, which copies itself."
HOW: Final = (
    "pg_dump --format=custom --file=FILE DATABASE for a copy of one moment; pg_basebackup and an"
    " archive of its journal for every moment: docs/operate/answers-backups.md."
)


def verbs(commands: "Commands") -> None:
    """Add these verbs to the command `encrier answers`."""
    look = _verb(commands, "doctor", "look at this machine: what hurts, and what to do", "--json")
    look.set_defaults(run=_doctor)
    most = _verb(
        commands, "capacity", "how many pupils this machine carries", "--price-per-hour 0.12"
    )
    most.add_argument("--pupils", type=_whole, default=N_PUPILS, help="of a campaign, for its cost")
    most.add_argument("--price-per-hour", type=float, metavar="EUR", help="of this machine")
    most.set_defaults(run=_capacity)
    copy = _verb(commands, "backup", "copy the store while it serves", "--to autumn.copy")
    copy.add_argument("--to", type=Path, required=True, metavar="FILE", help="must not exist yet")
    copy.set_defaults(run=_backup)
    back = _verb(
        commands, "restore", "put a copy back into an empty folder", "--from autumn.copy --drill"
    )
    which = back.add_mutually_exclusive_group(required=True)
    which.add_argument("--from", type=Path, dest="copy", metavar="FILE", help="what backup wrote")
    which.add_argument(
        "--raise-ranks",
        action="store_true",
        help="after a database, or a file copied by hand, was put back: results miss nothing",
    )
    back.add_argument(
        "--drill",
        action="store_true",
        help="into a folder beside the copy, every receipt checked, timed, removed again",
    )
    back.set_defaults(run=_restore)
    end = _verb(commands, "drain", "end the server without losing a save", "--wait 15")
    end.add_argument(
        "--wait",
        type=_whole,
        default=10,
        metavar="S",
        help="seconds for the load balancer to look elsewhere (10)",
    )
    end.set_defaults(run=_drain)


def _verb(commands: "Commands", name: str, purpose: str, example: str) -> argparse.ArgumentParser:
    verb = commands.add_parser(
        name,
        help=purpose,
        description=f"{purpose.capitalize()}. Settings: see answers/README.md.",
        epilog=f"example: encrier answers {name} {example}",
    )
    verb.add_argument("--json", action="store_true", help="print JSON")
    return verb


def _whole(written: str) -> int:
    number = int(written)
    if number < 0:
        raise argparse.ArgumentTypeError("a whole number, 0 or more")
    return number


def _doctor(asked: argparse.Namespace) -> int:
    try:
        found = _examine(configuration.load(os.environ))
    except EncrierError as error:
        found = [_failing("settings", error)]
    worst = doctor.worst(found)
    lines = [
        f"{one.grade.value:<8} {one.about}: {one.what}" + (f"\n         {one.do}" if one.do else "")
        for one in found
    ]
    as_record = [
        {"about": one.about, "grade": one.grade.value, "what": one.what, "do": one.do}
        for one in found
    ]
    _show({"worst": worst.value, "findings": as_record}, "\n".join(lines), as_json=asked.json)
    return int(worst is Grade.FAILING)


def _examine(zone: Zone) -> list[Finding]:
    settings, manifest, moment = zone.settings, zone.manifest, now()
    dates = Dates(manifest.opens_at, manifest.closes_at, manifest.last_save_at)
    store, found = _examine_store(zone)
    return [
        Finding("settings", Grade.FINE, "are readable, and the manifest names this node"),
        doctor.of_dates(dates, now=moment),
        *found,
        *_examine_disk(zone, admitted=store.admitted),
        *doctor.of_clock(
            moment, last_minute=store.last_minute, is_synchronised=facts.is_synchronised()
        ),
        *doctor.of_limits(facts.of_limits(settings.folder)),
        *_examine_certificate(zone),
    ]


def _examine_store(zone: Zone) -> tuple[StoreFacts, list[Finding]]:
    if zone.settings.database is None:
        store = facts.of_store(zone)
        return store, [doctor.of_store(store)]
    try:
        said = databases.facts(zone.settings.database)
    except EncrierError as error:
        return StoreFacts(is_made=False), [_failing("database", error)]
    store = StoreFacts(is_made=True, admitted=said.admitted, last_minute=said.last_minute)
    return store, list(doctor.of_database(said))


def _examine_disk(zone: Zone, *, admitted: int) -> list[Finding]:
    settings = zone.settings
    try:
        disk = facts.of_disk(settings.folder)
    except BadSetting as error:
        return [_failing("disk", error)]
    is_remote = settings.database is not None
    return list(doctor.of_disk(disk, admitted=admitted, is_remote=is_remote))


def _examine_certificate(zone: Zone) -> list[Finding]:
    try:
        shown = facts.of_certificate(zone)
    except BadSetting as error:
        return [_failing("certificate", error)]
    if shown is None:
        return []
    url = next(one.url for one in zone.manifest.nodes if one.node == zone.settings.node)
    return list(doctor.of_certificate(shown, host=urlsplit(url).hostname or "", now=now()))


def _failing(about: str, error: EncrierError) -> Finding:
    return Finding(about, Grade.FAILING, error.what_happened, error.what_next)


def _capacity(asked: argparse.Namespace) -> int:
    settings = configuration.load(os.environ).settings
    disk = facts.of_disk(settings.folder)
    machine = Machine(
        cores=facts.cores(),
        processes=settings.workers + 1,  # and the keeper
        memory_bytes=facts.memory_bytes(),
        descriptors=facts.of_limits(settings.folder).descriptors,
        room_bytes=None if settings.database else disk.free_bytes + disk.used_bytes,
    )
    most = capacity.of(machine)
    price = capacity.cost(machine, pupils=asked.pupils, euros_an_hour=asked.price_per_hour)
    record = {"machine": _fields(machine), "carries": _fields(most), "campaign": _fields(price)}
    _show(record, _estimated(most, price), as_json=asked.json)
    return 0


def _estimated(most: capacity.Capacity, price: capacity.Cost) -> str:
    by = {name: value for name, value in _fields(most).items() if name.startswith("by_")}
    lines = [
        f"{most.at_once:,} pupils at once, each saving every {capacity.SAVE_EVERY_S} s over TLS"
    ]
    lines += [
        f"  {name.replace('_', ' ')}: {value:,}" for name, value in by.items() if value is not None
    ]
    lines += [
        f"first ends: {most.limited_by}",
        f"a campaign of {price.pupils:,}: {price.disk_bytes >> 20:,} MiB of disk",
        f"a pupil: {price.disk_bytes_a_pupil:,} bytes, {price.processor_s_a_pupil:.3f} processor s",
    ]
    if price.euros is not None and price.euros_a_pupil is not None:
        lines.append(f"money: {price.euros:.2f} EUR, {price.euros_a_pupil:.6f} EUR a pupil")
    return "\n".join([*lines, "estimated from docs/performance.md, half of a processor in reserve"])


def _backup(asked: argparse.Namespace) -> int:
    zone = configuration.load(os.environ)
    _refuse_database(zone)
    settings, began = zone.settings, time.monotonic()
    copied = copies.back_up(
        settings.folder, asked.to, key=settings.store_key, campaign=zone.manifest.campaign_id
    )
    record = _fields(copied) | {"seconds": _since(began)}
    text = f"{_held(copied)}; {copied.size_bytes >> 10:,} KiB in {record['seconds']} s"
    _show(record, text, as_json=asked.json)
    return 0


def _restore(asked: argparse.Namespace) -> int:
    zone = configuration.load(os.environ)
    if asked.raise_ranks:
        return _raise_ranks(zone, as_json=asked.json)
    _refuse_database(zone)
    if asked.drill:
        return _drill(zone, asked.copy, as_json=asked.json)
    settings, began = zone.settings, time.monotonic()
    copied = copies.put_back(
        settings.folder,
        asked.copy,
        key=settings.store_key,
        campaign=zone.manifest.campaign_id,
        at=now(),
    )
    record = _fields(copied) | {"seconds": _since(began)}
    _show(record, f"{_held(copied)}; put back in {record['seconds']} s", as_json=asked.json)
    return 0


def _drill(zone: Zone, copy: Path, *, as_json: bool) -> int:
    """Put a copy back beside itself, hold every envelope against its receipt, remove it again."""
    settings, began = zone.settings, time.monotonic()
    with copies.folder_beside(copy) as folder:
        copied = copies.put_back(
            Path(folder),
            copy,
            key=settings.store_key,
            campaign=zone.manifest.campaign_id,
            at=now(),
        )
        back_s = _since(began)
        checked = copies.check_receipts(
            Path(folder), key=settings.store_key, node_key=signing.public_of(settings.receipt_key)
        )
    record = _fields(copied) | {
        "restored_s": back_s,
        "seconds": _since(began),
        "wrong": checked.wrong,
    }
    verdict = (
        "every envelope has its receipt"
        if not checked.wrong
        else f"{checked.wrong} envelopes have no good receipt: keep an older copy too"
    )
    text = f"{_held(copied)}; put back in {back_s} s, read in {record['seconds']} s: {verdict}"
    _show(record, text, as_json=as_json)
    return int(checked.wrong > 0)


def _raise_ranks(zone: Zone, *, as_json: bool) -> int:
    settings, n_nodes = zone.settings, 1
    if settings.database is None:
        copies.raise_ranks(settings.folder, key=settings.store_key, at=now())
    else:
        n_nodes = databases.raise_ranks(settings.database, at=now())
    _show({"nodes": n_nodes}, f"{n_nodes} nodes go on above every rank given", as_json=as_json)
    return 0


def _drain(asked: argparse.Namespace) -> int:
    folder = configuration.load(os.environ).settings.folder
    sys.stderr.write(f"waiting {asked.wait} s for the load balancer…\n")
    ended = draining.drain(folder, wait_s=asked.wait)
    text = "the server has ended; what it had taken is on disk"
    _show({"ended": ended}, text if ended else "the server has not ended yet", as_json=asked.json)
    return int(not ended)


def _refuse_database(zone: Zone) -> None:
    if zone.settings.database is not None:
        raise BadSetting(COPIES_ITSELF, HOW)


def _held(copied: copies.Copied) -> str:
    minute, listed = copied.last_minute, copied.last_list
    return (
        f"{copied.envelopes:,} envelopes, {copied.admitted:,} pupils admitted,"
        f" last list {'none' if listed is None else listed},"
        f" last minute {'none' if minute is None else f'{from_minute(minute):%Y-%m-%dT%H:%MZ}'}"
    )


def _since(began: float) -> float:
    return round(time.monotonic() - began, 2)


def _fields(record: Any) -> dict[str, Any]:  # any of our records, whose fields JSON can hold
    return {name: getattr(record, name) for name in record.__struct_fields__}


def _show(record: Mapping[str, object], text: str, *, as_json: bool) -> None:
    print(json.dumps(record, ensure_ascii=False, sort_keys=True) if as_json else text)
