# SPDX-License-Identifier: AGPL-3.0-or-later
"""What happens in a room: power, disks, clocks, networks. Each fault of docs/spec/faults.md."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from encrier import receipts
from operators import wait_until
from pupils import Network, Pupil
from stage import Slip, patterns
from stagecraft import hands
from stagecraft.certificates import own_certificate
from stagecraft.classroom import Classroom
from stagecraft.machines import KINDS, Kind, program_of, switched_on
from stagecraft.wiretap import Wiretap

pytestmark = pytest.mark.journey
RIGHT: Final = patterns()[0]
FIRST, SECOND = list(RIGHT)[:2]
ON_DISK: Final = "() => ['here', 'waiting'].includes(document.querySelector('.saved').dataset.kind)"
CLOCK_SAID: Final = "la date et l’heure de cet ordinateur"
OPEN: Final = "() => document.querySelector('.saved').dataset.kind === 'open'"
NO_DISK: Final = {
    "refused": "IDBFactory.prototype.open = () => { throw new DOMException('', 'Security'); };",
    "absent": "Object.defineProperty(globalThis, 'indexedDB', { value: undefined });",
    "silent": "IDBFactory.prototype.open = () => new EventTarget();",
    "all of it": """
      const no = () => { throw new DOMException("", "SecurityError"); };
      for (const name of ["sessionStorage", "localStorage", "indexedDB"]) {
        Object.defineProperty(globalThis, name, { get: no });
      }
      LockManager.prototype.request = LockManager.prototype.query = async () => no();
      BroadcastChannel = no;""",
    "full": """
      const put = IDBObjectStore.prototype.put;
      IDBObjectStore.prototype.put = function (...given) {
        const asked = put.apply(this, given);
        this.transaction.abort();
        return asked;
      };""",
}
CLOCK: Final = "const now = Date.now; Date.now = () => now() + {days} * 86400000;"
PORTAL: Final = "<!doctype html><title>Portail de l’établissement</title>"
BLOCKS: Final = {
    "portal": {"status": 200, "content_type": "text/html", "body": PORTAL},
    "forbidden": {"status": 403, "content_type": "text/html", "body": PORTAL},
    "no post": {"status": 405, "content_type": "text/html", "body": PORTAL},
    "proxy password": {"status": 407, "content_type": "text/html", "body": PORTAL},
    "sent elsewhere": {"status": 302, "headers": {"location": "/"}},
    "not a receipt": {
        "status": 200,
        "content_type": "application/octet-stream",
        "body": "x" * receipts.SIZE,
    },
}


def opened(classroom: Classroom, slip: Slip) -> dict[str, dict[str, list[str]]]:
    """What the ministry reads of this pupil's answers, by item."""
    network = Network(classroom.stage.answers_url, iter([]))
    pupil = Pupil(slip.code, network, root_key=classroom.stage.root_key)
    classroom.stage.open_envelopes()
    return {i: a.r for i, a in classroom.stage.opened()[pupil.keys.sid].items.items()}


def has(classroom: Classroom, slip: Slip, item: str) -> bool:
    """Whether the host has the right answer to an item."""
    try:
        return opened(classroom, slip).get(item) == RIGHT[item]
    except KeyError:
        return False  # nothing of this pupil yet


def send(page: Page) -> None:
    """As when the network comes back."""
    page.evaluate("() => void window.dispatchEvent(new Event('online'))")


@contextmanager
def computer(browser: Browser, before: str = "") -> Iterator[Page]:
    """A computer in whose pages something runs first."""
    context = browser.new_context(locale="fr-FR")
    context.set_default_timeout(15_000)
    if before:
        context.add_init_script(before)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("network", ["whole", "cut"])
