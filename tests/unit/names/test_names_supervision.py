# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a supervisor grants: kept sealed, sent sealed, only to whom it is meant for."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from encrier import clock, terms
from encrier.records import from_bytes
from encrier.terms import Terms
from encrier.wire import Admission, AdmissionList
from encrier_names.audit.models import Access
from encrier_names.codesheets.sheet import slips_of
from encrier_names.doors import admission
from encrier_names.doors.register import register
from encrier_names.pseudonyms import links
from encrier_names.sittings import grants
from encrier_names.sittings.forms import CARDS, CHOICES
from encrier_names.sittings.models import Granted

SETTINGS = Path(__file__).parents[3] / "player/src/supports/settings.js"


def _sent() -> dict[bytes, Admission]:
    """What waits to be sent, the latest row of each sitting."""
    rows: dict[bytes, Admission] = {}
    for listed in (one.listed for one in admission.waiting()):
        rows |= {row.sid: row for row in from_bytes(listed, AdmissionList).rows}
    return rows


def _terms(names: Any, pupil: Any) -> Terms:
    """What the browser of this pupil would read."""
    sitting = links.of([pupil.id])[pupil.id]
    box = _sent()[sitting.sid].terms
    return terms.unseal(
        box, key=sitting.terms, campaign=names.manifest.campaign_id, sid=sitting.sid
    )


@pytest.fixture
def supervised(names: Any) -> tuple[Any, Callable[..., Any]]:
    """A validated class of three, and what its teacher asks for it."""
    nobody = msgspec.structs.replace(names.manifest.nodes[0], url="http://127.0.0.1:9")
    names.start(nodes=[nobody])  # a port where nobody listens
    division = names.validated_class(3)
    teacher = names.staff("t", "teacher", school=division.school, divisions=[division])
    client = names.client(teacher)

    def ask(act: str, **fields: Any) -> Any:
        return client.post(f"/classes/{division.id}/passation/agir/", {"act": act, **fields})

    return division, ask


def test_a_class_is_paused_and_goes_on(names: Any, supervised: Any) -> None:
    division, ask = supervised
    assert ask("pause").status_code == 302
    assert all(_terms(names, pupil).paused for pupil in division.pupils.all())
    assert ask("resume").status_code == 302
    assert not any(_terms(names, pupil).paused for pupil in division.pupils.all())


def test_one_pupil_is_paused_and_nobody_else(names: Any, supervised: Any) -> None:
    division, ask = supervised
    one, *others = division.pupils.all()
    ask("pause", pupil=str(one.id))
    assert _terms(names, one).paused
    assert not any(_terms(names, other).paused for other in others)
    row = Access.objects.latest("id")
    assert (row.action, row.pupil, row.n_pupils) == ("sitting-paused", one.id, 1)


def test_a_pupil_of_another_class_is_not_reached_through_ones_own(
    names: Any, supervised: Any
) -> None:
    _division, ask = supervised
    stranger = names.validated_class(1, uai="9990002Y").pupils.get()
    assert ask("pause", pupil=str(stranger.id)).status_code == 404
    assert not Granted.objects.exists()


def test_an_act_that_changes_nothing_sends_nothing(supervised: Any) -> None:
    _division, ask = supervised
    n_waiting = len(admission.waiting())
    ask("resume")
    assert len(admission.waiting()) == n_waiting


def test_a_session_is_closed_now_and_opened_again(supervised: Any) -> None:
    division, ask = supervised
    before = clock.now()
    ask("close")
    assert all(before <= (row.closes_at or before) <= clock.now() for row in _sent().values())
    assert all(row.closes_at is not None and row.open for row in _sent().values())
    ask("reopen")
    assert {row.closes_at for row in _sent().values()} == {None}
    assert len(_sent()) == division.pupils.count()


