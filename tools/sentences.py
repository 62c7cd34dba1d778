# SPDX-License-Identifier: AGPL-3.0-or-later
"""Finds every French sentence that the names zone may show, where it is written.

In templates: `translate`, `blocktranslate` and `_("…")`, read by Django's own parser, so that a
sentence is found exactly as it will be asked for. In Python: what is given to gettext or `said`,
and the two sentences of each error that is shown as a page. Nothing is imported or run.
"""

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from django.template import Template
from django.template.base import Node, Origin
from django.template.engine import Engine
from django.templatetags.i18n import BlockTranslateNode, TranslateNode

from encrier_names import django_settings
from encrier_names.language.again import PARTS
from encrier_names.rosters.defects import KINDS, SOURCES

PACKAGE: Final = Path(django_settings.__file__).parent
TEMPLATES: Final = PACKAGE / "templates"
# How many sentences each function takes, and whether a context comes first.
_GIVEN: Final[Mapping[str, tuple[int, bool]]] = {
    "gettext": (1, False),
    "gettext_lazy": (1, False),
    "gettext_noop": (1, False),
    "ngettext": (2, False),
    "ngettext_lazy": (2, False),
    "pgettext": (1, True),
    "pgettext_lazy": (1, True),
    "said": (1, False),
    "counted": (2, False),
}
_MODULES: Final = ("django.utils.translation", "encrier_names.language.said")
_IN_A_TAG: Final = re.compile(r"""\b_\(("[^"]*"|'[^']*')\)""")
ROSTERS: Final = "rosters/"
SENTENCES: Final = ("what", "next_step")  # of an error


class Sentence(NamedTuple):
    """One sentence, its plural if it has one, and the file that shows it."""

    text: str
    plural: str | None
    context: str | None
    place: str


class NotASentence(Exception):
    """What is given to gettext is put together at run time: nobody can translate it."""


def every() -> list[Sentence]:
    """Every sentence of the zone, file by file."""
    found: list[Sentence] = []
    for file in sorted(TEMPLATES.rglob("*.*")):
        found += in_template(file.read_text(encoding="utf-8"), _shown(file))
    trees = {file: ast.parse(file.read_text(encoding="utf-8")) for file in modules()}
    for file, tree in trees.items():
        found += in_python(tree, _shown(file))
    return found + list(of_errors(trees))


def modules() -> list[Path]:
    """The Python files of the zone, without migrations."""
    return [file for file in sorted(PACKAGE.rglob("*.py")) if "migrations" not in file.parts]


def engine() -> Engine:
    """Django's reader of templates, with our own tags, and no settings."""
    builtins = django_settings.TEMPLATES[0]["OPTIONS"]["builtins"]  # type: ignore[index] # a dict
    return Engine(dirs=[str(TEMPLATES)], builtins=builtins)


def in_template(source: str, place: str) -> Iterator[Sentence]:
    """The sentences of one template."""
    template = Template(source, Origin(place), place, engine())
    for node in template.nodelist.get_nodes_by_type(Node):
        if isinstance(node, BlockTranslateNode):
            text, _names = node.render_token_list(node.singular)
            plural = node.render_token_list(node.plural)[0] if node.plural else None
            yield Sentence(text, plural, _constant(node.message_context), place)
        elif isinstance(node, TranslateNode):
            text = _constant(node.filter_expression) or ""
            if text:
                context = _constant(node.message_context)
                yield Sentence(text.replace("%", "%%"), None, context, place)
    for written in _IN_A_TAG.findall(source):
        yield Sentence(written[1:-1].replace("%", "%%"), None, None, place)


def in_python(tree: ast.Module, place: str) -> Iterator[Sentence]:
    """What one module gives to gettext, under whatever name it has it."""
    known = {
        name.asname or name.name: name.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module in _MODULES
        for name in node.names
        if name.name in _GIVEN
    }
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
            continue
        if node.func.id not in known:
            continue
        n_sentences, has_context = _GIVEN[known[node.func.id]]
        given = node.args[: n_sentences + has_context]
        if all(isinstance(one, ast.Constant) for one in given):
            texts = [str(one.value) for one in given if isinstance(one, ast.Constant)]
            context = texts.pop(0) if has_context else None
            yield Sentence(texts[0], texts[1] if n_sentences > 1 else None, context, place)
        elif not isinstance(given[0], ast.Name | ast.Attribute | ast.Subscript):
            raise NotASentence(f"{place}:{node.lineno}")


def of_errors(trees: Mapping[Path, ast.Module]) -> Iterator[Sentence]:
    """Both sentences of each error that a page may show.

    Those with a `status`, its own or that of a class above it, and all that rosters say; there
    also the sentences with which an error is raised.
    """
    all_of_them = [
        (node, _shown(file))
        for file, tree in trees.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    ]
    classes = {node.name: (node, place) for node, place in all_of_them}  # two may share a name
    for node, place in all_of_them:
        if "status" in _written(node, classes) or place.startswith(ROSTERS):
            own = _written(node, {})
            yield from (Sentence(own[name], None, None, place) for name in SENTENCES if name in own)
    shown = {
        name for name, (node, _place) in classes.items() if "status" in _written(node, classes)
    }
    for file, tree in trees.items():
        is_all = _shown(file).startswith(ROSTERS)
        asked = shown | (classes.keys() - {"Words"}) if is_all else shown
        for call in ast.walk(tree):
            if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
                continue
            if call.func.id in asked:
                yield from _given(call, _shown(file))
    facts = (one for words in KINDS.values() for one in (words.sentence, words.advice))
    for one in (*facts, *SOURCES.values(), *PARTS):
        yield Sentence(one, None, None, "rosters/defects.py")


def _given(call: ast.Call, place: str) -> Iterator[Sentence]:
    for given in call.args:
        if isinstance(given, ast.Constant) and isinstance(given.value, str):
            yield Sentence(given.value, None, None, place)


def _written(node: ast.ClassDef, classes: Mapping[str, tuple[ast.ClassDef, str]]) -> dict[str, str]:
    """What a class, or one of `classes` above it, gives as constants."""
    found: dict[str, str] = {}
    for base in node.bases:
        if isinstance(base, ast.Name) and base.id in classes:
            found |= _written(classes[base.id][0], classes)
    for line in node.body:
        if isinstance(line, ast.Assign) and isinstance(line.value, ast.Constant):
            found |= {t.id: str(line.value.value) for t in line.targets if isinstance(t, ast.Name)}
    return found


def _constant(expression: object) -> str | None:
    """The text of a filter expression that is a literal."""
    literal = getattr(getattr(expression, "var", expression), "literal", None)
    return str(literal) if literal is not None else None


def _shown(file: Path) -> str:
    return file.relative_to(PACKAGE).as_posix()
