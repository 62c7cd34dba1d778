# SPDX-License-Identifier: AGPL-3.0-or-later
"""A campaign file that contradicts itself or the manifest is refused early."""

import base64
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from encrier import campaign as campaigns
from encrier import signing
from encrier.campaign import SignedCampaign, Window
from encrier.errors import CampaignRefused
from encrier.manifest import BundleEntry, Manifest, Node
from encrier.records import from_bytes, to_bytes

OPENS = datetime(2026, 9, 7, 6, tzinfo=UTC)
DAY = timedelta(days=1)
BOOKLET = b"bundle01"


def manifest(**changes: Any) -> Manifest:
    made = Manifest(
        v=1,
        campaign=bytes(16),
        label="Début de sixième 2026",
        level="6E",
        suite=1,
        sealing_key=bytes(1216),
        kdf_iterations=1_000,
        opens_at=OPENS,
        closes_at=OPENS + 18 * DAY,
        grace_h=24,
        results_close_at=OPENS + 90 * DAY,
        bundles=[BundleEntry(BOOKLET, bytes(32), bytes(32), bytes(32), "Sixième")],
        nodes=[Node(b"nd01", "https://evaluations.exemple.fr", bytes(32))],
        names_key=bytes(32),
        results_key=bytes(32),
    )
    return msgspec.structs.replace(made, **changes)


def window(start: float, end: float) -> str:
    opens, closes = (OPENS + days * DAY for days in (start, end))
    return f"{{ opens = {opens.isoformat()}, closes = {closes.isoformat()} }}"


def text(**changes: str) -> str:
    """The text of a campaign file; a window left out with an empty string."""
    windows = {
        "lists": window(-7, 14),
        "sittings": window(0, 14),
        "catch_up": window(14, 18),
        "keying": "",
        "results": window(18, 90),
    }
    windows |= {name: value for name, value in changes.items() if name in windows}
    level = (
        changes.get("levels")
        or f'[[levels]]\nlevel = "6E"\nmode = "screen"\nbooklets = ["{BOOKLET.hex()}"]'
    )
    campaign = changes.get("campaign", base64.b64encode(bytes(16)).decode())
    lines = "\n".join(f"{name} = {value}" for name, value in windows.items() if value)
    return (
        f'v = 1\ncampaign = "{campaign}"\nlabel = "Sixième 2026"\nask = "votre académie"\n'
        f"[windows]\n{lines}\n{level}\n{changes.get('rest', '')}\n"
    )


def test_a_good_file_is_read_with_its_school_year() -> None:
    read = campaigns.parse(text(), manifest())
    assert read.school_year == 2026
    assert read.windows.sittings_end == OPENS + 18 * DAY
    assert read.booklet_of("6E") == BOOKLET


def sample(*, schools: Sequence[str] = ("9990001X",), **windows: str) -> str:
    """The part of a file that says which schools have which windows of their own."""
    lines = "\n".join(f"{name} = {value}" for name, value in windows.items())
    return f"[sample]\nschools = {json.dumps(list(schools))}\n{lines}"


KEYED = f'[[levels]]\nlevel = "6E"\nmode = "keyed"\nbooklets = ["{BOOKLET.hex()}"]'
TWICE = f"{KEYED.replace('keyed', 'screen')}\n" * 2
CROSSED = (
    'assessments = [{ id = "fr", title = "F", minutes = 50, thresholds = { a = [6.0, 3.0] } }]'
)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"lists": window(2, 14)}, "lists open after the sittings"),
        ({"lists": window(-3, -5)}, "'lists' closes before it opens"),
        ({"sittings": window(1, 14)}, "sittings do not open when the manifest says"),
        ({"catch_up": ""}, "last sitting does not end when the manifest says"),
        ({"catch_up": window(13, 18)}, "catch-up opens before the sittings close"),
        ({"keying": window(-1, 18)}, "keying opens before the sittings"),
        ({"results": window(-1, 90)}, "results open before the sittings"),
        ({"results": window(18, 91)}, "results do not close when the manifest says"),
        ({"levels": KEYED}, "keyed and no window says when"),
        ({"levels": TWICE}, "same level stands twice"),
        ({"levels": KEYED.replace("6E", "4E")}, "level of the manifest is not among"),
        ({"levels": KEYED.replace(BOOKLET.hex(), "00" * 8)}, "booklet is not in the manifest"),
        ({"levels": f"{KEYED}\n{CROSSED}"}, "threshold is not below the next"),
        ({"campaign": base64.b64encode(b"x" * 16).decode()}, "another campaign"),
        (
            {"lists": "{ opens = 2026-08-31T08:00:00, closes = 2026-09-18T08:00:00 }"},
            "well written",
        ),
        ({"rest": "[rules]\nsmallest_cel = 3"}, "well written"),
        ({"rest": "[rules]\nsmallest_cell = 0"}, "well written"),
        ({"rest": '[decides]\nextend_window = ["mayor"]'}, "well written"),
        ({"rest": "]["}, "well written"),
        ({"rest": '[decides]\nreopen_keying = ["mayor"]'}, "well written"),
        ({"rest": '[sample]\nschools = ["9990001X"]'}, "sample has no window of its own"),
        ({"rest": sample(schools=[], sittings=window(0, 5))}, "well written"),
        ({"rest": sample(schools=["9990001x"], sittings=window(0, 5))}, "well written"),
        ({"rest": sample(schools=["9990001X"] * 2, sittings=window(0, 5))}, "stands twice in"),
        ({"rest": sample(sittings=window(5, 0))}, "'sittings' closes before it opens"),
        ({"rest": sample(sittings=window(-1, 5))}, "'sittings' is not inside the campaign's"),
        ({"rest": sample(sittings=window(0, 15))}, "'sittings' is not inside the campaign's"),
        ({"rest": sample(keying=window(0, 9))}, "'keying' is not inside the campaign's"),
        (
            {"keying": window(0, 18), "rest": sample(keying=window(0, 19))},
            "'keying' is not inside the campaign's",
        ),
        ({"keying": window(0, 18), "rest": sample(sittings=window(1, 9))}, "keyed before it sits"),
    ],
)
def test_a_file_that_cannot_be_followed_is_refused_with_its_fault(
    changes: dict[str, str], said: str
) -> None:
    with pytest.raises(CampaignRefused, match=said):
        campaigns.parse(text(**changes), manifest())


