# SPDX-License-Identifier: AGPL-3.0-or-later
"""The sign-in page: every means that this zone offers, and the password itself."""

from datetime import timedelta
from typing import Final

from django import forms
from django.contrib.auth import logout
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from encrier import clock
from encrier_names import zone
from encrier_names.people import letters
from encrier_names.schools.models import Staff
from encrier_names.signin import passkeys, sessions, throttle
from encrier_names.signin.openid import views as openid

WHY_ENDED: Final = {
    "inactif": gettext_lazy(
        "Vous avez été déconnecté après vingt minutes sans activité (deux heures sur votre propre "
        "ordinateur)."
    ),
    "duree": gettext_lazy(
        "Vous avez été déconnecté\u00a0: une session dure quatre heures au plus."
    ),
    "partout": gettext_lazy("Vous avez été déconnecté de tous les ordinateurs."),
}


class SignInForm(AuthenticationForm):
    """User name and password, in French, with the wait."""

    username = forms.CharField(
        label=gettext_lazy("Identifiant"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )
    own_computer = forms.BooleanField(
        label=gettext_lazy("C’est mon ordinateur\u00a0: personne d’autre ne s’en sert"),
        required=False,
    )
    error_messages = {
        "invalid_login": gettext_lazy(
            "Cet identifiant ou ce mot de passe n’est pas le bon. "
            "Vérifiez les majuscules, puis recommencez."
        ),
        "inactive": gettext_lazy(
            "Ce compte est fermé. Adressez-vous à votre chef d’établissement."
        ),
    }

    def clean(self) -> dict[str, object]:
        """Check name and password, unless this name has to wait."""
        assert self.request is not None  # noqa: S101 the view gives it
        name = str(self.cleaned_data.get("username", ""))
        counted = throttle.limits("password", name, throttle.place_of(self.request))
        now = clock.now()
        if throttle.waits(counted, now=now):
            raise ValidationError(
                _(
                    "Trop d’essais ont échoué. Attendez un quart d’heure, ou connectez-vous "
                    "autrement\u00a0: les autres moyens restent ouverts."
                )
            )
        try:
            cleaned = super().clean()
        except ValidationError:
            throttle.count(counted, now=now)
            raise
        throttle.forgive(counted)
        return cleaned


class SignIn(LoginView):
    """The sign-in page."""

    template_name = "sign-in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Begin the session of a member of staff; an account that is nobody's gets none."""
        staff = Staff.objects.filter(user=form.get_user()).first()
        if staff is None:
            form.add_error(None, form.get_invalid_login_error())
            return self.form_invalid(form)
        sessions.begin(self.request, staff, own=bool(form.cleaned_data["own_computer"]))
        return redirect(self.get_success_url())

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """Add the other means, and why the last session ended."""
        return super().get_context_data(**kwargs) | {
            "openid": zone.current().settings.openid_shown,
            "by_mail": letters.configured(),
            "passkeys": passkeys.possible(self.request),
            "ended": WHY_ENDED.get(self.request.GET.get("fin", "")),
            "idle_minutes": int(sessions.IDLE_SHARED / timedelta(minutes=1)),
        }


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session; who came in through the provider is led out of there too."""
    hint = request.session.get(openid.ID_TOKEN)
    logout(request)
    return redirect(openid.way_out(request, hint) or "sign-in")
