# SPDX-License-Identifier: AGPL-3.0-or-later
"""XML of older tools, read as tolerantly as is safe.

Beside what `safe_xml` reads: a document type without an internal subset is
passed over, for it declares nothing itself and what it names is never
fetched; HTML's names of characters (&nbsp;) become the characters.
Knows XML only.
"""

import re
from html.entities import html5
from typing import Final

from lxml import etree

from encrier_qti.errors import XmlRefused
from encrier_qti.reading.safe_xml import in_utf_8, parse

_QUOTED: Final = rb"""(?:"[^"<>\[\]]{0,500}"|'[^'<>\[\]]{0,500}')"""
_DOCTYPE: Final = re.compile(
    rb"<!DOCTYPE\s+[\w:.-]{1,100}(?:\s+(?:SYSTEM|PUBLIC)(?:\s+" + _QUOTED + rb"){1,2})?\s*>"
)
_NAMED: Final = re.compile(
    rb"&([A-Za-z][A-Za-z0-9]{1,31};)|<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)", re.DOTALL
)  # what is not closed goes to the end, else many of them would be searched again and again
_XML_NAMES: Final = {b"amp;", b"lt;", b"gt;", b"quot;", b"apos;"}
_FIRST: Final = re.compile(r"<(?:([\w.-]{1,100}):)?([\w.-]{1,100})")
_HEAD: Final = 64 * 1024  # bytes in which the first element must start to be recognised


def read_foreign(content: bytes, *, file: str) -> etree._Element:
    """Give the root of an XML file of an older tool. Raises XmlRefused."""
    plain = _DOCTYPE.sub(_lines_of, in_utf_8(content, file=file), count=1)
    try:
        return parse(plain, file=file)
    except XmlRefused:
        named = _NAMED.sub(_character, plain)
        if named == plain:
            raise
        return parse(named, file=file)


def root_name(content: bytes) -> str:
    """Give the local name of the first element, "" if there is none to see; parses nothing."""
    found = _FIRST.match(_root_tag(content))
    return found[2] if found else ""


def root_space(content: bytes) -> str:
    """Give the namespace of the first element, "" if it says none; parses nothing."""
    tag = _root_tag(content)
    found = _FIRST.match(tag)
    if found is None:
        return ""
    attribute = f"xmlns:{found[1]}" if found[1] else "xmlns"
    said = re.search(rf"""\s{re.escape(attribute)}\s*=\s*["']([^"']{{0,300}})["']""", tag)
    return said[1] if said else ""


def _root_tag(content: bytes) -> str:
    """The start tag of the first element, without what is before it."""
    try:
        text = in_utf_8(content, file="").lstrip(b"\xef\xbb\xbf")[:_HEAD].decode("utf-8", "ignore")
    except XmlRefused:
        return ""
    place = 0
    while True:
        place = text.find("<", place)
        if place < 0:
            return ""
        end = {"<!--": "-->", "<?": "?>", "<!": ">"}
        opened = next((start for start in end if text.startswith(start, place)), None)
        if opened is None:
            return text[place : text.find(">", place) + 1]
        place = text.find(end[opened], place + len(opened))
        if place < 0:
            return ""


def _lines_of(found: re.Match[bytes]) -> bytes:
    return b"\n" * found[0].count(b"\n")


def _character(found: re.Match[bytes]) -> bytes:
    name = found[1]
    if name is None or name in _XML_NAMES:
        return found[0]
    characters = html5.get(name.decode("ascii"))
    if characters is None:
        return found[0]
    return "".join(f"&#{ord(each)};" for each in characters).encode("ascii")
