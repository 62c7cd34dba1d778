# SPDX-License-Identifier: AGPL-3.0-or-later
"""Backups: whole, sealed, given back to empty databases only, and never with a key inside."""

import base64
import json
import threading
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from hypothesis import given
from hypothesis import strategies as st

from encrier import cli
from encrier.keyfiles import read_secret, write_secret
from encrier.secret import Secret
from encrier_names import stores, zone
from encrier_names.audit.models import Access
from encrier_names.pseudonyms import links
from encrier_names.pseudonyms.key import LinkDestroyed, destroy_key
from encrier_names.restitution import scores
from encrier_names.schools.models import Division, Pupil, Staff
from encrier_names.shredder.shred import shred
from encrier_names.upkeep import backup, sealed_file
from encrier_names.upkeep.sealed_file import BackupBroken

KEY = sealed_file.draw()


def _lived(names: Any) -> Any:
    """A class of four with numbers, scores, an account, rows of the audit."""
    division = names.validated_class(4)
    head = names.staff("head", "head", school=division.school, divisions=[division])
    names.send_scores(division)
    assert names.client(head).get(f"/classes/{division.id}/resultats/").status_code == 200
    return division


def _taken(names: Any) -> bytes:
    file = BytesIO()
    backup.backup(file, names.manifest, to=sealed_file.public_of(KEY))
    return file.getvalue()


def _give_back(names: Any, content: bytes) -> dict[str, int]:
    return backup.restore(BytesIO(content), zone.current().settings, names.manifest, key=KEY)


def _orders(division: Any) -> set[str]:
    return {s.order for s in links.of(division.pupils.values_list("id", flat=True)).values()}


def test_what_was_backed_up_comes_back_into_empty_databases(names: Any, vendor: str) -> None:
    division = _lived(names)
    who = sorted(pupil.identity.shown for pupil in Pupil.objects.all())
    orders, n_rows = _orders(division), Access.objects.count()
    content = _taken(names)
    names.move_to(vendor)
    assert (Pupil.objects.count(), links.count()) == (0, 0)
    counts = _give_back(names, content)
    assert counts["schools_pupil"] == counts["pseudonyms_link"] == 4
    assert sorted(pupil.identity.shown for pupil in Pupil.objects.all()) == who
    assert _orders(division) == orders
    assert len(scores.rows_of(orders)) == 4
    assert [d.label for d in Staff.objects.get().divisions.all()] == ["6B"]
    page = names.client(Staff.objects.get()).get(f"/classes/{division.id}/resultats/")
    assert page.status_code == 200
    assert Access.objects.count() == n_rows + 1  # what the database numbers goes on


def test_a_backup_is_not_restored_over_anything(names: Any) -> None:
    _lived(names)
    content = _taken(names)
    Pupil.objects.all().delete()
    with pytest.raises(backup.NotEmpty):
        _give_back(names, content)
    assert Pupil.objects.count() == 0


def test_no_name_no_number_and_no_key_is_in_a_backup_that_was_opened(names: Any) -> None:
    """Whoever steals the backup and its key still lacks the two others."""
    division = _lived(names)
    words = [p.identity.last_name for p in division.pupils.all()] + sorted(_orders(division))
    content = _taken(names)
    opened = b"".join(part for part, _ in sealed_file.read(BytesIO(content), key=KEY))
    assert b"9990001X" in opened
    assert b"9990001X" not in content
    assert not any(word.encode() in opened for word in words)
    for file in (names.folder / "keys").glob("*.key"):
        key = read_secret(file).reveal()
        assert not {form for form in (key, base64.b64encode(key)[:40]) if form in opened}


def test_once_the_link_key_is_destroyed_the_link_is_destroyed_in_every_backup(
    names: Any, vendor: str
) -> None:
    division = _lived(names)
    orders, content = _orders(division), _taken(names)
    names.close_results()
    shred(names.manifest, typed_label=names.manifest.label, before_closing=False)
    names.move_to(vendor)
    _give_back(names, content)
    assert links.count() == 4  # rows are there, and are noise
    with pytest.raises(LinkDestroyed):
        links.of(division.pupils.values_list("id", flat=True))
    with pytest.raises(LinkDestroyed):
        scores.rows_of(orders)
    write_secret(names.folder / "keys" / "link.key", Secret(bytes(32)))
    assert links.of(division.pupils.values_list("id", flat=True)) == {}
    assert scores.rows_of(orders) == {}
    assert destroy_key()


