# SPDX-License-Identifier: AGPL-3.0-or-later
"""The end of restitution: after the manifest's date every results page answers 410."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from encrier import clock
from encrier.errors import EncrierError
from encrier_names import zone

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


class ResultsClosed(EncrierError):
    what = "La consultation des résultats est fermée."
    next_step = "Les résultats nominatifs ne sont plus accessibles à personne."
    status = 410


def until_closing(view: View[P]) -> View[P]:
    """Refuse a results page to everyone once results are closed, before asking who they are."""

    @wraps(view)
    def asked(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if clock.now() >= zone.current().manifest.results_close_at:
            raise ResultsClosed
        return view(request, *args, **kwargs)

    return asked  # type: ignore[return-value]  # wraps hides the last argument
