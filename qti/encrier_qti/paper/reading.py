# SPDX-License-Identifier: AGPL-3.0-or-later
"""From the XML of an item or of a rubric block to lines of text and pictures.

A block of HTML is a line, a row of a table too; what is said aloud is in a blockquote. What paper
cannot show (a sound, a film) is left out. Text is text: the typesetter never reads it as markup.
Knows what is written there; not which answer is right.
"""

import re
import unicodedata
from typing import Final

from lxml import etree

from encrier_qti.model import Record
from encrier_qti.reading.safe_xml import QTI, SVG, local, namespace

_Q: Final = f"{{{QTI}}}"
_BLOCKS: Final = frozenset(
    {
        "address", "article", "blockquote", "caption", "dd", "div", "dl", "dt", "figcaption",
        "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "ol", "p",
        "pre", "section", "table", "tr", "ul", "qti-prompt",
    }
)  # fmt: skip
_STRONG: Final = frozenset({"b", "em", "h1", "h2", "h3", "h4", "h5", "h6", "i", "strong", "th"})
_UNSEEN: Final = frozenset(["audio", "rp", "rt", "source", "track", "video"])
_BLANKS: Final = re.compile(r"[ \t\r\n\x0c\u2028\u2029\x85]+")  # not the no-break spaces
_LONG: Final = re.compile(r"\S{24}(?=\S)")  # longer than any word that a page is made for
_JOINERS: Final = "\u200c\u200d"


class Run(Record, frozen=True):
    """A piece of a line: text, or a picture with the words that stand for it.

    `picture`: its path in the package; `width` and `height` in CSS pixels, 0: not said. `box`:
    what a number is written in, by how many digits it takes. `word`: rank in a text read aloud.
    """

    text: str = ""
    strong: bool = False
    picture: str = ""
    width: int = 0
    height: int = 0
    box: int = 0
    word: int = 0


class Line(Record, frozen=True):
    """`kind`: "p", "li", "said"."""

    runs: tuple[Run, ...]
    kind: str = "p"

    @property
    def text(self) -> str:
        """The words of the line, pictures by theirs."""
        return "".join(run.text for run in self.runs)


class Chosen(Record, frozen=True):
    """What may be circled, crossed out or keyed as a code."""

    identifier: str
    runs: tuple[Run, ...]


class Body(Record, frozen=True):
    """`lines` beside the choices; `text`: of a hottext interaction, its lines."""

    lines: tuple[Line, ...]
    choices: tuple[Chosen, ...] = ()
    text: tuple[Line, ...] = ()


def body_of(root: etree._Element) -> Body:
    """Read an item as it travels, paths of its pictures from the root of the package."""
    body = root.find(f"{_Q}qti-item-body")
    reader = _Reader()
    if body is not None:
        reader.inside(body, kind="p", strong=False)
        reader.end("p")
    return Body(lines=tuple(reader.lines), choices=tuple(reader.choices), text=tuple(reader.text))


def lines_of(root: etree._Element) -> tuple[Line, ...]:
    """Read a block of content: a rubric block, a stimulus."""
    reader = _Reader()
    reader.inside(root, kind="p", strong=False)
    reader.end("p")
    return tuple(reader.lines)


def plain(text: str) -> str:
    """Text in composed letters, single blanks, no control or bidirectional mark, breakable."""
    kept = "".join(c for c in unicodedata.normalize("NFC", text) if _stays(c))
    return _LONG.sub("\\g<0>\u200b", _BLANKS.sub(" ", kept))


def _stays(character: str) -> bool:
    category = unicodedata.category(character)
    return (category not in {"Cf", "Cc", "Cs", "Co"}) or character in _JOINERS + "\t\n\r\x0c\x85"


