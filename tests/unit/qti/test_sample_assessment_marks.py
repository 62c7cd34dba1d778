# SPDX-License-Identifier: AGPL-3.0-or-later
"""The sample assessment, its marks: keys, maxima, domains and the pupils marked by hand.

Checks the figures against each other and against the items' declarations; knows
nothing of our own engine, so that the engine can be checked against these figures.
"""

import itertools
import json
import re
from functools import cache
from pathlib import Path
from typing import TypedDict

import pytest
from lxml import etree

PACKAGE = Path(__file__).resolve().parents[3] / "demo" / "assessments" / "sixieme-debut"
QTI = "{http://www.imsglobal.org/xsd/imsqtiasi_v3p0}"
ITEMS = sorted(path.stem for path in (PACKAGE / "items").glob("*.xml"))
CHOICES = ("qti-simple-choice", "qti-inline-choice", "qti-hottext", "qti-hotspot-choice")
SOURCES = ("qti-gap-text",)
TARGETS = ("qti-gap", "qti-associable-hotspot")
MATCH_CORRECT = "match_correct.xml"
MAP_RESPONSE = "map_response.xml"


class Domain(TypedDict):
    id: str
    label: str
    subject: str
    measures: str
    next_steps: dict[str, str]
    items: list[str]
    max_score: float
    thresholds: list[float]


class Reporting(TypedDict):
    v: int
    title: str
    domains: list[Domain]


class Pattern(TypedDict):
    id: str
    about: str
    answers: dict[str, dict[str, list[str]]]
    scores: dict[str, float]
    domains: dict[str, float]
    groups: dict[str, str]


REPORTING: Reporting = json.loads((PACKAGE / "encrier-reporting.json").read_text("utf-8"))
PATTERNS: list[Pattern] = json.loads((PACKAGE / "hand-scored.json").read_text("utf-8"))["patterns"]

by_item = pytest.mark.parametrize("item", ITEMS)
by_domain = pytest.mark.parametrize("domain", REPORTING["domains"], ids=lambda d: d["id"])
by_pattern = pytest.mark.parametrize("pattern", PATTERNS, ids=lambda p: p["id"])


@cache
def root_of(item: str) -> etree._Element:
    return etree.parse(str(PACKAGE / "items" / f"{item}.xml")).getroot()


def declarations_of(item: str) -> dict[str, etree._Element]:
    return {
        str(node.get("identifier")): node
        for node in root_of(item).iter(QTI + "qti-response-declaration")
    }


def correct_of(declaration: etree._Element) -> list[str]:
    return [str(node.text) for node in declaration.iterfind(f"{QTI}qti-correct-response/*")]


def mapping_of(declaration: etree._Element) -> dict[str, float]:
    entries = declaration.iter(QTI + "qti-map-entry")
    return {str(node.get("map-key")): float(str(node.get("mapped-value"))) for node in entries}


def default_of(item: str, outcome: str) -> float:
    path = f".//{QTI}qti-outcome-declaration[@identifier='{outcome}']//{QTI}qti-value"
    return float(str(root_of(item).findtext(path)))


def template_of(item: str) -> str | None:
    processing = root_of(item).find(QTI + "qti-response-processing")
    template = None if processing is None else processing.get("template")
    return None if template is None else template.rsplit("/", 1)[-1]


def names_in(scope: etree._Element, tags: tuple[str, ...]) -> set[str]:
    return {str(node.get("identifier")) for tag in tags for node in scope.iter(QTI + tag)}


def possible_in(item: str, response: str) -> set[str] | None:
    """What a pupil can answer with, or None where the answer is typed or a number."""
    scope = root_of(item).find(f".//*[@response-identifier='{response}']")
    assert scope is not None, f"{item}: no interaction for {response}"
    kind = etree.QName(scope).localname
    if kind in {"qti-text-entry-interaction", "qti-extended-text-interaction"}:
        return None
    if kind == "qti-slider-interaction":
        low, high = (int(str(scope.get(f"{end}-bound"))) for end in ("lower", "upper"))
        return {str(n) for n in range(low, high + 1, int(str(scope.get("step"))))}
    if kind == "qti-match-interaction":
        first, second = scope.iter(QTI + "qti-simple-match-set")
        tag = ("qti-simple-associable-choice",)
        pairs = itertools.product(names_in(first, tag), names_in(second, tag))
    elif kind.endswith("gap-match-interaction"):
        pairs = itertools.product(names_in(scope, SOURCES), names_in(scope, TARGETS))
    else:
        return names_in(scope, CHOICES)
    return {f"{left} {right}" for left, right in pairs}


def group_of(score: float, thresholds: list[float]) -> str:
    return ("besoins", "fragile", "satisfaisant")[sum(score >= bound for bound in thresholds)]


@by_item
def test_every_response_has_one_interaction_and_every_interaction_a_response(item: str) -> None:
    bound = [node.get("response-identifier") for node in root_of(item).iter()]
    assert sorted(filter(None, bound)) == sorted(declarations_of(item))


