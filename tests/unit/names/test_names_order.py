# SPDX-License-Identifier: AGPL-3.0-or-later
"""The order of a French class list."""

from typing import Any


def test_ligatures_and_accents_stand_where_a_french_reader_looks_for_them(names: Any) -> None:
    from encrier_names.schools.lists import sort_key
    from encrier_names.schools.models import Identity

    wanted = [
        "BADOUR",
        "BÆDER",
        "BAFFI",
        "CŒURDELIN",
        "COEVOET",
        "ÉCHARD",
        "EDMOND",
        "LÆTI",
        "LAFA",
    ]
    shuffled = sorted(wanted, key=lambda name: name[::-1])
    listed = sorted(shuffled, key=lambda name: sort_key(Identity(last_name=name, first_name="A")))
    assert listed == wanted
