# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every address of the names zone, on one screen."""

from django.urls import path

from encrier_names.audit import views as audit
from encrier_names.campaign import views as campaign
from encrier_names.codesheets import views as codesheets
from encrier_names.documents import views as documents
from encrier_names.doors import views as doors
from encrier_names.figures import national
from encrier_names.figures import pages as figures
from encrier_names.followup import head, windows_pages
from encrier_names.followup import views as followup
from encrier_names.imports import corrections
from encrier_names.imports import views as imports
from encrier_names.keying import reopening_pages
from encrier_names.keying import views as keying
from encrier_names.language import views as language
from encrier_names.notices import views as notices
from encrier_names.people import own, rights_page
from encrier_names.people import views as people
from encrier_names.restitution import views as restitution
from encrier_names.rooms import board_views as boards
from encrier_names.rooms import incidents
from encrier_names.rooms import plan_views as rooms
from encrier_names.rooms import receipt_views as receipts
from encrier_names.rooms import session_views as sessions
from encrier_names.schools import changes
from encrier_names.schools import views as schools
from encrier_names.signin import invited, links, passkeys
from encrier_names.signin.openid import views as openid
from encrier_names.signin.views import SignIn, sign_out
from encrier_names.sittings import codes
from encrier_names.sittings import views as sittings
from encrier_names.upkeep import views as upkeep
from encrier_names.validation import together

urlpatterns = [
    path("", schools.home, name="home"),
    path("calendrier/", campaign.calendar, name="calendar"),
    path("connexion/", SignIn.as_view(), name="sign-in"),
    path("langue/", language.choose, name="language"),
    path("connexion/agent/", openid.start, name="openid-start"),
    path("connexion/agent/retour/", openid.come_back, name="openid-return"),
    path("connexion/cle/", passkeys.enter, name="passkey-enter"),
    path("connexion/lien/", links.ask, name="link-ask"),
    path("connexion/lien/<str:token>/", links.use, name="link-use"),
    path("deconnexion/", sign_out, name="sign-out"),
    path("invitation/", invited.give_code, name="invitation"),
    path("invitation/moyen/", invited.means, name="invitation-means"),
    path("invitation/mot-de-passe/", invited.first_password, name="invitation-password"),
    path("invitation/courriel/", invited.by_mail_alone, name="invitation-mail"),
    path("invitation/<str:code>/", invited.follow, name="invitation-open"),
    path("compte/", own.account, name="account"),
    path("compte/mot-de-passe/", own.change_password, name="password-change"),
    path("compte/adresse/", own.change_address, name="address-change"),
    path("compte/ordinateur/", own.whose_computer, name="whose-computer"),
    path("compte/partout/", own.sign_out_everywhere, name="sign-out-everywhere"),
    path("compte/cles/", passkeys.add, name="passkey-add"),
    path("compte/cles/<uuid:wanted>/retirer/", passkeys.remove, name="passkey-remove"),
    path("compte/identites/<uuid:wanted>/retirer/", own.remove_identity, name="identity-remove"),
    path("personnes/", people.people, name="people"),
    path("personnes/inviter/", people.invite, name="people-invite"),
    path("personnes/<uuid:wanted>/", people.person, name="person"),
    path("personnes/<uuid:wanted>/classes/", people.set_classes, name="person-classes"),
    path("personnes/<uuid:wanted>/fermer/", people.close, name="person-close"),
    path("personnes/<uuid:wanted>/inviter/", people.invite_again, name="person-invite"),
    path("acces/", audit.log, name="access-log"),
    path("acces.csv", audit.log_csv, name="access-log-csv"),
    path("droits/", rights_page.permissions, name="permissions"),
    path("etablissements/<uuid:wanted>/", schools.school, name="school"),
    path("suivi/", followup.follow_board, name="follow-board"),
    path("suivi/etablissements.csv", followup.board_csv, name="board-csv"),
    path("suivi/etablissements/<uuid:wanted>/", followup.followed, name="followed"),
    path("suivi/etablissements/<uuid:wanted>/prolonger/", windows_pages.extend, name="extend"),
    path("suivi/participation/", figures.participation, name="participation"),
    path("suivi/participation.csv", figures.by_day_csv, name="participation-csv"),
    path("suivi/france/", national.national, name="national"),
    path("manquants/", head.missing, name="missing"),
    path("fin/", head.end, name="end"),
    path("fin/reprendre/", head.take_end_back, name="end-take-back"),
    path("messages/", notices.messages, name="messages"),
    path("messages/ecrire/", notices.write, name="message-write"),
    path("messages/<uuid:wanted>/", notices.message, name="message"),
    path("messages/<uuid:wanted>/lu/", notices.read, name="message-read"),
    path("messages/<uuid:wanted>/retirer/", notices.withdraw, name="message-withdraw"),
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
    path("eleves/<uuid:wanted>/acces/", audit.pupil_accesses, name="pupil-accesses"),
    path("eleves/<uuid:wanted>/absence/", changes.pupil_absence, name="pupil-absence"),
    path("classes/valider/", together.validate_all, name="validate-all"),
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
    path("saisie/<uuid:wanted>/", keying.keying, name="keying"),
    path("saisie/<uuid:wanted>/anneau", keying.keying_ring, name="keying-ring"),
    path("saisie/manifeste", keying.keying_manifest, name="keying-manifest"),
    path("saisie/sw.js", keying.keying_worker, name="keying-worker"),
    path("saisie/fichiers/<str:name>", keying.keying_file, name="keying-file"),
    path("saisie/kits/<str:bundle>/<path:file>", keying.keying_kit, name="keying-kit"),
    path(
        "classes/<uuid:wanted>/saisie/rouvrir/", reopening_pages.ask_reopening, name="reopening-ask"
    ),
    path("suivi/saisies/<uuid:wanted>/", reopening_pages.decide_reopening, name="reopening-decide"),
    path("eleves/<uuid:wanted>/besoins/", sittings.pupil_needs, name="pupil-needs"),
    path("eleves/<uuid:wanted>/nouveau-code/", codes.new_code, name="new-code"),
    path("eleves/<uuid:wanted>/reserve/", codes.give_reserve, name="reserve-give"),
    path("eleves/<uuid:wanted>/echange/", codes.exchange_codes, name="codes-exchange"),
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
    path("sante/", upkeep.health, name="health"),
    path("doors/register", doors.register_door, name="register-door"),
    path("doors/scores", doors.scores_door, name="scores-door"),
]
