# SPDX-License-Identifier: AGPL-3.0-or-later
"""Guessing against the real server, from several networks at once."""

import http.client
import json
import secrets
import time
from collections.abc import Callable
from typing import Any

from encrier import uploads
from encrier.records import to_bytes
from encrier_answers import guessing
from encrier_answers.nearness import Nearness

SCHOOL, GUESSER = "127.20.0.1", "127.66.0.1"  # all of 127.0.0.0/8 is this machine


def ask(
    port: int, address: str, path: str, body: bytes, **headers: str
) -> tuple[int, dict[str, str], Any]:
    """Ask from an address: status, headers, the words of a refusal."""
    wire = http.client.HTTPConnection("127.0.0.1", port, timeout=10, source_address=(address, 0))
    wire.request("POST", path, body, {name.replace("_", "-"): v for name, v in headers.items()})
    answer = wire.getresponse()
    said = answer.read()
    wire.close()
    words = json.loads(said) if answer.status >= 400 else None
    return answer.status, {k.lower(): v for k, v in answer.getheaders()}, words


def guess() -> bytes:
    return to_bytes(uploads.SignIn(secrets.token_bytes(16), secrets.token_bytes(32)))


def test_a_guesser_waits_and_a_school_does_not(
    new_campaign: Any, serve: Callable[..., Any]
) -> None:
    with serve(new_campaign) as server:
        pupil, late = server.new_pupil(), server.new_pupil()
        assert ask(server.port, SCHOOL, "/v1/sign-in", pupil.sign_in)[0] == 200
        statuses = [
            ask(server.port, GUESSER, path, guess())[0]
            for path in ["/v1/sign-in", "/v1/terms"] * (guessing.A_NETWORK // 2 + 5)
        ]
        assert statuses[: guessing.A_NETWORK] == [403] * guessing.A_NETWORK
        assert set(statuses[guessing.A_NETWORK :]) == {429}
        status, headers, words = ask(server.port, GUESSER, "/v1/sign-in", late.sign_in)
        assert status == 429, "a good code is not looked at either: a guesser learns nothing"
        assert 1 <= int(headers["retry-after"]) <= guessing.LONGEST_WAIT_S
        assert words == {
            "what": guessing.TooManyGuesses.what,
            "next_step": guessing.TooManyGuesses.next_step,
        }
        save = uploads.pack_save(uploads.Save(late.auth, 0, new_campaign.envelope(late), b"box"))
        assert ask(server.port, GUESSER, "/v1/save", save)[0] == 429
        assert ask(server.port, SCHOOL, "/v1/save", save)[0] == 200, "the same save, from a school"
        for _ in range(200):
            ask(server.port, SCHOOL, "/v1/sign-in", guess())
        assert ask(server.port, SCHOOL, "/v1/sign-in", pupil.sign_in)[0] == 200
        time.sleep(1.2)
        log = server.errors.read_text()
    assert "event=guessing failures=" in log
    assert SCHOOL not in log
    assert GUESSER not in log


def test_computers_that_are_checked_are_not_guessing(server: Any) -> None:
    nobody = to_bytes(uploads.SignIn(guessing.NOBODY, bytes(32)))
    for _ in range(2 * guessing.A_NETWORK):
        assert ask(server.port, "127.20.0.8", "/v1/terms", nobody)[0] == 403


def test_a_network_is_an_ipv4_address_or_half_of_an_ipv6_one() -> None:
    near = Nearness(proxied=False)
    assert near.named("192.0.2.7") == near.named("::ffff:192.0.2.7") != near.named("192.0.2.8")
    assert near.named("2001:db8:1:2::7") == near.named("2001:db8:1:2:ffff::9")
    assert near.named("2001:db8:1:2::7") != near.named("2001:db8:1:3::7")
    assert near.named("fe80::1%eth0") != guessing.UNKNOWN
    assert near.named("") == near.named("not:an:address") == guessing.UNKNOWN
    assert near.named("192.0.2.7") != Nearness(proxied=False).named("192.0.2.7"), "drawn anew"


def test_behind_a_proxy_the_last_address_it_adds_is_the_network(
    new_campaign: Any, serve: Callable[..., Any]
) -> None:
    """What a browser writes there itself comes first, and is not believed."""
    with serve(new_campaign, proxy="trusted") as server:
        for n in range(guessing.A_NETWORK):
            said = f"203.0.113.{n}, 198.51.100.1"
            ask(server.port, "127.0.0.1", "/v1/sign-in", guess(), x_forwarded_for=said)
        held, free = (
            ask(server.port, "127.0.0.1", "/v1/sign-in", guess(), x_forwarded_for=said)[0]
            for said in ("198.51.100.1", "198.51.100.2")
        )
        assert (held, free) == (429, 403)
