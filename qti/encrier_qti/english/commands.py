# SPDX-License-Identifier: AGPL-3.0-or-later
"""English for the command line and the preview."""

from collections.abc import Mapping
from typing import Final

SENTENCES: Final[Mapping[str, str]] = {
    "Ce paquet n’existe pas.": "This package does not exist.",
    "Lancez «\u00a0encrier qti check\u00a0» pour les voir toutes.": (
        "Run `encrier qti check` to see them all."
    ),
    "Vérifiez le chemin.": "Check the path.",
}
