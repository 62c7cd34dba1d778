# SPDX-License-Identifier: AGPL-3.0-or-later
"""« … les bases de données sont encryptées, ainsi que tous les transferts ».

Réponse du ministre, Journal officiel du 12 janvier 2021, p. 233. A text that a pupil wrote is
searched in every file and every transfer of the answers zone; so are its databases' own words.
"""

from pathlib import Path

import pytest

import canaries
from operators import CommandFailed, Operator
from stagecraft.autumn import SECRET_TEXT, Autumn, decrypted
from stagecraft.doors import key_of

WORDS = {SECRET_TEXT, "hérisson mauve", "phare abandonné"}


def test_the_ministry_can_read_the_text_that_the_pupil_wrote(autumn: Autumn) -> None:
    assert autumn.account.received == 5  # else the tests below would find nothing for no reason


def test_an_answer_is_in_no_file_of_the_answers_zone_even_with_its_key(
    autumn: Autumn, tmp_path: Path
) -> None:
    zone = autumn.stage.answers.folder
    store_key = key_of(zone / "keys/store.key").reveal()
    in_clear = decrypted(zone / "data/answers.db", store_key)
    assert in_clear.count(b"SE1") >= 5  # the envelopes themselves are there
    (tmp_path / "store").write_bytes(in_clear)
    for folder in (zone, tmp_path):
        assert canaries.search(WORDS, folder) == {}


def test_an_answer_never_passed_in_clear(autumn: Autumn) -> None:
    assert canaries.search_bytes(WORDS, autumn.record.read_bytes()) == set()


def test_the_store_of_answers_cannot_be_read_without_its_key(autumn: Autumn) -> None:
    stored = (autumn.stage.answers.folder / "data/answers.db").read_bytes()
    assert not stored.startswith(b"SQLite format 3")
    assert b"CREATE TABLE" not in stored
    assert b"SE1" not in stored


def test_no_personal_column_of_names_is_in_clear(autumn: Autumn) -> None:
    folder = autumn.stage.names.folder / "data"
    assert list(folder.glob("*.sqlite3"))
    codes = {slip.code for slip in autumn.slips}
    words = autumn.names_of_pupils() | codes
    assert canaries.search(words, folder) == {}


@pytest.mark.parametrize("zone", ["names", "answers"])
def test_a_zone_refuses_to_be_reached_from_outside_without_tls(
    zone: str, autumn: Autumn, tmp_path: Path
) -> None:
    running: Operator = getattr(autumn.stage, zone)
    careless = running.twin(tmp_path / zone)
    careless.set(address="0.0.0.0")  # noqa: S104 on purpose
    with pytest.raises(CommandFailed, match="TLS"):
        careless.run("serve")
