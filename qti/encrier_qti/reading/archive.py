# SPDX-License-Identifier: AGPL-3.0-or-later
"""From a folder or a zip to named bytes in memory, refusing every trick we know.

Knows file names and sizes, not what is inside. Nothing is ever written to
disk, no link is followed, and no more is read than the caps allow, whatever
the archive says of itself.
"""

import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath
from typing import Final

from encrier_qti.errors import PackageRefused

MAX_FILES: Final = 5_000
MAX_FILE: Final = 64 * 1024 * 1024  # bytes, one file: a long video
MAX_TOTAL: Final = 256 * 1024 * 1024  # bytes, unpacked
MAX_RATIO: Final = 200  # unpacked to packed; real XML stays under 30
RATIO_FROM: Final = 1024 * 1024  # bytes; under it a high ratio harms nobody
MAX_NAME: Final = 240  # characters

_BROKEN: Final = (
    zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, struct.error, OSError, EOFError,
    NotImplementedError, RuntimeError, ValueError, LookupError,
)  # fmt: skip  # all that zipfile raises on a damaged archive
_IGNORED: Final = {"__MACOSX", "Thumbs.db", "desktop.ini"}
_METHODS: Final = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}


def read(path: Path) -> Mapping[str, bytes]:
    """Give the files of a package by their path from its root, "/" between folders.

    Raises PackageRefused.
    """
    if path.is_dir():
        contents = dict(_read_folder(path))
    elif path.is_file():
        contents = _read_zip(path)
    else:
        raise PackageRefused("Ce paquet n’existe pas.", "Vérifiez le chemin.")
    return dict(sorted(contents.items()))


def check_name(name: str) -> str:
    """Give the path if it stays inside the package and is spelled plainly, else refuse it."""
    parts = name.split("/")
    plain = (
        0 < len(name) <= MAX_NAME
        and "\\" not in name
        and ":" not in name
        and all(part not in {"", ".", ".."} for part in parts)
        and all(character.isprintable() for character in name)
        and unicodedata.is_normalized("NFC", name)
    )
    if not plain:
        raise PackageRefused(
            "un nom de fichier est absolu, sort du paquet ou contient des signes interdits.",
            "Renommez-le sans « .. », sans « \\ » ni « : », puis refaites le paquet.",
            file=repr(name[:MAX_NAME]),
        )
    return name


def _read_folder(root: Path) -> Iterable[tuple[str, bytes]]:
    total = count = 0
    for path in sorted(root.rglob("*")):
        relative = path.relative_to(root)
        name = str(PurePosixPath(relative))
        if _ignored(name):
            continue
        if path.is_symlink():
            raise PackageRefused("un lien symbolique n’est pas admis.", file=name)
        if path.is_dir():
            continue
        if not path.is_file():
            raise PackageRefused("ce n’est pas un fichier ordinaire.", file=name)
        size = path.stat().st_size
        total += size
        count += 1
        _refuse_too_much(name, count=count, total=total, size=size)
        yield check_name(name), path.read_bytes()


def _read_zip(path: Path) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(path) as archive:
            return _read_entries(archive)
    except _BROKEN as error:
        raise PackageRefused(
            "Ce fichier n’est pas une archive zip, ou elle est endommagée.",
            "Refaites l’archive et comparez sa taille à celle de l’original.",
        ) from error


def _read_entries(archive: zipfile.ZipFile) -> dict[str, bytes]:
    contents: dict[str, bytes] = {}
    seen: set[str] = set()
    total = 0
    for entry in archive.infolist():
        if entry.is_dir() or _ignored(entry.filename):
            continue
        name = check_name(entry.filename)
        _refuse_odd(entry)
        if name.casefold() in seen:
            raise PackageRefused("deux fichiers de l’archive portent le même nom.", file=name)
        seen.add(name.casefold())
        total += entry.file_size
        _refuse_too_much(name, count=len(seen), total=total, size=entry.file_size)
        with archive.open(entry) as stream:
            content = stream.read(entry.file_size + 1)
        if len(content) != entry.file_size:
            raise PackageRefused("la taille annoncée par l’archive est fausse.", file=name)
        contents[name] = content
    return contents


def _refuse_odd(entry: zipfile.ZipInfo) -> None:
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in {0, stat.S_IFREG}:
        raise PackageRefused(
            "un lien symbolique ou un fichier spécial n’est pas admis.", file=entry.filename
        )
    if entry.flag_bits & 0x1:
        raise PackageRefused(
            "ce fichier de l’archive est chiffré.",
            "Refaites l’archive sans mot de passe.",
            file=entry.filename,
        )
    if entry.compress_type not in _METHODS:
        raise PackageRefused(
            "ce mode de compression n’est pas admis.",
            "Refaites l’archive en zip ordinaire.",
            file=entry.filename,
        )
    packed = max(entry.compress_size, 1)
    if entry.file_size > RATIO_FROM and entry.file_size > MAX_RATIO * packed:
        raise PackageRefused(
            "ce fichier se déplie à plus de {most} fois sa taille.",
            "C’est le signe d’une archive piégée : demandez-en l’origine.",
            file=entry.filename,
            most=MAX_RATIO,
        )


def _refuse_too_much(name: str, *, count: int, total: int, size: int) -> None:
    if count > MAX_FILES:
        raise PackageRefused(
            "le paquet a plus de {most} fichiers.", "Coupez-le en deux.", most=MAX_FILES
        )
    if size > MAX_FILE or total > MAX_TOTAL:
        raise PackageRefused(
            "plus de {file_size} Mo pour un fichier, ou {total_size} Mo en tout.",
            "Réduisez les images, les sons et les vidéos.",
            file=name,
            file_size=MAX_FILE >> 20,
            total_size=MAX_TOTAL >> 20,
        )


def _ignored(name: str) -> bool:
    """A file that systems and editors leave behind: hidden, or of a known name."""
    return any(
        part in _IGNORED or (part.startswith(".") and part.strip(".")) for part in name.split("/")
    )
