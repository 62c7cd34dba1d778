# SPDX-License-Identifier: AGPL-3.0-or-later
"""From SQLite to PostgreSQL and back: a backup of one is restored into the other."""

from io import BytesIO
from typing import Any

import pytest

from encrier_names import zone
from encrier_names.audit.models import Access, Action
from encrier_names.audit.record import record
from encrier_names.pseudonyms import links
from encrier_names.schools.models import Pupil
from encrier_names.upkeep import backup, sealed_file


@pytest.mark.parametrize(("start", "target"), [("sqlite", "postgres"), ("postgres", "sqlite")])
def test_a_zone_moves_with_all_it_holds(names: Any, start: str, target: str) -> None:
    names.move_to(start)
    division = names.validated_class(3)
    staff = names.staff("head", "head", school=division.school)
    record(Action.CLASS_LIST, staff.id, n_pupils=3)
    who = {pupil.id: pupil.identity for pupil in Pupil.objects.all()}
    numbers = links.of(who)
    key, file = sealed_file.draw(), BytesIO()
    backup.backup(file, names.manifest, to=sealed_file.public_of(key))
    names.move_to(target)
    file.seek(0)
    backup.restore(file, zone.current().settings, names.manifest, key=key)
    assert {pupil.id: pupil.identity for pupil in Pupil.objects.all()} == who
    assert links.of(who) == numbers
    record(Action.CLASS_LIST, staff.id, n_pupils=3)
    assert Access.objects.filter(action="class-list").count() == 2
