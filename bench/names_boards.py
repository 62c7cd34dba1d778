# SPDX-License-Identifier: AGPL-3.0-or-later
"""How long the pages of heads, académies and the ministry take with a whole country in place.

    ENCRIER_SHARED=… python bench/names_boards.py [--pupils 830000] [--folder F] [--json] [--write]

The 40,630 schools of the ministry's directory, and 830,000 pupils in the collèges among them, of
whom most have a number and a part have sat. Rows are written as the zone writes them, sealed; only
the derivation of keys from codes is left out (another benchmark's), so that no code works. Times
are those of the server: from a request to its answer, in the process, middleware and all.

--folder: keep the country there, and use it again if it is there.
"""

import argparse
import json
import os
import platform
import random
import secrets
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "demo"))

import performance_page  # noqa: E402

from encrier import clock  # noqa: E402
from encrier_names import zone  # noqa: E402
from stage import Stage  # noqa: E402

HEADING: Final = "## Pages of the names zone, with a country in place"
SHARED: Final = Path(os.environ.get("ENCRIER_SHARED", ROOT.parent / "shared"))
DIRECTORY: Final = SHARED / "data/schools/etablissements_min.csv"
CLASS_SIZE: Final = 27
DAYS: Final = 15
RUNS: Final = 11
AT_ONCE: Final = 2_000
BOARD_MS, SCHOOL_MS = 300, 150

# page: goal, median, slowest, and median of the processor's own time, in ms
Times = dict[str, tuple[int, float, float, float]]


