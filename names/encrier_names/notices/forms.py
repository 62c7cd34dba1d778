# SPDX-License-Identifier: AGPL-3.0-or-later
"""The form of a message: plain text about work, without an address of elsewhere or a pupil."""

import re
from datetime import date
from typing import Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_lazy

from encrier import clock
from encrier_names.notices.inbox import PAGES

_ELSEWHERE: Final = re.compile(r"https?:|www\.|\b[\w-]+\.(?:fr|com|org|net|eu|io)\b", re.IGNORECASE)
_MAIL: Final = re.compile(r"[\w.+-]+@[\w.-]+")
_INE: Final = re.compile(r"\b(?:\d{9}[A-Z]{2}|\d{10}[A-Z]|\d{4}A\d{5}[A-Z])\b", re.IGNORECASE)


class MessageForm(forms.Form):
    """One message."""

    title = forms.CharField(label=gettext_lazy("Objet"), max_length=80)
    text = forms.CharField(
        label=gettext_lazy("Message"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 7}),
        help_text=gettext_lazy("Du texte seul. N’y nommez aucun élève."),
    )
    page = forms.ChoiceField(
        label=gettext_lazy("Page où mène le message"),
        choices=[("", gettext_lazy("aucune")), *PAGES.items()],
        required=False,
    )
    expires_on = forms.DateField(
        label=gettext_lazy("Montré jusqu’au"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )

    def clean_text(self) -> str:
        """Refuse a link to elsewhere and the number of a pupil."""
        text: str = self.cleaned_data["text"]
        if _ELSEWHERE.search(_MAIL.sub("", text)):
            raise ValidationError(
                gettext("Un message ne mène pas ailleurs\u00a0: retirez l’adresse du site.")
            )
        if _INE.search(text):
            raise ValidationError(gettext("Ce texte contient l’INE d’un élève\u00a0: retirez-le."))
        return text

    def clean_expires_on(self) -> date:
        """Refuse a day that is past."""
        day: date = self.cleaned_data["expires_on"]
        if day < clock.now().date():
            raise ValidationError(gettext("Ce jour est passé."))
        return day
