# SPDX-License-Identifier: AGPL-3.0-or-later
"""The receipt of a session and its incident notes: what arrived, what did not, what is declared."""

import io
from datetime import timedelta
from typing import Any

import pytest
from pypdf import PdfReader
from unit.names.test_rooms_live import room_of, told

from encrier import clock


def text_of(pdf: bytes) -> str:
    return " ".join(
        " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split()
    )


def closed(names: Any, minutes_ago: int = 5, **seen: Any) -> tuple[Any, Any, Any]:
    """A room that was closed, and what answers says since."""
    division, session, watcher = room_of(names)
    session.opened_at = session.starts_at
    session.closed_at = clock.now() - timedelta(minutes=minutes_ago)
    session.save()
    told(names, division, **seen)
    return division, session, watcher


@pytest.mark.parametrize(
    ("seen", "state", "said"),
    [
        ({"state": "finished", "percent": 100, "silent_min": 40}, "complete", ""),
        ({"state": "finished", "percent": 100, "unsent": 2}, "to-check", "2 réponses attendent"),
        ({"silent_min": 4}, "unfinished", ""),
        ({"silent_min": 5}, "to-check", "plus donné signe depuis"),
        ({"unsent": 1, "silent_min": 4}, "to-check", "1 réponse attend"),
        ({"state": "expected", "last_minute": None}, "never", "Motif d’absence non noté"),
    ],
)
def test_the_receipt_says_what_arrived_and_what_to_do_where_it_did_not(
    names: Any, seen: dict[str, Any], state: str, said: str
) -> None:
    from encrier_names.rooms import live, receipt

    _, session, _ = closed(names, **seen)
    board = live.board_of(session, now=clock.now())
    for line in receipt.lines(board, closed_at=session.closed_at):
        assert line.state == state
        assert said in line.remark.replace("\u00a0", " ")


def test_a_receipt_waits_until_nobody_writes(names: Any) -> None:
    from encrier_names.rooms.models import Receipt

    division, session, watcher = room_of(names)
    told(names, division)
    sent = names.client(watcher).post(f"/seances/{session.id}/releve/", {"declaration": "yes"})
    assert sent.status_code == 409
    assert not Receipt.objects.exists()


def test_a_receipt_is_not_signed_without_a_declaration(names: Any) -> None:
    _, session, watcher = closed(names)
    assert names.client(watcher).post(f"/seances/{session.id}/releve/").status_code == 400


def test_what_was_signed_stays_as_it_was_and_is_sealed(names: Any) -> None:
    division, session, watcher = closed(names, unsent=2)
    client = names.client(watcher)
    client.post(f"/seances/{session.id}/releve/", {"declaration": "yes"})
    told(names, division, state="finished", percent=100)
    page = client.get(f"/seances/{session.id}/releve/").content.decode()
    assert "Toutes les réponses sont arrivées" in page
    assert "3 élèves étaient alors à vérifier" in page
    paper = text_of(client.get(f"/seances/{session.id}/releve.pdf").content)
    assert "Tout n’est pas arrivé" in paper
    assert "Signé par watcher" in paper
    name = division.pupils.first().identity.last_name
    assert name in paper
    assert name.encode() not in names.every_byte()
    client.post(f"/seances/{session.id}/releve/", {"declaration": "yes"})
    again = text_of(client.get(f"/seances/{session.id}/releve.pdf").content)
    assert "Toutes les réponses sont arrivées" in again


def test_an_absence_is_on_the_receipt_with_its_reason(names: Any) -> None:
    _division, session, watcher = closed(names, state="expected", last_minute=None)
    seat = session.seats.first()
    client = names.client(watcher)
    sent = {"act": "absent", "seat": str(seat.id), "reason": "away"}
    client.post(f"/seances/{session.id}/agir/", sent)
    client.post(f"/seances/{session.id}/releve/", {"declaration": "yes"})
    paper = text_of(client.get(f"/seances/{session.id}/releve.pdf").content)
    assert "En sortie, en stage ou exclu" in paper
    assert "0 élève a passé, 3 n’ont pas passé" in paper


def test_an_incident_is_kept_sealed_and_read_by_the_head_only(names: Any) -> None:
    division, session, watcher = room_of(names)
    pupil = division.pupils.first()
    note = {
        "kind": "network",
        "start": "09:10",
        "end": "09:25",
        "pupils": [str(pupil.id)],
        "computers": "postes 3 et 4",
        "done": "Le zorgluphone a été rebranché.",
    }
    client = names.client(watcher)
    assert client.post(f"/seances/{session.id}/incident/", note).status_code == 302
    head = names.client(names.staff("head", "head", school=division.school))
    page = head.get("/incidents/").content.decode()
    for said in ("zorgluphone", pupil.identity.shown, "postes 3 et 4", "Réseau coupé", "watcher"):
        assert said in page
    assert "zorgluphone" in text_of(head.get("/incidents.pdf").content)
    assert b"zorgluphone" not in names.every_byte()
    assert client.get("/incidents/").status_code == 404
    assert "zorgluphone" in client.get(f"/seances/{session.id}/releve/").content.decode()


def test_a_note_in_markup_is_shown_as_it_was_typed(names: Any) -> None:
    division, session, watcher = room_of(names)
    note = {"kind": "other", "start": "09:10", "done": "<script>alert(1)</script> #panic [x] $y$"}
    names.client(watcher).post(f"/seances/{session.id}/incident/", note)
    head = names.client(names.staff("head", "head", school=division.school))
    assert "&lt;script&gt;" in head.get("/incidents/").content.decode()
    assert "#panic [x] $y$" in text_of(head.get("/incidents.pdf").content)


def test_a_note_about_a_pupil_of_another_room_is_refused(names: Any) -> None:
    _, session, watcher = room_of(names)
    stranger = names.validated_class(1, uai="9990002Y").pupils.first()
    note = {"kind": "other", "start": "09:10", "done": "x", "pupils": [str(stranger.id)]}
    assert names.client(watcher).post(f"/seances/{session.id}/incident/", note).status_code == 200
    assert not session.incidents.exists()


def test_the_shredder_destroys_sessions_with_all_that_was_written_there(names: Any) -> None:
    from encrier_names.rooms.models import Incident, Receipt, Seat, Session
    from encrier_names.shredder.shred import shred

    _, session, watcher = closed(names)
    client = names.client(watcher)
    note = {"kind": "other", "start": "09:10", "done": "x"}
    client.post(f"/seances/{session.id}/incident/", note)
    client.post(f"/seances/{session.id}/releve/", {"declaration": "yes"})
    assert Incident.objects.count() == Receipt.objects.count() == 1
    shred(names.manifest, typed_label=names.manifest.label, before_closing=True)
    for table in (Session, Seat, Incident, Receipt):
        assert not table.objects.exists()