def test_an_answer_on_disk_survives_the_death_of_the_browser(
    network: str, kind: Kind, classroom: Classroom, playwright: Playwright, tmp_path: Path
) -> None:
    slip = next(classroom.slips)
    with Wiretap(classroom.stage.answers_port, tmp_path / "wire.bin") as tap:
        url = f"http://127.0.0.1:{tap.port}"
        with switched_on(playwright, tmp_path / "profile", kind) as machine:
            hands.enter(machine.page, url, slip.code)
            tap.cut = network == "cut"
            hands.answer(machine.page, FIRST, RIGHT[FIRST])
            machine.page.wait_for_function(ON_DISK)
            machine.kill()  # before anything of it was sent
        tap.cut = False
        with switched_on(playwright, tmp_path / "profile", kind) as machine:
            with machine.page.expect_response("**/v1/save") as reply:
                machine.page.goto(url)  # nobody signs in: what waits leaves by itself
            assert len(reply.value.body()) >= receipts.SIZE
    assert opened(classroom, slip)[FIRST] == RIGHT[FIRST]


@pytest.mark.parametrize("why", NO_DISK)
def test_without_a_disk_the_sitting_goes_on_and_says_to_stay(
    why: str, classroom: Classroom, any_browser: Browser
) -> None:
    slip = next(classroom.slips)
    with computer(any_browser, NO_DISK[why]) as page:
        page.route("**/v1/save", lambda route: route.abort())
        hands.enter(page, classroom.stage.answers_url, slip.code)
        hands.answer(page, FIRST, RIGHT[FIRST])
        page.wait_for_function(OPEN)
        expect(hands.hook(page, "saved-state")).to_contain_text("Ne ferme pas cette page")
        page.unroute("**/v1/save")
        hands.hook(page, "overview").click()
        hands.finish(page)
    assert opened(classroom, slip)[FIRST] == RIGHT[FIRST]


def test_a_firefox_that_refuses_all_storage_goes_on(
    classroom: Classroom, playwright: Playwright, firefox: Browser
) -> None:
    slip = next(classroom.slips)
    strict = playwright.firefox.launch(
        executable_path=program_of("firefox"),
        channel="moz-firefox",
        firefox_user_prefs={"network.cookie.cookieBehavior": 2},
    )
    try:
        with computer(strict) as page:
            hands.enter(page, classroom.stage.answers_url, slip.code)
            page.route("**/v1/save", lambda route: route.abort())
            hands.answer(page, FIRST, RIGHT[FIRST])
            page.wait_for_function(OPEN)
            page.unroute("**/v1/save")
            hands.hook(page, "overview").click()
            hands.finish(page)
    finally:
        strict.close()
    assert opened(classroom, slip)[FIRST] == RIGHT[FIRST]


def test_a_disk_that_the_browser_takes_away_is_written_anew(classroom: Classroom) -> None:
    slip = next(classroom.slips)
    with classroom.computer() as page:
        page.route("**/v1/save", lambda route: route.abort())
        hands.enter(page, classroom.stage.answers_url, slip.code)
        hands.answer(page, FIRST, RIGHT[FIRST])
        page.wait_for_function(ON_DISK)
        client = page.context.new_cdp_session(page)
        client.send(
            "Storage.clearDataForOrigin",
            {"origin": classroom.stage.answers_url, "storageTypes": "indexeddb"},
        )
        hands.wait_until_on_disk(page)
        page.unroute("**/v1/save")
        hands.wait_until_sent(page)
    assert opened(classroom, slip)[FIRST] == RIGHT[FIRST]


@pytest.mark.parametrize("days", [-400, -2, 2, 400])
def test_a_clock_that_is_wrong_changes_nothing(
    days: int, classroom: Classroom, any_browser: Browser
) -> None:
    slip = next(classroom.slips)
    with computer(any_browser, CLOCK.format(days=days)) as page:
        hands.enter(page, classroom.stage.answers_url, slip.code)
        hands.answer(page, FIRST, RIGHT[FIRST])
        page.wait_for_function(ON_DISK)
        page.reload()
        hands.hook(page, "item").wait_for()
        hands.go_to(page, SECOND)
        hands.answer(page, SECOND, RIGHT[SECOND])
        hands.wait_until_sent(page)
    kept = opened(classroom, slip)
    assert (kept[FIRST], kept[SECOND]) == (RIGHT[FIRST], RIGHT[SECOND])


