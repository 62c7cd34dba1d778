# SPDX-License-Identifier: AGPL-3.0-or-later
"""`encrier qti convert`: a QTI 2 item or package made QTI 3. Keys stay in what it writes."""

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from encrier_qti.commands.asking import AskedWrongly, Verb, add_verb, put, put_json
from encrier_qti.commands.opening import add_package
from encrier_qti.importing.ready import ready
from encrier_qti.importing.upgrade import is_qti_2, upgrade_item
from encrier_qti.package import package_from, tests_of
from encrier_qti.reading import archive
from encrier_qti.reading.manifest import read_manifest
from encrier_qti.words import say
from encrier_qti.writing.package import write_package, zipped

if TYPE_CHECKING:
    from encrier_qti.commands.asking import Commands

_VERB: Final = Verb(
    "convert",
    "make QTI 3 of a QTI 2 item or package",
    "Write a QTI 2.0, 2.1 or 2.2 item or package in QTI 3; needs encrier-qti[convert].",
    "convert export-tao.zip --out qti3.zip",
)
_XML: Final = ".xml"
_ZIP: Final = ".zip"


def add(commands: "Commands") -> None:
    """Add the verb."""
    parser = add_verb(commands, _VERB, _run)
    add_package(parser)
    parser.add_argument(
        "--out",
        metavar="FILE",
        type=Path,
        required=True,
        help="a new file: .xml for one item, .zip for a package",
    )


def _run(asked: argparse.Namespace) -> int:
    kind = asked.out.suffix.lower()
    if kind not in {_XML, _ZIP} or (kind == _XML and asked.package.suffix.lower() != _XML):
        raise AskedWrongly(
            "un paquet s’écrit dans un fichier .zip, un item seul dans un fichier .xml.",
            "Donnez par --out un fichier de l’un de ces noms.",
        )
    if asked.out.exists():
        raise AskedWrongly(
            "le fichier de sortie existe déjà.", "Donnez un autre nom.", file=asked.out.name
        )
    contents = archive.read(asked.package)
    changed = [path for path, content in contents.items() if is_qti_2(path, content)]
    content = _item(asked.package) if kind == _XML else zipped(_package(contents))
    asked.out.write_bytes(content)
    if asked.json:
        put_json({"out": str(asked.out), "converted": changed, "size_bytes": len(content)})
    else:
        what = say(
            "fichiers convertis\u00a0: {n}, octets écrits\u00a0: {size}.",
            n=len(changed),
            size=len(content),
        )
        put(what.told(asked.lang))
    return 0


def _item(path: Path) -> bytes:
    """Give one file in QTI 3; one that is so already is given as it is."""
    content = path.read_bytes()
    return upgrade_item(content, file=path.name) if is_qti_2(path.name, content) else content


def _package(contents: Mapping[str, bytes]) -> Mapping[str, bytes]:
    contents = ready(contents)
    tests = tests_of(read_manifest(contents))
    return write_package(package_from(contents, test=tests[0] if tests else ""))
