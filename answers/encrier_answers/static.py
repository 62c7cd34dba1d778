# SPDX-License-Identifier: AGPL-3.0-or-later
"""The player and the bundles, read once, checked, and served from memory by exact path.

A path that is not in the table does not exist: nothing a browser writes ever names a file.
Knows digests and media types; a bundle holds no key to an item, and this module looks for none.
"""

import base64
import gzip
import hashlib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import msgspec

from encrier.errors import BadSetting
from encrier.ids import bundle_id
from encrier.manifest import Manifest
from encrier.records import Record
from encrier_answers.replies import (
    BYTES,
    CSP_FRAME,
    CSP_PAGE,
    CSP_WORKER,
    IMMUTABLE,
    JSON,
    MAY_FILM,
    NO_STORE,
    Reply,
    reply,
)

INDEX: Final = "index.html"
WORKER: Final = "sw.js"  # at the root, for a worker only answers for what is below it
RESCUE: Final = "secours"  # the folder of the page that sends what was rescued, and its address
_ROOT_KEY: Final = b'<meta name="encrier-root-key" content="">'
_PLAYER_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
_PLAYER_TYPES: Final = {
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
_NOT_PACKED: Final = (
    "image/png",
    "image/jpeg",
    "image/gif",
    "image/webp",
    "audio/",
    "video/",
    "font/",
)
_WORTH_PACKING: Final = 1024  # bytes
_BUNDLE_TYPES: Final = frozenset(
    {
        "application/xml",
        "audio/mpeg",
        "audio/mp4",
        "audio/ogg",
        "audio/wav",
        "image/gif",
        "image/jpeg",
        "image/png",
        "image/svg+xml",
        "image/webp",
        "text/css",
        "text/vtt",
        "video/mp4",
        "video/webm",
    }
)


class Shelved(Record, frozen=True):
    """One file, ready to be sent as it is, and packed where that is shorter."""

    plain: Reply
    packed: Reply | None

    def for_browser(self, accepted: str) -> Reply:
        """The reply for a browser that accepts these content encodings."""
        return self.packed if self.packed and "gzip" in accepted else self.plain


class _BundleFile(msgspec.Struct):
    sha256: str
    type: str


class _BundleIndex(msgspec.Struct):
    """The one part of bundle.json that serving it needs; the compiler owns the rest."""

    files: dict[str, _BundleFile]


def shelve(
    content: bytes,
    *,
    kind: str = JSON,
    cache: str = NO_STORE,
    more: Mapping[str, str] | None = None,
) -> Shelved:
    """Make a file ready to be sent; text is packed once, here, not once a pupil."""
    more = dict(more or {})
    if kind.startswith(_NOT_PACKED) or len(content) < _WORTH_PACKING:
        return Shelved(reply(content, kind=kind, cache=cache, more=more), None)
    more["vary"] = "accept-encoding"
    packed = gzip.compress(content, 9, mtime=0)
    return Shelved(
        reply(content, kind=kind, cache=cache, more=more),
        reply(packed, kind=kind, cache=cache, more=more | {"content-encoding": "gzip"}),
    )


def load(*, player: Path, bundles: Path, manifest: Manifest, root_key: bytes) -> dict[str, Shelved]:
    """Every path that may be asked for, with its whole reply; raises BadSetting."""
    shelf = {"/": _index(player, root_key)}
    try:
        shelf |= dict(_player_files(player))
        if (player / RESCUE).is_dir():
            page = _index(player / RESCUE, root_key, more=MAY_FILM)
            shelf |= dict(_player_files(player / RESCUE)) | {f"/{RESCUE}": page}
        for entry in manifest.bundles:
            shelf |= dict(_bundle_files(bundles / entry.id.hex(), entry.sha256))
    except OSError as error:
        raise BadSetting("A file of the player or of a bundle cannot be read.") from error
    return shelf


def _index(player: Path, root_key: bytes, more: Mapping[str, str] | None = None) -> Shelved:
    try:
        page = (player / INDEX).read_bytes()
    except OSError as error:
        raise BadSetting("The player's index.html cannot be read.") from error
    if page.count(_ROOT_KEY) != 1:
        raise BadSetting("The player's index.html has no empty place for the root key.")
    filled = _ROOT_KEY.replace(b'""', b'"' + base64.b64encode(root_key) + b'"')
    page = page.replace(_ROOT_KEY, filled)
    more = {"content-security-policy": CSP_PAGE} | dict(more or {})
    return shelve(page, kind="text/html; charset=utf-8", more=more)


def _player_files(player: Path) -> Iterator[tuple[str, Shelved]]:
    for file in sorted(player.iterdir()):
        if file.name == INDEX or file.is_dir():
            continue
        if file.is_symlink() or not _PLAYER_NAME.fullmatch(file.name):
            raise BadSetting("The player's folder holds a file that no build makes.")
        kind = _PLAYER_TYPES.get(file.suffix, BYTES)
        if file.name == WORKER:
            policy = {"content-security-policy": CSP_WORKER}
            yield f"/{WORKER}", shelve(file.read_bytes(), kind=kind, more=policy)
            continue
        more = {"content-security-policy": CSP_FRAME} if file.suffix == ".html" else None
        yield (
            f"/player/{file.name}",
            shelve(file.read_bytes(), kind=kind, cache=IMMUTABLE, more=more),
        )


def _bundle_files(folder: Path, sha256: bytes) -> Iterator[tuple[str, Shelved]]:
    index = (folder / "bundle.json").read_bytes()
    if hashlib.sha256(index).digest() != sha256 or bundle_id(index).hex() != folder.name:
        raise BadSetting("A bundle is not the one that the manifest names.")
    try:
        files = msgspec.json.decode(index, type=_BundleIndex).files
    except msgspec.DecodeError as error:
        raise BadSetting("A bundle.json cannot be read.") from error
    at = f"/bundles/{folder.name}"
    yield f"{at}/bundle.json", shelve(index, cache=IMMUTABLE)
    for file in files.values():
        content = (folder / "files" / _safe(file.sha256)).read_bytes()
        if hashlib.sha256(content).hexdigest() != file.sha256:
            raise BadSetting("A file of a bundle is not the one that its index names.")
        kind = file.type if file.type in _BUNDLE_TYPES else BYTES
        yield f"{at}/files/{file.sha256}", shelve(content, kind=kind, cache=IMMUTABLE)


def _safe(name: str) -> str:
    if not re.fullmatch(r"[0-9a-f]{64}", name):
        raise BadSetting("A bundle.json names a file by something else than its digest.")
    return name
