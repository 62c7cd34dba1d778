# SPDX-License-Identifier: AGPL-3.0-or-later
"""The player and the bundles as browsers get them, and folders that are refused."""

import base64
import gzip
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from encrier import booklets, signing
from encrier.errors import BadRecord, BadSetting
from encrier.records import from_bytes, to_bytes
from encrier_answers import replies, static

EVERYWHERE = ["/", "/player/app.0123abcd.js", "/v1/manifest", "/nothing", "/v1/save"]


def _load(campaign: Any) -> dict[str, Any]:
    page = static.Page(campaign.root / "player", signing.public_of(campaign.root_key))
    return static.load(page=page, bundles=campaign.root / "bundles", manifest=campaign.manifest)


def test_the_page_carries_the_root_key_and_is_never_cached(server: Any) -> None:
    page = server.get("/")
    key = base64.b64encode(signing.public_of(server.campaign.root_key)).decode()
    assert f'<meta name="encrier-root-key" content="{key}">'.encode() in page.body
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["content-security-policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
        "media-src 'self' blob:; font-src 'self'; connect-src 'self'; frame-src 'self'; "
        "worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


def test_the_page_that_sends_what_was_rescued_is_the_only_one_that_may_film(server: Any) -> None:
    page, rescue = server.get("/"), server.get("/secours")
    assert page.body == rescue.body  # here: both are the same, with the root key
    assert page.headers["permissions-policy"].startswith("camera=()")
    assert rescue.headers["permissions-policy"].startswith("camera=(self)")
    csp = "content-security-policy"
    assert rescue.headers[csp] == page.headers[csp]
    assert server.get("/player/film.0123abcd.js").status == 200
    assert server.get("/secours/index.html").status == 404


@pytest.mark.parametrize("path", EVERYWHERE)
def test_every_reply_carries_the_security_headers(server: Any, path: str) -> None:
    headers = server.get(path).headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    for name, value in replies.ALWAYS:
        assert headers[name] == value
    assert "set-cookie" not in headers


def test_a_player_file_is_immutable_and_has_its_type(server: Any) -> None:
    script = server.get("/player/app.0123abcd.js")
    assert script.headers["content-type"] == "text/javascript; charset=utf-8"
    assert "immutable" in script.headers["cache-control"]
    assert script.headers["content-length"] == str(len(script.body))


def test_the_frame_of_a_foreign_program_is_a_sandbox_without_network(server: Any) -> None:
    frame = server.get("/player/frame.0123abcd.html")
    assert frame.headers["content-type"] == "text/html; charset=utf-8"
    policy = frame.headers["content-security-policy"]
    assert policy.startswith("sandbox allow-scripts; default-src 'none'; ")
    assert "connect-src" not in policy
    assert "frame-ancestors 'self'" in policy


def test_a_booklet_is_served_closed_file_by_file(server: Any) -> None:
    campaign = server.campaign
    at = f"/bundles/{campaign.bundle.hex()}"
    index = server.get(f"{at}/sealed.json")
    assert hashlib.sha256(index.body).digest() == campaign.booklet.entry.sealed_sha256
    assert index.headers["content-type"] == "application/json"
    name = index.json["pack"]
    picture = server.get(f"{at}/files/{name}")
    assert picture.headers["content-type"] == "application/octet-stream"
    assert hashlib.sha256(picture.body).hexdigest() == name
    assert "immutable" in picture.headers["cache-control"]
    assert b"svg" not in picture.body


def test_the_manifest_is_served_byte_for_byte(server: Any) -> None:
    assert server.get("/v1/manifest").body == (server.campaign.root / "manifest.json").read_bytes()


def test_text_is_packed_for_those_who_can_unpack_it(
    new_campaign: Any, serve: Callable[..., Any]
) -> None:
    script = b"export const n = 1;\n" * 500
    (new_campaign.root / "player" / "long.4567cdef.js").write_bytes(script)
    with serve(new_campaign) as server:
        plain = server.get("/player/long.4567cdef.js")
        packed = server.get("/player/long.4567cdef.js", **{"accept-encoding": "br, gzip"})
    assert plain.body == gzip.decompress(packed.body) == script
    assert len(packed.body) < len(script) / 10
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert plain.headers["vary"] == packed.headers["vary"] == "accept-encoding"


def _other_bundle(campaign: Any) -> None:
    index = campaign.root / "bundles" / campaign.bundle.hex() / "sealed.json"
    index.write_bytes(index.read_bytes() + b" ")


def _no_bundle(campaign: Any) -> None:
    folder = campaign.root / "bundles" / campaign.bundle.hex()
    folder.rename(folder.with_name("elsewhere"))


def _other_file(campaign: Any) -> None:
    folder = campaign.root / "bundles" / campaign.bundle.hex() / "files"
    next(folder.iterdir()).write_bytes(b"other")


def _no_place_for_the_key(campaign: Any) -> None:
    (campaign.root / "player" / "index.html").write_bytes(b"<!doctype html>")


def _no_page(campaign: Any) -> None:
    (campaign.root / "player" / "index.html").unlink()


def _a_link_out(campaign: Any) -> None:
    (campaign.root / "player" / "app.css").symlink_to(campaign.root / "manifest.json")


@pytest.mark.parametrize(
    "spoil",
    [_other_bundle, _no_bundle, _other_file, _no_place_for_the_key, _no_page, _a_link_out],
)
def test_folders_that_are_not_what_was_built_are_refused(new_campaign: Any, spoil: Any) -> None:
    assert "/" in _load(new_campaign)
    spoil(new_campaign)
    with pytest.raises(BadSetting):
        _load(new_campaign)


def test_a_booklet_cannot_name_a_file_outside_its_folder() -> None:
    with pytest.raises(BadRecord):
        from_bytes(
            to_bytes({"v": 1, "index": "0" * 64, "pack": "../../manifest.json", "files": []}),
            booklets.SealedIndex,
        )


def test_nothing_is_served_but_what_is_on_the_shelf(new_campaign: Any, tmp_path: Path) -> None:
    (tmp_path / "player" / "folder").mkdir()
    bundle = f"/bundles/{new_campaign.bundle.hex()}"
    assert set(_load(new_campaign)) == {
        "/",
        "/secours",
        "/player/film.0123abcd.js",
        "/player/app.0123abcd.js",
        "/player/frame.0123abcd.html",
        f"{bundle}/sealed.json",
        *(f"{bundle}/files/{name}" for name in new_campaign.booklet.files),
    }
