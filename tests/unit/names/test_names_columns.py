# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every column that holds words is sealed, or stands here with the reason why it need not be."""

from django.apps import apps
from django.db import models

from encrier_names.upkeep.rotation import boxed_columns

WORDS = (models.CharField, models.TextField, models.JSONField, models.BinaryField, models.DateField)
CLEAR = {
    # the public directory of schools
    "schools.School": {"uai", "name", "kind", "town", "department", "academy"},
    "schools.Division": {"label", "validated_at"},
    "schools.Pupil": {"level"},
    # accounts of staff: a name to sign in with, and what they are here for; Django's own columns
    # for names and addresses are never written (the next test)
    "auth.User": {
        *("password", "username", "first_name", "last_name", "email"),
        *("last_login", "date_joined"),
    },
    "schools.Staff": {"role", "academy"},
    "auth.Permission": {"name", "codename"},
    "auth.Group": {"name"},
    "contenttypes.ContentType": {"app_label", "model"},
    "sessions.Session": {"session_key", "session_data", "expire_date"},  # an account's id, signed
    "signin.Failure": {"who", "last_at"},  # a keyed hash
    # who did what, when: ids, a verb, a moment
    "audit.Access": {"at", "action"},
    "imports.WaitingImport": {"at"},
    "imports.TakenImport": {"at"},
    # blind indexes and boxes, under the link key
    "pseudonyms.Link": {"pupil", "order", "code", "box"},
    "pseudonyms.Whose": {"pupil", "sitting", "box"},
    "doors.Outgoing": {"box", "acknowledged_at"},
    "restitution.StoredScore": {"order", "row_box"},
    "restitution.TakenSheet": {"sha256", "taken_at"},
    # by sitting id, which ties to a pupil through the link only
    "sittings.SeenProgress": {"sid", "state"},
    "sittings.Pull": {"at"},
    "campaign.CampaignVersion": {"sha256", "first_seen_at", "frozen_at"},  # a digest, moments
    # counts and moments of schools; a reason and messages that an académie writes to schools
    "followup.Tally": {"academy", "step", "ends_at", "declared_at", "counted_at"},
    "followup.Printed": {"at"},
    "followup.DeclaredEnd": {"at", "taken_back_at"},
    "followup.Extension": {"ends_at", "reason", "at"},
    "followup.SchoolDay": {"day"},
    "followup.AcademyDay": {"academy", "day", "kept_at"},
    "keying.Reopening": {"asked_at", "decided_at", "ends_at"},  # moments; its words are sealed
    "notices.Message": {
        *("academy", "at", "title", "text", "page", "expires_at", "withdrawn_at"),
    },
    "notices.Addressed": {"read_at"},
    # hashes under a sealed key, moments; a passkey's id and its public half
    "people.Account": {"address_index", "sessions_since"},
    "people.Invitation": {"code_hash", "made_at", "expires_at", "used_at"},
    "people.OutsideIdentity": {"who", "linked_at", "used_at"},
    "people.Passkey": {"credential", "credential_hash", "public_key", "added_at", "used_at"},
    "people.MailLink": {"token_hash", "browser_hash", "expires_at", "used_at"},
    "documents.Printing": {"started_at", "ended_at"},
    "validation.Declaration": {"at", "sentence"},  # the same sentence for every class
    # rooms, their seats and their hours
    "rooms.Room": {"name", "halves", "busy"},
    "rooms.PlanRules": {"rules"},
    "rooms.Session": {
        *("place", "label", "starts_at", "ends_at", "begins_at", "changed_at"),
        *("opened_at", "closed_at"),
    },
    "rooms.Incident": {"written_at"},
    "rooms.Receipt": {"signed_at"},
}


def test_a_column_of_words_is_sealed_or_has_a_reason_not_to_be() -> None:
    sealed = {
        model._meta.label: {column.column for column in columns}
        for model, columns in boxed_columns()
    }
    unsaid = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.local_fields
        if isinstance(field, WORDS)
        and field.name not in CLEAR.get(model._meta.label, set())
        and field.name not in sealed.get(model._meta.label, set())
    }
    assert unsaid == set()


def test_the_list_names_no_column_that_is_gone() -> None:
    there = {
        (model._meta.label, field.name)
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.local_fields
    }
    assert {(label, name) for label, names in CLEAR.items() for name in names} <= there
