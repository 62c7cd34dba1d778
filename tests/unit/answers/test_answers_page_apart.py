# SPDX-License-Identifier: AGPL-3.0-or-later
"""The ministry serves the page, the host takes the answers: who may ask what of whom."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from encrier import manifest, places
from encrier.errors import BadSetting
from encrier_answers import page

PAGE = "https://evaluations.exemple.fr"
KEYING = "https://noms.exemple.fr"
PREFLIGHT = {"origin": PAGE, "access-control-request-method": "POST"}


@pytest.fixture(scope="module")
def apart(tmp_path_factory: pytest.TempPathFactory, campaign: Any, serve: Any) -> Iterator[Any]:
    there = type(campaign)(tmp_path_factory.mktemp("apart"), page_url=f"{PAGE}/")
    with serve(there) as running:
        yield running


def test_the_host_serves_no_page_and_no_script(apart: Any) -> None:
    for path in ("/", "/sw.js", "/secours", "/player/app.0123abcd.js"):
        assert apart.get(path).status == 404


@pytest.fixture(scope="module")
def keyed(tmp_path_factory: pytest.TempPathFactory, campaign: Any, serve: Any) -> Iterator[Any]:
    """A node that serves the pupils' page itself, beside which teachers key on names' page."""
    with serve(type(campaign)(tmp_path_factory.mktemp("keyed"), keying_url=KEYING)) as running:
        yield running


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory, campaign: Any, serve: Any) -> Iterator[Any]:
    folder = tmp_path_factory.mktemp("both")
    with serve(type(campaign)(folder, page_url=PAGE, keying_url=f"{KEYING}/saisie/")) as running:
        yield running


ROUTES = pytest.mark.parametrize("path", ["/v1/sign-in", "/v1/terms", "/v1/save"])


@ROUTES
def test_the_page_of_the_ministry_and_no_other_may_ask(apart: Any, path: str) -> None:
    told = apart.ask("OPTIONS", path, headers=PREFLIGHT)
    assert told.status == 204
    for answer in (told, apart.post(path, b"x" * 40)):
        assert answer.headers["access-control-allow-origin"] == PAGE
        assert answer.headers["vary"] == "origin"
        assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
        assert "access-control-allow-credentials" not in answer.headers
    assert told.headers["access-control-allow-headers"] == "content-type, content-digest"
    exposed = told.headers["access-control-expose-headers"].split(", ")
    own = {"encrier-digest", "encrier-kept", "encrier-terms"}
    others = {"encrier-beside", "encrier-elsewhere"}
    assert {"date", "retry-after"} | own | others == set(exposed)


@ROUTES
def test_the_page_where_teachers_key_may_ask_a_node_that_serves_the_pupils_page(
    keyed: Any, path: str
) -> None:
    told = keyed.ask("OPTIONS", path, headers=PREFLIGHT | {"origin": KEYING})
    assert told.status == 204
    for answer in (told, keyed.post(path, b"x" * 40, origin=KEYING)):
        assert answer.headers["access-control-allow-origin"] == KEYING
        assert answer.headers["vary"] == "origin"
        assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    for own in (keyed.post(path, b"x" * 40), keyed.post(path, b"x" * 40, origin=PAGE)):
        assert "access-control-allow-origin" not in own.headers
        assert own.headers["cross-origin-resource-policy"] == "same-origin"
    assert keyed.ask("OPTIONS", path, headers=PREFLIGHT).status == 405
    assert keyed.get("/").status == 200


@ROUTES
def test_the_page_where_teachers_key_may_ask_beside_the_pupils_page(both: Any, path: str) -> None:
    stranger = "https://ailleurs.exemple.fr"
    for origin, allowed in ((PAGE, PAGE), (KEYING, KEYING), (stranger, PAGE)):
        told = both.ask("OPTIONS", path, headers=PREFLIGHT | {"origin": origin})
        for answer in (told, both.post(path, b"x" * 40, origin=origin)):
            assert answer.headers["access-control-allow-origin"] == allowed


def test_what_a_cache_keeps_for_one_page_is_not_given_to_the_other(keyed: Any) -> None:
    """A reply that only the node's own page may read, given to the other, would be no reply."""
    own, other = keyed.get("/v1/drained"), keyed.get("/v1/drained", origin=KEYING)
    assert "max-age" in own.headers["cache-control"]
    assert own.headers["vary"] == other.headers["vary"] == "origin"
    assert other.headers["access-control-allow-origin"] == KEYING
    assert "access-control-allow-origin" not in own.headers