def test_a_backup_that_was_changed_or_cut_anywhere_is_refused_and_nothing_is_restored(
    names: Any, vendor: str
) -> None:
    _lived(names)
    content = _taken(names)
    names.move_to(vendor)
    step = len(content) // 12
    for place in range(0, len(content), step):
        changed = bytearray(content)
        changed[place] ^= 1
        for wrong in (bytes(changed), content[:place]):
            with pytest.raises(BackupBroken):
                backup.check(BytesIO(wrong), key=KEY)
    for wrong in (content[:-1], content + b"\0"):
        with pytest.raises(BackupBroken):
            _give_back(names, wrong)
    assert Pupil.objects.count() == links.count() == 0


def test_a_backup_opens_with_its_own_key_only(names: Any) -> None:
    content = _taken(names)
    with pytest.raises(BackupBroken):
        backup.check(BytesIO(content), key=sealed_file.draw())


@given(parts=st.lists(st.binary(max_size=300), min_size=1, max_size=5))
def test_a_sealed_file_gives_back_its_parts(parts: list[bytes]) -> None:
    file = BytesIO()
    writer = sealed_file.Writer(file, to=sealed_file.public_of(KEY))
    for rank, part in enumerate(parts):
        writer.write(part, is_last=rank == len(parts) - 1)
    file.seek(0)
    found = list(sealed_file.read(file, key=KEY))
    assert [part for part, _last in found] == parts
    assert [last for _part, last in found] == [False] * (len(parts) - 1) + [True]


def test_another_campaign_and_another_release_are_refused(names: Any, vendor: str) -> None:
    content = _taken(names)
    names.move_to(vendor)
    with stores.as_owners(zone.current().settings), connections["default"].cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'audit'")
    with pytest.raises(backup.OtherRelease):
        _give_back(names, content)
    names.start(campaign=bytes(16))
    with pytest.raises(backup.OtherCampaign):
        _give_back(names, content)


def test_what_is_written_while_a_backup_is_taken_waits_for_the_next_one(names: Any) -> None:
    division = names.open_class(2)
    with backup._as_they_stand():
        before = Division.objects.count()
        # another process: a connection of its own
        _add_division_elsewhere(division)
        assert Division.objects.count() == before
    assert Division.objects.count() == before + 1


def _add_division_elsewhere(division: Any) -> None:
    def add() -> None:
        Division.objects.create(school_id=division.school_id, label="6Z")
        connections.close_all()

    thread = threading.Thread(target=add)
    thread.start()
    thread.join()


def test_the_drill_by_command_line(
    names: Any, vendor: str, tmp_path: Path, monkeypatch: Any, capsys: Any
) -> None:
    _lived(names)
    key, file = tmp_path / "backup.key", tmp_path / "names.backup"

    def run(*words: object) -> tuple[int, str]:
        for name, value in names.environ.items():
            monkeypatch.setenv(name, value)
        code = cli.main(["names", *(str(word) for word in words)])
        return code, capsys.readouterr().out

    assert run("draw-key", "--kind", "backup", "--out", key)[0] == 0
    to = tmp_path / "backup.key.pub"
    code, said = run("backup", "--to", to, "--out", file, "--json")
    assert (code, json.loads(said)["rows"]["schools_pupil"]) == (0, 4)
    assert file.stat().st_mode & 0o777 == 0o600
    assert run("backup", "--to", to, "--out", file)[0] == 2  # never over another
    assert run("restore", file, "--key", key, "--check")[0] == 0
    assert run("restore", file, "--key", key)[0] == 2  # these databases are not empty
    names.move_to(vendor)
    assert run("restore", file, "--key", key)[0] == 0
    assert Pupil.objects.count() == 4
    assert sorted(f.name for f in tmp_path.glob("names.backup*")) == ["names.backup"]
