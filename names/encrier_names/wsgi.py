# SPDX-License-Identifier: AGPL-3.0-or-later
"""The application that the server runs: Django, and the theme's files beside it."""

import os
from pathlib import Path
from typing import Final
from wsgiref.headers import Headers

from django.core.wsgi import get_wsgi_application
from whitenoise import WhiteNoise  # type: ignore[import-untyped]  # it has no types

from encrier_names import zone
from encrier_names.headers import HEADERS

_STATIC: Final = Path(__file__).parent / "static"


def _add_headers(headers: Headers, _path: str, _url: str) -> None:
    for name, value in HEADERS.items():
        headers[name] = value


zone.start(os.environ)
application = WhiteNoise(
    get_wsgi_application(),
    root=str(_STATIC),
    prefix="static/",
    max_age=3600,
    allow_all_origins=False,
    add_headers_function=_add_headers,
)