@pytest.mark.parametrize("block", BLOCKS)
def test_a_network_that_answers_for_the_host_is_named_and_nothing_is_lost(
    block: str,
    classroom: Classroom,
    any_browser: Browser,
) -> None:
    slip = next(classroom.slips)
    with classroom.computer(browser=any_browser) as page:
        hands.enter(page, classroom.stage.answers_url, slip.code)
        page.route("**/v1/save", lambda route: route.fulfill(**BLOCKS[block]))
        hands.answer(page, FIRST, RIGHT[FIRST])
        send(page)
        state = hands.hook(page, "saved-state")
        expect(state).to_contain_text("Envoi bloqué par le réseau. Encore 1 réponse")
        hands.hook(page, "overview").click()
        hands.hook(page, "adult").locator("summary").click()
        expect(hands.hook(page, "adult")).to_contain_text("Un filtre, un portail")
        page.unroute("**/v1/save")
        hands.wait_until_sent(page)
    assert opened(classroom, slip)[FIRST] == RIGHT[FIRST]


def test_a_proxy_that_rewrites_what_is_sent_is_named_and_spoils_nothing(
    classroom: Classroom, any_browser: Browser, tmp_path: Path
) -> None:
    slip = next(classroom.slips)
    with (
        Wiretap(classroom.stage.answers_port, tmp_path / "wire.bin") as proxy,
        classroom.computer(browser=any_browser) as page,
    ):
        hands.enter(page, f"http://127.0.0.1:{proxy.port}", slip.code)
        hands.answer(page, FIRST, RIGHT[FIRST])
        hands.wait_until_sent(page)
        proxy.spoils = True
        hands.go_to(page, SECOND)
        hands.answer(page, SECOND, RIGHT[SECOND])
        send(page)
        expect(hands.hook(page, "saved-state")).to_contain_text("Envoi bloqué par le réseau")
        assert opened(classroom, slip)[FIRST] == RIGHT[FIRST]
        proxy.spoils = False
        hands.wait_until_sent(page)
    assert opened(classroom, slip)[SECOND] == RIGHT[SECOND]


@pytest.mark.parametrize("kind", KINDS)
def test_a_certificate_that_is_not_believed_is_waited_for(
    kind: Kind, classroom: Classroom, playwright: Playwright, tmp_path: Path
) -> None:
    """As where a school's filter puts itself in between, or a clock makes the true one expired."""
    slip = next(classroom.slips)
    with Wiretap(classroom.stage.answers_port, tmp_path / "wire.bin") as line:
        true, false = (own_certificate(tmp_path, who, line.port) for who in ("host", "filter"))
        line.tls = true.context
        with switched_on(playwright, tmp_path / "profile", kind, true) as machine:
            page = machine.page
            hands.enter(page, f"https://127.0.0.1:{line.port}", slip.code)
            line.tls = false.context
            hands.answer(page, FIRST, RIGHT[FIRST])
            send(page)
            expect(hands.hook(page, "saved-state")).to_contain_text("Encore 1 réponse à envoyer")
            hands.hook(page, "overview").click()
            hands.hook(page, "adult").locator("summary").click()
            expect(hands.hook(page, "adult")).to_contain_text(CLOCK_SAID)
            line.tls = true.context
            hands.wait_until_sent(page)
    assert opened(classroom, slip)[FIRST] == RIGHT[FIRST]


@pytest.mark.parametrize("cut", ["connectionfailed", "timedout", "connectionreset"])
def test_a_network_that_refuses_is_waited_for_and_says_what_to_check(
    cut: str,
    classroom: Classroom,
    any_browser: Browser,
) -> None:
    slip = next(classroom.slips)
    with classroom.computer(browser=any_browser) as page:
        hands.enter(page, classroom.stage.answers_url, slip.code)
        page.route("**/v1/save", lambda route: route.abort(cut))
        hands.answer(page, FIRST, RIGHT[FIRST])
        send(page)
        expect(hands.hook(page, "saved-state")).to_contain_text("Encore 1 réponse à envoyer")
        hands.hook(page, "overview").click()
        hands.hook(page, "adult").locator("summary").click()
        expect(hands.hook(page, "adult")).to_contain_text(CLOCK_SAID)
        page.unroute("**/v1/save")
        hands.wait_until_sent(page)
    assert opened(classroom, slip)[FIRST] == RIGHT[FIRST]


