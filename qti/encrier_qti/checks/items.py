# SPDX-License-Identifier: AGPL-3.0-or-later
"""Checks of one item: its identifiers, keys, scoring, and what will not travel."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from lxml import etree

from encrier_qti.checks.finding import Finding, of_error
from encrier_qti.checks.interactions import check_interactions
from encrier_qti.checks.names import unknown_names
from encrier_qti.checks.pointers import check_pointers
from encrier_qti.checks.reach import best_score
from encrier_qti.checks.static_types import wrong_types
from encrier_qti.clones import clone
from encrier_qti.delivery.index import NAME
from encrier_qti.delivery.strip import strip_item
from encrier_qti.errors import QtiError
from encrier_qti.model import Declaration, Interaction, Item, MapEntry
from encrier_qti.reading.inclusion import expand
from encrier_qti.reading.safe_xml import QTI
from encrier_qti.scoring import SCORE, compile_item, score_of
from encrier_qti.values import BaseType, Scalar, Value
from encrier_qti.words import say

_IDENTIFIER: Final = re.compile(NAME)
_NAMES: Final = {BaseType.IDENTIFIER, BaseType.PAIR, BaseType.DIRECTED_PAIR}
_MAXSCORE: Final = "MAXSCORE"
_NOISE: Final = 1e-9  # of floats that should be equal


def check_item(
    item: Item,
    *,
    expected: str,
    contents: Mapping[str, bytes],
    allowed_pci: frozenset[str] = frozenset(),
) -> Iterable[Finding]:
    """Check one item; `expected` is the identifier by which the test calls it.

    `allowed_pci`: the types of portable custom interactions that may run.
    """
    root = expand(contents[item.file], file=item.file, files=contents).root
    yield from _identifiers(item, expected)
    yield from _declared(item)
    yield from check_interactions(item, root)
    yield from check_pointers(item, root)
    yield from _duplicates(item)
    for interaction in item.interactions:
        declaration = item.responses.get(interaction.response)
        if declaration is not None:
            yield from _keys_among_choices(item, interaction, declaration)
            yield from _order_shown(item, interaction, declaration)
    yield from _scoring(item, root)
    yield from _travel(item, contents, allowed_pci)
    yield from _style(item, root)


def max_score(item: Item) -> float | None:
    """The highest score that an item says it gives, or None if it does not say.

    MAXSCORE, else the normal-maximum of SCORE.
    """
    announced = _announced(item)
    if announced is not None:
        member = next(iter(announced.members), None)  # a record has none
        return float(member) if isinstance(member, int | float) else None
    score = item.outcomes.get(SCORE)
    return None if score is None else score.normal_maximum


def _announced(item: Item) -> Value | None:
    """MAXSCORE: its default, or what processing makes of it before any answer, as in APIP."""
    declared = item.outcomes.get(_MAXSCORE)
    rules = item.processing.walk() if item.processing is not None else ()
    computed = any(
        rule.name == "qti-set-outcome-value" and rule.attributes.get("identifier") == _MAXSCORE
        for rule in rules
    )
    if declared is None or not computed:
        return declared.default if declared else None
    try:
        return compile_item(item).score({})[_MAXSCORE]
    except QtiError:
        return declared.default


def _finding(kind: str, item: Item, *, line: int, what: str, **named: str) -> Finding:
    told = say(what, **named)
    return Finding(kind=kind, severity="error", file=item.file, line=line, what=told)


def _identifiers(item: Item, expected: str) -> Iterable[Finding]:
    if not _IDENTIFIER.fullmatch(expected):
        what = "l’identifiant de l’item n’est pas fait de lettres, chiffres et _ . -, 128 au plus."
        yield _finding("identifier-form", item, line=0, what=what)
    if item.identifier != expected:
        told = say("l’item se nomme autrement que dans le test.")
        yield Finding(
            kind="identifier-mismatch", severity="warning", file=item.file, line=0, what=told
        )


def _declared(item: Item) -> Iterable[Finding]:
    used: set[str] = set()
    for interaction in item.interactions:
        if interaction.response not in item.responses:
            what = "l’interaction {name} répond à une variable qui n’est pas déclarée."
            at, name = interaction.line, interaction.name
            yield _finding("undeclared-response", item, line=at, what=what, name=name)
        elif interaction.response in used:
            what = "deux interactions répondent à la même variable."
            yield _finding("shared-response", item, line=interaction.line, what=what)
        used.add(interaction.response)
    for name, declaration in item.responses.items():
        if name not in used:
            yield Finding(
                kind="unused-response",
                severity="warning",
                file=item.file,
                line=declaration.line,
                what=say("aucune interaction ne répond à {name}.", name=name),
            )


def _duplicates(item: Item) -> Iterable[Finding]:
    for interaction in item.interactions:
        for group in (interaction.choices, interaction.targets):
            if len(set(group)) < len(group):
                what = "deux choix de cette interaction portent le même identifiant."
                yield _finding("duplicate-identifier", item, line=interaction.line, what=what)
            if "" in group:
                what = "un choix de cette interaction n’a pas d’identifiant."
                yield _finding("missing-identifier", item, line=interaction.line, what=what)


def _keys_among_choices(
    item: Item, interaction: Interaction, declaration: Declaration
) -> Iterable[Finding]:
    offered = {*interaction.choices, *interaction.targets}
    if not offered or declaration.base not in _NAMES:
        return
    keys = [] if declaration.correct is None else list(declaration.correct.members)
    entries: tuple[MapEntry, ...] = (
        () if declaration.mapping is None else declaration.mapping.entries
    )
    keys += [entry.key for entry in entries if entry.key is not None]
    if not all(_names(key) <= offered for key in keys):
        what = "une clé de {name} n’est pas parmi les choix proposés."
        at, name = declaration.line, declaration.identifier
        yield _finding("key-outside-choices", item, line=at, what=what, name=name)


def _order_shown(
    item: Item, interaction: Interaction, declaration: Declaration
) -> Iterable[Finding]:
    """An order to find that the page shows, as written or by the identifiers."""
    if interaction.name not in {"order", "graphic-order"} or declaration.correct is None:
        return
    key = [str(member) for member in declaration.correct.members]
    shown = [choice for choice in interaction.choices if choice in key]
    if not interaction.shuffled and key == shown and len(key) > 1:
        what = "les éléments à ordonner sont montrés dans le bon ordre."
        yield _finding("order-shown", item, line=interaction.line, what=what)
    elif key == sorted(key) and len(key) > 1:
        yield Finding(
            kind="order-in-names",
            severity="warning",
            file=item.file,
            line=interaction.line,
            what=say("l’ordre alphabétique des identifiants est le bon ordre."),
            next_step=say("Renommez les choix : le navigateur de l’élève voit leurs identifiants."),
        )


def _names(key: Scalar) -> set[str]:
    return {str(part) for part in key} if isinstance(key, tuple) else {str(key)}


def _scoring(item: Item, root: etree._Element) -> Iterable[Finding]:
    score = item.outcomes.get(SCORE)
    if score is not None and score.scored_by:
        return
    if item.processing is None or score is None:
        yield Finding(
            kind="not-scored",
            severity="warning",
            file=item.file,
            line=0,
            what=say("cet item ne calcule pas de SCORE : il compte 0 pour tous."),
            next_step=say("C’est voulu si une personne corrige ; sinon, ajoutez un traitement."),
        )
        return
    try:
        published = clone(item)
        program = compile_item(published)
        told = [*unknown_names(item), *wrong_types(item)]
        if told:
            yield from (of_error("cannot-score", error) for error in told)
            return
        best = score_of(program.prove(_right_answers(published)))
        program.prove({})
    except QtiError as error:
        yield of_error("cannot-score", error)
        return
    yield from _maximum(published, best=best, possible=best_score(published, program, root))


def _maximum(item: Item, *, best: float, possible: float | None) -> Iterable[Finding]:
    """Compare what the key gets, and what any answer can get, with what the item promises."""
    maximum = max_score(item)
    if maximum is None:
        told = say("l’item ne dit pas son score maximal (MAXSCORE ou normal-maximum).")
        yield Finding(kind="no-maximum", severity="warning", file=item.file, line=0, what=told)
        return
    declared = item.responses.values()
    keyed = not item.adaptive and any(each.correct is not None for each in declared)
    if possible is not None and possible < maximum - _NOISE:
        what = "aucune réponse n’obtient le score maximal que l’item annonce."
        yield _finding("score-unreachable", item, line=0, what=what)
    elif possible is not None and possible > maximum + _NOISE:
        what = "une réponse obtient plus que le score maximal que l’item annonce."
        yield _finding("score-above-maximum", item, line=0, what=what)
    elif keyed and abs(best - maximum) > _NOISE:
        what = "la réponse donnée comme correcte n’obtient pas le score maximal de l’item."
        yield _finding("key-not-best", item, line=0, what=what)


def _right_answers(item: Item) -> dict[str, list[str]]:
    keys = {name: declared.correct for name, declared in item.responses.items()}
    return {name: key.texts() for name, key in keys.items() if key is not None}


def _style(item: Item, root: etree._Element) -> Iterable[Finding]:
    """Style sheets, of the whole file: `check` tells once what many items share."""
    if root.find(f"{{{QTI}}}qti-stylesheet") is not None:
        yield Finding(
            kind="ignored",
            severity="warning",
            file=item.file,
            line=0,
            element="qti-stylesheet",
            what=say("les feuilles de style ne sont pas servies\u00a0: le lecteur a les siennes."),
            next_step=say("Regardez l’item par encrier qti preview."),
        )


def _travel(
    item: Item, contents: Mapping[str, bytes], allowed_pci: frozenset[str]
) -> Iterable[Finding]:
    try:
        stripped = strip_item(
            contents[item.file], file=item.file, files=contents, allowed_pci=allowed_pci
        )
    except QtiError as error:
        yield of_error("cannot-travel", error)
        return
    for dropped in stripped.unknown:
        yield Finding(
            kind="unknown-element",
            severity="warning",
            file=item.file,
            line=dropped.line,
            what=say("cet élément est inconnu : il n’est pas montré aux élèves."),
            element=dropped.name,
        )
