# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pupil codes: what is forgiven, what is refused, what is derived."""

import pytest

from encrier import codes
from encrier.errors import BadCode
from encrier.ids import CampaignId

CAMPAIGN = CampaignId(bytes(16))


def test_a_code_is_read_however_it_is_typed() -> None:
    code = codes.draw()
    shown = codes.printed(code)
    for typed in (
        shown,
        shown.lower(),
        shown.replace("-", " "),
        shown.replace("-", ""),
        f" {shown} ",
    ):
        assert codes.parse(typed) == code


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "douze lettres"),
        ("BRTK-MWZD-HNP", "douze lettres"),
        ("BRTK-MWZD-HNPSS", "douze lettres"),
        ("ARTK-MWZD-HNPS", "consonnes"),
        ("1RTK-MWZD-HNPS", "consonnes"),
        ("ßRTK-MWZD-HNPS", "douze lettres"),
        ("BRTK-MWZD-HNPB", "n’existe pas"),
    ],
)
def test_a_wrong_code_is_told_why(typed: str, sentence: str) -> None:
    with pytest.raises(BadCode) as refused:
        codes.parse(typed)
    assert sentence in str(refused.value)
    assert typed == "" or typed not in str(refused.value)


def test_the_keys_of_a_code_do_not_show_when_printed() -> None:
    keys = codes.derive(codes.draw(), CAMPAIGN, iterations=1_000)
    assert repr(keys) == "CodeKeys(‹hidden›)"
    assert {len(keys.sid), len(keys.auth), len(keys.mac), len(keys.resume)} == {16, 32}


def test_the_same_code_in_another_campaign_gives_other_keys() -> None:
    code = codes.draw()
    other = CampaignId(bytes([1]) * 16)
    here = codes.derive(code, CAMPAIGN, iterations=1_000)
    there = codes.derive(code, other, iterations=1_000)
    assert here.sid != there.sid
    assert here.auth != there.auth
