# SPDX-License-Identifier: AGPL-3.0-or-later
"""What closing leaves in the files of PostgreSQL, which removes no row by itself."""

from typing import Any

import msgspec
import pytest
from unit.names.test_rooms_receipt import closed

from encrier_names import zone
from encrier_names.pseudonyms.models import Link
from encrier_names.restitution.models import StoredScore
from encrier_names.rooms.models import Seat
from encrier_names.shredder.shred import shred


def _traces(division: Any) -> list[bytes]:
    """Bytes of every row that ties a pupil to a number or a score."""
    return [row.pupil.encode() for row in Link.objects.all()] + [
        row.order.encode() for row in StoredScore.objects.all()
    ]


@pytest.mark.parametrize("owners_said", [True, False])
def test_removed_rows_are_in_no_file_once_the_owners_have_written_anew(
    names: Any,
    owners_said: bool,  # noqa: FBT001 a parameter of the table above
) -> None:
    division = names.validated_class(3)
    names.send_scores(division)
    traces = _traces(division)
    assert len(traces) == 6
    assert all(trace in names.every_byte() for trace in traces)
    names.close_results()
    if not owners_said:
        given = msgspec.structs.replace(
            zone.current().settings, database_owner=None, links_database_owner=None
        )
        zone._running[:] = [msgspec.structs.replace(zone.current(), settings=given)]
    done = shred(names.manifest, typed_label=names.manifest.label, before_closing=False)
    assert (done.links, done.scores, done.files_too) == (3, 3, owners_said)
    content = names.every_byte()
    assert any(trace in content for trace in traces) is not owners_said


def test_what_a_room_knew_is_in_no_file_either(names: Any) -> None:
    _division, session, watcher = closed(names)
    client = names.client(watcher)
    note = {"kind": "other", "start": "09:10", "done": "x"}
    client.post(f"/seances/{session.id}/incident/", note)
    client.post(f"/seances/{session.id}/releve/", {"declaration": "yes"})
    traces = [bytes(session.incidents.get().note_box), bytes(session.receipts.get().declared_box)]
    traces += [seat.id.bytes for seat in Seat.objects.filter(session=session)]
    traces.append(session.id.bytes)
    assert all(trace in names.every_byte() for trace in traces)
    shred(names.manifest, typed_label=names.manifest.label, before_closing=True)
    content = names.every_byte()
    assert not any(trace in content for trace in traces)
