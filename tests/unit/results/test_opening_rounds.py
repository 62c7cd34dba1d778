# SPDX-License-Identifier: AGPL-3.0-or-later
"""Round after round: only what is new is opened and posted, and a killed opening goes on."""

import os
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from encrier import signing
from encrier.errors import BadRecord
from encrier.manifest import Node
from encrier.records import from_bytes, to_bytes
from encrier.secret import Secret
from encrier.wire import Register, ScoreSheet
from encrier_results import doors, opening
from encrier_results.opening import DamagedBoxes, Opening
from encrier_results.reconcile import Opener
from encrier_results.rounds import crew, tasks
from encrier_results.rounds.roll import read_roll
from stagecraft import envelopes, scored
from stagecraft.envelopes import Pupil, pupil
from stagecraft.forked import listed, runs, until
from stagecraft.rounds import ResultsZone

TESTS = Path(__file__).parents[2]
CANARY = "hérisson mauve"
TEXT = "fr-e-01"


@pytest.fixture(scope="module")
def pupils() -> list[Pupil]:
    return [pupil() for _ in range(9)]


@pytest.fixture
def zone(tmp_path: Path, pupils: list[Pupil]) -> ResultsZone:
    """Nine pupils, of whom six sent one envelope each."""
    made = ResultsZone(tmp_path, pupils)
    for each in pupils[:6]:
        made.pull(envelopes.save(made.sealed(each, {"fr-c-01": "B", TEXT: CANARY})))
    return made


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The sittings that were opened, one after the other, in this process."""
    sids: list[bytes] = []
    really = Opener.open

    def watched(self: Opener, sid: object, *given: object, **named: object) -> object:
        assert isinstance(sid, bytes)
        sids.append(sid)
        return really(self, sid, *given, **named)  # type: ignore[arg-type]  # handed on as it came

    monkeypatch.setattr(Opener, "open", watched)
    monkeypatch.setattr(crew, "n_processors", lambda: 1)
    return sids


def test_a_round_opens_and_posts_only_what_is_new(
    zone: ResultsZone, pupils: list[Pupil], opened: list[bytes]
) -> None:
    zone.round()
    assert len(opened) == 6
    assert [len(sheet.rows) for sheet in zone.sheets] == [9]
    opened.clear()
    zone.pull(envelopes.save(zone.sealed(pupils[1], {"fr-c-01": "A"}, seq=1)))
    zone.round()
    assert opened == [pupils[1].sid]
    assert [row.order for row in zone.sheets[-1].rows] == ["00000001"]


def test_a_newer_save_that_scores_the_same_is_opened_and_not_posted(
    zone: ResultsZone, pupils: list[Pupil], opened: list[bytes]
) -> None:
    zone.round()
    zone.pull(envelopes.save(zone.sealed(pupils[1], {"fr-c-01": "B", TEXT: "?"}, seq=1)))
    zone.round()
    assert len(opened) == 7
    assert len(zone.sheets) == 1


def test_a_corrected_key_scores_all_again_and_opens_nothing(
    zone: ResultsZone, opened: list[bytes], tmp_path: Path
) -> None:
    zone.round()
    opened.clear()
    corrected = tmp_path / "corrected"
    shutil.copytree(scored.PACKAGE, corrected)
    (item,) = corrected.rglob("fr-c-01.xml")
    text = item.read_text(encoding="utf-8")
    assert "<qti-value>B</qti-value>" in text
    item.write_text(text.replace("<qti-value>B</qti-value>", "<qti-value>C</qti-value>"), "utf-8")
    (zone.packages / "one").unlink()
    (zone.packages / "one").symlink_to(corrected, target_is_directory=True)
    before = {order: row.domains for order, row in zone.names.items()}
    zone.round()
    assert opened == []
    assert sorted(row.order for row in zone.sheets[-1].rows) == [f"{n:08d}" for n in range(6)]
    assert zone.names["00000000"].domains[0].score == before["00000000"][0].score - 1


def test_more_rows_than_a_sheet_holds_are_several_sheets(
    zone: ResultsZone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "ROWS_OF_A_SHEET", 4)
    zone.round()
    assert [len(sheet.rows) for sheet in zone.sheets] == [4, 4, 1]
    assert [sheet.serial for sheet in zone.sheets] == [1, 2, 3]
    assert [zone.names[row.order] for row in zone.reference()[1]] == zone.reference()[1]


def test_what_was_posted_before_a_door_closed_is_not_posted_again(
    zone: ResultsZone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "ROWS_OF_A_SHEET", 4)
    take, asked = zone.take, []

    def second_is_lost(sheet: ScoreSheet) -> None:
        asked.append(sheet.serial)
        if len(asked) == 2:
            raise doors.DoorClosed
        take(sheet)

    monkeypatch.setattr(zone, "take", second_is_lost)
    with pytest.raises(doors.DoorClosed):
        zone.round()
    zone.round()
    assert [len(sheet.rows) for sheet in zone.sheets] == [4, 4, 1]
    assert [sheet.serial for sheet in zone.sheets] == [1, 3, 4]


def test_a_lost_list_of_what_was_posted_costs_one_more_sheet(zone: ResultsZone) -> None:
    zone.round()
    (zone.settings.folder / "posted").write_bytes(b"spoilt")
    zone.round()
    assert [len(sheet.rows) for sheet in zone.sheets] == [9, 9]


def test_a_pupil_who_joins_the_register_later_is_opened_then(
    zone: ResultsZone, opened: list[bytes]
) -> None:
    whole = zone.register
    zone.register = Register(whole.campaign, whole.rows[1:])
    assert zone.round().rejected == {"UnknownSitting": 1}
    zone.register = whole
    opened.clear()
    account = zone.round()
    assert (account.received, account.rejected) == (6, {})
    assert opened == [whole.rows[0].sid]


def test_a_node_that_joins_the_manifest_later_makes_its_receipts_good(
    zone: ResultsZone, pupils: list[Pupil], opened: list[bytes]
) -> None:
    other = Secret(b"o" * 32)
    zone.pull(envelopes.save(zone.sealed(pupils[7], {"fr-c-01": "B"}), key=other))
    assert zone.round().rejected == {"BadSignature": 1}
    node = Node(envelopes.NODE, "http://127.0.0.1:9", signing.public_of(other))
    opened.clear()
    zone.say(msgspec.structs.replace(zone.manifest, nodes=[node]))
    assert zone.round().received == 7
    assert opened == [pupils[7].sid]


def test_a_number_that_was_taken_back_is_counted_apart_and_has_no_row(zone: ResultsZone) -> None:
    rows = list(zone.register.rows)
    rows[0] = msgspec.structs.replace(rows[0], set_aside=True)
    zone.register = Register(zone.register.campaign, rows)
    account = zone.round()
    assert (account.expected, account.received, account.set_aside) == (8, 5, 1)
    assert "00000000" not in zone.names


def test_the_figures_of_the_schools_are_those_of_all(
    zone: ResultsZone, pupils: list[Pupil]
) -> None:
    spoilt = bytearray(zone.sealed(pupils[8], {"fr-c-01": "B"}))
    spoilt[-1] ^= 1
    ghost = pupil()
    two = zone.sealed(pupils[0], {"fr-c-01": "C"}, stream=b"stream-2")
    zone.pull(
        envelopes.save(bytes(spoilt)),
        envelopes.save(two),
        envelopes.save(zone.sealed(ghost, {"fr-c-01": "B"})),
    )
    with zone.neighbours():
        report = Opening(zone.settings).run()
    for figure in ("expected", "received", "missing", "finished", "unfinished", "complete"):
        of_schools = [getattr(school, figure) for school in report.schools.values()]
        assert sum(of_schools) == getattr(report.total, figure), figure
    assert all(school.reconciled for school in report.schools.values())
    assert report.schools[0].several_devices == report.total.several_devices == 1
    assert report.schools[2].rejected == {"CannotOpen": 1}
    assert report.total.rejected == {"CannotOpen": 1, "UnknownSitting": 1}


def test_no_answer_is_on_the_disk_in_clear_and_another_key_opens_no_box(
    zone: ResultsZone, opened: list[bytes]
) -> None:
    zone.round()
    files = [f for f in zone.settings.folder.rglob("*") if f.is_file()]
    assert any(file.suffix == ".box" for file in files)
    for word in (CANARY, "fr-c-01", "RESPONSE", "00000003"):
        assert not [file for file in files if word.encode() in file.read_bytes()]
    opened.clear()
    other = msgspec.structs.replace(zone.settings, sealing_seed=Secret(b"x" * 32))
    with zone.neighbours():
        account = Opening(other).run().total
    assert account.received == 0
    assert account.rejected == {"CannotOpen": 6}


def spoil(zone: ResultsZone, place: Callable[[int], int]) -> None:
    (box,) = (zone.settings.folder / "opened").glob("*.box")
    content = bytearray(box.read_bytes())
    content[place(len(content))] ^= 1
    box.write_bytes(content)


@pytest.mark.parametrize("cut", [0, 3, 40])
def test_a_box_that_was_cut_is_opened_anew(
    cut: int, zone: ResultsZone, opened: list[bytes]
) -> None:
    first = zone.round()
    (box,) = (zone.settings.folder / "opened").glob("*.box")
    box.write_bytes(box.read_bytes()[:cut])
    assert zone.round() == first
    assert len(opened) == 12


def test_a_box_whose_lines_are_damaged_is_opened_anew(
    zone: ResultsZone, opened: list[bytes]
) -> None:
    first = zone.round()
    spoil(zone, lambda _: 30)
    assert zone.round() == first
    assert len(opened) == 12


def test_a_box_whose_sheets_are_damaged_is_said_thrown_away_and_opened_anew(
    zone: ResultsZone, opened: list[bytes]
) -> None:
    zone.round()
    spoil(zone, lambda size: size - 1)
    (zone.settings.folder / "posted").unlink()
    with pytest.raises(DamagedBoxes):
        zone.round()
    assert zone.round().received == 6
    assert len(opened) == 12


def test_a_box_of_which_newer_ones_have_all_is_removed(
    zone: ResultsZone, pupils: list[Pupil]
) -> None:
    zone.round()
    zone.pull(*(envelopes.save(zone.sealed(each, {"fr-c-01": "A"}, seq=1)) for each in pupils[:6]))
    zone.round()
    assert len(list((zone.settings.folder / "opened").glob("*.box"))) == 1
    assert zone.reference()[1] == [zone.names[f"{n:08d}"] for n in range(9)]


def test_several_processes_come_to_the_same_as_one(
    zone: ResultsZone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "SITTINGS", 2)
    monkeypatch.setattr(crew, "n_processors", lambda: 3)
    account = zone.round()
    expected, rows = zone.reference()
    assert msgspec.structs.replace(account, complete=None) == expected
    assert [zone.names[row.order] for row in rows] == rows


SLOW = """
    import sys, time
    from pathlib import Path
    from stagecraft.rounds import ResultsZone
    from encrier_results import doors, opening
    from encrier_results.opening import Opening
    from encrier_results.reconcile import Opener
    from encrier_results.rounds import crew, tasks

    really = Opener.open
    def slowly(self, *given, **named):
        time.sleep(0.2)
        return really(self, *given, **named)
    Opener.open = slowly
    tasks.SITTINGS = 1
    crew.n_processors = lambda: 2
    zone = ResultsZone.again(Path(sys.argv[1]), bytes.fromhex(sys.argv[2]))
    with zone.neighbours():
        Opening(zone.settings).run()
