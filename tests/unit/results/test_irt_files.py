# SPDX-License-Identifier: AGPL-3.0-or-later
"""Responses and item parameters as files: read as written, refused with the place."""

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from encrier.errors import EncrierError
from encrier_results.irt.items import ItemParameters, probabilities, read_params, write_params
from encrier_results.irt.responses import BadResponses, Responses, read_responses

IN_A_FOLDER = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "responses.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def test_empty_is_not_administered_and_columns_go_where_they_are_told(tmp_path: Path) -> None:
    text = '\ufeff"pupil";"a";"sex";"w";"b"\r\n1;1;F;2.5;\r\n2;;"M";1;12\r\n'
    found = read_responses(written(tmp_path, text), group="sex", weight="w", ignore=["pupil"])
    assert found.items == ("a", "b")
    assert found.scores.tolist() == [[1, -1], [-1, 12]]
    assert (found.groups, found.group_of.tolist()) == (("F", "M"), [0, 1])
    assert found.weights.tolist() == [2.5, 1.0]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a,b\n1,0\n1,x\n", "Line 3, column 2"),
        ("a,b\n1,-1\n", "Line 2, column 2"),
        ("a,b\n1,1.0\n", "Line 2, column 2"),
        ("a,b\n1,123\n", "Line 2, column 2"),
        ("a,b\n1,1\n1,1,1\n", "Line 3 has 3 cells"),
        ("a,b\n1,1\n\n1,1\n", "Line 3 has 1 cells"),
        ('a,b\n1,1\n1,"1\n', "Line 3"),
        ("a,a\n1,1\n", "same name"),
        ("a,\n1,1\n", "without a name"),
        ("a,b\n", "no pupil"),
        ("", "without a name"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(
    tmp_path: Path, text: str, sentence: str
) -> None:
    with pytest.raises(BadResponses, match=sentence):
        read_responses(written(tmp_path, text))


def test_a_refusal_never_repeats_what_the_file_holds(tmp_path: Path) -> None:
    with pytest.raises(BadResponses) as refused:
        read_responses(written(tmp_path, "a,b\n1,Zo\xe9 Martin\n"))
    assert "Martin" not in str(refused.value)


@given(st.one_of(st.binary(max_size=80), st.text('a,;"\n\r10 é', max_size=60)))
@example(b'"')
@example(b"a\n\xff")
@IN_A_FOLDER
def test_a_hostile_file_is_read_or_refused_with_a_sentence(
    tmp_path: Path, text: str | bytes
) -> None:
    try:
        found = read_responses(written(tmp_path, text))
    except EncrierError:
        return
    assert found.scores.shape == (len(found.weights), len(found.items))
    assert found.scores.min() >= -1


@given(
    st.lists(st.lists(st.integers(-1, 99), min_size=3, max_size=3), min_size=1, max_size=6),
    st.sampled_from(",;"),
)
@IN_A_FOLDER
def test_what_is_written_is_what_is_read(
    tmp_path: Path, rows: list[list[int]], delimiter: str
) -> None:
    lines = [delimiter.join("" if x < 0 else str(x) for x in row) for row in rows]
    text = "\n".join([delimiter.join("abc"), *lines, ""])
    found: Responses = read_responses(written(tmp_path, text))
    assert found.scores.tolist() == rows


def test_parameters_come_back_as_they_were_written(tmp_path: Path) -> None:
    params = ItemParameters(
        ("a", "b", "c"),
        ("2pl", "gpcm", "3pl"),
        np.array([1 / 3, -0.5, 2.0]),
        np.array([[0.1, math.nan], [1e-7, -3.25], [4.0, math.nan]]),
        np.array([0.0, 0.0, 0.2]),
    )
    write_params(tmp_path / "p.csv", params, errors=params)
    back = read_params(tmp_path / "p.csv")
    assert (back.items, back.models) == (params.items, params.models)
    for ours, theirs in zip(
        (params.slopes, params.intercepts, params.guessing),
        (back.slopes, back.intercepts, back.guessing),
        strict=True,
    ):
        np.testing.assert_array_equal(ours, theirs)


def test_chances_are_those_of_the_formulas_and_sum_to_one() -> None:
    params = ItemParameters(
        ("a", "b"),
        ("3pl", "gpcm"),
        np.array([1.5, 0.5]),
        np.array([[0.3, math.nan], [1.0, -1.0]]),
        np.array([0.2, 0.0]),
    )
    found = probabilities(params, np.array([-1.0, 0.0, 400.0]))
    np.testing.assert_allclose(found.sum(axis=2), 1)
    right = 0.2 + 0.8 / (1 + math.exp(-(1.5 * -1 + 0.3)))
    terms = [1.0, math.exp(1.0 - 0.5), math.exp(1.0 - 1.0 - 1.0)]
    np.testing.assert_allclose(found[0, 0], [1 - right, right, 0])
    np.testing.assert_allclose(found[0, 1], np.array(terms) / sum(terms))


@pytest.mark.parametrize(
    "text",
    [
        "item,model,a\nx,2pl,1\n",
        "item,model,a,d1\nx,4pl,1,0\n",
        "item,model,a,d1\nx,2pl,un,0\n",
        "item,model,a,d1,d2\nx,gpcm,1,,0\n",
        "item,model,a,d1,d2\nx,2pl,1,0,0\n",
        "item,model,a,d1,c\nx,2pl,1,0,0.2\n",
        "item,model,a,d1\nx,2pl,1,0\nx,2pl,1,0\n",
    ],
)
def test_parameters_that_make_no_item_are_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "p.csv").write_text(text, encoding="utf-8")
    with pytest.raises(EncrierError):
        read_params(tmp_path / "p.csv")
