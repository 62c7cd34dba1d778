# SPDX-License-Identifier: AGPL-3.0-or-later
"""An item that looks up what it has not declared: the check refuses it, scoring reads NULL."""

import pytest

from encrier_qti.checks.names import unknown_names
from encrier_qti.model import Item
from encrier_qti.reading.item import read_item
from encrier_qti.scoring import compile_item

RULES = "https://purl.imsglobal.org/spec/qti/v3p0/rptemplates"


def item(*, response: str, processing: str) -> Item:
    written = (
        '<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0"\n'
        ' identifier="a" title="a" adaptive="false" time-dependent="false">\n'
        f'<qti-response-declaration identifier="{response}" cardinality="single"'
        ' base-type="point"/>\n'
        '<qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float"/>\n'
        f"{processing}\n</qti-assessment-item>"
    )
    return read_item(written.encode(), file="a.xml")


@pytest.mark.parametrize("name", ["match_correct", "map_response", "map_response_point"])
def test_a_standard_template_without_its_response_scores_nothing_and_is_told(name: str) -> None:
    named = f'<qti-response-processing template="{RULES}/{name}"/>'
    asked = item(response="ANSWER", processing=named)
    assert compile_item(asked).total({"ANSWER": ["1 1"]}) == 0.0
    told = list(unknown_names(asked))
    assert {each.line for each in told} == {5}
    assert "n’est pas déclarée" in str(told[0])


@pytest.mark.parametrize("name", ["map_response", "map_response_point"])
def test_a_mapping_that_is_missing_scores_nothing_and_is_told(name: str) -> None:
    named = f'<qti-response-processing template="{RULES}/{name}"/>'
    asked = item(response="RESPONSE", processing=named)
    assert compile_item(asked).total({"RESPONSE": ["1 1"]}) == 0.0
    (told,) = unknown_names(asked)
    assert "mapping" in str(told)


@pytest.mark.parametrize("look_up", ["variable", "correct", "default"])
def test_a_look_up_of_what_is_not_declared_is_null(look_up: str) -> None:
    processing = (
        "<qti-response-processing><qti-response-condition><qti-response-if>"
        f'<qti-is-null><qti-{look_up} identifier="NOBODY"/></qti-is-null>'
        '<qti-set-outcome-value identifier="SCORE"><qti-base-value base-type="float">1'
        "</qti-base-value></qti-set-outcome-value></qti-response-if></qti-response-condition>"
        "</qti-response-processing>"
    )
    asked = item(response="RESPONSE", processing=processing)
    assert compile_item(asked).total({}) == 1.0
    assert [each.element for each in unknown_names(asked)] == [f"qti-{look_up}"]


def test_an_item_whose_names_are_all_declared_is_told_nothing() -> None:
    named = f'<qti-response-processing template="{RULES}/match_correct"/>'
    assert list(unknown_names(item(response="RESPONSE", processing=named))) == []
