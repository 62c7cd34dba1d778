# SPDX-License-Identifier: AGPL-3.0-or-later
"""The results zone's doors, all outward: it pulls envelopes and the register, posts scores.

There is no listener here and none may be added: an import contract forbids every server.
Only https is spoken beyond this machine's own loopback address.
"""

import ssl
import urllib.error
import urllib.request
from pathlib import Path
from typing import Final, TypeVar
from urllib.parse import urlsplit

from encrier import calls, clock
from encrier.errors import BadSetting, EncrierError
from encrier.manifest import Node
from encrier.records import from_bytes, to_bytes
from encrier.wire import EnvelopeBatch, Register, ScoreSheet
from encrier_results.settings import ResultsSettings

TIMEOUT_S: Final = 60
LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
R = TypeVar("R")


class DoorClosed(EncrierError):
    what = "The other zone did not answer."
    next_step = "Nothing is lost: run the same command again once it does."


class Refused(EncrierError):
    what = "The other zone refused this call."
    next_step = "Compare the door key with the one in the manifest, and both clocks."


def pull(settings: ResultsSettings, node: Node) -> int:
    """Pull the envelopes that are new since the last pull; give how many came.

    Each batch is on disk before the next is asked for, so that a pull cut short goes on.
    """
    folder = settings.folder / "pulled" / node.node.hex()
    folder.mkdir(parents=True, exist_ok=True)
    count, more = 0, True
    while more:
        after = max((int(file.stem) for file in folder.glob("*.json")), default=0)
        content = _call(settings, f"{node.url}/v1/batch?after={after}")
        batch = from_bytes(content, EnvelopeBatch)
        if batch.rows:
            _keep(folder / f"{batch.next:012d}.json", content)
        count, more = count + len(batch.rows), batch.more
    return count


def pulled(settings: ResultsSettings) -> list[EnvelopeBatch]:
    """Every batch pulled so far, as it came: sealed."""
    files = sorted((settings.folder / "pulled").glob("*/*.json"))
    return [from_bytes(file.read_bytes(), EnvelopeBatch) for file in files]


def register(settings: ResultsSettings) -> Register:
    """Ask names which order number each sitting belongs to; kept in memory only."""
    return from_bytes(_call(settings, f"{settings.names_url}/doors/register"), Register)


def post_scores(settings: ResultsSettings, sheet: ScoreSheet) -> None:
    """Hand the scores to names, by order number."""
    _call(settings, f"{settings.names_url}/doors/scores", body=to_bytes(sheet))


def _keep(file: Path, content: bytes) -> None:
    part = file.with_suffix(".part")
    part.write_bytes(content)
    part.replace(file)


def _call(settings: ResultsSettings, url: str, *, body: bytes | None = None) -> bytes:
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise BadSetting("A zone's address must begin with https.")
    method = "GET" if body is None else "POST"
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    request = urllib.request.Request(  # noqa: S310 the scheme was checked above
        url, data=body, method=method, headers={"content-type": "application/json"}
    )
    request.add_header(
        calls.HEADER,
        calls.sign(settings.door_key, method=method, path=path, body=body or b"", at=clock.now()),
    )
    context = ssl.create_default_context(cafile=settings.ca_file)
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_S, context=context) as reply:  # noqa: S310
            content: bytes = reply.read()
            return content
    except urllib.error.HTTPError as error:
        raise Refused(f"The other zone refused this call ({error.code}).") from error
    except (urllib.error.URLError, TimeoutError, ConnectionError) as error:
        raise DoorClosed from error