class _Reader:
    """Reads one body; `lines` holds what has ended."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.choices: list[Chosen] = []
        self.text: list[Line] = []
        self._runs: list[Run] = []
        self._n_words = 0

    def end(self, kind: str) -> None:
        """End the line, if anything is on it."""
        runs = _trimmed(self._runs)
        self._runs = []
        if runs:
            self.lines.append(Line(runs=runs, kind=kind))

    def inside(self, element: etree._Element, *, kind: str, strong: bool) -> None:
        """Read the text and the children of an element."""
        self._put(element.text, strong=strong)
        for child in element:
            self._child(child, kind=kind, strong=strong)
            self._put(child.tail, strong=strong)

    def _child(self, element: etree._Element, *, kind: str, strong: bool) -> None:
        name = local(element)
        if namespace(element) == SVG or name in _UNSEEN:
            return
        if name == "img":
            self._runs.append(_picture(element))
        elif name == "br":
            self.end(kind)
        elif name == "qti-text-entry-interaction":
            self._runs.append(Run(box=_whole(element.get("expected-length")) or 3))
        elif name == "qti-simple-choice":
            self.choices.append(_chosen(element))
        elif name == "qti-hottext-interaction":
            self._read_aloud(element, kind=kind)
        elif name == "qti-hottext":
            self._word(element)
        elif name in _BLOCKS:
            within = {"blockquote": "said", "li": "li"}.get(name, kind)
            self.end(kind)
            self.inside(element, kind=within, strong=strong or name in _STRONG)
            self.end(within)
        else:
            apart = name in {"td", "th"} and bool(self._runs)
            self._put("\u2003" if apart else "", strong=strong)
            self.inside(element, kind=kind, strong=strong or name in _STRONG)

    def _read_aloud(self, element: etree._Element, *, kind: str) -> None:
        self.end(kind)
        before = len(self.lines)
        for prompt in element.findall(f"{_Q}qti-prompt"):
            self._child(prompt, kind=kind, strong=False)
            before = len(self.lines)
            element.remove(prompt)
        self.inside(element, kind=kind, strong=False)
        self.end(kind)
        self.text += self.lines[before:]
        del self.lines[before:]

    def _word(self, element: etree._Element) -> None:
        self._n_words += 1
        words = plain("".join(str(part) for part in element.itertext()))
        self._runs.append(Run(text=words, word=self._n_words))

    def _put(self, text: str | None, *, strong: bool) -> None:
        if text:
            self._runs.append(Run(text=plain(text), strong=strong))


def _chosen(element: etree._Element) -> Chosen:
    reader = _Reader()
    reader.inside(element, kind="p", strong=False)
    reader.end("p")
    runs = [run for line in reader.lines for run in (*line.runs, Run(text=" "))]
    return Chosen(identifier=element.get("identifier", ""), runs=_trimmed(runs))


def _picture(element: etree._Element) -> Run:
    return Run(
        text=plain(element.get("alt") or ""),
        picture=element.get("src", ""),
        width=_whole(element.get("width")),
        height=_whole(element.get("height")),
    )


def _whole(written: str | None) -> int:
    found = re.fullmatch(r"\s*(\d{1,4})(?:px)?\s*", written or "", re.ASCII)
    return int(found[1]) if found else 0


def _trimmed(runs: list[Run]) -> tuple[Run, ...]:
    """Without blanks at either end, and with one only between two runs."""
    kept: list[Run] = []
    blank = True  # whether what stands before ends with one
    for run in runs:
        if run.picture or run.box:
            kept.append(run)
            blank = False
            continue
        text = run.text.removeprefix(" ") if blank else run.text
        if text:
            kept.append(_said(run, text))
            blank = text.endswith(" ")
    while kept and not (kept[-1].picture or kept[-1].box) and not kept[-1].text.rstrip(" "):
        kept.pop()
    if kept and kept[-1].text.endswith(" ") and not kept[-1].picture:
        kept[-1] = _said(kept[-1], kept[-1].text.rstrip(" "))
    return tuple(kept)


def _said(run: Run, text: str) -> Run:
    return run if text == run.text else Run(text=text, strong=run.strong, word=run.word)