@by_item
def test_the_right_answer_is_among_the_possible_ones(item: str) -> None:
    for name, declaration in declarations_of(item).items():
        possible = possible_in(item, name)
        right = correct_of(declaration)
        assert right or item == "fr-e-01"
        assert len(right) == 1 or declaration.get("cardinality") != "single" or item == "fr-e-01"
        if possible is not None:
            assert set(right) | set(mapping_of(declaration)) <= possible


@by_item
def test_the_right_answer_is_worth_the_maximum(item: str) -> None:
    maximum = default_of(item, "MAXSCORE")
    score = root_of(item).find(f"{QTI}qti-outcome-declaration[@identifier='SCORE']")
    assert score is not None
    assert default_of(item, "SCORE") == 0
    assert float(str(score.get("normal-maximum"))) == maximum
    if template_of(item) == MATCH_CORRECT:
        assert maximum == 1
    if template_of(item) == MAP_RESPONSE:
        (declaration,) = declarations_of(item).values()
        mapped = mapping_of(declaration)
        assert sum(mapped[value] for value in correct_of(declaration)) == maximum


@by_item
def test_partial_credit_never_leaves_the_range(item: str) -> None:
    for declaration in declarations_of(item).values():
        if declaration.get("cardinality") != "multiple" or not mapping_of(declaration):
            continue
        mapping = declaration.find(QTI + "qti-mapping")
        assert mapping is not None
        assert float(str(mapping.get("lower-bound"))) == 0
        assert float(str(mapping.get("upper-bound"))) == default_of(item, "MAXSCORE")


@by_item
def test_a_decimal_is_right_with_a_comma_and_with_a_point(item: str) -> None:
    for declaration in declarations_of(item).values():
        if declaration.get("base-type") != "string":
            continue
        keys = mapping_of(declaration)
        assert {key.replace(",", ".") for key in keys if key[0].isdigit()} <= set(keys)
        assert {key.replace(".", ",") for key in keys if key[0].isdigit()} <= set(keys)


def test_some_items_spell_out_their_marking_and_some_use_templates() -> None:
    templates = [template_of(item) for item in ITEMS]
    spelled = [i for i in ITEMS if root_of(i).find(f"{QTI}qti-response-processing/*") is not None]
    assert templates.count(MATCH_CORRECT) >= 3
    assert templates.count(MAP_RESPONSE) >= 3
    assert len(spelled) >= 3


def test_one_item_only_is_read_by_a_person_and_counts_for_nothing() -> None:
    human = [i for i in ITEMS if root_of(i).find(".//*[@external-scored='human']") is not None]
    assert human == ["fr-e-01"]
    assert default_of("fr-e-01", "MAXSCORE") == 0


def test_every_item_is_in_exactly_one_domain() -> None:
    assert sorted(item for domain in REPORTING["domains"] for item in domain["items"]) == ITEMS


def test_domains_are_few_enough_to_be_read() -> None:
    ids = [domain["id"] for domain in REPORTING["domains"]]
    assert REPORTING["v"] == 1
    assert 4 <= len(set(ids)) == len(ids) <= 6


@by_domain
def test_a_domain_is_worth_the_sum_of_its_items(domain: Domain) -> None:
    assert domain["max_score"] == sum(default_of(item, "MAXSCORE") for item in domain["items"])
    low, high = domain["thresholds"]
    assert 0 < low < high < domain["max_score"]


@by_domain
def test_a_domain_tells_a_teacher_what_it_measures_and_what_to_do(domain: Domain) -> None:
    assert set(domain["next_steps"]) == {"besoins", "fragile", "satisfaisant"}
    for words in (domain["label"], domain["measures"], *domain["next_steps"].values()):
        assert "'" not in words
        assert " :" not in words
        assert " »" not in words
    assert all(len(words) > 80 for words in (domain["measures"], *domain["next_steps"].values()))


def test_the_patterns_go_from_all_right_to_all_omitted() -> None:
    names = [pattern["id"] for pattern in PATTERNS]
    assert len(set(names)) == len(names) >= 4
    assert {"tout-juste", "tout-omis"} <= set(names)


@by_pattern
def test_a_pattern_is_whole_and_its_answers_are_possible(pattern: Pattern) -> None:
    assert sorted(pattern["answers"]) == sorted(pattern["scores"]) == ITEMS
    for item, answers in pattern["answers"].items():
        assert set(answers) <= set(declarations_of(item))
        for name, values in answers.items():
            declaration = declarations_of(item)[name]
            possible = possible_in(item, name)
            assert possible is None or set(values) <= possible
            assert len(values) <= 1 or declaration.get("cardinality") != "single"
        assert 0 <= pattern["scores"][item] <= default_of(item, "MAXSCORE")


@by_pattern
def test_sums_and_groups_follow_from_the_scores(pattern: Pattern) -> None:
    for domain in REPORTING["domains"]:
        total = sum(pattern["scores"][item] for item in domain["items"])
        assert pattern["domains"][domain["id"]] == total
        assert pattern["groups"][domain["id"]] == group_of(total, domain["thresholds"])
    assert len(pattern["domains"]) == len(pattern["groups"]) == len(REPORTING["domains"])


