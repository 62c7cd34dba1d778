# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a head declared is kept word for word, shown again, and never changed."""

from typing import Any

import pytest
from django.db import DatabaseError

from encrier_names.codesheets.validation import validate
from encrier_names.validation import declarations
from encrier_names.validation.models import Declaration

SENTENCE = (
    "Je déclare avoir vérifié cette liste\u00a0: elle contient les 3 élèves de la classe "
    "présents à ce jour, et eux seuls."
)

NEVER = "append-only|permission denied"  # a trigger; on PostgreSQL grants stand before it


@pytest.fixture
def declared(names: Any) -> tuple[Any, Any]:
    """A class of three that its head validated on the page; the class, his browser."""
    division = names.open_class(3)
    head = names.client(names.staff("mme.cheffe", "head", school=division.school))
    page = head.get(f"/classes/{division.id}/").content.decode()
    assert SENTENCE in page
    sent = {"declaration": "yes", "n_pupils": "3"}
    assert head.post(f"/classes/{division.id}/valider/", sent).status_code == 302
    return division, head


def test_the_sentence_that_was_read_is_kept_with_who_and_when(declared: Any) -> None:
    division, _head = declared
    row = Declaration.objects.get()
    assert (row.sentence, row.n_pupils, row.division) == (SENTENCE, 3, division.id)
    shown = declarations.last(division.id)
    assert shown is not None
    assert (shown.sentence, shown.by) == (SENTENCE, "mme.cheffe")


def test_it_is_shown_again_on_the_pages_of_the_class(declared: Any) -> None:
    division, head = declared
    for address in ("", "codes/", "ajouter/"):
        page = head.get(f"/classes/{division.id}/{address}").content.decode()
        assert SENTENCE in page
        assert "par mme.cheffe" in page


def test_a_list_opened_again_says_what_was_declared_before(declared: Any) -> None:
    division, head = declared
    given = {"last_name": "ARRIVÉE", "first_name": "Tardive"}
    head.post(f"/classes/{division.id}/ajouter/", given)
    page = head.get(f"/classes/{division.id}/").content.decode()
    assert "La liste a changé depuis la déclaration" in page
    assert SENTENCE in page
    assert SENTENCE.replace("3", "4") in page


def test_a_list_that_is_not_the_one_that_was_read_is_not_validated(names: Any) -> None:
    division = names.open_class(3)
    head = names.client(names.staff("h", "head", school=division.school))
    sent = {"declaration": "yes", "n_pupils": "2"}
    assert head.post(f"/classes/{division.id}/valider/", sent).status_code == 409
    assert not Declaration.objects.exists()


def test_a_declaration_is_neither_changed_nor_removed(declared: Any) -> None:
    with pytest.raises(DatabaseError, match=NEVER):
        Declaration.objects.update(n_pupils=0)
    with pytest.raises(DatabaseError, match=NEVER):
        Declaration.objects.all().delete()


def test_what_the_operator_validates_is_declared_by_nobody(names: Any) -> None:
    division = names.open_class(2)
    validate(division)
    declarations.keep(division.id, None, n_pupils=2)
    shown = declarations.last(division.id)
    assert shown is not None
    assert shown.by == "l’opérateur de la plateforme"
    assert "sans déclaration" in shown.sentence


def test_a_declaration_outlives_its_account_and_its_class(declared: Any) -> None:
    division, _head = declared
    division.school.delete()
    shown = declarations.last(division.id)
    assert shown is not None
    assert shown.by == "un compte qui n’existe plus"


def test_one_pupil_is_declared_in_the_singular() -> None:
    assert "l’élève de la classe présent" in declarations.sentence(1)
