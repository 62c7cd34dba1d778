# SPDX-License-Identifier: AGPL-3.0-or-later
"""Codes are drawn at once, keys derived apart; a run that is killed goes on where it was."""

import io
import os
from itertools import chain, count, repeat
from typing import Any

import pytest

from encrier import codes
from encrier.records import from_bytes
from encrier.wire import AdmissionList
from encrier_names import cli
from encrier_names.codesheets.sheet import KeysAwaited, sheet_pdf, slips_of
from encrier_names.commands.bar import Bar, written
from encrier_names.doors import admission
from encrier_names.doors.register import register
from encrier_names.pseudonyms import drawing, links, rows
from encrier_names.pseudonyms.key import link_key
from encrier_names.pseudonyms.models import Link
from encrier_names.schools import lists
from encrier_names.schools.models import Division, Identity
from encrier_names.sittings import board
from encrier_names.validation import many
from encrier_names.validation.many import admit_owed, go_on, validate_many


def _silent(_done: int, _of: int) -> None:
    return


def _drawn(names: Any, n_pupils: int = 4) -> Any:
    """A class that was validated and whose keys were not derived yet."""
    division = names.open_class(n_pupils)
    validate_many(Division.objects.all(), said=_silent, keys=False)
    division.refresh_from_db()
    return division


def _pupils(division: Any) -> list[Any]:
    return list(division.pupils.values_list("id", flat=True))


def test_all_classes_of_two_schools_are_validated_at_once(names: Any) -> None:
    one, other = names.open_class(3), names.open_class(2, uai="9990002Y")
    empty = Division.objects.create(school=one.school, label="6Z")
    said: list[tuple[int, int]] = []
    done = validate_many(Division.objects.all(), said=lambda n, of: said.append((n, of)))
    assert (done.classes, done.pupils, done.drawn, done.derived, done.admitted) == (2, 5, 5, 5, 2)
    assert (said[0], said[-1]) == ((0, 5), (5, 5))
    for division, n_pupils in ((one, 3), (other, 2)):
        division.refresh_from_db()
        assert len(slips_of(division)) == n_pupils
        assert sheet_pdf(division, names.manifest).startswith(b"%PDF")
    empty.refresh_from_db()
    assert empty.validated_at is None


def test_validating_all_again_draws_nothing(names: Any) -> None:
    names.open_class(3)
    validate_many(Division.objects.all(), said=_silent)
    again = validate_many(Division.objects.all(), said=_silent)
    assert (again.classes, again.drawn, again.derived, again.admitted) == (0, 0, 0, 0)


def test_what_needs_keys_waits_for_them_and_says_so(names: Any) -> None:
    division = _drawn(names)
    assert links.readiness(_pupils(division)) == links.Readiness(drawn=4, derived=0)
    assert admission.waiting() == []
    assert register(names.manifest, declared=()).rows == []
    with pytest.raises(KeysAwaited):
        sheet_pdf(division, names.manifest)
    head = names.client(names.staff("h", "head", school=division.school))
    page = head.get(f"/classes/{division.id}/codes/")
    assert "Codes prêts\u00a0: 0 sur 4" in page.content.decode()
    assert page["Refresh"] == "10"
    assert "?fixe=1" in page.content.decode()
    still = head.get(f"/classes/{division.id}/codes/?fixe=1")
    assert "Refresh" not in still
    assert "Codes prêts\u00a0: 0 sur 4" in still.content.decode()
    refused = head.get(f"/classes/{division.id}/codes.pdf")
    assert refused.status_code == 409
    assert "ne sont pas encore prêts" in refused.content.decode()
    pupil = _pupils(division)[0]
    assert head.get(f"/eleves/{pupil}/nouveau-code/").status_code == 404
    assert head.get(f"/classes/{division.id}/passation/").status_code == 200


def test_once_keys_are_there_the_page_stands_still(names: Any) -> None:
    division = names.validated_class(2)
    head = names.client(names.staff("h", "head", school=division.school))
    page = head.get(f"/classes/{division.id}/codes/")
    assert "Refresh" not in page
    assert "Codes prêts" not in page.content.decode()


