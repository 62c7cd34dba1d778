# SPDX-License-Identifier: AGPL-3.0-or-later
"""The verbs `score` and `link` on files of one's own: what they print, write and refuse."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from encrier.cli import main
from encrier_results.irt.items import read_params, write_params
from encrier_results.linking.transformation import Transformation
from stagecraft.measured import drawn_items, simulated

ITEMS = drawn_items(12, seed=3)
Read = pytest.CaptureFixture[str]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Parameters, and 300 pupils with an id, a sector and an index that tells of ability."""
    chance = np.random.default_rng(1)
    ips = chance.standard_normal(300)
    theta = 0.6 * ips + chance.normal(0, 0.8, 300)
    scores = simulated(ITEMS, theta, seed=2, given=0.8).scores
    write_params(tmp_path / "params.csv", ITEMS)
    with (tmp_path / "responses.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(["id", "sector", "ips", *ITEMS.items])
        for rank, row in enumerate(scores.tolist()):
            cells = ["" if score < 0 else score for score in row]
            writer.writerow([f"p{rank}", ("PU", "REP")[rank % 2], ips[rank], *cells])
    return tmp_path


def asked(folder: Path, *more: str) -> list[str]:
    files = [str(folder / "responses.csv"), "--params", str(folder / "params.csv")]
    return ["results", "score", *files, "--id", "id", "--ignore", "sector,ips", *more]


@pytest.mark.parametrize("method", ["eap", "wle", "map"])
def test_score_prints_an_ability_and_its_error_for_each_pupil(
    folder: Path, capsys: Read, method: str
) -> None:
    assert main(asked(folder, "--method", method, "--json")) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["n_pupils"] == 300
    assert told["method"] == method
    assert [row["id"] for row in told["scores"]] == [f"p{rank}" for rank in range(300)]
    for row in told["scores"]:
        assert row["n_items"] == 0 or 0.2 < row["se"] < 5


def test_score_draws_plausible_values_and_writes_the_seed_that_draws_them_again(
    folder: Path, capsys: Read
) -> None:
    pv = ["--method", "pv", "--n-pv", "3", "--covariates", "sector,ips", "--json"]
    assert main(asked(folder, *pv, "--out", str(folder / "one.csv"))) == 0
    told = json.loads(capsys.readouterr().out)
    assert "scores" not in told
    assert told["regression"]["coefficients"]["ips"] == pytest.approx(0.6, abs=0.2)
    assert set(told["regression"]["errors"]) == {"(mean)", "sector=REP", "ips"}
    again = ["--seed", str(told["seed"]), "--out", str(folder / "two.csv")]
    assert main(asked(folder, *pv, *again)) == 0
    assert (folder / "one.csv").read_bytes() == (folder / "two.csv").read_bytes()
    header = (folder / "one.csv").read_text(encoding="utf-8").splitlines()[0]
    assert header == "id,n_items,pv1,pv2,pv3"


def test_score_on_the_terminal_is_a_table_and_what_it_rests_on(folder: Path, capsys: Read) -> None:
    assert main(asked(folder, "--prior", "0.5,1.2")) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["id", "n_items", "theta", "se"]
    assert lines[1].split()[0] == "p0"
    assert "prior_mean: 0.5000" in lines


def test_a_pupil_without_an_answer_is_told_of_and_has_no_wle(folder: Path, capsys: Read) -> None:
    with (folder / "responses.csv").open("a", encoding="utf-8") as file:
        file.write("last;PU;0" + ";" * 12 + "\n")
    assert main(asked(folder, "--method", "wle", "--json")) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["scores"][-1] == {"id": "last", "n_items": 0, "theta": None, "se": None}
    assert "1 pupils were given no item" in told["warnings"][0]


def test_score_refuses_a_column_that_is_no_item(folder: Path, capsys: Read) -> None:
    files = [str(folder / "responses.csv"), "--params", str(folder / "params.csv")]
    assert main(["results", "score", *files]) == 2
    assert "Line 2, column 1" in capsys.readouterr().err


def test_an_id_cannot_give_orders_to_the_terminal(folder: Path, capsys: Read) -> None:
    rows = (folder / "responses.csv").read_text(encoding="utf-8")
    (folder / "responses.csv").write_text(rows.replace("p0;", "\x1b[2J;"), encoding="utf-8")
    assert main(asked(folder)) == 0
    printed = capsys.readouterr().out
    assert "[2J" in printed
    assert "\x1b" not in printed


def test_no_plausible_value_is_no_wish(folder: Path, capsys: Read) -> None:
    with pytest.raises(SystemExit) as ended:
        main(asked(folder, "--method", "pv", "--n-pv", "0"))
    assert ended.value.code == 2
    assert "1 or more" in capsys.readouterr().err


def test_link_gives_back_the_scale_and_writes_the_moved_parameters(
    folder: Path, capsys: Read
) -> None:
    true = Transformation(1.2, -0.3)
    write_params(folder / "old.csv", true.items(ITEMS))
    out = folder / "moved.csv"
    files = [str(folder / "params.csv"), str(folder / "old.csv"), "--out", str(out)]
    assert main(["results", "link", *files, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["slope"], told["shift"]) == pytest.approx((1.2, -0.3), abs=1e-6)
    assert told["nodes"] == "uniform,41,-4,4"
    assert told["linking_error"]["pisa"] == pytest.approx(0, abs=1e-6)
    assert [anchor["item"] for anchor in told["anchors"]] == list(ITEMS.items)
    np.testing.assert_allclose(read_params(out).slopes, true.items(ITEMS).slopes, atol=1e-6)


def test_link_leaves_out_the_anchors_that_it_is_told_to(folder: Path, capsys: Read) -> None:
    files = [str(folder / "params.csv")] * 2
    assert main(["results", "link", *files, "--without", "i3,i4", "--method", "haebara"]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("theta' = 1.000000 theta + ")
    assert " by 10 anchors" in printed
    assert "i3" not in printed


def test_link_refuses_nodes_without_sense(folder: Path, capsys: Read) -> None:
    files = [str(folder / "params.csv")] * 2
    for nodes in ("flat,41,-4,4", "uniform,1,-4,4", "uniform,41,4,-4", "normal"):
        with pytest.raises(SystemExit) as ended:
            main(["results", "link", *files, "--nodes", nodes])
        assert ended.value.code == 2
    assert "uniform,41,-4,4" in capsys.readouterr().err


@pytest.mark.parametrize("verb", ["score", "link"])
def test_help_fits_a_screen_and_ends_with_an_example(verb: str, capsys: Read) -> None:
    with pytest.raises(SystemExit):
        main(["results", verb, "--help"])
    lines = capsys.readouterr().out.rstrip().splitlines()
    assert len(lines) <= 24
    assert f"example: encrier results {verb}" in "\n".join(lines[-3:])