def test_the_page_of_the_ministry_may_ask_what_is_drained(apart: Any) -> None:
    told = apart.get("/v1/drained")
    assert told.headers["access-control-allow-origin"] == PAGE


@pytest.mark.parametrize("path", ["/v1/admission", "/v1/progress", "/v1/batch", "/v1/manifest"])
def test_doors_and_files_are_not_for_other_origins(both: Any, path: str) -> None:
    for origin in (PAGE, KEYING):
        asked = PREFLIGHT | {"origin": origin}
        assert both.ask("OPTIONS", path, headers=asked).status == 405
        assert "access-control-allow-origin" not in both.get(path, origin=origin).headers


def test_a_host_that_serves_the_page_lets_no_other_page_ask(server: Any) -> None:
    assert server.ask("OPTIONS", "/v1/save", headers=PREFLIGHT).status == 405
    assert "access-control-allow-origin" not in server.post("/v1/sign-in", b"{}").headers


def test_a_node_follows_the_manifest_on_who_serves_the_page(
    tmp_path: Path, campaign: Any, serve: Callable[..., Any]
) -> None:
    there = type(campaign)(tmp_path, page_url=PAGE)
    player = str(tmp_path / "player")
    with pytest.raises(AssertionError, match="the ministry serves the page"):
        serve(there, player=player).__enter__()


def test_the_page_says_where_answers_go_and_may_go_nowhere_else(
    tmp_path: Path, campaign: Any
) -> None:
    there = type(campaign)(tmp_path, page_url=PAGE)
    _, _, shelf = page.load(_settings(there))
    served = shelf["/"].plain
    assert b'<meta name="encrier-answers" content="http://127.0.0.1">' in served.body
    policy = dict(served.headers)["content-security-policy"]
    assert "connect-src 'self' http://127.0.0.1;" in policy
    assert dict(served.headers)["integrity-policy"] == "blocked-destinations=(script)"
    assert {"/v1/manifest", "/secours"} <= set(shelf)


def test_the_page_of_several_pairs_may_ask_every_node_of_each(
    tmp_path: Path, campaign: Any
) -> None:
    there = type(campaign)(tmp_path, page_url=PAGE)
    (first,) = there.manifest.nodes
    nodes = [
        replace(first, node=bytes([0, 0, 0, n]), url=f"https://r{n}.exemple.fr/", pair=pair)
        for n, pair in ((1, 1), (2, 2), (3, 2))
    ]
    several = replace(there.manifest, nodes=nodes, places=places.shared((1, 2), room=4))
    (tmp_path / "manifest.json").write_bytes(manifest.sign(several, key=there.root_key))
    served = page.load(_settings(there))[2]["/"].plain
    origins = "https://r1.exemple.fr https://r2.exemple.fr https://r3.exemple.fr"
    assert f'<meta name="encrier-answers" content="{origins}">'.encode() in served.body
    policy = dict(served.headers)["content-security-policy"]
    assert f"connect-src 'self' {origins};" in policy


def test_a_page_that_the_manifest_does_not_know_is_not_served(new_campaign: Any) -> None:
    with pytest.raises(BadSetting, match="each node serves the page"):
        page.load(_settings(new_campaign))


def test_the_page_is_not_served_beyond_this_machine_without_tls(
    tmp_path: Path, campaign: Any
) -> None:
    there = type(campaign)(tmp_path, page_url=PAGE)
    with pytest.raises(BadSetting, match="TLS"):
        page.load(_settings(there) | {"ENCRIER_PAGE_ADDRESS": "10.0.0.1"})


def _settings(campaign: Any) -> dict[str, str]:
    asked = campaign.environ(port=1)
    kept = {"MANIFEST_FILE", "ROOT_KEY", "BUNDLES"}
    taken = {
        name.replace("ANSWERS", "PAGE"): value
        for name, value in asked.items()
        if name.removeprefix("ENCRIER_ANSWERS_") in kept
    }
    return taken | {"ENCRIER_PAGE_PLAYER": str(campaign.root / "player")}
