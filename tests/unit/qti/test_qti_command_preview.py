# SPDX-License-Identifier: AGPL-3.0-or-later
"""The preview: what it serves, to whom, and that no key is in it; without a socket."""

import json
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from encrier_qti.checks.finding import Finding
from encrier_qti.errors import PackageRefused, QtiError
from encrier_qti.lint import lint
from encrier_qti.package import Package, open_package
from encrier_qti.preview.door import Place, Reply, Request, reply
from encrier_qti.preview.opening import open_for_preview
from encrier_qti.preview.server import listen
from encrier_qti.preview.shelf import Shelf, shelve
from encrier_qti.words import say

SAMPLE = Path(__file__).parents[3] / "demo/assessments/sixieme-debut"
PLACE = Place(port=4000, token="t0ken")
HOST = {"host": "127.0.0.1:4000"}
KEYS = (b"correct-response", b"qti-mapping", b"map-key", b"response-processing")


def player(folder: Path) -> Path:
    """What a build of the player leaves, as far as the preview looks at it."""
    (folder / "preview").mkdir(parents=True)
    (folder / "preview/index.html").write_text("<!doctype html>")
    (folder / "preview/encrier.0123.js").write_text("1;")
    (folder / "preview/notes.bin").write_bytes(b"\0")
    (folder / "encrier.4567.js").write_text("of pupils")
    return folder


@pytest.fixture(scope="module")
def package() -> Package:
    return open_package(SAMPLE)


@pytest.fixture
def shelf(package: Package, tmp_path: Path) -> Shelf:
    return shelve(package, lint(package), player=player(tmp_path / "dist"))


def asked(shelf: Shelf, path: str, **changed: Any) -> Reply:
    request = Request(method="GET", path=path, headers=HOST)
    return reply(replace(request, **changed), PLACE, shelf)


def posted(shelf: Shelf, body: object, kind: str = "application/json") -> Reply:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = HOST | {"content-type": kind}
    return asked(shelf, "/t0ken/score", method="POST", headers=headers, body=content)


def test_the_page_and_its_script_are_served_and_nothing_else_of_the_player(shelf: Shelf) -> None:
    assert asked(shelf, "/t0ken/").kind == "text/html; charset=utf-8"
    assert asked(shelf, "/t0ken/encrier.0123.js").body == b"1;"
    for path in ("/t0ken/notes.bin", "/t0ken/encrier.4567.js", "/t0ken/../encrier.4567.js"):
        assert asked(shelf, path).status == 404


def test_every_item_comes_with_all_its_files(package: Package, shelf: Shelf) -> None:
    about = json.loads(asked(shelf, "/t0ken/about.json").body)
    assert [each["id"] for each in about["items"]] == list(package.items)
    for rank, each in enumerate(about["items"]):
        assert each["refused"] == ""
        index = json.loads(asked(shelf, f"/t0ken/items/{rank}.json").body)
        assert list(index["items"]) == [each["id"]]
        for file in index["files"].values():
            assert asked(shelf, f"/t0ken/files/{file['sha256']}").kind == file["type"]


def test_nothing_that_is_served_holds_a_key(shelf: Shelf) -> None:
    served = [(name, each) for name, each in shelf.files.items() if name]
    assert len(served) > 40
    found = [(name, key) for name, each in served for key in KEYS if key in each.content]
    assert found == []
    assert "hidden" in repr(shelf)


def test_the_engine_scores_what_the_page_sends(shelf: Shelf) -> None:
    right = json.loads(posted(shelf, {"item": 0, "responses": {"RESPONSE": ["B"]}}).body)
    assert right["score"] == 1.0
    assert right["remarks"] == []
    wrong = json.loads(posted(shelf, {"item": 0, "responses": {"RESPONSE": ["A"]}}).body)
    assert wrong["score"] == 0.0
    assert wrong["outcomes"]["SCORE"] == {"cardinality": "single", "baseType": "float", "value": 0}
    odd = json.loads(posted(shelf, {"item": 0, "responses": {"RESPONSE": ["A", "B"]}}).body)
    assert odd["remarks"] == [{"response": "RESPONSE", "why": "too-many"}]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"\xff", 400),
        (b"[" * 100_000, 400),
        ({"item": 0}, 400),
        ({"item": "0", "responses": {}}, 400),
        ({"item": 0, "responses": {"RESPONSE": "B"}}, 400),
        ({"item": 999, "responses": {}}, 404),
        ({"item": -1, "responses": {}}, 404),
    ],
)
def test_a_body_that_is_no_response_is_refused(body: object, status: int, shelf: Shelf) -> None:
    assert posted(shelf, body).status == status


def test_a_form_of_another_page_cannot_ask_for_a_score(shelf: Shelf) -> None:
    assert posted(shelf, {"item": 0, "responses": {}}, kind="text/plain").status == 415


