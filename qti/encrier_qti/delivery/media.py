# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which media may travel: known types, and drawings (SVG) without code.

Knows bytes and names, not what the pictures show.
"""

import re
from collections.abc import Mapping
from typing import Final

from encrier_qti.errors import ContentRefused, NotSupported
from encrier_qti.reading.safe_xml import SVG, line, local, namespace, parse

TYPES: Final[Mapping[str, str]] = {
    "gif": "image/gif",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "png": "image/png",
    "svg": "image/svg+xml",
    "webp": "image/webp",
    "m4a": "audio/mp4",
    "mp3": "audio/mpeg",
    "oga": "audio/ogg",
    "ogg": "audio/ogg",
    "wav": "audio/wav",
    "mp4": "video/mp4",
    "webm": "video/webm",
    "vtt": "text/vtt",
}
# url( of anything but a part of the same drawing or a picture that is inside it
_OUTWARD: Final = re.compile(r"""url\(\s*+["']?+\s*+(?!["']|#|data:image/)""", re.IGNORECASE)
_FORBIDDEN: Final = frozenset(
    {"script", "foreignObject", "handler", "iframe", "animate", "set", "a"}
)


def is_served(path: str) -> bool:
    """Tell whether files with this ending may travel."""
    return path.rsplit(".", 1)[-1].lower() in TYPES


def media_type(path: str) -> str:
    """Give the MIME type of a file by its ending, or refuse the file."""
    if not is_served(path):
        raise NotSupported(
            "ce type de fichier n’est pas servi aux élèves.",
            "Types admis\u00a0: {types}.",
            file=path,
            types=", ".join(TYPES),
        )
    return TYPES[path.rsplit(".", 1)[-1].lower()]


def check_media(content: bytes, *, file: str) -> str:
    """Give the MIME type of a file that may travel, or refuse it."""
    kind = media_type(file)
    if kind == "image/svg+xml":
        _check_svg(content, file)
    return kind


def _check_svg(content: bytes, file: str) -> None:
    root = parse(content, file=file)
    for element in root.iter():
        written = {str(name): str(value) for name, value in element.attrib.items()}
        hrefs = [value for name, value in written.items() if name.endswith("href")]
        bad = (
            local(element) in _FORBIDDEN
            or namespace(root) != SVG
            or any(name.lower().startswith("on") for name in written)
            or any(not href.startswith(("#", "data:image/")) for href in hrefs)
            or any(reaches_out(text) for text in (element.text or "", *written.values()))
        )
        if bad:
            raise ContentRefused(
                "ce dessin contient du code, un lien ou l’adresse d’un autre fichier.",
                "Exportez-le en «\u00a0SVG simple\u00a0», images incluses.",
                file=file,
                line=line(element),
            )


def reaches_out(style: str) -> bool:
    """Tell whether a piece of style names anything but a part of its own drawing."""
    return "@import" in style or bool(_OUTWARD.search(style))
