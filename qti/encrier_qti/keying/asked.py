# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an item on paper asks: the words of its choices, how many may be taken, how long a number.

Read from the item that pupils get, so that nothing here can be a key, and that
a clone says what it says to them. Never knows what is right.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from lxml import etree

from encrier_qti.checks.interactions import most_answers, whole
from encrier_qti.model import Record
from encrier_qti.reading.body import INTERACTIONS
from encrier_qti.reading.safe_xml import QTI, local, parse

_CHOICES: Final = (f"{{{QTI}}}qti-simple-choice", f"{{{QTI}}}qti-hottext")
# Words on either side of these do not touch.
_BREAKS: Final = frozenset(
    {
        "p", "div", "br", "hr", "li", "dt", "dd", "td", "th", "tr", "caption", "figcaption",
        "blockquote", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "qti-simple-choice",
    }
)  # fmt: skip
_BLANKS: Final = re.compile(r"[ \t\r\n]+")  # not the no-break spaces, which typography needs


class Asked(Record, frozen=True):
    """Of one interaction: `labels` by identifier, in the order of the document.

    `most`: how many may be taken, 0: any number; `length`: of what is typed, 0: not said.
    """

    labels: Mapping[str, str]
    most: int
    length: int


def asked_of(xml: bytes, *, file: str) -> Mapping[str, Asked]:
    """Give what an item as it travels asks, by the identifier of the response."""
    return {
        element.get("response-identifier", "").strip(): Asked(
            labels={
                str(choice.get("identifier", "")): text_of(choice)
                for choice in element.iter(*_CHOICES)
            },
            most=most_answers(INTERACTIONS[str(element.tag)], element),
            length=whole(element, "expected-length", default=0),
        )
        for element in parse(xml, file=file).iter(*INTERACTIONS)
    }


def text_of(element: etree._Element) -> str:
    """Give the words of an element on one line, a picture by the words that stand for it."""
    return _BLANKS.sub(" ", "".join(_words(element))).strip(" ")


def _words(element: etree._Element) -> Iterable[str]:
    if local(element) == "img":
        yield f" {element.get('alt') or element.get('aria-label', '')} "
    apart = " " if local(element) in _BREAKS else ""
    yield apart + (element.text or "")
    for child in element:
        yield from _words(child)
        yield child.tail or ""
    yield apart
