# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sets a page with typst, in memory: names never touch the disk on their way to paper."""

from datetime import datetime
from pathlib import Path
from typing import Final

import typst

from encrier.errors import EncrierError
from encrier.records import Record, to_bytes

_PACKAGE: Final = Path(__file__).parent
_FONTS: Final = _PACKAGE / "static" / "fonts"


class PageNotSet(EncrierError):
    what = "Le document n’a pas pu être mis en page."
    next_step = "Réessayez\u00a0; si cela se répète, signalez la page et l’heure à l’assistance."
    status = 500


def pdf(template: Path, content: Record, *, dated: datetime) -> bytes:
    """Set a document: equal contents and dates give equal bytes.

    The template reads `content` as JSON from `sys.inputs.content`.
    """
    try:
        return typst.compile(
            template,
            root=template.parent,
            font_paths=[_FONTS],
            ignore_system_fonts=True,
            format="pdf",
            sys_inputs={"content": to_bytes(content).decode()},
            timestamp=dated.replace(microsecond=0),
        )
    except typst.TypstError:
        # The cause would show the source around the fault, which may hold a name.
        raise PageNotSet from None
