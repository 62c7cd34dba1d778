# SPDX-License-Identifier: AGPL-3.0-or-later
"""Participation day after day: kept, drawn, and no small group told."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encrier.wire import SittingProgress
from encrier_names.codesheets.sheet import slips_of
from encrier_names.figures import participation, pictures
from encrier_names.figures.disclosure import hidden
from encrier_names.followup import tallies
from encrier_names.followup.models import AcademyDay, SchoolDay
from encrier_names.schools.models import School
from encrier_names.sittings import progress

NOON = datetime(2026, 9, 10, 10, tzinfo=UTC)
SIZES = st.lists(st.integers(0, 40), max_size=8)


@given(SIZES, st.integers(1, 10))
def test_no_small_group_is_told_nor_given_back_by_the_others(
    sizes: list[int], minimum: int
) -> None:
    concealed = hidden(sizes, minimum=minimum)
    assert all(size == 0 or size >= minimum for i, size in enumerate(sizes) if i not in concealed)
    by_difference = sum(sizes[place] for place in concealed)
    only_small = all(size < minimum for size in sizes)
    assert by_difference == 0 or by_difference >= minimum or only_small
    assert len(concealed) != 1 or only_small


@given(SIZES, st.integers(1, 10))
def test_nothing_is_hidden_where_no_group_is_small(sizes: list[int], minimum: int) -> None:
    if all(size == 0 or size >= minimum for size in sizes):
        assert hidden(sizes, minimum=minimum) == frozenset()


@pytest.fixture
def rennes(names: Any) -> Any:
    """A class of six in Rennes and one of two in the private school beside it."""
    large = names.validated_class(6)
    small = names.validated_class(2, uai="9990002Y")
    School.objects.update(academy="RENNES", department="FINISTERE")
    School.objects.filter(uai="9990002Y").update(is_public=False)
    tallies.rebuild()
    return large, small


def test_a_day_is_kept_as_it_ended(names: Any, rennes: Any) -> None:
    large, _small = rennes
    assert participation.keep_if_due(NOON)
    assert not participation.keep_if_due(NOON + timedelta(minutes=5))
    one, two, *_others = slips_of(large)
    said = [SittingProgress(s.sid, "finished", 100, 0, 1) for s in (one, two)]
    tallies.moved(progress.keep(said).moves)
    assert participation.keep_if_due(NOON + timedelta(hours=8))
    assert participation.keep_if_due(NOON + timedelta(days=1))
    days = participation.days_of("RENNES")
    assert [(d.day.day, d.awaited, d.finished) for d in days] == [(10, 8, 2), (11, 8, 2)]
    assert participation.days_of() == days
    assert SchoolDay.objects.count() == 4
    assert [d.finished for d in participation.days_of_school(large.school)] == [2, 2]
    assert AcademyDay.objects.count() == 4


def test_a_day_is_one_of_paris(names: Any, rennes: Any) -> None:
    participation.keep_if_due(datetime(2026, 9, 10, 22, 30, tzinfo=UTC))
    assert AcademyDay.objects.first().day == date(2026, 9, 11)  # type: ignore[union-attr]  # kept


def test_the_page_and_its_file_tell_no_small_group(names: Any, rennes: Any) -> None:
    participation.keep_if_due(NOON)
    client = names.client(names.staff("a", "academy", academy="RENNES"))
    page = client.get("/suivi/participation/").content.decode()
    assert "<svg" in page
    assert "trop peu d’élèves" in page
    content = client.get("/suivi/participation.csv").content.decode()
    lines = [line.split(";") for line in content.splitlines()[1:]]
    assert [line[:3] for line in lines] == [
        ["2026-09-10", "RENNES", "public"],
        ["2026-09-10", "RENNES", "privé"],
    ]
    assert [line[4] for line in lines] == ["trop peu", "trop peu"]  # one would give the other


def test_the_ministry_has_a_map_with_the_same_in_a_table(names: Any, rennes: Any) -> None:
    participation.keep_if_due(NOON)
    client = names.client(names.staff("m", "ministry"))
    page = client.get("/suivi/participation/").content.decode()
    assert 'class="map"' in page
    assert ">Rennes<" in page
    assert client.get("/suivi/participation/?academie=RENNES").status_code == 200


def test_the_tiles_of_the_map_are_the_academies_and_no_two_lie_on_each_other() -> None:
    places = [(column, row) for column, row, _label in pictures.TILES.values()]
    assert len(places) == len(set(places)) == 30
    drawn = pictures.tile_map(dict.fromkeys(pictures.TILES, 0.5))
    assert len(drawn.tiles) == 30
    assert all(t.x + t.size <= drawn.width and t.y + t.size <= drawn.height for t in drawn.tiles)


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), max_size=40))
def test_the_bars_of_a_chart_stay_in_the_picture(shares: list[tuple[float, float]]) -> None:
    days = [
        (date(2026, 9, 1) + timedelta(days=n), finished, (1 - finished) * rest)
        for n, (finished, rest) in enumerate(shares)
    ]
    drawn = pictures.chart(days)
    for bar in drawn.bars:
        assert bar.started_y >= 0
        assert bar.x + bar.width <= drawn.right + 1
        assert bar.finished_y + bar.finished_height <= drawn.base + 0.2


@pytest.mark.parametrize(
    ("share", "told"), [(1.0, "100"), (0.999, "99"), (0.0, "0"), (0.005, "1"), (0.5, "50")]
)
def test_a_hundred_percent_is_all(share: float, told: str) -> None:
    assert pictures.percent(share) == f"{told}\u00a0%"
