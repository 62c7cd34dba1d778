# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the doctor thinks of facts, what it reads of a machine, and when its exit code is 1."""

import json
import subprocess
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from encrier.errors import BadSetting
from encrier_answers import configuration
from encrier_answers.configuration import BACKLOG
from encrier_answers.folder import RESERVE
from encrier_answers.operating import doctor, facts
from encrier_answers.operating.databases import DatabaseFacts
from encrier_answers.operating.doctor import (
    Certificate,
    Dates,
    DiskFacts,
    Finding,
    Grade,
    Limits,
    StoreFacts,
)
from encrier_answers.sittings import to_minute
from encrier_answers.store_sqlite import SqliteStore
from stagecraft.certificates import own_certificate

NOW = datetime(2026, 10, 6, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def grades(found: Iterable[Finding]) -> dict[str, Grade]:
    """The worst grade of each thing looked at."""
    by: dict[str, list[Finding]] = {}
    for one in found:
        by.setdefault(one.about, []).append(one)
    return {about: doctor.worst(some) for about, some in by.items()}


@pytest.mark.parametrize(
    ("at", "grade", "said"),
    [
        (NOW - 12 * DAY, Grade.FINE, "opens in 12 days"),
        (NOW, Grade.FINE, "is open until 2026-10-16 09:00 UTC"),
        (NOW + 10 * DAY + timedelta(hours=1), Grade.FINE, "late saves"),
        (NOW + 12 * DAY, Grade.WARNING, "nothing is taken any more"),
    ],
)
def test_the_dates_of_the_campaign_are_told(at: datetime, grade: Grade, said: str) -> None:
    dates = Dates(NOW, NOW + 10 * DAY, NOW + 11 * DAY)
    found = doctor.of_dates(dates, now=at)
    assert found.grade is grade
    assert said in found.what


@pytest.mark.parametrize(
    ("kind", "grade"),
    [
        ("ext4", Grade.FINE),
        ("xfs", Grade.FINE),
        ("tmpfs", Grade.FAILING),
        ("overlay", Grade.FAILING),
        ("nfs4", Grade.FAILING),
    ],
)
def test_a_disk_that_forgets_fails(kind: str, grade: Grade) -> None:
    disk = DiskFacts(kind, 10**12, 0, [0.1])
    assert grades(doctor.of_disk(disk, admitted=0, is_remote=False))["disk"] is grade
    remote = grades(doctor.of_disk(disk, admitted=0, is_remote=True))
    assert set(remote.values()) == {Grade.FINE}, "the store is elsewhere"


@pytest.mark.parametrize(
    ("free", "used", "grade"),
    [
        (RESERVE - 1, 0, Grade.FAILING),
        (RESERVE + 10**9, 0, Grade.WARNING),
        (RESERVE + 10**9, 5 * 10**9, Grade.FINE),
        (RESERVE + 6 * 10**9, 0, Grade.FINE),
    ],
)
def test_room_is_held_against_all_who_are_admitted(free: int, used: int, grade: Grade) -> None:
    disk = DiskFacts("ext4", free, used, [0.1])
    assert grades(doctor.of_disk(disk, admitted=1_000_000, is_remote=False))["room"] is grade


def test_a_slow_disk_is_told_by_its_median_and_so_is_one_too_fast_to_be_true() -> None:
    def of(*syncs_ms: float) -> Grade:
        disk = DiskFacts("ext4", 10**12, 0, syncs_ms)
        return grades(doctor.of_disk(disk, admitted=0, is_remote=False))["sync"]

    assert of(0.1, 0.1, 900.0) is Grade.FINE
    assert of(0.1, 30.0, 40.0) is Grade.WARNING
    assert of(0.001, 0.002, 0.1) is Grade.WARNING


@pytest.mark.parametrize(
    ("behind", "is_synchronised", "grade"),
    [
        (timedelta(0), True, Grade.FINE),
        (timedelta(minutes=1), None, Grade.FINE),
        (timedelta(hours=2), True, Grade.WARNING),
        (timedelta(0), False, Grade.WARNING),
    ],
)
def test_a_clock_that_went_back_or_that_nothing_holds_is_told(
    *, behind: timedelta, is_synchronised: bool | None, grade: Grade
) -> None:
    found = list(
        doctor.of_clock(NOW - behind, last_minute=to_minute(NOW), is_synchronised=is_synchronised)
    )
    assert doctor.worst(found) is grade
    assert ("120 minutes" in found[-1].what) == (behind > timedelta(hours=1))


def test_a_store_without_a_save_has_nothing_against_the_clock() -> None:
    (only,) = doctor.of_clock(NOW, last_minute=None, is_synchronised=True)
    assert only.grade is Grade.FINE


def test_limits_below_what_the_server_takes_are_told() -> None:
    low = grades(doctor.of_limits(Limits(descriptors=1024, somaxconn=4096)))
    assert low == {"descriptors": Grade.WARNING, "backlog": Grade.WARNING}
    high = grades(doctor.of_limits(Limits(descriptors=131_072, somaxconn=BACKLOG)))
    assert high == {"descriptors": Grade.FINE, "backlog": Grade.FINE}


@pytest.mark.parametrize(
    ("changes", "grade"),
    [
        ({}, Grade.FINE),
        ({"names": ["*.example.fr"]}, Grade.FINE),
        ({"names": ["other.fr"]}, Grade.FAILING),
        ({"names": ["*.autumn.example.fr"]}, Grade.FAILING),
        ({"expires_at": NOW + 3 * DAY}, Grade.WARNING),
        ({"expires_at": NOW - DAY}, Grade.FAILING),
        ({"is_rsa": True}, Grade.WARNING),
        ({"is_of_key": False}, Grade.FAILING),
    ],
)
def test_a_certificate_is_held_against_where_browsers_go(
    changes: dict[str, Any], grade: Grade
) -> None:
    given: dict[str, Any] = {
        "names": ["autumn.example.fr"],
        "expires_at": NOW + 60 * DAY,
        "is_rsa": False,
        "is_of_key": True,
    }
    shown = Certificate(**(given | changes))
    found = list(doctor.of_certificate(shown, host="Autumn.example.fr", now=NOW))
    assert doctor.worst(found) is grade


@pytest.mark.parametrize(
    ("changes", "grade"),
    [
        ({}, Grade.FINE),
        ({"fsync": False}, Grade.FAILING),
        ({"full_page_writes": False}, Grade.FAILING),
        ({"version": 130_002}, Grade.FAILING),
        ({"n_standbys": 0, "n_synchronous": 0}, Grade.FAILING),  # commits would wait for ever
        ({"wants_standby": False, "n_synchronous": 0}, Grade.WARNING),
        ({"sees_standbys": False}, Grade.WARNING),
    ],
)
def test_a_database_is_held_against_a_power_cut(changes: dict[str, Any], grade: Grade) -> None:
    given: dict[str, Any] = {
        "version": 150_004,
        "fsync": True,
        "full_page_writes": True,
        "wants_standby": True,
        "n_standbys": 1,
        "n_synchronous": 1,
        "sees_standbys": True,
        "admitted": 0,
        "last_minute": None,
    }
    assert doctor.worst(list(doctor.of_database(DatabaseFacts(**(given | changes))))) is grade


def test_a_store_that_does_not_open_fails_and_one_to_be_made_does_not() -> None:
    assert doctor.of_store(StoreFacts(is_made=True, fault="is damaged")).grade is Grade.FAILING
    assert doctor.of_store(StoreFacts(is_made=False)).grade is Grade.FINE


def test_every_finding_that_is_not_fine_says_what_to_do() -> None:
    disk = DiskFacts("tmpfs", 0, 0, [99.0])
    shown = Certificate(["x"], NOW, is_rsa=True, is_of_key=False)
    found = [
        *doctor.of_disk(disk, admitted=9, is_remote=False),
        *doctor.of_limits(Limits(1, None)),
        *doctor.of_certificate(shown, host="y", now=NOW),
    ]
    assert [one for one in found if one.grade is not Grade.FINE and not one.do] == []


MOUNTS = """\
/dev/vda / ext4 rw 0 0
tmpfs /run tmpfs rw 0 0
/dev/vdb /srv/answers xfs rw 0 0
tmpfs /srv/answers/fast tmpfs rw 0 0
/dev/vdc /srv/answers/fast ext4 rw 0 0
"""


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/srv/answers/autumn", "xfs"),
        ("/srv/answers", "xfs"),
        ("/srv/answersheets", "ext4"),
        ("/run/x", "tmpfs"),
        ("/srv/answers/fast", "ext4"),
    ],
)
def test_the_disk_of_a_folder_is_the_nearest_mount_that_is_seen(folder: str, kind: str) -> None:
    assert facts.kind_of(Path(folder), mounts=MOUNTS) == kind


