# SPDX-License-Identifier: AGPL-3.0-or-later
"""A names zone to try things on: keys, a signed manifest, two fresh databases, schools, staff."""

import atexit
import base64
import os
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client

from encrier import booklets, calls, clock, signing
from encrier import campaign as campaigns
from encrier import manifest as manifests
from encrier.keyfiles import write_secret
from encrier.manifest import BundleEntry, Manifest, Node
from encrier.records import to_bytes
from encrier.secret import Secret
from encrier.wire import Domain, DomainScore, ScoreRow, ScoreSheet
from encrier_names import stores, zone
from encrier_names.stores.migration import bring_up
from stagecraft.postgres import Postgres, point_at

BUNDLE = b"bundle01"
BOOKLET_KEY = Secret(b"b" * 32)
UAI, OTHER_UAI = "9990001X", "9990002Y"
DOMAINS = [
    Domain(
        id="fr",
        label="Compréhension de l’écrit",
        subject="Français",
        measures="Lire un récit.",
        next_steps={"besoins": "Relire.", "fragile": "Justifier.", "satisfaisant": "Aller loin."},
        max_score=8.0,
        thresholds=(3.0, 6.0),
    ),
    Domain(
        id="ma",
        label="Nombres et calcul",
        subject="Mathématiques",
        measures="Calculer.",
        next_steps={"besoins": "Manipuler.", "fragile": "Comparer.", "satisfaisant": "Enchaîner."},
        max_score=6.0,
        thresholds=(2.0, 4.5),
    ),
]


def siecle(rows: list[tuple[str, str, str]], *, uai: str = UAI) -> bytes:
    """A SIECLE export of pupils (family name, first name, division)."""
    pupils = "\n".join(
        f'<ELEVE ELEVE_ID="{i}"><ID_NATIONAL>{990000000 + i}AA</ID_NATIONAL>'
        f"<NOM_DE_FAMILLE>{last}</NOM_DE_FAMILLE><PRENOM>{first}</PRENOM>"
        f"<DATE_NAISS>{1 + i % 28:02}/{1 + i % 12:02}/2015</DATE_NAISS>"
        f"<CODE_SEXE>{1 + i % 2}</CODE_SEXE><CODE_MEF>10010012110</CODE_MEF></ELEVE>"
        for i, (last, first, _division) in enumerate(rows, start=1)
    )
    places = "\n".join(
        f'<STRUCTURES_ELEVE ELEVE_ID="{i}"><STRUCTURE><CODE_STRUCTURE>{division}</CODE_STRUCTURE>'
        f"<TYPE_STRUCTURE>D</TYPE_STRUCTURE></STRUCTURE></STRUCTURES_ELEVE>"
        for i, (_last, _first, division) in enumerate(rows, start=1)
    )
    text = (
        '<?xml version="1.0" encoding="ISO-8859-15"?>\n<BEE_ELEVES VERSION="3.0"><PARAMETRES>'
        f"<UAJ>{uai}</UAJ><ANNEE_SCOLAIRE>2026</ANNEE_SCOLAIRE>"
        f"<DATE_EXPORT>08/09/2026</DATE_EXPORT></PARAMETRES><DONNEES><ELEVES>{pupils}</ELEVES>"
        f"<STRUCTURES>{places}</STRUCTURES></DONNEES></BEE_ELEVES>"
    )
    return text.encode("iso-8859-15")


