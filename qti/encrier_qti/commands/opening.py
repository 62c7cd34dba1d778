# SPDX-License-Identifier: AGPL-3.0-or-later
"""From what an author names on the command line to a package, or its one item."""

import argparse
from collections.abc import Mapping
from pathlib import Path

from encrier_qti.errors import PackageRefused
from encrier_qti.model import Item
from encrier_qti.package import Package, package_from
from encrier_qti.reading import archive
from encrier_qti.reading.item import read_item


def add_package(parser: argparse.ArgumentParser) -> None:
    """Add the argument PACKAGE."""
    parser.add_argument(
        "package", metavar="PACKAGE", type=Path, help="a folder, a zip or an item's XML file"
    )


def files_of(path: Path) -> Mapping[str, bytes]:
    """Give the files of a package by path; an XML file is a package of one.

    Raises PackageRefused.
    """
    if not path.exists():
        raise PackageRefused("ce paquet n’existe pas.", "Vérifiez le chemin.", file=path.name)
    if path.suffix.lower() == ".xml":
        return {path.name: path.read_bytes()}
    return archive.read(path)


def opened(path: Path) -> Package:
    """Open a package. Raises QtiError at the first thing that makes it unusable."""
    return package_from(files_of(path))


def one_item(path: Path) -> Item:
    """Read the one item that a file or a package holds. Raises QtiError."""
    files = files_of(path)
    if len(files) == 1:
        ((name, content),) = files.items()
        return read_item(content, file=name)
    raise PackageRefused("ce paquet a plusieurs items.", "Donnez le fichier d’un item.")
