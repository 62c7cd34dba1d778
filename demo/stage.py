# SPDX-License-Identifier: AGPL-3.0-or-later
"""A campaign on one machine: a school, a class, three zones, from the keys to the results."""

import base64
import json
import random
import re
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, cast

from pypdf import PdfReader

import pupils
from encrier import codes, settings
from encrier import manifest as manifests
from encrier.ids import OrderNumber, SittingId, parse_order_number
from encrier.manifest import Manifest
from encrier.records import Record, from_bytes
from encrier.sheets import AnswerSheet
from encrier.wire import ScoreSheet
from encrier_results import doors, keys, opening
from encrier_results.keys import PublicKeys
from encrier_results.reconcile import Completeness, Opened, open_all
from encrier_results.settings import PREFIX, ResultsSettings
from encrier_results.unseal import open_envelope
from operators import (
    ROOT,
    CommandFailed,
    Operator,
    Process,
    answers_to,
    free_port,
    wait_until,
)

PACKAGE: Final = ROOT / "demo/assessments/sixieme-debut"
PRACTICE: Final = ROOT / "demo/assessments/entrainement"
ROSTER: Final = ROOT / "demo/rosters/ElevesSansAdresses.xml"
NODE: Final = base64.b64encode(b"\0\0\0\1").decode()
SCHOOL: Final = "9990001X"
DIVISION: Final = "6B"
SCHOOL_NAME: Final = "Collège de l’Encrier"
LABEL: Final = "Début de sixième"
_SLIP: Final = re.compile(
    rf"^(?P<name>[^\n.]+(?:\n[^\n.]+)?) {DIVISION} 6e\nVa sur .*?\n"
    rf"(?P<code>(?:[{codes.LETTERS}]{{4}}[ -]?){{3}})\n"
    r".*?(?P<order>\d{4}\s\d{4})\n",
    re.MULTILINE | re.DOTALL,
)

Accounts = dict[str, str]  # user -> password


