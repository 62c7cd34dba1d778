# SPDX-License-Identifier: AGPL-3.0-or-later
"""`encrier results calibrate`: what it prints, writes and refuses."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose

from encrier.cli import main
from encrier_results.irt.items import ItemParameters, read_params, write_params
from encrier_results.irt.responses import Responses
from stagecraft.psychometrics import drawn, true_items


@pytest.fixture
def file(tmp_path: Path) -> Path:
    items = true_items(6, "2pl")
    group_of = np.arange(800) % 2
    theta = np.random.default_rng(5).standard_normal(800) + 0.3 * group_of
    return write(tmp_path, drawn(items, theta, n_booklets=3, group_of=group_of))


def write(folder: Path, responses: Responses) -> Path:
    lines = [",".join(["pupil", "sex", *responses.items])]
    for rank, row in enumerate(responses.scores.tolist()):
        label = "MF"[responses.group_of[rank]]
        lines.append(",".join([f"p{rank}", label, *("" if x < 0 else str(x) for x in row)]))
    path = folder / "responses.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def run(*arguments: str | Path) -> int:
    return main(["results", "calibrate", *map(str, arguments)])


def test_json_says_all_that_was_found(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(file, "--model", "2pl", "--ignore", "pupil", "--group", "sex", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert [item["item"] for item in told["items"]] == [f"i{rank}" for rank in range(6)]
    first = told["items"][0]
    assert_allclose(first["difficulties"][0], -first["intercepts"][0] / first["slope"])
    assert first["se_slope"] > 0
    assert [group["group"] for group in told["groups"]] == ["F", "M"]
    assert (told["groups"][0]["mean"], told["groups"][0]["se_mean"]) == (0, None)
    assert told["groups"][1]["se_variance"] > 0
    assert (told["converged"], told["errors_by"], told["n_parameters"]) == (True, "observed", 14)


def test_what_is_written_is_what_a_later_calibration_keeps_fixed(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, asked = tmp_path / "items.csv", ("--model", "2pl", "--ignore", "pupil", "--ignore", "sex")
    assert run(file, *asked, "--out", out) == 0
    kept = read_params(out)
    assert len(kept.items) == 6
    capsys.readouterr()
    assert run(file, *asked, "--fixed", out, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert [item["slope"] for item in told["items"]] == kept.slopes.tolist()
    (group,) = told["groups"]  # at its own parameters a sample has the mean and variance it had
    assert_allclose([group["mean"], group["variance"]], [0, 1], atol=1e-3)


def test_the_table_has_a_line_an_item_and_ends_with_warnings(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    items: ItemParameters = true_items(6, "2pl")
    responses = drawn(items, np.random.default_rng(5).standard_normal(3000))
    scores = responses.scores.copy()
    scores[:, 1] = 1 - scores[:, 1]
    file = write(tmp_path, replace(responses, scores=scores))
    assert run(file, "--model", "2pl", "--ignore", "pupil", "--ignore", "sex") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["item", "a", "se", "d1", "se", "b1"]
    assert len(lines[1].split()) == 6
    assert lines[-1].startswith("warning: Item i1: slope -")


@pytest.mark.parametrize(
    "asked",
    [
        ["--model", "2pl"],  # the pupil's number is no score
        ["--model", "2pl", "--ignore", "nobody"],
        ["--model", "2pl", "--ignore", "pupil", "--ignore", "sex", "--nodes", "1"],
        ["--model", "2pl", "--ignore", "pupil", "--ignore", "sex", "--reach", "nan"],
        ["--model", "2pl", "--ignore", "pupil", "--ignore", "sex", "--tolerance", "0"],
    ],
)
def test_what_makes_no_sense_is_refused_with_2(
    file: Path, asked: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(file, *asked) == 2
    assert capsys.readouterr().err.startswith("encrier: ")


def test_fixed_items_of_another_test_are_refused(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = replace(true_items(2, "2pl"), items=("x", "y"))
    write_params(tmp_path / "other.csv", other)
    asked = ("--model", "2pl", "--ignore", "pupil", "--ignore", "sex")
    assert run(file, *asked, "--fixed", tmp_path / "other.csv") == 2
    assert "No fixed item" in capsys.readouterr().err


def test_help_fits_a_screen_and_ends_with_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run("--help")
    lines = capsys.readouterr().out.rstrip().splitlines()
    assert len(lines) <= 24
    assert "example: encrier results calibrate" in "\n".join(lines[-2:])


def test_fit_is_told_of_each_item_when_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    responses = drawn(true_items(6, "2pl"), np.random.default_rng(5).standard_normal(2000))
    scores = responses.scores.copy()
    scores[:1500, 1] = scores[:1500, 0]
    file = write(tmp_path, replace(responses, scores=scores))
    asked = (file, "--model", "2pl", "--ignore", "pupil", "--ignore", "sex", "--fit")
    assert run(*asked, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert len(told["fit"]) == 6
    assert told["fit"][3]["s_x2_df"] > 0
    assert run(*asked) == 0
    assert "S-X2" in capsys.readouterr().out
