# SPDX-License-Identifier: AGPL-3.0-or-later
"""Staff at a computer: sign in to the names zone and open pages, without a browser."""

import html
import re
import urllib.error
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar
from typing import NamedTuple


class Page(NamedTuple):
    status: int
    content: bytes

    @property
    def text(self) -> str:
        """What a person would read: no tags, entities resolved, spaces folded."""
        return bare(self.content.decode("utf-8", "replace"))


def bare(markup: str) -> str:
    """Markup as a person would read it."""
    text = re.sub(r"<(style|script).*?</\1>|<[^>]+>", " ", markup, flags=re.DOTALL)
    return " ".join(html.unescape(text).split())


class Visitor:
    """Somebody with a browser and perhaps an account."""

    def __init__(self, base: str) -> None:
        self._base = base
        self._web = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(CookieJar()), urllib.request.ProxyHandler({})
        )

    def get(self, path: str) -> Page:
        """Open a page."""
        return self._open(urllib.request.Request(self._base + path))

    def post(self, path: str, **fields: str) -> Page:
        """Fill in the form on a page and send it."""
        token = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', self.get(path).content)
        sent = fields | ({"csrfmiddlewaretoken": token.group(1).decode()} if token else {})
        body = urllib.parse.urlencode(sent).encode()
        request = urllib.request.Request(self._base + path, data=body)
        request.add_header("Referer", self._base + path)
        return self._open(request)

    def sign_in(self, user: str, password: str) -> Page:
        """Sign in as one would."""
        return self.post("/connexion/", username=user, password=password)

    def links(self, page: Page, pattern: str) -> list[str]:
        """The addresses on a page that match a pattern."""
        found = re.findall(rb'href="([^"]+)"', page.content)
        return [link.decode() for link in found if re.fullmatch(pattern, link.decode())]

    def _open(self, request: urllib.request.Request) -> Page:
        try:
            with self._web.open(request, timeout=30) as reply:
                return Page(reply.status, reply.read())
        except urllib.error.HTTPError as error:
            with error:
                return Page(error.code, error.read())
