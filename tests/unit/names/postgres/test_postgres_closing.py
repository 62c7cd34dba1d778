# SPDX-License-Identifier: AGPL-3.0-or-later
"""What closing leaves in the files of PostgreSQL, which removes no row by itself."""

from typing import Any

import msgspec
import pytest

from encrier_names import zone
from encrier_names.pseudonyms.models import Link
from encrier_names.restitution.models import StoredScore
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
