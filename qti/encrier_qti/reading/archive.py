# SPDX-License-Identifier: AGPL-3.0-or-later
"""From a folder or a zip to named bytes in memory, refusing every trick we know.

Knows file names and sizes, not what is inside. Nothing is ever written to
disk, no link is followed, and no more is read than the caps allow, whatever
the archive says of itself.
"""

import posixpath
import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath
from typing import Final
from urllib.parse import unquote

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
MANIFEST: Final = "imsmanifest.xml"
_LEVELS: Final = 4  # folders above an XML file in which its manifest is looked for
_IGNORED: Final = {"__MACOSX", "Thumbs.db", "desktop.ini"}
_METHODS: Final = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
# What an XML file given alone may bring with it, by the names of its attributes.
_NAMED: Final = re.compile(
    rb"""\s(?:src|href|data|poster|template|template-?location)\s*=\s*["']([^"'<>]{1,240})["']""",
    re.IGNORECASE,
)
_BROUGHT: Final = re.compile(
    r".*\.(?:xml|gif|jpe?g|png|svg|webp|m4a|mp3|og[ag]|wav|mp4|webm|vtt)", re.IGNORECASE
)


def read(path: Path) -> Mapping[str, bytes]:
    """Give the files of a package by their path from its root, "/" between folders.

    A package may be a folder, a zip, or either with one folder around it all.
    An XML file comes alone but for the files that it names in the package that
    it stands in, or in its own folder.
    Raises PackageRefused.
    """
    if path.is_dir():
        contents = dict(_read_folder(path))
    elif not path.is_file():
        raise PackageRefused("ce paquet n’existe pas.", "Vérifiez le chemin.")
    elif path.suffix.lower() == ".xml":
        contents = _read_alone(path)
    else:
        contents = _read_zip(path)
    return dict(sorted(_without_top(contents).items()))


def check_name(name: str) -> str:
    """Give the path if it stays inside the package and is spelled plainly, else refuse it."""
    composed = unicodedata.normalize("NFC", name)
    if name != composed and _is_plain(composed):
        raise PackageRefused(
            "les accents de ce nom de fichier sont décomposés, comme un Mac les écrit.",
            "Renommez-le sans accents, puis refaites le paquet.",
            file=composed,
        )
    if not _is_plain(name):
        raise PackageRefused(
            "un nom de fichier est absolu, sort du paquet ou contient des signes interdits.",
            "Renommez-le sans « .. », sans « \\ » ni « : », puis refaites le paquet.",
            file=repr(name[:MAX_NAME]),
        )
    return name


def _is_plain(name: str) -> bool:
    return (
        0 < len(name) <= MAX_NAME
        and "\\" not in name
        and ":" not in name
        and all(part not in {"", ".", ".."} for part in name.split("/"))
        and all(character.isprintable() for character in name)
        and unicodedata.is_normalized("NFC", name)
    )


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


def _read_alone(path: Path) -> dict[str, bytes]:
    """Read an XML file, and the XML and media that it and they name in its package or folder."""
    path = path.resolve()  # the file that was named may be a link, what it names may not
    folder, contents, total = _around(path), dict[str, bytes](), 0
    waiting = [path.relative_to(folder).as_posix()]
    while waiting:
        name = check_name(waiting.pop())
        file = folder / name
        linked = file.resolve() != file  # it, or a folder on the way
        if name in contents or linked or not file.is_file():
            continue
        size = file.stat().st_size
        total += size
        _refuse_too_much(name, count=len(contents) + 1, total=total, size=size)
        contents[name] = file.read_bytes()
        if name.lower().endswith(".xml"):
            waiting += _named_by(contents[name], name)
    return contents


def _around(path: Path) -> Path:
    """The nearest folder above a file that has a manifest, so is a package; else its own."""
    above = path.parents
    packages = (each for each in above[:_LEVELS] if (each / MANIFEST).is_file())
    return next(packages, above[0])


def _named_by(content: bytes, name: str) -> Iterable[str]:
    """The paths that an XML file names and that could be brought with it."""
    for found in _NAMED.finditer(content):
        href = unquote(found[1].decode("utf-8", "replace")).split("#")[0]
        path = posixpath.normpath(posixpath.join(posixpath.dirname(name), href))
        inside = not path.startswith(("/", "..")) and ":" not in path
        if inside and _BROUGHT.fullmatch(path) and not _ignored(path) and _is_plain(path):
            yield path


def _without_top(contents: dict[str, bytes]) -> dict[str, bytes]:
    """The same without the one folder that is around everything, if the manifest is in it."""
    top = next(iter(contents), "").split("/")[0] + "/"
    around = top + MANIFEST in contents and all(name.startswith(top) for name in contents)
    return {name[len(top) :]: content for name, content in contents.items()} if around else contents


def _read_zip(path: Path) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(path) as archive:
            return _read_entries(archive)
    except _BROKEN as error:
        raise PackageRefused(
            "ce fichier n’est pas une archive zip, ou elle est endommagée.",
            "Donnez un zip, un dossier ou le fichier XML d’un item, ou refaites l’archive.",
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
