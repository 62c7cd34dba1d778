# SPDX-License-Identifier: AGPL-3.0-or-later
"""The page that a load balancer asks: no account, no name, no count of anybody."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from encrier_names.upkeep.health import examine, worst

_UNAVAILABLE = 503


@require_safe
def health(_request: HttpRequest) -> HttpResponse:
    """Say how this zone is; 503 where it cannot serve pages."""
    findings = examine()
    state = worst(findings)
    lines = [state, *(f"{found.what}={found.state} {found.says}" for found in findings)]
    return HttpResponse(
        "\n".join(lines) + "\n",
        content_type="text/plain; charset=utf-8",
        status=_UNAVAILABLE if state == "failing" else None,
    )
