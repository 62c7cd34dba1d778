# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the page of a list that waits shows: remarks with their fixes, and what would change."""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as sentence

from encrier_names.imports.difference import Difference, difference
from encrier_names.imports.fixes import remarks, shown
from encrier_names.imports.models import Decisions, WaitingImport
from encrier_names.imports.plan import Plan, identity_of, plan
from encrier_names.imports.take_in import known_divisions, known_pupils
from encrier_names.rosters import Reading, cells, summarise, understand
from encrier_names.schools.models import Identity

Line = dict[str, object]

_SEXES: Final = {"F": sentence("fille"), "M": sentence("garçon")}
AT_ONCE: Final = 100  # remarks on one page; the others come once these are settled
_WRITTEN: Final = {
    "last_name": sentence("nom"),
    "used_name": sentence("nom d’usage"),
    "first_name": sentence("prénom"),
    "birth_date": sentence("date de naissance"),
    "sex": sentence("sexe"),
    "ine": "INE",
    "division": sentence("classe"),
    "level": sentence("niveau"),
}
_IDENTITY: Final = ("last_name", "used_name", "first_name", "birth_date", "sex", "ine")
_DONE: Final = {
    "out": sentence("retiré"),
    "keep": sentence("gardé"),
    "apart": sentence("un autre élève"),
}


def page_of(waiting: WaitingImport) -> tuple[dict[str, object], int]:
    """All that the template shows of one list, and how many pupils it was compared with."""
    decided = waiting.decisions
    reading = understand(waiting.source, decided.corrections)
    known = known_pupils(waiting.school)
    validated = known_divisions(waiting.school)
    planned = plan(reading, validated=validated)
    found = remarks(reading, list(validated))
    to_do = [one for one in found if one.defect.severity != "dropped"]
    same = {one.rank: one.pupil for one in decided.same}
    open_labels = [d.label for d in planned.divisions if not d.frozen]
    changes = difference(reading.pupils, known, same, open_labels)
    identities = {row: one.identity for row, one in known.items()}
    page = {
        "summary": summarise(reading),
        "plan": planned,
        "n_ready": planned.n_taken - len(changes.held),
        "remarks": to_do[:AT_ONCE],
        "n_more": max(0, len(to_do) - AT_ONCE),
        "dropped": [one for one in found if one.defect.severity == "dropped"],
        "corrected": _corrected(reading, decided, identities),
        "changes": _changes(changes, identities),
        "is_first": not known,
        "classes": _classes(planned, changes),
    }
    return page, len(known)


def _corrected(reading: Reading, decided: Decisions, known: dict[UUID, Identity]) -> list[Line]:
    """What the head has said, one line a row, in the order in which it was said."""
    rows = {row.rank: row for row in reading.source.rows}
    said: dict[int, list[str]] = {}
    for one in decided.corrections:
        said.setdefault(one.rank, []).append(_said(one.act, one.field or "", one.value))
    for same in decided.same:
        who = known[same.pupil].shown if same.pupil in known else ""
        said.setdefault(same.rank, []).append(_("est %(who)s, que vous avez déjà") % {"who": who})
    return [
        {"rank": rank, "line": rows[rank].line, "who": shown(rows[rank]), "said": ", ".join(words)}
        for rank, words in said.items()
        if rank in rows
    ]


def _said(act: str, field: str, value: str) -> str:
    if act in _DONE:
        return _(_DONE[act])
    born = cells.a_date(value) if field == "birth_date" else None
    written = _(_SEXES[value]) if field == "sex" and value in _SEXES else value
    shown_value = f"{born:%d/%m/%Y}" if born else written
    named = {"field": _(_WRITTEN[field]), "value": shown_value or _("aucun")}
    return _("%(field)s\u00a0: %(value)s") % named


def _changes(changes: Difference[UUID], known: dict[UUID, Identity]) -> Line:
    """The difference in the words of the page, each list in alphabetical order."""
    arrivals: list[Line] = [
        {
            "name": identity_of(one.read).shown,
            "division": one.read.division,
            "rank": one.read.rank,
            "like": one.like,
            "like_name": known[one.like].shown if one.like else "",
        }
        for one in changes.arrivals
    ]
    moves: list[Line] = [
        {"name": known[m.pupil].shown, "was": m.was, "division": m.read.division}
        for m in changes.moves
    ]
    return {
        "arrivals": _by_name(arrivals),
        "moves": _by_name(moves),
        "rewritten": _by_name(_rewritten(one.before, one.after) for one in changes.rewritten),
        "departures": _by_name({"name": known[key].shown} for key in changes.departures),
        "held": _by_name({"name": known[key].shown} for key in changes.held),
        "unchanged": changes.unchanged,
    }


def _rewritten(before: Identity, after: Identity) -> Line:
    changed = (_(_WRITTEN[f]) for f in _IDENTITY if getattr(before, f) != getattr(after, f))
    return {
        "name": before.shown,
        "after": after.shown if after.shown != before.shown else "",
        "fields": ", ".join(changed),
    }


def _by_name(lines: Iterable[Line]) -> list[Line]:
    return sorted(lines, key=lambda line: str(line["name"]))


def _classes(planned: Plan, changes: Difference[UUID]) -> list[Line]:
    """One line a class of the file: how many pupils, and how many of them arrive."""
    return [
        {
            "label": one.label,
            "n": len(one.pupils),
            "frozen": one.frozen,
            "all_held": changes.held_from.get(one.label) == len(one.pupils),
            "n_new": sum(a.read.division == one.label for a in changes.arrivals),
        }
        for one in planned.divisions
    ]
