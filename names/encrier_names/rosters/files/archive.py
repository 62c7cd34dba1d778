# SPDX-License-Identifier: AGPL-3.0-or-later
"""The one file of pupils in a zip, read in memory under strict limits.

SIECLE gives `ExportXML_ElevesSansAdresses.zip`. Nothing is ever written to disk, so names
of files within do no harm; sizes are counted as bytes come out, not as the zip claims.
"""

import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Sequence
from typing import Final

from encrier_names.rosters.refusals import DamagedFile, NotARoster, TooLarge, UnsafeFile

MAX_FILES: Final = 50
MAX_UNPACKED: Final = 16 * 1024 * 1024  # 3,000 pupils with their addresses make 9 MB
MAX_OF_WORKBOOK: Final = 64 * 1024 * 1024
_PART: Final = 1024 * 1024
_METHODS: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_ENCRYPTED: Final = 0x1
_UNREADABLE: Final = (  # what zipfile raises on hostile or cut archives
    zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, lzma.LZMAError, struct.error,
    NotImplementedError, RuntimeError, EOFError, OSError, ValueError, LookupError, OverflowError,
)  # fmt: skip


def unpack(content: bytes) -> bytes:
    """Give the only XML or CSV in a zip, or refuse it.

    Among several, the one that says `BEE_ELEVES`. Raises `DamagedFile`, `UnsafeFile`,
    `TooLarge`, `NotARoster`.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _choose(archive)
    except _UNREADABLE:  # whose words may quote a file's name: not kept
        raise DamagedFile("Cette archive zip est coupée ou abîmée.") from None


def members(content: bytes, wanted: frozenset[str]) -> dict[str, bytes]:
    """Give the files of a zip whose last name is wanted, by it; the same refusals as `unpack`."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            inside = [one for one in archive.infolist() if _last(one.filename) in wanted]
            _check(inside)
            left = MAX_UNPACKED
            found = {}
            for one in inside[:MAX_FILES]:
                found[_last(one.filename)] = _read(archive, one, limit=left)
                left -= len(found[_last(one.filename)])
            return found
    except _UNREADABLE:
        raise DamagedFile("Cette archive zip est coupée ou abîmée.") from None


def check_size(content: bytes) -> None:
    """Refuse a zip that swells past what the list of any school takes; counts what comes out."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            left = MAX_OF_WORKBOOK
            for one in archive.infolist():
                with archive.open(one) as stream:
                    while part := stream.read(_PART):
                        left -= len(part)
                        if left < 0:
                            raise TooLarge
    except _UNREADABLE:
        raise DamagedFile("Ce classeur est coupé, abîmé ou protégé par un mot de passe.") from None


def names_within(content: bytes) -> tuple[str, ...]:
    """List the files of a zip, or none if it cannot be read."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return tuple(archive.namelist())
    except _UNREADABLE:
        return ()


def _choose(archive: zipfile.ZipFile) -> bytes:
    members = [one for one in archive.infolist() if not one.is_dir()]
    if len(members) > MAX_FILES:
        raise UnsafeFile("Cette archive contient trop de fichiers.")
    wanted = [one for one in members if _may_be_roster(one.filename)]
    _check(wanted)
    left = MAX_UNPACKED
    contents = []
    for one in wanted:
        contents.append(_read(archive, one, limit=left))
        left -= len(contents[-1])
    pupils = [one for one in contents if b"BEE_ELEVES" in one[:4096]] or contents
    if len(pupils) == 1:
        return pupils[0]
    if pupils:
        raise NotARoster(
            "Cette archive contient plusieurs fichiers, dont aucun n’est à coup sûr la liste "
            "des élèves.",
            "Ouvrez-la, et déposez une liste à la fois.",
        )
    if any(_last(one.filename).endswith((".zip", ".7z", ".rar")) for one in members):
        raise NotARoster(
            "Cette archive en contient une autre.",
            "Ouvrez-la, et déposez celle qui est dedans, sans l’ouvrir.",
        )
    raise NotARoster("Cette archive ne contient aucune liste d’élèves.")


def _check(wanted: Sequence[zipfile.ZipInfo]) -> None:
    if any(one.flag_bits & _ENCRYPTED for one in wanted):
        raise NotARoster(
            "Cette archive est protégée par un mot de passe.",
            "Déposez l’archive telle que SIECLE la donne.",
        )
    if any(one.compress_type not in _METHODS for one in wanted):
        raise DamagedFile("Cette archive est compressée d’une façon inconnue.")


def _last(name: str) -> str:
    return name.rpartition("/")[2].lower()


def _may_be_roster(name: str) -> bool:
    of_macos = name.startswith("__MACOSX/") or _last(name).startswith("._")
    return _last(name).endswith((".xml", ".csv")) and not of_macos


def _read(archive: zipfile.ZipFile, member: zipfile.ZipInfo, *, limit: int) -> bytes:
    with archive.open(member) as stream:
        unpacked = stream.read(limit + 1)
    if len(unpacked) > limit:
        raise TooLarge("Cette archive contient plus que la liste d’élèves d’aucun établissement.")
    return unpacked