"""


def test_an_opening_that_is_killed_goes_on_where_it_was(
    zone: ResultsZone, opened: list[bytes]
) -> None:
    folder = zone.settings.folder / "opened"
    told = [str(zone.folder), msgspec.msgpack.encode(zone.register).hex()]
    script = [sys.executable, "-c", textwrap.dedent(SLOW), *told]
    killed = subprocess.Popen(script, env={**os.environ, "PYTHONPATH": str(TESTS)})
    until(lambda: len(list(folder.glob("*.box"))) >= 2)
    children = listed(killed.pid)
    killed.kill()
    killed.wait()
    until(lambda: not any(map(runs, children)))  # who is in the middle of a sitting ends it
    n_kept = len(list(folder.glob("*.box")))
    assert n_kept < 6
    (folder / "00000099.box.1234.part").write_bytes(b"cut")
    assert zone.round().received == 6
    assert len(opened) == 6 - n_kept
    assert not list(folder.glob("*.part"))
    assert [zone.names[row.order] for row in zone.reference()[1]] == zone.reference()[1]


@pytest.mark.parametrize(
    "change",
    [
        {"mac": "AAAA"},
        {"order": "1234567"},
        {"name": "Martin"},  # no field of a register
        {"school": "one"},
        {"settings": None},
    ],
)
def test_a_register_is_read_in_short_as_strictly_as_whole(
    change: dict[str, object], zone: ResultsZone
) -> None:
    good = msgspec.json.decode(to_bytes(zone.register))
    assert len(read_roll(to_bytes(good)).rows) == 9
    good["rows"][3] |= change
    for read in (read_roll, lambda content: from_bytes(content, Register)):
        with pytest.raises(BadRecord):
            read(to_bytes(good))
