# SPDX-License-Identifier: AGPL-3.0-or-later
"""The page comes from the ministry, the answers go to the host, which serves no script at all."""

import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Request, expect
from pypdf import PdfReader

from operators import free_port
from stage import Stage
from stagecraft.autumn import Autumn
from stagecraft.classroom import Classroom
from stagecraft.hands import (
    SLOW_MS,
    answer_choice,
    enter,
    enter_code,
    hook,
    item_shown,
    wait_until_sent,
)

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def apart(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Classroom]:
    """A class whose page is the ministry's."""
    folder = tmp_path_factory.mktemp("apart")
    stage = Stage(folder / "zones", names_port=free_port(0), answers_port=free_port(0))
    stage.page_port = free_port(0)
    campaign = Autumn(stage, folder / "no-record")
    try:
        campaign.prepare()
        stage.serve_page()
        yield Classroom(stage, campaign, campaign.slips_without_end(), browser)
    finally:
        stage.stop()


def test_a_pupil_sits_between_two_origins(apart: Classroom, any_browser: Browser) -> None:
    slip = next(apart.slips)
    page_url = str(apart.stage.page_url)
    asked: list[Request] = []

    def note(request: Request) -> None:
        asked.append(request)

    with apart.computer(browser=any_browser) as page:
        page.on("request", note)
        enter(page, page_url, slip.code)
        item = item_shown(page)
        answer_choice(page, "A")
        wait_until_sent(page)
        page.reload()  # the keys of this tab bring her back
        expect(hook(page, "item")).to_be_visible(timeout=SLOW_MS)
        assert item_shown(page) == item
        expect(page.locator('[data-test="item"] input:checked')).to_have_count(1)
    to_host = [one for one in asked if one.url.startswith(apart.stage.answers_url)]
    heard = {(one.method, one.url.removeprefix(apart.stage.answers_url)) for one in to_host}
    posted = heard - {("GET", "/v1/drained")}
    assert {method for method, _ in posted} <= {"POST", "OPTIONS"}
    assert {path for _, path in posted} <= {
        "/v1/sign-in",
        "/v1/save",
        "/v1/terms",
    }
    sheet = apart.sheet_of(slip)
    assert sheet.items[item].r["RESPONSE"] == ["A"]


def test_a_pupil_goes_on_on_another_computer(apart: Classroom) -> None:
    slip = next(apart.slips)
    page_url = str(apart.stage.page_url)
    with apart.computer() as first:
        enter(first, page_url, slip.code)
        answer_choice(first, "A")
        wait_until_sent(first)
    with apart.computer() as second:
        second.goto(page_url)
        enter_code(second, slip.code)
        expect(second.locator('[data-test="item"] input:checked')).to_have_count(1)


def test_the_check_page_finds_the_host_through_the_page(apart: Classroom) -> None:
    with apart.computer() as page:
        page.goto(f"{apart.stage.page_url}/#verifier")
        expect(hook(page, "check-verdict")).to_have_attribute(
            "data-verdict", "warn", timeout=60_000
        )
        for probe in ("manifest", "delay", "post", "clock"):
            expect(hook(page, f"probe-{probe}")).to_have_attribute("data-verdict", "good")


def test_the_slip_leads_to_the_ministry_and_the_host_serves_no_script(apart: Classroom) -> None:
    text = PdfReader(apart.stage.code_sheet).pages[1].extract_text()
    assert f"localhost:{apart.stage.page_port}" in text
    for path in ("/", "/sw.js", "/secours"):
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(apart.stage.answers_url + path)
        assert refused.value.code == 404
        refused.value.close()
