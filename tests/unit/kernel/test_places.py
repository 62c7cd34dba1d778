# SPDX-License-Identifier: AGPL-3.0-or-later
"""Several pairs in a manifest: what is signed, what is not, and what stays as it was."""

import pytest
from msgspec.structs import replace

from encrier import manifest, places
from encrier.errors import BadRecord
from encrier.manifest import Manifest, Node
from encrier.secret import Secret
from encrier.signing import public_of
from stagecraft.envelopes import MANIFEST

ROOT = Secret(b"r" * 32)
KEY = MANIFEST.nodes[0].receipt_key
PAGE = "https://evaluations.example"


def node(pair: int, rank: int = 0) -> Node:
    return Node(bytes([0, 0, pair, rank]), f"https://r{pair}{rank}.example/", KEY, pair)


def of_pairs(*pairs: int, room: int = 4) -> Manifest:
    share = places.shared(pairs, room=room)
    return replace(MANIFEST, nodes=[node(pair) for pair in pairs], places=share, page_url=PAGE)


def test_a_manifest_of_pairs_is_read_back() -> None:
    signed = manifest.sign(of_pairs(1, 2), key=ROOT)
    assert manifest.check(signed, root_key=public_of(ROOT)) == of_pairs(1, 2)


def test_a_manifest_of_one_pair_is_written_as_it_was_before_there_were_several() -> None:
    signed = manifest.sign(MANIFEST, key=ROOT)
    assert b"places" not in signed
    assert b"pair" not in signed


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"nodes": [node(1)]}, "pair that has no node"),
        ({"nodes": [node(1), node(2), node(3)]}, "pair that serves no place"),
        ({"nodes": [node(1), node(2), node(0)]}, "pair that serves no place"),
        ({"places": ""}, "pair that has no node"),
        ({"places": "1" * 180 + "2" * 180}, "361"),
        ({"places": "1" * 180 + "B" * 181}, "361"),
        ({"page_url": None}, "no page of the ministry"),
    ],
)
def test_pairs_without_sense_are_not_signed(changed: dict[str, object], why: str) -> None:
    with pytest.raises(BadRecord, match=why):
        manifest.sign(replace(of_pairs(1, 2), **changed), key=ROOT)


def test_one_pair_that_leaves_room_may_serve_its_own_page() -> None:
    alone = replace(of_pairs(1), page_url=None)
    assert manifest.check(manifest.sign(alone, key=ROOT), root_key=public_of(ROOT)) == alone


def test_a_pair_is_added_with_the_share_that_the_others_have() -> None:
    after = manifest.with_pair(of_pairs(1, 2), [replace(node(9, 1), pair=0), node(9, 2)])
    assert after.pairs == (1, 2, 3)
    assert {one.pair for one in after.nodes[2:]} == {3}
    assert len(places.of_pair(after.places, 3)) == places.COUNT // 4
    manifest.sign(after, key=ROOT)


def test_a_campaign_that_is_full_or_began_without_places_takes_no_pair() -> None:
    full = of_pairs(1, 2, room=2)  # 361 is odd: one place is over, too few for a pair
    with pytest.raises(places.NoPlaceLeft):
        manifest.with_pair(full, [node(3)])
    with pytest.raises(BadRecord, match="one pair for good"):
        manifest.with_pair(MANIFEST, [node(1)])


def test_a_code_that_no_pair_serves_is_told() -> None:
    with pytest.raises(BadRecord, match="No pair"):
        of_pairs(1, 2).pair_of("ZZBBBBBBBBBB")


def test_the_page_names_every_node_of_several_pairs_and_one_address_of_one() -> None:
    several = replace(of_pairs(1, 2), nodes=[node(1), node(2), node(2, 1)])
    assert several.asked_by_page == tuple(f"https://r{n}.example" for n in ("10", "20", "21"))
    two = replace(MANIFEST, nodes=[node(0), node(0, 1)])
    assert two.asked_by_page == ("https://r00.example",)


def test_room_is_for_at_least_the_pairs_that_are_there() -> None:
    for room in (0, 1, places.MOST + 1):
        with pytest.raises(BadRecord, match="1 to 35"):
            places.shared((1, 2), room=room)
