# SPDX-License-Identifier: AGPL-3.0-or-later
"""The classes of a school validated on one page, by one declaration that lists them."""

import html
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from encrier_names.audit.models import Access
from encrier_names.pseudonyms import links
from encrier_names.schools import lists
from encrier_names.schools.models import Division, Identity, Pupil, School
from encrier_names.validation import declarations


@pytest.fixture
def head(names: Any) -> Any:
    """The head of a school of three classes that were just imported."""
    school = School.objects.create(uai="9990001X", name="Collège du Test")
    client = names.client(names.staff("head", "head", school=school))
    lines = ["Nom;Prénom;Niveau;Classe"]
    lines += [f"NOM{n};{name};6e;6{n}" for n in "ABC" for name in ("Léa", "Zoé", "Tom")]
    content = "\r\n".join(lines).encode()
    waiting = client.post("/listes/", {"file": SimpleUploadedFile("liste.csv", content)})
    client.post(waiting["location"])
    return client


def said_on(head: Any) -> str:
    page = html.unescape(head.get("/classes/valider/").content.decode())
    return page.partition('name="said" value="')[2].partition('"')[0]


def test_one_declaration_validates_them_all_and_is_kept_word_for_word(head: Any) -> None:
    assert "Valider les 3 classes" in html.unescape(head.get("/").content.decode())
    said = said_on(head)
    assert "6A (3 élèves), 6B (3 élèves), 6C (3 élèves)" in said
    done = head.post("/classes/valider/", {"declaration": "yes", "said": said})
    assert done.status_code == 302
    assert not Division.objects.filter(validated_at=None).exists()
    for division in Division.objects.all():
        assert len(links.of(division.pupils.values_list("id", flat=True))) == 3
        declared = declarations.last(division.id)
        assert declared
        assert (declared.sentence, declared.by, declared.n_pupils) == (said, "head", 3)
        assert Access.objects.filter(action="validation", division=division.id).count() == 1
    assert "sont validées" in head.get("/classes/valider/").content.decode()


def test_without_the_declaration_nothing_is_validated(head: Any) -> None:
    assert head.post("/classes/valider/", {"said": said_on(head)}).status_code == 400
    assert not Division.objects.exclude(validated_at=None).exists()


def test_lists_that_changed_since_the_sentence_was_read_are_not_validated(head: Any) -> None:
    said = said_on(head)
    lists.add(Division.objects.get(label="6B"), Identity("ARRIVÉE", "Tardive"), level="6E")
    answer = head.post("/classes/valider/", {"declaration": "yes", "said": said})
    assert answer.status_code == 409
    assert not Division.objects.exclude(validated_at=None).exists()


def test_an_empty_class_and_another_school_are_left_out(names: Any, head: Any) -> None:
    Pupil.objects.filter(division__label="6C").delete()
    names.open_class(2, uai="9990002Y", division="6Z")
    said = said_on(head)
    assert "6C" not in said
    assert "6Z" not in said
    head.post("/classes/valider/", {"declaration": "yes", "said": said})
    validated = Division.objects.exclude(validated_at=None).values_list("label", flat=True)
    assert set(validated) == {"6A", "6B"}