def class_of(n_pupils: int, *, division: str = "6B", word: str = "Zorglub") -> list[Any]:
    """Rows for `siecle`: names that are found nowhere else."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    return [
        (f"{word.upper()}{letters[i // 26]}{letters[i % 26]}".upper(), f"Prén{letters[i % 26]}ome",
         division)
        for i in range(n_pupils)
    ]  # fmt: skip


@dataclass
class Names:
    """The zone, and what only tests hold: the keys of the others."""

    folder: Path
    manifest: Manifest
    root_key: Secret
    results_key: Secret
    urls: dict[str, str]  # of PostgreSQL; none on SQLite
    disk: Callable[[], bytes] | None = None  # all that PostgreSQL keeps of this test's database
    settings: dict[str, str] = field(default_factory=dict)  # beside those that every zone has
    move_to: Callable[[str], None] | None = None  # "sqlite" or "postgres": two empty databases

    def set(self, **settings: object) -> None:
        """Start the zone again with these settings."""
        self.settings |= {name.upper(): str(value) for name, value in settings.items()}
        self.start()

    @property
    def environ(self) -> dict[str, str]:
        keys, campaign = self.folder / "keys", self.folder / "campaign.json"
        settings = {
            "FOLDER": str(self.folder / "db"),
            "SECRET_KEY_FILE": str(keys / "secret.key"),
            "FIELD_KEY_FILE": str(keys / "field.key"),
            "LINK_KEY_FILE": str(keys / "link.key"),
            "DOOR_KEY_FILE": str(keys / "door.key"),
            "MANIFEST_FILE": str(self.folder / "manifest.json"),
            "BOOKLET_KEYS": str(keys / "booklets"),
            **({"CAMPAIGN_FILE": str(campaign)} if campaign.exists() else {}),
            "ROOT_KEY": base64.b64encode(signing.public_of(self.root_key)).decode(),
            **self.urls,
        }
        return {
            f"ENCRIER_NAMES_{name}": value for name, value in (settings | self.settings).items()
        }

    def start(self, **changes: Any) -> None:
        """Start the zone, with a manifest changed so."""
        self.manifest = msgspec.structs.replace(self.manifest, **changes)
        signed = manifests.sign(self.manifest, key=self.root_key)
        (self.folder / "manifest.json").write_bytes(signed)
        zone.start(self.environ)

    def fix(self, text: str) -> None:
        """Give the zone this campaign file, signed, and start it again."""
        signed = campaigns.sign(text, self.manifest, key=self.root_key)
        (self.folder / "campaign.json").write_bytes(signed)
        zone.start(self.environ)

    def close_results(self) -> None:
        """Let the closing date be past."""
        self.start(results_close_at=clock.now() - timedelta(seconds=1))

    def open_class(self, n_pupils: int = 3, *, uai: str = UAI, division: str = "6B") -> Any:
        """A class taken in from a class list, not validated."""
        from encrier_names.imports.reading import read_list
        from encrier_names.imports.take_in import take_in
        from encrier_names.schools.models import School

        school, _ = School.objects.get_or_create(uai=uai, defaults={"name": f"Collège {uai}"})
        rows = class_of(n_pupils, division=division)
        take_in(read_list(siecle(rows, uai=uai), file_name="e.xml", uai=uai), school)
        return school.divisions.get(label=division)

    def file(self, content: bytes | None = None, *, n_pupils: int = 3) -> Any:
        """A class list as a browser sends it."""
        given = siecle(class_of(n_pupils)) if content is None else content
        return SimpleUploadedFile("ElevesSansAdresses.xml", given)

    def validated_class(self, n_pupils: int = 3, **kwargs: Any) -> Any:
        """A class with numbers and codes."""
        from encrier_names.codesheets.validation import validate

        division = self.open_class(n_pupils, **kwargs)
        validate(division)
        division.refresh_from_db()
        return division

    def staff(
        self, user: str, role: str, *, school: Any = None, academy: str = "", divisions: Any = ()
    ) -> Any:
        """An account."""
        from django.contrib.auth.models import User

        from encrier_names.schools.models import Staff

        account = User.objects.create(username=user)
        staff = Staff.objects.create(user=account, role=role, school=school, academy=academy)
        staff.divisions.set(divisions)
        return staff

    def client(self, staff: Any = None) -> Any:
        """A browser, signed in or not."""
        client = Client(SERVER_NAME="127.0.0.1")
        if staff is not None:
            client.force_login(staff.user)
        return client

    def call(self, method: str, path: str, body: bytes = b"", *, key: Secret | None = None) -> Any:
        """A call at a door, signed by results unless another key is given."""
        header = calls.sign(
            key or self.results_key, method=method, path=path, body=body, at=clock.now()
        )
        return self.client().generic(
            method, path, body, content_type="application/json", headers={calls.HEADER: header}
        )

    def sheet(self, serial: int, orders: list[str], **changes: Any) -> ScoreSheet:
        """A score sheet: the first pupil unfinished, the others satisfying in all."""
        rows = [
            ScoreRow(
                order=order,
                status="unfinished" if i == 0 else "complete",
                answered=5,
                domains=[
                    DomainScore("fr", 2.5, "besoins" if i == 0 else "satisfaisant"),
                    DomainScore("ma", 5.0, None if i == 0 else "satisfaisant"),
                ],
            )
            for i, order in enumerate(orders)
        ]
        sheet = ScoreSheet(
            campaign=self.manifest.campaign, serial=serial, n_items=10, domains=DOMAINS, rows=rows
        )
        return msgspec.structs.replace(sheet, **changes)

    def send_scores(self, division: Any, *, serial: int = 1) -> None:
        """Scores for a class, through the door."""
        from encrier_names.codesheets.sheet import slips_of

        sheet = self.sheet(serial, [s.order for s in slips_of(division)])
        assert self.call("POST", "/doors/scores", to_bytes(sheet)).status_code == 200

    def every_byte(self) -> bytes:
        """All that is on disk in the two databases, journals included."""
        if self.disk is not None:
            return self.disk()
        return b"".join(f.read_bytes() for f in sorted((self.folder / "db").iterdir()))


def _draw_keys(folder: Path) -> Secret:
    door = signing.draw_key()
    write_secret(folder / "door.key", door)
    write_secret(folder / "booklets" / f"{BUNDLE.hex()}.key", BOOKLET_KEY)
    for name in ("secret", "field", "link"):
        write_secret(folder / f"{name}.key", Secret(secrets.token_bytes(32)))
    return door


def _manifest(door: Secret, results: Secret) -> Manifest:
    now = datetime(2026, 9, 7, 8, tzinfo=UTC)
    return Manifest(
        v=1,
        campaign=secrets.token_bytes(16),
        label="Début de sixième 2026",
        level="6E",
        suite=1,
        sealing_key=bytes(1216),
        kdf_iterations=1_000,
        opens_at=now,
        closes_at=now + timedelta(days=18),
        grace_h=24,
        results_close_at=clock.now() + timedelta(days=90),
        bundles=[
            BundleEntry(
                id=BUNDLE,
                sha256=bytes(32),
                sealed_sha256=bytes(32),
                key_sha256=booklets.commitment(BOOKLET_KEY),
                title="Début de sixième",
            )
        ],
        nodes=[Node(node=b"nd01", url="https://evaluations.exemple.fr", receipt_key=bytes(32))],
        names_key=signing.public_of(door),
        results_key=signing.public_of(results),
    )


def _lay(folder: Path) -> Names:
    results = signing.draw_key()
    door = _draw_keys(folder / "keys")
    laid = Names(folder, _manifest(door, results), signing.draw_key(), results, {})
    laid.start()
    return laid


# Django is configured once a process, before any test module imports a model.
_FIRST = tempfile.mkdtemp(prefix="encrier-names-")
atexit.register(shutil.rmtree, _FIRST)
_EMPTY = _lay(Path(_FIRST))


@pytest.fixture(scope="session")
def empty_files() -> Path:
    """The two SQLite databases, migrated, with nothing in them."""
    _EMPTY.start()  # a test on PostgreSQL may have started another
    settings = zone.current().settings
    point_at(settings)
    bring_up(settings)
    for alias in stores.ALIASES:
        connections[alias].cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connections[alias].close()
    return settings.folder


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A cluster with a migrated, empty database to copy."""
    started = Postgres()
    yield started
    connections.close_all()
    started.stop()


@pytest.fixture
def vendor() -> str:
    """What the zone of this test runs on; `ENCRIER_TEST_DATABASE=postgres` puts all on that."""
    return os.environ.get("ENCRIER_TEST_DATABASE", "sqlite")


@pytest.fixture
def names(vendor: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Names]:
    """A names zone of this test alone, started."""
    zone_of_test = _lay(tmp_path)

    def move_to(where: str) -> None:
        """Two empty databases, migrated, in place of those that were."""
        connections.close_all()
        zone_of_test.urls, zone_of_test.disk = {}, None
        if where == "postgres":
            server: Postgres = request.getfixturevalue("postgres")
            zone_of_test.urls, zone_of_test.disk = server.copy(), server.disk
        else:
            empty: Path = request.getfixturevalue("empty_files")
            shutil.copytree(empty, tmp_path / "db", dirs_exist_ok=True)
        zone_of_test.start()
        point_at(zone.current().settings)

    zone_of_test.move_to = move_to
    move_to(vendor)
    yield zone_of_test

    connections.close_all()
