# SPDX-License-Identifier: AGPL-3.0-or-later
"""`encrier qti show`: what is in a package or an item; never a key unless `--keys`."""

import argparse
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

from encrier_qti.checks.items import max_score
from encrier_qti.commands import describing
from encrier_qti.commands.asking import Verb, add_verb, put, put_json
from encrier_qti.commands.opening import add_package, add_test
from encrier_qti.model import (
    Assessment,
    Controlled,
    Declaration,
    Item,
    ItemRef,
    Section,
    TimeLimits,
)
from encrier_qti.package import open_package
from encrier_qti.values import printed
from encrier_qti.words import Words, say

if TYPE_CHECKING:
    from encrier_qti.commands.asking import Commands

_VERB: Final = Verb(
    "show",
    "tell what is in a package or an item",
    "Tell what is in a package: parts, sections, items, how each is scored. No key unless --keys.",
    "show sixieme.zip",
)
_MODES: Final[Mapping[str, Words]] = {
    "linear": say("linéaire"),
    "nonlinear": say("libre"),
    "individual": say("une réponse à la fois"),
    "simultaneous": say("tout à la fin"),
}
_SCORED: Final[Mapping[str, Words]] = {
    describing.RULES: say("règles propres"),
    describing.NO_RULES: say("non noté"),
}
_KINDS: Final[Mapping[str, Words]] = {
    "response": say("réponse"),
    "outcome": say("résultat"),
    "template": say("variable de modèle"),
}
_Words = Words | str
_Line = tuple[int, tuple[_Words, ...]]  # how deep in the tree, and what is said there


def add(commands: "Commands") -> None:
    """Add the verb."""
    parser = add_verb(commands, _VERB, _run)
    add_package(parser)
    add_test(parser)
    parser.add_argument("--keys", action="store_true", help="show the keys too: they are secret")


def _run(asked: argparse.Namespace) -> int:
    package = open_package(asked.package, test=asked.test)
    if asked.json:
        items = {
            name: describing.item(each, keys=asked.keys) for name, each in package.items.items()
        }
        put_json({"test": describing.test(package.assessment), "items": items})
        return 0
    for depth, parts in _test(package.assessment, package.items, keys=asked.keys):
        told = [each if isinstance(each, str) else each.told(asked.lang) for each in parts]
        put("  " * depth + "  ".join(part for part in told if part))
    return 0


def _test(assessment: Assessment, items: Mapping[str, Item], *, keys: bool) -> Iterator[_Line]:
    n = sum(1 for _ in assessment.refs())
    yield (
        0,
        (
            assessment.title or assessment.identifier,
            f"({assessment.file})" if assessment.file else "",
            say("{n} items", n=n) if n > 1 else say("{n} item", n=n),
            _limits(assessment.limits),
        ),
    )
    for part in assessment.parts:
        modes = (_MODES.get(mode, "") for mode in (part.navigation, part.submission))
        yield 1, (say("partie {part}", part=part.identifier), *modes, *_conditions(part))
        for section in part.sections:
            yield from _section(section, 2, items, keys=keys)


def _section(
    section: Section, depth: int, items: Mapping[str, Item], *, keys: bool
) -> Iterator[_Line]:
    chosen = section.selection
    yield (
        depth,
        (
            say("section {section}", section=section.identifier),
            section.title,
            "" if chosen is None else say("{n} au choix du tirage", n=chosen.select),
            say("ordre tiré") if section.shuffle else "",
            *_conditions(section),
        ),
    )
    for child in section.children:
        if isinstance(child, ItemRef):
            item = items.get(child.identifier)
            told = () if item is None else _item(item)
            yield depth + 1, (child.identifier, *told, *_conditions(child))
            yield from () if item is None else _declarations(item, depth + 2, keys=keys)
        else:
            yield from _section(child, depth + 1, items, keys=keys)


def _conditions(each: Controlled) -> Iterator[_Words]:
    """What decides whether, how long and how often it is met."""
    yield _limits(each.limits)
    if each.preconditions:
        yield say("sous condition")
    for rule in each.branches:
        yield say("peut mener à {target}", target=rule.target)
    attempts = each.control.max_attempts
    if attempts is not None:
        yield say("{n} essais au plus", n=attempts) if attempts else say("essais sans limite")


def _limits(limits: TimeLimits | None) -> _Words:
    if limits is None or limits.maximum is None:
        return ""
    return say("{seconds} s au plus", seconds=f"{limits.maximum:g}")


def _item(item: Item) -> Iterator[_Words]:
    yield say("«\u00a0{title}\u00a0»", title=item.title) if item.title else ""
    yield ", ".join(dict.fromkeys(each.name for each in item.interactions))
    scored = describing.scored_by(item)
    yield _SCORED.get(scored, scored)
    most = max_score(item)
    yield _points(most)
    if item.adaptive:
        yield say("adaptatif")
    if item.has_templates:
        yield say("variantes tirées")


def _points(most: float | None) -> Words:
    if most is None:
        return say("maximum inconnu")
    return say("{points} points" if most > 1 else "{points} point", points=f"{most:g}")


def _declarations(item: Item, depth: int, *, keys: bool) -> Iterator[_Line]:
    for declared in (*item.templates.values(), *item.responses.values(), *item.outcomes.values()):
        kind = "" if declared.base is None else str(declared.base)
        line = (_KINDS[declared.kind], declared.identifier, str(declared.cardinality), kind)
        yield depth, (*line, *(_key(declared) if keys else ()))


def _key(declared: Declaration) -> Iterator[_Words]:
    base, mapping = declared.base, declared.mapping
    if base is None:
        return
    if declared.correct is not None:
        members = (printed(base, member) for member in declared.correct.members)
        yield say("clé\u00a0: {key}", key=", ".join(members))
    if mapping is not None:
        entries = (
            f"{'' if each.key is None else printed(base, each.key)} → {each.value:g}"
            for each in mapping.entries
        )
        yield say("barème\u00a0: {scale}", scale=", ".join(entries))
