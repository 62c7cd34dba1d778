# SPDX-License-Identifier: AGPL-3.0-or-later
"""The letter to families: one page a language, this campaign's dates, every right, no pupil."""

import io
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from msgspec import to_builtins
from pypdf import PdfReader

from encrier_names import typesetting
from encrier_names.documents import letter
from encrier_names.schools.models import School

PARIS = ZoneInfo("Europe/Paris")
LONG = (
    "Collège public international Simone-Veil-et-Pierre-Mendès-France de la Communauté urbaine sud"
)


def _pages(content: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(content)).pages]


def _school(name: str = "Collège des Embruns") -> School:
    return School(uai="9990001X", name=name)


@pytest.mark.parametrize("language", letter.LANGUAGES)
def test_the_letter_of_each_language_is_one_page_even_for_a_long_name(
    names: Any, language: str
) -> None:
    (page,) = _pages(letter.letter_pdf(_school(LONG), language, names.manifest))
    assert letter.DPO in page  # in its order, where the line runs the other way too
    assert "www.cnil.fr" in page
    assert "2026" in page
    assert "□" not in page


def test_the_french_letter_says_when_who_and_how_long(names: Any) -> None:
    names.start(
        opens_at=datetime(2026, 9, 7, 6, tzinfo=UTC),
        closes_at=datetime(2026, 9, 25, 22, tzinfo=UTC),  # midnight in Paris
        results_close_at=datetime(2027, 1, 31, 23, tzinfo=UTC),
    )
    (page,) = _pages(letter.letter_pdf(_school(), "fr", names.manifest))
    for said in (
        "Entre le 7 septembre 2026 et le 25 septembre 2026",
        "Jusqu’au 31 janvier 2027",
        "« Début de sixième 2026 »",
        "Collège des Embruns",
        "mission d’intérêt public",
        "Fragile",
        "scellées",
    ):
        assert said in page.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("language", "day"),
    [
        ("en", "7 September 2026"),
        ("ar", "7 سبتمبر 2026"),
        ("pt", "7 de setembro de 2026"),
        ("tr", "7 Eylül 2026"),
        ("uk", "7 вересня 2026 р."),
    ],
)
def test_each_language_writes_dates_in_its_own_way(names: Any, language: str, day: str) -> None:
    names.start(opens_at=datetime(2026, 9, 7, 6, tzinfo=UTC))
    lead = letter.filled(language, names.manifest, PARIS).lead.replace("\u00a0", " ")
    assert day in lead
    assert names.manifest.label in lead


@pytest.mark.parametrize("language", letter.LANGUAGES)
def test_every_letter_has_the_same_parts_and_leaves_no_place_unfilled(
    names: Any, language: str
) -> None:
    texts: list[str] = []

    def note(text: str) -> str:
        texts.append(text)
        return text

    typesetting.each(to_builtins(letter.filled(language, names.manifest, PARIS)), note)
    assert all(text.strip() for text in texts)
    assert not [text for text in texts if "{" in text or "}" in text]
    given = str(to_builtins(letter.words(language)))
    for place in ("{opens}", "{closes}", "{results_close}", "{campaign}", "{dpo}"):
        assert place in given


def test_the_arabic_letter_is_in_arabic_letters_and_reads_from_right_to_left(names: Any) -> None:
    arabic, french = (_first(names, language) for language in ("ar", "fr"))
    assert _title_starts_at(french) == pytest.approx(51, abs=2)  # points: the left margin
    assert _title_starts_at(arabic) > 250  # a short title stands at the right
    fonts = arabic["/Resources"]["/Font"].values()
    assert any("NotoSansArabic" in font.get_object()["/BaseFont"] for font in fonts)


def _first(names: Any, language: str) -> Any:
    return PdfReader(io.BytesIO(letter.letter_pdf(_school(), language, names.manifest))).pages[0]


def _title_starts_at(page: Any) -> float:
    """How far to the left the largest letters go, in points."""
    places: dict[float, float] = {}

    def note(text: str, cm: list[float], tm: list[float], _font: object, size: float) -> None:
        if text.strip():
            drawn = round(size * abs(tm[3] * cm[3]), 1)
            places[drawn] = min(places.get(drawn, 1e9), cm[4] + tm[4] * cm[0])

    page.extract_text(visitor_text=note)
    return places[max(places)]


def test_a_campaign_that_begins_with_a_number_keeps_its_order_in_arabic(names: Any) -> None:
    names.start(label="2026, 6e (rattrapage)")
    (page,) = _pages(letter.letter_pdf(_school(), "ar", names.manifest))
    assert "2026, 6e (rattrapage)" in page


def test_a_campaign_whose_name_holds_braces_is_printed_as_it_is(names: Any) -> None:
    names.start(label="Campagne {0} {dpo}")
    assert "Campagne {0} {dpo}" in letter.filled("fr", names.manifest, PARIS).lead


def test_the_letter_again_is_the_same_to_the_byte(names: Any) -> None:
    one = letter.letter_pdf(_school(), "ar", names.manifest)
    assert one == letter.letter_pdf(_school(), "ar", names.manifest)
