# SPDX-License-Identifier: AGPL-3.0-or-later
"""The follow-up from the command line: counters counted again, the sample. Never a name."""

import argparse

from django.db import transaction

from encrier_names.commands import say
from encrier_names.commands.lists import content_of
from encrier_names.followup import tallies
from encrier_names.followup.models import Sampled
from encrier_names.rosters.identifiers import BadUai, parse_uai
from encrier_names.schools.models import School


def recount(asked: argparse.Namespace) -> int:
    """Count every school again, or only say how many counters are wrong."""
    if asked.check:
        n_wrong = len(tallies.wrong())
        say({"wrong": n_wrong}, f"{n_wrong} schools whose counters are wrong", as_json=asked.json)
        return 1 if n_wrong else 0
    n_schools = tallies.rebuild()
    say({"schools": n_schools}, f"{n_schools} schools counted", as_json=asked.json)
    return 0


def sample_schools(asked: argparse.Namespace) -> int:
    """Make the sample the schools of a file; a line that is no school we know is counted."""
    lines = content_of(asked.file).decode("utf-8", "replace").split()
    wanted, n_unknown = set(), 0
    for line in lines:
        try:
            wanted.add(parse_uai(line))
        except BadUai:
            n_unknown += 1
    found = School.objects.in_bulk(list(wanted), field_name="uai")
    with transaction.atomic():
        Sampled.objects.all().delete()
        Sampled.objects.bulk_create(Sampled(school=school) for school in found.values())
    n_unknown += len(wanted) - len(found)
    result = {"schools": len(found), "unknown": n_unknown}
    say(result, f"{len(found)} schools, {n_unknown} unknown lines", as_json=asked.json)
    return 1 if n_unknown else 0
