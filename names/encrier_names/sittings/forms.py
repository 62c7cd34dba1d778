# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a pupil is to find ready on her screen, chosen by an adult who knows her."""

from collections.abc import Mapping
from typing import Final

import msgspec
from django import forms

from encrier_names.sittings.grants import EXTRA_TIMES
from encrier_names.sittings.models import Grant

# Names, values and words are those of the player's page; the first is the usual one.
CHOICES: Final[Mapping[str, tuple[str, Mapping[str, str]]]] = {
    "theme": (
        "Couleurs",
        {
            "": "Claires",
            "nuit": "Sombres",
            "contraste": "Noir sur blanc",
            "jaune": "Jaune sur noir",
            "creme": "Crème",
        },
    ),
    "size": (
        "Taille du texte",
        {"": "100\u00a0%", **{size: f"{size}\u00a0%" for size in ("125", "150", "175", "200")}},
    ),
    "font": ("Caractères", {"": "Habituels", "legible": "Très lisibles"}),
    "spacing": ("Espaces", {"": "Habituels", "wide": "Écartés"}),
    "window": ("Aide à la lecture", {"": "Aucune", "ruler": "Règle", "mask": "Cache"}),
    "columns": ("Document et question", {"": "Côte à côte", "one": "L’un sous l’autre"}),
    "voice": ("Lecture à voix haute", {"": "Non", "on": "Oui, par la voix de l’ordinateur"}),
    "masking": ("Cacher des réponses", {"": "Non", "on": "Oui"}),
}
# Supports that an author may have written beside the words; "card:sign" grants the first.
CARDS: Final[Mapping[str, str]] = {
    "sign": "Langue des signes",
    "simple": "Texte simplifié",
    "spoken": "Lecture enregistrée",
    "transcript": "Transcription des sons",
    "glossary": "Sens des mots",
    "translation": "Mots traduits",
    "description": "Description des images",
}
_EXTRA: Final = {0: "Aucun", 25: "Un quart", 33: "Un tiers", 50: "La moitié", 100: "Le double"}


class GrantForm(forms.Form):
    """Extra time, and one choice a setting."""

    extra_time = forms.TypedChoiceField(
        label="Temps supplémentaire",
        coerce=int,
        choices=[(percent, _EXTRA[percent]) for percent in EXTRA_TIMES],
        help_text="Ajouté à chaque durée limitée. Il s’applique aussi pendant la passation.",
    )

    def __init__(
        self, sent: Mapping[str, object] | None = None, *, initial: dict[str, object]
    ) -> None:
        super().__init__(sent, initial=initial)
        for name, (label, values) in CHOICES.items():
            self.fields[name] = forms.ChoiceField(
                label=label, choices=list(values.items()), required=False
            )
        self.fields["cards"] = forms.MultipleChoiceField(
            label="Aides du cahier, là où il en contient",
            choices=list(CARDS.items()),
            widget=forms.CheckboxSelectMultiple,
            required=False,
        )

    def granted(self, grant: Grant) -> Grant:
        """The grant with what this form says; a pause and an end stay as they are."""
        given = self.cleaned_data
        settings = tuple(f"{name}:{given[name]}" for name in CHOICES if given[name])
        settings += tuple(f"card:{card}" for card in given["cards"])
        return msgspec.structs.replace(grant, extra_time=given["extra_time"], settings=settings)

    @staticmethod
    def initial_of(grant: Grant) -> dict[str, object]:
        """The form as it stands for what is granted already."""
        named = [setting.split(":", 1) for setting in grant.settings]
        known: dict[str, object] = {name: value for name, value in named if name != "card"}
        cards = [value for name, value in named if name == "card"]
        return {"extra_time": grant.extra_time, "cards": cards, **known}
