# SPDX-License-Identifier: AGPL-3.0-or-later
"""« Qui voit quoi » says what the views do: a page that disagrees fails here."""

from typing import Any

import permissions
import pytest

from encrier_names import urls
from encrier_names.access.permissions import TABLE
from encrier_names.schools.models import Role


def _roles_of_views() -> dict[str, frozenset[str]]:
    """The roles that each page lets in, as its view was declared."""
    declared = {path.name: getattr(path.callback, "roles", None) for path in urls.urlpatterns}
    return {name: roles for name, roles in declared.items() if name and roles is not None}


def test_each_page_for_staff_is_in_one_line_of_the_table() -> None:
    pages = [page for line in TABLE for page in line.pages.split()]
    assert len(pages) == len(set(pages))
    assert set(pages) == set(_roles_of_views()), "a new page needs its line in permissions.TABLE"


@pytest.mark.parametrize("line", TABLE, ids=lambda line: line.pages.split()[0])
def test_a_line_names_the_roles_that_its_views_let_in(line: Any) -> None:
    views = _roles_of_views()
    for page in line.pages.split():
        assert views[page] == frozenset(line.who), page


def test_the_document_is_the_table() -> None:
    assert permissions.PAGE.read_text("utf-8") == permissions.content()


def test_everyone_reads_the_table_and_finds_her_role(names: Any) -> None:
    for role in Role:
        page = names.client(names.staff(role.value, role.value)).get("/droits/").content.decode()
        assert f'class="mine">{role.label}' in page
        assert all(str(line.what) in page for line in TABLE)
