# SPDX-License-Identifier: AGPL-3.0-or-later
"""A simulated teacher: signed in at names, keying her class on a computer that seals as hers would.

She knows what a real one's browser knows: her password, the link on the page of her class, and
from it the ring and the kit. Names never sees what she keys, answers never whom it is of.
"""

import base64
import json
import random
import re
from collections.abc import Iterator, Mapping
from http.cookiejar import CookieJar
from typing import Any, Final
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener
from uuid import UUID

from encrier import boxes
from encrier.sheets import Mark

Entry = tuple[dict[str, list[str]], Mark | None]  # what is keyed of one item
_TOKEN: Final = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_LINK: Final = re.compile(r'href="/saisie/([0-9a-f-]{36})/#([\w-]+)"')
_CONTEXT: Final = b"keying-ring/v1\0"
_BLANK: Final = 0.06  # part of the items that pupils leave


class Teacher:
    """Signed in at names, in front of the class that she keys."""

    def __init__(self, url: str, *, user: str, password: str) -> None:
        self._url = url
        self._web = build_opener(HTTPCookieProcessor(CookieJar()))
        token = _TOKEN.search(self._page("/connexion/"))
        if token is None:
            raise PermissionError("The sign-in page of names has no form.")
        form = {"csrfmiddlewaretoken": token[1], "username": user, "password": password}
        home = self._page("/connexion/", urlencode(form).encode())
        links = _LINK.search(home)
        if links is None:
            raise PermissionError("The page of this teacher's classes leads to no keying.")
        division, secret = UUID(links[1]), base64.urlsafe_b64decode(links[2] + "=")
        self.ring = self._ring(division, secret)

    def kit(self, bundle: str) -> dict[str, Any]:
        """What there is to key of a booklet."""
        kit: dict[str, Any] = json.loads(self._page(f"/saisie/kits/{bundle}/keying.json"))
        return kit

    def _ring(self, division: UUID, secret: bytes) -> dict[str, Any]:
        manifest = json.loads(json.loads(self._page("/saisie/manifeste"))["manifest"])
        context = _CONTEXT + base64.b64decode(manifest["campaign"]) + division.bytes
        box = self._bytes(f"/saisie/{division}/anneau")
        ring: dict[str, Any] = json.loads(boxes.open_(box, key=secret, context=context))
        return ring

    def _page(self, path: str, form: bytes | None = None) -> str:
        return self._bytes(path, form).decode()

    def _bytes(self, path: str, form: bytes | None = None) -> bytes:
        with self._web.open(self._url + path, form, timeout=20) as reply:
            content: bytes = reply.read()
        return content


def on_paper(kit: Mapping[str, Any], ability: float, *, chance: random.Random) -> dict[str, Entry]:
    """Invent what a pupil wrote in a booklet.

    ability: 0 to 1, the share of items that she knows.
    """
    return {
        field["id"]: ({}, "blank")
        if chance.random() < _BLANK
        else (_written(field, kit["marking"], ability, chance=chance), None)
        for field in fields(kit)
    }


def absent(kit: Mapping[str, Any]) -> dict[str, Entry]:
    """What is keyed of a pupil who was away all the time."""
    return {field["id"]: ({}, "absent") for field in fields(kit)}


def fields(kit: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """All that is keyed of a booklet, in order."""
    for sequence in kit["sequences"]:
        for exercise in sequence["exercises"]:
            yield from exercise["items"]


def _written(
    field: Mapping[str, Any], marking: Mapping[str, Any], ability: float, *, chance: random.Random
) -> dict[str, list[str]]:
    if field["mask"] == "fluency":
        return _read_aloud(field, ability, chance=chance)
    points = marking.get(field["id"], {})
    right = max(points, key=points.__getitem__, default="")
    if chance.random() < ability and right not in {"", "*"}:
        return {field["response"]: right.split(" ")}
    if field["mask"] in {"number", "time"}:
        return {field["response"]: [str(chance.randrange(10 ** field["digits"]))]}
    offered = field.get("choices") or field["words"]
    return {field["response"]: [chance.choice(offered)["id"]]}


def _read_aloud(
    field: Mapping[str, Any], ability: float, *, chance: random.Random
) -> dict[str, list[str]]:
    """A minute of reading: the last word, and those that were misread."""
    last = max(4, round(ability * len(field["words"])))
    misread = [word["id"] for word in field["words"][:last] if chance.random() < (1 - ability) / 4]
    seconds = field["seconds"]
    rate = int((last - len(misread)) * 60 / seconds + 0.5)
    return {
        field["response"]: [str(rate)],
        "LAST": [str(last)],
        "SECONDS": [str(seconds)],
        **({"WRONG": misread} if misread else {}),
    }
