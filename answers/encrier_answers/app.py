# SPDX-License-Identifier: AGPL-3.0-or-later
"""The answers zone as one RSGI application: all its routes are on this screen.

Knows how a request becomes bytes and a refusal a status. Where a request comes from is a random
name before any route sees it (`nearness`): an address can be neither kept nor logged.
"""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Final

from granian._granian import RSGIProtocolClosed, RSGIProtocolError  # typed under these names only

from encrier import calls, uploads
from encrier.clock import Clock, now
from encrier.errors import EncrierError
from encrier.records import Record
from encrier_answers import configuration, static
from encrier_answers.admission import Admissions
from encrier_answers.configuration import Zone
from encrier_answers.doors import MAX_LIST
from encrier_answers.gate import Gate
from encrier_answers.guessing import UNKNOWN
from encrier_answers.health import CLOSE, Health
from encrier_answers.line import DRAINED, Line
from encrier_answers.nearness import Nearness
from encrier_answers.pacing.tickets import Tickets
from encrier_answers.pacing.waiting import WaitingRoom
from encrier_answers.patience import Patience
from encrier_answers.pupils import MAX_SIGN_IN, Pupils
from encrier_answers.replies import (
    HSTS,
    Reply,
    Request,
    by_origin,
    for_page,
    may_ask,
    refusal,
    saw_digest,
)
from encrier_answers.statuses import busy, refused

if TYPE_CHECKING:
    from granian._granian import RSGIHeaders as Headers
    from granian._granian import RSGIHTTPProtocol as HTTPProtocol
    from granian.rsgi import Scope

KEEPER: Final = "ENCRIER_KEEPER"  # where the keeper listens, told by the process that started both
BODY_DEADLINE_S: Final = 30.0  # a school's slow line sends a save in seconds
BIG_BODY: Final = 1024 * 1024  # bytes
MAX_BIG_BODIES: Final = 4  # at once: a body is held in memory before its signature can be checked
ORPHAN_EVERY_S: Final = 1.0
TELL_EVERY_S: Final = 1.0
EXIT_ORPHAN: Final = 4


class Route(Record, frozen=True):
    """One way in: the method it takes, what answers, the largest body in bytes."""

    method: str
    answer: Callable[[Request], Awaitable[Reply]]
    max_body: int = 0
    for_pupils: bool = False  # pages of the ministry may ask it from their own origins


