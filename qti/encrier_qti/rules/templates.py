# SPDX-License-Identifier: AGPL-3.0-or-later
"""The standard response processing templates, as data.

QTI 3.0 ASI information model, "Standard Response Processing Templates":
match_correct, map_response, map_response_point, and the CC2 names that common
cartridges use. A template is known by the last part of its address, on a host
of 1EdTech (formerly IMS Global); none is ever fetched.
"""

from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit

from encrier_qti.errors import ContentRefused, NotSupported
from encrier_qti.model import Node

_HOSTS: Final = ("imsglobal.org", "1edtech.org")
_Make = Callable[..., Node]


def template(node: Node) -> tuple[Node, ...]:
    """Give the rules of a qti-response-processing, its own or those of its template."""
    named = node.attributes.get("template", "") or node.attributes.get("template-location", "")
    if node.children or not named.strip():
        return node.children
    try:
        parts = urlsplit(named.strip())
        host = parts.hostname or ""
    except ValueError:
        raise ContentRefused(file=node.file, line=node.line) from None
    last = parts.path.rsplit("/", 1)[-1].removesuffix(".xml")
    ours = not host or any(host == each or host.endswith(f".{each}") for each in _HOSTS)
    if not ours or last not in TEMPLATES:
        raise NotSupported(
            "ce modèle de traitement de la réponse n’est pas un modèle standard.",
            "Écrivez les règles dans l’item.",
            file=node.file,
            line=node.line,
        )
    return (TEMPLATES[last](_maker(node)),)


def _maker(node: Node) -> _Make:
    """Give a function that makes nodes at the place where the template is named."""

    def make(name: str, *children: Node, text: str = "", **attributes: str) -> Node:
        return Node(
            name=f"qti-{name}",
            file=node.file,
            line=node.line,
            children=children,
            text=text,
            attributes={key.replace("_", "-"): value for key, value in attributes.items()},
        )

    return make


def _set(make: _Make, expression: Node) -> Node:
    return make("set-outcome-value", expression, identifier="SCORE")


def _number(make: _Make, written: str) -> Node:
    return make("base-value", base_type="float", text=written)


def _match_correct(make: _Make) -> Node:
    response, key = (make(name, identifier="RESPONSE") for name in ("variable", "correct"))
    return make(
        "response-condition",
        make("response-if", make("match", response, key), _set(make, _number(make, "1"))),
        make("response-else", _set(make, _number(make, "0"))),
    )


def _mapped(make: _Make, expression: str) -> Node:
    response = make("variable", identifier="RESPONSE")
    mapped = make(expression, identifier="RESPONSE")
    return make(
        "response-condition",
        make("response-if", make("is-null", response), _set(make, _number(make, "0"))),
        make("response-else", _set(make, mapped)),
    )


def _map_response(make: _Make) -> Node:
    return _mapped(make, "map-response")


def _map_response_point(make: _Make) -> Node:
    return _mapped(make, "map-response-point")


def _told(make: _Make, outcome: str, word: str) -> Node:
    return make(
        "set-outcome-value",
        make("base-value", base_type="identifier", text=word),
        identifier=outcome,
    )


def _cc2_match_basic(make: _Make) -> Node:
    """As match_correct, but a right answer scores MAXSCORE, and FEEDBACKBASIC tells."""
    response, key = (make(name, identifier="RESPONSE") for name in ("variable", "correct"))
    best = make("variable", identifier="MAXSCORE")
    right = _set(make, best), _told(make, "FEEDBACKBASIC", "correct")
    return make(
        "response-condition",
        make("response-if", make("match", response, key), *right),
        make("response-else", _told(make, "FEEDBACKBASIC", "incorrect")),
    )


def _cc2_map_response(make: _Make) -> Node:
    """As map_response, then FEEDBACK tells whether the score is MAXSCORE."""
    most, score = (make("variable", identifier=name) for name in ("MAXSCORE", "SCORE"))
    told = make(
        "response-condition",
        make(
            "response-if",
            make("equal", most, score, tolerance_mode="exact"),
            _told(make, "FEEDBACK", "correct"),
        ),
        make("response-else", _told(make, "FEEDBACK", "incorrect")),
    )
    return make("response-processing-fragment", _map_response(make), told)


TEMPLATES: Final[dict[str, Callable[[_Make], Node]]] = {
    "match_correct": _match_correct,
    "map_response": _map_response,
    "map_response_point": _map_response_point,
    "CC2_match": _match_correct,
    "CC2_match_basic": _cc2_match_basic,
    "CC2_map_response": _cc2_map_response,
}
