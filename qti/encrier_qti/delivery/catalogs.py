# SPDX-License-Identifier: AGPL-3.0-or-later
"""Accessibility supports: what some pupils need, beside the item, one file a card.

QTI 3.0 ASI information model, "CatalogInfo". A catalog travels if something
that travels points to it (data-catalog-idref): one that only a feedback names
may explain the answer. Of its cards travel those whose support is on the list.
"""

from collections.abc import Iterable
from typing import Final

from lxml import etree
from msgspec.structs import replace

from encrier_qti.delivery import allowed
from encrier_qti.delivery.copying import Copier, canonical
from encrier_qti.model import Record, Reference
from encrier_qti.reading.item import media
from encrier_qti.reading.references import resolve
from encrier_qti.reading.safe_xml import LANG, QTI, default_namespace, is_true, line

_Q: Final = f"{{{QTI}}}"


class Card(Record, frozen=True):
    """One support in one language: its words (canonical XML), or a file of the package."""

    catalog: str
    support: str
    lang: str
    preferred: bool  # the one to take when no language is asked
    words: bytes = b""
    file: Reference | None = None
    media: tuple[Reference, ...] = ()


def cards(root: etree._Element, made: etree._Element, copier: Copier) -> tuple[Card, ...]:
    """Give the cards of a file that what was made of it points to, in the order written."""
    named = {
        name for element in made.iter() for name in element.get("data-catalog-idref", "").split()
    }
    if not named:
        return ()
    return tuple(
        card
        for catalog in root.iterfind(f"{_Q}qti-catalog-info/{_Q}qti-catalog")
        if catalog.get("id", "").strip() in named
        for card in _cards(catalog, copier)
    )


def _cards(catalog: etree._Element, copier: Copier) -> Iterable[Card]:
    name = catalog.get("id", "").strip()
    for card in catalog.findall(f"{_Q}qti-card"):
        support = card.get("support", "").strip()
        if support not in allowed.SUPPORTS:
            continue
        for entry in card.findall(f"{_Q}qti-card-entry") or [card]:
            yield from _entry(
                entry,
                copier,
                Card(
                    catalog=name,
                    support=support,
                    lang=entry.get(LANG, card.get(LANG, "")),
                    preferred=entry is card or is_true(entry, "default"),
                ),
            )


def _entry(entry: etree._Element, copier: Copier, card: Card) -> Iterable[Card]:
    """The words of an entry, then its files."""
    words = entry.find(f"{_Q}qti-html-content")
    if words is not None:
        made = etree.Element(f"{_Q}qti-html-content", nsmap=default_namespace(QTI))
        copier.inside(words, made)
        yield replace(
            card, words=canonical(made, file=copier.file), media=tuple(media(made, file=""))
        )
    for named in entry.findall(f"{_Q}qti-file-href"):
        path = resolve((named.text or "").strip(), named, file=copier.file)
        yield replace(card, file=Reference(path=path, file=copier.file, line=line(named)))
