# SPDX-License-Identifier: AGPL-3.0-or-later
"""Somebody tries codes from a pupil's own network: she is told to wait, and then comes in."""

import http.client
import secrets
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from encrier import codes, uploads
from encrier.records import to_bytes
from stagecraft.classroom import Classroom
from stagecraft.hands import hook

pytestmark = pytest.mark.journey
A_NETWORK = 60  # docs/spec/guessing.md


def guess(classroom: Classroom, *, until: int) -> None:
    """Try codes that nobody has, from this machine, until the host answers so."""
    wire = http.client.HTTPConnection(urlsplit(classroom.stage.answers_url).netloc, timeout=10)
    for _ in range(10 * A_NETWORK):
        tried = uploads.SignIn(secrets.token_bytes(16), secrets.token_bytes(32))
        wire.request("POST", "/v1/sign-in", to_bytes(tried))
        answer = wire.getresponse()
        answer.read()
        if answer.status == until:
            wire.close()
            return
    raise AssertionError(f"The host never answered {until}.")


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_reload_goes_on_where_the_host_cannot_say_who_comes_in(
    status: int, classroom: Classroom
) -> None:
    slip = next(classroom.slips)
    with classroom.computer() as page:
        page.goto(classroom.stage.answers_url)
        hook(page, "code-field").fill(codes.printed(slip.code))
        hook(page, "code-submit").click()
        hook(page, "pictograms-yes").click()
        hook(page, "start").click()
        hook(page, "item").wait_for()
        page.route(
            "**/v1/sign-in",
            lambda route: route.fulfill(
                status=status, json={"what": "Occupé.", "next_step": "Attends."}
            ),
        )
        page.reload()
        hook(page, "item").wait_for()


def test_a_pupil_is_told_to_wait_and_who_was_in_goes_on(classroom: Classroom) -> None:
    here, late = next(classroom.slips), next(classroom.slips)
    with classroom.computer(390, 800) as first, classroom.computer(390, 800) as second:
        first.goto(classroom.stage.answers_url)
        hook(first, "code-field").fill(codes.printed(here.code))
        hook(first, "code-submit").click()
        hook(first, "pictograms-yes").click()
        expect(hook(first, "start")).to_be_enabled()
        guess(classroom, until=429)
        second.goto(classroom.stage.answers_url)
        hook(second, "code-field").fill(codes.printed(late.code))
        hook(second, "code-submit").click()
        expect(hook(second, "code-error")).to_contain_text("attends une minute")
        expect(hook(second, "code-field")).to_have_value(codes.printed(late.code))
        first.reload()  # she came in before: nothing holds her up
        expect(hook(first, "start")).to_be_enabled()
