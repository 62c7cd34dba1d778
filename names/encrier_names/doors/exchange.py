# SPDX-License-Identifier: AGPL-3.0-or-later
"""Calls the answers zone, outward only: admission lists out, progress in.

The only module of this zone that opens a connection.
"""

import time
from collections.abc import Callable, Sequence
from http.client import HTTPException
from pathlib import Path
from typing import Final
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

import msgspec
from django.db import transaction

from encrier import calls, clock
from encrier.errors import BadRecord, EncrierError
from encrier.manifest import Manifest, Node
from encrier.records import Record, from_bytes
from encrier.secret import Secret
from encrier.settings import is_loopback
from encrier.wire import Progress, SittingProgress
from encrier_names.doors import admission
from encrier_names.followup import tallies
from encrier_names.sittings import progress

TIMEOUT_S: Final = 20.0
HURRY_S: Final = 4.0
PAUSES_S: Final = (0.5, 2.0)  # between three attempts
MAX_ANSWER: Final = 256 * 1024 * 1024


class AnswersUnreachable(EncrierError):
    what = "The answers zone does not answer."
    next_step = "Nothing is lost: run the exchange again. Check the node's URL and the network."


class AnswersRefused(EncrierError):
    what = "The answers zone refused the call."
    next_step = "Compare the names key in the manifest with this zone's, and both clocks."


class Exchanged(Record, frozen=True):
    """What one exchange did."""

    lists_sent: int
    rows_sent: int
    sittings_seen: int


class _NoRedirect(HTTPRedirectHandler):
    """A signed call goes where the manifest says and nowhere else."""

    def redirect_request(self, *_args: object) -> None:
        return None


def exchange(
    manifest: Manifest,
    *,
    door_key: Secret,
    booklet_keys: Path,
    sleep: Callable[[float], None] = time.sleep,
) -> Exchanged:
    """Send the lists that wait, the booklets' keys when it is time, then pull progress.

    Whoever answers is heard out before AnswersUnreachable is raised for who does not.
    """
    caller = Caller(door_key, sleep=sleep)
    silent: list[AnswersUnreachable] = []
    n_lists = n_rows = n_seen = 0
    try:
        n_lists, n_rows = _send(manifest, caller, booklet_keys)
    except AnswersUnreachable as fault:
        silent.append(fault)
    reports: dict[int, list[SittingProgress]] = {}  # by pair
    for node in manifest.nodes:
        try:
            told = caller.progress(node, manifest)
        except AnswersUnreachable as fault:
            silent.append(fault)
        else:
            reports.setdefault(node.pair, []).extend(told)
    if reports:
        n_seen = _keep(reports, manifest)
    if silent:
        raise silent[0]
    return Exchanged(n_lists, n_rows, n_seen)


def _send(manifest: Manifest, caller: "Caller", booklet_keys: Path) -> tuple[int, int]:
    try:
        admission.release_keys(manifest, booklet_keys)
    finally:  # lists leave whether keys are there or not
        sent = send_waiting(manifest, caller)
    return sent


def _keep(reports: dict[int, list[SittingProgress]], manifest: Manifest) -> int:
    """Keep what the nodes of these pairs said; give how many sittings that is."""
    said = [one for of_pair in reports.values() for one in of_pair]
    silent = set(manifest.pairs) - set(reports)
    with transaction.atomic():
        kept = progress.keep(said, is_all=not silent)
        tallies.moved(kept.moves)
    return kept.seen


def send_waiting(manifest: Manifest, caller: "Caller") -> tuple[int, int]:
    """Send each list that waits to the nodes of its pair, oldest first; give lists and rows.

    A pair that does not answer holds up no other; it is told (AnswersUnreachable) at the end.
    """
    n_lists = n_rows = 0
    silent: dict[int, AnswersUnreachable] = {}
    for one in admission.waiting():
        if one.pair in silent:
            continue
        try:
            nodes = _nodes_of(one.pair, manifest)
            n_rows += sum(caller.admit(node, one.listed) for node in nodes)
        except AnswersUnreachable as fault:
            silent[one.pair] = fault
            continue
        admission.acknowledge(one.serial)
        n_lists += 1
    for error in silent.values():
        raise error
    return n_lists, n_rows


