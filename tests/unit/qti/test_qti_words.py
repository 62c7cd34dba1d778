# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every French sentence for authors has its English, with the same blanks, and no other has.

The sentences are found in the source: literals that reach `say` or an error, directly, by a
name, or through a function or a class that hands them on.
"""

import ast
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import pytest

import encrier_qti
from encrier_qti.english import AREAS, ENGLISH
from encrier_qti.errors import ContentRefused, NotSupported
from encrier_qti.words import place, say

ENGINE: Final = Path(encrier_qti.__file__).parent
BLANK: Final = re.compile(r"\{([a-z_0-9]+)\}")
FRENCH: Final = re.compile(
    "[àâçéèêëîïôöùûüÀÉÈ’«»\u00a0]|\\b(?:ce|cette|des|doit|est|la|le|les|ne|pas|sont|une?)\\b"
)
Function = ast.FunctionDef | ast.AsyncFunctionDef


class Sink(NamedTuple):
    """Where a sentence goes in: the ranks and the keywords of a call."""

    ranks: frozenset[int]
    keywords: frozenset[str]
    passes_on: bool  # further keywords fill the blanks


class Told(NamedTuple):
    """A sentence and the keywords that fill it; None where the call does not show them."""

    template: str
    given: frozenset[str] | None
    where: str


SOURCES: Final = {
    path: ast.parse(path.read_text("utf-8"))
    for path in sorted(ENGINE.rglob("*.py"))
    if "english" not in path.parts
}


def errors() -> Iterator[str]:
    """The names of QtiError and of all that inherits from it."""
    known = {"QtiError"}
    classes = [
        n for tree in SOURCES.values() for n in ast.walk(tree) if isinstance(n, ast.ClassDef)
    ]
    while True:
        more = {c.name for c in classes if {getattr(b, "id", "") for b in c.bases} & known} - known
        if not more:
            return iter(known)
        known |= more


def called(call: ast.Call, path: Path) -> str:
    """The function of ours that is called; a private one is known in its module only."""
    function = call.func
    if isinstance(function, ast.Name):
        name = function.id
    elif isinstance(function, ast.Attribute) and getattr(function.value, "id", "") == "self":
        name = function.attr
    else:
        return ""
    return f"{path}:{name}" if name.startswith("_") else name


def sinks() -> dict[str, Sink]:
    """`say`, the errors, and every function that hands one of its parameters on to a sink."""
    error = Sink(frozenset({0, 1}), frozenset({"what", "next_step"}), passes_on=True)
    found = {"say": Sink(frozenset({0}), frozenset({"template"}), passes_on=True)}
    found |= dict.fromkeys(errors(), error)
    functions = [
        (path, node, f"{path}:{node.name}" if node.name.startswith("_") else node.name)
        for path, tree in SOURCES.items()
        for node in ast.walk(tree)
        if isinstance(node, Function) and not node.name.startswith("__")
    ]
    while True:
        before = len(found)
        for path, function, name in functions:
            if name not in found and (sink := handed_on(function, path, found)):
                found[name] = sink
        if len(found) == before:
            return found


def handed_on(function: Function, path: Path, known: dict[str, Sink]) -> Sink | None:
    asked = [a.arg for a in function.args.args if a.arg not in {"self", "cls"}]
    every = {*asked, *(a.arg for a in function.args.kwonlyargs)}
    reached = {
        name.id
        for call in ast.walk(function)
        if isinstance(call, ast.Call) and called(call, path) in known
        for given in given_to(call, known[called(call, path)])
        for name in ast.walk(given)
        if isinstance(name, ast.Name) and name.id in every
    }
    if not reached:
        return None
    ranks = frozenset(asked.index(name) for name in reached if name in asked)
    return Sink(ranks, frozenset(reached), passes_on=function.args.kwarg is not None)


def given_to(call: ast.Call, sink: Sink) -> list[ast.expr]:
    ranked = [each for rank, each in enumerate(call.args) if rank in sink.ranks]
    return ranked + [each.value for each in call.keywords if each.arg in sink.keywords]


def literals(given: ast.expr, around: list[ast.AST]) -> Iterator[str]:
    """The sentences that an expression can be: itself, or what its name was given in the file."""
    if isinstance(given, ast.Constant) and isinstance(given.value, str):
        yield given.value
    elif isinstance(given, ast.IfExp):
        yield from literals(given.body, around)
        yield from literals(given.orelse, around)
    elif isinstance(given, ast.Name):
        yield from assigned(given.id, around)
    elif isinstance(given, ast.Subscript | ast.Attribute):
        yield from literals(given.value, around)
    elif isinstance(given, ast.Call) and isinstance(given.func, ast.Attribute):
        yield from literals(given.func.value, around)  # SENTENCES.get(…)
    elif isinstance(given, ast.BoolOp):
        for each in given.values:
            yield from literals(each, around)


def assigned(name: str, around: list[ast.AST], met: frozenset[str] = frozenset()) -> Iterator[str]:
    """What a name is given in the innermost of these scopes that gives it anything."""
    for scope in around:
        found = [value for target, value in assignments(scope) if target == name]
        if found:
            for value in found:
                if isinstance(value, ast.Name) and value.id not in met:
                    yield from assigned(value.id, around, met | {name})
                texts = value.values if isinstance(value, ast.Dict) else [value]
                for text in texts:
                    yield from words_in(text)
            return


def assignments(scope: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """The names that are given something, by "=", in a loop, or one by one (append)."""
    for node in ast.walk(scope):
        targets: Sequence[ast.AST] = ()
        value: ast.expr | None = None
        if isinstance(node, ast.Assign):
            targets, value = node.targets, node.value
        elif isinstance(node, ast.AnnAssign | ast.NamedExpr):
            targets, value = [node.target], node.value
        elif isinstance(node, ast.For | ast.comprehension):
            targets, value = [*ast.walk(node.target)], node.iter
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            added = node.func.attr == "append"
            targets, value = [node.func.value] if added else (), node.args[0]
        if value is not None:
            yield from ((each.id, value) for each in targets if isinstance(each, ast.Name))


def words_in(value: ast.expr) -> Iterator[str]:
    """The sentences in a literal: a text, or a table of them."""
    if isinstance(value, ast.Call):
        return
    for node in ast.walk(value):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value:
            yield node.value


def sentences() -> Iterator[Told]:
    known, kinds = sinks(), set(errors())
    for path, tree in SOURCES.items():
        for scopes, node in nested(tree, [tree]):
            where = f"{path.relative_to(ENGINE)}:{getattr(node, 'lineno', 0)}"
            if isinstance(node, ast.ClassDef) and node.name in kinds:
                for name, value in assignments(node):
                    if name in {"what", "next_step"}:
                        yield from (Told(text, None, where) for text in literals(value, []))
            if isinstance(node, ast.Call) and (name := called(node, path)) in known:
                sink = known[name]
                filled = filling(node) if sink.passes_on else None
                for given in given_to(node, sink):
                    yield from (Told(text, filled, where) for text in literals(given, scopes))


def filling(call: ast.Call) -> frozenset[str] | None:
    named = {each.arg for each in call.keywords}
    return None if None in named else frozenset(name for name in named if name)


def nested(node: ast.AST, scopes: list[ast.AST]) -> Iterator[tuple[list[ast.AST], ast.AST]]:
    for child in ast.iter_child_nodes(node):
        yield scopes, child
        inner = [child, *scopes] if isinstance(child, Function) else scopes
        yield from nested(child, inner)


def docstrings(tree: ast.AST) -> set[int]:
    held = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    bodies = [node.body for node in ast.walk(tree) if isinstance(node, held) and node.body]
    return {id(b[0].value) for b in bodies if isinstance(b[0], ast.Expr)}


TOLD: Final = list(sentences())
TEMPLATES: Final = {told.template for told in TOLD}


def test_the_sentences_are_found() -> None:
    assert {
        "une expression est attendue.",  # given to a function that hands it on
        "les coordonnées ne conviennent pas à cette forme.",  # through two of them
        "une clé de {name} n’est pas parmi les choix proposés.",  # by a name
        "ce fichier n’est pas du XML lisible.",  # in a class
    } <= TEMPLATES


def test_every_sentence_for_authors_has_its_english() -> None:
    assert sorted(f"{t.template!r} ({t.where})" for t in TOLD if t.template not in ENGLISH) == []


def test_no_english_is_left_without_its_french() -> None:
    assert sorted(set(ENGLISH) - TEMPLATES) == []


def test_no_sentence_is_in_two_areas() -> None:
    counted = Counter(template for area in AREAS for template in area)
    assert [template for template, times in counted.items() if times > 1] == []


@pytest.mark.parametrize("french", sorted(ENGLISH))
def test_both_languages_have_the_same_blanks_and_end_alike(french: str) -> None:
    english = ENGLISH[french]
    assert Counter(BLANK.findall(french)) == Counter(BLANK.findall(english))
    assert french.endswith(".") == english.endswith(".")
    assert not re.search("[’\u00a0\u202f«»]", english)


@pytest.mark.parametrize("french", sorted(TEMPLATES))
def test_french_is_set_as_in_france(french: str) -> None:
    assert "'" not in french, "’ is the apostrophe"
    assert not re.search(r"[^\u00a0][;!?»]|«[^\u00a0]|[^\u00a0\"]:(?!//)", french), (
        "a no-break space"
    )


def test_every_blank_is_filled() -> None:
    """A name that is given several sentences may reach a call that fills another's blanks."""
    filled = {
        told.template
        for told in TOLD
        if told.given is None or set(BLANK.findall(told.template)) <= told.given
    }
    assert sorted(f"{t.template!r} ({t.where})" for t in TOLD if t.template not in filled) == []


