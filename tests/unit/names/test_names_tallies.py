# SPDX-License-Identifier: AGPL-3.0-or-later
"""The counters of a school: kept by what changes it, equal to what counting again gives."""

import secrets
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from encrier.ids import SittingId
from encrier.wire import SittingProgress
from encrier_names.codesheets.sheet import slips_of
from encrier_names.followup import tallies
from encrier_names.followup.models import Tally
from encrier_names.pseudonyms import links, whose
from encrier_names.pseudonyms.models import Whose
from encrier_names.schools import lists
from encrier_names.schools.models import Division, Identity, Pupil, School
from encrier_names.sittings import progress


def pull(reports: list[SittingProgress]) -> None:
    """Progress as the exchange keeps it."""
    with transaction.atomic():
        tallies.moved(progress.keep(reports).moves)


def report(sid: bytes, state: Any) -> SittingProgress:
    percent = {"expected": 0, "started": 40, "finished": 100}[state]
    return SittingProgress(sid, state, percent, 0, 29_000_000)


def test_counters_follow_a_school_from_its_list_to_its_end(names: Any) -> None:
    division = names.open_class(4)
    head = names.client(names.staff("head", "head", school=division.school))
    head.post(f"/classes/{division.id}/valider/", {"declaration": "yes"})
    tally = tallies.of(division.school)
    assert (tally.divisions, tally.validated, tally.pupils, tally.numbered) == (1, 1, 4, 4)
    assert tally.step == "to-print"
    head.get(f"/classes/{division.id}/codes.pdf")
    assert tallies.of(division.school).step == "ready"
    one, two, *others = slips_of(division)
    pull([report(one.sid, "started"), report(two.sid, "finished")])
    tally = tallies.of(division.school)
    assert (tally.awaited, tally.started, tally.finished, tally.step) == (4, 1, 1, "under-way")
    pull([report(sitting.sid, "finished") for sitting in (one, two, *others)])
    assert tallies.of(division.school).step == "done"
    assert tallies.wrong() == []


def test_a_pupil_who_is_excused_is_not_awaited_even_though_answers_expects_her(
    names: Any,
) -> None:
    division = names.validated_class(3)
    tallies.recount(division.school.id)
    pull([report(sitting.sid, "expected") for sitting in slips_of(division)])
    head = names.client(names.staff("head", "head", school=division.school))
    pupil = division.pupils.first()
    head.post(f"/eleves/{pupil.id}/absence/", {"reason": "absent"})
    assert tallies.of(division.school).awaited == 2
    page = head.get(f"/classes/{division.id}/passation/").content.decode()
    assert page.count("Attendu<") == 2


def test_a_code_taken_back_counts_no_more(names: Any) -> None:
    division = names.validated_class(2)
    tallies.recount(division.school.id)
    pupil = division.pupils.first()
    old, new = links.replace(pupil.id, names.manifest)
    tallies.recount(division.school.id)
    pull([report(old.sid, "finished"), report(new.sid, "started")])
    tally = tallies.of(division.school)
    assert (tally.started, tally.finished) == (1, 0)
    assert tallies.wrong() == []


def test_only_the_link_key_leads_from_a_sitting_to_its_pupil(names: Any) -> None:
    division = names.validated_class(2)
    tallies.recount(division.school.id)
    sid = slips_of(division)[0].sid
    assert whose.of([sid])[sid] in set(division.pupils.values_list("id", flat=True))
    stored = b"".join(bytes(row.box) + row.pupil.encode() for row in Whose.objects.all())
    content = names.every_byte() + stored
    assert not any(p.id.bytes in stored for p in division.pupils.all())
    assert sid.hex().encode() not in content
    links.destroy_rows()
    assert whose.of([sid]) == {}


def test_counting_all_again_finds_what_was_never_counted(names: Any) -> None:
    division = names.validated_class(3)
    assert tallies.wrong() == [division.school.id]
    assert tallies.rebuild() == School.objects.count()
    assert tallies.wrong() == []


ACTS = ("add", "close", "await", "remove", "move", "validate", "code", "print", "progress", "undo")


