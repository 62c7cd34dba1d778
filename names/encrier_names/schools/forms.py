# SPDX-License-Identifier: AGPL-3.0-or-later
"""The form of one pupil, added or corrected by hand."""

from collections.abc import Sequence
from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from encrier import clock
from encrier_names.language.words import words
from encrier_names.rosters import cells
from encrier_names.rosters.identifiers import BadIne, parse_ine
from encrier_names.schools.models import Identity


class NameField(forms.CharField):
    """A name, tidied and refused by the rules of class lists."""

    def to_python(self, value: object) -> str:
        """Tidy what was typed: composed letters, no invisible character."""
        return cells.clean(super().to_python(value) or "")

    def validate(self, value: str) -> None:
        """Refuse what a spreadsheet would run."""
        super().validate(value)
        if cells.is_formula(value):
            raise ValidationError(_("Un nom ne commence pas par =, +, - ou @."))


class PupilForm(forms.Form):
    """What we keep of a pupil, and nothing else."""

    last_name = NameField(label=lazy("Nom de famille"), max_length=cells.MAX_NAME)
    used_name = NameField(label=lazy("Nom d’usage"), max_length=cells.MAX_NAME, required=False)
    first_name = NameField(label=lazy("Prénom"), max_length=cells.MAX_NAME)
    birth_date = forms.DateField(
        label=lazy("Date de naissance"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    sex = forms.ChoiceField(
        label=lazy("Sexe"),
        required=False,
        choices=[("", "—"), ("F", lazy("Fille")), ("M", lazy("Garçon"))],
    )
    ine = forms.CharField(
        label="INE",
        max_length=16,
        required=False,
        help_text=lazy("Onze caractères, s’il est connu."),
    )

    def ask_level(self, levels: Sequence[str]) -> None:
        """Ask for the level too, where a campaign has several."""
        if len(levels) > 1:
            self.fields["level"] = forms.ChoiceField(
                label=lazy("Niveau"),
                choices=[("", "—"), *((level, level) for level in levels)],
                error_messages={"required": lazy("Choisissez son niveau.")},
            )

    def clean_birth_date(self) -> date | None:
        """Refuse a day on which nobody at school was born."""
        born: date | None = self.cleaned_data["birth_date"]
        if born and (cells.a_birth_date(born.isoformat()) is None or born > clock.now().date()):
            raise ValidationError(_("Vérifiez l’année de naissance."))
        return born

    def clean_ine(self) -> str:
        """Check the shape of an INE that is given."""
        written: str = self.cleaned_data["ine"]
        try:
            return parse_ine(written) if written else ""
        except BadIne as error:
            said = words(error.what_happened), words(error.what_next)
            raise ValidationError(" ".join(said)) from error

    def identity(self) -> Identity:
        """The pupil as the form gives her."""
        given = self.cleaned_data
        return Identity(
            last_name=given["last_name"],
            first_name=given["first_name"],
            used_name=given["used_name"] or None,
            birth_date=given["birth_date"],
            sex=given["sex"] or None,
            ine=given["ine"] or None,
        )

    @staticmethod
    def initial_of(identity: Identity) -> dict[str, object]:
        """The form as it stands for a pupil we know."""
        return {
            "last_name": identity.last_name,
            "used_name": identity.used_name,
            "first_name": identity.first_name,
            "birth_date": identity.birth_date,
            "sex": identity.sex,
            "ine": identity.ine,
        }
