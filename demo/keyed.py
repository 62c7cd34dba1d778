# SPDX-License-Identifier: AGPL-3.0-or-later
"""The school of the demo whose pupils answer on paper: its level, its kit, its class, its teacher.

What the ministry decides of a level that is keyed stands in the campaign file, which a campaign on
screen alone does not need.
"""

import base64
import shutil
import subprocess
from datetime import datetime
from typing import Final

from encrier.manifest import Manifest
from operators import ENCRIER, ROOT, CommandFailed
from stage import Accounts, Stage

PACKAGE: Final = ROOT / "demo/assessments/cp-debut"
ROSTER: Final = ROOT / "demo/rosters/CSVExtraction.csv"
SCHOOL: Final = "9990002Y"
SCHOOL_NAME: Final = "École de l’Encrier"
TEACHER: Final = "maitresse-cp"
PAGE: Final = ROOT / "player/dist/saisie"
CLASS: Final = 24

_CAMPAIGN: Final = """v = 1
campaign = "{campaign}"
label = "{label}"
ask = "le correspondant de votre académie"

[windows]
sittings = {{ opens = {opens}, closes = {closes} }}
keying = {{ opens = {opens}, closes = {closes} }}
results = {{ opens = {opens}, closes = {end} }}

[[levels]]
level = "{level}"
mode = "screen"
booklets = ["{screen}"]

[[levels]]
level = "CP"
mode = "keyed"
booklets = ["{keyed}"]

[rules]
reserve_codes_a_class = 0
"""


def begin(stage: Stage) -> Accounts:
    """From the keys, which are drawn, to pupils and teachers who may come; give the accounts."""
    hand_over(stage)
    accounts = stage.enrol() | enrol(stage)
    stage.publish_booklet()
    stage.serve_answers()
    stage.serve_names()
    stage.exchange()
    return accounts


def hand_over(stage: Stage) -> None:
    """Sign the campaign file, make the kit, and give both to names; the keys are drawn."""
    results, names = stage.results.folder, stage.names.folder
    (results / "campaign.toml").write_text(campaign_text(stage.campaign()), encoding="utf-8")
    stage.results.run(
        "sign-campaign",
        results / "campaign.toml",
        *("--keys", results / "keys", "--manifest", results / "manifest.json"),
        *("--out", results / "campaign.json"),
    )
    shutil.copy(results / "campaign.json", names)
    kit = [str(ENCRIER), "qti", "kit", str(PACKAGE), "--out", str(names / "kits")]
    made = subprocess.run(kit, capture_output=True, text=True, check=False)
    if made.returncode:
        raise CommandFailed(f"encrier qti kit: {made.stdout}{made.stderr}".strip())
    stage.names.set(campaign_file=names / "campaign.json", keying=PAGE, kits=names / "kits")


def campaign_text(manifest: Manifest) -> str:
    """The campaign file of a manifest whose second booklet is keyed."""
    screen, keyed = (entry.id.hex() for entry in manifest.bundles)
    return _CAMPAIGN.format(
        campaign=base64.b64encode(manifest.campaign).decode(),
        label=manifest.label,
        level=manifest.level,
        opens=_written(manifest.opens_at),
        closes=_written(manifest.closes_at),
        end=_written(manifest.results_close_at),
        screen=screen,
        keyed=keyed,
    )


def enrol(stage: Stage) -> Accounts:
    """Import the class of CP, open its teacher's account, validate as the head would."""
    school = ("--school", SCHOOL)
    stage.names.run("import", ROSTER, *school, "--school-name", SCHOOL_NAME)
    divisions = ("--divisions", "CP - Mme Buvard")
    password = stage.open_account(TEACHER, "--role", "teacher", *school, *divisions)
    stage.names.run("validate", *school, "--division", "CP - Mme Buvard")
    return {TEACHER: password}


def _written(moment: datetime) -> str:
    return moment.isoformat()
