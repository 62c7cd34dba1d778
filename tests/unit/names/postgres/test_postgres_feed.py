# SPDX-License-Identifier: AGPL-3.0-or-later
"""A country comes in on several processes, and numbers are drawn by COPY, on a real PostgreSQL."""

from pathlib import Path
from typing import Any

import pytest

from encrier_names.imports.nightly import country
from encrier_names.imports.nightly.feed import feed
from encrier_names.pseudonyms import drawing, links
from encrier_names.rosters.identifiers import uai_letter
from encrier_names.schools.directory import enrol
from encrier_names.schools.models import Division, Pupil
from encrier_names.validation.many import validate_many

HEADER = "UAI;Nom;Prénom;Niveau;Classe;INE"


def _uai(n: int) -> str:
    digits = f"{9990000 + n:07}"
    return digits + uai_letter(digits)


def _country(folder: Path, *, n_schools: int, n_pupils: int, shift: int = 0) -> None:
    lines = [HEADER]
    for school in range(n_schools):
        for place in range(shift, n_pupils + shift):
            ine = f"{school:03}{place:06}AA"
            lines.append(f"{_uai(school)};Élève{place};Prénom;6e;6{'AB'[place % 2]};{ine}")
    (folder / f"pays{shift}.csv").write_text("\n".join(lines), "utf-8")


@pytest.fixture
def lists(names: Any, tmp_path: Path) -> Path:
    """An empty folder, and six schools in the directory."""
    enrol("\n".join(["uai;nom", *(f"{_uai(n)};Collège {n}" for n in range(6))]).encode())
    folder = tmp_path / "lists"
    folder.mkdir()
    return folder


def test_two_nights_of_a_country_on_several_processes(
    lists: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(country, "_SCHOOLS", 2)
    _country(lists, n_schools=7, n_pupils=4)  # the directory lacks the seventh
    (first,) = feed(lists)
    assert (first.schools, first.pupils, first.added) == (6, 24, 24)
    assert first.unknown == [_uai(6)]
    _country(lists, n_schools=7, n_pupils=4, shift=1)
    (second,) = feed(lists)
    assert (second.added, second.removed, second.pupils) == (6, 6, 24)
    assert Pupil.objects.count() == 24
    assert Division.objects.count() == 12


def test_a_country_is_validated_whole(names: Any, lists: Path) -> None:
    _country(lists, n_schools=6, n_pupils=4)
    list(feed(lists))
    done = validate_many(Division.objects.all(), said=lambda _done, _of: None)
    assert (done.classes, done.pupils, done.derived, done.admitted) == (12, 24, 24, 12)
    pupils = list(Pupil.objects.values_list("id", flat=True))
    assert links.readiness(pupils) == links.Readiness(drawn=24, derived=24)
    assert drawing.draw_for(pupils) == []
