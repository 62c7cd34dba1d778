# SPDX-License-Identifier: AGPL-3.0-or-later
"""The log: one line, one event, and whatever is asked of the zone, nobody is in it."""

import io
import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from canaries import search_bytes
from encrier_names.django_settings import LINE
from encrier_names.schools import lists
from encrier_names.upkeep.journal import note

EVENT = re.compile(r"time=\S+ level=[A-Z]+ event=[a-z-]+( [a-z_]+=[^\s=]+)*")
CANARY = "Zorglubax"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """All that our loggers and Django's write, as in production."""
    lines = io.StringIO()
    writer = logging.StreamHandler(lines)
    writer.setFormatter(logging.Formatter(LINE["format"], LINE["datefmt"], style="{"))
    watched = [logging.getLogger(name) for name in ("encrier", "django", "django.request", "py")]
    for logger in watched:
        logger.addHandler(writer)
    yield lines
    for logger in watched:
        logger.removeHandler(writer)


def _pages(names: Any, division: Any) -> list[tuple[str, str, dict[str, Any]]]:
    """What people ask of the zone, well and badly, with a canary in whatever they may type."""
    pupil = division.pupils.first()
    row, home = f"/eleves/{pupil.id}", f"/classes/{division.id}"
    typed = {"last_name": CANARY, "first_name": CANARY, "username": CANARY, "password": CANARY}
    return [
        ("GET", "/", {}),
        ("GET", "/calendrier/", {}),
        ("GET", f"{home}/", {}),
        ("GET", f"{home}/codes.pdf", {}),
        ("GET", f"{home}/passation/", {}),
        ("GET", f"{home}/resultats/", {}),
        ("GET", f"{row}/resultats/", {}),
        ("GET", f"{row}/corriger/", {}),
        ("POST", f"{row}/corriger/", typed),
        ("POST", f"{home}/ajouter/", typed),
        ("POST", f"{row}/absence/", {"reason": CANARY}),
        ("POST", "/connexion/", typed),
        ("POST", "/listes/", {"file": names.file()}),
        ("POST", "/listes/", {"file": names.file(CANARY.encode())}),
        ("GET", f"/eleves/{CANARY}/resultats/?nom={CANARY}", {}),
        ("PUT", f"{home}/", {}),
        ("POST", "/doors/scores", typed),
    ]


def _ask(client: Client, pages: list[tuple[str, str, dict[str, Any]]]) -> None:
    for method, address, given in pages:
        if method == "POST":
            client.post(address, given, headers={"user-agent": CANARY, "referer": CANARY})
        else:
            client.generic(method, address, headers={"user-agent": CANARY})


def test_many_pages_leave_lines_and_nobody_in_them(names: Any, written: io.StringIO) -> None:
    division = names.validated_class(4)
    names.send_scores(division)
    head = names.staff("Zorglubette", "head", school=division.school)
    pages = _pages(names, division)
    words = {CANARY, "Zorglubette", "9990001X", names.manifest.label, str(division.id)}
    for pupil in division.pupils.all():
        words |= {pupil.identity.last_name, pupil.identity.first_name, str(pupil.id)}
        words |= {pupil.identity.ine or CANARY}
    _ask(names.client(head), pages)
    _ask(names.client(), pages)
    lines = written.getvalue().splitlines()
    assert len(lines) >= 2 * len(pages)
    assert [line for line in lines if not EVENT.fullmatch(line)] == []
    assert search_bytes(words, written.getvalue().encode()) == set()


def test_a_page_that_fails_says_where_and_not_of_whom(
    names: Any, written: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_args: object) -> None:
        raise ValueError(f"Nobody is called {CANARY}")

    monkeypatch.setattr(lists, "pupils_of", fails)
    division = names.open_class(1)
    client = names.client(names.staff("h", "head", school=division.school))
    client.raise_request_exception = False
    assert client.get(f"/classes/{division.id}/").status_code == 500
    failed, page = written.getvalue().splitlines()
    assert "event=page-failed error=ValueError at=" in failed
    assert "level=ERROR event=page name=class-list method=GET status=500 ms=" in page
    assert CANARY not in written.getvalue()


def test_what_is_no_plain_word_is_not_written(written: io.StringIO) -> None:
    note("tried", name="two words", other="plain", line="a\nlevel=INFO", key="é", n=3)
    line = written.getvalue()
    assert line.endswith("event=tried name=hidden other=plain line=hidden key=hidden n=3\n")
