# SPDX-License-Identifier: AGPL-3.0-or-later
"""An item, or a program in an item, reaches neither the network nor the page around it.

« les bases de données sont encryptées, ainsi que tous les transferts »: an answer that an item
could send elsewhere would be neither. Eighteen ways out are tried, as markup of an item and as a
program in the sandboxed frame, in both browsers; a sink on another port of this machine counts
who comes. To know that the sink would have counted, a page without our policies is tried first.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, expect

from stagecraft.desk import Case, mount

pytestmark = pytest.mark.journey
SETTLE_MS: Final = 600

WAYS: Final[dict[str, str]] = {
    "fetch": "fetch(SINK + 'fetch', {mode: 'no-cors'})",
    "xhr": "const x = new XMLHttpRequest(); x.open('GET', SINK + 'xhr'); x.send()",
    "beacon": "navigator.sendBeacon(SINK + 'beacon', 'x')",
    "image": "new Image().src = SINK + 'image'",
    "script": "const s = document.createElement('script'); s.src = SINK + 'script';"
    " document.head.append(s)",
    "style": "const l = document.createElement('link'); l.rel = 'stylesheet';"
    " l.href = SINK + 'style'; document.head.append(l)",
    "css image": "document.body.style.backgroundImage = `url(${SINK}css)`",
    "font": "new FontFace('f', `url(${SINK}font)`).load()",
    "audio": "new Audio(SINK + 'audio').load()",
    "video poster": "const v = document.createElement('video'); v.poster = SINK + 'poster';"
    " document.body.append(v)",
    "object": "const o = document.createElement('object'); o.data = SINK + 'object';"
    " document.body.append(o)",
    "iframe": "const f = document.createElement('iframe'); f.src = SINK + 'iframe';"
    " document.body.append(f)",
    "form": "const f = document.createElement('form'); f.action = SINK + 'form';"
    " f.method = 'post'; document.body.append(f); f.submit()",
    "websocket": "new WebSocket(SINK.replace('http', 'ws') + 'socket')",
    "event source": "new EventSource(SINK + 'events')",
    "prefetch": "const l = document.createElement('link'); l.rel = 'prefetch';"
    " l.href = SINK + 'prefetch'; document.head.append(l)",
    "window": "window.open(SINK + 'window')",
    "navigation": "location.href = SINK + 'navigation'",
}
TELLS: Final = frozenset({"form", "navigation", "window"})  # these leave the page that tries them
MARKUP: Final = """
<p><img src="{s}a" alt="x"/><audio src="{s}b"/><video src="{s}c" poster="{s}d"/></p>
<object data="{s}e" type="image/png"/><embed src="{s}f"/><iframe src="{s}g"/>
<link rel="stylesheet" href="{s}h"/><script src="{s}i"/><script>fetch("{s}j")</script>
<p style="background:url({s}k)">x</p><svg xmlns="http://www.w3.org/2000/svg"><image href="{s}l"/>
<use href="{s}m#x"/><style>@import url({s}n);</style></svg><form action="{s}o"><input/></form>
<p><a href="{s}p">lien</a></p><img srcset="{s}q 2x" alt="y"/><base href="{s}"/>
<meta http-equiv="refresh" content="0;url={s}r"/>"""


class Sink:
    """Whoever comes is noted by the path it asked for."""

    def __init__(self) -> None:
        came: list[str] = []
        self.came = came

        class Door(BaseHTTPRequestHandler):
            def handle_one_request(self) -> None:
                """Whatever the method: a browser that only asks whether it may has come too."""
                self.raw_requestline = self.rfile.readline(65_537)
                self.close_connection = True
                if self.raw_requestline and self.parse_request():
                    came.append(self.path)
                    self.send_response(200)
                    self.send_header("content-type", "text/html")
                    self.end_headers()
                    self.wfile.write(b"<!doctype html><title>sink</title><body></body>")

            def log_message(self, *_: object) -> None:
                """Nothing is printed."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture(scope="module")
def sink() -> Iterator[Sink]:
    standing = Sink()
    yield standing
    standing.close()


@contextmanager
def unguarded(browser: Browser) -> Iterator[Page]:
    """A page without any policy."""
    context = browser.new_context()
    try:
        yield context.new_page()
    finally:
        context.close()


def test_the_sink_counts_who_comes_from_an_unguarded_page(any_browser: Browser, sink: Sink) -> None:
    sink.came.clear()
    with unguarded(any_browser) as page:
        page.goto(sink.url)
        for name in ("image", "fetch", "style", "iframe", "audio"):
            page.evaluate(f"() => {{ const SINK = {sink.url!r}; {WAYS[name]}; }}")
        page.wait_for_timeout(SETTLE_MS)
    assert {"/image", "/fetch", "/style", "/iframe", "/audio"} <= set(sink.came)


def test_no_markup_of_an_item_leads_out(guarded_page: Page, sink: Sink) -> None:
    sink.came.clear()
    mount(guarded_page, Case("", "single", "string", MARKUP.format(s=sink.url), (), ()))
    guarded_page.wait_for_timeout(SETTLE_MS)
    assert guarded_page.locator("main p").count() > 0
    assert sink.came == []


def run_spy(page: Page, module: str) -> None:
    """Show an item whose program is this one."""
    page.evaluate("given => (window.sources = given)", {"spy.js": module})
    body = (
        '<qti-portable-custom-interaction response-identifier="RESPONSE" module="spy"'
        ' custom-interaction-type-identifier="urn:spy"><qti-interaction-modules>'
        '<qti-interaction-module id="spy" primary-path="spy.js"/></qti-interaction-modules>'
        "<qti-interaction-markup/></qti-portable-custom-interaction>"
    )
    mount(page, Case("", "single", "string", body, (), ()))


@pytest.mark.parametrize("way", WAYS)
def test_no_program_in_an_item_gets_out(way: str, guarded_page: Page, sink: Sink) -> None:
    sink.came.clear()
    module = f"""define(["qtiCustomInteractionContext"], function (context) {{
      context.register({{typeIdentifier: "urn:spy", getInstance: function (dom) {{
        const SINK = "{sink.url}";
        dom.textContent = "running";
        try {{ {WAYS[way]}; }} catch (fault) {{ dom.textContent = "running, refused"; }}
        return {{getResponse: () => ({{base: null}})}};
      }}}});
    }});"""
    run_spy(guarded_page, module)
    frame = guarded_page.frame_locator("iframe.portable")
    if way not in TELLS:
        expect(frame.locator("body")).to_contain_text("running")
    guarded_page.wait_for_timeout(SETTLE_MS)
    assert sink.came == []


def test_a_program_sees_neither_the_page_nor_its_storage(guarded_page: Page) -> None:
    module = """define(["qtiCustomInteractionContext"], function (context) {
      const tried = {
        page: () => parent.document.title,
        storage: () => localStorage.length,
        database: () => indexedDB.open("encrier"),
        cookie: () => document.cookie,
        origin: () => { if (origin !== "null") return; throw new Error("none"); },
      };
      context.register({typeIdentifier: "urn:spy", getInstance: function (dom) {
        const open = Object.keys(tried).filter((name) => {
          try { tried[name](); return true; } catch { return false; }
        });
        dom.textContent = "open: " + open.join(" ");
        return {getResponse: () => ({base: null})};
      }});
    });"""
    run_spy(guarded_page, module)
    frame = guarded_page.frame_locator("iframe.portable")
    expect(frame.locator(".qti-interaction-markup")).to_have_text("open: ")
