# SPDX-License-Identifier: AGPL-3.0-or-later
"""« Qui voit quoi »: the one table of permissions, for whoever has an account. Knows nobody."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from encrier_names.access import rights
from encrier_names.access.permissions import TABLE
from encrier_names.schools.models import Role, Staff


@require_safe
@rights.for_staff(*Role)
def permissions(request: HttpRequest, staff: Staff) -> HttpResponse:
    """The table."""
    rows = [(line, [line.who.get(role, "") for role in Role]) for line in TABLE]
    context = {"staff": staff, "roles": list(Role), "rows": rows}
    return render(request, "permissions.html", context)
