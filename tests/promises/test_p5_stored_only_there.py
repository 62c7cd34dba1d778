# SPDX-License-Identifier: AGPL-3.0-or-later
"""« … uniquement stockées sur les serveurs de la DEPP » : no name anywhere but in names.

Réponse du ministre, Journal officiel du 12 janvier 2021, p. 233. Canary names are searched in
every byte that the answers zone stored (its store decrypted), logged, received or sent, and in
every file of the results zone; in several encodings, cases, and inside compressed parts.
"""

import base64
import gzip
from pathlib import Path

import pytest

import canaries
from stage import SCHOOL
from stagecraft.autumn import Autumn, decrypted
from stagecraft.doors import key_of


def stored_by_answers(autumn: Autumn, folder: Path) -> Path:
    """A folder with the answers zone's store in clear, beside all its other files."""
    zone = autumn.stage.answers.folder
    key = key_of(zone / "keys/store.key").reveal()
    (folder / "store").write_bytes(decrypted(zone / "data/answers.db", key))
    return folder


def test_no_name_is_in_what_the_answers_zone_stored_or_logged(
    autumn: Autumn, tmp_path: Path
) -> None:
    in_clear = stored_by_answers(autumn, tmp_path)
    assert len((in_clear / "store").read_bytes()) > 10_000
    for folder in (in_clear, autumn.stage.answers.folder):
        assert canaries.search(autumn.names_of_pupils(), folder) == {}


def test_no_name_passed_through_the_wire_of_the_answers_zone(autumn: Autumn) -> None:
    assert b"/v1/save" in autumn.record.read_bytes()
    assert b"/v1/admission" in autumn.record.read_bytes()
    assert canaries.search_bytes(autumn.names_of_pupils(), autumn.record.read_bytes()) == set()


def test_no_school_passed_through_the_wire_of_the_answers_zone(autumn: Autumn) -> None:
    wire = autumn.record.read_bytes()
    assert canaries.search_bytes({SCHOOL, "Collège de l’Encrier"}, wire) == set()


def test_no_name_is_in_any_file_of_the_results_zone(autumn: Autumn) -> None:
    assert canaries.search(autumn.names_of_pupils(), autumn.stage.results.folder) == {}


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-15", "utf-16-le"])
@pytest.mark.parametrize("wrap", ["as it is", "hex", "base64", "gzip", "upper"])
def test_the_search_finds_a_name_that_was_planted(encoding: str, wrap: str, tmp_path: Path) -> None:
    name = "Éléonore Châtelherault"
    written = (name.upper() if wrap == "upper" else name).encode(encoding)
    ways = {
        "hex": written.hex().encode(),
        "base64": base64.b64encode(b"x" + written),
        "gzip": gzip.compress(b"event=sign-in name=" + written),
    }
    (tmp_path / "log").write_bytes(b"\0 some bytes " + ways.get(wrap, written) + b" and more")
    assert set(canaries.search({name}, tmp_path)) == {name}
