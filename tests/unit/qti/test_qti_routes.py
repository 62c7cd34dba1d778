# SPDX-License-Identifier: AGPL-3.0-or-later
"""Routes: which items, in which order, from a seed; and the draws that decide it."""

import re
from collections import Counter
from pathlib import Path

import msgspec
import pytest

from encrier_qti.errors import ContentRefused
from encrier_qti.model import Assessment, ItemRef, Part, Reference, Section, Selection
from encrier_qti.sessions.draw import number, order, rank
from encrier_qti.sessions.route import MAX_MET, Route, resolve

SPEC = Path(__file__).resolve().parents[3] / "docs/spec/draws.md"
SEEDS = [f"seed {n}" for n in range(200)]


def ref(identifier: str, *, fixed: bool = False, required: bool = False) -> ItemRef:
    place = Reference(path=f"{identifier}.xml", file="test.xml", line=1)
    return ItemRef(identifier=identifier, reference=place, fixed=fixed, required=required)


def assessment(*sections: Section) -> Assessment:
    part = Part(identifier="P", navigation="linear", submission="individual", sections=sections)
    return Assessment(identifier="T", title="T", lang="fr", file="test.xml", parts=(part,))


def items(count: int) -> tuple[ItemRef, ...]:
    return tuple(ref(f"Q{number}") for number in range(1, count + 1))


def names(test: Assessment, seed: str = "") -> list[str]:
    return [stop.name for stop in resolve(test, seed).stops]


def orders(test: Assessment) -> set[tuple[str, ...]]:
    return {tuple(names(test, seed)) for seed in SEEDS}


def test_without_selection_and_ordering_the_document_is_the_route() -> None:
    inner = Section(identifier="S2", children=(ref("Q2"),))
    test = assessment(Section(identifier="S1", children=(ref("Q1"), inner, ref("Q3"))))
    stops = resolve(test, "any").stops
    assert [(stop.name, stop.sections) for stop in stops] == [
        ("Q1", (("S1", 0),)),
        ("Q2", (("S1", 0), ("S2", 0))),
        ("Q3", (("S1", 0),)),
    ]


def test_a_selection_takes_that_many_and_keeps_their_order() -> None:
    test = assessment(Section(identifier="S", children=items(5), selection=Selection(select=3)))
    found = orders(test)
    assert len(found) == 10  # 3 of 5
    assert all(list(each) == sorted(each) and len(each) == 3 for each in found)


def test_what_is_required_is_always_selected() -> None:
    children = (*items(4), ref("Q5", required=True))
    test = assessment(Section(identifier="S", children=children, selection=Selection(select=2)))
    assert {each[-1] for each in orders(test)} == {"Q5"}
    assert {each[0] for each in orders(test)} == {"Q1", "Q2", "Q3", "Q4"}


def test_with_replacement_an_item_may_come_again_under_a_number() -> None:
    selection = Selection(select=3, with_replacement=True)
    test = assessment(Section(identifier="S", children=items(2), selection=selection))
    assert orders(test) == {
        ("Q1", "Q1.2", "Q1.3"),
        ("Q1", "Q1.2", "Q2"),
        ("Q1", "Q2", "Q2.2"),
        ("Q2", "Q2.2", "Q2.3"),
    }


def test_a_section_selected_twice_draws_anew_each_time() -> None:
    inner = Section(identifier="I", children=items(3), shuffle=True)
    selection = Selection(select=2, with_replacement=True)
    test = assessment(Section(identifier="S", children=(inner,), selection=selection))
    stops = resolve(test, "seed").stops
    assert [stop.sections[1] for stop in stops] == [("I", 0)] * 3 + [("I", 1)] * 3
    assert any(
        each[:3] != tuple(name.partition(".")[0] for name in each[3:]) for each in orders(test)
    )


def test_shuffling_gives_every_order_about_as_often() -> None:
    test = assessment(Section(identifier="S", children=items(3), shuffle=True))
    found = Counter(tuple(names(test, f"{n}")) for n in range(600))
    assert len(found) == 6
    assert all(60 < count < 140 for count in found.values())


def test_what_is_fixed_keeps_its_place() -> None:
    children = (ref("Q1"), ref("Q2", fixed=True), ref("Q3"), ref("Q4", fixed=True))
    test = assessment(Section(identifier="S", children=children, shuffle=True))
    assert orders(test) == {("Q1", "Q2", "Q3", "Q4"), ("Q3", "Q2", "Q1", "Q4")}


@pytest.mark.parametrize("visible", [True, False])
def test_a_section_is_shuffled_as_a_block_if_it_is_seen_or_kept_together(visible: object) -> None:
    inner = Section(identifier="I", children=items(2), visible=visible is True)
    outer = Section(identifier="S", children=(inner, ref("Q3")), shuffle=True)
    assert orders(assessment(outer)) == {("Q1", "Q2", "Q3"), ("Q3", "Q1", "Q2")}


def test_an_invisible_section_that_need_not_keep_together_is_mixed() -> None:
    inner = Section(identifier="I", children=items(2), visible=False, keep_together=False)
    outer = Section(identifier="S", children=(inner, ref("Q3")), shuffle=True)
    assert len(orders(assessment(outer))) == 6


def test_the_same_seed_gives_the_same_route_and_others_differ() -> None:
    test = assessment(Section(identifier="S", children=items(20), shuffle=True))
    assert resolve(test, "one") == resolve(test, "one")
    assert resolve(test, "one") != resolve(test, "two")


def test_a_route_can_be_stored_and_given_back() -> None:
    test = assessment(Section(identifier="S", children=items(4), shuffle=True))
    route = resolve(test, "one")
    assert msgspec.json.decode(msgspec.json.encode(route), type=Route) == route


def test_selections_in_selections_do_not_grow_without_end() -> None:
    nested: Section | ItemRef = ref("Q")
    for level in range(10):
        selection = Selection(select=1000, with_replacement=True)
        nested = Section(identifier=f"S{level}", children=(nested,), selection=selection)
    assert isinstance(nested, Section)
    with pytest.raises(ContentRefused, match=str(MAX_MET)):
        resolve(assessment(nested), "")


def test_a_test_without_items_has_an_empty_route() -> None:
    assert names(assessment(Section(identifier="S"))) == []


def test_draws_are_those_of_the_specification() -> None:
    page = SPEC.read_text("utf-8")
    ranks = [rank("4f6e", "order", "S1", str(place)).hex() for place in range(3)]
    assert re.findall(r"= ([0-9a-f]{64})", page) == ranks
    expected = [f"Q{place + 1}" for place in sorted(range(3), key=ranks.__getitem__)]
    assert f"= {' '.join(expected)}\n" in page
    assert f'"0", below 3) = {number("4f6e", "select", "S1", "0", below=3)}\n' in page


def test_a_route_follows_the_specification_step_by_step() -> None:
    test = assessment(Section(identifier="S1", children=items(3), shuffle=True))
    by_rank = sorted(range(3), key=lambda place: rank("4f6e", "order", "S1", str(place)))
    assert names(test, "4f6e") == [f"Q{place + 1}" for place in by_rank]


def test_names_are_told_apart_by_their_lengths() -> None:
    assert rank("a", "bc") != rank("ab", "c")
    assert rank("a", "", "b") != rank("a", "b")
    assert order("s", "x", among=["b", "a"]) == order("s", "x", among=["a", "b"])
