# SPDX-License-Identifier: AGPL-3.0-or-later
"""OneRoster archives: 1.2, 1.1 and a variant in use; pupils of one school, with their class."""

import io
import os
import zipfile
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest

from encrier_names.rosters import Level, Reading, RosterRefused, read
from encrier_names.rosters.refusals import OtherSchool

SHARED = Path(os.environ.get("ENCRIER_SHARED", Path(__file__).parents[4] / "shared"))
SAMPLE = SHARED / "data" / "rosters" / "oneroster_like"
FILES = {
    "manifest.csv": "propertyName,value\nmanifest.version,1.0\noneroster.version,1.2\n",
    "orgs.csv": "sourcedId,status,name,type,identifier\n"
    "o1,active,Collège du Test,school,9990001X\no2,active,Autre,school,9990002Y\n",
    "users.csv": "sourcedId,status,enabledUser,username,givenName,familyName,identifier,grades,"
    "password,email\n"
    "u1,active,true,a,Timothé,BALDÉRIQUE,999000501BA,06,secret,a@exemple.fr\n"
    "u2,active,true,b,Anatole,CŒURDELIN,,06,,\n"
    "u3,active,true,c,Une,PROF,,,,\n"
    "u4,active,true,d,Ailleurs,ILUNGADIA,,06,,\n"
    "u5,tobedeleted,true,e,Parti,ZORGLUB,,06,,\n"
    "u6,active,true,f,Petite,MOREAUVAL,,05,,\n",
    "roles.csv": "sourcedId,status,userSourcedId,roleType,role,orgSourcedId\n"
    "r1,active,u1,primary,student,o1\nr2,active,u2,primary,student,o1\n"
    "r3,active,u3,primary,teacher,o1\nr4,active,u4,primary,student,o2\n"
    "r5,active,u5,primary,student,o1\nr6,active,u6,primary,student,o1\n",
    "classes.csv": "sourcedId,status,title,grades,classType,schoolSourcedId\n"
    "c1,active,6B,06,homeroom,o1\nc2,active,Anglais 2,06,scheduled,o1\n"
    "c9,active,6Z,06,homeroom,o2\n",
    "enrollments.csv": "sourcedId,status,classSourcedId,schoolSourcedId,userSourcedId,role\n"
    "e1,active,c2,o1,u1,student\ne2,active,c1,o1,u1,student\ne3,active,c1,o1,u2,student\n"
    "e4,active,c1,o1,u3,teacher\ne5,active,c9,o2,u4,student\n",
    "demographics.csv": "sourcedId,status,birthDate,sex\nu1,active,2015-08-30,male\n"
    "u2,active,2015-11-27,female\n",
}


def zipped(files: dict[str, str], folder: str = "") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(folder + name, text)
    return out.getvalue()


def reading(content: bytes, uai: str | None = "9990001X", *levels: Level) -> Reading:
    wanted = frozenset(levels or {Level.SIXTH})
    return read(content, file_name="oneroster.zip", expected_uai=uai, levels=wanted)


@pytest.mark.parametrize("folder", ["", "export/"])
def test_pupils_of_the_school_are_read_with_their_homeroom(folder: str) -> None:
    said = reading(zipped(FILES, folder))
    one, two = said.pupils
    assert (one.last_name, one.first_name, one.ine) == ("BALDÉRIQUE", "Timothé", "999000501BA")
    assert (one.birth_date, one.sex, one.division) == (date(2015, 8, 30), "M", "6B")
    assert one.groups == ("Anglais 2",)
    assert (two.last_name, two.sex, two.division) == ("CŒURDELIN", "F", "6B")
    assert said.source.uai == "9990001X"
    assert said.n_outside == 1  # the pupil of CM2
    assert said.n_rows == 3
    assert {"password", "email", "username"} <= set(said.source.columns_dropped)
    assert "secret" not in repr(said.source.rows)


def test_the_archive_of_another_school_is_refused() -> None:
    with pytest.raises(OtherSchool):
        reading(zipped(FILES), "9990003Z")


def test_an_archive_of_1_1_has_its_roles_beside_its_users() -> None:
    users = (
        "sourcedId,status,orgSourcedIds,role,givenName,familyName,grades\n"
        "u1,active,o1,student,Timothé,BALDÉRIQUE,06\nu8,active,o2,student,Ailleurs,AUTRE,06\n"
        "u3,active,o1,teacher,Une,PROF,\n"
    )
    files = {name: FILES[name] for name in ("orgs.csv", "classes.csv", "enrollments.csv")}
    said = reading(zipped({**files, "users.csv": users}))
    assert [(p.last_name, p.division) for p in said.pupils] == [("BALDÉRIQUE", "6B")]


@pytest.mark.skipif(not SAMPLE.is_dir(), reason="the sample OneRoster files are not beside us")
def test_the_variant_of_a_school_service_is_read() -> None:
    files = {file.name: file.read_text("utf-8") for file in SAMPLE.glob("*.csv")}
    said = reading(zipped(files), None)
    assert said.n_rows == said.n_outside + len(said.pupils)
    assert said.n_rows > 0
    assert "P@ssword123" not in repr(said.source) + repr([said.source.rows])


@pytest.mark.parametrize(
    "spoilt",
    [
        {"users.csv": ""},
        {"users.csv": '"'},
        {"users.csv": "\x00"},
        {"enrollments.csv": "classSourcedId\n"},
        {"classes.csv": "a,b\n1"},
        {"orgs.csv": "sourcedId,identifier\n,\n"},
    ],
)
def test_a_broken_file_of_an_archive_is_read_or_refused(spoilt: dict[str, str]) -> None:
    with suppress(RosterRefused):
        said = reading(zipped({**FILES, **spoilt}))
        assert said.n_rows == said.n_outside + len(said.pupils)
