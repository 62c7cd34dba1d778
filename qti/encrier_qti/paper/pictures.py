# SPDX-License-Identifier: AGPL-3.0-or-later
"""The pictures of a package, in the form in which the typesetter takes them.

One that is missing, is no picture or reaches out of itself is not there: paper then shows the
words that stand for it. Knows bytes and paths, not what the pictures show.
"""

from collections.abc import Iterator, Mapping
from typing import Final

import msgspec

from encrier_qti.delivery.media import check_media
from encrier_qti.errors import QtiError
from encrier_qti.model import Record

_FORMATS: Final = {
    "image/svg+xml": "svg",
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/gif": "gif",
    "image/webp": "webp",
}
_LARGEST: Final = 4 * 1024 * 1024  # bytes; each travels as text, four times as long


class Held(Record, frozen=True):
    """A picture: `text` of a drawing, `numbers` of the bytes of any other."""

    format: str
    text: str = ""
    numbers: tuple[int, ...] = ()


def pictures_of(contents: Mapping[str, bytes], shown: Record) -> dict[str, Held]:
    """Give the pictures that a booklet or a script names and that can be shown, by path."""
    found: dict[str, Held] = {}
    for path in sorted({*_named(msgspec.to_builtins(shown))} - {""}):
        held = _held(contents.get(path), path)
        if held is not None:
            found[path] = held
    return found


def _named(value: object) -> Iterator[str]:
    """The paths in a record made of plain values: those under `picture`, wherever they are."""
    if isinstance(value, dict):
        yield str(value.get("picture", ""))
        value = list(value.values())
    if isinstance(value, list | tuple):
        for each in value:
            yield from _named(each)


def _held(content: bytes | None, path: str) -> Held | None:
    if content is None or len(content) > _LARGEST:
        return None
    try:
        form = _FORMATS.get(check_media(content, file=path), "")
        text = content.decode("utf-8") if form == "svg" else ""
    except (QtiError, UnicodeDecodeError):
        return None
    if not form:
        return None
    return Held(format=form, text=text, numbers=() if text else tuple(content))
