# SPDX-License-Identifier: AGPL-3.0-or-later
"""Needs as a QTI profile: what goes out comes in again; a stranger's file is read or refused."""

import os
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from encrier.errors import EncrierError
from encrier_names.sittings import pnp
from encrier_names.sittings.forms import CARDS, CHOICES
from encrier_names.sittings.grants import EXTRA_TIMES
from encrier_names.sittings.models import Grant, Granted

SHARED = Path(os.environ.get("ENCRIER_SHARED", Path(__file__).resolve().parents[4] / "shared"))
SCHEMA = SHARED / "data/qti/xsd/qtiv3p0/imsqtiv3p0_afa3p0pnp_v1p0.xsd"
CHOSEN = st.tuples(
    *(st.sampled_from(sorted(values)) for _label, values in CHOICES.values()),
    st.lists(st.sampled_from(sorted(CARDS)), unique=True),
)


_TIME = "<additional-testing-time>{}</additional-testing-time>"


def _grant(extra_time: int, chosen: tuple[Any, ...]) -> Grant:
    *values, cards = chosen
    settings = [f"{name}:{value}" for name, value in zip(CHOICES, values, strict=True) if value]
    return Grant(extra_time=extra_time, settings=(*settings, *(f"card:{card}" for card in cards)))


GRANTS = st.builds(_grant, st.sampled_from(EXTRA_TIMES), CHOSEN)


def _profile(inside: str) -> bytes:
    return f'<access-for-all-pnp xmlns="{pnp.SPACE}">{inside}</access-for-all-pnp>'.encode()


@given(GRANTS)
def test_what_goes_out_comes_in_again(grant: Grant) -> None:
    needs = pnp.read(pnp.write(grant))
    assert needs.left_out == ()
    assert needs.grant.extra_time == grant.extra_time
    assert set(needs.grant.settings) == set(grant.settings)


@pytest.mark.skipif(not SCHEMA.exists(), reason="the schemas of 1EdTech are not here")
def test_what_goes_out_is_what_the_schema_of_qti_asks() -> None:
    schema = etree.XMLSchema(etree.parse(str(SCHEMA)))
    every = tuple(f"{name}:{value}" for name, (_, values) in CHOICES.items() for value in values)
    settings = tuple(one for one in every if not one.endswith(":"))
    for chosen in [*((one,) for one in settings), tuple(f"card:{card}" for card in CARDS)]:
        schema.assertValid(etree.fromstring(pnp.write(Grant(extra_time=33, settings=chosen))))


@given(st.binary(max_size=300) | st.text(max_size=200).map(_profile))
def test_any_file_gives_needs_or_is_refused(content: bytes) -> None:
    try:
        needs = pnp.read(content)
    except EncrierError:
        return
    assert needs.grant.extra_time in EXTRA_TIMES


@pytest.mark.parametrize(
    ("inside", "extra_time", "settings"),
    [
        (_TIME.format("<time-multiplier>1.3</time-multiplier>"), 33, ()),
        (_TIME.format("<unlimited/>"), 100, ()),
        (_TIME.format("<time-multiplier>-4</time-multiplier>"), 0, ()),
        ('<magnification><all-content zoom-amount="1.3"/></magnification>', 0, ("size:150",)),
        ('<magnification><text zoom-amount="9"/></magnification>', 0, ("size:200",)),
        ("<text-appearance><font-size>18</font-size></text-appearance>", 0, ("size:150",)),
        ("<line-reader/><high-contrast/>", 0, ("window:ruler", "theme:contraste")),
        ("<transcript/><prohibit-set><transcript/></prohibit-set>", 0, ()),
        ("<high-contrast/><invert-display-polarity/>", 0, ("theme:nuit",)),
    ],
)  # fmt: skip
def test_a_profile_of_another_tool_is_understood(
    inside: str, extra_time: int, settings: tuple[str, ...]
) -> None:
    grant = pnp.read(_profile(inside)).grant
    assert (grant.extra_time, grant.settings) == (extra_time, settings)


def test_what_is_not_known_here_is_named() -> None:
    assert pnp.read(_profile("<braille/><transcript/>")).left_out == ("braille",)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<a/>",
        b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
        b"<access-for-all-pnp/>",
        f'<r xmlns="{pnp.SPACE}"><access-for-all-pnp/><access-for-all-pnp/></r>'.encode(),
        b"Bonjour, voici un profil",
    ],
)
def test_what_is_no_profile_is_refused_in_a_sentence(content: bytes) -> None:
    with pytest.raises(EncrierError) as refused:
        pnp.read(content)
    assert refused.value.what_next


def test_a_profile_fills_in_the_form_and_changes_nothing_before_it_is_saved(names: Any) -> None:
    division = names.validated_class(1)
    head = names.client(names.staff("h", "head", school=division.school))
    pupil = division.pupils.get()
    sent = SimpleUploadedFile("p.xml", _profile("<high-contrast/><braille/>"))
    page = head.post(f"/eleves/{pupil.id}/besoins/", {"profile": sent}).content.decode()
    assert 'value="contraste" selected' in page
    assert "braille" in page
    assert not Granted.objects.exists()
    refused = head.post(
        f"/eleves/{pupil.id}/besoins/", {"profile": SimpleUploadedFile("p.xml", b"<a/>")}
    )
    assert refused.status_code == 400
    assert "profil de besoins" in refused.content.decode()


def test_a_profile_that_goes_out_names_nobody(names: Any) -> None:
    division = names.validated_class(1)
    head = names.client(names.staff("h", "head", school=division.school))
    pupil = division.pupils.get()
    head.post(f"/eleves/{pupil.id}/besoins/", {"extra_time": "33", "theme": "nuit"})
    sent = head.get(f"/eleves/{pupil.id}/besoins.xml")
    assert sent["content-type"] == "application/xml"
    assert pnp.read(sent.content).grant == Grant(33, ("theme:nuit",))
    identity = pupil.identity
    assert identity.last_name.encode() not in sent.content
    assert str(pupil.id).encode() not in sent.content
