# SPDX-License-Identifier: AGPL-3.0-or-later
"""The choice of a language, at the foot of every page: a cookie, for who has no account too."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve
from django.views.decorators.http import require_POST

KEPT_S = 365 * 24 * 3600


@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Keep the language and show the page again, if the address is one of ours."""
    response = redirect(_ours(request.POST.get("back", "")))
    language = request.POST.get("language")
    if language in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=KEPT_S,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return response


def _ours(asked: str) -> str:
    """Give the path asked for, rebuilt from its parts; the home page where it is none of ours."""
    try:
        parts = urlsplit(asked)
        resolve(parts.path)
    except (Resolver404, ValueError):
        return "/"
    is_local = not parts.scheme and not parts.netloc and not parts.path.startswith("//")
    return parts.path + (f"?{parts.query}" if parts.query else "") if is_local else "/"