def test_all_right_is_the_maximum_and_all_omitted_is_zero() -> None:
    by_id = {pattern["id"]: pattern for pattern in PATTERNS}
    best = {item: default_of(item, "MAXSCORE") for item in ITEMS}
    assert by_id["tout-juste"]["scores"] == best
    assert not any(by_id["tout-omis"]["answers"].values())
    assert not any(by_id["tout-omis"]["scores"].values())


def test_the_patterns_meet_every_group_and_stand_on_a_threshold() -> None:
    groups = {group for pattern in PATTERNS for group in pattern["groups"].values()}
    bounds = {domain["id"]: domain["thresholds"] for domain in REPORTING["domains"]}
    on_edge = [
        (pattern["id"], name)
        for pattern in PATTERNS
        for name, score in pattern["domains"].items()
        if score in bounds[name]
    ]
    assert groups == {"besoins", "fragile", "satisfaisant"}
    assert len(on_edge) >= 3


def test_a_simple_item_is_marked_as_its_template_says() -> None:
    for pattern, item in itertools.product(PATTERNS, ITEMS):
        given = pattern["answers"][item].get("RESPONSE", [])
        if template_of(item) not in {MATCH_CORRECT, MAP_RESPONSE}:
            continue
        (declaration,) = declarations_of(item).values()
        due = (
            matched(declaration, given)
            if template_of(item) == MATCH_CORRECT
            else mapped(declaration, given)
        )
        assert pattern["scores"][item] == due, (pattern["id"], item)


def matched(declaration: etree._Element, given: list[str]) -> float:
    right = correct_of(declaration)
    if declaration.get("cardinality") == "ordered":
        return float(given == right)
    return float(sorted(given) == sorted(right))


def mapped(declaration: etree._Element, given: list[str]) -> float:
    mapping = declaration.find(QTI + "qti-mapping")
    assert mapping is not None
    default = float(str(mapping.get("default-value")))
    values = {key.casefold(): value for key, value in mapping_of(declaration).items()}
    total = sum(values.get(answer.casefold(), default) for answer in given)
    low = float(mapping.get("lower-bound", total))
    high = float(mapping.get("upper-bound", total))
    return min(max(total, low), high) if given else 0.0


@pytest.mark.parametrize(
    ("item", "typed"),
    [
        *(("fr-c-05", name) for name in ("L’Hirondelle.", "L'Hirondelle.", "hirondelle.")),
        *(("fr-c-05", name) for name in ('"L\'Hirondelle"', "«L'Hirondelle»", "« L'Hirondelle »")),
        *(("fr-c-05", f"Il s{mark}appelle L{mark}Hirondelle.") for mark in "'’"),
        *(("fr-c-05", f"Le bateau s{mark}appelle L{mark}Hirondelle.") for mark in "'’"),
        ("fr-c-05", "L' Hirondelle"),
        *(("ma-g-01", length) for length in ("26 mètres", "26 metres", "26,0")),
        *(("ma-g-03", change) for change in ("6,50 euros", "6,5 euros", "6 euros 50")),
        ("ma-g-07", "375 grammes"),
    ],
)
def test_a_right_answer_in_another_dress_is_right(item: str, typed: str) -> None:
    (declaration,) = declarations_of(item).values()
    entries = {key.casefold(): mark for key, mark in mapping_of(declaration).items()}
    assert entries.get(typed.casefold()) == 1.0
    assert not any(
        node.get("case-sensitive") != "false" for node in declaration.iter(QTI + "qti-map-entry")
    )


def test_the_readme_gives_the_domains_as_they_are() -> None:
    page = (PACKAGE.parent / "README.md").read_text(encoding="utf-8")
    rows = re.findall(
        r"^\| ([^|]+) \| (\d+) \| (\d+) \| ([\d,]+) \| ([\d,]+) \|$", page, re.MULTILINE
    )
    told = [(row[0], *(float(cell.replace(",", ".")) for cell in row[1:])) for row in rows]
    assert told == [
        (domain["label"], len(domain["items"]), domain["max_score"], *domain["thresholds"])
        for domain in REPORTING["domains"]
    ]
    kinds = {
        etree.QName(node).localname
        for item in ITEMS
        for node in root_of(item).iter("{*}*")
        if node.get("response-identifier") and etree.QName(node).localname.endswith("-interaction")
    }
    points = sum(domain["max_score"] for domain in REPORTING["domains"])
    assert f"{len(ITEMS)} items in 4 sections, {points:.0f} points in 6 domains" in page
    assert f"{len(kinds)} kinds of interaction" in page


@by_item
def test_the_readme_names_the_items_where_part_of_an_answer_counts(item: str) -> None:
    """Marking is in the README by kind: what is not named there is all or nothing."""
    page = (PACKAGE.parent / "README.md").read_text(encoding="utf-8")
    marking = page.partition("### Marking")[2].partition("### ")[0]
    several = {node.get("cardinality") for node in declarations_of(item).values()} == {"multiple"}
    if several or len(declarations_of(item)) > 1:
        assert f"`{item}`" in marking
