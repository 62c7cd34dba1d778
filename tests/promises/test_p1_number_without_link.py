# SPDX-License-Identifier: AGPL-3.0-or-later
"""« … un numéro d’ordre dépourvu de tout lien avec leurs nom, prénom, classe et école ».

Réponse du ministre, Journal officiel du 12 janvier 2021, p. 233.
"""

import base64
import re
from pathlib import Path

from encrier.records import from_bytes, to_bytes
from encrier.wire import Admission, AdmissionList, Register
from stage import SCHOOL
from stagecraft.autumn import Autumn
from stagecraft.doors import register_of


def test_numbers_are_not_in_the_order_of_the_class_list(autumn: Autumn) -> None:
    numbers = [slip.order for slip in autumn.slips]
    assert len(set(numbers)) == len(numbers) == 28
    assert numbers != sorted(numbers)


def test_what_leaves_names_is_not_in_the_order_of_the_class_list(autumn: Autumn) -> None:
    by_order = {row.order: place for place, row in enumerate(register_of(autumn).rows)}
    places = [by_order[slip.order] for slip in autumn.slips]
    assert places != sorted(places)
    assert places != sorted(places, reverse=True)


def test_the_register_holds_no_name_no_school_and_no_birth_date(autumn: Autumn) -> None:
    register = register_of(autumn)
    content = to_bytes(register).decode()
    for word in (*autumn.names_of_pupils(), SCHOOL, "Encrier"):
        assert word not in content
    assert not re.search(r"\d{4}-\d{2}-\d{2}|\d{2}/\d{2}/\d{4}", content)
    assert {tuple(row.background) for row in register.rows} == {()}  # none was declared
    assert from_bytes(to_bytes(register), Register) == register


def test_two_campaigns_of_the_same_class_have_nothing_in_common(
    autumn: Autumn, another_draw: list[str]
) -> None:
    first = {slip.code for slip in autumn.slips} | {slip.order for slip in autumn.slips}
    assert not first & set(another_draw)


def test_admission_lists_carry_what_is_opaque_or_sealed_and_nothing_else() -> None:
    assert set(AdmissionList.__struct_fields__) == {"campaign", "serial", "rows", "booklet_keys"}
    opaque = {"sid", "auth_sha256", "bundle", "terms"}
    assert set(Admission.__struct_fields__) == opaque | {"opens_at", "closes_at", "open"}


def test_the_key_of_the_link_is_not_in_the_database(autumn: Autumn) -> None:
    names = autumn.stage.names.folder
    key = base64.b64decode((names / "keys/link.key").read_text(encoding="ascii"))
    assert [f.name for f in Path(names / "data").iterdir() if key in f.read_bytes()] == []
