# SPDX-License-Identifier: AGPL-3.0-or-later
"""Keys rotate: the new one in front, the old one still read, every box sealed anew."""

import base64
import json
import secrets
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_conf
from django.db import models

from encrier import cli
from encrier.keyfiles import write_secret
from encrier.secret import Secret
from encrier_names import zone
from encrier_names.encryption import BoxBroken, Boxed
from encrier_names.people import lookup
from encrier_names.schools.models import Pupil, Reason
from encrier_names.upkeep import rotation

ROOT = Path(__file__).parents[3]
BOXED = [(model, column) for model, columns in rotation.boxed_columns() for column in columns]


def _rotate(names: Any) -> dict[str, str]:
    """A new field key in front of the one before: the settings that say so."""
    file = names.folder / "keys" / f"field-{secrets.token_hex(4)}.key"
    write_secret(file, Secret(secrets.token_bytes(32)))
    before = names.environ["ENCRIER_NAMES_FIELD_KEY_FILE"]
    environ = {
        **names.environ,
        "ENCRIER_NAMES_FIELD_KEY_FILE": str(file),
        "ENCRIER_NAMES_FIELD_KEY_OLD_FILE": before,
    }
    zone.start(environ)
    return environ


def _without_the_old_key(environ: dict[str, str]) -> None:
    zone.start({k: v for k, v in environ.items() if not k.endswith("FIELD_KEY_OLD_FILE")})


def _populated(names: Any) -> Any:
    """A class with every kind of box that pages write on the way to results."""
    division = names.validated_class(5)
    head = names.client(names.staff("head", "head", school=division.school))
    head.post("/listes/", {"file": names.file()})
    pupil = division.pupils.first()
    head.post(f"/eleves/{pupil.id}/absence/", {"reason": Reason.ABSENT.value})
    head.post(f"/eleves/{pupil.id}/besoins/", {"extra_time": "33"})
    names.send_scores(division)
    return division


def _names_of(division: Any) -> set[str]:
    return {pupil.identity.last_name for pupil in division.pupils.all()}


def test_the_old_key_still_reads_and_the_new_one_seals(names: Any) -> None:
    division = _populated(names)
    before = _names_of(division)
    environ = _rotate(names)
    assert _names_of(division) == before
    pupil = division.pupils.first()
    pupil.identity = pupil.identity
    pupil.save()
    _without_the_old_key(environ)
    assert Pupil.objects.get(id=pupil.id).identity.last_name in before
    with pytest.raises(BoxBroken):
        _names_of(division)


def test_after_a_rotation_the_old_key_opens_nothing_and_is_needed_no_more(names: Any) -> None:
    division = _populated(names)
    before = _names_of(division)
    old = zone.current().settings
    environ = _rotate(names)
    done = rotation.rotate()
    assert done.resealed > 5
    assert (done.already, done.broken) == (done.resealed, 0)
    assert rotation.rotate() == rotation.Rotated(0, done.already, 0)
    _without_the_old_key(environ)
    assert _names_of(division) == before
    names.start()
    assert zone.current().settings.field_key.reveal() == old.field_key.reveal()
    with pytest.raises(BoxBroken):
        _names_of(division)


def test_what_is_found_by_a_blind_index_is_found_after_a_rotation(names: Any) -> None:
    """An identity of the provider is never stored: its hash could not be made again."""
    before = lookup.of_address("h.duprat@exemple.fr")
    environ = _rotate(names)
    assert lookup.of_address("H.Duprat@exemple.fr ") == before
    rotation.rotate()
    _without_the_old_key(environ)
    assert lookup.of_address("h.duprat@exemple.fr") == before


