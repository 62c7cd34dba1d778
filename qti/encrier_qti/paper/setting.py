# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sets a document with typst, in memory, with our own font: the extra `encrier-qti[paper]`.

Content goes in as JSON and is never read as markup. Nothing of this machine is printed: no date,
no font but ours. Knows templates and bytes, not what an item asks.
"""

from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, Final, cast

import msgspec

from encrier_qti.errors import QtiError
from encrier_qti.model import Record
from encrier_qti.paper.pictures import Held

_HERE: Final = Path(__file__).parent
_EPOCH: Final = 0
_A4_INCHES: Final = 210 / 25.4
_WIDE: Final = 900  # pixels of a page on a screen
_LOW: Final = 20.0  # pixels an inch: enough to know whether a picture can be set


class NotInstalled(QtiError):
    what = "ce qui met en page les cahiers n’est pas installé."
    next_step = "Installez encrier-qti[paper], ou demandez --no-papers."


class PaperNotSet(QtiError):
    what = "ce cahier n’a pas pu être mis en page."
    next_step = "Regardez chaque item par encrier qti preview, et signalez celui qui ne va pas."


class Setting:
    """One document: a template, what it sets, and at which scale (1: A4).

    Raises NotInstalled; what it gives raises PaperNotSet.
    """

    def __init__(
        self,
        template: str,
        content: Record,
        *,
        pictures: Mapping[str, Held] | None = None,
        scale: float = 1.0,
    ) -> None:
        """Take what is to be set; a picture that the typesetter cannot read will be left out."""
        self._typst = _typst()
        self._template = _HERE / template
        self._scale = scale
        self._content = content
        self._pictures = dict(pictures or {})

    def pdf(self) -> bytes:
        """Give the document as a PDF."""
        return b"".join(self._set("pdf"))

    def pages(self) -> list[bytes]:
        """Give each page as a PNG, as wide as a screen of a small computer."""
        return self._set("png")

    def noted(self) -> list[tuple[str, int]]:
        """Give what the template noted of itself: the exercise of each block, and its page."""
        told = self._trying(
            lambda: self._typst.query(
                self._template, "<stands>", field="value", **self._asked(timestamp=False)
            )
        )
        return msgspec.json.decode(cast("str", told), type=list[tuple[str, int]])

    def _set(self, form: str) -> list[bytes]:
        def compiled() -> object:
            return self._typst.compile(
                self._template, format=form, ppi=_WIDE / _A4_INCHES, **self._asked()
            )

        given = self._trying(compiled)
        return cast("list[bytes]", given if isinstance(given, list) else [given])

    def _trying(self, what: Callable[[], object]) -> object:
        """Do it; where that fails, once more without the pictures that cannot be set."""
        try:
            return what()
        except RuntimeError:  # TypstError is one; a query raises it bare
            bad = [path for path in self._pictures if not self._can_show(path)]
            if not bad:
                raise PaperNotSet from None  # the cause would show what stands around the fault
        for path in bad:
            del self._pictures[path]
        try:
            return what()
        except RuntimeError:
            raise PaperNotSet from None

    def _can_show(self, path: str) -> bool:
        held = msgspec.json.encode(self._pictures[path]).decode()
        try:
            self._typst.compile(
                _HERE / "picture.typ",
                format="png",
                ppi=_LOW,
                root=_HERE,
                ignore_system_fonts=True,
                sys_inputs={"held": held},
            )
        except RuntimeError:
            return False
        return True

    def _asked(self, *, timestamp: bool = True) -> dict[str, Any]:  # Any: what typst takes
        content = {"set": self._content, "pictures": self._pictures}
        asked = {
            "root": _HERE,
            "font_paths": [_HERE / "fonts"],
            "ignore_system_fonts": True,
            "sys_inputs": {
                "content": msgspec.json.encode(content).decode(),
                "scale": str(self._scale),
            },
        }
        return {**asked, "timestamp": _EPOCH} if timestamp else asked


def _typst() -> ModuleType:
    """The typesetter, which only this extra brings."""
    try:
        return import_module("typst")
    except ModuleNotFoundError:
        raise NotInstalled from None
