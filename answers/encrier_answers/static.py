# SPDX-License-Identifier: AGPL-3.0-or-later
"""The player and the booklets, read once, checked, and served from memory by exact path.

A path that is not in the table does not exist: nothing a browser writes ever names a file.
Knows digests and media types; a booklet is closed, and this module has nothing to open it with.
"""

import base64
import gzip
import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from encrier import booklets, built
from encrier.errors import BadSetting
from encrier.manifest import Manifest
from encrier.records import Record, from_bytes
from encrier_answers.configuration import Zone
from encrier_answers.replies import (
    BYTES,
    CSP_FRAME,
    CSP_WORKER,
    IMMUTABLE,
    INTEGRITY,
    JSON,
    MAY_FILM,
    NO_STORE,
    Reply,
    csp_page,
    refusal,
    reply,
)

if TYPE_CHECKING:
    from granian.rsgi import Scope

RESCUE: Final = "secours"  # the folder of the page that sends what was rescued, and its address
_NOT_PACKED: Final = (
    BYTES,
    "image/png",
    "font/",
)
_WORTH_PACKING: Final = 1024  # bytes


class Shelved(Record, frozen=True):
    """One file, ready to be sent as it is, and packed where that is shorter."""

    plain: Reply
    packed: Reply | None

    def for_browser(self, accepted: str) -> Reply:
        """The reply for a browser that accepts these content encodings."""
        return self.packed if self.packed and "gzip" in accepted else self.plain


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


class Page(Record, frozen=True):
    """What a page is made of: the player, whose key it believes, where it sends."""

    player: Path
    root_key: bytes
    answers: str = ""  # origins of the answers zone, where it is not the page's own, with spaces


def found(shelf: Mapping[str, Shelved], scope: "Scope") -> Reply | None:
    """What a request for a file gets, or nothing where there is no such file."""
    kept = shelf.get(scope.path)
    if kept is None:
        return None
    if scope.method != "GET":
        return not_allowed("GET")
    return kept.for_browser(scope.headers.get("accept-encoding") or "")


def not_allowed(method: str) -> Reply:
    return refusal(
        405, "Cette demande n’est pas prévue.", "Recharge la page.", more={"allow": method}
    )


def nothing_here() -> Reply:
    return refusal(404, "Cette page n’existe pas.", "Vérifie l’adresse.")


def load(*, page: Page | None, bundles: Path, manifest: Manifest) -> dict[str, Shelved]:
    """Every path that may be asked for, with its whole reply; raises BadSetting.

    page: None where the ministry serves it.
    """
    shelf: dict[str, Shelved] = {}
    try:
        if page is not None:
            shelf |= _pages(page)
        practice = [manifest.practice.booklet] if manifest.practice else []
        for entry in (*manifest.bundles, *practice):
            shelf |= dict(_booklet_files(bundles / entry.id.hex(), entry.sealed_sha256))
    except OSError as error:
        raise BadSetting("A file of the player or of a booklet cannot be read.") from error
    return shelf


def of_zone(zone: Zone) -> dict[str, Shelved]:
    """What a node of answers serves; raises BadSetting."""
    settings = zone.settings
    page = Page(settings.player, settings.root_key) if settings.player else None
    return load(page=page, bundles=settings.bundles, manifest=zone.manifest)


def _pages(page: Page) -> dict[str, Shelved]:
    shelf = {"/": _index(page, page.player)} | dict(_player_files(page.player))
    rescue = page.player / RESCUE
    if rescue.is_dir():
        shelf |= dict(_player_files(rescue)) | {f"/{RESCUE}": _index(page, rescue, more=MAY_FILM)}
    return shelf


def _index(page: Page, folder: Path, more: Mapping[str, str] | None = None) -> Shelved:
    try:
        content = (folder / built.INDEX).read_bytes()
    except OSError as error:
        raise BadSetting("The player's index.html cannot be read.") from error
    root_key = base64.b64encode(page.root_key).decode()
    for place, value in (("root-key", root_key), ("answers", page.answers)):
        if not built.has_place(content, place):
            raise BadSetting("The player's index.html has no empty place for the root key.")
        content = built.filled(content, place, value)
    policies = {
        "content-security-policy": csp_page(page.answers),
        "integrity-policy": INTEGRITY,
    }
    return shelve(content, kind="text/html; charset=utf-8", more=policies | dict(more or {}))


def _player_files(player: Path) -> Iterator[tuple[str, Shelved]]:
    for file in sorted(player.iterdir()):
        if file.name == built.INDEX or file.is_dir():
            continue
        if not built.is_of_a_build(file):
            raise BadSetting("The player's folder holds a file that no build makes.")
        kind = built.media_type(file)
        if file.name == built.WORKER:  # at the root: a worker only answers for what is below it
            policy = {"content-security-policy": CSP_WORKER}
            yield f"/{built.WORKER}", shelve(file.read_bytes(), kind=kind, more=policy)
            continue
        more = {"content-security-policy": CSP_FRAME} if file.suffix == ".html" else None
        yield (
            f"/player/{file.name}",
            shelve(file.read_bytes(), kind=kind, cache=IMMUTABLE, more=more),
        )


def _booklet_files(folder: Path, sealed_sha256: bytes) -> Iterator[tuple[str, Shelved]]:
    """A closed booklet: this zone cannot tell what is in it before names hands over its key."""
    index = (folder / booklets.INDEX).read_bytes()
    if hashlib.sha256(index).digest() != sealed_sha256:
        raise BadSetting("A booklet is not the one that the manifest names.")
    listed = from_bytes(index, booklets.SealedIndex)
    at = f"/bundles/{folder.name}"
    yield f"{at}/{booklets.INDEX}", shelve(index, cache=IMMUTABLE)
    for name in (listed.index, listed.pack, *listed.files):
        content = (folder / booklets.FILES / name).read_bytes()
        if hashlib.sha256(content).hexdigest() != name:
            raise BadSetting("A file of a booklet is not the one that its index names.")
        yield f"{at}/{booklets.FILES}/{name}", shelve(content, kind=BYTES, cache=IMMUTABLE)
