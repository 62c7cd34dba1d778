# SPDX-License-Identifier: AGPL-3.0-or-later
"""What parts, sections and item references have in common: conditions, control, time.

QTI 3.0 ASI information model, "PreCondition", "BranchRule",
"ItemSessionControl" and "TimeLimits". Knows one element at a time; whether
the target of a branch exists is for `assessment`.
"""

from typing import Final, TypedDict

from lxml import etree

from encrier_qti.errors import ContentRefused
from encrier_qti.model import BranchRule, Node, SessionControl, TimeLimits
from encrier_qti.reading.declarations import flag, number
from encrier_qti.reading.safe_xml import QTI, line, local, to_node
from encrier_qti.values import BadForm, BaseType, parse
from encrier_qti.words import say

_Q: Final = f"{{{QTI}}}"
_MOST: Final = 1_000_000  # of attempts, or of items selected with replacement
MAX_SELECTED: Final = 1_000  # items of one section; more is a mistake, or an attack


class Common(TypedDict):
    """The fields of model.Controlled, to spread into one of its kinds."""

    identifier: str
    line: int
    preconditions: tuple[Node, ...]
    branches: tuple[BranchRule, ...]
    control: SessionControl
    limits: TimeLimits | None


def common(element: etree._Element, *, file: str) -> Common:
    """Read what a part, a section or an item reference says of itself."""
    return Common(
        identifier=identifier(element, file=file),
        line=line(element),
        preconditions=tuple(
            expression(child, file=file) for child in element.findall(f"{_Q}qti-pre-condition")
        ),
        branches=tuple(_branch(child, file) for child in element.findall(f"{_Q}qti-branch-rule")),
        control=_control(element.find(f"{_Q}qti-item-session-control"), file),
        limits=limits(element, file=file),
    )


def identifier(element: etree._Element, *, file: str, attribute: str = "identifier") -> str:
    """Read a required identifier."""
    written = element.get(attribute, "")
    try:
        found = parse(BaseType.IDENTIFIER, written)
    except BadForm:
        what = "l’attribut {attribute} n’est pas un identifiant."
        raise refused(what, element, file, attribute=attribute) from None
    if found is None:
        raise refused("l’attribut {attribute} manque.", element, file, attribute=attribute)
    return str(found)


def count(element: etree._Element, attribute: str, *, file: str, most: int = _MOST) -> int:
    """Read a required attribute that is a whole number from 0 to `most`."""
    written = element.get(attribute)
    if written is None:
        raise refused("l’attribut {attribute} manque.", element, file, attribute=attribute)
    try:
        found = parse(BaseType.INTEGER, written)
    except BadForm:
        found = None
    if not isinstance(found, int) or not 0 <= found <= most:
        what = "l’attribut {attribute} n’est pas un nombre entier de 0 à {most}."
        raise refused(what, element, file, attribute=attribute, most=most)
    return found


def expression(element: etree._Element, *, file: str) -> Node:
    """Read the one expression that an element holds."""
    children = list(element)
    if len(children) != 1:
        raise refused("une expression est attendue, et une seule.", element, file)
    return to_node(children[0], file=file)


def limits(element: etree._Element, *, file: str) -> TimeLimits | None:
    """Read the qti-time-limits of an element, in seconds."""
    found = element.find(f"{_Q}qti-time-limits")
    if found is None:
        return None
    least, most = (_seconds(found, attribute, file) for attribute in ("min-time", "max-time"))
    if least is not None and most is not None and least > most:
        raise refused("le temps minimal dépasse le temps maximal.", found, file)
    return TimeLimits(
        minimum=least,
        maximum=most,
        allow_late_submission=flag(found, "allow-late-submission", default=False, file=file),
    )


def refused(what: str, element: etree._Element, file: str, **named: str | int) -> ContentRefused:
    """The error to raise at an element of a test."""
    told = say(what, **named)
    return ContentRefused(told, file=file, line=line(element), element=local(element))


def _seconds(element: etree._Element, attribute: str, file: str) -> float | None:
    if element.get(attribute) is None:
        return None
    found = number(element, attribute, file=file)
    if found < 0:
        raise refused("l’attribut {attribute} est négatif.", element, file, attribute=attribute)
    return found


def _branch(element: etree._Element, file: str) -> BranchRule:
    target = identifier(element, file=file, attribute="target")
    return BranchRule(target=target, condition=expression(element, file=file), line=line(element))


def _control(element: etree._Element | None, file: str) -> SessionControl:
    if element is None:
        return SessionControl()

    def chosen(attribute: str) -> bool | None:
        if element is None or element.get(attribute) is None:
            return None
        return flag(element, attribute, default=False, file=file)

    attempts = element.get("max-attempts")
    return SessionControl(
        max_attempts=None if attempts is None else count(element, "max-attempts", file=file),
        show_feedback=chosen("show-feedback"),
        allow_review=chosen("allow-review"),
        show_solution=chosen("show-solution"),
        allow_comment=chosen("allow-comment"),
        allow_skipping=chosen("allow-skipping"),
        validate_responses=chosen("validate-responses"),
    )
