# SPDX-License-Identifier: AGPL-3.0-or-later
"""The line between a pupil and a number: drawn at random, apart, readable with its key only."""

import secrets
import threading
from typing import Any

import pytest
from django.db import connections

from encrier import codes
from encrier.codes import PupilCode
from encrier.keyfiles import write_secret
from encrier.secret import Secret
from encrier_names.codesheets.sheet import slips_of
from encrier_names.codesheets.validation import validate
from encrier_names.pseudonyms import drawing, links
from encrier_names.pseudonyms.key import LinkDestroyed, blind, destroy_key, link_key
from encrier_names.restitution import scores
from encrier_names.restitution.models import StoredScore
from encrier_names.schools import lists
from encrier_names.schools.lists import pupils_of
from encrier_names.schools.models import Identity
from encrier_names.shredder.shred import TooEarly, WrongLabel, shred


def test_numbers_and_codes_of_two_rosters_that_differ_only_by_names_are_independent(
    names: Any,
) -> None:
    one, other = names.validated_class(12), names.validated_class(12, uai="9990002Y")
    first, second = slips_of(one), slips_of(other)
    assert not {s.order for s in first} & {s.order for s in second}
    assert not {s.code for s in first} & {s.code for s in second}


def test_the_same_roster_drawn_again_gives_other_numbers(names: Any) -> None:
    division = names.open_class(8)
    pupils = list(division.pupils.values_list("id", flat=True))
    first = {s.order for s in drawing.draw_for(pupils)}
    links.destroy_rows()
    assert not first & {s.order for s in drawing.draw_for(pupils)}


def test_rows_of_the_link_are_not_in_the_order_of_the_list(names: Any) -> None:
    division = names.open_class(24)
    listed = [p.id for p in pupils_of(division)]
    drawing.draw_for(listed)
    with connections["links"].cursor() as cursor:
        cursor.execute("SELECT pupil FROM pseudonyms_link")
        rows = [row[0] for row in cursor.fetchall()]
    assert rows != [blind(link_key(), "pupil", p.bytes) for p in listed]  # 1 chance in 24!


def test_validating_again_keeps_the_codes_already_on_paper(names: Any) -> None:
    division = names.validated_class(3)
    before = {s.code for s in slips_of(division)}
    lists.add(division, Identity(last_name="NOUVEAU", first_name="Venu"), level="6E")
    division.refresh_from_db()
    assert division.validated_at is None
    done = validate(division)
    assert (done.pupils, done.drawn, done.serial) == (4, 1, 2)
    assert before < {s.code for s in slips_of(division)}


def test_the_keys_of_a_sitting_are_those_the_browser_derives(names: Any) -> None:
    (sitting,) = slips_of(names.validated_class(1))
    derived = codes.derive(
        PupilCode(sitting.code),
        names.manifest.campaign_id,
        iterations=names.manifest.kdf_iterations,
    )
    assert (sitting.sid, sitting.mac) == (derived.sid, derived.mac)


def test_without_its_key_file_the_link_says_that_it_is_no_more(names: Any) -> None:
    division = names.validated_class(2)
    assert destroy_key()
    assert not destroy_key()
    with pytest.raises(LinkDestroyed):
        links.of(division.pupils.values_list("id", flat=True))


def test_neither_a_number_nor_a_code_nor_a_key_is_in_clear_on_disk(names: Any) -> None:
    slips = slips_of(names.validated_class(5))
    content = names.every_byte()
    for slip in slips:
        for secret in (slip.order.encode(), slip.code.encode(), slip.mac, slip.auth_sha256):
            assert secret not in content


def test_the_shredder_asks_for_the_whole_label_and_for_the_date(names: Any) -> None:
    division = names.validated_class(2)
    with pytest.raises(WrongLabel):
        shred(names.manifest, typed_label="Début de sixième", before_closing=True)
    with pytest.raises(TooEarly):
        shred(names.manifest, typed_label=names.manifest.label, before_closing=False)
    assert links.count() == 2
    names.send_scores(division)
    names.close_results()
    done = shred(names.manifest, typed_label=names.manifest.label, before_closing=False)
    assert (done.key_destroyed, done.links, done.scores) == (True, 2, 2)
    assert not (names.folder / "keys" / "link.key").exists()
    assert links.count() == 0


def test_no_order_number_ever_reaches_the_disk_in_clear(names: Any) -> None:
    """They stand beside names on paper: with a sheet left in a drawer they would be a link."""
    division = names.validated_class(3)
    names.send_scores(division)
    orders = [sitting.order for sitting in links.of(_ids(division)).values()]
    content = names.every_byte()
    assert b"9990001X" in content  # the search does find what is in clear
    assert not any(order.encode() in content for order in orders)
    assert len(scores.rows_of(orders)) == 3


def test_a_copy_of_the_scores_is_noise_once_the_link_key_is_destroyed(names: Any) -> None:
    """What a journal, a dead row or a backup keeps answers to no number, not even with a paper."""
    division = names.validated_class(3)
    names.send_scores(division)
    orders = [sitting.order for sitting in links.of(_ids(division)).values()]
    copied = list(StoredScore.objects.values("order", "row_box"))
    names.close_results()
    shred(names.manifest, typed_label=names.manifest.label, before_closing=False)
    assert StoredScore.objects.count() == 0
    StoredScore.objects.bulk_create(StoredScore(**row) for row in copied)
    with pytest.raises(LinkDestroyed):
        scores.rows_of(orders)
    write_secret(names.folder / "keys" / "link.key", Secret(secrets.token_bytes(32)))
    assert scores.rows_of(orders) == {}


def _ids(division: Any) -> Any:
    return division.pupils.values_list("id", flat=True)


def test_two_validations_at_once_draw_once(names: Any) -> None:
    pupils = list(names.open_class(6).pupils.values_list("id", flat=True))
    drawn: list[int] = []

    def draw() -> None:
        drawn.append(len(drawing.draw_for(pupils)))
        connections.close_all()

    threads = [threading.Thread(target=draw) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(drawn) == [0, 0, 6]
    assert links.count() == 6
