# SPDX-License-Identifier: AGPL-3.0-or-later
"""Each app of the zone is migrated forwards, back to nothing, and forwards again."""

from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connections
from django.db.migrations.loader import MigrationLoader

from encrier_names import stores
from encrier_names.audit.models import Action
from encrier_names.audit.record import record
from encrier_names.stores.migration import bring_up
from encrier_names.zone import current

OURS = sorted(app.label for app in apps.get_app_configs() if app.name.startswith("encrier_names."))


def _tables() -> set[str]:
    found: set[str] = set()
    for alias in stores.ALIASES:
        with connections[alias].cursor() as cursor:
            found |= set(connections[alias].introspection.table_names(cursor))
    return found


@pytest.mark.parametrize("app", OURS)
def test_an_app_goes_back_to_nothing_and_comes_again(names: Any, app: str) -> None:
    alias = "links" if app == "pseudonyms" else "default"
    hers = {model._meta.db_table for model in apps.get_app_config(app).get_models()}
    before = _tables()
    assert hers <= before
    with stores.as_owners(current().settings):
        call_command("migrate", app, "zero", database=alias, interactive=False, verbosity=0)
        assert not hers & _tables()
    bring_up(current().settings)
    assert _tables() == before


def test_what_stood_before_a_way_back_of_one_step_works_after_it(names: Any) -> None:
    """The last migration of each app taken back and made again, with pupils in the tables."""
    division = names.validated_class(2)
    names.send_scores(division)
    for app in OURS:
        alias = "links" if app == "pseudonyms" else "default"
        leaves = MigrationLoader(connections[alias]).graph.leaf_nodes(app)
        steps = [key for key in MigrationLoader(None).graph.nodes if key[0] == app]
        if len(steps) < 2:
            continue
        (_app, last), *_ = leaves
        previous = max(name for _app, name in steps if name != last)
        with stores.as_owners(current().settings):
            call_command("migrate", app, previous, database=alias, interactive=False, verbosity=0)
        bring_up(current().settings)
    record(Action.CLASS_LIST, names.staff("a", "ministry").id, n_pupils=1)
    assert len({pupil.identity.last_name for pupil in division.pupils.all()}) == 2
    head = names.staff("head", "head", school=division.school)
    client = names.client(head)
    assert client.get(f"/classes/{division.id}/passation/").status_code == 200
    assert "Satisfaisant" in client.get(f"/classes/{division.id}/resultats/").content.decode()
