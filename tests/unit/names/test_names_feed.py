# SPDX-License-Identifier: AGPL-3.0-or-later
"""The directory of schools and the nightly feed: a school, a country, and what is refused."""

import json
import os
from pathlib import Path
from typing import Any

import msgspec
import pytest

from encrier import cli
from encrier_names.imports.nightly.fed import Fed
from encrier_names.imports.nightly.feed import feed
from encrier_names.schools.directory import DirectoryRefused, enrol, read_directory
from encrier_names.schools.models import Pupil, School

SHARED = Path(os.environ.get("ENCRIER_SHARED", Path(__file__).parents[4] / "shared"))
SCHOOLS = SHARED / "data" / "schools" / "etablissements_min.csv"
ANNUAIRE = SHARED / "data" / "schools" / "dept35" / "fr-en-annuaire-education.csv"
UAI, OTHER, UNKNOWN = "9990001X", "9990002Y", "9990003Z"
DIRECTORY = (
    "uai;type;nom;academie;departement;commune;secteur\n"
    f"{UAI};COLLEGE;Collège du Test;RENNES;ILLE-ET-VILAINE;BAULON;PU\n"
    f"{OTHER};ECOLE;École d’à côté;RENNES;ILLE-ET-VILAINE;BAULON;PR\n"
    "9990003A;ECOLE;Lettre fausse;;;;\n;;;;;;\n"
)
HEADER = "UAI;Nom;Prénom;Niveau;Classe;INE"


def row(uai: str, n: int) -> str:
    return f"{uai};Élève{chr(65 + n)};Prénom;6e;6A;99900{n:04}AA"


@pytest.fixture
def folder(names: Any, tmp_path: Path) -> Path:
    """An empty folder, and two schools in the directory."""
    enrol(DIRECTORY.encode())
    lists = tmp_path / "lists"
    lists.mkdir()
    return lists


def test_a_directory_brings_schools_and_says_which_lines_are_none(names: Any) -> None:
    done = enrol(DIRECTORY.encode("iso-8859-15", "replace"))
    assert (done.schools, done.new, done.refused) == (2, 2, (4,))
    school = School.objects.get(uai=OTHER)
    assert (school.kind, school.academy, school.is_public) == ("ecole", "RENNES", False)


def test_a_directory_that_comes_again_changes_names_and_no_number(names: Any) -> None:
    enrol(DIRECTORY.encode())
    before = dict(School.objects.values_list("uai", "number"))
    done = enrol(DIRECTORY.replace("du Test", "Nouveau").encode())
    assert done.new == 0
    assert dict(School.objects.values_list("uai", "number")) == before
    assert School.objects.get(uai=UAI).name == "Collège Nouveau"


@pytest.mark.parametrize("content", [b"", b"nom;prenom\n", b"\x00\xff", b"uai\n1"])
def test_what_is_no_directory_is_refused(names: Any, content: bytes) -> None:
    with pytest.raises(DirectoryRefused):
        enrol(content)


@pytest.mark.skipif(not SCHOOLS.is_file(), reason="the directory of schools is not beside us")
def test_the_real_directories_are_read_whole() -> None:
    entries, refused = read_directory(SCHOOLS.read_bytes())
    assert (len(entries), refused) == (40_630, [])
    assert len({one.academy for one in entries}) > 25
    entries, refused = read_directory(ANNUAIRE.read_bytes())
    assert len(entries) == 993  # 996 lines: three schools have two
    assert refused == []
    assert {one.academy for one in entries} == {"Rennes"}


def test_a_table_of_many_schools_is_taken_in_one_go(folder: Path) -> None:
    lines = [HEADER, *(row(UAI, n) for n in range(3)), *(row(OTHER, n) for n in range(3, 5))]
    (folder / "pays.csv").write_text("\n".join(lines), "utf-8")
    (fed,) = feed(folder)
    assert (fed.schools, fed.pupils, fed.added, fed.unknown) == (2, 5, 5, [])
    assert Pupil.objects.filter(division__school__uai=UAI).count() == 3
    assert not (folder / "pays.csv").exists()
    kept = msgspec.json.decode((folder / "done" / "pays.csv.json").read_bytes(), type=Fed)
    assert kept == fed
    assert "Élève" not in (folder / "done" / "pays.csv.json").read_text("utf-8")


def test_the_next_night_only_what_changed_changes(folder: Path) -> None:
    (folder / "1.csv").write_text("\n".join([HEADER, row(UAI, 0), row(UAI, 1)]), "utf-8")
    (folder / "2.csv").write_text("\n".join([HEADER, row(UAI, 1), row(UAI, 2)]), "utf-8")
    first, second = feed(folder)
    assert (first.added, second.added, second.removed) == (2, 1, 1)


def test_schools_that_the_directory_lacks_are_said_and_the_others_are_taken(folder: Path) -> None:
    lines = [HEADER, row(UNKNOWN, 0), row("12", 1), row(UAI, 2)]
    (folder / "pays.csv").write_text("\n".join(lines), "utf-8")
    (fed,) = feed(folder)
    assert (fed.schools, fed.unknown) == (1, [UNKNOWN, "12"])


def test_a_school_that_comes_back_after_another_is_refused_with_what_to_do(folder: Path) -> None:
    lines = [HEADER, row(UAI, 0), row(OTHER, 1), row(UAI, 2)]
    (folder / "pays.csv").write_text("\n".join(lines), "utf-8")
    (fed,) = feed(folder)
    assert "Triez ce fichier par UAI" in fed.refused
    assert Pupil.objects.count() == 0
    assert (folder / "refused" / "pays.csv").is_file()


def test_a_list_of_one_school_is_known_by_its_content_or_its_name(names: Any, folder: Path) -> None:
    names.file(n_pupils=2)
    (folder / "siecle.xml").write_bytes(names.file(n_pupils=2).read())
    onde = f"Nom élève;Prénom élève;Niveau;Libellé classe\n{row(OTHER, 7)[9:-12]}\n"
    (folder / f"{OTHER}_CSVExtraction.csv").write_bytes(onde.encode("iso-8859-15"))
    (folder / "anonyme.csv").write_bytes(onde.encode("iso-8859-15"))
    said = {fed.file: fed for fed in feed(folder)}
    assert said["siecle.xml"].added == 2
    assert said[f"{OTHER}_CSVExtraction.csv"].added == 1
    assert said["anonyme.csv"].unknown == ["?"]


def test_a_check_says_the_same_and_touches_no_database(
    names: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in names.environ.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("ENCRIER_NAMES_FOLDER", str(tmp_path / "nowhere"))
    good, bad = tmp_path / "bon.xml", tmp_path / "image.csv"
    good.write_bytes(names.file(n_pupils=2).read())
    bad.write_bytes(b"%PDF-1.7")
    before = names.every_byte()
    assert cli.main(["names", "import", str(good), str(bad), "--check", "--json"]) == 1
    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert (first["file"], first["read"]["n_pupils"]) == ("bon.xml", 2)
    assert "PDF" in second["refused"]["what"]
    assert names.every_byte() == before