def test_no_french_sentence_is_told_past_the_templates() -> None:
    past = [
        f"{path.relative_to(ENGINE)}:{node.lineno} {node.value!r}"
        for path, tree in SOURCES.items()
        for written in [docstrings(tree)]
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if id(node) not in written and node.value not in TEMPLATES
        if FRENCH.search(node.value) and " " in node.value.strip()
    ]
    assert past == []


def test_a_sentence_is_told_in_either_language() -> None:
    words = say("l’attribut {attribute} manque.", attribute="base")
    assert str(words) == words.told("fr") == "l’attribut base manque."
    assert words.told("en") == "the attribute base is missing."


def test_a_sentence_without_english_is_told_in_french() -> None:
    assert say("sans pareille.").told("en") == "sans pareille."


def test_an_error_says_where_what_and_what_to_do() -> None:
    error = ContentRefused(
        "l’attribut {attribute} manque.", file="a.xml", line=3, element="qti-sum", attribute="base"
    )
    assert error.told("fr").startswith(
        "a.xml, ligne 3\u00a0: qti-sum\u00a0: l’attribut base manque. Corrigez-le"
    )
    assert error.told("en").startswith(
        "a.xml, line 3: qti-sum: the attribute base is missing. Correct it"
    )
    assert error.told("fr") == str(error)


def test_a_place_says_no_more_than_is_known() -> None:
    assert place("", 0, "") == ""
    assert place("a.xml", 0, "", "en") == "a.xml: "
    assert NotSupported().told("en").startswith("this element of QTI 3")