class Country:
    """The zone of a whole country, filled once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.fill_s = 0.0

    def settle(self, n_pupils: int) -> None:
        """Start the zone in this process; fill it if it is new."""
        environ = self.folder / "environ.json"
        if environ.exists():
            zone.start(json.loads(environ.read_text()))
            self._migrate()
            return
        began = time.monotonic()
        stage = Stage(self.folder / "zones")
        stage.draw_keys()
        stage.names.run("migrate")
        stage.names.run("import-schools", DIRECTORY)
        zone.start(stage.names.settings)
        self._fill(n_pupils)
        environ.write_text(json.dumps(stage.names.settings))
        self.fill_s = round(time.monotonic() - began, 1)

    @staticmethod
    def _migrate() -> None:
        """Bring a country that was kept to this release."""
        from encrier_names.stores.migration import bring_up  # noqa: PLC0415 after the start

        bring_up(zone.current().settings)

    def _fill(self, n_pupils: int) -> None:
        from encrier_names.figures import participation  # noqa: PLC0415 after the start
        from encrier_names.followup import tallies  # noqa: PLC0415 idem
        from encrier_names.schools.models import School  # noqa: PLC0415 idem

        schools = list(School.objects.filter(kind="college").order_by("uai"))
        chance = random.Random(6)  # noqa: S311 the same country each time
        size = n_pupils // len(schools)
        for at in range(0, len(schools), 100):
            _enrol(schools[at : at + 100], size, chance)
            _say(f"{at:6} of {len(schools)} collèges")
        _say(f"{tallies.rebuild()} schools counted")
        today, now = clock.now().date(), clock.now()
        for n in range(DAYS):
            participation.keep(today - timedelta(days=DAYS - 1 - n), now)


def _enrol(schools: list[Any], size: int, chance: random.Random) -> None:
    """Classes, pupils, numbers and progress of these schools, in a few statements."""
    from django.db import transaction  # noqa: PLC0415 after the start

    from encrier_names.pseudonyms.models import Link  # noqa: PLC0415 idem
    from encrier_names.schools.models import Division, Pupil  # noqa: PLC0415 idem
    from encrier_names.sittings.models import SeenProgress  # noqa: PLC0415 idem

    divisions: list[Division] = []
    pupils: list[Pupil] = []
    links: list[Link] = []
    seen: list[SeenProgress] = []
    for school in schools:
        fate = chance.random()
        of_school = max(1, int(chance.gauss(size, size / 3) / 0.95))
        if fate < 0.05:  # noqa: PLR2004 one in twenty has no list
            continue
        progress = chance.random()
        for place in range(0, of_school, CLASS_SIZE):
            is_valid = fate > 0.15 or (fate > 0.12 and place == 0)  # noqa: PLR2004 a tenth is late
            division = Division(school=school, label=f"6{len(divisions)}")
            division.validated_at = clock.now() if is_valid else None
            divisions.append(division)
            for n in range(place, min(place + CLASS_SIZE, of_school)):
                pupils.append(_pupil(division, n, chance))
                if is_valid:
                    link, sid = _link(pupils[-1].id)
                    links.append(link)
                    if chance.random() < progress:
                        seen.append(_seen(sid, chance))
    with transaction.atomic(), transaction.atomic(using="links"):
        for rows in (divisions, pupils, links, seen):
            type(rows[0]).objects.bulk_create(rows, batch_size=AT_ONCE)  # type: ignore[attr-defined]  # a model


def _pupil(division: Any, n: int, chance: random.Random) -> Any:
    from encrier_names.schools.models import Identity, Pupil  # noqa: PLC0415 after the start

    pupil = Pupil(division=division, level="6E")
    name = "".join(chance.choices("ABCDEFGHIJKLMNOPRSTUVZ", k=9))
    pupil.identity = Identity(name, f"Prénom{n}", sex="F")
    return pupil


def _link(pupil: Any) -> tuple[Any, bytes]:
    """A link as it is drawn, but for keys: those of no code."""
    from encrier import codes  # noqa: PLC0415 after the start
    from encrier.ids import SittingId, draw_order_number  # noqa: PLC0415 idem
    from encrier.records import to_bytes  # noqa: PLC0415 idem
    from encrier_names.encryption import seal  # noqa: PLC0415 idem
    from encrier_names.pseudonyms.key import blind  # noqa: PLC0415 idem
    from encrier_names.pseudonyms.links import Sitting  # noqa: PLC0415 idem
    from encrier_names.pseudonyms.models import Link  # noqa: PLC0415 idem

    key, drawn = _link_key(), secrets.token_bytes(112)
    sid = SittingId(drawn[:16])
    sitting = Sitting(
        draw_order_number(), codes.draw(), sid, drawn[16:48], drawn[48:80], drawn[80:]
    )
    index = blind(key, "pupil", pupil.bytes)
    unique = blind(key, "order", drawn)  # of no order number: two may be drawn twice here
    row = Link(
        pupil=index,
        order=unique,
        code=blind(key, "code", drawn),
        box=seal(key, to_bytes(sitting), context=f"link\0{index}".encode()),
    )
    return row, sid


_keys: list[Any] = []


def _link_key() -> Any:
    from encrier_names.pseudonyms.key import link_key  # noqa: PLC0415 after the start

    if not _keys:
        _keys.append(link_key())
    return _keys[0]


def _seen(sid: bytes, chance: random.Random) -> Any:
    from encrier_names.sittings.models import SeenProgress  # noqa: PLC0415 after the start

    done = chance.random() < 0.8  # noqa: PLR2004 four in five of those who have begun
    state, percent = ("finished", 100) if done else ("started", chance.randrange(100))
    return SeenProgress(
        sid=sid.hex(), state=state, percent=percent, unsent=0, last_minute=29_000_000
    )


def clients() -> dict[str, Any]:
    """One who is signed in for each role, in the largest school and its académie."""
    from django.contrib.auth.models import User  # noqa: PLC0415 after the start
    from django.test import Client  # noqa: PLC0415 idem

    from encrier_names.followup.models import Tally  # noqa: PLC0415 idem
    from encrier_names.schools.models import School, Staff  # noqa: PLC0415 idem

    largest = Tally.objects.order_by("-awaited")[0].school
    versailles = School.objects.filter(academy="VERSAILLES").first()
    found = {}
    for role in ("head", "academy", "ministry"):
        user, _made = User.objects.get_or_create(username=f"bench-{role}")
        Staff.objects.get_or_create(
            user=user,
            role=role,
            school=largest if role == "head" else None,
            academy=versailles.academy if role == "academy" and versailles else "",
        )
        found[role] = Client(SERVER_NAME="127.0.0.1")
        found[role].force_login(user)
    return found


def pages() -> Iterator[tuple[str, str, str, int]]:
    """Each page that is timed: what it is, who asks, its address, its goal in ms."""
    from encrier_names.followup.models import Tally  # noqa: PLC0415 after the start

    large = Tally.objects.filter(school__academy="VERSAILLES").order_by("-awaited")[0].school
    division = Tally.objects.order_by("-awaited")[0].school.divisions.order_by("label")[0]
    yield "head: first page", "head", "/", SCHOOL_MS
    yield "head: who is missing", "head", "/manquants/", SCHOOL_MS
    yield "head: end", "head", "/fin/", SCHOOL_MS
    yield "head: messages", "head", "/messages/", SCHOOL_MS
    yield "head: list of a class", "head", f"/classes/{division.id}/", SCHOOL_MS
    yield "head: sittings of a class", "head", f"/classes/{division.id}/passation/", SCHOOL_MS
    yield "head: results of a class", "head", f"/classes/{division.id}/resultats/", SCHOOL_MS
    yield "académie: board", "academy", "/", BOARD_MS
    yield "académie: board, what is late", "academy", "/suivi/?couleur=red", BOARD_MS
    yield "académie: board, by participation", "academy", "/suivi/?tri=part&page=3", BOARD_MS
    yield "académie: board, searched", "academy", "/suivi/?q=hugo&secteur=public", BOARD_MS
    yield "académie: a school", "academy", f"/suivi/etablissements/{large.id}/", SCHOOL_MS
    yield "académie: participation", "academy", "/suivi/participation/", BOARD_MS
    yield "académie: write to all", "academy", "/messages/ecrire/", BOARD_MS
    yield "ministry: France", "ministry", "/suivi/france/", BOARD_MS
    yield "ministry: board of the country", "ministry", "/suivi/", BOARD_MS
    yield "ministry: participation", "ministry", "/suivi/participation/", BOARD_MS
    yield "ministry: directory", "ministry", "/", BOARD_MS
    yield "ministry: directory, searched", "ministry", "/?q=victor+hugo", BOARD_MS
    yield "ministry: classes of a school", "ministry", f"/etablissements/{large.id}/", SCHOOL_MS


def measured() -> Times:
    """The times of all pages."""
    people, times = clients(), Times()
    for name, who, address, goal in pages():
        taken = [_timed(people[who], address) for _ in range(RUNS + 1)][1:]
        walls, works = zip(*taken, strict=True)
        middle = round(statistics.median(walls), 1)
        times[name] = (goal, middle, round(max(walls), 1), round(statistics.median(works), 1))
    return times


def _timed(client: Any, address: str) -> tuple[float, float]:
    """Milliseconds of the clock, and of the processor."""
    began, work = time.perf_counter(), time.process_time()
    answer = client.get(address)
    taken, worked = time.perf_counter() - began, time.process_time() - work
    if answer.status_code != 200:  # noqa: PLR2004
        raise RuntimeError(f"{address} answered {answer.status_code}")
    return taken * 1000, worked * 1000


def section(times: Times, *, n_pupils: int, n_schools: int) -> str:
    """The figures as a section of docs/performance.md."""
    when = datetime.now(UTC).strftime("%Y-%m-%d")
    lines = [
        HEADING,
        "",
        f"`python bench/names_boards.py --write`, {when}.",
        f"{platform.machine()}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}.",
        f"{n_schools:,} schools of the directory, {n_pupils:,} pupils, {DAYS} days.",
        "SQLite, nothing else in front.",
        f"Time of the server, from a request to its answer; {RUNS} runs.",
        "Under load, the processor's own time says what a machine that does nothing else takes.",
        "",
        "| page | goal, ms | median, ms | slowest, ms | processor, ms |",
        "|---|---|---|---|---|",
        *(f"| {name} | {' | '.join(map(str, row))} |" for name, row in times.items()),
        "",
    ]
    return "\n".join(lines)


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--pupils", type=int, default=830_000)
    parser.add_argument("--folder", type=Path, help="keep the country there")
    parser.add_argument("--json", action="store_true", help="print figures as JSON")
    parser.add_argument("--write", action="store_true", help=f"write {performance_page.PAGE.name}")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        country = Country(asked.folder or Path(made))
        country.folder.mkdir(parents=True, exist_ok=True)
        country.settle(asked.pupils)
        from encrier_names.schools.models import Pupil, School  # noqa: PLC0415 after the start

        times = measured()
        counts = {"n_pupils": Pupil.objects.count(), "n_schools": School.objects.count()}
    shown = section(times, **counts)
    print(json.dumps({**counts, "times_ms": times}, indent=2) if asked.json else shown)
    if asked.write:
        performance_page.put(shown)
    return 1 if any(mid > goal for goal, mid, *_rest in times.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
