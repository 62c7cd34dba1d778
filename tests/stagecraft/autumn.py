# SPDX-License-Identifier: AGPL-3.0-or-later
"""A whole campaign to look at: two schools, a class that sat, scores handed over.

Every process is real and still runs. Alice, Bob and the others are pupils of the class; Charlie
is the head of the school next door, and must never get in.
"""

from collections.abc import Iterator, Mapping
from itertools import count
from pathlib import Path

import apsw

from encrier.seal import Kind
from encrier_names.rosters.identifiers import Level, uai_letter
from encrier_names.rosters.reader import read
from pupils import Answers, Network, Pupil
from stage import DIVISION, ROSTER, SCHOOL, Accounts, Slip, Stage, patterns, slips_on
from stagecraft.staffroom import Visitor

NEXT_DOOR = "9990003" + uai_letter("9990003")
SECRET_TEXT = "Le hérisson mauve garde la clé du phare abandonné"  # a canary among the answers
TEXT_ITEM = "fr-e-01"
PATTERNS = ("tout-juste", "eleve-fragile", "eleve-moyen", "saisies-limites")


class Autumn:
    """The campaign: what it holds and who has an account."""

    def __init__(self, stage: Stage, record: Path) -> None:
        self.stage = stage
        self.record = record  # every byte that passed to and from answers
        self.accounts: Accounts = {}
        self.slips: list[Slip] = []
        self.sat: Mapping[str, str] = {}  # name on the slip -> pattern answered

    def prepare(self) -> None:
        """Keys, lists, accounts, slips, servers."""
        self.stage.draw_keys()
        self.accounts = self.stage.enrol()
        self._open_the_school_next_door()
        self.stage.publish_booklet()
        self.stage.serve_answers()
        self.stage.serve_names()
        self.stage.exchange()
        self.slips = self.stage.slips()

    def sit(self) -> None:
        """Let a few pupils sit, each as a pattern that was scored by hand; one does not end."""
        given = dict(zip(PATTERNS, patterns(), strict=False))
        for slip, (name, answers) in zip(self.slips, given.items(), strict=False):
            self._sit_one(slip, with_secret(answers), finish=True)
            self.sat = {**self.sat, slip.name: name}
        self._sit_one(self.slips[len(given)], first_half(given["tout-juste"]), finish=False)

    def conclude(self) -> None:
        """Open, score, hand over."""
        self.account = self.stage.open_envelopes()
        self.stage.exchange()

    def visitor(self, user: str | None = None) -> Visitor:
        """Somebody in front of the names zone, signed in if an account is named."""
        visitor = Visitor(self.stage.names_url)
        if user is not None:
            visitor.sign_in(user, self.accounts[user])
        return visitor

    def names_of_pupils(self) -> set[str]:
        """The canaries: family names and full names of the class list, six letters at least."""
        levels = frozenset({Level.SIXTH})
        reading = read(ROSTER.read_bytes(), file_name="x.xml", expected_uai=None, levels=levels)
        words = {p.last_name for p in reading.pupils}
        words |= {f"{p.first_name} {p.last_name}" for p in reading.pupils}
        return {word for word in words if len(word) >= 6}

    def _sit_one(self, slip: Slip, answers: Answers, *, finish: bool) -> None:
        network = Network(self.stage.answers_url, iter([]))
        pupil = Pupil(slip.code, network, root_key=self.stage.root_key)
        pupil.sign_in()
        for item, given in answers.items():
            pupil.answer(item, given)
            assert pupil.save(n_items=37)
        if finish:
            assert pupil.save(n_items=37, kind=Kind.FINAL)

    def slips_without_end(self) -> Iterator[Slip]:
        """The slips of the class, then those of classes that are opened as they are asked for."""
        yield from self.slips
        for number in count(9990010):
            uai = f"{number}{uai_letter(str(number))}"
            self._open_school(uai, "Collège d’ailleurs")
            sheet = self.stage.folder / f"codes-{uai}.pdf"
            for verb, more in (("validate", ()), ("codesheet", ("--out", sheet))):
                self.stage.names.run(verb, "--school", uai, "--division", DIVISION, *more)
            self.stage.exchange()
            yield from slips_on(sheet)

    def _open_school(self, uai: str, name: str) -> None:
        """A school whose class list is ours under another school number."""
        text = ROSTER.read_text(encoding="iso-8859-15").replace(SCHOOL, uai)
        other = self.stage.folder / f"{uai}.xml"
        other.write_text(text, encoding="iso-8859-15")
        self.stage.names.run("import", other, "--school", uai, "--school-name", name)
        other.unlink()

    def _open_the_school_next_door(self) -> None:
        self._open_school(NEXT_DOOR, "Collège d’à côté")
        school = ("--school", NEXT_DOOR)
        for user, role in (("charlie", "head"), ("charlotte", "teacher")):
            classes = ("--divisions", "6B") if role == "teacher" else ()
            self.accounts[user] = self.stage.open_account(user, "--role", role, *school, *classes)


def with_secret(answers: Answers) -> Answers:
    """The same answers, with a text that no zone but results may ever read."""
    return {**answers, TEXT_ITEM: {"RESPONSE": [SECRET_TEXT]}}


def first_half(answers: Answers) -> Answers:
    """The answers of a pupil who was fetched for the dentist."""
    kept = list(answers)[: len(answers) // 2]
    return {item: answers[item] for item in kept}


def decrypted(database: Path, key: bytes) -> bytes:
    """Every value of every table of an encrypted store, as its operator could read it."""
    connection = apsw.Connection(str(database))
    connection.pragma("cipher", "chacha20")
    connection.pragma("key", "raw:" + key.hex())
    named = "SELECT name FROM sqlite_master WHERE type = 'table'"
    tables = [row[0] for row in connection.execute(named)]
    content = bytearray()
    for table in tables:
        if table.startswith("sqlite_"):
            continue
        for row in connection.execute(f'SELECT * FROM "{table}"'):  # noqa: S608 its own tables
            for value in row:
                content += value if isinstance(value, bytes) else str(value).encode()
                content += b"\n"
    connection.close()
    return bytes(content)
