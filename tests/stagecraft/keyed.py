# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: PLC0415 - Django's models exist only once it is set up
"""A campaign that is keyed, for the names zone of a test: file, built page, kits.

The page is the smallest that a build could make: what it does is tested elsewhere.
"""

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

import msgspec

from encrier import clock
from stagecraft.campaign_files import BUNDLES, DAY, text, window

SCRIPT, STYLE = "encrier.0123456789abcdef.js", "encrier.fedcba9876543210.css"
CODE = b'document.getElementById("saisie").textContent = "prete";\n' * 40
PAPERS = {"eleve.pdf": "pupil", "grands.pdf": "pupil-large", "enseignant.pdf": "teacher"}
_TITLES = {
    "pupil": "Cahier de l’élève",
    "pupil-large": "Grands caractères",
    "teacher": "Livret de l’enseignant",
}


def a_page(folder: Path) -> Path:
    """The folder of a build."""
    folder.mkdir(parents=True, exist_ok=True)
    digest = base64.b64encode(hashlib.sha384(CODE).digest()).decode()
    metas = "".join(
        f'<meta name="encrier-{name}" content="">\n'
        for name in ("root-key", "answers", "class", "back")
    )
    page = (
        f'<!doctype html>\n<html lang="fr"><head><meta charset="utf-8">\n{metas}'
        "<title>Saisie</title>"
        f'<link rel="stylesheet" href="/saisie/fichiers/{STYLE}">'
        f'<script type="module" src="/saisie/fichiers/{SCRIPT}" integrity="sha384-{digest}">'
        "</script>"
        '</head><body><h1 id="saisie">…</h1></body></html>\n'
    )
    (folder / "index.html").write_text(page, encoding="utf-8")
    (folder / SCRIPT).write_bytes(CODE)
    (folder / STYLE).write_bytes(b"h1 { color: #123 }\n")
    (folder / "sw.js").write_bytes(b"addEventListener('fetch', () => {});\n")
    return folder


def a_kit(folder: Path, bundle: bytes, **changes: Any) -> Path:
    """The kit of a booklet, in the folder of kits."""
    place = folder / bundle.hex()
    contents = {"pages/03.png": b"\x89PNG page of " + bundle}
    contents |= {name: b"%PDF of " + bundle + name.encode() for name in PAPERS}
    files = {}
    for name, content in contents.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(content)
        kind = "image/png" if name.endswith(".png") else "application/pdf"
        digest = hashlib.sha256(content).hexdigest()
        files[name] = {"sha256": digest, "size": len(content), "type": kind}
    papers = [{"file": f, "title": _TITLES[k], "kind": k} for f, k in PAPERS.items()]
    kit = {"v": 1, "bundle": bundle.hex(), "title": "Début", "lang": "fr", "sequences": []}
    kit |= {"marking": {"fr-l-01": {"A": 1.0}}, "files": files, "papers": papers, **changes}
    (place / "keying.json").write_text(json.dumps(kit), encoding="utf-8")
    return place


def levels(*modes: tuple[str, str]) -> str:
    """The levels of a campaign file and how each is answered; each has its booklet."""
    return "\n".join(
        f'[[levels]]\nlevel = "{level}"\nmode = "{mode}"\nbooklets = ["{bundle.hex()}"]'
        for (level, mode), bundle in zip(modes, BUNDLES, strict=False)
    )


def keyed(
    names: Any,
    *modes: tuple[str, str],
    closes: float = 7,
    sittings: tuple[float, float] = (-5, 2),
    more: str = "",
) -> None:
    """Start the zone with a campaign of which a level is keyed, its page and its kits.

    closes, sittings: days from now. The node of answers is one that nobody reaches.
    """
    (names.folder / "campaign.json").unlink(missing_ok=True)  # of other dates
    now, entry = clock.now(), names.manifest.bundles[0]
    nobody = msgspec.structs.replace(names.manifest.nodes[0], url="http://127.0.0.1:9")
    names.start(
        nodes=[nobody],
        bundles=[entry, msgspec.structs.replace(entry, id=BUNDLES[1])],
        opens_at=now + sittings[0] * DAY,
        closes_at=now + sittings[1] * DAY,
        results_close_at=now + 90 * DAY,
    )
    window_of_keying = window(names.manifest.opens_at, now + closes * DAY)
    of_levels = levels(*(modes or (("6E", "keyed"),)))
    names.fix(text(names, levels=of_levels, windows=f"keying = {window_of_keying}", more=more))
    page = a_page(names.folder / "saisie")
    for bundle in BUNDLES:
        a_kit(names.folder / "kits", bundle)
    names.set(keying=page, kits=names.folder / "kits")


def a_sister(division: Any, *, n_pupils: int = 2) -> Any:
    """Another class of the same school, validated too."""
    from encrier_names.codesheets.validation import validate
    from encrier_names.schools import lists
    from encrier_names.schools.models import Division, Identity

    sister = Division.objects.create(school=division.school, label=f"{division.label} bis")
    for n in range(n_pupils):
        lists.add(sister, Identity(f"ZORGLUBSŒUR{n}", f"Anne{n}"), level="6E")
    validate(sister)
    sister.refresh_from_db()
    return sister