def test_a_rotation_that_was_cut_off_goes_on_where_it_was(
    names: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    division = _populated(names)
    before = _names_of(division)
    total = rotation.rotate().already
    environ = _rotate(names)
    sealed: list[object] = []
    really = Boxed.seal_anew

    def cut_off(column: Boxed[Any], row: models.Model) -> bool:
        if len(sealed) == 3:
            raise KeyboardInterrupt
        sealed.append(row.pk)
        return really(column, row)

    monkeypatch.setattr(Boxed, "seal_anew", cut_off)
    with pytest.raises(KeyboardInterrupt):
        rotation.rotate(batch=2)
    monkeypatch.undo()
    assert _names_of(division) == before  # both keys read: pages go on
    done = rotation.rotate(batch=2)
    assert 0 < total - done.resealed <= 3  # what was kept was not done again
    assert (done.already, done.broken) == (total, 0)
    _without_the_old_key(environ)
    assert _names_of(division) == before


def test_the_verb_says_when_the_old_key_may_go_and_when_not(
    names: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    division = _populated(names)
    for name, value in _rotate(names).items():
        monkeypatch.setenv(name, value)
    one, other = division.pupils.all()[:2]
    Pupil.objects.filter(id=one.id).update(identity_box=other.identity_box)
    assert cli.main(["names", "rotate-keys", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["broken"] == 1
    one.identity = other.identity
    one.save()
    assert cli.main(["names", "rotate-keys"]) == 0
    said = capsys.readouterr().out
    assert said.endswith("the old key may be destroyed\n")
    assert not any(name in said for name in _names_of(division))


def test_a_session_outlives_the_rotation_of_the_key_that_signs_it(
    names: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in zone.django_keys(zone.current().settings).items():
        monkeypatch.setattr(django_conf, name, value)  # Django is configured once a process
    division = names.open_class(1)
    head = names.staff("head", "head", school=division.school)
    client, idle = names.client(head), names.client(head)
    new = base64.b64encode(secrets.token_bytes(32)).decode()
    old = names.environ["ENCRIER_NAMES_SECRET_KEY_FILE"]
    environ = {k: v for k, v in names.environ.items() if not k.endswith("SECRET_KEY_FILE")}
    environ |= {"ENCRIER_NAMES_SECRET_KEY": new, "ENCRIER_NAMES_SECRET_KEY_OLD_FILE": old}
    for name, value in zone.django_keys(zone.start(environ).settings).items():
        monkeypatch.setattr(django_conf, name, value)
    assert client.get("/").status_code == 200
    monkeypatch.setattr(django_conf, "SECRET_KEY_FALLBACKS", [])
    assert client.get("/").status_code == 200  # signed anew when it was used
    assert idle.get("/").status_code == 302


@pytest.mark.parametrize(
    ("model", "column"), BOXED, ids=[f"{m.__name__}.{c.column}" for m, c in BOXED]
)
def test_a_box_opens_in_no_other_row(
    names: Any, model: type[models.Model], column: Boxed[object]
) -> None:
    """Sealed for one row of each table, put into another row of the same."""
    one, other = model(pk=_key(model, 1)), model(pk=_key(model, 2))
    column._close(one, b"{}")
    setattr(other, column.column, getattr(one, column.column))
    assert column._opened(one)[0] == b"{}"
    with pytest.raises(BoxBroken):
        column._opened(other)


def test_the_boxes_of_two_rows_that_were_swapped_are_both_refused(names: Any) -> None:
    one, other = names.open_class(2).pupils.all()
    one.identity_box, other.identity_box = other.identity_box, one.identity_box
    Pupil.objects.bulk_update([one, other], ["identity_box"])
    for pupil in Pupil.objects.all():
        with pytest.raises(BoxBroken):
            _ = pupil.identity


def _key(model: type[models.Model], rank: int) -> object:
    field = model._meta.pk
    while field is not None and field.remote_field:
        field = field.remote_field.model._meta.pk
    return f"00000000-0000-4000-8000-{rank:012}" if isinstance(field, models.UUIDField) else rank


def test_only_the_sealing_of_columns_asks_for_the_field_key() -> None:
    """What rotation does not know of it would leave behind."""
    package = ROOT / "names/encrier_names"
    asking = {
        str(file.relative_to(package))
        for file in package.rglob("*.py")
        if "field_key" in file.read_text(encoding="utf-8") and "migrations" not in file.parts
    }
    assert asking == {"encryption.py", "settings.py"}
