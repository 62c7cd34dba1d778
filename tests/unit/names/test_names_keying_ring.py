# SPDX-License-Identifier: AGPL-3.0-or-later
"""The ring of a class opens under the secret of its link, there and nowhere else."""

import base64
import hmac
import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encrier import boxes, clock
from encrier.errors import BadRecord
from encrier_names.audit.models import Access
from encrier_names.codesheets.sheet import slips_of
from encrier_names.codesheets.validation import validate
from encrier_names.keying import ring
from encrier_names.pseudonyms.key import class_secrets, destroy_key, link_key
from encrier_names.schools.lists import folded
from encrier_names.schools.models import Closure, Identity, Reason
from stagecraft.campaign_files import BUNDLES
from stagecraft.keyed import a_sister, keyed


@pytest.fixture
def division(names: Any) -> Any:
    """A validated class of which all is keyed."""
    keyed(names)
    return names.validated_class(3)


def secret_of(page: str, division: Any) -> bytes:
    """The class secret, as the link on a page carries it."""
    (written,) = set(re.findall(rf'href="/saisie/{division.id}/#([\w-]+)"', page))
    return base64.urlsafe_b64decode(written + "=")


def context_of(names: Any, division: Any) -> bytes:
    """What a ring is bound to, as docs/spec/keying.md has it."""
    campaign: bytes = names.manifest.campaign
    in_bytes: bytes = division.id.bytes
    return b"keying-ring/v1\0" + campaign + in_bytes


def opened(names: Any, division: Any, client: Any) -> Any:
    """The ring as the page would open it."""
    secret = secret_of(client.get(f"/classes/{division.id}/").content.decode(), division)
    box = client.get(f"/saisie/{division.id}/anneau").content
    return json.loads(boxes.open_(box, key=secret, context=context_of(names, division)))


def test_the_link_on_the_page_of_the_class_opens_its_ring(names: Any, division: Any) -> None:
    teacher = names.staff("t", "teacher", school=division.school, divisions=[division])
    found = opened(names, division, names.client(teacher))
    slips = {slip.order: slip.code for slip in slips_of(division)}
    assert {pupil["order"]: pupil["code"] for pupil in found["pupils"]} == slips
    assert found["campaign"] == base64.b64encode(names.manifest.campaign).decode()
    assert found["division"] == str(division.id)
    assert (found["v"], found["label"], found["school"]) == (1, "6B", division.school.name)
    assert {(p["level"], p["bundle"], p["excused"]) for p in found["pupils"]} == {
        ("6E", BUNDLES[0].hex(), "")
    }


def test_the_secret_is_the_one_that_the_page_on_formats_says(names: Any, division: Any) -> None:
    campaign = names.manifest.campaign_id
    message = b"class-secret/v1\0" + bytes(campaign) + division.id.bytes
    secret = class_secrets(campaign, [division.id])[division.id]
    assert secret.reveal() == hmac.digest(link_key().reveal(), message, "sha256")
    assert base64.urlsafe_b64decode(ring.fragment(secret) + "=") == secret.reveal()


def test_a_ring_does_not_open_under_the_secret_of_another_class(names: Any, division: Any) -> None:
    other = a_sister(division)
    box = ring.closed(ring.ring_of(division))
    secret = class_secrets(names.manifest.campaign_id, [other.id])[other.id].reveal()
    with pytest.raises(BadRecord):
        boxes.open_(box, key=secret, context=context_of(names, division))


def test_no_name_and_no_code_of_a_class_leaves_in_clear(names: Any, division: Any) -> None:
    head = names.client(names.staff("h", "head", school=division.school))
    sent = b"".join(
        head.get(f"/saisie/{division.id}/{part}").content for part in ("", "anneau")
    ).decode("latin-1")
    pupils = [pupil.identity for pupil in division.pupils.all()]
    names_of = [word for one in pupils for word in (one.last_name, one.first_name)]
    codes = [word for slip in slips_of(division) for word in (slip.code, slip.order)]
    assert [word for word in (*names_of, *codes) if word in sent] == []


