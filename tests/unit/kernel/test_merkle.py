# SPDX-License-Identifier: AGPL-3.0-or-later
"""Roots as Certificate Transparency has them: its published inputs and what they hash to."""

import pytest

from encrier import merkle

INPUTS = (
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
)
ROOTS = {
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


@pytest.mark.parametrize("size", ROOTS)
def test_the_root_is_that_of_certificate_transparency(size: int) -> None:
    leaves = [merkle.leaf_of(bytes.fromhex(one)) for one in INPUTS[:size]]
    assert merkle.tree_of(leaves)[0].hex() == ROOTS[size]