def test_what_a_pupil_needs_is_ready_for_her_and_known_to_results(
    names: Any, supervised: Any
) -> None:
    division, _ask = supervised
    pupil, *others = division.pupils.all()
    head = names.client(names.staff("h", "head", school=division.school))
    page = f"/eleves/{pupil.id}/besoins/"
    assert head.post(page, {"extra_time": "33", "theme": "nuit", "size": "150"}).status_code == 302
    assert _terms(names, pupil) == Terms(33, settings=("theme:nuit", "size:150"))
    chosen = re.findall(r'value="([^"]+)" selected', head.get(page).content.decode())
    assert chosen == ["33", "nuit", "150"]
    registered = {row.order: row.settings for row in register(names.manifest, declared=()).rows}
    order = links.of([pupil.id])[pupil.id].order
    assert registered.pop(order) == ["theme:nuit", "size:150", "extra-time:33"]
    assert set(map(tuple, registered.values())) == {()}
    assert all(_terms(names, other) == Terms() for other in others)


@pytest.mark.parametrize("given", [{"extra_time": "12"}, {"extra_time": "0", "theme": "rose"}, {}])
def test_a_need_that_does_not_exist_is_refused(
    names: Any, supervised: Any, given: dict[str, str]
) -> None:
    division, _ask = supervised
    head = names.client(names.staff("h", "head", school=division.school))
    page = head.post(f"/eleves/{division.pupils.first().id}/besoins/", given)
    assert page.status_code == 200
    assert 'class="error"' in page.content.decode()
    assert not Granted.objects.exists()


def test_what_names_may_grant_is_what_the_player_knows() -> None:
    """The two lists stand in two languages; no other test would see them part."""
    source = SETTINGS.read_text(encoding="utf-8")
    known = dict(re.findall(r"^  (\w+): \[(.*)\],$", source, re.MULTILINE))
    for name, (_label, values) in CHOICES.items():
        usual, *others = re.findall(r'"(\w+)"', known[name])
        assert usual not in values
        assert set(values) == {"", *others}
    assert known.keys() == CHOICES.keys()
    assert set(re.findall(r'^  (\w+): "', source, re.MULTILINE)) == set(CARDS)


def test_needs_are_kept_sealed_and_a_pause_keeps_them(names: Any, supervised: Any) -> None:
    division, ask = supervised
    pupil = division.pupils.first()
    head = names.client(names.staff("h", "head", school=division.school))
    head.post(f"/eleves/{pupil.id}/besoins/", {"extra_time": "100", "theme": "jaune"})
    ask("pause")
    assert _terms(names, pupil) == Terms(100, paused=True, settings=("theme:jaune",))
    assert b"jaune" not in names.every_byte()
    assert b"theme" not in names.every_byte()


def test_boxes_do_not_tell_who_is_granted_something(names: Any, supervised: Any) -> None:
    division, _ask = supervised
    grants.change([division.pupils.first().id], grants.paused)
    rows = admission.rows_of([p.id for p in division.pupils.all()], names.manifest)
    assert {len(one.row.terms) for one in rows} == {terms.BOX_SIZE}


def test_every_choice_at_once_fits_a_box(names: Any) -> None:
    longest = tuple(f"{name}:{max(values, key=len)}" for name, (_label, values) in CHOICES.items())
    longest += tuple(f"card:{card}" for card in CARDS)
    slip = slips_of(names.validated_class(1))[0]
    box = terms.seal(
        Terms(100, paused=True, settings=longest),
        key=slip.terms,
        campaign=names.manifest.campaign_id,
        sid=slip.sid,
    )
    assert len(box) == terms.BOX_SIZE


def test_an_act_that_answers_does_not_hear_waits_for_the_exchange(
    names: Any, supervised: Any
) -> None:
    division, ask = supervised
    assert ask("pause").status_code == 302
    teacher = names.client(division.teachers.get())
    assert "part toute seule" in teacher.get(f"/classes/{division.id}/passation/").content.decode()
    assert admission.is_waiting()


def test_closing_the_campaign_destroys_what_was_granted(names: Any, supervised: Any) -> None:
    from encrier_names.shredder.shred import shred

    _division, ask = supervised
    ask("pause")
    shred(names.manifest, typed_label=names.manifest.label, before_closing=True)
    assert not Granted.objects.exists()
