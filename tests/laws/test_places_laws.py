# SPDX-License-Identifier: AGPL-3.0-or-later
"""What holds for every campaign of several pairs: who serves a code, today and after one more."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from encrier import codes, manifest, places
from encrier.errors import BadRecord
from encrier.manifest import Node
from stagecraft.envelopes import MANIFEST

KEY = MANIFEST.nodes[0].receipt_key
PAGE = "https://evaluations.example"


@st.composite
def campaigns(draw: st.DrawFn) -> manifest.Manifest:
    """Any number of pairs, of one to three nodes each, with any room for more."""
    pairs = range(1, draw(st.integers(1, 12)) + 1)
    room = draw(st.integers(len(pairs), places.MOST))
    nodes = [
        Node(bytes([0, 0, pair, n]), f"https://{pair}-{n}.example", KEY, pair)
        for pair in pairs
        for n in range(draw(st.integers(1, 3)))
    ]
    share = places.shared(pairs, room=room)
    return replace(MANIFEST, nodes=nodes, places=share, page_url=PAGE)


def new_node(pair: int) -> Node:
    return Node(bytes([0, 1, pair, 0]), f"https://{pair}.example", KEY)


@given(campaigns(), st.data())
def test_a_code_drawn_for_a_pair_is_served_by_it_and_by_no_other(
    campaign: manifest.Manifest, data: st.DataObject
) -> None:
    pair = data.draw(st.sampled_from(campaign.pairs))
    code = codes.draw(places.of_pair(campaign.places, pair))
    assert codes.parse(code) == code
    assert campaign.pair_of(code) == pair
    assert [one for one in campaign.pairs if campaign.pair_of(code) == one] == [pair]
    assert {node.pair for node in campaign.nodes_of(pair)} == {pair}


@given(campaigns())
def test_every_place_is_of_one_pair_or_of_none(campaign: manifest.Manifest) -> None:
    owned = Counter(
        place for pair in campaign.pairs for place in places.of_pair(campaign.places, pair)
    )
    assert set(owned.values()) == {1}
    assert len(owned) + campaign.places.count(places.FREE) == places.COUNT
    sizes = {len(places.of_pair(campaign.places, pair)) for pair in campaign.pairs}
    assert len(sizes) == 1  # an equal share, so that no pair's codes are easier to guess


@given(campaigns(), st.integers(1, 5), st.text(st.sampled_from(codes.LETTERS), min_size=11))
def test_the_pair_of_a_code_never_changes_when_pairs_are_added(
    before: manifest.Manifest, more: int, code: str
) -> None:
    after = before
    for _ in range(more):
        try:
            after = manifest.with_pair(after, [new_node(max(after.pairs) + 1)])
        except places.NoPlaceLeft:
            assert after.places.count(places.FREE) < len(places.of_pair(after.places, 1))
            break
        except BadRecord:
            assert len(after.pairs) == places.MOST
            break
    served = places.pair_of(before.places, code)
    assert served is None or places.pair_of(after.places, code) == served
    moved = [
        (old, new)
        for old, new in zip(before.places, after.places, strict=True)
        if old not in {places.FREE, new}
    ]
    assert moved == []
    assert [node for node in after.nodes if node in before.nodes] == before.nodes


@given(st.text(st.sampled_from(codes.LETTERS), min_size=2))
def test_a_campaign_of_one_pair_serves_every_code(code: str) -> None:
    assert MANIFEST.pair_of(code) == places.ONLY
    assert MANIFEST.nodes_of(places.ONLY) == MANIFEST.nodes


def test_codes_are_drawn_uniformly_within_the_places_of_their_pair() -> None:
    share = places.shared((1, 2), room=4)
    of_one = places.of_pair(share, 2)
    drawn = [codes.draw(of_one) for _ in range(200 * len(of_one))]
    first = Counter(code[:2] for code in drawn)
    assert len(first) == len(of_one)  # 90 places, 200 codes each in the mean
    assert chi_square(first, len(of_one)) < 170  # 89 degrees: beyond it once in 10 million
    for at in range(2, 11):
        letters = Counter(code[at] for code in drawn)
        assert chi_square(letters, len(codes.LETTERS)) < 75  # 18 degrees: the same


def chi_square(seen: Counter[str], n_kinds: int) -> float:
    expected = sum(seen.values()) / n_kinds
    return sum((count - expected) ** 2 / expected for count in seen.values())
