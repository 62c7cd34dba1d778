# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a file is, by its first bytes: never by its name.

A name may only sharpen the advice. Knows signatures of files, nothing of pupils.
"""

from collections.abc import Mapping
from typing import Final, Literal

from encrier_names.rosters.files.archive import names_within
from encrier_names.rosters.refusals import DamagedFile, NotARoster, RosterRefused

Kind = Literal["zip", "xml", "text", "workbook", "oneroster"]

_AS_CSV: Final = (
    "N’ouvrez pas l’export dans un tableur : téléchargez-le à nouveau et déposez-le tel quel. "
    "Si vous n’avez que ce classeur, enregistrez-le au format « CSV (point-virgule) »."
)
_SIGNATURES: Final[tuple[tuple[bytes, str, str | None], ...]] = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "C’est un classeur ou un document Office.", _AS_CSV),
    (b"{\\rtf", "C’est un document de traitement de texte.", None),
    (b"\x89PNG", "C’est une image.", None),
    (b"\xff\xd8\xff", "C’est une image.", None),
    (b"GIF8", "C’est une image.", None),
    (b"\x1f\x8b", "C’est une archive gzip.", None),
    (b"7z\xbc\xaf\x27\x1c", "C’est une archive 7z.", None),
    (b"Rar!", "C’est une archive rar.", None),
)
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
_HTML: Final = (b"<!doctype html", b"<html")
_IN_ZIP: Final[Mapping[str, tuple[str, str | None]]] = {
    "word/": ("C’est un document Word.", None),
    "ppt/": ("C’est un diaporama.", None),
    "META-INF/manifest.xml": ("C’est un document LibreOffice.", _AS_CSV),
}


def recognise(content: bytes, file_name: str) -> Kind:
    """Tell which of our readers may try, or refuse with what was seen instead."""
    start = content.lstrip()[:1024]
    if not start:
        raise DamagedFile("Ce fichier est vide.")
    if b"%PDF-" in start:
        raise NotARoster(f"C’est un PDF{_though_named(file_name, '.pdf')}.")
    for signature, seen, advice in _SIGNATURES:
        if content.startswith(signature):
            raise NotARoster(seen, advice)
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _kind_of_zip(content)
    if content.startswith(_UTF16):
        raise NotARoster("C’est un texte « Unicode (UTF-16) ».", _AS_CSV)
    if start.count(0) * 10 > len(start):  # one stray zero does not make a text a program
        raise NotARoster(f"Ce n’est pas un texte{_though_named(file_name, '.csv')}.")
    return _kind_of_text(start)


def _kind_of_text(start: bytes) -> Kind:
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith(b"<") and any(mark in text.lower() for mark in _HTML):
        raise RosterRefused(
            "C’est une page web, sans doute la page de connexion au lieu du fichier.",
            "Reconnectez-vous à ONDE ou à SIECLE, puis téléchargez l’export à nouveau.",
        )
    return "xml" if text.startswith(b"<") else "text"


def _kind_of_zip(content: bytes) -> Kind:
    names = names_within(content)
    if any(name.startswith("xl/") for name in names):
        return "workbook"
    lasts = {name.rpartition("/")[2].lower() for name in names}
    if lasts >= {"users.csv", "enrollments.csv"}:
        return "oneroster"
    for name in names:
        for mark, (seen, advice) in _IN_ZIP.items():
            if name.startswith(mark):
                raise NotARoster(seen, advice)
    return "zip"


def _though_named(file_name: str, really: str) -> str:
    ends = file_name.lower().rpartition(".")[2]
    promised = f".{ends}" if ends in {"csv", "xml", "zip"} else ""
    return f", bien que son nom finisse par « {promised} »" if promised not in {"", really} else ""
