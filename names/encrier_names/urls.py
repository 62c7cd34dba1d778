# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every address of the names zone, on one screen."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from encrier_names.campaign import views as campaign
from encrier_names.codesheets import views as codesheets
from encrier_names.documents import views as documents
from encrier_names.doors import views as doors
from encrier_names.imports import corrections
from encrier_names.imports import views as imports
from encrier_names.language import views as language
from encrier_names.restitution import views as restitution
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
    path("documents/", documents.documents, name="documents"),
    path("documents/ecole.zip", documents.school_documents, name="school-documents"),
    path("documents/lettre-<str:language>.pdf", documents.family_letter, name="family-letter"),
    path("documents/incident.pdf", documents.incident_form, name="incident-form"),
    path("documents/declaration.pdf", documents.end_declaration, name="end-declaration"),
    path("documents/a-rattraper.pdf", documents.school_absentees, name="school-absentees"),
    path("classes/<uuid:wanted>/liste.pdf", documents.class_list_paper, name="class-list-pdf"),
    path(
        "classes/<uuid:wanted>/a-rattraper.pdf", documents.class_absentees, name="class-absentees"
    ),
    path("classes/<uuid:wanted>/passation/", sittings.class_progress, name="class-progress"),
    path("classes/<uuid:wanted>/passation/agir/", sittings.supervise, name="supervise"),
    path("eleves/<uuid:wanted>/besoins/", sittings.pupil_needs, name="pupil-needs"),
    path("eleves/<uuid:wanted>/nouveau-code/", sittings.new_code, name="new-code"),
    path("eleves/<uuid:wanted>/besoins.xml", sittings.needs_profile, name="needs-profile"),
    path("classes/<uuid:wanted>/resultats/", restitution.class_results, name="class-results"),
    path("eleves/<uuid:wanted>/resultats/", restitution.pupil_results, name="pupil-results"),
    path("eleves/<uuid:wanted>/resultats.pdf", restitution.pupil_sheet, name="pupil-sheet"),
    path("doors/register", doors.register_door, name="register-door"),
    path("doors/scores", doors.scores_door, name="scores-door"),
]
