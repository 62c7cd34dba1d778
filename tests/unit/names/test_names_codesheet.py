# SPDX-License-Identifier: AGPL-3.0-or-later
"""The code sheet: each pupil once on the room sheet, once on a slip with her own code."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace
from pypdf import PdfReader

from encrier import codes, pictograms
from encrier_names.codesheets.sheet import (
    NotValidated,
    n_large,
    n_pages,
    sheet,
    sheet_pdf,
    slips_of,
)
from encrier_names.codesheets.validation import validate
from encrier_names.pseudonyms import links
from encrier_names.schools import lists
from encrier_names.schools.lists import pupils_of
from encrier_names.schools.models import Identity
from encrier_names.sittings import grants
from encrier_names.sittings.models import Grant


def _texts(content: bytes) -> list[str]:
    pages = PdfReader(io.BytesIO(content)).pages
    return [" ".join(page.extract_text().split()) for page in pages]


def test_28_pupils_give_a_room_sheet_and_28_slips_eight_a_page(names: Any) -> None:
    division = names.validated_class(28)
    room, *slips, guide = _texts(sheet_pdf(division, names.manifest))
    assert len(slips) == 4
    assert "Pour qui surveille" in guide
    assert "ZORGLUB" not in guide
    assert [page.count("Ton code") for page in slips] == [8, 8, 8, 4]
    on_slips = " ".join(slips)
    for pupil in division.pupils.all():
        assert room.count(pupil.identity.last_name) == 1
        assert on_slips.count(pupil.identity.last_name) == 1
    for sitting in slips_of(division):
        printed = " ".join(codes.printed(sitting.code).split("-"))
        assert on_slips.count(printed) == 1
        assert printed not in room
        for picture in pictograms.of_sitting(sitting.sid):
            assert picture.label in on_slips


def test_each_slip_carries_the_code_of_its_own_pupil(names: Any) -> None:
    division = names.validated_class(9)
    pupils = pupils_of(division)
    sittings = links.of(p.id for p in pupils)
    made = sheet(division, names.manifest)
    for pupil, slip in zip(pupils, made.slips, strict=True):
        assert slip.last_name == pupil.identity.last_name
        assert "-".join(slip.code) == codes.printed(sittings[pupil.id].code)


def test_the_sheet_again_is_the_same_to_the_byte(names: Any) -> None:
    division = names.validated_class(2)
    assert sheet_pdf(division, names.manifest) == sheet_pdf(division, names.manifest)


def test_the_document_s_own_description_names_nobody(names: Any) -> None:
    described = str(
        PdfReader(io.BytesIO(sheet_pdf(names.validated_class(2), names.manifest))).metadata
    )
    assert "6B" in described
    assert "ZORGLUB" not in described


@pytest.mark.parametrize("n_pupils", [1, 8, 9, 35, 36, 40])
def test_a_class_of_any_size_fits(names: Any, n_pupils: int) -> None:
    texts = _texts(sheet_pdf(names.validated_class(n_pupils), names.manifest))
    assert sum(page.count("Ton code") for page in texts) == n_pupils
    assert len(texts) == n_pages(n_pupils)


def test_the_page_that_says_how_many_pages_to_print_counts_a_long_room_sheet(names: Any) -> None:
    division = names.validated_class(38)
    head = names.client(names.staff("head", "head", school=division.school))
    page = head.get(f"/classes/{division.id}/codes/").content.decode()
    assert "8 pages" in page
    assert len(_texts(head.get(f"/classes/{division.id}/codes.pdf").content)) == 8


def test_the_longest_name_stays_in_its_place(names: Any) -> None:
    """Else it stands on the slip of another pupil, or moves a code to where it is cut."""
    division = names.open_class(1)
    for last, first in (("A" * 100, "B" * 100), ("DE LA " * 16, "Marie-Anne " * 9)):
        lists.add(division, Identity(last_name=last, first_name=first), level="6E")
    validate(division)
    division.refresh_from_db()
    _room, slips, _guide = PdfReader(io.BytesIO(sheet_pdf(division, names.manifest))).pages
    heights: list[float] = []

    def note(text: str, cm: list[float], tm: list[float], *_font: object) -> None:
        if "Ton code" in text:
            heights.append(round(cm[5] + tm[5] * cm[3]))

    slips.extract_text(visitor_text=note)
    assert len(heights) == 3
    assert len(set(heights)) == 2  # two slips side by side, one below


def test_a_class_that_is_not_validated_has_no_sheet(names: Any) -> None:
    with pytest.raises(NotValidated):
        sheet_pdf(names.open_class(2), names.manifest)


def test_a_pupil_added_since_validation_holds_the_sheet_back(names: Any) -> None:
    division = names.validated_class(2)
    lists.add(division, Identity(last_name="NOUVEAU", first_name="Venu"), level="6E")
    division.refresh_from_db()
    with pytest.raises(NotValidated):
        sheet_pdf(division, names.manifest)


def test_a_pupil_whose_needs_ask_for_large_text_has_one_large_slip_after_the_others(
    names: Any,
) -> None:
    division = names.validated_class(10)
    pupil = pupils_of(division)[2]
    grants.change([pupil.id], _with_settings("size:150"))
    room, *slips, large, guide = _texts(sheet_pdf(division, names.manifest))
    assert "Un coupon est en gros caractères" in room
    assert [page.count("Ton code") for page in slips] == [8, 1]
    name = pupil.identity.last_name
    assert name in large
    assert not any(name in page for page in slips)
    assert "Pour qui surveille" in guide
    assert n_pages(10, n_large(division)) == 5


def test_a_slightly_larger_text_keeps_the_ordinary_slip(names: Any) -> None:
    division = names.validated_class(1)
    grants.change(division.pupils.values_list("id", flat=True), _with_settings("size:125"))
    assert n_large(division) == 0


def test_the_large_print_variant_has_no_letter_below_eighteen_points(names: Any) -> None:
    division = names.validated_class(3)
    content = sheet_pdf(division, names.manifest, large=True)
    sizes: set[float] = set()

    def note(text: str, cm: list[float], tm: list[float], _font: object, size: float) -> None:
        if text.strip():
            sizes.add(round(size * abs(tm[3]) * abs(cm[3]), 1))

    pages = PdfReader(io.BytesIO(content)).pages
    for page in pages:
        page.extract_text(visitor_text=note)
    assert min(sizes) >= 18
    assert max(sizes) >= 48  # the code
    assert sum("tape ton code" in page for page in _texts(content)) == 2  # three slips, two a page


def test_the_slips_of_a_double_level_class_each_show_their_own_level(names: Any) -> None:
    division = names.open_class(1)
    lists.add(division, Identity(last_name="AUTRE", first_name="Niveau"), level="CM2")
    validate(division)
    division.refresh_from_db()
    room, slips, _guide = _texts(sheet_pdf(division, names.manifest))
    assert "CM2 6e" in room
    assert slips.count("CM2") == 1
    assert slips.count("6e") == 1


def test_each_slip_names_the_assessment(names: Any) -> None:
    _room, slips, _guide = _texts(sheet_pdf(names.validated_class(8), names.manifest))
    assert slips.count(names.manifest.label) == 8


def _with_settings(*settings: str) -> Callable[[Grant], Grant]:
    return lambda grant: replace(grant, settings=settings)