def _nodes_of(pair: int, manifest: Manifest) -> list[Node]:
    """The nodes of a pair; never none, or a list would be as good as sent."""
    nodes = manifest.nodes_of(pair)
    if not nodes:
        raise AnswersUnreachable(
            "A list waits for a pair that the manifest does not name.",
            "Put the newest manifest of this campaign where MANIFEST_FILE says.",
        )
    return nodes


class Caller:
    """Signs and makes calls, three times at most each."""

    def __init__(
        self,
        door_key: Secret,
        *,
        sleep: Callable[[float], None],
        pauses_s: Sequence[float] = PAUSES_S,
        timeout_s: float = TIMEOUT_S,
    ) -> None:
        self._key = door_key
        self._sleep = sleep
        self._pauses_s, self._timeout_s = pauses_s, timeout_s

    @classmethod
    def in_a_hurry(cls, door_key: Secret) -> "Caller":
        """One that calls once: somebody waits for the page."""
        return cls(door_key, sleep=time.sleep, pauses_s=(), timeout_s=HURRY_S)

    def admit(self, node: Node, listed: bytes) -> int:
        """Send one admission list; give the number of rows the node took."""
        answer = self._call(node, "POST", "/v1/admission", listed)
        try:
            return int(msgspec.json.decode(answer, type=dict[str, int])["rows"])
        except (msgspec.DecodeError, KeyError) as error:
            raise BadRecord("The answers zone did not say how many rows it took.") from error

    def progress(self, node: Node, manifest: Manifest) -> list[SittingProgress]:
        """Pull the progress of every sitting that a node knows."""
        said = from_bytes(self._call(node, "GET", "/v1/progress", b""), Progress)
        if said.campaign != manifest.campaign:
            raise BadRecord("The answers zone serves another campaign.")
        return said.rows

    def _call(self, node: Node, method: str, route: str, body: bytes) -> bytes:
        _refuse_clear(node)
        for pause_s in (*self._pauses_s, None):
            try:
                return self._once(node, method, route, body)
            except AnswersUnreachable:
                if pause_s is None:
                    raise
                self._sleep(pause_s)
        raise AnswersUnreachable

    def _once(self, node: Node, method: str, route: str, body: bytes) -> bytes:
        url = node.url.rstrip("/") + route
        path = urlsplit(url).path
        signed = calls.sign(self._key, method=method, path=path, body=body, at=clock.now())
        headers = {calls.HEADER: signed, "Content-Type": "application/json"}
        request = Request(url, data=body or None, headers=headers, method=method)  # noqa: S310 scheme checked by _refuse_clear
        try:
            with build_opener(_NoRedirect).open(request, timeout=self._timeout_s) as answer:
                content: bytes = answer.read(MAX_ANSWER + 1)
                return content
        except HTTPError as error:
            with error:
                if error.code >= 500:  # noqa: PLR2004 the node's fault: try again
                    raise AnswersUnreachable(
                        f"The answers zone answered with error {error.code}."
                    ) from error
                raise AnswersRefused(
                    f"The answers zone refused the call with status {error.code}."
                ) from error
        except (URLError, HTTPException, OSError) as error:
            raise AnswersUnreachable from error


def _refuse_clear(node: Node) -> None:
    """HTTPS, or plain HTTP to this very machine."""
    parts = urlsplit(node.url)
    if parts.scheme != "https" and not (
        parts.scheme == "http" and is_loopback(parts.hostname or "")
    ):
        raise AnswersRefused(
            "The manifest gives a node of answers without HTTPS.",
            "Ask the ministry for a manifest whose nodes have https addresses.",
        )
