# SPDX-License-Identifier: AGPL-3.0-or-later
"""The table on the README's first screen, cell by cell.

Each test is named `test_ZONE_COLUMN`; `test_every_cell_has_its_test` reads the README and fails
if a filled cell has none.
"""

import re
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

import canaries
from encrier import codes
from encrier.records import to_bytes
from encrier.uploads import SignIn
from stagecraft.autumn import PATTERNS, SECRET_TEXT, Autumn, decrypted
from stagecraft.doors import key_of, knock, register_of
from stagecraft.staffroom import Visitor

ROOT = Path(__file__).parents[2]
COLUMNS = ("name", "code", "answers", "score")
WORDS = {"Satisfaisant", "Fragile", "À besoins"}


def class_page(autumn: Autumn, visitor: Visitor, kind: str) -> str:
    (path,) = visitor.links(visitor.get("/"), r"/classes/[0-9a-f-]{36}/")
    return path + kind


def all_of_answers(autumn: Autumn) -> bytes:
    """Whatever the host could look at: its store in clear, its files, its traffic."""
    zone = autumn.stage.answers.folder
    files = [p.read_bytes() for p in zone.rglob("*") if p.is_file() and p.parent.name != "bundles"]
    store = decrypted(zone / "data/answers.db", key_of(zone / "keys/store.key").reveal())
    return b"\n".join([*files, store, autumn.record.read_bytes()])


def test_names_name(autumn: Autumn) -> None:
    head = autumn.visitor("direction")
    page = head.get(class_page(autumn, head, "")).text
    for slip in autumn.slips:
        assert slip.name.split()[-1].casefold() in page.casefold()


def test_names_code(autumn: Autumn) -> None:
    head = autumn.visitor("direction")
    pdf = head.get(class_page(autumn, head, "codes.pdf")).content
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
    for slip in autumn.slips:
        assert codes.printed(slip.code).replace("-", " ") in text.replace("-", " ")


def test_names_answers(autumn: Autumn) -> None:
    teacher = autumn.visitor("prof-6b")
    pages = teacher.get(class_page(autumn, teacher, "resultats/")).content
    assert canaries.search({SECRET_TEXT}, autumn.stage.names.folder) == {}
    assert canaries.search_bytes({SECRET_TEXT}, pages) == set()


def test_names_score(autumn: Autumn) -> None:
    teacher = autumn.visitor("prof-6b")
    page = teacher.get(class_page(autumn, teacher, "resultats/"))
    assert page.status == 200
    assert any(word.casefold() in page.text.casefold() for word in WORDS)
    # … until the closing date: test_p7_platforms_close


def test_answers_name(autumn: Autumn) -> None:
    assert canaries.search_bytes(autumn.names_of_pupils(), all_of_answers(autumn)) == set()


def test_answers_code(autumn: Autumn) -> None:
    campaign = autumn.stage.campaign()
    slip = autumn.slips[-1]
    keys = codes.derive(slip.code, campaign.campaign_id, iterations=campaign.kdf_iterations)
    right = to_bytes(SignIn(keys.sid, keys.auth))
    wrong = to_bytes(SignIn(keys.sid, bytes(32)))
    url = autumn.stage.answers_url
    assert knock(url, "/v1/sign-in", key=None, body=right).status == 200
    assert knock(url, "/v1/sign-in", key=None, body=wrong).status == 403
    linking = {word for slip in autumn.slips for word in (str(slip.code), str(slip.order))}
    printed = {codes.printed(slip.code) for slip in autumn.slips}
    assert canaries.search_bytes(linking | printed, all_of_answers(autumn)) == set()


def test_answers_answers(autumn: Autumn) -> None:
    everything = all_of_answers(autumn)
    assert b"SE1" in everything
    assert canaries.search_bytes({SECRET_TEXT}, everything) == set()


def test_answers_score(autumn: Autumn) -> None:
    everything = all_of_answers(autumn)
    for mark in (b"score-sheet", b"satisfaisant", b"correct-response", b"map-entry", b'SCORE":'):
        assert mark not in everything


def test_results_name(autumn: Autumn) -> None:
    names = autumn.names_of_pupils()
    assert canaries.search(names, autumn.stage.results.folder) == {}
    assert canaries.search_bytes(names, to_bytes(register_of(autumn))) == set()


def test_results_code(autumn: Autumn) -> None:
    secret = {str(slip.code) for slip in autumn.slips}
    secret |= {codes.printed(slip.code) for slip in autumn.slips}
    assert canaries.search(secret, autumn.stage.results.folder) == {}
    assert canaries.search_bytes(secret, to_bytes(register_of(autumn))) == set()


def test_results_answers(autumn: Autumn) -> None:
    opened = autumn.stage.opened()
    orders = {row.sid: row.order for row in register_of(autumn).rows}
    texts = [answer for sitting in opened.values() for answer in sitting.items.values()]
    assert any(SECRET_TEXT in values for answer in texts for values in answer.r.values())
    assert {orders[sid] for sid in opened} == {s.order for s in autumn.slips[: len(PATTERNS) + 1]}


def test_results_score(autumn: Autumn) -> None:
    sheet = autumn.stage.score_sheet()
    assert {row.order for row in sheet.rows} == {slip.order for slip in autumn.slips}
    assert {row.status for row in sheet.rows} == {"complete", "unfinished", "missing"}


@pytest.mark.parametrize("page", ["README.md", "LISEZMOI.md"])
def test_every_cell_has_its_test(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    rows = re.findall(r"^\| \*\*(\w+)\*\*[^|]*((?:\|[^|\n]+){4})\|$", text, re.MULTILINE)
    assert len(rows) >= 3
    zones = {"noms": "names", "réponses": "answers", "résultats": "results"}
    for zone, cells in rows:
        for column, cell in zip(COLUMNS, cells.split("|")[1:], strict=True):
            assert cell.strip()
            assert f"test_{zones.get(zone, zone)}_{column}" in globals(), (zone, column)
