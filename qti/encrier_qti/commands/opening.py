# SPDX-License-Identifier: AGPL-3.0-or-later
"""From what an author names on the command line to a package, or its one item."""

import argparse
from pathlib import Path

from encrier_qti.commands.asking import AskedWrongly
from encrier_qti.model import Item
from encrier_qti.package import item_at, open_package


def add_package(parser: argparse.ArgumentParser) -> None:
    """Add the argument PACKAGE."""
    parser.add_argument(
        "package",
        metavar="PACKAGE",
        type=Path,
        help="a folder, a zip or an item's XML file, in QTI 3 or 2",
    )


def add_test(parser: argparse.ArgumentParser) -> None:
    """Add the choice of a test, for packages that hold several."""
    parser.add_argument("--test", metavar="PATH", default="", help="which test, if several")


def add_allowed_pci(parser: argparse.ArgumentParser) -> None:
    """Add the list of portable custom interactions that may run."""
    parser.add_argument(
        "--allow-pci",
        metavar="TYPE",
        action="append",
        default=[],
        help="a portable custom interaction that may run; may be repeated",
    )


def one_item(path: Path) -> Item:
    """Read the one item that a file or a package holds. Raises QtiError.

    What a lone file shows and lacks does not matter to its scoring.
    """
    if path.suffix.lower() == ".xml" and path.is_file():
        return item_at(path)
    package = open_package(path)
    if len(package.items) != 1:
        raise AskedWrongly(
            "ce paquet n’a pas exactement un item.", "Donnez le fichier XML d’un item."
        )
    return next(iter(package.items.values()))
