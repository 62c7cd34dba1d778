# SPDX-License-Identifier: AGPL-3.0-or-later
"""A kit with an item of each mask, for tests of the keying page; of no real booklet."""

import hashlib
import json
from typing import Any

LETTERS = ("m", "n", "p", "t")
PAGE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 210 297" width="840" height="1188">'
    '<rect width="210" height="297" fill="#fff"/><g font-size="9" font-family="sans-serif">'
    '<text x="15" y="25">Exercice 1</text><text x="15" y="45">1   m  n  p  t</text>'
    '<text x="15" y="62">2   m  n  p  t</text></g></svg>'
)
LETTER_ITEMS = [f"fr-l-{at:02}" for at in range(1, 9)]
NUMBER_ITEMS = [f"ma-n-{at:02}" for at in range(1, 7)]
RIGHT = (
    dict.fromkeys(LETTER_ITEMS, "A")
    | dict.fromkeys(NUMBER_ITEMS, "42")
    | {"fr-p-01": "A B", "fr-p-02": "1"}
)
DOMAINS = (  # each begins the names of its items
    ("fr-l", "Lettres", "Français", "Reconnaître une lettre qu’on entend."),
    ("ma-n", "Nombres", "Mathématiques", "Écrire un nombre dicté."),
    ("fr-p", "Phrases", "Français", "Comprendre une phrase lue."),
)
STEPS = {
    "besoins": "Reprendre les sons un à un, à l’oral d’abord.",
    "fragile": "Revoir chaque jour quelques sons proches.",
    "satisfaisant": "Continuer avec des mots plus longs.",
}
TEXT = "Le petit chat gris dort sur le vieux mur du jardin et il rêve de souris vertes"


def _circle(name: str, label: str, *, most: int = 1) -> dict[str, Any]:
    choices = [{"id": chr(65 + at), "label": text} for at, text in enumerate(LETTERS)]
    return _item(name, label, "circle") | {"most": most, "choices": choices}


def _item(name: str, label: str, mask: str) -> dict[str, Any]:
    return {"id": name, "label": label, "response": "RESPONSE", "mask": mask}


def _words(text: str) -> list[dict[str, str]]:
    return [{"id": f"w{at + 1}", "label": word} for at, word in enumerate(text.split())]


def _exercise(number: int, what: str, items: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    usual = {
        "instruction": "Entoure la bonne réponse.",
        "oral": False,
        "timed_s": None,
        "pages": ["pages/01.svg"],
    }
    return (
        {"id": f"ex-{number}", "title": f"Exercice {number}", "what": what, "items": items}
        | usual
        | more
    )


def sequences() -> list[dict[str, Any]]:
    """Two sequences: choices, judgements, codes and words; numbers and a reading."""
    return [
        {"id": "s1", "title": "Français, séquence 1", "minutes": 20, "exercises": _french()},
        {"id": "s2", "title": "Mathématiques, séquence 2", "minutes": 25, "exercises": _maths()},
    ]


def _french() -> list[dict[str, Any]]:
    judge = {"choices": [{"id": "1", "label": "juste"}, {"id": "0", "label": "faux"}]}
    code = {"choices": [{"id": each, "label": f"code {each}"} for each in ("1", "9", "0")]}
    letters = [_circle(name, str(at + 1)) for at, name in enumerate(LETTER_ITEMS)]
    return [
        _exercise(1, "Reconnaître des lettres", letters),
        _exercise(
            2,
            "Comprendre des phrases",
            [
                _circle("fr-p-01", "1", most=2),
                _item("fr-p-02", "2", "judge") | judge,
                _item("fr-p-03", "3", "code") | code,
                _item("fr-p-04", "4", "words")
                | {"most": 0, "words": _words("Le chat dort et le chien mange")},
            ],
        ),
    ]


def _maths() -> list[dict[str, Any]]:
    reading = _item("fr-f-01", "1", "fluency") | {"words": _words(TEXT), "seconds": 60}
    return [
        _exercise(
            3,
            "Écrire des nombres",
            [
                _item(name, str(at + 1), "number") | {"digits": 2}
                for at, name in enumerate(NUMBER_ITEMS)
            ],
            instruction="Écris les nombres que tu entends.",
            oral=True,
        ),
        _exercise(
            4,
            "Lire à voix haute",
            [reading],
            instruction="Lis ce texte le mieux possible.",
            oral=True,
            timed_s=60,
        ),
    ]


def kit_files(bundle: str, *, title: str = "Début de CP") -> dict[str, bytes]:
    """The folder of a kit, by path."""
    page, paper = PAGE.encode(), b"%PDF-1.4 of a test\n"
    kit = {
        "v": 1,
        "bundle": bundle,
        "title": title,
        "lang": "fr",
        "sequences": sequences(),
        "domains": [_domain(*each) for each in DOMAINS],
        "marking": {item: {right: 1.0, "*": 0.0, "": 0.0} for item, right in RIGHT.items()},
        "unscored": [],
        "files": {
            "pages/01.svg": _listed(page, "image/svg+xml"),
            "eleve.pdf": _listed(paper, "application/pdf"),
        },
        "papers": [{"file": "eleve.pdf", "title": "Cahier de l’élève", "kind": "pupil"}],
    }
    return {"keying.json": json.dumps(kit).encode(), "pages/01.svg": page, "eleve.pdf": paper}


def _domain(name: str, label: str, subject: str, measures: str) -> dict[str, Any]:
    items = [item for item in RIGHT if item.startswith(name)]
    return {
        "id": name,
        "label": label,
        "subject": subject,
        "measures": measures,
        "next_steps": STEPS,
        "items": items,
        "max_score": float(len(items)),
        "thresholds": [len(items) / 2, len(items) * 0.75],
    }


def _listed(content: bytes, kind: str) -> dict[str, Any]:
    return {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content), "type": kind}
