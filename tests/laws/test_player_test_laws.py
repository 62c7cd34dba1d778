# SPDX-License-Identifier: AGPL-3.0-or-later
"""The player goes through a test as the engine does, though it has no key.

Random small tests with parts, sections, selection, ordering, preconditions and branches are
compiled; the browser's code walks them in one run of Node, the engine with the key beside it.
"""

import json
import os
import random
import shutil
import subprocess
from pathlib import Path
from typing import Any, Final

import msgspec
import pytest

from encrier_qti.answers import Answers
from encrier_qti.compile import compile_package
from encrier_qti.errors import QtiError
from encrier_qti.package import Package, package_from
from encrier_qti.sessions.plan import plan
from encrier_qti.sessions.route import resolve
from encrier_qti.sessions.test_session import TestSession as Session
from stagecraft.tests_of_qti import ITEM, XMLNS, part, ref, section

WALK: Final = Path(__file__).parents[2] / "player/test/peers/walk.js"
N_TESTS: Final = 600
NAMES: Final = ("Q1", "Q2", "Q3", "Q4", "Q5", "Q6")
IN_S1: Final = "<qti-test-variables variable-identifier='SCORE' section-identifier='S1'/>"
TARGETS: Final = ("Q3", "Q4", "Q6", "S2", "P2", "EXIT_SECTION", "EXIT_TESTPART", "EXIT_TEST")


def score(chance: random.Random) -> str:
    """A condition on what one or two items, or a section, are worth."""
    name = chance.choice(NAMES)
    least = f'<qti-base-value base-type="float">{chance.choice(("0.5", "1", "2"))}</qti-base-value>'
    summed = chance.choice(
        (
            f'<qti-variable identifier="{name}.SCORE"/>',
            "<qti-sum><qti-test-variables variable-identifier='SCORE'/></qti-sum>",
            f"<qti-sum>{IN_S1}</qti-sum>",
        )
    )
    than = chance.choice(("gte", "lt", "gt"))
    return f"<qti-{than}>{summed}{least}</qti-{than}>"


def rules(chance: random.Random) -> str:
    """Perhaps a precondition, perhaps a branch."""
    inside = ""
    if chance.random() < 0.25:
        inside += f"<qti-pre-condition>{score(chance)}</qti-pre-condition>"
    if chance.random() < 0.25:
        inside += f'<qti-branch-rule target="{chance.choice(TARGETS)}">{score(chance)}'
        inside += "</qti-branch-rule>"
    return inside


def drawn(chance: random.Random, n_children: int) -> str:
    """Perhaps a selection, perhaps an ordering."""
    inside = ""
    if chance.random() < 0.4:
        inside += f'<qti-selection select="{chance.randint(1, n_children)}"/>'
    if chance.random() < 0.4:
        inside += '<qti-ordering shuffle="true"/>'
    return inside


def a_test(chance: random.Random) -> str:
    one, two, three, four, five, six = (ref(name, rules(chance)) for name in NAMES)
    inner = section("S3", rules(chance) + three + four)
    if chance.random() < 0.5:
        inner = inner.replace('visible="true"', 'visible="false" keep-together="false"')
    first = section("S1", rules(chance) + drawn(chance, 3) + one + two + inner)
    modes = [chance.choice(("linear", "linear", "nonlinear")) + " individual" for _ in range(2)]
    later = section("S2", rules(chance) + drawn(chance, 2) + five + six)
    inside = part("P1", rules(chance) + first, modes[0]) + part(
        "P2", rules(chance) + later, modes[1]
    )
    return f'<qti-assessment-test {XMLNS} identifier="T" title="T">{inside}</qti-assessment-test>'


def a_package(chance: random.Random) -> Package:
    files = {"test.xml": a_test(chance), "q.xml": ITEM}
    resources = "".join(
        f'<resource identifier="{name[:-4]}" type="imsqti_{kind}_xmlv3p0" href="{name}"/>'
        for name, kind in (("test.xml", "test"), ("q.xml", "item"))
    )
    files["imsmanifest.xml"] = (
        '<manifest xmlns="http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1" identifier="m">'
        f"<resources>{resources}</resources></manifest>"
    )
    return package_from({name: content.encode() for name, content in files.items()})


def by_the_engine(package: Package, seed: str, answers: dict[str, Answers]) -> dict[str, Any]:
    made = plan(package.assessment, package.items)
    route = resolve(package.assessment, seed)
    session = Session(made, route)
    session.begin()
    met = []
    while session.runs:
        met.append(session.stop.name)
        session.begin_attempt()
        session.end_attempt(answers[session.stop.ref])
        session.move_next()
    return {"route": [stop.name for stop in route.stops], "met": met}


def test_the_player_goes_where_the_engine_goes() -> None:
    node = os.environ.get("PLAYWRIGHT_NODEJS_PATH") or shutil.which("node")
    if node is None:
        pytest.skip("no Node: run the tests with `make test`, which brings one")
    chance = random.Random(4)  # noqa: S311 the same tests at each run
    asked: list[dict[str, Any]] = []
    expected = []
    while len(asked) < N_TESTS:
        try:
            package = a_package(chance)
            index = compile_package(package).bundle.index
        except QtiError:
            continue  # a branch that leads back, a condition that nobody could judge
        seed = f"{chance.getrandbits(64):016x}"
        answers: dict[str, Answers] = {
            name: {"RESPONSE": [chance.choice("AB")]} if chance.random() < 0.9 else {}
            for name in NAMES
        }
        asked.append({"index": msgspec.to_builtins(index), "seed": seed, "answers": answers})
        expected.append(by_the_engine(package, seed, answers))
    said = subprocess.run(
        [node, WALK], input=json.dumps(asked), capture_output=True, text=True, check=True
    )
    walked = json.loads(said.stdout)
    wrong = [
        (number, mine, theirs)
        for number, (mine, theirs) in enumerate(zip(walked, expected, strict=True))
        if mine != theirs
    ]
    assert wrong == []
    assert len({tuple(each["met"]) for each in expected}) > 100  # they do differ
