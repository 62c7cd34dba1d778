# SPDX-License-Identifier: AGPL-3.0-or-later
"""The results zone's doors, all outward: it pulls envelopes and the register, posts scores.

There is no listener here and none may be added: an import contract forbids every server.
Only https is spoken beyond this machine's own loopback address.
"""

import urllib.error
import urllib.request
from functools import cache
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from encrier import calls, clock
from encrier.errors import BadRecord, BadSetting, EncrierError
from encrier.manifest import Node
from encrier.records import MAX_RECORD, from_bytes, to_bytes
from encrier.wire import EnvelopeBatch, Register, ScoreSheet
from encrier_results import disk
from encrier_results.rounds import tls
from encrier_results.rounds.roll import Roll, read_roll
from encrier_results.settings import ResultsSettings

TIMEOUT_S: Final = 60
WENT_BACK: Final = 409  # docs/spec/envelope-batch.md
MAX_BATCH: Final = 32 * 1024 * 1024  # bytes; 16 MiB of envelopes are 22 in base64
NO_STORE: Final = "unknown"
LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})


class DoorClosed(EncrierError):
    what = "The other zone did not answer."
    next_step = "Nothing is lost: run the same command again once it does."


class BadBatch(BadRecord):
    what = "A node of the answers zone handed over a batch that cannot follow the last one."
    next_step = "What was pulled before is kept as it came; ask the host."


class Refused(EncrierError):
    what = "The other zone refused this call."
    next_step = "Compare the door key with the one in the manifest, and both clocks."


class WentBack(EncrierError):
    what = "A node of the answers zone was put back from an older copy than what was pulled."
    next_step = "Its host runs `encrier answers restore --raise-ranks`; then pull again."


def pull(settings: ResultsSettings, node: Node) -> int:
    """Pull the envelopes that are new since the last pull; give how many came.

    Each batch is on disk before the next is asked for: a pull cut short goes on, and a node may
    tell browsers that what comes before is safe. So the end is asked for once more.
    """
    folder = settings.folder / "pulled" / node.node.hex()
    store, is_moved = _last_store(folder), False
    count, was_last, is_over = 0, False, False
    while not is_over:
        after = max((int(file.stem) for file in (folder / store).glob("*.json")), default=0)
        content = _call(settings, f"{node.url}{_asking(after, store)}", at_most=MAX_BATCH)
        batch = from_bytes(content, EnvelopeBatch)
        if (batch.campaign, batch.node) != (settings.manifest().campaign, node.node):
            raise BadBatch
        if batch.store.hex() != store:  # another disk than the last time has other ranks
            if is_moved:
                raise BadBatch
            store, is_moved = batch.store.hex(), True
            (folder / store).mkdir(parents=True, exist_ok=True)
            continue
        if not follows(batch, after):
            raise BadBatch
        if batch.rows:
            disk.keep(folder / store / f"{batch.next:012d}.json", content)
        count += len(batch.rows)
        is_over = not batch.rows or (was_last and not batch.more)
        was_last = not batch.more
    return count


def _last_store(folder: Path) -> str:
    """The store from which the last batch came, or nothing; a wrong guess costs one more call."""
    batches = folder.glob("*/*.json")
    newest = max(batches, key=lambda file: file.stat().st_mtime_ns, default=None)
    return newest.parent.name if newest else NO_STORE


def _asking(after: int, store: str) -> str:
    return f"/v1/batch?after={after}" + (f"&store={store}" if store != NO_STORE else "")


def follows(batch: EnvelopeBatch, after: int) -> bool:
    """Whether a batch goes on from `after`.

    One that does not would replace an earlier one, or be asked for without end.
    """
    return batch.next > after if batch.rows else not batch.more


def pulled(settings: ResultsSettings) -> list[EnvelopeBatch]:
    """Every batch pulled so far, as it came: sealed."""
    files = sorted((settings.folder / "pulled").glob("*/*/*.json"))
    return [from_bytes(file.read_bytes(), EnvelopeBatch) for file in files]


def register(settings: ResultsSettings) -> Register:
    """Ask names which order number each sitting belongs to; kept in memory only."""
    return from_bytes(_call(settings, f"{settings.names_url}/doors/register"), Register)


def roll(settings: ResultsSettings) -> Roll:
    """The same in short, as much as an opening needs."""
    return read_roll(_call(settings, f"{settings.names_url}/doors/register"))


def post_scores(settings: ResultsSettings, sheet: ScoreSheet) -> None:
    """Hand the scores to names, by order number."""
    _call(settings, f"{settings.names_url}/doors/scores", body=to_bytes(sheet))


def _call(
    settings: ResultsSettings, url: str, *, body: bytes | None = None, at_most: int = MAX_RECORD
) -> bytes:
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
    try:
        with _opener(settings.ca_file).open(request, timeout=TIMEOUT_S) as reply:
            content: bytes = reply.read(at_most + 1)
            left: int | None = reply.length  # read(n) says nothing of a reply that was cut
    except urllib.error.HTTPError as error:
        error.close()
        if error.code == WENT_BACK and "/v1/batch?" in url:
            raise WentBack from error
        raise Refused(f"The other zone refused this call ({error.code}).") from error
    except Exception as error:  # a reply that is no HTTP is an error of `http`, forbidden here
        raise DoorClosed from error
    if len(content) > at_most:
        raise BadRecord("The other zone's reply is larger than any that this door accepts.")
    if left:
        raise DoorClosed
    return content


@cache  # reading the system's certificates takes longer than most calls
def _opener(ca_file: Path | None) -> urllib.request.OpenerDirector:
    """Speaks http and https, and follows nobody elsewhere: a redirection is a refusal."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(context=tls.resuming(ca_file)),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
    ):
        opener.add_handler(handler)
    return opener