def test_who_sits_on_screen_is_not_in_the_ring(names: Any) -> None:
    keyed(names, ("6E", "screen"), ("CM2", "keyed"))
    division = names.validated_class(3)
    youngest = division.pupils.first()
    youngest.level = "CM2"
    youngest.save()
    made = ring.ring_of(division)
    assert [(one.level, one.bundle) for one in made.pupils] == [("CM2", BUNDLES[1].hex())]
    assert made.pupils[0].shown == youngest.identity.first_name


def test_who_has_no_code_yet_is_not_in_the_ring(names: Any, division: Any) -> None:
    head = names.client(names.staff("h", "head", school=division.school))
    arrived = {"last_name": "ARRIVÉE", "first_name": "Tardive"}
    head.post(f"/classes/{division.id}/ajouter/", arrived)
    assert len(ring.ring_of(division).pupils) == 3
    validate(division)
    assert "Tardive" in {pupil.shown for pupil in ring.ring_of(division).pupils}


def test_the_ring_says_of_whom_nothing_is_awaited(names: Any, division: Any) -> None:
    head = names.staff("h", "head", school=division.school)
    pupil = division.pupils.first()
    pupil.close(Closure(Reason.ABSENT, clock.now(), head.id))
    pupil.save()
    excused = {one.shown: one.excused for one in ring.ring_of(division).pupils}
    assert excused.pop(pupil.identity.first_name) == "Absent"
    assert set(excused.values()) == {""}


def test_each_reading_of_a_ring_is_in_the_journal(names: Any, division: Any) -> None:
    head = names.staff("h", "head", school=division.school)
    names.client(head).get(f"/saisie/{division.id}/anneau")
    row = Access.objects.latest("id")
    assert (row.action, row.division, row.n_pupils) == ("keying-ring", division.id, 3)
    assert row.staff == head.id


def test_once_the_link_is_destroyed_there_is_no_ring(names: Any, division: Any) -> None:
    head = names.client(names.staff("h", "head", school=division.school))
    destroy_key()
    assert head.get(f"/saisie/{division.id}/anneau").status_code == 410
    assert f"/saisie/{division.id}/" not in head.get("/").content.decode()


def _people(*names_of: tuple[str, str]) -> list[Identity]:
    return [Identity(last_name=last, first_name=first) for first, last in names_of]


@pytest.mark.parametrize(
    ("people", "shown"),
    [
        ([("Léa", "Martin"), ("Zoé", "Morel")], ["Léa", "Zoé"]),
        ([("Léa", "Martin"), ("Léa", "Durand")], ["Léa M.", "Léa D."]),
        ([("Léa", "Martin"), ("Lea", "Durand")], ["Léa M.", "Lea D."]),
        (
            [("Léa", "Martin"), ("Léa", "Morel"), ("Léa", "Durand")],
            ["Léa Ma.", "Léa Mo.", "Léa D."],
        ),
        ([("Léa", "Marti"), ("Léa", "Martin")], ["Léa Marti", "Léa Martin"]),
        ([("Léa", "Martin"), ("Léa", "Martin")], ["Léa Martin 1", "Léa Martin 2"]),
    ],
)
def test_a_first_name_is_enough_until_two_share_it(
    people: list[tuple[str, str]], shown: list[str]
) -> None:
    assert ring.told_apart(_people(*people)) == shown


WORD = st.text(alphabet="aàbLé -", min_size=1, max_size=4)


@given(st.lists(st.tuples(WORD, WORD), max_size=6))
def test_no_two_pupils_of_a_class_are_called_alike(people: list[tuple[str, str]]) -> None:
    shown = ring.told_apart(_people(*people))
    assert len({folded(name.rstrip(".")) for name in shown}) == len(people)
    assert all(
        name.startswith(one.first_name) for name, one in zip(shown, _people(*people), strict=True)
    )
