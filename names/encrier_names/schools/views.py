# SPDX-License-Identifier: AGPL-3.0-or-later
"""The pages of schools and class lists. No code, no number, no score here."""

from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from encrier import clock
from encrier.errors import EncrierError
from encrier_names import zone
from encrier_names.access import rights
from encrier_names.audit.models import Action
from encrier_names.audit.record import record, record_pupil
from encrier_names.campaign.phases import next_of
from encrier_names.campaign.windows import lists_shut
from encrier_names.followup import windows
from encrier_names.followup.head import guided
from encrier_names.followup.views import board_page, named
from encrier_names.keying import offers
from encrier_names.notices.inbox import unread
from encrier_names.schools import lists
from encrier_names.schools.changes import others
from encrier_names.schools.forms import PupilForm
from encrier_names.schools.models import Division, Role, School, Staff
from encrier_names.sittings import board, counting
from encrier_names.validation import declarations

SCHOOLS_A_PAGE = 100
READERS = (Role.TEACHER, Role.HEAD, Role.MINISTRY)


class ListFrozen(EncrierError):
    what = "Cet élève a déjà un code, ou la liste est validée\u00a0: il ne peut plus être retiré."
    next_step = "S’il a quitté l’établissement, laissez-le\u00a0: sans passation, il ne compte pas."
    status = 409


@require_safe
@rights.for_staff(*Role)
def home(request: HttpRequest, staff: Staff) -> HttpResponse:
    """The classes one may see; for the ministry and for an académie, the schools."""
    if staff.role == Role.AUDITOR:
        return redirect("access-log")
    if staff.role == Role.ACADEMY:
        return board_page(request, staff)
    if staff.role == Role.MINISTRY:
        return _schools(request, staff)
    return _classes(request, staff, staff.school)


@require_safe
@rights.for_staff(Role.MINISTRY)
def school(request: HttpRequest, staff: Staff, wanted: UUID) -> HttpResponse:
    """The classes of one school, for the ministry."""
    return _classes(request, staff, get_object_or_404(rights.schools_of(staff), id=wanted))


