# SPDX-License-Identifier: AGPL-3.0-or-later
"""The receipt of a session: as things stand, as it is declared, as it is printed."""

from uuid import UUID

import msgspec
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from encrier import clock
from encrier.errors import EncrierError
from encrier_names import downloads, zone
from encrier_names.access import rights
from encrier_names.audit.models import Action
from encrier_names.audit.record import record
from encrier_names.rooms import incidents, live, receipt
from encrier_names.rooms.models import Declared, Receipt, Session
from encrier_names.rooms.papers import sheets as papers
from encrier_names.rooms.session_views import WATCHERS
from encrier_names.schools.models import Staff
from encrier_names.typesetting import on_paper


class NotDeclared(EncrierError):
    what = "La déclaration n’est pas cochée\u00a0: le relevé n’est pas signé."
    next_step = "Revenez au relevé, relisez-le, cochez la déclaration, puis signez."
    status = 400


class StillWriting(EncrierError):
    what = "Des élèves écrivent encore\u00a0: le relevé n’est pas signé."
    next_step = "Fermez d’abord la salle depuis son suivi, attendez trois minutes, puis signez."
    status = 409


@require_http_methods(["GET", "HEAD", "POST"])
@rights.for_staff(*WATCHERS)
def session_receipt(request: HttpRequest, staff: Staff, wanted: UUID) -> HttpResponse:
    """Who sat and what has arrived; signed with a declaration."""
    session = rights.session(staff, wanted)
    board = live.board_of(session, now=clock.now())
    lines = receipt.lines(board, closed_at=session.closed_at)
    under_way = receipt.is_under_way(board, closed_at=session.closed_at)
    notes = incidents.of_session(session)
    if request.method == "POST":
        if request.POST.get("declaration") != "yes":
            raise NotDeclared
        if under_way:
            raise StillWriting
        _sign(session, staff, n_incidents=len(notes))
        record(Action.SESSION_SIGNED, staff.id, n_pupils=len(lines))
        return redirect("session-receipt", session.id)
    record(Action.SESSION_RECEIPT, staff.id, n_pupils=len(lines))
    last = session.receipts.order_by("-signed_at").first()
    context = {
        "staff": staff,
        "session": session,
        "lines": [(line, receipt.STATE_SHOWN[line.state]) for line in lines],
        "to_check": receipt.to_check(lines),
        "n_sat": sum(line.state not in receipt.NOT_SAT for line in lines),
        "n_absent": sum(line.state == "absent" for line in lines),
        "n_never": sum(line.state == "never" for line in lines),
        "incidents": notes,
        "told_at": board.told_at,
        "under_way": under_way,
        "too_fresh": receipt.is_too_fresh(board, closed_at=session.closed_at),
        "signed": last,
        "signed_to_check": receipt.to_check(last.declared.lines) if last else [],
        "by": last.declared.by if last else "",
    }
    return render(request, "session-receipt.html", context)


def _sign(session: Session, staff: Staff, *, n_incidents: int) -> None:
    with on_paper.of_school(session.school):  # as it will be printed
        board = live.board_of(session, now=clock.now())
        lines = receipt.lines(board, closed_at=session.closed_at)
        written = tuple(msgspec.structs.replace(line, remark=str(line.remark)) for line in lines)
    signed = Receipt(session=session, signed_at=clock.now())
    signed.declared = Declared(staff.user.username, written, n_incidents, board.told_at)
    signed.save()


@require_safe
@rights.for_staff(*WATCHERS)
def receipt_paper(_request: HttpRequest, staff: Staff, wanted: UUID) -> HttpResponse:
    """The last receipt that was signed, on paper."""
    session = rights.session(staff, wanted)
    signed = session.receipts.select_related("session__school").order_by("-signed_at").first()
    if signed is None:
        raise Http404
    with on_paper.of_school(session.school):
        notes = incidents.of_session(session)
    content = papers.receipt_pdf(signed, notes, zone.current().manifest)
    record(Action.RECEIPT_PAPER, staff.id, n_pupils=len(signed.declared.lines))
    return downloads.pdf(content, "releve")
