# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every address of the names zone, on one screen."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from encrier_names.doors import views as doors
from encrier_names.signin.views import SignIn

urlpatterns = [
    path("connexion/", SignIn.as_view(), name="sign-in"),
    path("deconnexion/", LogoutView.as_view(), name="sign-out"),
    path("doors/register", doors.register_door, name="register-door"),
    path("doors/scores", doors.scores_door, name="scores-door"),
]
