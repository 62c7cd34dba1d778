# SPDX-License-Identifier: AGPL-3.0-or-later
"""The page for load balancers: what it finds, and that it tells nobody anything."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError, connections

from encrier import cli, clock
from encrier_names import stores, zone
from encrier_names.sittings.models import Pull
from encrier_names.upkeep import health
from encrier_names.upkeep.health import Finding, disk_state, exchange_state, worst

NOW = datetime(2026, 9, 10, 9, tzinfo=UTC)


def _found(names: Any) -> dict[str, Finding]:
    return {finding.what: finding for finding in health.examine()}


def test_a_zone_that_is_well_says_ok_to_whoever_asks(names: Any) -> None:
    answer = names.client().get("/sante/")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.content.decode().splitlines()[0] == "ok"
    assert {f.what for f in health.examine()} == {
        *("databases", "migrations", "rights", "exchange", "clock", "disk"),
    }


def test_it_says_nothing_of_anybody(names: Any) -> None:
    division = names.validated_class(3)
    content = names.client().get("/sante/").content.decode()
    words = [pupil.identity.last_name for pupil in division.pupils.all()]
    words += [division.school.uai, division.school.name, names.manifest.label, str(names.folder)]
    assert not [word for word in words if word in content]


def test_a_database_that_does_not_answer_takes_the_machine_out(
    names: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(*_args: object) -> None:
        raise OperationalError

    monkeypatch.setattr(connections["links"], "cursor", silent)
    answer = names.client().get("/sante/")
    assert answer.status_code == 503
    assert answer.content.decode().splitlines()[:2] == ["failing", "databases=failing no-answer"]


def test_a_migration_that_is_missing_takes_the_machine_out(names: Any) -> None:
    with stores.as_owners(zone.current().settings), connections["default"].cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'audit' AND name LIKE '0007%'")
    assert _found(names)["migrations"] == Finding("migrations", "failing", "1-missing")
    assert names.client().get("/sante/").status_code == 503


def test_a_clock_that_went_back_is_seen_by_the_last_exchange(names: Any) -> None:
    Pull.objects.create(id=1, at=clock.now() + timedelta(minutes=3))
    assert _found(names)["clock"].state == "warning"
    assert names.client().get("/sante/").status_code == 200  # another machine would say the same
    Pull.objects.update(at=clock.now())
    assert _found(names)["clock"].state == "ok"


@pytest.mark.parametrize(
    ("pulled", "window", "state"),
    [
        (None, False, "ok"),
        (None, True, "warning"),
        (NOW - timedelta(minutes=2), True, "ok"),
        (NOW - timedelta(minutes=11), True, "warning"),
        (NOW - timedelta(days=20), False, "ok"),
    ],
)
def test_an_exchange_is_missed_while_sittings_are_open(
    pulled: datetime | None,
    window: bool,  # noqa: FBT001 a parameter of the table above
    state: str,
) -> None:
    assert exchange_state(pulled, NOW, window=window)[0] == state


def test_a_disk_is_full_before_it_is_full() -> None:
    assert disk_state(4, 100) == ("warning", "4-percent-free")
    assert disk_state(50, 100) == ("ok", "50-percent-free")


def test_the_worst_finding_is_the_state_of_the_whole() -> None:
    ok, warning = Finding("a", "ok", "-"), Finding("b", "warning", "-")
    assert worst([ok]) == "ok"
    assert worst([ok, warning]) == "warning"
    assert worst([warning, Finding("c", "failing", "-"), ok]) == "failing"


def test_the_verb_exits_with_one_when_something_is_to_be_looked_at(
    names: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in names.environ.items():
        monkeypatch.setenv(name, value)
    run: Callable[[], int] = lambda: cli.main(["names", "health", "--json"])  # noqa: E731 two words
    assert run() == 0
    Pull.objects.create(id=1, at=clock.now() + timedelta(minutes=3))
    assert run() == 1
    said = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {f["what"]: f["state"] for f in said[1]["findings"]}["clock"] == "warning"
