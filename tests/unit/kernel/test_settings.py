# SPDX-License-Identifier: AGPL-3.0-or-later
"""Settings: typed, complete, nothing unknown, nothing secret shown."""

import base64
from pathlib import Path

import pytest

from encrier import settings
from encrier.errors import BadSetting
from encrier.records import Record
from encrier.secret import Secret

KEY = base64.b64encode(b"k" * 32).decode()


class Wanted(Record, frozen=True):
    folder: Path
    store_key: Secret
    port: int = 8002


def load(**environ: str) -> Wanted:
    return settings.load(Wanted, prefix="ENCRIER_T_", environ=environ)


def test_settings_are_read_with_their_types() -> None:
    wanted = load(ENCRIER_T_FOLDER="/srv/a", ENCRIER_T_STORE_KEY=KEY, ENCRIER_T_PORT="9000")
    assert wanted.folder == Path("/srv/a")
    assert wanted.port == 9000
    assert wanted.store_key.reveal() == b"k" * 32


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(KEY + "\n")
    wanted = load(ENCRIER_T_FOLDER="x", ENCRIER_T_STORE_KEY_FILE=str(tmp_path / "key"))
    assert wanted.store_key.reveal() == b"k" * 32
    assert repr(wanted.store_key) == "‹hidden›"


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(BadSetting) as refused:
        load(ENCRIER_T_PORT="eighty", ENCRIER_T_FOLDERS="x")
    said = str(refused.value)
    for fault in (
        "FOLDER is missing",
        "STORE_KEY is missing",
        "PORT is not well",
        "FOLDERS is not a",
    ):
        assert fault in said


def test_a_refused_secret_is_not_repeated() -> None:
    with pytest.raises(BadSetting) as refused:
        load(ENCRIER_T_FOLDER="x", ENCRIER_T_STORE_KEY="hunter2!")
    assert "hunter2" not in str(refused.value)


def test_a_setting_given_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="both given"):
        load(ENCRIER_T_FOLDER="x", ENCRIER_T_STORE_KEY=KEY, ENCRIER_T_STORE_KEY_FILE=str(tmp_path))


def test_a_setting_that_is_a_path_is_not_looked_for_inside_a_file() -> None:
    with pytest.raises(BadSetting, match="FOLDER_FILE is not a setting"):
        load(ENCRIER_T_FOLDER_FILE="x", ENCRIER_T_FOLDER="x", ENCRIER_T_STORE_KEY=KEY)


def test_variables_of_others_do_not_matter() -> None:
    assert (
        load(ENCRIER_T_FOLDER="x", ENCRIER_T_STORE_KEY=KEY, HOME="/", ENCRIER_U_X="1").port == 8002
    )
