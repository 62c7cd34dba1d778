# SPDX-License-Identifier: AGPL-3.0-or-later
"""The page alone, for the ministry's own origin: the player and the booklets, and no route.

Whoever serves the page could change it; served from here, the host of the answers cannot. Keeps
nothing, is sent nothing, has no key. Docs: docs/decisions/0010-who-serves-the-page.md.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from encrier import manifest as manifests
from encrier import settings
from encrier.errors import BadSetting
from encrier.manifest import Manifest
from encrier.records import Record
from encrier_answers import static
from encrier_answers.configuration import check_listening
from encrier_answers.replies import HSTS

if TYPE_CHECKING:
    from granian._granian import RSGIHTTPProtocol as HTTPProtocol
    from granian.rsgi import Scope

PREFIX: Final = "ENCRIER_PAGE_"


class PageSettings(Record, frozen=True):
    """Read from ENCRIER_PAGE_…; each may come from a file named by …_FILE."""

    manifest_file: Path  # the signed manifest of the campaign, with its page_url
    root_key: bytes  # 32 bytes: the ministry's public key
    player: Path  # the player's files
    bundles: Path  # one folder a booklet, named by its id
    address: str = "127.0.0.1"
    port: int = 8003
    tls_cert_file: Path | None = None
    tls_key_file: Path | None = None
    proxy: Literal["trusted"] | None = None  # a proxy on a private network does TLS


class PageApp:
    """The application; granian calls it once a request."""

    def __init__(self, shelf: Mapping[str, static.Shelved], *, is_encrypted: bool) -> None:
        self._shelf, self._always = shelf, (HSTS,) if is_encrypted else ()

    async def __rsgi__(self, scope: "Scope", protocol: "HTTPProtocol") -> None:
        """Answer one request."""
        answer = static.found(self._shelf, scope) or static.nothing_here()
        protocol.response_bytes(answer.status, [*answer.headers, *self._always], answer.body)


def load(environ: Mapping[str, str]) -> tuple[PageSettings, Manifest, dict[str, static.Shelved]]:
    """Read and check the settings, the manifest and every file; raises BadSetting."""
    given = settings.load(PageSettings, prefix=PREFIX, environ=environ)
    check_listening(given, prefix=PREFIX)
    manifest, content = manifests.read(
        given.manifest_file, root_key=given.root_key, setting=f"{PREFIX}MANIFEST_FILE"
    )
    if manifest.page_url is None:
        raise BadSetting(
            "The manifest says that each node serves the page.",
            "Sign it with --page ADDRESS to serve it from here.",
        )
    page = static.Page(given.player, given.root_key, " ".join(manifest.asked_by_page))
    shelf = static.load(page=page, bundles=given.bundles, manifest=manifest)
    return given, manifest, shelf | {"/v1/manifest": static.shelve(content)}


def build() -> PageApp:
    """What granian runs in each worker."""
    given, _, shelf = load(os.environ)
    is_encrypted = given.tls_cert_file is not None or given.proxy is not None
    return PageApp(shelf, is_encrypted=is_encrypted)
