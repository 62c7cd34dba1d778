# SPDX-License-Identifier: AGPL-3.0-or-later
"""The keying page and the kits are checked at start, and given as they were checked."""

import base64
import gzip
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from encrier import signing
from encrier.errors import BadSetting
from encrier_names import zone
from encrier_names.headers import IMMUTABLE
from encrier_names.keying.kits import KitChanged
from stagecraft.campaign_files import BUNDLES
from stagecraft.keyed import CODE, SCRIPT, STYLE, a_kit, keyed

KIT = f"/saisie/kits/{BUNDLES[0].hex()}"


@pytest.fixture
def teacher(names: Any) -> Any:
    """The browser of a teacher of a class that is keyed."""
    keyed(names)
    division = names.validated_class(2)
    return names.client(names.staff("t", "teacher", school=division.school, divisions=[division]))


def _first(names: Any) -> Path:
    kit: Path = names.folder / "kits" / BUNDLES[0].hex()
    return kit


def _rewritten(change: Callable[[dict[str, Any]], object]) -> Callable[[Any], None]:
    """Change the keying.json of a kit."""

    def spoil(names: Any) -> None:
        index = _first(names) / "keying.json"
        kit = json.loads(index.read_text("utf-8"))
        change(kit)
        index.write_text(json.dumps(kit), "utf-8")

    return spoil


def _out_of_the_folder(kit: dict[str, Any]) -> None:
    kit["files"]["../../manifest.json"] = kit["files"].pop("eleve.pdf")
    kit["papers"] = []


def _a_page_that_runs(kit: dict[str, Any]) -> None:
    kit["files"]["eleve.pdf"]["type"] = "text/html"


SPOILED: dict[str, Callable[[Any], object]] = {
    "a file that was changed": lambda n: (_first(n) / "eleve.pdf").write_bytes(b"%PDF another"),
    "a file that is missing": lambda n: (_first(n) / "pages/03.png").unlink(),
    "a kit that is none": lambda n: (_first(n) / "keying.json").write_text("{}"),
    "a kit of no booklet": lambda n: a_kit(n.folder / "kits", b"nothing!"),
    "the kit of another": lambda n: shutil.copy(
        n.folder / "kits" / BUNDLES[1].hex() / "keying.json", _first(n)
    ),
    "no kit for a level": lambda n: shutil.rmtree(_first(n)),
    "no folder of kits": lambda n: shutil.rmtree(n.folder / "kits"),
    "a paper that is no file": _rewritten(lambda kit: kit["papers"][0].update(file="autre.pdf")),
    "a path that leaves": _rewritten(_out_of_the_folder),
    "a page among the files": _rewritten(_a_page_that_runs),
    "a page without its places": lambda n: (n.folder / "saisie/index.html").write_text("<html>"),
    "a page without its worker": lambda n: (n.folder / "saisie/sw.js").unlink(),
    "a folder in the page": lambda n: (n.folder / "saisie/more").mkdir(),
}


@pytest.mark.parametrize("spoil", SPOILED.values(), ids=SPOILED.keys())
def test_a_page_or_a_kit_that_is_not_what_was_made_stops_the_start(
    names: Any, spoil: Callable[[Any], object]
) -> None:
    keyed(names)
    spoil(names)
    with pytest.raises(BadSetting, match=r"KEYING|KITS|kit"):
        names.start()


def test_without_the_page_a_kit_may_be_missing(names: Any) -> None:
    keyed(names)
    shutil.rmtree(_first(names))
    del names.settings["KEYING"]
    names.start()
    assert zone.current().keying.page is None
    assert set(zone.current().keying.kits) == {BUNDLES[1].hex()}


