# SPDX-License-Identifier: AGPL-3.0-or-later
"""The sign-in page. After five failures under a name, that name waits a quarter of an hour."""

from datetime import datetime, timedelta
from typing import Final

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from encrier import clock
from encrier_names.signin.models import Failure

FREE: Final = 5  # failures before one has to wait
WAIT: Final = timedelta(minutes=15)


def must_wait(count: int, last_at: datetime, *, now: datetime) -> bool:
    """Whether a name with this many failures is refused without a look at the password."""
    return count >= FREE and now < last_at + WAIT


class SignInForm(AuthenticationForm):
    """User name and password, in French, with the wait."""

    username = forms.CharField(
        label=lazy("Identifiant"),
        max_length=150,
        widget=forms.TextInput(
            attrs={"autofocus": True, "autocomplete": "username", "autocapitalize": "none"}
        ),
    )
    error_messages = {
        "invalid_login": lazy(
            "Cet identifiant ou ce mot de passe n’est pas le bon. "
            "Vérifiez les majuscules, puis recommencez."
        ),
        "inactive": lazy("Ce compte est fermé. Adressez-vous à votre chef d’établissement."),
    }

    def clean(self) -> dict[str, object]:
        """Check name and password, unless this name has to wait."""
        who = _hash(self.cleaned_data.get("username", ""))
        now = clock.now()
        failure = Failure.objects.filter(who=who).first()
        if failure and must_wait(failure.count, failure.last_at, now=now):
            raise ValidationError(
                _("Trop d’essais ont échoué. Attendez un quart d’heure, puis recommencez.")
            )
        try:
            cleaned = super().clean()
        except ValidationError:
            _count(who, now=now, fresh=bool(failure and now >= failure.last_at + WAIT))
            raise
        Failure.objects.filter(who=who).delete()
        return cleaned


class SignIn(LoginView):
    """The sign-in page."""

    template_name = "sign-in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True


def _hash(username: str) -> str:
    return salted_hmac("encrier.sign-in", username.casefold(), algorithm="sha256").hexdigest()


def _count(who: str, *, now: datetime, fresh: bool) -> None:
    if fresh:
        Failure.objects.filter(who=who).delete()
    _row, created = Failure.objects.get_or_create(who=who, defaults={"count": 1, "last_at": now})
    if not created:
        Failure.objects.filter(who=who).update(count=F("count") + 1, last_at=now)
