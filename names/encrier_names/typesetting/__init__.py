# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sets a page with typst, in memory: names never touch the disk on their way to paper."""

import json
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final

import msgspec
import typst

from encrier.errors import EncrierError
from encrier.records import Record
from encrier_names.typesetting import glyphs

_PACKAGE: Final = Path(__file__).parents[1]


class PageNotSet(EncrierError):
    what = "Le document n’a pas pu être mis en page."
    next_step = "Réessayez\u00a0; si cela se répète, signalez la page et l’heure à l’assistance."
    status = 500


def pdf(template: Path, content: Record, *, dated: datetime) -> bytes:
    """Set a document: equal contents and dates give equal bytes on one machine.

    The template reads `content` as JSON from `sys.inputs.content`, and finds in
    `sys.inputs.blanks` how many kinds of characters were replaced by □ for want of a font.
    """
    texts: list[str] = []

    def plain(text: str) -> str:
        texts.append(glyphs.plain(text))
        return texts[-1]

    written = each(msgspec.to_builtins(content), plain)
    palette = glyphs.palette(texts)
    if palette.missing:
        written = each(written, partial(glyphs.with_blanks, missing=palette.missing))
    try:
        return typst.compile(
            template,
            root=_PACKAGE,
            font_paths=palette.fonts,
            ignore_system_fonts=True,
            format="pdf",
            sys_inputs={
                "content": json.dumps(written, ensure_ascii=False),
                "blanks": str(len(palette.missing)),
                "families": "/".join(palette.families),
            },
            timestamp=dated.replace(microsecond=0),
        )
    except typst.TypstError:
        # The cause would show the source around the fault, which may hold a name.
        raise PageNotSet from None


def each(value: object, how: Callable[[str], str]) -> object:
    """Rewrite every text of a JSON value; the keys are ours and stay."""
    if isinstance(value, str):
        return how(value)
    if isinstance(value, list | tuple):
        return [each(part, how) for part in value]
    if isinstance(value, dict):
        return {key: each(part, how) for key, part in value.items()}
    return value
