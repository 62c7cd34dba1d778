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
_AS_WORKBOOK: Final = (
    "Ouvrez-le dans un tableur, enregistrez-le au format « Classeur Excel (.xlsx) », puis déposez "
    "ce classeur."
)
_BESIDE: Final = "Déposez le fichier du même nom, sans « ._ » au début."
_OFFICE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SIGNATURES: Final[tuple[tuple[bytes, str, str | None], ...]] = (
    (_OFFICE, "C’est un classeur ou un document Office.", _AS_CSV),
    (b"\x00\x05\x16\x07", "C’est un fichier technique de macOS.", _BESIDE),
    (b"MIME-Version:", "C’est une archive web.", _AS_WORKBOOK),
    (b"II*\0", "C’est une image.", None),
    (b"MM\0*", "C’est une image.", None),
    (b"{\\rtf", "C’est un document de traitement de texte.", None),
    (b"\x89PNG", "C’est une image.", None),
    (b"\xff\xd8\xff", "C’est une image.", None),
    (b"GIF8", "C’est une image.", None),
    (b"\x1f\x8b", "C’est une archive gzip.", None),
    (b"7z\xbc\xaf\x27\x1c", "C’est une archive 7z.", None),
    (b"Rar!", "C’est une archive rar.", None),
)
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
_HTML: Final = (b"<!doctype html", b"<html", b"<table", b"<head", b"<body", b"<meta")
_PROTECTED: Final = "EncryptedPackage".encode("utf-16-le")
_FOURS: Final = {b"ftyp": slice(4, 8), b"WEBP": slice(8, 12)}  # where a picture says that it is one
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
    _refuse_signed(content)
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _kind_of_zip(content)
    if content.startswith(_UTF16) or _every_other_is_zero(start):
        raise NotARoster("C’est un texte « Unicode (UTF-16) ».", _AS_CSV)
    if start.count(0) * 10 > len(start):  # one stray zero does not make a text a program
        raise NotARoster(f"Ce n’est pas un texte{_though_named(file_name, '.csv')}.")
    return _kind_of_text(start)


def _refuse_signed(content: bytes) -> None:
    """Refuse what says at its beginning that it is something else."""
    if content.startswith(_OFFICE) and _PROTECTED in content:
        raise NotARoster(
            "Ce classeur est protégé par un mot de passe.",
            "Ouvrez-le, retirez le mot de passe, enregistrez-le, puis déposez-le.",
        )
    for signature, seen, advice in _SIGNATURES:
        if content.startswith(signature):
            raise NotARoster(seen, advice)
    if any(content[place] == mark for mark, place in _FOURS.items()):
        raise NotARoster("C’est une image.")


def _every_other_is_zero(start: bytes) -> bool:
    few, many = sorted(start[place::2].count(0) * 2 / len(start) for place in (0, 1))
    return few < 0.2 and many > 0.8  # noqa: PLR2004 Latin letters in two bytes each


def _kind_of_text(start: bytes) -> Kind:
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not text:
        raise DamagedFile("Ce fichier est vide.")
    is_page = text.startswith(b"<") and any(mark in text.lower() for mark in _HTML)
    if b"urn:schemas-microsoft-com:office" in text or (is_page and b"<table" in text.lower()):
        raise NotARoster(
            "C’est une page web ou un classeur d’un ancien format, sous un autre nom.", _AS_WORKBOOK
        )
    if is_page:
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