class Stage:
    """Three operators and what each was given; nothing runs until it is asked to."""

    def __init__(
        self,
        folder: Path,
        *,
        names_port: int = 8001,
        answers_port: int = 8002,
        public_port: int | None = None,
        closing: timedelta = timedelta(days=60),
    ) -> None:
        """Prepare three folders.

        public_port: where browsers and zones reach answers, if something stands in front of it.
        closing: from now to the day after which no result is shown.
        """
        self.folder = folder
        self.closing = closing
        self.names_url = f"http://127.0.0.1:{free_port(names_port)}"
        self.answers_port = free_port(answers_port)
        self.answers_url = f"http://127.0.0.1:{public_port or self.answers_port}"
        self.names = Operator("names", folder / "names")
        self.answers = Operator("answers", folder / "answers")
        self.results = Operator("results", folder / "results")
        self.root_key = b""
        self.page_port: int | None = None  # given before keys are drawn: the ministry's own page
        self.page: Operator | None = None
        self.package = PACKAGE  # another one may be put here before keys are drawn
        self.keyed: Path | None = None  # given before keys are drawn: a booklet that is keyed

    @property
    def page_url(self) -> str | None:
        """Where pupils go, where it is not the answers zone: another origin than 127.0.0.1."""
        return None if self.page_port is None else f"http://localhost:{self.page_port}"

    def draw_keys(self) -> str:
        """Each operator draws its keys; the ministry signs the manifest; all are given it."""
        drawn = self.results.run("draw-keys", "--out", self.results.folder / "keys")
        public = from_bytes(drawn.encode(), PublicKeys)
        self.root_key = public.root_key
        receipt_key = self._draw_answers_keys()
        names_key = self._draw_names_keys()
        now = datetime.now(tz=UTC)
        closes = min(now + timedelta(hours=12), now + self.closing - timedelta(hours=1))
        opens = min(now, closes) - timedelta(minutes=5)
        manifest = self.results.folder / "manifest.json"
        self.results.run(
            "manifest",
            *("--keys", self.results.folder / "keys"),
            *("--label", LABEL, "--level", "6E", "--package", self.package),
            *self._nodes(receipt_key),
            *("--names-key", names_key),
            *("--opens", opens.isoformat(), "--closes", closes.isoformat()),
            *("--practice", PRACTICE),
            *self._keying(),
            *(("--page", self.page_url) if self.page_url else ()),
            *("--results-close", (now + self.closing).isoformat()),
            *("--booklets", self.results.folder / "booklets", "--out", manifest),
        )
        self._hand_over(manifest)
        return public.sealing_key.hex()

    def _keying(self) -> tuple[str | Path, ...]:
        """What the manifest is told of a booklet that is keyed, on a page that names serves."""
        if self.keyed is None:
            return ()
        return ("--package", self.keyed, "--keying", self.names_url, "--boxes-kept", "1440")

    def _nodes(self, receipt_key: str) -> tuple[str, ...]:
        """What the manifest is told of the machines of answers."""
        return ("--node", f"{NODE},{self.answers_url},{receipt_key}")

    def _draw_answers_keys(self) -> str:
        folder = self.answers.folder / "keys"
        public = self.answers.run("draw-key", "--out", folder / "receipt.key")
        self.answers.run("draw-key", "--kind", "store", "--out", folder / "store.key")
        return public

    def _draw_names_keys(self) -> str:
        folder = self.names.folder / "keys"
        for name in ("secret", "field", "link"):
            self.names.run("draw-key", "--kind", "secret", "--out", folder / f"{name}.key")
        return self.names.run("draw-key", "--out", folder / "door.key")

    def _hand_over(self, manifest: Path) -> None:
        """Copy the manifest and the booklets' keys, and write everybody's settings."""
        root = base64.b64encode(self.root_key).decode()
        drawn = self.results.folder / "keys/booklets"
        shutil.copytree(drawn, self.names.folder / "keys/booklets")
        for zone in (self.names, self.answers):
            shutil.copy(manifest, zone.folder / "manifest.json")
        names, answers, results = self.names.folder, self.answers.folder, self.results.folder
        self.names.set(
            folder=names / "data",
            secret_key_file=names / "keys/secret.key",
            field_key_file=names / "keys/field.key",
            link_key_file=names / "keys/link.key",
            door_key_file=names / "keys/door.key",
            manifest_file=names / "manifest.json",
            booklet_keys=names / "keys/booklets",
            root_key=root,
            port=self.names_url.rpartition(":")[2],
        )
        self.answers.set(
            folder=answers / "data",
            store_key_file=answers / "keys/store.key",
            receipt_key_file=answers / "keys/receipt.key",
            node=NODE,
            manifest_file=answers / "manifest.json",
            root_key=root,
            bundles=answers / "bundles",
            **({} if self.page_url else {"player": ROOT / "player/dist"}),
            port=self.answers_port,
        )
        self.results.set(
            folder=results / "data",
            manifest_file=results / "manifest.json",
            root_key=root,
            sealing_seed_file=results / "keys/sealing.key",
            door_key_file=results / "keys/door.key",
            packages=results / "packages",
            names_url=self.names_url,
        )

    def publish_booklet(self) -> None:
        """Results keeps the package with its keys; answers is given the closed booklet."""
        packages = self.results.folder / "packages"
        for package in (self.package, self.keyed):
            if package is not None:
                shutil.copytree(package, packages / package.name)
        shutil.copytree(self.results.folder / "booklets", self.answers.folder / "bundles")

    def enrol(self) -> Accounts:
        """Import the class list, open the accounts, validate as the head would, print the slips."""
        self.names.run("migrate")
        school = ("--school", SCHOOL)
        self.names.run("import", ROSTER, *school, "--school-name", SCHOOL_NAME)
        accounts = {
            user: self.open_account(user, "--role", role, *school, *divisions)
            for user, role, *divisions in (
                ("prof-6b", "teacher", "--divisions", DIVISION),
                ("direction", "head"),
            )
        }
        self.names.run("validate", *school, "--division", DIVISION)
        self.code_sheet = self.names.folder / f"codes-{DIVISION}.pdf"
        self.names.run("codesheet", *school, "--division", DIVISION, "--out", self.code_sheet)
        return accounts

    def slips(self) -> list["Slip"]:
        """Cut the code sheet."""
        return slips_on(self.code_sheet)

    def open_account(self, user: str, *options: str) -> str:
        """Open an account for a member of staff and give the password that was drawn."""
        said = json.loads(self.names.run("add-staff", user, *options, "--json"))
        return str(said["password"])

    def exchange(self) -> None:
        """Names sends its admission lists to answers and pulls the progress."""
        self.names.run("exchange")

    def campaign(self) -> Manifest:
        """The manifest, checked with the root key."""
        content = (self.results.folder / "manifest.json").read_bytes()
        return manifests.check(content, root_key=self.root_key)

    def opened(self) -> dict[SittingId, Opened]:
        """What the results operator can read of the sittings: answers, by sitting."""
        given = self._results_settings()
        key = keys.private_key(given.sealing_seed)
        batches, register = doors.pulled(given), doors.register(given)
        opened, _ = open_all(batches, register, self.campaign(), private_key=key)
        return opened

    def sheets(self) -> dict[SittingId, AnswerSheet]:
        """The sheet of the newest save of each sitting, of all its devices."""
        given = self._results_settings()
        key = keys.private_key(given.sealing_seed)
        macs = {SittingId(row.sid): row.mac for row in doors.register(given).rows}
        saves = [save for batch in doors.pulled(given) for save in batch.rows]
        opened = [open_envelope(s.envelope, self.campaign(), macs, private_key=key) for s in saves]
        ordered = sorted(opened, key=lambda one: (one[0].epoch, one[0].seq))
        return {header.sid: sheet for header, sheet in ordered}

    def score_sheet(self) -> ScoreSheet:
        """What the results operator hands over to names."""
        sheet, _ = opening.score(self._results_settings(), serial=0)
        return sheet

    def _results_settings(self) -> ResultsSettings:
        return settings.load(ResultsSettings, prefix=PREFIX, environ=self.results.settings)

    def open_envelopes(self) -> Completeness:
        """Results pulls, opens, scores and hands the scores to names."""
        return from_bytes(self.results.run("open", "--json").encode(), Completeness)

    def serve_answers(self) -> None:
        """Start the answers zone and wait until it answers."""
        self.answers_process = self._serve(self.answers, self.answers_port)

    def serve_page(self) -> None:
        """Start the ministry's page, which knows no key of the answers zone."""
        page = Operator("answers", self.results.folder / "page")
        given = {
            "MANIFEST_FILE": self.results.folder / "manifest.json",
            "ROOT_KEY": base64.b64encode(self.root_key).decode(),
            "PLAYER": ROOT / "player/dist",
            "BUNDLES": self.results.folder / "booklets",
            "PORT": self.page_port,
        }
        page.settings = {f"ENCRIER_PAGE_{name}": str(value) for name, value in given.items()}
        self.page = page
        page.start("serve-page")
        wait_until(lambda: answers_to(self.page_port or 0), what="the ministry's page")

    def serve_names(self) -> None:
        """Start the names zone and wait until it answers."""
        self._serve(self.names, int(self.names_url.rpartition(":")[2]))

    def _serve(self, operator: Operator, port: int) -> Process:
        process = operator.start("serve")
        wait_until(
            lambda: process.poll() is not None or answers_to(port), what=f"the {operator.zone} zone"
        )
        if process.poll() is not None:
            raise CommandFailed(f"encrier {operator.zone} serve: {operator.last_words('serve')}")
        return process

    def kill_answers(self) -> None:
        """Pull the plug of the answers zone, and start it again on what its disk holds."""
        self.answers.kill(self.answers_process)
        self.serve_answers()

    def stop(self) -> None:
        """End every process of every operator."""
        for operator in (self.results, self.names, self.answers, self.page):
            if operator is not None:
                operator.stop()


class Slip(Record, frozen=True):
    """What stands on one slip of paper, apart from pictures."""

    name: str
    code: codes.PupilCode
    order: OrderNumber


def slips_on(sheet: Path) -> list[Slip]:
    """Read the slips of a printed code sheet, as pupils do."""
    text = "".join(page.extract_text() + "\n" for page in PdfReader(sheet).pages)
    return [
        Slip(
            " ".join(found["name"].split()),
            codes.parse(found["code"]),
            parse_order_number(found["order"]),
        )
        for found in _SLIP.finditer(text)
    ]


def patterns() -> list[pupils.Answers]:
    """The answers of the patterns that were scored by hand; the first is all right."""
    content = json.loads((PACKAGE / "hand-scored.json").read_text(encoding="utf-8"))
    return [cast("pupils.Answers", pattern["answers"]) for pattern in content["patterns"]]


def abilities(count: int, *, chance: random.Random) -> list[float]:
    """How able each simulated pupil is: 0 to 1, most in between."""
    return [chance.betavariate(3, 1.8) for _ in range(count)]