def test_every_fault_is_said_at_once() -> None:
    with pytest.raises(CampaignRefused) as refused:
        campaigns.parse(text(lists=window(2, 14), keying=window(-1, 18)), manifest())
    assert "lists open" in refused.value.what_happened
    assert "keying opens" in refused.value.what_happened


def test_only_the_root_key_signs_and_each_byte_counts() -> None:
    key, other = signing.draw_key(), signing.draw_key()
    signed = campaigns.sign(text(), manifest(), key=key)
    read, digest = campaigns.check(signed, manifest(), root_key=signing.public_of(key))
    assert read == campaigns.parse(text(), manifest())
    changed = from_bytes(signed, SignedCampaign)
    assert changed.sha256 == digest
    louder = msgspec.structs.replace(changed, campaign=changed.campaign + "\n")
    assert louder.sha256 != digest
    for content, root in ((signed, other), (to_bytes(louder), key)):
        with pytest.raises(CampaignRefused, match="not signed"):
            campaigns.check(content, manifest(), root_key=signing.public_of(root))
    with pytest.raises(CampaignRefused):
        campaigns.sign(text(lists=window(2, 14)), manifest(), key=key)


def test_without_a_file_the_manifest_says_it_all() -> None:
    read = campaigns.of_manifest(manifest())
    assert read.windows.lists is None
    assert read.windows.sittings_end == OPENS + 18 * DAY
    assert [plan.level for plan in read.levels] == ["6E"]
    assert read.booklet_of("6E") == read.booklet_of("CP") == BOOKLET


def test_sampled_schools_have_their_own_windows_and_the_others_the_campaigns() -> None:
    rest = sample(sittings=window(0, 9), keying=window(0, 12))
    read = campaigns.parse(text(keying=window(0, 18), rest=rest), manifest())
    sampled, other = (campaigns.windows_of(read, uai) for uai in ("9990001X", "9990002Y"))
    assert other == read.windows
    assert (sampled.sittings.closes, sampled.keying) == (
        OPENS + 9 * DAY,
        Window(OPENS, OPENS + 12 * DAY),
    )
    assert (sampled.results, sampled.lists) == (read.windows.results, read.windows.lists)
    assert sampled.sittings_end == read.windows.sittings_end, "the catch-up is everybody's"


def test_a_sample_without_one_of_the_windows_has_the_campaigns() -> None:
    read = campaigns.parse(
        text(keying=window(0, 18), rest=sample(keying=window(0, 12))), manifest()
    )
    assert campaigns.windows_of(read, "9990001X").sittings == read.windows.sittings
    assert campaigns.windows_of(campaigns.of_manifest(manifest()), "9990001X").keying is None


def test_the_academy_and_the_ministry_reopen_the_keying_of_a_class_unless_the_file_says_else() -> (
    None
):
    assert campaigns.parse(text(), manifest()).decides.reopen_keying == ("academy", "ministry")
    rest = '[decides]\nreopen_keying = ["head"]'
    assert campaigns.parse(text(rest=rest), manifest()).decides.reopen_keying == ("head",)
