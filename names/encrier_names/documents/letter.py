# SPDX-License-Identifier: AGPL-3.0-or-later
"""The letter that tells families what, when, why, and who sees what, in six languages.

French and English, then what families in France speak most where reading French is hard: Arabic,
Portuguese and Turkish, the languages most handed down at home (Ined and Insee, Trajectoires et
Origines), and Ukrainian, of those who came since 2022; a reader of Spanish manages better with
the French or the Portuguese page. Names no pupil.
"""

import tomllib
from datetime import datetime, timedelta, tzinfo
from functools import cache
from pathlib import Path
from typing import Final, Literal

import msgspec
from django.utils import translation
from django.utils.formats import date_format

from encrier.manifest import Manifest
from encrier.records import Record
from encrier_names import typesetting
from encrier_names.schools import hours
from encrier_names.schools.models import School

_TEMPLATE: Final = Path(__file__).parent / "letter.typ"
_TEXTS: Final = Path(__file__).parent / "letters"
# Where the ministry takes requests about personal data.
DPO: Final = "dpd@education.gouv.fr, 110 rue de Grenelle, 75357 Paris SP 07"
_LOWER_MONTHS: Final = {"pt"}  # since the spelling of 1990, which Django's words are older than
LANGUAGES: Final = ("fr", "en", "ar", "pt", "tr", "uk")  # in the order of the page


class Part(Record, frozen=True):
    """A heading and what stands below."""

    title: str
    says: str


class Groups(Part, frozen=True):
    """What each of the three groups means: its name, and a sentence."""

    satisfaisant: tuple[str, str]
    fragile: tuple[str, str]
    besoins: tuple[str, str]
    end: str


class Seen(Record, frozen=True):
    """Who sees what until when: three rows of three cells."""

    title: str
    heads: tuple[str, str, str]
    list: tuple[str, str, str]
    results: tuple[str, str, str]
    answers: tuple[str, str, str]


class Words(Record, frozen=True):
    """The letter in one language, as its file gives it."""

    language: str  # its own name for itself
    direction: Literal["ltr", "rtl"]
    day: str  # a date in Django's format
    title: str
    lead: str
    questions: str
    signature: str
    why: Part
    groups: Groups
    sealed: Part
    seen: Seen
    rights: Part


class Letter(Record, frozen=True):
    """All that stands on the page."""

    code: str  # of the language
    school: str
    french: tuple[str, ...]  # runs from left to right, whatever stands around it
    words: Words


@cache
def words(language: str) -> Words:
    """The texts of a language, with places left for dates and names."""
    content = (_TEXTS / f"{language}.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(content), Words)


def filled(language: str, manifest: Manifest, clock: tzinfo) -> Words:
    """The texts of a language, with this campaign's name and its dates by the school's clock."""
    given = words(language)
    end = timedelta(seconds=1)  # what ends at midnight ends the day before

    def shown(moment: datetime) -> str:
        with translation.override(language):
            written = date_format(moment.astimezone(clock), given.day).replace(" ", "\u00a0")
        return written.lower() if language in _LOWER_MONTHS else written

    values = {
        "opens": shown(manifest.opens_at),
        "closes": shown(manifest.closes_at - end),
        "results_close": shown(manifest.results_close_at - end),
        "campaign": manifest.label,
        "dpo": DPO,
    }
    written = msgspec.to_builtins(given)
    return msgspec.convert(typesetting.each(written, lambda text: text.format(**values)), Words)


def letter_pdf(school: School, language: str, manifest: Manifest) -> bytes:
    """The letter of a school in one of `LANGUAGES`, on one page."""
    words_of_school = filled(language, manifest, hours.of_school(school.uai).info)
    content = Letter(
        code=language,
        school=school.name,
        french=tuple(text for text in (DPO, manifest.label) if text.strip()),
        words=words_of_school,
    )
    return typesetting.pdf(_TEMPLATE, content, dated=manifest.opens_at)
