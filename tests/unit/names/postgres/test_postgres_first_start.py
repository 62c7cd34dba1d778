# SPDX-License-Identifier: AGPL-3.0-or-later
"""docs/operate/names.md on PostgreSQL, typed by an operator: from nothing to a restored copy."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from encrier import clock
from operators import CommandFailed, Operator

ROSTER = Path(__file__).parents[4] / "demo" / "rosters" / "ElevesSansAdresses.xml"
CLASS = ("--school", "9990001X", "--division", "6B")


def _operator(names: Any, postgres: Any, folder: Path, database: str) -> Operator:
    """An operator whose settings name a database that is not there yet."""
    operator = Operator("names", folder)
    operator.settings = dict(names.environ)
    for setting, url in postgres.urls(database).items():
        operator.set(**{setting: url})
    return operator


def _without_owners(operator: Operator, folder: Path) -> Operator:
    """The same settings as `serve` is given them."""
    serving = operator.twin(folder)
    serving.settings = {k: v for k, v in operator.settings.items() if "OWNER" not in k}
    return serving


def test_from_an_empty_server_to_a_restored_copy(names: Any, postgres: Any, tmp_path: Path) -> None:
    opens = clock.now() + timedelta(days=1)
    names.start(opens_at=opens, closes_at=opens + timedelta(days=18))
    owner = _operator(names, postgres, tmp_path / "owner", "autumn")
    postgres.cluster.psql(owner.run("roles"))
    owner.run("migrate")
    serving = _without_owners(owner, tmp_path / "serving")
    with pytest.raises(CommandFailed, match="Only the owners"):
        serving.run("migrate")
    serving.run("import", ROSTER, "--school", "9990001X", "--school-name", "Collège")
    serving.run("validate", *CLASS)
    before = json.loads(serving.run("status", "--json"))
    assert (before["pupils"], before["numbers"]) == (28, 28)

    serving.run("draw-key", "--kind", "backup", "--out", tmp_path / "backup.key")
    taken = tmp_path / "names.backup"
    serving.run("backup", "--to", tmp_path / "backup.key.pub", "--out", taken)
    opened = ("restore", taken, "--key", tmp_path / "backup.key")
    with pytest.raises(CommandFailed, match="There is something in these databases"):
        owner.run(*opened)

    drill = _operator(names, postgres, tmp_path / "drill", "drill")
    postgres.cluster.psql(drill.run("roles"))
    drill.run("migrate")
    drill.run(*opened)
    assert json.loads(drill.run("status", "--json")) == before
    health = json.loads(drill.run("health", "--json"))["findings"]
    assert {f["what"]: f["state"] for f in health if f["what"] != "disk"} == dict.fromkeys(
        ("databases", "migrations", "rights", "exchange", "clock"), "ok"
    )
    for database in ("autumn", "drill"):
        postgres.cluster.psql(f"DROP DATABASE {database} WITH (FORCE)")