@pytest.mark.parametrize(
    "path", ["/", "", "/t0ken", "/t0kenn/", "/other/about.json", "/about.json", "/t0ken/score", "é"]
)
def test_nothing_is_there_without_the_token(path: str, shelf: Shelf) -> None:
    assert asked(shelf, path).status == 404


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (HOST, 200),
        ({"host": "localhost:4000"}, 200),
        (HOST | {"origin": "http://127.0.0.1:4000"}, 200),
        ({}, 403),
        ({"host": "127.0.0.1"}, 403),
        ({"host": "evil.example:4000"}, 403),
        (HOST | {"origin": "http://evil.example"}, 403),
        (HOST | {"origin": "null"}, 403),
        (HOST | {"origin": "http://localhost:4000"}, 403),
    ],
)
def test_only_its_own_page_under_its_own_name_is_answered(
    headers: dict[str, str], status: int, shelf: Shelf
) -> None:
    assert asked(shelf, "/t0ken/", headers=headers).status == status


def test_files_are_only_read(shelf: Shelf) -> None:
    for method in ("POST", "PUT", "DELETE"):
        assert asked(shelf, "/t0ken/about.json", method=method).status == 405


def test_every_reply_forbids_what_the_page_does_not_need(shelf: Shelf) -> None:
    for path in ("/t0ken/", "/nothing"):
        headers = asked(shelf, path).headers()
        assert "default-src 'none'; script-src 'self'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["cache-control"] == "no-store"
        assert headers["referrer-policy"] == "no-referrer"


def test_an_item_that_cannot_be_served_says_why_and_the_others_stay(
    package: Package, tmp_path: Path
) -> None:
    first, *_ = package.items.values()
    contents = {**package.contents, first.stimuli[0].path: b"<oops"}
    broken = replace(package, contents=contents)
    shelf = shelve(broken, (), player=player(tmp_path / "dist"), language="en")
    items = json.loads(asked(shelf, "/t0ken/about.json").body)["items"]
    assert first.stimuli[0].path in items[0]["refused"]
    assert asked(shelf, "/t0ken/items/0.json").status == 404
    assert items[-1]["refused"] == ""


def test_an_item_that_cannot_be_read_does_not_hide_the_others(
    package: Package, tmp_path: Path
) -> None:
    broken = {**package.contents, "items/fr-c-01.xml": b"<oops"}
    opened = open_for_preview(broken)
    assert set(opened.items) == set(package.items) - {"fr-c-01"}
    served = shelve(opened, (), player=player(tmp_path / "dist"))
    about = json.loads(asked(served, "/t0ken/about.json").body)
    assert {each["refused"] for each in about["items"]} == {""}
    with pytest.raises(QtiError):
        open_for_preview({"imsmanifest.xml": b"<oops"})
    with pytest.raises(QtiError):
        open_for_preview({"item.xml": b"<oops"})


def test_what_was_found_stands_with_its_item_or_with_the_package(
    package: Package, tmp_path: Path
) -> None:
    what = say("le manifeste ne nomme pas cet item.")
    found = [
        Finding(kind="odd", severity="warning", file=file, line=7, what=what, element="qti-gap")
        for file in ("items/fr-c-01.xml", "imsmanifest.xml")
    ]
    shelf = shelve(package, found, player=player(tmp_path / "dist"))
    about = json.loads(asked(shelf, "/t0ken/about.json").body)
    assert [each["file"] for each in about["findings"]] == ["imsmanifest.xml"]
    (beside,) = about["items"][0]["findings"]
    assert (beside["line"], beside["severity"]) == (7, "warning")
    assert beside["text"].startswith("qti-gap\u00a0: le manifeste ne nomme pas cet item.")
    assert about["items"][1]["findings"] == []


def test_a_player_that_is_not_built_is_refused(package: Package, tmp_path: Path) -> None:
    with pytest.raises(PackageRefused, match="make player"):
        shelve(package, (), player=tmp_path)


def test_it_listens_on_this_machine_only_under_a_fresh_token(shelf: Shelf) -> None:
    open_door = partial(listen, shelf, port=0)
    (one, here), (other, there) = open_door(), open_door()
    with one, other:
        assert one.server_address[0] == "127.0.0.1"
        assert here.url.startswith(f"http://127.0.0.1:{here.port}/")
        assert here.token != there.token
        assert len(here.token) >= 32
        assert here.token not in repr(here)


def test_an_item_is_called_as_its_test_calls_it(package: Package, tmp_path: Path) -> None:
    renamed = replace(package, items={"item-1": package.items["fr-c-01"]})
    shelf = shelve(renamed, (), player=player(tmp_path / "dist"))
    (about,) = json.loads(asked(shelf, "/t0ken/about.json").body)["items"]
    assert about["id"] == "item-1"
    assert list(json.loads(asked(shelf, "/t0ken/items/0.json").body)["items"]) == ["item-1"]
    told = posted(shelf, {"item": 0, "responses": {"RESPONSE": ["B"]}})
    assert json.loads(told.body)["score"] == 1.0