def test_the_page_is_told_what_to_believe_where_to_send_and_of_which_class(
    names: Any, teacher: Any
) -> None:
    from encrier_names.schools.models import Division

    division = Division.objects.get()
    response = teacher.get(f"/saisie/{division.id}/")
    page = response.content.decode()
    root = base64.b64encode(signing.public_of(names.root_key)).decode()
    for name, value in {
        "root-key": root,
        "answers": "http://127.0.0.1:9",
        "class": str(division.id),
        "back": f"/classes/{division.id}/",
    }.items():
        assert f'<meta name="encrier-{name}" content="{value}">' in page
    written = response["Content-Security-Policy"]
    policy = dict(part.strip().split(" ", 1) for part in written.split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["worker-src"] == "'self'"
    assert policy["connect-src"] == "'self' http://127.0.0.1:9"
    assert policy["img-src"] == "'self' data: blob:"
    assert response["Cache-Control"] == "no-store"


def test_built_files_are_kept_and_nothing_else_is(names: Any, teacher: Any) -> None:
    nobody = names.client()
    script = nobody.get(f"/saisie/fichiers/{SCRIPT}")
    assert script.content == CODE
    assert script["Content-Type"].startswith("text/javascript")
    assert script["Cache-Control"] == IMMUTABLE
    assert nobody.get(f"/saisie/fichiers/{STYLE}")["Content-Type"].startswith("text/css")
    for address in ("/saisie/sw.js", "/saisie/manifeste", "/connexion/"):
        assert nobody.get(address)["Cache-Control"] == "no-store"
    for address in (f"{KIT}/keying.json", f"{KIT}/eleve.pdf"):
        assert teacher.get(address)["Cache-Control"] == "no-store"


def test_a_file_is_packed_for_who_unpacks(names: Any, teacher: Any) -> None:
    packed = names.client().get(f"/saisie/fichiers/{SCRIPT}", headers={"Accept-Encoding": "gzip"})
    assert packed["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed["Vary"]
    assert gzip.decompress(packed.content) == CODE


@pytest.mark.parametrize("name", ["index.html", "sw.js", "..", "%2e%2e/manifest.json", "x.js", "é"])
def test_what_is_not_in_the_table_does_not_exist(names: Any, teacher: Any, name: str) -> None:
    assert teacher.get(f"/saisie/fichiers/{name}").status_code == 404
    assert teacher.get(f"{KIT}/{name}").status_code == 404
    assert teacher.get(f"/saisie/kits/{name}/keying.json").status_code == 404


def test_the_worker_may_serve_the_whole_page_and_speaks_to_this_zone_alone(
    names: Any, teacher: Any
) -> None:
    worker = names.client().get("/saisie/sw.js")
    assert worker["Service-Worker-Allowed"] == "/saisie/"
    assert worker["Content-Type"].startswith("text/javascript")
    assert "connect-src 'self';" in worker["Content-Security-Policy"]


def test_the_manifest_is_served_as_it_was_signed(names: Any, teacher: Any) -> None:
    served = names.client().get("/saisie/manifeste").content
    assert served == (names.folder / "manifest.json").read_bytes()


def test_a_kit_is_given_whole_to_staff(names: Any, teacher: Any) -> None:
    folder = _first(names)
    for file, kind in {
        "keying.json": "application/json",
        "pages/03.png": "image/png",
        "eleve.pdf": "application/pdf",
    }.items():
        given = teacher.get(f"{KIT}/{file}")
        assert given.content == (folder / file).read_bytes()
        assert given["Content-Type"] == kind
        assert given["X-Content-Type-Options"] == "nosniff"


def test_a_file_of_a_kit_that_was_changed_since_is_not_given(names: Any, teacher: Any) -> None:
    (_first(names) / "eleve.pdf").write_bytes(b"%PDF another")
    with pytest.raises(KitChanged):
        teacher.get(f"{KIT}/eleve.pdf")


def test_where_no_page_is_served_there_is_none(names: Any, teacher: Any) -> None:
    from encrier_names.schools.models import Division

    division = Division.objects.get()
    del names.settings["KEYING"]
    names.start()
    for address in ("", "anneau"):
        assert teacher.get(f"/saisie/{division.id}/{address}").status_code == 404
    for address in ("sw.js", f"fichiers/{SCRIPT}"):
        assert teacher.get(f"/saisie/{address}").status_code == 404
    assert (
        "/saisie/" + str(division.id)
        not in teacher.get(f"/classes/{division.id}/").content.decode()
    )


def test_a_class_that_sits_on_screen_has_no_keying_page(names: Any) -> None:
    keyed(names, ("6E", "screen"), ("CM2", "keyed"))
    division = names.validated_class(2)
    head = names.client(names.staff("h", "head", school=division.school))
    for address in ("", "anneau"):
        assert head.get(f"/saisie/{division.id}/{address}").status_code == 404
    assert "Saisir les cahiers" not in head.get(f"/classes/{division.id}/").content.decode()