@require_safe
@rights.for_staff(*READERS)
def class_list(request: HttpRequest, staff: Staff, wanted: UUID) -> HttpResponse:
    """The list of a class, to check, to correct and to validate."""
    division = rights.division(staff, wanted)
    pupils = lists.pupils_of(division)
    record(Action.CLASS_LIST, staff.id, n_pupils=len(pupils), division=division.id)
    late = bool(board.numbered(p.id for p in pupils))
    context = {
        "staff": staff,
        "division": division,
        "pupils": pupils,
        "may_change": staff.role == Role.HEAD,
        "declared": declarations.last(division.id),
        "levels": len({p.level for p in pupils}) > 1,
        "to_declare": declarations.sentence(len(pupils)),
        "lists_shut": lists_shut(clock.now(), is_late_arrival=late),
        "tab": "list",
    }
    return render(request, "class-list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@rights.for_staff(Role.HEAD)
def add_pupil(request: HttpRequest, staff: Staff, wanted: UUID) -> HttpResponse:
    """Add a pupil who arrived since the export."""
    division = rights.division(staff, wanted)
    sent = request.method == "POST"
    form = PupilForm(request.POST if sent else None)
    levels = [plan.level for plan in zone.current().campaign.levels]
    form.ask_level(levels)
    if sent and form.is_valid() and _is_new(form, division.school):
        known = division.pupils.values_list("level", flat=True).first()
        level = form.cleaned_data.get("level") or known or zone.current().manifest.level
        was_validated = division.validated_at is not None
        record_pupil(Action.PUPIL_ADDED, staff, lists.add(division, form.identity(), level=level))
        if was_validated:
            n_pupils = division.pupils.count()
            record(Action.LIST_REOPENED, staff.id, n_pupils=n_pupils, division=division.id)
        return redirect("class-list", division.id)
    context = {"staff": staff, "division": division, "form": form, "tab": "list"}
    context["declared"] = declarations.last(division.id)
    return render(request, "pupil-form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@rights.for_staff(Role.HEAD)
def correct_pupil(request: HttpRequest, staff: Staff, wanted: UUID) -> HttpResponse:
    """Correct how a pupil is named; her number and code stay."""
    pupil = rights.pupil(staff, wanted)
    sent = request.method == "POST"
    initial = PupilForm.initial_of(pupil.identity)
    form = PupilForm(request.POST if sent else None, initial=initial)
    if sent and form.is_valid() and _is_new(form, pupil.division.school, apart_from=pupil.id):
        pupil.identity = form.identity()
        pupil.save(update_fields=["identity_box"])
        record_pupil(Action.PUPIL_CORRECTED, staff, pupil)
        return redirect("class-list", pupil.division.id)
    record_pupil(Action.PUPIL_IDENTITY, staff, pupil)
    context = {
        "staff": staff,
        "division": pupil.division,
        "pupil": pupil,
        "form": form,
        "others": list(others(pupil.division)),
        "tab": "list",
    }
    return render(request, "pupil-form.html", context)


@require_POST
@rights.for_staff(Role.HEAD)
def remove_pupil(_request: HttpRequest, staff: Staff, wanted: UUID) -> HttpResponse:
    """Take a pupil off a list that is not validated yet."""
    pupil = rights.pupil(staff, wanted)
    if pupil.division.validated_at is not None or board.numbered([pupil.id]):
        raise ListFrozen
    record_pupil(Action.PUPIL_REMOVED, staff, pupil)
    pupil.delete()
    return redirect("class-list", pupil.division.id)


def _is_new(form: PupilForm, school: School, *, apart_from: UUID | None = None) -> bool:
    """Whether this pupil has no row yet, as after a second click; else say so in the form."""
    there = lists.namesake(school, form.identity(), apart_from=apart_from)
    if there is None:
        return True
    label = there.division.label
    form.add_error(
        None,
        _(
            "Cet élève est déjà dans la liste de la classe %(label)s. Si ce sont deux personnes, "
            "donnez à chacune sa date de naissance ou son INE."
        )
        % {"label": label},
    )
    return False


def _schools(request: HttpRequest, staff: Staff) -> HttpResponse:
    """The schools, a hundred at a time, or those that a word or an académie gives."""
    word, academy = (request.GET.get(name, "").strip()[:80] for name in ("q", "academie"))
    found = rights.schools_of(staff).order_by("uai")
    if academy:
        found = found.filter(academy=academy)
    if word:
        told = Q(name__icontains=word) | Q(town__icontains=word) | Q(uai__istartswith=word)
        found = found.filter(told)
    pages = Paginator(found, SCHOOLS_A_PAGE)
    context = {
        "staff": staff,
        "page": pages.get_page(request.GET.get("page")),
        "word": word,
        "academy": academy,
        "academies": named(rights.schools_of(staff), "academy"),
        "next": next_of(zone.current().campaign, clock.now()),
        "tab": "schools",
    }
    return render(request, "schools.html", context)


def _classes(request: HttpRequest, staff: Staff, of: School | None) -> HttpResponse:
    running = zone.current()
    divisions: list[Division] = list(rights.divisions_of(staff).filter(school=of).order_by("label"))
    counts = counting.counts([division.id for division in divisions])
    keyed = offers.of(divisions, staff)
    manifest, now = running.manifest, clock.now()
    usual = windows.usual_end(manifest)
    ends_at = usual if of is None else windows.ends_at(of, manifest)
    context: dict[str, object] = {
        "staff": staff,
        "school": of,
        "lines": [(one, counts[one.id], keyed.get(one.id)) for one in divisions],
        "n_to_validate": sum(d.validated_at is None and counts[d.id].pupils > 0 for d in divisions),
        "sittings_over": now >= ends_at,
        "may_import": staff.role == Role.HEAD,
        "lists_shut": lists_shut(now) if staff.role == Role.HEAD else None,
        "next": next_of(running.campaign, now),
        "extended": ends_at if ends_at != usual else None,
    }
    if staff.role == Role.HEAD and of is not None:
        context |= guided(of, divisions) | {"unread": unread(of)}
    return render(request, "classes.html", context)
