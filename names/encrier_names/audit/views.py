# SPDX-License-Identifier: AGPL-3.0-or-later
"""The journal of accesses: for a head who did what in his school, for an auditor how often.

The names of pupils are on the head's pages only, where he may see them anyway; reading them here
is an access as well.
"""

from collections.abc import Sequence
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from encrier_names import downloads
from encrier_names.access import rights
from encrier_names.audit import reading
from encrier_names.audit.forms import AskForm
from encrier_names.audit.models import Access, Action
from encrier_names.audit.reading import DayCount
from encrier_names.audit.record import record, record_pupil
from encrier_names.audit.sentences import Sentence, sentences, words
from encrier_names.people import delegation
from encrier_names.schools.models import Pupil, Role, School, Staff

ROWS_A_PAGE = 100
MOST_LINES = 100_000  # of a file


@require_safe
@rights.for_staff(Role.HEAD, Role.AUDITOR)
def log(request: HttpRequest, staff: Staff) -> HttpResponse:
    """The journal, a page at a time."""
    if staff.role == Role.AUDITOR:
        form = AskForm(request.GET)
        counted = reading.counts(reading.narrowed(Access.objects.all(), form.asked()))
        page = Paginator(counted, ROWS_A_PAGE).get_page(request.GET.get("page"))
        lines = [_count_in_words(one) for one in page.object_list]
        context = {"staff": staff, "form": form, "page": page, "lines": lines}
        return render(request, "access-counts.html", context | _kept(request))
    school = rights.school(staff)
    form = _form(request, school)
    rows = reading.narrowed(reading.of_school(school), form.asked())
    shown: Page[Access] = Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page"))
    lines_ = _in_words(list(shown.object_list), staff)
    context = {"staff": staff, "school": school, "form": form, "page": shown, "lines": lines_}
    return render(request, "access-log.html", context | _kept(request))


@require_safe
@rights.for_staff(Role.HEAD, Role.AUDITOR)
def log_csv(request: HttpRequest, staff: Staff) -> HttpResponse:
    """The journal as a table to keep."""
    if staff.role == Role.AUDITOR:
        asked = AskForm(request.GET).asked()
        counted = reading.counts(reading.narrowed(Access.objects.all(), asked))[:MOST_LINES]
        days = (_("jour"), _("rôle"), _("action"), _("accès"), _("élèves"))
        return downloads.table([days, *map(_count_in_words, counted)], "acces")
    school = rights.school(staff)
    rows = reading.narrowed(reading.of_school(school), _form(request, school).asked())
    said = _in_words(list(rows[:MOST_LINES]), staff)
    header = (
        _("quand"), _("qui"), _("rôle"), _("action"), _("à qui"), _("classe"), _("élève"),
        _("élèves"),
    )  # fmt: skip
    return downloads.table([header, *map(_row, said)], "acces")


@require_safe
@rights.for_staff(Role.HEAD)
def pupil_accesses(request: HttpRequest, staff: Staff, wanted: UUID) -> HttpResponse:
    """Answer a parent: « Qui a vu les résultats de mon enfant ? »."""
    pupil = rights.pupil(staff, wanted)
    rows = reading.about_pupil(pupil.id, pupil.division_id)
    page: Page[Access] = Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "staff": staff,
        "division": pupil.division,
        "pupil": pupil,
        "page": page,
        "lines": sentences(list(page.object_list), pupils={}),
        "tab": "list",
    }
    record_pupil(Action.PUPIL_ACCESSES, staff, pupil)
    return render(request, "pupil-accesses.html", context)


def _form(request: HttpRequest, school: School) -> AskForm:
    people = {line.id: line.shown for line in delegation.lines(school)}
    divisions = dict(school.divisions.order_by("label").values_list("id", "label"))
    return AskForm(request.GET, people=people, divisions=divisions)


def _in_words(rows: Sequence[Access], staff: Staff) -> list[Sentence]:
    """The rows in words, with the pupils that this head may see; that he saw them is written."""
    wanted = {row.pupil for row in rows if row.pupil}
    found = Pupil.objects.filter(id__in=wanted, division__in=rights.divisions_of(staff))
    names = {pupil.id: pupil.identity.shown for pupil in found}
    if names:
        record(Action.ACCESS_LOG, staff.id, n_pupils=len(names))
    return sentences(rows, pupils=names)


def _count_in_words(one: DayCount) -> tuple[object, ...]:
    role = reading.role_shown(one["role"])
    return one["day"], role, words(one["action"]), one["n_accesses"], one["n_seen"]


def _row(one: Sentence) -> tuple[object, ...]:
    at = localtime(one.at).strftime("%Y-%m-%d %H:%M:%S")
    return at, one.who, one.role, one.did, one.about, one.division, one.pupil, one.n_pupils


def _kept(request: HttpRequest) -> dict[str, str]:
    """The filters as a link to another page of the same keeps them."""
    given = request.GET.copy()
    given.pop("page", None)
    return {"filters": given.urlencode()}
