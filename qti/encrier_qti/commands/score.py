# SPDX-License-Identifier: AGPL-3.0-or-later
"""`encrier qti score`: one pupil's answers to a test, or the outcomes of one item.

Prints scores and outcomes, never a key. What is wrong with an answer is
reported by the identifier of its response, never by what it holds.
"""

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from encrier_qti.answers import Answers
from encrier_qti.cases import recorded
from encrier_qti.clones import SEED
from encrier_qti.commands.asking import AskedWrongly, Verb, add_verb, put, put_json, tell
from encrier_qti.commands.native import read_json, responses
from encrier_qti.commands.opening import add_package, add_test, one_item
from encrier_qti.errors import AnswersRefused
from encrier_qti.model import COMPLETION, Item
from encrier_qti.package import Package, open_package
from encrier_qti.scoring import Remark, Scored, compile_item, compile_test
from encrier_qti.values import Value
from encrier_qti.words import Language, Words, place, say

if TYPE_CHECKING:
    from encrier_qti.commands.asking import Commands

_VERB: Final = Verb(
    "score",
    "score one pupil's answers",
    "Score one pupil's answers to a test, item by item and domain by domain, or those to one item.",
    "score item.xml --responses pupil.json --json",
)
_WHY: Final[Mapping[str, Words]] = {
    "unknown": say("l’item n’a pas de réponse de ce nom."),
    "too-many": say("plusieurs valeurs là où une seule est attendue\u00a0: comptée comme vide."),
    "bad-form": say("une valeur n’a pas la forme attendue\u00a0: comptée comme vide."),
    "wrong-type": say("le traitement de la réponse de l’item échoue avec ces réponses."),
}


def add(commands: "Commands") -> None:
    """Add the verb."""
    parser = add_verb(commands, _VERB, _run)
    add_package(parser)
    add_test(parser)
    parser.add_argument("--seed", default=SEED, help="of items with variants; default: %(default)s")
    parser.add_argument(
        "answers",
        metavar="ANSWERS.json",
        type=Path,
        nargs="?",
        help='of a whole test: {"item": {"RESPONSE": ["value"]}}',
    )
    parser.add_argument(
        "--responses",
        metavar="FILE.json",
        type=Path,
        help='of one item: {"RESPONSE": "B"}, or lists, pairs, points, numbers',
    )


def outcomes_of(item: Item, answers: Answers, *, seed: str = SEED) -> Scored:
    """Score one item; the completion status is among its outcomes, as QTI has it."""
    program = compile_item(item, seed=seed)
    if COMPLETION in program.outcomes:
        return program.score_with_remarks(answers)
    return replace(program, outcomes=(*program.outcomes, COMPLETION)).score_with_remarks(answers)


def _run(asked: argparse.Namespace) -> int:
    if (asked.answers is None) == (asked.responses is None):
        raise AskedWrongly(
            "il faut un fichier de réponses, et un seul.",
            "Donnez ANSWERS.json pour un test, ou --responses FILE.json pour un item.",
        )
    if asked.responses is not None:
        return _score_item(asked)
    return _score_test(asked)


def _score_item(asked: argparse.Namespace) -> int:
    item = one_item(asked.package)
    file = asked.responses.name
    answers = responses(read_json(asked.responses), item.responses, file=file)
    scored = outcomes_of(item, answers, seed=asked.seed)
    if asked.json:
        outcomes = {name: recorded.written(value) for name, value in scored.outcomes.items()}
        told = [{"response": each.response, "why": each.why} for each in scored.remarks]
        put_json({"item": item.identifier, "outcomes": outcomes, "remarks": told})
        return 0
    for name, value in scored.outcomes.items():
        put(f"{name}\t{_shown(value)}")
    for remark in scored.remarks:
        tell(_told(remark, asked.lang))
    return 0


def _shown(value: Value | None) -> str:
    if value is None:
        return "NULL"
    if value.fields:
        return ", ".join(f"{name}: {_shown(each)}" for name, each in value.fields)
    return ", ".join(value.texts())


def _told(remark: Remark, language: Language) -> str:
    why = _WHY[remark.why].told(language) if remark.why in _WHY else remark.why
    return f"{place('', 0, remark.response, language)}{why}"


def _score_test(asked: argparse.Namespace) -> int:
    package = open_package(asked.package, test=asked.test)
    program = compile_test(package.assessment, package.items, seed=asked.seed)
    answers = _answers(asked, package.items)
    scores = program.score(answers)
    domains = {} if package.reporting is None else package.reporting.by_domain(scores)
    if asked.json:
        put_json({"scores": scores, "domains": domains})
        return 0
    put(*(f"{item}\t{points:g}" for item, points in scores.items()))
    for name, points in domains.items():
        put(f"{name}\t{points:g}\t{_group(package, name, points)}")
    return 0


def _answers(asked: argparse.Namespace, items: Mapping[str, Item]) -> dict[str, Answers]:
    """Read the answers to the items of a test; say which are for an item that it has not."""
    file = asked.answers.name
    written = read_json(asked.answers)
    if not isinstance(written, dict):
        raise AnswersRefused(file=file)
    for name in sorted(set(written) - set(items)):
        tell(say("{item} n’est pas un item de ce test.", item=repr(name)).told(asked.lang))
    return {
        name: responses(written[name], item.responses, file=file)
        for name, item in items.items()
        if name in written
    }


def _group(package: Package, domain: str, points: float) -> str:
    domains = () if package.reporting is None else package.reporting.domains
    return next(each.group(points) for each in domains if each.id == domain)
