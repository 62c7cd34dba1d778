# SPDX-License-Identifier: AGPL-3.0-or-later
"""docs/dependencies.md names what we ask for directly, and nothing that we do not ask for."""

import json
import re
import tomllib
from pathlib import Path
from typing import cast

ROOT = Path(__file__).parents[2]
PROJECTS = [ROOT / "pyproject.toml", *sorted(ROOT.glob("*/pyproject.toml"))]
REQUIREMENT = re.compile(r"^([\w.-]+)(?:\[([\w,.-]+)\])?")
# Extras: one only bounds mypy, which has its own line; one brings psycopg with its library.
NOT_A_PACKAGE = {"compatible-mypy", "binary"}


def section(heading: str) -> set[str]:
    """The packages of one table: the first cell of each row, one or more names."""
    page = (ROOT / "docs/dependencies.md").read_text(encoding="utf-8")
    table = page.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    cells = re.findall(r"^\| ([^|]+) \|", table, re.MULTILINE)
    return {name for cell in cells[1:] for name in cell.split(", ") if set(name) != {"-"}}


def names_in(requirements: list[str]) -> set[str]:
    found = set()
    for written in requirements:
        name, extras = cast("re.Match[str]", REQUIREMENT.match(written)).groups()
        found |= {name, *(extras or name).split(",")} - NOT_A_PACKAGE
    return {name for name in found if name != "encrier" and not name.startswith("encrier-")}


def test_the_first_table_is_what_the_wheels_ask_for() -> None:
    asked: set[str] = set()
    for file in PROJECTS:
        asked |= names_in(
            tomllib.loads(file.read_text(encoding="utf-8"))["project"]["dependencies"]
        )
    assert section("In the wheels") == asked


def test_the_second_table_is_what_the_player_asks_for() -> None:
    package = json.loads((ROOT / "player/package.json").read_text(encoding="utf-8"))
    assert section("In the browser") == set(package["dependencies"])


def test_the_third_table_is_what_building_and_testing_ask_for() -> None:
    asked = {"uv"}  # tools/bring.py takes it where the machine has none
    asked |= set(json.loads((ROOT / "player/package.json").read_text("utf-8"))["devDependencies"])
    for file in (ROOT / "tools").glob("*/package.json"):
        asked |= set(json.loads(file.read_text(encoding="utf-8"))["dependencies"])
    for file in PROJECTS:
        project = tomllib.loads(file.read_text(encoding="utf-8"))
        asked |= names_in(project.get("build-system", {}).get("requires", []))
        for group in project.get("dependency-groups", {}).values():
            asked |= names_in(group)
    assert section("To build and test") == asked


def test_every_package_of_the_wheels_is_pinned() -> None:
    locked = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))["package"]
    assert section("In the wheels") <= {package["name"] for package in locked}