class App:
    """The application; granian calls it once a request."""

    def __init__(self, zone: Zone, keeper: Path, clock: Clock = now) -> None:
        self._zone, self._keeper, self._clock = zone, keeper, clock
        self._parent = os.getppid()
        self._shelf = static.of_zone(zone)
        self._shelf["/v1/manifest"] = static.shelve(zone.manifest_bytes)
        self._page_origin = zone.manifest.page_origin
        self._keying_origin = zone.manifest.keying_origin
        self._always = (HSTS,) if zone.is_encrypted else ()
        self._nearness = Nearness(proxied=zone.settings.proxy is not None)
        self._gate: Gate | None = None
        self._routes: dict[str, Route] = {}
        self._line: Line | None = None
        self._health: Health | None = None
        self._n_big = 0

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Called by granian in the worker, before the first request."""
        self._patience = Patience(loop)
        admissions, settings = Admissions(), self._zone.settings
        self._line = line = Line(loop, admissions.apply)
        line.open(self._keeper)
        room = WaitingRoom(starts_a_s=settings.starts_per_s / settings.workers)
        self._gate = gate = Gate(admissions, room, Tickets(settings.store_key))
        self._health = health = Health(settings, ask=line.ask)
        pupils = Pupils(self._zone, gate=gate, keeping=line, now=self._clock)
        self._routes = {  # besides the paths of the shelf: /, /player/…, /bundles/…, /v1/manifest
            "/v1/sign-in": Route("POST", pupils.sign_in, MAX_SIGN_IN, for_pupils=True),
            "/v1/terms": Route("POST", pupils.terms, MAX_SIGN_IN, for_pupils=True),
            "/v1/save": Route("POST", pupils.save, uploads.MAX_SAVE, for_pupils=True),
            DRAINED: Route("GET", line.drained, for_pupils=True),
            "/v1/admission": Route("POST", line.ask, MAX_LIST),  # the doors of the other zones
            "/v1/progress": Route("GET", line.ask),
            "/v1/batch": Route("GET", line.ask),
            "/v1/health": Route("GET", health.alive),
            "/v1/ready": Route("GET", health.ready),
        }
        loop.call_soon(self._look, loop)
        loop.call_soon(self._watch_parent, loop)

    def __rsgi_del__(self, _loop: asyncio.AbstractEventLoop) -> None:
        """Called by granian in the worker, after the last request."""
        if self._line is not None:
            self._line.close()

    async def __rsgi__(self, scope: "Scope", protocol: "HTTPProtocol") -> None:
        """Answer one request; one whose browser has left needs no answer, it is sent again."""
        try:
            answer = await self._answer(scope, protocol)
            if answer.status >= HTTPStatus.BAD_REQUEST and self._health is not None:
                self._health.counts.refused(answer.status)
            protocol.response_bytes(answer.status, [*answer.headers, *self._always], answer.body)
        except (RSGIProtocolClosed, RSGIProtocolError):
            return

    async def _answer(self, scope: "Scope", protocol: "HTTPProtocol") -> Reply:
        kept = static.found(self._shelf, scope)
        if kept is not None:
            return kept
        route = self._routes.get(scope.path)
        if route is None:
            return static.nothing_here()
        headers = scope.headers  # made anew at each asking
        origin = self._page_asking(headers) if route.for_pupils else None
        if origin is not None and scope.method == "OPTIONS":
            return may_ask(origin)
        if scope.method != route.method:
            return static.not_allowed(route.method)
        answer = await self._ask(route, scope, headers, protocol)
        if headers.get(uploads.DIGEST_HEADER) is not None:
            answer = saw_digest(answer)
        if origin is not None:
            return for_page(answer, origin)
        return by_origin(answer) if route.for_pupils and self._keying_origin else answer

    def _page_asking(self, headers: "Headers") -> str | None:
        """The origin whose page may read the reply; None: that of the node itself alone."""
        if self._keying_origin is not None and headers.get("origin") == self._keying_origin:
            return self._keying_origin
        return self._page_origin

    async def _ask(
        self, route: Route, scope: "Scope", headers: "Headers", protocol: "HTTPProtocol"
    ) -> Reply:
        body = await self._read_body(route, headers, protocol) if route.max_body else b""
        if isinstance(body, Reply):
            return body
        if uploads.is_altered(body, headers.get(uploads.DIGEST_HEADER)):
            return refusal(422, "L’envoi a été modifié en chemin.", "Appelle ton professeur.")
        call = "" if route.for_pupils else headers.get(calls.HEADER) or ""
        network = self._nearness.of(scope) if route.for_pupils else UNKNOWN
        request = Request(scope.method, scope.path, scope.query_string, call, body, network)
        try:
            return await route.answer(request)
        except EncrierError as error:
            return refused(error)
        except Exception as error:  # noqa: BLE001 a fault of ours: said without its content
            sys.stderr.write(f"event=fault kind={type(error).__name__} route={scope.path}\n")
            return busy(500, "Le serveur a eu un incident.", "Garde cette page ouverte.")

    async def _read_body(
        self, route: Route, headers: "Headers", protocol: "HTTPProtocol"
    ) -> bytes | Reply:
        """The whole body, or why not; memory stays bounded whoever sends."""
        length = headers.get("content-length")
        if length is None or not (length.isascii() and length.isdigit()):
            return refusal(411, "Cette demande ne dit pas sa taille.", "Recharge la page.")
        if len(length) > 10 or int(length) > route.max_body:  # noqa: PLR2004 digits: no huge number is read
            return refusal(413, "Cette demande est trop grande.", "Recharge la page.")
        is_big = int(length) > BIG_BODY
        if is_big and self._n_big >= MAX_BIG_BODIES:
            return busy(503, "Le serveur est occupé.", "Réessaie plus tard.")
        self._n_big += is_big
        try:
            return await self._patience.wait(protocol())
        except TimeoutError:
            return refusal(408, "L’envoi est trop lent.", "Il recommence tout seul.")
        finally:
            self._n_big -= is_big

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        """Once a second: give up slow bodies, tell of guessing, note it, see whether to end."""
        self._patience.look(most_s=BODY_DEADLINE_S)
        assert self._gate is not None  # noqa: S101 opened before the first turn
        assert self._health is not None  # noqa: S101
        self._health.look(guesses=self._gate.guesses)
        if self._health.is_draining and CLOSE not in self._always:
            self._always = (*self._always, CLOSE)  # browsers go to another node
        told = self._gate.alarm()
        if told is not None:
            sys.stderr.write(f"event=guessing failures={told[0]} held_up={told[1]}\n")
            sys.stderr.flush()
        crowd = self._gate.crowd()
        if crowd is not None:
            sys.stderr.write(f"event=waiting-room waiting={crowd}\n")
            sys.stderr.flush()
        loop.call_later(TELL_EVERY_S, self._look, loop)

    def _watch_parent(self, loop: asyncio.AbstractEventLoop) -> None:
        """End with the process that started this one: an orphan would keep the port and folder."""
        if os.getppid() != self._parent:
            os._exit(EXIT_ORPHAN)
        loop.call_later(ORPHAN_EVERY_S, self._watch_parent, loop)


def build() -> App:
    """What granian runs in each worker."""
    return App(configuration.load(os.environ), Path(os.environ[KEEPER]))
