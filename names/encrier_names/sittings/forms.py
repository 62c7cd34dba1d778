# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a pupil is to find ready on her screen, chosen by an adult who knows her."""

from collections.abc import Mapping
from typing import Final

import msgspec
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import gettext_noop as sentence

from encrier_names.sittings.grants import EXTRA_TIMES
from encrier_names.sittings.models import Grant

# Names, values and words are those of the player's page; the first is the usual one.
CHOICES: Final[Mapping[str, tuple[str, Mapping[str, str]]]] = {
    "theme": (
        sentence("Couleurs"),
        {
            "": sentence("Claires"),
            "nuit": sentence("Sombres"),
            "contraste": sentence("Noir sur blanc"),
            "jaune": sentence("Jaune sur noir"),
            "creme": sentence("Crème"),
        },
    ),
    "size": (
        sentence("Taille du texte"),
        {"": "100\u00a0%", **{size: f"{size}\u00a0%" for size in ("125", "150", "175", "200")}},
    ),
    "font": (
        sentence("Caractères"),
        {"": sentence("Habituels"), "legible": sentence("Très lisibles")},
    ),
    "spacing": (sentence("Espaces"), {"": sentence("Habituels"), "wide": sentence("Écartés")}),
    "window": (
        sentence("Aide à la lecture"),
        {"": sentence("Aucune"), "ruler": sentence("Règle"), "mask": sentence("Cache")},
    ),
    "columns": (
        sentence("Document et question"),
        {"": sentence("Côte à côte"), "one": sentence("L’un sous l’autre")},
    ),
    "voice": (
        sentence("Lecture à voix haute"),
        {"": sentence("Non"), "on": sentence("Oui, par la voix de l’ordinateur")},
    ),
    "masking": (sentence("Cacher des réponses"), {"": sentence("Non"), "on": sentence("Oui")}),
}
# Supports that an author may have written beside the words; "card:sign" grants the first.
CARDS: Final[Mapping[str, str]] = {
    "sign": sentence("Langue des signes"),
    "simple": sentence("Texte simplifié"),
    "spoken": sentence("Lecture enregistrée"),
    "transcript": sentence("Transcription des sons"),
    "glossary": sentence("Sens des mots"),
    "translation": sentence("Mots traduits"),
    "description": sentence("Description des images"),
}
_EXTRA: Final = {
    0: lazy("Aucun"),
    25: lazy("Un quart"),
    33: lazy("Un tiers"),
    50: lazy("La moitié"),
    100: lazy("Le double"),
}


class GrantForm(forms.Form):
    """Extra time, and one choice a setting."""

    extra_time = forms.TypedChoiceField(
        label=lazy("Temps supplémentaire"),
        coerce=int,
        choices=[(percent, _EXTRA[percent]) for percent in EXTRA_TIMES],
        help_text=lazy("Ajouté à chaque durée limitée. Il s’applique aussi pendant la passation."),
    )

    def __init__(
        self, sent: Mapping[str, object] | None = None, *, initial: dict[str, object]
    ) -> None:
        super().__init__(sent, initial=initial)
        for name, (label, values) in CHOICES.items():
            self.fields[name] = forms.ChoiceField(
                label=_(label), choices=_worded(values), required=False
            )
        self.fields["cards"] = forms.MultipleChoiceField(
            label=_("Aides du cahier, là où il en contient"),
            choices=_worded(CARDS),
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


def _worded(values: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(value, _(shown)) for value, shown in values.items()]