def test_a_page_that_goes_away_sends_what_it_has(classroom: Classroom) -> None:
    """Chromium keeps the promise of a beacon, if not each time on a machine that is out of breath.

    Firefox drops it with the process of the page; what is not sent so leaves at the next visit.
    """
    slips = [next(classroom.slips) for _ in range(3)]
    with ExitStack() as room:
        for slip in slips:
            page = room.enter_context(classroom.computer())
            hands.enter(page, classroom.stage.answers_url, slip.code)
            hands.answer(page, FIRST, RIGHT[FIRST])
            page.wait_for_function(ON_DISK)
            page.goto("about:blank")  # long before its time
        # the browser stays: one that ends takes what it was still sending with it
        wait_until(
            lambda: any(has(classroom, slip, FIRST) for slip in slips),
            what="what the page sent as it left",
        )


def test_what_a_page_could_not_send_as_it_left_is_sent_at_the_next_visit(
    classroom: Classroom, any_browser: Browser
) -> None:
    slip = next(classroom.slips)
    with computer(any_browser, "navigator.sendBeacon = () => false;") as page:
        hands.enter(page, classroom.stage.answers_url, slip.code)
        hands.answer(page, FIRST, RIGHT[FIRST])
        page.wait_for_function(ON_DISK)
        page.goto("about:blank")
        assert not has(classroom, slip, FIRST)
        page.goto(classroom.stage.answers_url)
        wait_until(lambda: has(classroom, slip, FIRST), what="what the page had not sent")


def test_a_page_that_is_hidden_sends_what_it_has(
    classroom: Classroom, any_browser: Browser
) -> None:
    slip = next(classroom.slips)
    with classroom.computer(browser=any_browser) as page:
        hands.enter(page, classroom.stage.answers_url, slip.code)
        hands.answer(page, FIRST, RIGHT[FIRST])
        page.evaluate(
            """() => {
              Object.defineProperty(document, "hidden", { value: true });
              document.dispatchEvent(new Event("visibilitychange"));
            }"""
        )
        expect(hands.hook(page, "saved-state")).to_have_attribute("data-unsent", "0", timeout=2_000)


def test_a_page_that_the_browser_had_put_aside_is_loaded_anew(
    classroom: Classroom, any_browser: Browser
) -> None:
    slip = next(classroom.slips)
    with classroom.computer(browser=any_browser) as page:
        hands.enter(page, classroom.stage.answers_url, slip.code)
        hands.answer(page, FIRST, RIGHT[FIRST])
        page.wait_for_function(ON_DISK)
        aside = "new PageTransitionEvent('pageshow', { persisted: true })"
        with page.expect_navigation():
            page.evaluate(f"() => void window.dispatchEvent({aside})")
        hands.hook(page, "item").wait_for()
        hands.wait_until_sent(page)
    assert opened(classroom, slip)[FIRST] == RIGHT[FIRST]


def test_a_slow_network_is_waited_for(classroom: Classroom) -> None:
    slip = next(classroom.slips)
    with classroom.computer() as page:
        hands.enter(page, classroom.stage.answers_url, slip.code)
        client = page.context.new_cdp_session(page)
        slow = {"latency": 1_500, "downloadThroughput": 4_000, "uploadThroughput": 2_000}
        client.send("Network.emulateNetworkConditions", {"offline": False, **slow})
        hands.answer(page, FIRST, RIGHT[FIRST])
        page.wait_for_function(ON_DISK)  # the disk does not wait for the network
        hands.hook(page, "overview").click()
        hands.finish(page)
    assert opened(classroom, slip)[FIRST] == RIGHT[FIRST]


def test_keys_typed_without_a_pause_make_no_request_each(classroom: Classroom) -> None:
    slip = next(classroom.slips)
    sent: list[str] = []
    with classroom.computer() as page:
        page.on("request", lambda request: sent.append(request.url))
        hands.enter(page, classroom.stage.answers_url, slip.code)
        hands.go_to(page, "fr-e-01")
        before = sum(url.endswith("/v1/save") for url in sent)
        page.locator("textarea, input.text-entry").first.press_sequentially("un hérisson mauve" * 4)
        page.wait_for_function(ON_DISK)
        assert sum(url.endswith("/v1/save") for url in sent) - before <= 1
