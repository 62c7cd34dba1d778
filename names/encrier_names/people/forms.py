# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a head says of the people of his school: who they are, what for, which classes."""

import uuid
from collections.abc import Iterable
from typing import Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from encrier_names.people.models import Person
from encrier_names.rosters import cells
from encrier_names.schools.models import Division, Role

DELEGATED: Final = (Role.TEACHER, Role.SUPERVISOR)  # whom a head may invite
_FOR: Final = {
    Role.TEACHER: gettext_lazy("Professeur\u00a0: ses classes, leur passation et leurs résultats"),
    Role.SUPERVISOR: gettext_lazy("Surveillant\u00a0: la passation de ses classes, aucun résultat"),
}


class ClassesForm(forms.Form):
    """Which classes are somebody's."""

    divisions = forms.MultipleChoiceField(
        label=gettext_lazy("Classes"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: object, of: Iterable[Division], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Django's own, passed on
        self.of = {str(one.id): one for one in of}
        field = self.fields["divisions"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 declared above
        field.choices = [(key, one.label) for key, one in self.of.items()]

    def chosen(self) -> list[Division]:
        """The classes that were ticked."""
        return [self.of[key] for key in self.cleaned_data["divisions"]]


class InviteForm(ClassesForm):
    """Whom a head invites."""

    once = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    shown = forms.CharField(
        label=gettext_lazy("Nom"),
        max_length=80,
        help_text=gettext_lazy(
            "Tel qu’il sera affiché, par exemple «\u00a0Mme Hélène Duprat\u00a0»."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    role = forms.ChoiceField(
        label=gettext_lazy("Pour quoi faire\u00a0?"),
        choices=[(role.value, _FOR[role]) for role in DELEGATED],
        widget=forms.RadioSelect,
        initial=Role.TEACHER.value,
    )
    address = forms.EmailField(
        label=gettext_lazy("Adresse électronique"),
        max_length=254,
        required=False,
        help_text=gettext_lazy(
            "Sans adresse, l’invitation est à imprimer et à remettre en main propre."
        ),
        error_messages={"invalid": gettext_lazy("Cette adresse n’est pas complète.")},
    )

    def clean_shown(self) -> str:
        """Tidy a name; refuse what a spreadsheet would run."""
        name = cells.clean(self.cleaned_data["shown"])
        if cells.is_formula(name):
            raise ValidationError(_("Un nom ne commence pas par =, +, - ou @."))
        return name

    def person(self) -> Person:
        """Who is invited."""
        return Person(self.cleaned_data["shown"], self.cleaned_data["address"] or None)
