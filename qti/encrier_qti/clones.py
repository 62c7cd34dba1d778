# SPDX-License-Identifier: AGPL-3.0-or-later
"""Clones: from an item with template variables to one without, by a seed.

QTI 3.0 ASI information model, "Item Cloning" and "TemplateProcessing". The
same seed gives the same clone. In a clone the template variables are
constants, held as the defaults of their declarations, and so are the keys and
the defaults that template processing set. Knows keys.
"""

from collections.abc import Mapping, Sequence
from random import Random
from typing import Final

from msgspec.structs import replace

from encrier_qti.errors import ContentRefused
from encrier_qti.model import Assessment, Declaration, Item, Node
from encrier_qti.processing.programs import Frame, Operator, Run, Scope
from encrier_qti.rules.assignment import converted, fits
from encrier_qti.rules.registry import scope_of
from encrier_qti.rules.template_constraint import Unsatisfied
from encrier_qti.values import Value
from encrier_qti.variables import all_variables, first_value

SEED: Final = "0"  # of the clone that an author's tools show
MOST_DRAWS: Final = 100  # "the maximum number of times ... is assumed to be 100"


def clone(
    item: Item,
    *,
    seed: str = SEED,
    defaults: Mapping[str, Value | None] | None = None,
    operators: Mapping[str, Operator] | None = None,
) -> Item:
    """Give the clone of an item for a seed; an item without templates is its own clone.

    `defaults` take the place of those of the template variables. Raises
    ContentRefused, NotSupported or WrongType where template processing is wrong.
    """
    if defaults:
        item = replace(item, templates=_with_defaults(item, defaults))
    if item.template_processing is None:
        return item
    variables = all_variables(item)
    frame = Frame({name: first_value(each) for name, each in variables.items()})
    frame.chance = Random(f"{seed}/{item.identifier}")  # noqa: S311  it must be repeatable
    scope = scope_of(variables, stage="template", operators=operators)
    try:
        settle(item.template_processing, scope, frame)
    except OverflowError:
        what = "un nombre du traitement de modèle dépasse ce qui peut être calculé."
        raise ContentRefused(what, file=item.file, line=item.template_processing.line) from None
    return _constant(item, frame)


def clones_of(
    assessment: Assessment,
    items: Mapping[str, Item],
    *,
    seed: str = SEED,
    operators: Mapping[str, Operator] | None = None,
) -> dict[str, Item]:
    """Give the items of a test as they are published, by the identifier of their reference.

    Scoring and delivery both start from these. An expression of a
    qti-template-default may use constants and the test's own outcomes.
    `operators`: registered custom operators by their `class`. Raises as `clone`.
    """
    scope = scope_of(assessment.outcomes, stage="outcome", operators=operators)
    frame = Frame({name: first_value(each) for name, each in assessment.outcomes.items()})
    return {
        ref.identifier: clone(
            items[ref.identifier],
            seed=seed,
            defaults={
                each.template: scope.expression(each.expression)(frame)
                for each in ref.template_defaults
            },
            operators=operators,
        )
        for ref in assessment.refs()
    }


def settle(processing: Node, scope: Scope, frame: Frame) -> None:
    """Run template processing on a frame until its constraints hold.

    After MOST_DRAWS the template variables have their defaults, and processing
    goes on after the constraint that does not hold.
    """
    steps: Sequence[Run] = [scope.rules([rule]) for rule in processing.children]
    draws, at = 0, 0
    while at < len(steps):
        try:
            if steps[at](frame):
                return
        except Unsatisfied:
            draws += 1
            _reset(scope.declarations, frame)
            if draws < MOST_DRAWS:
                at = 0
                continue
        at += 1


def _reset(declarations: Mapping[str, Declaration], frame: Frame) -> None:
    """Put back what was drawn; a response that was given a default starts from its own again."""
    touched = {name for _, name in frame.settings or ()}
    for name, declaration in declarations.items():
        if declaration.kind == "template" or name in touched:
            frame[name] = declaration.default
    frame.settings = None


def _with_defaults(item: Item, defaults: Mapping[str, Value | None]) -> Mapping[str, Declaration]:
    templates = dict(item.templates)
    for name, value in defaults.items():
        declaration = templates.get(name)
        if declaration is None:
            raise ContentRefused(
                "le test donne une valeur à une variable de modèle que cet item n’a pas.",
                file=item.file,
            )
        place = Node(name="", file=item.file, line=declaration.line, attributes={})
        held = value
        if value is not None and not fits(value, declaration):
            held = converted(value, declaration, place)
        templates[name] = replace(declaration, default=held)
    return templates


def _constant(item: Item, frame: Frame) -> Item:
    settings = frame.settings or {}

    def settled(declaration: Declaration) -> Declaration:
        name = declaration.identifier
        default = settings.get(("default", name), declaration.default)
        correct = settings.get(("correct", name), declaration.correct)
        return replace(declaration, default=default, correct=correct)

    templates = item.templates.items()
    return replace(
        item,
        templates={name: replace(each, default=frame[name]) for name, each in templates},
        responses={name: settled(each) for name, each in item.responses.items()},
        outcomes={name: settled(each) for name, each in item.outcomes.items()},
        template_processing=None,
    )
