# SPDX-License-Identifier: AGPL-3.0-or-later
"""The rules of the follow-up: each day and each step has a colour, a reason and an action."""

from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encrier_names.followup.guidance import TRAIL, Page, guide
from encrier_names.followup.steps import (
    ACTION,
    COLOURS,
    STEP_SHOWN,
    STEPS,
    Facts,
    Window,
    light_of,
    step_of,
)

OPENS = datetime(2026, 9, 7, 6, tzinfo=UTC)
ENDS = datetime(2026, 9, 25, 16, tzinfo=UTC)


def on(day: int, hour: int = 10) -> Window:
    """The window as it is on a day of September 2026; 7: it opens, 25: it ends."""
    return Window(OPENS, ENDS, datetime(2026, 9, 1, hour, tzinfo=UTC) + timedelta(days=day - 1))


@pytest.mark.parametrize(
    ("step", "day", "colour", "reason"),
    [
        ("no-list", 4, "red", "Aucune liste, et la fenêtre ouvre dans 3 jours"),
        ("no-list", 1, "amber", "Aucune liste, et la fenêtre ouvre dans 6 jours"),
        ("to-validate", 6, "red", "Liste non validée, et la fenêtre ouvre demain"),
        ("to-validate", 8, "amber", "Fenêtre ouverte depuis 1 jour et liste non validée"),
        ("some-validated", 10, "red", "Fenêtre ouverte depuis 3 jours et liste non validée"),
        ("no-list", 7, "red", "Fenêtre ouverte depuis aujourd’hui et aucune liste"),
        ("ready", 8, "green", "Rien ne manque, la fenêtre ferme dans 17 jours"),
        ("ready", 12, "amber", "Fenêtre ouverte depuis 5 jours, aucune passation"),
        ("to-print", 23, "red", "Aucune passation, et la fenêtre ferme dans 2 jours"),
        ("under-way", 12, "green", "Passations en cours, la fenêtre ferme dans 13 jours"),
        ("under-way", 22, "amber", "Des élèves manquent, la fenêtre ferme dans 3 jours"),
        ("under-way", 25, "red", "Des élèves manquent, la fenêtre ferme aujourd’hui"),
        ("nearly", 24, "amber", "Des absents, et la fenêtre ferme demain"),
        ("done", 12, "green", "Tous ont terminé, la fin peut être déclarée"),
        ("declared", 8, "green", "Fin déclarée"),
        ("no-list", 26, "red", "Fenêtre fermée et aucune liste"),
        ("nearly", 26, "green", "Fenêtre fermée"),
    ],
)
def test_a_school_is_late_for_a_reason_that_is_said(
    step: str, day: int, colour: str, reason: str
) -> None:
    light = light_of(step, on(day))
    assert (light.colour, light.reason) == (colour, reason)


@given(st.sampled_from(STEPS), st.integers(-400, 400), st.integers(0, 23))
def test_there_is_a_colour_a_reason_and_something_to_do_at_each_step_of_each_day(
    step: str, day: int, hour: int
) -> None:
    light = light_of(step, on(day, hour))
    assert light.colour in COLOURS
    assert light.reason
    assert "{" not in light.reason
    assert str(ACTION[step])
    assert str(STEP_SHOWN[step])


COUNT = st.integers(0, 60)
FACTS = st.builds(
    Facts,
    divisions=COUNT,
    validated=COUNT,
    printed=COUNT,
    pupils=COUNT,
    awaited=COUNT,
    started=COUNT,
    finished=COUNT,
    declared_at=st.none() | st.just(OPENS),
)


@given(FACTS)
def test_every_school_is_at_one_of_the_steps(facts: Facts) -> None:
    assert step_of(facts) in STEPS


@given(FACTS, st.integers(-400, 400))
def test_a_head_always_finds_one_sentence_and_one_button(facts: Facts, day: int) -> None:
    found = guide(
        step_of(facts), on(day), divisions_left=1, finished=facts.finished, awaited=facts.awaited
    )
    assert found.sentence.endswith(".")
    assert found.button
    assert found.page in get_args(Page)
    assert 0 <= found.place < len(TRAIL)


def test_nothing_is_asked_of_a_head_for_pupils_who_have_not_finished_once_it_is_over() -> None:
    found = guide("under-way", on(26), divisions_left=0, finished=3, awaited=9)
    assert "vous n’avez rien à faire" in found.sentence
    assert found.page == "results"
