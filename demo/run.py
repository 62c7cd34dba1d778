# SPDX-License-Identifier: AGPL-3.0-or-later
"""`make demo`: a class on screen and a class on paper, three zones run as three operators would.

Everything is real but the people: 27 pupils of sixième are played, and the 28th is you; the teacher
of CP has keyed 23 of her 24 booklets, and the last one is yours.
"""

import argparse
import random
import shutil
import signal
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Final

import keyed
from teachers import Entry, Teacher, absent, on_paper

import canaries
import pupils
from encrier import codes
from encrier.seal import Kind
from encrier_names.rosters.identifiers import Level
from encrier_names.rosters.reader import read
from operators import ROOT, CommandFailed
from pupils import Fault, Network, Pupil
from stage import ROSTER, Accounts, Slip, Stage, abilities, patterns, slips_on

OUT: Final = ROOT / "demo/out"
EVERY_S: Final = 5.0
CLASS: Final = 28
N_BROKEN: Final = 2
SEED: Final = 2026  # the pupils' answers repeat; codes, keys and numbers never do


def main() -> int:
    """Run the demo; exit code 0 if every figure of its last opening is right."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--once", action="store_true", help="end after the first opening")
    asked.add_argument("--out", type=Path, default=OUT)
    given = asked.parse_args()
    for ending in (signal.SIGINT, signal.SIGTERM):  # however it is told to end, it ends cleanly
        signal.signal(ending, signal.default_int_handler)
    shutil.rmtree(given.out, ignore_errors=True)
    stage = Stage(given.out)
    stage.keyed = keyed.PACKAGE
    try:
        return play(stage, once=given.once)
    except CommandFailed as failure:
        sys.stderr.write(f"{failure}\n")
        return 1
    except KeyboardInterrupt:
        print("\nends     every process was told to stop; demo/out holds what is left")
        return 0
    finally:
        stage.stop()


def play(stage: Stage, *, once: bool) -> int:
    """Play the campaign from the keys to the results."""
    sealing_key = stage.draw_keys()
    say("results", f"key {sealing_key[:4]}…{sealing_key[-2:]} drawn; public half handed to answers")
    accounts = keyed.begin(stage)
    say("names", f"2 schools, {CLASS} pupils on screen, {keyed.CLASS} on paper")
    say("names", f"code sheet: {shown(stage.code_sheet)}")
    slips = slips_on(stage.code_sheet)
    if len(slips) != CLASS:
        raise CommandFailed(f"The code sheet shows {len(slips)} slips, not {CLASS}.")
    yours, *theirs = slips
    if not once:
        invite(stage, yours.code, accounts)
    n_sealed = sit(stage, theirs)
    say("…", f"{len(theirs)} simulated pupils, {N_BROKEN} with a broken network: {n_sealed} sealed")
    n_keyed = key(stage, accounts[keyed.TEACHER])
    say("…", f"{n_keyed} booklets of CP keyed by their teacher, one of them of a pupil away")
    right = conclude(stage, n_sealed + n_keyed)
    if once:
        return 0 if right else 1
    say("…", f"opening again every {EVERY_S:.0f} s, so that your own result appears; Ctrl-C ends")
    stage.names.start("exchange", "--watch", EVERY_S)
    stage.results.start("watch", "--every", EVERY_S)
    for line in stage.results.follow("watch"):
        say("results", line)
    return 0


def invite(stage: Stage, code: codes.PupilCode, accounts: Accounts) -> None:
    """Print where the reader may go."""
    say("answers", f"sit it yourself: {stage.answers_url}  code {codes.printed(code)}")
    for user, password in accounts.items():
        say("names", f"{user}: {stage.names_url}  password {password}")
    say("names", f"key the last booklet of CP yourself: sign in as {keyed.TEACHER}")


def sit(stage: Stage, theirs: list[Slip]) -> int:
    """Let the simulated pupils sit, several at a time; give how many ended with a receipt."""
    chance = random.Random(SEED)  # noqa: S311 play
    able = abilities(len(theirs), chance=chance)
    done = Counted(len(theirs))
    with ThreadPoolExecutor(8) as room:
        for n, (slip, ability) in enumerate(zip(theirs, able, strict=True)):
            faults = broken(n) if n < N_BROKEN else []
            sitting = partial(sit_one, stage, slip.code, ability, faults=faults, seed=SEED + n)
            room.submit(done.count, sitting)
    return done.well


def broken(n: int) -> list[Fault | None]:
    """A network that fails half of the time after sign-in, in one way or the other."""
    fault: Fault = "reply lost" if n % 2 else "request lost"
    return [None, None, *([fault, None] * 6), *([fault] * 6)]


def sit_one(
    stage: Stage, code: codes.PupilCode, ability: float, *, faults: list[Fault | None], seed: int
) -> None:
    """One simulated pupil, from the slip to the last receipt."""
    pupil = Pupil(code, Network(stage.answers_url, iter(faults)), root_key=stage.root_key)
    pupil.sign_in()
    chance = random.Random(seed)  # noqa: S311 play
    answers = pupils.play(ability, patterns(), chance=chance)
    for item, given in answers.items():
        pupil.answer(item, given)
        pupil.save(n_items=len(answers))
    pupil.save(n_items=len(answers), kind=Kind.FINAL)
    for _ in range(40):  # the page stays open and tries again
        if pupil.send():
            return
        time.sleep(0.2)
    raise ConnectionError("This pupil's answers are still on the computer.")


def key(stage: Stage, password: str) -> int:
    """Let the teacher of CP key her class but for the last booklet; give how many are sealed."""
    teacher = Teacher(stage.names_url, user=keyed.TEACHER, password=password)
    away, *there, _yours = teacher.ring["pupils"]
    chance = random.Random(SEED)  # noqa: S311 play
    kit = teacher.kit(away["bundle"])
    able = abilities(len(there), chance=chance)
    done = Counted(len(there) + 1)
    done.count(partial(key_one, stage, away["code"], absent(kit)))
    for pupil, ability in zip(there, able, strict=True):
        entries = on_paper(kit, ability, chance=chance)
        done.count(partial(key_one, stage, pupil["code"], entries))
    return done.well


def key_one(stage: Stage, code: codes.PupilCode, entries: dict[str, Entry]) -> None:
    """One booklet, from the first key to the last receipt."""
    sheet = Pupil(code, Network(stage.answers_url, iter(())), root_key=stage.root_key)
    sheet.sign_in()
    for item, (responses, mark) in entries.items():
        sheet.answer(item, responses, mark=mark)
    if not sheet.save(n_items=len(entries)):
        raise ConnectionError("This booklet is still on the teacher's computer.")


class Counted:
    """How many pupils ended well, shown as they do."""

    def __init__(self, total: int) -> None:
        self.well = 0
        self._total = total
        self._lock = threading.Lock()

    def count(self, sitting: Callable[[], None]) -> None:
        """Run one sitting and count it, or say what went wrong."""
        try:
            sitting()
        except (OSError, CommandFailed) as failure:
            sys.stderr.write(f"\n{type(failure).__name__}: {failure}\n")
            return
        with self._lock:
            self.well += 1
            if sys.stderr.isatty():
                end = "\n" if self.well == self._total else ""
                sys.stderr.write(f"\r         {self.well} of {self._total} pupils done{end}")
                sys.stderr.flush()


def conclude(stage: Stage, n_sealed: int) -> bool:
    """Open, publish, and look for names where none may be; whether all is right."""
    account = stage.open_envelopes()
    stage.exchange()
    refused = sum(account.rejected.values())
    say(
        "results",
        f"opened {account.received} of {account.expected}; {account.missing} missing, "
        f"{refused} refused, {account.several_devices} on several computers",
    )
    say("names", f"results for the teacher: {stage.names_url}")
    words = names_of_classes()
    found = canaries.search(words, stage.answers.folder)
    found |= canaries.search(words, stage.results.folder)
    say("verify", f"{len(found)} of {len(words)} canary names found outside names/")
    return account.reconciled and account.received == n_sealed and not found and not refused


def names_of_classes() -> set[str]:
    """Every family name and full name of the class lists that is long enough."""
    words = set()
    for roster, level in ((ROSTER, Level.SIXTH), (keyed.ROSTER, Level.CP)):
        reading = read(
            roster.read_bytes(),
            file_name=roster.name,
            expected_uai=None,
            levels=frozenset({level}),
        )
        for pupil in reading.pupils:
            words |= {pupil.last_name, f"{pupil.first_name} {pupil.last_name}"}
    return {word for word in words if len(word) >= canaries.SHORTEST}


def shown(file: Path) -> str:
    """A file's name from where the reader stands."""
    return str(file.relative_to(ROOT)) if file.is_relative_to(ROOT) else str(file)


def say(zone: str, sentence: str) -> None:
    """Print one line of the demo."""
    print(f"{zone:8} {sentence}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
