# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a reader of the audit asks for: days, a person, a class, an action."""

from collections.abc import Mapping
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from encrier_names.audit.models import Action
from encrier_names.audit.reading import Asked
from encrier_names.audit.sentences import words


def _day() -> forms.DateField:
    return forms.DateField(
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": gettext_lazy("Ce jour n’existe pas.")},
    )


class AskForm(forms.Form):
    """The filters of the page; those of people and classes are a head's."""

    first = _day()
    last = _day()
    action = forms.ChoiceField(label=gettext_lazy("Action"), required=False)
    staff = forms.ChoiceField(label=gettext_lazy("Personne"), required=False)
    division = forms.ChoiceField(label=gettext_lazy("Classe"), required=False)

    def __init__(
        self,
        given: Mapping[str, object],
        *,
        people: Mapping[UUID, str] | None = None,
        divisions: Mapping[UUID, str] | None = None,
    ) -> None:
        super().__init__(given)
        self.fields["first"].label, self.fields["last"].label = _("Du"), _("Au")
        self._choose("action", {one.value: words(one) for one in Action})
        for name, known in (("staff", people), ("division", divisions)):
            if known is None:
                del self.fields[name]
            else:
                self._choose(name, {str(key): shown for key, shown in known.items()})

    def asked(self) -> Asked:
        """What is asked for; a filter that is not understood narrows nothing."""
        self.is_valid()
        got = self.cleaned_data
        return Asked(
            first=got.get("first"),
            last=got.get("last"),
            staff=UUID(got["staff"]) if got.get("staff") else None,
            division=UUID(got["division"]) if got.get("division") else None,
            action=got.get("action") or "",
        )

    def _choose(self, name: str, known: Mapping[str, str]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 declared above
        field.choices = [("", gettext_lazy("toutes")), *known.items()]
