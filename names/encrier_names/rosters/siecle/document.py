# SPDX-License-Identifier: AGPL-3.0-or-later
"""XML from a stranger to a tree, without entities, network or surprise.

A SIECLE export has no document type: any file that declares one is refused, and with it
entity bombs and external entities. Knows nothing of pupils.
"""

import re
from typing import Final

from lxml import etree

from encrier_names.rosters.files.encodings import likeliest
from encrier_names.rosters.refusals import DamagedFile, TooLarge, UnsafeFile

MAX_TAGS: Final = 1_500_000  # 3,000 pupils with addresses make 400,000
_DECLARATION: Final = re.compile(r"\s*<\?xml\b[^>]*\?>")
_FORBIDDEN: Final = re.compile(r"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
_NOT_XML: Final = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF])


def parse_document(content: bytes) -> etree._Element:
    """Give the root of the tree; `sourceline` of an element is its line in the file.

    The encoding is the one the bytes have, not the one they claim. Raises `UnsafeFile`,
    `TooLarge` or `DamagedFile`.
    """
    text = likeliest(content).translate(_NOT_XML)
    if _FORBIDDEN.search(text):
        raise UnsafeFile
    if text.count("<") > MAX_TAGS:
        raise TooLarge
    bare = _without_declaration(text)
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(bare.encode(), parser)
    except etree.XMLSyntaxError as error:
        line = error.lineno
        where = f" à la ligne {line}" if line else ""
        raise DamagedFile(f"Ce fichier XML est coupé ou abîmé{where}.") from None


def _without_declaration(text: str) -> str:
    # It may claim a wrong encoding; its line breaks stay, so that lines keep their number.
    found = _DECLARATION.match(text)
    return "\n" * found[0].count("\n") + text[found.end() :] if found else text