def test_a_run_that_is_killed_keeps_its_batches_and_the_next_goes_on(
    names: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    division = _drawn(names, 7)
    before = {row.code for row in Link.objects.all()}
    monkeypatch.setattr(drawing, "_BATCH", 3)

    def killed(done: int, _of: int) -> None:
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        drawing.derive_all(names.manifest, said=killed)
    n_kept = links.readiness(_pupils(division)).derived
    assert 1 <= n_kept <= 3
    kept = {row.pupil: bytes(row.box) for row in Link.objects.filter(is_derived=True)}
    assert admit_owed() == 0
    said: list[tuple[int, int]] = []
    done = validate_many(Division.objects.all(), said=lambda n, of: said.append((n, of)))
    assert (done.derived, done.admitted) == (7 - n_kept, 1)
    assert said[0] == (0, 7 - n_kept)
    assert {row.code for row in Link.objects.all()} == before
    after = {row.pupil: bytes(row.box) for row in Link.objects.filter(pupil__in=kept)}
    assert after == kept  # not derived twice


def test_each_turn_of_the_exchange_goes_on_until_nothing_is_owed(
    names: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(many, "_A_TURN", 2)
    monkeypatch.setattr(drawing, "_BATCH", 2)
    division = _drawn(names, 5)
    turns = [go_on() for _ in range(4)]
    assert turns[0] == 0  # two keys of five, or three: a batch is taken from anywhere
    assert sum(turns) == 1
    assert links.readiness(_pupils(division)).is_ready


def test_derived_later_a_sitting_is_what_its_code_gives(names: Any) -> None:
    division = _drawn(names, 2)
    drawing.derive_all(names.manifest)
    for sitting in links.of(_pupils(division)).values():
        keys = codes.derive(
            sitting.code, names.manifest.campaign_id, iterations=names.manifest.kdf_iterations
        )
        assert (sitting.sid, sitting.mac, sitting.terms) == (keys.sid, keys.mac, keys.terms)


def test_the_admission_list_of_a_class_holds_its_pupils_alone(names: Any) -> None:
    one = names.open_class(3)
    names.open_class(2, uai="9990002Y")
    validate_many(Division.objects.all(), said=_silent)
    lists_sent = [from_bytes(one.listed, AdmissionList) for one in admission.waiting()]
    sids = {s.sid for s in links.of(_pupils(one)).values()}
    assert sids in [{row.sid for row in listed.rows} for listed in lists_sent]
    assert sorted(len(listed.rows) for listed in lists_sent) == [2, 3]


def test_a_pupil_whose_code_is_drawn_and_waits_is_not_removed(names: Any) -> None:
    division = _drawn(names, 2)
    assert board.numbered(_pupils(division)) == set(_pupils(division))
    head = names.client(names.staff("h", "head", school=division.school))
    assert head.post(f"/eleves/{_pupils(division)[0]}/retirer/").status_code == 409


def test_a_list_opened_again_while_keys_are_awaited_is_validated_whole(names: Any) -> None:
    division = _drawn(names, 2)
    lists.add(division, Identity(last_name="NOUVEAU", first_name="Venu"), level="6E")
    done = validate_many(Division.objects.all(), said=_silent)
    assert (done.classes, done.drawn, done.derived) == (1, 1, 3)
    division.refresh_from_db()
    assert sheet_pdf(division, names.manifest).startswith(b"%PDF")


def test_numbers_that_are_taken_are_drawn_again(
    names: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    division = names.validated_class(1)
    (taken,) = slips_of(division)
    others = (f"{n:08d}" for n in count(1) if f"{n:08d}" != taken.order)
    numbers = chain([taken.order] * 4, repeat(next(others), 3), others)
    monkeypatch.setattr(drawing, "draw_order_number", lambda: next(numbers))
    for name in "ABC":
        lists.add(division, Identity(last_name=name, first_name=name), level="6E")
    drawn = drawing.draw_for(_pupils(division))
    assert len({one.order for one in drawn} - {taken.order}) == len(drawn) == 3
    assert len({one.order for one in slips_of(division)}) == 1, "the others await their keys"
    assert links.count() == 4


def test_codes_that_are_taken_are_drawn_again(names: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    division = names.validated_class(1)
    (taken,) = slips_of(division)
    fresh = [codes.draw() for _ in range(9)]
    coming = chain([taken.code] * 3, repeat(fresh[0], 2), fresh)
    monkeypatch.setattr(codes, "draw", lambda _places: next(coming))
    for name in "AB":
        lists.add(division, Identity(last_name=name, first_name=name), level="6E")
    drawn = {one.code for one in drawing.draw_for(_pupils(division))}
    assert len(drawn) == 2
    assert drawn < set(fresh)
    assert links.count() == 3


def test_neither_a_box_without_keys_nor_its_record_shows_a_code(names: Any) -> None:
    _drawn(names, 2)
    content = names.every_byte()
    for row in Link.objects.all():
        drawn = rows.drawn_of(link_key(), row)
        assert drawn.code.encode() not in content
        assert drawn.order.encode() not in content
        assert drawn.code not in repr(drawn)


def test_the_verb_validates_a_school_and_shows_a_bar(
    names: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    names.open_class(3)
    other = names.open_class(2, uai="9990002Y")
    for name, value in names.environ.items():
        monkeypatch.setitem(os.environ, name, value)
    assert _run("validate", "--school", "9990001X") == 0
    out = capsys.readouterr()
    assert out.out.startswith("1 classes validated, 3 pupils, 3 codes drawn, 3 keys derived")
    assert "3 of 3" in out.err
    other.refresh_from_db()
    assert other.validated_at is None
    assert _run("validate", "--all") == 0
    other.refresh_from_db()
    assert other.validated_at is not None


def _run(*words: str) -> int:
    import argparse

    parser = argparse.ArgumentParser()
    cli.verbs(parser.add_subparsers())
    asked = parser.parse_args(words)
    return int(asked.run(asked))


class _Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_the_bar_is_rewritten_on_a_screen_and_rare_in_a_log() -> None:
    clock = iter(range(100))
    screen, log = _Screen(), io.StringIO()
    for to in (screen, log):
        bar = Bar("keys", to=to, now=lambda: float(next(clock)))
        for done in range(11):
            bar(done, 10)
    assert screen.getvalue().count("\r") == 11
    assert log.getvalue().splitlines() == [log.getvalue().strip()]
    assert "10 of 10" in log.getvalue()


def test_the_bar_says_how_long_still() -> None:
    assert written("keys", 0, 10, seconds=0.0).endswith("0 of 10")
    assert written("keys", 1, 7201, seconds=1.0).endswith("1 a second, 2 h 0 min left")
    assert written("keys", 100, 700, seconds=100.0).endswith("1 a second, 10 min left")
