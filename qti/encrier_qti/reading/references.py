# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a file says another file is: hrefs made into paths from the root of the package.

Knows paths only; reads nothing.
"""

import posixpath
from collections.abc import Mapping
from typing import Final
from urllib.parse import unquote, urlsplit

from lxml import etree

from encrier_qti.errors import ContentRefused, PackageRefused
from encrier_qti.reading.archive import check_name
from encrier_qti.reading.safe_xml import line

# Element and attribute by which a picture, a sound or a video is named.
MEDIA: Final[Mapping[str, str]] = {
    "img": "src",
    "source": "src",
    "audio": "src",
    "video": "src",
    "track": "src",
    "object": "data",
    "qti-gap-img": "src",
}


def resolve(href: str, element: etree._Element, *, file: str) -> str:
    """Give the path from the root that an href written in `file` points to.

    Refuses another site, a data: URL, and what leaves the package.
    """
    try:
        parts = urlsplit(href)
        elsewhere = bool(parts.scheme or parts.netloc) or href.startswith("/")
    except ValueError:  # "http://[" and its like
        elsewhere = True
    if elsewhere:
        raise ContentRefused(
            "un fichier d’un autre site est demandé.",
            "Mettez-le dans le paquet et nommez-le par son chemin.",
            file=file,
            line=line(element),
        )
    path = posixpath.normpath(posixpath.join(posixpath.dirname(file), unquote(parts.path)))
    try:
        return check_name(path)
    except PackageRefused:
        raise ContentRefused(
            "le chemin de ce fichier sort du paquet ou contient des signes interdits.",
            "Mettez-le dans le paquet et nommez-le par son chemin.",
            file=file,
            line=line(element),
        ) from None


def within(href: str, element: etree._Element, *, file: str) -> str | None:
    """Give the same path, or None for what is not a file of the package.

    For what only reads an item, to score it: delivery refuses it with its line.
    """
    try:
        return resolve(href, element, file=file)
    except ContentRefused:
        return None
