# SPDX-License-Identifier: AGPL-3.0-or-later
"""« … que seule la DEPP est en mesure d’associer ».

Réponse du ministre, Journal officiel du 12 janvier 2021, p. 233. Somebody knows all about the
pupils of a class and holds all that the host holds, or all that is handed to results. Whatever
she sorts by whatever she knows, her pairs are no better than chance.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import apsw
import pytest

from encrier import codes
from encrier.ids import SittingId
from encrier.wire import Register
from operators import free_port
from stage import DIVISION, SCHOOL, Slip, Stage, slips_on
from stagecraft.doors import key_of, register_at

N_PUPILS: Final = 240
# Spearman's rank correlation of independent orders is near normal, with a standard deviation of
# 1/sqrt(n - 1): beyond six of them, once in five hundred million.
BEYOND_CHANCE: Final = 6 / math.sqrt(N_PUPILS - 1)


class Child(NamedTuple):
    """What a stranger may know of a pupil from outside."""

    last_name: str
    first_name: str
    birth_date: str  # dd/mm/yyyy
    ine: str


class Outside(NamedTuple):
    """One pupil, as she was given on paper, beside what left the names zone about her."""

    child: Child
    place: int  # in the class list
    slip: Slip
    sid: SittingId


def children() -> list[Child]:
    """A long list in alphabetical order; birth dates and INE follow other orders."""
    names = sorted(f"{a}{b}OURMELIN" for a in "BCDFGHJKLMNPRSTV" for b in "AEIOUÉÈÂÔÏÜÛÆŒÊ")
    return [
        Child(
            name,
            f"Prénom{chr(97 + i * 7 % 26)}{chr(97 + i * 11 % 26)}",
            f"{1 + i * 17 % 28:02}/{1 + i * 5 % 12:02}/2015",
            f"{990000000 + i * 101 % 9973:09}AA",
        )
        for i, name in enumerate(names[:N_PUPILS])
    ]


def as_table(listed: Sequence[Child]) -> str:
    rows = (f"{c.last_name};{c.first_name};{c.birth_date};{c.ine};6e;{DIVISION}" for c in listed)
    return "\n".join(["Nom;Prénom;Date de naissance;INE;Niveau;Classe", *rows])


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Two zones that run, and a class of 240 whose list has been exchanged."""
    stage = Stage(
        tmp_path_factory.mktemp("link") / "out", names_port=free_port(0), answers_port=free_port(0)
    )
    stage.draw_keys()
    stage.publish_booklet()
    stage.names.run("migrate")
    table = stage.names.folder / "liste.csv"
    table.write_text(as_table(children()), encoding="utf-8")
    stage.names.run("import", table, "--school", SCHOOL)
    stage.names.run("validate", "--school", SCHOOL, "--division", DIVISION)
    stage.serve_answers()
    stage.serve_names()
    stage.exchange()
    yield stage
    stage.stop()


@pytest.fixture(scope="module")
def everybody(stage: Stage) -> list[Outside]:
    """The truth, which nobody but the ministry has: read from the slips on paper."""
    sheet = stage.names.folder / "codes.pdf"
    school = ("--school", SCHOOL, "--division", DIVISION)
    stage.names.run("codesheet", *school, "--out", sheet)
    campaign = stage.campaign()
    slips = {slip.name.casefold(): slip for slip in slips_on(sheet)}
    found = []
    for place, child in enumerate(children()):
        slip = slips[f"{child.first_name} {child.last_name}".casefold()]
        keys = codes.derive(slip.code, campaign.campaign_id, iterations=campaign.kdf_iterations)
        found.append(Outside(child, place, slip, keys.sid))
    return found


@pytest.fixture(scope="module")
def register(stage: Stage) -> Register:
    return register_at(stage.names_url, key_of(stage.results.folder / "keys/door.key"))


KNOWN: Final[Mapping[str, Callable[[Outside], object]]] = {
    "place in the list": lambda one: one.place,
    "last name": lambda one: one.child.last_name,
    "first name": lambda one: (one.child.first_name, one.place),
    "birth date": lambda one: (one.child.birth_date.split("/")[::-1], one.place),
    "INE": lambda one: one.child.ine,
}


def ranks(values: Sequence[object]) -> list[int]:
    """The rank of each value; values are all different."""
    places = sorted(range(len(values)), key=values.__getitem__)  # type: ignore[arg-type]  # of a kind
    found = [0] * len(values)
    for rank, place in enumerate(places):
        found[place] = rank
    return found


def correlation(one: Sequence[object], other: Sequence[object]) -> float:
    """Spearman's rho of two orders without ties."""
    pairs = zip(ranks(one), ranks(other), strict=True)
    squares = sum((a - b) ** 2 for a, b in pairs)
    n = len(one)
    return 1 - 6 * squares / (n * (n * n - 1))


def test_the_measure_sees_an_order_that_is_kept() -> None:
    listed = [child.last_name for child in children()]
    assert correlation(listed, range(N_PUPILS)) == 1.0


@pytest.mark.parametrize("known", KNOWN)
def test_what_the_host_holds_does_not_follow_what_one_knows(
    known: str, stage: Stage, everybody: list[Outside]
) -> None:
    rows = admissions(stage)
    for column in ("id", "sid", "auth_sha256", "terms"):
        held = [rows[one.sid][column] for one in everybody]
        rho = correlation([KNOWN[known](one) for one in everybody], held)
        assert abs(rho) < BEYOND_CHANCE, (known, column, rho)


@pytest.mark.parametrize("known", KNOWN)
def test_what_results_is_told_does_not_follow_what_one_knows(
    known: str, register: Register, everybody: list[Outside]
) -> None:
    rows = {row.sid: (place, row) for place, row in enumerate(register.rows)}
    told: dict[str, list[object]] = {
        "place": [rows[one.sid][0] for one in everybody],
        "order": [rows[one.sid][1].order for one in everybody],
        "sid": [rows[one.sid][1].sid for one in everybody],
        "mac": [rows[one.sid][1].mac for one in everybody],
    }
    for column, held in told.items():
        rho = correlation([KNOWN[known](one) for one in everybody], held)
        assert abs(rho) < BEYOND_CHANCE, (known, column, rho)


def test_numbers_and_codes_do_not_follow_each_other(everybody: list[Outside]) -> None:
    rho = correlation([one.slip.order for one in everybody], [one.slip.code for one in everybody])
    assert abs(rho) < BEYOND_CHANCE


def admissions(stage: Stage) -> dict[bytes, dict[str, object]]:
    """The table of admissions as the host's operator can read it, by sitting."""
    zone = stage.answers.folder
    connection = apsw.Connection(str(zone / "data/answers.db"), flags=apsw.SQLITE_OPEN_READONLY)
    connection.pragma("cipher", "chacha20")
    connection.pragma("key", "raw:" + key_of(zone / "keys/store.key").reveal().hex())
    columns = ("id", "sid", "auth_sha256", "terms")
    found = connection.execute("SELECT id, sid, auth_sha256, terms FROM admission").fetchall()
    connection.close()
    return {bytes(row[1]): dict(zip(columns, row, strict=True)) for row in found}  # type: ignore[arg-type]  # a BLOB


def test_all_the_class_is_there(stage: Stage, everybody: list[Outside], tmp_path: Path) -> None:
    assert {one.sid for one in everybody} == set(admissions(stage))
