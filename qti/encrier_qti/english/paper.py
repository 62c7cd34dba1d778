# SPDX-License-Identifier: AGPL-3.0-or-later
"""English for papers."""

from collections.abc import Mapping
from typing import Final

SENTENCES: Final[Mapping[str, str]] = {
    "Cahier de l’enseignant": "Teacher's booklet",
    "Cahier de l’élève": "Pupil's booklet",
    "Cahier de l’élève, en grand (A3)": "Pupil's booklet, large (A3)",
    "ce cahier n’a pas pu être mis en page.": "this booklet could not be typeset.",
    "ce qui met en page les cahiers n’est pas installé.": (
        "what typesets booklets is not installed."
    ),
    "Installez encrier-qti[paper], ou demandez --no-papers.": (
        "Install encrier-qti[paper], or ask for --no-papers."
    ),
    "Regardez chaque item par encrier qti preview, et signalez celui qui ne va pas.": (
        "Look at each item with encrier qti preview, and report the one that is wrong."
    ),
}
