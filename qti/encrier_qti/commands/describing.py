# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is in a test and in an item, as plain records that `show` prints or writes in JSON.

A key is told only where it is asked for (`keys=True`).
"""

from collections.abc import Mapping
from typing import Final

from encrier_qti.cases import recorded
from encrier_qti.checks.items import max_score
from encrier_qti.model import (
    Assessment,
    Controlled,
    Declaration,
    Item,
    ItemRef,
    Part,
    Section,
    SessionControl,
    TimeLimits,
)
from encrier_qti.values import printed

Described = dict[str, object]

RULES: Final = "rules"  # its own rules
NO_RULES: Final = "none"  # not scored


def test(assessment: Assessment) -> Described:
    """Describe a test: its parts, their sections, what is in them by identifier."""
    return {
        "identifier": assessment.identifier,
        "title": assessment.title,
        "lang": assessment.lang,
        "file": assessment.file,
        "n_items": sum(1 for _ in assessment.refs()),
        "limits": _limits(assessment.limits),
        "outcomes": {name: _declared(each) for name, each in assessment.outcomes.items()},
        "outcome_processing": assessment.processing is not None,
        "parts": [_part(part) for part in assessment.parts],
    }


def item(item: Item, *, keys: bool) -> Described:
    """Describe an item; `keys`: with its correct responses and mappings."""
    return {
        "identifier": item.identifier,
        "title": item.title,
        "lang": item.lang,
        "file": item.file,
        "adaptive": item.adaptive,
        "cloned": item.has_templates,
        "interactions": [
            {"name": each.name, "response": each.response, "n_choices": len(each.choices)}
            for each in item.interactions
        ],
        "responses": {
            name: _declared(each) | (_key(each) if keys else {})
            for name, each in item.responses.items()
        },
        "outcomes": {name: _declared(each) for name, each in item.outcomes.items()},
        "templates": {name: _declared(each) for name, each in item.templates.items()},
        "scored_by": scored_by(item),
        "maximum": max_score(item),
    }


def scored_by(item: Item) -> str:
    """Give the template of its response processing, "rules" for its own, "none" for none."""
    if item.processing is None:
        return NO_RULES
    if item.processing.children:
        return RULES
    written = item.processing.attributes
    named = written.get("template", "") or written.get("template-location", "")
    return named.strip().rsplit("/", 1)[-1].removesuffix(".xml") or NO_RULES


def _part(part: Part) -> Described:
    return {
        **_controlled(part),
        "title": part.title,
        "navigation": part.navigation,
        "submission": part.submission,
        "sections": [_section(section) for section in part.sections],
    }


def _section(section: Section) -> Described:
    chosen = section.selection
    return {
        **_controlled(section),
        "title": section.title,
        "select": None if chosen is None else chosen.select,
        "with_replacement": chosen is not None and chosen.with_replacement,
        "shuffle": section.shuffle,
        "visible": section.visible,
        "children": [
            _ref(child) if isinstance(child, ItemRef) else _section(child)
            for child in section.children
        ],
    }


def _ref(ref: ItemRef) -> Described:
    return {
        **_controlled(ref),
        "item": ref.reference.path,
        "categories": list(ref.categories),
        "weights": dict(ref.weights),
    }


def _controlled(each: Controlled) -> Described:
    return {
        "identifier": each.identifier,
        "limits": _limits(each.limits),
        "control": _control(each.control),
        "n_preconditions": len(each.preconditions),
        "branches_to": [rule.target for rule in each.branches],
    }


def _limits(limits: TimeLimits | None) -> Described | None:
    if limits is None:
        return None
    return {
        "minimum_s": limits.minimum,
        "maximum_s": limits.maximum,
        "allow_late_submission": limits.allow_late_submission,
    }


def _control(control: SessionControl) -> Described:
    """Only what is written: the rest is inherited."""
    fields = {name: getattr(control, name) for name in SessionControl.__struct_fields__}
    return {name: value for name, value in fields.items() if value is not None}


def _declared(declaration: Declaration) -> Described:
    base = declaration.base
    return {
        "cardinality": str(declaration.cardinality),
        "base_type": None if base is None else str(base),
    }


def _key(declaration: Declaration) -> Described:
    mapping, base = declaration.mapping, declaration.base
    told: Described = {"correct": recorded.written(declaration.correct)}
    if mapping is not None and base is not None:
        pairs: Mapping[str, float] = {
            "" if entry.key is None else printed(base, entry.key): entry.value
            for entry in mapping.entries
        }
        told["mapping"] = pairs
    if declaration.area_mapping is not None:
        told["areas"] = [
            {"shape": area.shape, "coords": list(area.coords), "value": area.value}
            for area in declaration.area_mapping.areas
        ]
    return told
