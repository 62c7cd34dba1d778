# SPDX-License-Identifier: AGPL-3.0-or-later
"""The verbs of analysis, as people type them: from sealed sittings to statistics."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from encrier.cli import main
from encrier_results.coding.agreement import Level
from encrier_results.commands.agreement import BadRatings, read_ratings
from encrier_results.settings import PREFIX
from stagecraft.analysed import Zone
from stagecraft.responded import sat
from stagecraft.scored import Sheet, all_keyed, all_right, booklet, keyed

VERBS = ("responses", "itemstats", "agreement", "dif")
ITEM = "ma-n-01"
SHEETS: dict[str, Sheet] = {
    "00000000": all_keyed(),
    "00000001": all_keyed(ma_n_01=keyed(mark="blank")),
    "00000002": all_keyed(ma_n_01=keyed(all_right()[ITEM], "adapted")),
    "00000003": {item: keyed(mark="absent") for item in all_right()},
    "00000004": all_keyed(**{f"{ITEM}~2": keyed(all_right()[ITEM])}),
}


@pytest.fixture
def zone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    standing = Zone(tmp_path, SHEETS)
    for name, value in standing.environ.items():
        monkeypatch.setenv(f"{PREFIX}{name}", value)
    yield tmp_path
    standing.close()


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def printed(capsys: pytest.CaptureFixture[str], *asked: object) -> Any:
    assert main(["results", *map(str, asked), "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def a_file(folder: Path) -> Path:
    """400 pupils, 8 items; the last is harder for group b."""
    theta = np.random.default_rng(1).normal(0.0, 1.0, 800)
    hard = np.tile(np.linspace(-1.0, 1.0, 8), (800, 1))
    hard[400:, 7] += 1.2
    scores = sat(theta, np.full(8, 1.2), hard, seed=2)
    file = folder / "responses.csv"
    lines = [",".join(["order", "sex", *(f"q{n}" for n in range(8))])]
    lines += [
        ",".join([str(n), "ab"[n >= 400], *map(str, row)]) for n, row in enumerate(scores.tolist())
    ]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


@pytest.mark.parametrize("verb", VERBS)
def test_help_fits_a_screen_and_ends_with_an_example(
    verb: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["results", verb, "--help"])
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) <= 24
    assert f"example: encrier results {verb}" in "\n".join(lines[-3:])


def test_sittings_become_a_row_each_with_the_rule_beside(
    zone: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = zone / "out/r.csv"
    account = printed(capsys, "responses", "--out", out, "--keep", "order", "--keep", "sex")
    found = {row["order"]: row for row in rows(out)}
    assert sorted(found) == ["00000000", "00000001", "00000002", "00000004"]  # one was absent
    assert [found[o][ITEM] for o in sorted(found)] == ["1", "0", "", "1"]
    assert found["00000001"]["sex"] == "G"
    assert account == json.loads((zone / "out/r.rule.json").read_text("utf-8"))
    assert account["rule"]["not_reached_in_calibration"] == "missing"
    assert account["rows"] == 4
    assert sum(account["sittings"].values()) == 5
    assert account["sittings"]["complete/excused/none"] == 1
    assert sum(account["codes"].values()) == 5 * len(account["categories"])
    assert [(one["item"], one["n"], one["same"]) for one in account["keyed_twice"]] == [
        (ITEM, 1, 1)
    ]
    assert (out.stat().st_mode & 0o777) == 0o600


def test_to_score_an_adapted_item_counts(zone: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = zone / "r.csv"
    account = printed(
        capsys, "responses", "--out", out, "--keep", "order", "--not-reached", "wrong"
    )
    assert account["use"] == "scoring"
    assert {row["order"]: row[ITEM] for row in rows(out)}["00000002"] == "1"


def test_what_became_of_items_and_what_was_chosen_are_beside_and_are_read_back(
    zone: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = zone / "r.csv"
    printed(capsys, "responses", "--out", out, "--keep", "order", "--course")
    codes = {row["order"]: row for row in rows(zone / "r.codes.csv")}
    assert codes["00000001"][ITEM] == "omitted"
    assert codes["00000002"][ITEM] == "adapted"
    beside = [
        word
        for name in ("codes", "options", "times")
        for word in (f"--{name}", zone / f"r.{name}.csv")
    ]
    report = printed(capsys, "itemstats", out, "--ignore", "order", *beside)
    (everyone,) = report["parts"]
    assert everyone["analysis"]["n"] == 4
    course = next(one for one in everyone["courses"] if one["item"] == ITEM)
    assert course["codes"] == {"adapted": 1, "omitted": 1, "right": 2}
    closed = {one["item"]: one["options"] for one in everyone["options"]}
    assert any(option["is_key"] for option in closed["fr-c-01"])


def test_nothing_that_a_pupil_wrote_is_on_the_disk(
    zone: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {file for file in zone.rglob("*") if file.is_file()}
    printed(capsys, "responses", "--out", zone / "r.csv", "--course")
    made = [file for file in zone.rglob("*") if file.is_file() and file not in before]
    assert len(made) == 5
    typed = [
        values[0]
        for given in all_right().values()
        for values in given.values()
        if values and len(values[0]) > 3
    ]
    assert typed
    for file in made:
        cells = {cell for row in csv.reader(file.read_text("utf-8").splitlines()) for cell in row}
        assert not cells & set(typed), file


def test_one_booklet_is_analysed_on_its_own(zone: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bundle = booklet().bundle.id.hex()
    asked = ["responses", "--out", zone / "r.csv", "--booklet"]
    assert printed(capsys, *asked, bundle)["rows"] == 4
    assert main(["results", *map(str, asked), "0" * 16]) == 2
    assert "No booklet" in capsys.readouterr().err


def test_a_rule_of_ones_own_is_followed_and_kept(
    zone: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rule = zone / "rule.json"
    rule.write_text('{"omitted": "missing", "adapted_in_calibration": "as-scored"}', "utf-8")
    out = zone / "r.csv"
    account = printed(capsys, "responses", "--out", out, "--keep", "order", "--rule", rule)
    found = {row["order"]: row[ITEM] for row in rows(out)}
    assert (found["00000001"], found["00000002"]) == ("", "1")
    assert account["rule"]["omitted"] == "missing"
    rule.write_text('{"omitted": "right"}', "utf-8")
    assert main(["results", "responses", "--out", str(out), "--rule", str(rule)]) == 2


def test_a_column_that_is_not_there_is_refused(
    zone: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["results", "responses", "--out", str(zone / "r.csv"), "--keep", "name"]) == 2
    assert "No pupil of the register has a column" in capsys.readouterr().err
    assert not (zone / "r.csv").exists()


def test_items_are_analysed_whole_and_by_group(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = a_file(tmp_path)
    codes = tmp_path / "codes.csv"
    answers = file.read_text("utf-8").splitlines()
    reached = [
        ",".join(["right" if cell == "1" else "not-reached" for cell in row.split(",")[2:]])
        for row in answers[1:]
    ]
    codes.write_text("\n".join([",".join(f"q{n}" for n in range(8)), *reached]), encoding="utf-8")
    asked = ["itemstats", file, "--ignore", "order", "--by", "sex", "--codes", codes]
    parts = printed(capsys, *asked)["parts"]
    assert [part["analysis"]["group"] for part in parts] == ["all", "a", "b"]
    assert [part["analysis"]["n"] for part in parts] == [800, 400, 400]
    for part in parts:
        for one, course in zip(part["analysis"]["items"], part["courses"], strict=True):
            assert course["not_reached"] == pytest.approx(1.0 - one["facility"])
    assert main(["results", *map(str, asked)]) == 0
    assert f"alpha {parts[0]['analysis']['alpha']:.3f}" in capsys.readouterr().out


def test_an_item_that_favours_a_group_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = a_file(tmp_path)
    report = printed(capsys, "dif", file, "--ignore", "order", "--group", "sex")
    assert report["reference"] == "a"
    assert [one["item"] for one in report["items"] if one["size"] == "C"] == ["q7"]
    assert main(["results", "dif", str(file), "--ignore", "order", "--group", "sex"]) == 0
    assert "q7" in capsys.readouterr().out
    assert main(["results", "dif", str(file), "--group", "school"]) == 2


def test_ratings_of_a_file_agree_as_published(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "ratings.csv"
    table = {("oui", "oui"): 20, ("oui", "non"): 5, ("non", "oui"): 10, ("non", "non"): 15}
    lines = [f"{a};{b}" for (a, b), n in table.items() for _ in range(n)]
    file.write_text("\n".join(["un;deux", *lines]), encoding="utf-8-sig")
    report = printed(capsys, "agreement", file)
    assert report["kappa"]["value"] == pytest.approx(0.4)
    assert report["n"] == 50
    assert main(["results", "agreement", str(file), "--level", "interval"]) == 2
    assert "oui" not in capsys.readouterr().err
    assert main(["results", "agreement", str(file)]) == 0
    assert "0.400" in capsys.readouterr().out


@given(st.binary(max_size=120), st.sampled_from(["nominal", "interval"]))
def test_a_hostile_file_of_ratings_is_refused_or_read(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, level: Level
) -> None:
    file = tmp_path_factory.mktemp("ratings") / "r.csv"
    file.write_bytes(b"a,b\n" + content)
    try:
        found = read_ratings(file, level=level)
    except BadRatings:
        return
    assert found.shape[0] == 2
    assert not np.isinf(found).any()