def _zone(campaign: Any, **more: str) -> configuration.Zone:
    given = {f"ENCRIER_ANSWERS_{name.upper()}": value for name, value in more.items()}
    return configuration.load(campaign.environ(port=8002) | given)


def test_a_store_is_read_whole_and_its_faults_are_told(new_campaign: Any) -> None:
    zone, folder = _zone(new_campaign), new_campaign.root / "data"
    assert not facts.of_store(zone).is_made
    assert not folder.exists(), "looking makes nothing"
    store = SqliteStore(folder, key=new_campaign.store_key, campaign=new_campaign.id)
    store.put_batch([new_campaign.arrival(minute=9)])
    store.close()
    assert facts.of_store(zone) == StoreFacts(is_made=True, last_minute=9)
    other = _zone(new_campaign, store_key="A" * 43 + "=")
    assert "another key" in facts.of_store(other).fault
    content = bytearray((folder / "answers.db").read_bytes())
    content[8192 * 3 + 50 : 8192 * 3 + 60] = b"0123456789"
    (folder / "answers.db").write_bytes(content)
    assert facts.of_store(zone).fault


def test_a_certificate_is_read_and_held_against_its_key(new_campaign: Any) -> None:
    assert facts.of_certificate(_zone(new_campaign)) is None
    own_certificate(new_campaign.root, "node", 0)
    pem = str(new_campaign.root / "node.pem")
    shown = facts.of_certificate(_zone(new_campaign, tls_cert_file=pem, tls_key_file=pem))
    assert shown is not None
    assert (list(shown.names), shown.is_rsa, shown.is_of_key) == (["127.0.0.1"], False, True)
    other = new_campaign.root / "other.pem"
    other.write_bytes(
        ec.generate_private_key(ec.SECP256R1()).private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    wrong = facts.of_certificate(_zone(new_campaign, tls_cert_file=pem, tls_key_file=str(other)))
    assert wrong is not None
    assert not wrong.is_of_key
    with pytest.raises(BadSetting, match="cannot be read"):
        facts.of_certificate(_zone(new_campaign, tls_cert_file=pem, tls_key_file=pem + "x"))


def test_the_limits_read_are_those_of_the_server_that_runs(
    new_campaign: Any, serve: Callable[..., Any]
) -> None:
    lowered = "import resource\nresource.setrlimit(resource.RLIMIT_NOFILE, (777, 777))\n"
    with serve(new_campaign, before=lowered):
        assert facts.of_limits(new_campaign.root / "data").descriptors == 777
    assert facts.of_limits(new_campaign.root / "data").descriptors != 777


def test_the_doctor_looks_while_the_server_runs_and_disturbs_nothing(
    new_campaign: Any, serve: Callable[..., Any]
) -> None:
    with serve(new_campaign) as server:
        pupil = server.new_pupil()
        server.save(pupil, new_campaign.envelope(pupil))
        said = json.loads(server.command("doctor", "--json"))
        assert server.get("/v1/ready").status == 200
    about = {one["about"]: one for one in said["findings"]}
    assert about["settings"]["grade"] == "fine"
    assert about["store"]["what"] == "opens and is whole, 1 pupils admitted"
    assert set(about) == {
        "settings",
        "campaign",
        "store",
        "disk",
        "room",
        "sync",
        "clock",
        "descriptors",
        "backlog",
    }
    told = json.dumps(said)
    for trace in (pupil.sid.hex(), repr(pupil.sid)[2:-1], str(new_campaign.store_key)):
        assert trace not in told


def test_what_would_lose_data_is_exit_1_and_a_warning_is_not(
    new_campaign: Any, serve: Callable[..., Any]
) -> None:
    with serve(new_campaign) as server:
        server.command("doctor")  # descriptors and backlog of this machine may be low
    (new_campaign.root / "data" / "answers.db").write_bytes(b"no database at all" * 1000)
    with pytest.raises(subprocess.CalledProcessError) as failed:
        server.command("doctor")
    assert failed.value.returncode == 1
    assert "failing  store: does not open" in failed.value.stdout
    with pytest.raises(subprocess.CalledProcessError) as unreadable:
        serve(new_campaign, node="AAAAAA==").command("doctor", "--json")
    assert unreadable.value.returncode == 1
    (finding,) = json.loads(unreadable.value.stdout)["findings"]
    assert (finding["about"], finding["grade"]) == ("settings", "failing")


def test_the_doctor_asks_a_database_what_it_survives(
    new_campaign: Any, serve: Callable[..., Any], database: Any
) -> None:
    with (
        serve(new_campaign, database=database.words()) as server,
        pytest.raises(subprocess.CalledProcessError) as failed,
    ):
        server.command("doctor", "--json")
    said = json.loads(failed.value.stdout)["findings"]
    assert failed.value.returncode == 1
    wrong = [one["what"] for one in said if one["grade"] == "failing"]
    assert [what.partition(" ")[0] for what in wrong] == ["fsync", "full_page_writes"]


def test_a_database_that_is_away_and_a_certificate_that_is_not_read_are_findings(
    new_campaign: Any, serve: Callable[..., Any]
) -> None:
    away = f"postgresql://answers@/autumn?host={new_campaign.root}"
    pem = str(new_campaign.root / "missing.pem")
    asked = serve(new_campaign, database=away, tls_cert_file=pem, tls_key_file=pem)
    with pytest.raises(subprocess.CalledProcessError) as failed:
        asked.command("doctor", "--json")
    by = {one["about"]: one["grade"] for one in json.loads(failed.value.stdout)["findings"]}
    assert (by["database"], by["certificate"]) == ("failing", "failing")
    assert (by["settings"], by["campaign"]) == ("fine", "fine"), "the rest is still told"