class _School:
    """A school to act on, as a head, a supervisor and the exchange do."""

    def __init__(self, names: Any, chance: Any) -> None:
        self.names, self.chance = names, chance
        number = f"{secrets.randbelow(10**7):07}"
        self.school = School.objects.create(uai=f"{number}X", name="Collège du Test")
        for label in ("6A", "6B"):
            Division.objects.create(school=self.school, label=label)
        self.head = names.client(names.staff(f"head-{number}", "head", school=self.school))
        self.said: dict[bytes, SittingProgress] = {}

    def act(self, name: str) -> None:
        acts: dict[str, Callable[[], None]] = {
            "add": self.add, "progress": self.progress, "validate": self.validate,
            "print": self.print, "undo": self.lose,
        }  # fmt: skip
        if name in acts:
            acts[name]()
        elif pupil := self.any_pupil():
            self.on(pupil, name)

    def any_pupil(self) -> Pupil | None:
        pupils = list(Pupil.objects.filter(division__school=self.school).order_by("id"))
        return self.chance.choice(pupils) if pupils else None

    def any_division(self) -> Any:
        return self.chance.choice(list(self.school.divisions.order_by("label")))

    def add(self) -> None:
        given = {"last_name": f"NOM{secrets.token_hex(3)}", "first_name": "Zoé"}
        self.head.post(f"/classes/{self.any_division().id}/ajouter/", given)

    def validate(self) -> None:
        url = f"/classes/{self.any_division().id}/valider/"
        self.head.post(url, {"declaration": "yes"})

    def print(self) -> None:
        tallies.printed(self.any_division().id)

    def lose(self) -> None:
        """Answers was given an older copy: it knows less than before."""
        if self.said:
            del self.said[self.chance.choice(sorted(self.said))]
            pull(list(self.said.values()))

    def progress(self) -> None:
        pupils = Pupil.objects.filter(division__school=self.school).values_list("id", flat=True)
        for sitting in links.of(pupils).values():
            if self.chance.random() < 0.4:
                state = self.chance.choice(["expected", "started", "finished"])
                self.said[sitting.sid] = report(sitting.sid, state)
        pull(list(self.said.values()))

    def on(self, pupil: Pupil, name: str) -> None:
        target = self.any_division().id
        address, given = {
            "close": (f"/eleves/{pupil.id}/absence/", {"reason": "left"}),
            "await": (f"/eleves/{pupil.id}/absence/", {"awaited": "yes"}),
            "remove": (f"/eleves/{pupil.id}/retirer/", {}),
            "move": (f"/eleves/{pupil.id}/classe/", {"division": str(target)}),
            "code": (f"/eleves/{pupil.id}/nouveau-code/", {"sure": "yes"}),
        }[name]
        self.head.post(address, given)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.sampled_from(ACTS), min_size=4, max_size=14), st.randoms(use_true_random=False))
def test_kept_counters_are_those_of_counting_again_after_any_sequence_of_acts(
    names: Any, acts: list[str], chance: Any
) -> None:
    School.objects.all().delete()
    school = _School(names, chance)
    for name in ("add", "add", *acts):
        school.act(name)
        assert tallies.wrong() == [], name
    assert Tally.objects.count() == 1


def test_what_is_nobodys_is_not_counted(names: Any) -> None:
    division = names.validated_class(1)
    tallies.recount(division.school.id)
    pull([report(SittingId(b"s" * 16), "finished")])
    assert tallies.of(division.school).finished == 0


@pytest.mark.parametrize("state", ["expected", "started", "finished"])
def test_progress_that_is_the_same_again_moves_nothing(names: Any, state: Any) -> None:
    said = [report(b"s" * 16, state)]
    progress.keep(said)
    assert progress.keep(said).moves == ()


def test_a_class_without_pupils_holds_nothing_up(names: Any) -> None:
    division = names.validated_class(1)
    Division.objects.create(school=division.school, label="6Z")
    tallies.recount(division.school.id)
    assert tallies.of(division.school).step == "to-print"
    lists.add(division, Identity("ARRIVÉE", "Tardive"), level="6E")
    tallies.recount(division.school.id)
    assert tallies.of(division.school).step == "to-validate"
