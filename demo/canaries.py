# SPDX-License-Identifier: AGPL-3.0-or-later
"""Search the bytes of a zone for words that must not be there, in the encodings that leak.

A promise that nothing is stored is checked by looking: each canary is searched as text in
several encodings and cases, in hexadecimal, in base64 at its three alignments, as a URL, as JSON
and reversed, in every file and inside whatever was compressed in it. It proves the absence of
accidents, not of malice: encryption hides anything.
"""

import base64
import functools
import json
import re
import unicodedata
import urllib.parse
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

SHORTEST: Final = 6  # bytes; a shorter word would be found by chance
ENCODINGS: Final = ("utf-8", "iso-8859-15", "utf-16-le", "utf-16-be")
INFLATED: Final = 1 << 20
_PACKED: Final = re.compile(rb"\x1f\x8b\x08|\x78[\x01\x5e\x9c\xda]")


@functools.cache
def forms(word: str) -> frozenset[bytes]:
    """Every way in which a word may stand in a file, as bytes of at least SHORTEST."""
    plain = "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))
    found: set[bytes] = set()
    for text in {word, word.upper(), word.lower(), plain, plain.upper(), plain.lower()}:
        for encoding in ENCODINGS:
            found |= _wrapped(text.encode(encoding, "ignore"))
        found.add(urllib.parse.quote(text).encode())
        found.add(json.dumps(text)[1:-1].encode())
        found.add(text[::-1].encode())
    return frozenset(form for form in found if len(form) >= SHORTEST)


def search(words: Iterable[str], folder: Path) -> dict[str, set[str]]:
    """The words found, each with the files (relative to the folder) where it was found."""
    index = _Index(words)
    hits: dict[str, set[str]] = {}
    for file in sorted(p for p in folder.rglob("*") if p.is_file()):
        try:
            content = file.read_bytes()
        except FileNotFoundError:  # a database's own journal, gone since it was listed
            continue
        for word in index.words_in(content):
            hits.setdefault(word, set()).add(str(file.relative_to(folder)))
    return hits


def search_bytes(words: Iterable[str], content: bytes) -> set[str]:
    """The words found in some bytes, or in what was compressed in them."""
    return _Index(words).words_in(content)


class _Index:
    """Every form of some words by its first bytes: one look-up a place in a file is enough."""

    def __init__(self, words: Iterable[str]) -> None:
        self._word = {form: word for word in words for form in forms(word)}
        self._starts: dict[bytes, list[bytes]] = {}
        for form in self._word:
            self._starts.setdefault(form[:SHORTEST], []).append(form)

    def words_in(self, content: bytes) -> set[str]:
        """The words that stand in some bytes, or in what was compressed in them."""
        return {self._word[form] for part in _contents(content) for form in self._found(part)}

    def _found(self, content: bytes) -> Iterator[bytes]:
        for place in range(len(content) - SHORTEST + 1):
            for form in self._starts.get(content[place : place + SHORTEST], ()):
                if content.startswith(form, place):
                    yield form


def _wrapped(content: bytes) -> set[bytes]:
    return {content, content.hex().encode(), content.hex().upper().encode(), *_base64(content)}


def _base64(content: bytes) -> Iterator[bytes]:
    """The part of the base64 that does not depend on what stands before and after."""
    for before in range(3):
        encoded = base64.b64encode(bytes(before) + content)
        first = (0, 2, 3)[before]
        stable = encoded[first : (before + len(content)) * 8 // 6]
        yield stable
        yield stable.replace(b"+", b"-").replace(b"/", b"_")


def _contents(content: bytes) -> Iterator[bytes]:
    yield content
    for start in _PACKED.finditer(content):
        try:
            inflater = zlib.decompressobj(47)  # zlib or gzip, by its first bytes
            yield inflater.decompress(content[start.start() : start.start() + INFLATED], INFLATED)
        except zlib.error:
            continue
