# SPDX-License-Identifier: AGPL-3.0-or-later
"""The calendar of the campaign, the same for all who have an account."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from encrier import clock
from encrier_names import zone
from encrier_names.access import rights
from encrier_names.campaign import freezing, windows
from encrier_names.campaign.phases import next_of, phases
from encrier_names.keying import levels
from encrier_names.schools.models import Role, Staff


@require_safe
@rights.for_staff(*Role)
def calendar(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Every window, the one that is open, and what comes next."""
    running, now = zone.current(), clock.now()
    campaign = running.campaign
    context = {
        "staff": staff,
        "phases": phases(campaign, running.manifest, now),
        "next": next_of(campaign, now),
        "clock": rights.clock_of(staff),
        "version": freezing.running(),
        "plan": campaign,
        "decisions": [
            (what, windows.shown(getattr(campaign.decides, field)))
            for field, what in windows.DECISIONS.items()
            if field != "reopen_keying" or levels.any_keyed()
        ],
    }
    return render(request, "calendar.html", context)
