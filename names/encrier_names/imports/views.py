# SPDX-License-Identifier: AGPL-3.0-or-later
"""The import in four steps: choose, understand and correct, confirm, see the lists."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from encrier import clock
from encrier.errors import EncrierError
from encrier_names import downloads
from encrier_names.access import rights
from encrier_names.audit.models import Action
from encrier_names.audit.record import record
from encrier_names.campaign.windows import ListsShut, lists_shut, refuse_outside_lists
from encrier_names.imports import undo
from encrier_names.imports.models import Decisions, TakenImport, WaitingImport
from encrier_names.imports.page import page_of
from encrier_names.imports.reading import read_list
from encrier_names.imports.take_in import take_in
from encrier_names.imports.template import FORMATS, template
from encrier_names.rosters import understand
from encrier_names.rosters.refusals import TooLarge
from encrier_names.schools.models import Role, School, Staff

KEPT: Final = timedelta(hours=2)  # an import not confirmed by then is forgotten
MAX_FILE: Final = 20 * 1024 * 1024


class NotWaiting(EncrierError):
    what = (
        "Cette liste n’attend plus\u00a0: elle a déjà été confirmée, ou lue il y a trop longtemps."
    )
    next_step = (
        "Revenez à l’accueil. Si vos classes y sont, tout est enregistré\u00a0; "
        "sinon, choisissez de nouveau le fichier."
    )
    status = 409


class FileForm(forms.Form):
    """One file."""

    file = forms.FileField(
        label=_("Fichier de la liste"),
        max_length=200,
        error_messages={
            "required": _("Choisissez d’abord un fichier."),
            "empty": _("Ce fichier est vide. Refaites l’export, puis recommencez."),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@rights.for_staff(Role.HEAD)
def choose(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Step 1: choose a file; it is read at once and not kept."""
    school = rights.school(staff)
    sent = request.method == "POST"
    form = FileForm(request.POST, request.FILES) if sent else FileForm()
    refusal: EncrierError | None = lists_shut(clock.now())
    if refusal is not None:
        form = FileForm()
    elif sent and _not_taken(request):
        form, refusal = FileForm(), TooLarge()
    elif sent and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            waiting = _read(file.read(MAX_FILE + 1), file.name, school=school, staff=staff)
        except EncrierError as error:
            refusal = error
        else:
            return redirect("import-understood", waiting.id)
    context = {"staff": staff, "school": school, "form": form, "refusal": refusal}
    context["shut"] = isinstance(refusal, ListsShut)
    status = 400 if refusal and sent else 200
    return render(request, "import-choose.html", context, status=status)


@require_safe
@rights.for_staff(Role.HEAD)
def list_template(_request: HttpRequest, staff: Staff, kind: str) -> HttpResponse:
    """An empty list to fill in, for schools without ONDE or SIECLE."""
    if kind not in FORMATS:
        raise Http404
    response = HttpResponse(template(kind, rights.school(staff).uai), content_type=FORMATS[kind])
    return downloads.kept_as(response, f"liste-eleves.{kind}")


@require_http_methods(["GET", "HEAD", "POST"])
@rights.for_staff(Role.HEAD)
def understood(request: HttpRequest, staff: Staff, wanted: UUID) -> HttpResponse:
    """Steps 2 and 3: what was understood, what can be corrected, then confirm."""
    waiting = waiting_of(request, staff, wanted)
    if request.method == "POST":
        refuse_outside_lists()
        return redirect("import-done", _confirm(waiting, staff).id)
    page, n_known = page_of(waiting)
    record(Action.CLASS_LIST, staff.id, n_pupils=n_known)  # names of those who leave are shown
    context = {"staff": staff, "school": waiting.school, "waiting": waiting, **page}
    return render(request, "import-understood.html", context)


@require_safe
@rights.for_staff(Role.HEAD)
def done(request: HttpRequest, staff: Staff, wanted: UUID) -> HttpResponse:
    """Step 4: what the import did, with the way back."""
    taken = _taken(staff, wanted)
    changes = taken.changes.pupils
    context = {
        "staff": staff,
        "school": taken.school,
        "taken": taken,
        "n_arrived": sum(c.before is None for c in changes),
        "n_left": sum(c.after is None for c in changes),
        "n_changed": sum(c.before is not None and c.after is not None for c in changes),
        "divisions": list(rights.divisions_of(staff).filter(validated_at=None).order_by("label")),
    }
    return render(request, "import-done.html", context)


@require_POST
@rights.for_staff(Role.HEAD)
def take_back(_request: HttpRequest, staff: Staff, wanted: UUID) -> HttpResponse:
    """Take the last import back."""
    changes = undo.take_back(_taken(staff, wanted))
    record(Action.IMPORT_UNDONE, staff.id, n_pupils=len(changes.pupils))
    return redirect("home")


def waiting_of(request: HttpRequest, staff: Staff, wanted: UUID) -> WaitingImport:
    """The import that waits for this head; else 404, or a sentence for one who sends a form."""
    found = WaitingImport.objects.filter(id=wanted, staff=staff, school=rights.school(staff))
    waiting = found.select_related("school").first()
    if waiting is None or clock.now() > waiting.at + KEPT:
        raise NotWaiting if request.method == "POST" else Http404
    return waiting


def _confirm(waiting: WaitingImport, staff: Staff) -> TakenImport:
    decided, school = waiting.decisions, waiting.school
    before = undo.places(school)
    same = {one.rank: one.pupil for one in decided.same}
    taken = take_in(understand(waiting.source, decided.corrections), school, same=same)
    record(Action.IMPORT, staff.id, n_pupils=taken.added + taken.kept)
    waiting.delete()
    return undo.remember(school, staff, before, taken.made)


def _taken(staff: Staff, wanted: UUID) -> TakenImport:
    school = rights.school(staff)
    found = TakenImport.objects.select_related("school").filter(id=wanted, school=school)
    taken = found.first()
    if taken is None or clock.now() > taken.at + undo.KEPT:
        raise Http404
    return taken


def _not_taken(request: HttpRequest) -> bool:
    """Whether what was sent is so large that no file was taken of it: django_settings."""
    size = int(request.META.get("CONTENT_LENGTH") or 0)
    return size > settings.FILE_UPLOAD_MAX_MEMORY_SIZE


def _read(content: bytes, file_name: str, *, school: School, staff: Staff) -> WaitingImport:
    reading = read_list(content, file_name=file_name, uai=school.uai)
    WaitingImport.objects.filter(staff=staff).delete()
    WaitingImport.objects.filter(at__lt=clock.now() - KEPT).delete()
    waiting = WaitingImport(school=school, staff=staff, at=clock.now())
    waiting.source, waiting.decisions = reading.source, Decisions()
    waiting.save(force_insert=True)
    return waiting
