# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every address of the names zone, on one screen."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from encrier_names.campaign import views as campaign
from encrier_names.codesheets import views as codesheets
from encrier_names.doors import views as doors
from encrier_names.imports import corrections
from encrier_names.imports import views as imports
from encrier_names.language import views as language
from encrier_names.restitution import views as restitution
from encrier_names.rooms import board_views as boards
from encrier_names.rooms import incidents
from encrier_names.rooms import plan_views as rooms
from encrier_names.rooms import receipt_views as receipts
from encrier_names.rooms import session_views as sessions
from encrier_names.schools import changes
from encrier_names.schools import views as schools
from encrier_names.signin.views import SignIn
from encrier_names.sittings import views as sittings

urlpatterns = [
    path("", schools.home, name="home"),
    path("calendrier/", campaign.calendar, name="calendar"),
    path("connexion/", SignIn.as_view(), name="sign-in"),
    path("deconnexion/", LogoutView.as_view(), name="sign-out"),
    path("langue/", language.choose, name="language"),
    path("etablissements/<uuid:wanted>/", schools.school, name="school"),
    path("listes/", imports.choose, name="import-choose"),
    path("listes/modele.<str:kind>", imports.list_template, name="list-template"),
    path("listes/<uuid:wanted>/", imports.understood, name="import-understood"),
    path("listes/<uuid:wanted>/corriger/", corrections.correct, name="import-correct"),
    path("listes/<uuid:wanted>/meme-eleve/", corrections.same_pupil, name="import-same"),
    path("listes/<uuid:wanted>/reprendre/", corrections.take_back_correction, name="import-retake"),
    path("listes/faits/<uuid:wanted>/", imports.done, name="import-done"),
    path("listes/faits/<uuid:wanted>/annuler/", imports.take_back, name="import-undo"),
    path("classes/<uuid:wanted>/", schools.class_list, name="class-list"),
    path("classes/<uuid:wanted>/ajouter/", schools.add_pupil, name="pupil-add"),
    path("eleves/<uuid:wanted>/corriger/", schools.correct_pupil, name="pupil-correct"),
    path("eleves/<uuid:wanted>/retirer/", schools.remove_pupil, name="pupil-remove"),
    path("eleves/<uuid:wanted>/classe/", changes.move_pupil, name="pupil-move"),
    path("eleves/<uuid:wanted>/absence/", changes.pupil_absence, name="pupil-absence"),
    path("classes/<uuid:wanted>/valider/", codesheets.validate_class, name="class-validate"),
    path("classes/<uuid:wanted>/codes/", codesheets.class_codes, name="class-codes"),
    path("classes/<uuid:wanted>/codes.pdf", codesheets.code_sheet, name="code-sheet"),
    path("classes/<uuid:wanted>/passation/", sittings.class_progress, name="class-progress"),
    path("classes/<uuid:wanted>/passation/agir/", sittings.supervise, name="supervise"),
    path("eleves/<uuid:wanted>/besoins/", sittings.pupil_needs, name="pupil-needs"),
    path("eleves/<uuid:wanted>/nouveau-code/", sittings.new_code, name="new-code"),
    path("eleves/<uuid:wanted>/besoins.xml", sittings.needs_profile, name="needs-profile"),
    path("classes/<uuid:wanted>/resultats/", restitution.class_results, name="class-results"),
    path("eleves/<uuid:wanted>/resultats/", restitution.pupil_results, name="pupil-results"),
    path("eleves/<uuid:wanted>/resultats.pdf", restitution.pupil_sheet, name="pupil-sheet"),
    path("salles/", rooms.plan_page, name="plan"),
    path("salles/ajouter/", rooms.add_room, name="room-add"),
    path("salles/<uuid:wanted>/", rooms.edit_room, name="room-edit"),
    path("salles/<uuid:wanted>/retirer/", rooms.remove_room, name="room-remove"),
    path("salles/regles/", rooms.rules_page, name="plan-rules"),
    path("salles/proposer/", rooms.propose_plan, name="plan-propose"),
    path("salles/portes.pdf", rooms.plan_doors, name="plan-doors"),
    path("seances/", sessions.sessions, name="sessions"),
    path("seances/agenda.ics", rooms.plan_calendar, name="plan-calendar"),
    path("seances/ouvrir/", sessions.new_session, name="session-new"),
    path("seances/<uuid:wanted>/", boards.session_board, name="session-board"),
    path("seances/<uuid:wanted>/etats/", boards.session_states, name="session-states"),
    path("seances/<uuid:wanted>/agir/", boards.session_act, name="session-act"),
    path("seances/<uuid:wanted>/projection/", boards.session_wall, name="session-wall"),
    path("seances/<uuid:wanted>/modifier/", sessions.session_setup, name="session-setup"),
    path("seances/<uuid:wanted>/incident/", incidents.new_incident, name="incident-new"),
    path("seances/<uuid:wanted>/releve/", receipts.session_receipt, name="session-receipt"),
    path("seances/<uuid:wanted>/releve.pdf", receipts.receipt_paper, name="receipt-paper"),
    path("incidents/", incidents.incidents, name="incidents"),
    path("incidents.pdf", incidents.incidents_paper, name="incidents-paper"),
    path("doors/register", doors.register_door, name="register-door"),
    path("doors/scores", doors.scores_door, name="scores-door"),
]
