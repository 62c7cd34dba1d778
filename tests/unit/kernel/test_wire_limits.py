# SPDX-License-Identifier: AGPL-3.0-or-later
"""What crosses a door has a size that the other side can keep and show."""

from datetime import UTC, datetime

import pytest

from encrier.errors import BadRecord
from encrier.records import from_bytes
from encrier.wire import EnvelopeBatch, Progress

ROW = '{{"sid":"{sid}","state":"started","percent":1,"unsent":{unsent},"last_minute":{minute}}}'
PROGRESS = '{{"type":"progress/1","campaign":"{sid}","minute":{minute},"rows":[{row}]}}'
BATCH = (
    '{{"type":"envelope-batch/1","campaign":"{sid}","node":"AAAAAQ==","store":"AAAAAAAAAAA=","next":{next},'
    '"more":false,"rows":[]}}'
)
SID = "AAECAwQFBgcICQoLDA0ODw=="


def progress(*, unsent: int = 0, minute: int = 29_000_000) -> Progress:
    row = ROW.format(sid=SID, unsent=unsent, minute=minute)
    return from_bytes(PROGRESS.format(sid=SID, minute=minute, row=row).encode(), Progress)


def test_any_minute_that_crosses_can_be_shown_as_a_date() -> None:
    latest = progress(minute=2**31 - 1).rows[0].last_minute
    assert latest is not None
    assert datetime.fromtimestamp(latest * 60, tz=UTC).year > 6000


@pytest.mark.parametrize("minute", [-1, 2**31, 2**64, 10**30])
def test_a_minute_that_no_date_has_does_not_cross(minute: int) -> None:
    with pytest.raises(BadRecord):
        progress(minute=minute)


@pytest.mark.parametrize("number", [-1, 2**63, 10**300])
def test_a_number_that_no_database_holds_does_not_cross(number: int) -> None:
    with pytest.raises(BadRecord):
        progress(unsent=number)
    with pytest.raises(BadRecord):
        from_bytes(BATCH.format(sid=SID, next=number).encode(), EnvelopeBatch)
