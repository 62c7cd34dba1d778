# SPDX-License-Identifier: AGPL-3.0-or-later
"""The import in four steps: choose, understand, confirm, see the lists."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from encrier import clock
from encrier.errors import EncrierError
from encrier_names.audit.models import Action
from encrier_names.audit.record import record
from encrier_names.imports.models import WaitingImport
from encrier_names.imports.plan import plan
from encrier_names.imports.reading import read_list
from encrier_names.imports.take_in import known_divisions, take_in
from encrier_names.rosters.reading import summarise
from encrier_names.rosters.refusals import TooLarge
from encrier_names.schools import rights
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
        label="Fichier de la liste",
        max_length=200,
        error_messages={
            "required": "Choisissez d’abord un fichier.",
            "empty": "Ce fichier est vide. Refaites l’export, puis recommencez.",
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@rights.for_staff(Role.HEAD)
def choose(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Step 1: choose a file; it is read at once and not kept."""
    school = _school(staff)
    sent = request.method == "POST"
    form = FileForm(request.POST, request.FILES) if sent else FileForm()
    refusal: EncrierError | None = None
    if sent and _not_taken(request):
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
    return render(request, "import-choose.html", context, status=400 if refusal else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@rights.for_staff(Role.HEAD)
def understood(request: HttpRequest, staff: Staff, wanted: UUID) -> HttpResponse:
    """Steps 2 and 3: what was understood, then confirm."""
    school = _school(staff)
    waiting = WaitingImport.objects.filter(id=wanted, staff=staff, school=school).first()
    if waiting is None or clock.now() > waiting.at + KEPT:
        raise NotWaiting if request.method == "POST" else Http404
    reading = waiting.reading
    if request.method == "POST":
        taken = take_in(reading, school)
        record(Action.IMPORT, staff.id, n_pupils=taken.added + taken.kept)
        waiting.delete()
        return redirect("home")
    context = {
        "staff": staff,
        "school": school,
        "waiting": waiting,
        "summary": summarise(reading),
        "plan": plan(reading, validated=known_divisions(school)),
    }
    return render(request, "import-understood.html", context)


def _not_taken(request: HttpRequest) -> bool:
    """Whether what was sent is so large that no file was taken of it: django_settings."""
    size = int(request.META.get("CONTENT_LENGTH") or 0)
    return size > settings.FILE_UPLOAD_MAX_MEMORY_SIZE


def _read(content: bytes, file_name: str, *, school: School, staff: Staff) -> WaitingImport:
    reading = read_list(content, file_name=file_name, uai=school.uai)
    WaitingImport.objects.filter(staff=staff).delete()
    WaitingImport.objects.filter(at__lt=clock.now() - KEPT).delete()
    waiting = WaitingImport(school=school, staff=staff, at=clock.now())
    waiting.reading = reading
    waiting.save(force_insert=True)
    return waiting


def _school(staff: Staff) -> School:
    if staff.school is None:
        raise Http404
    return staff.school
