# SPDX-License-Identifier: AGPL-3.0-or-later
"""A page that was built: how its files are called and typed, and the places that a server fills.

For every zone that serves one. Knows no page and no place by itself.
"""

import html
import re
from pathlib import Path
from typing import Final

INDEX: Final = "index.html"
WORKER: Final = "sw.js"
ANY: Final = "application/octet-stream"
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
_TYPES: Final = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".ttf": "font/ttf",
    ".woff2": "font/woff2",
    ".json": "application/json",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
}


def is_of_a_build(file: Path) -> bool:
    """Whether a build could have made a file of this name; a link never is one."""
    return not file.is_symlink() and _NAME.fullmatch(file.name) is not None


def media_type(file: Path) -> str:
    """What a browser is told of a file."""
    return _TYPES.get(file.suffix, ANY)


def has_place(page: bytes, name: str) -> bool:
    """Whether a page has this place, empty, once: `<meta name="encrier-NAME" content="">`."""
    return page.count(_place(name)) == 1


def filled(page: bytes, name: str, value: str) -> bytes:
    """The page with a value in the place of that name."""
    return page.replace(_place(name), _place(name, value))


def _place(name: str, value: str = "") -> bytes:
    return f'<meta name="encrier-{name}" content="{html.escape(value)}">'.encode()
