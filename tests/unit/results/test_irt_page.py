# SPDX-License-Identifier: AGPL-3.0-or-later
"""docs/psychometrics/models.md says what the code finds today."""

import pytest

import calibration_references


def test_the_table_of_the_page_is_what_the_code_finds() -> None:
    if not calibration_references.DATA.is_dir():
        pytest.skip("the published data are not beside the project, nor where ENCRIER_SHARED says")
    page = calibration_references.PAGE.read_text(encoding="utf-8")
    assert calibration_references.section().rstrip() in page


def test_each_number_of_ours_is_near_the_one_beside_it() -> None:
    if not calibration_references.DATA.is_dir():
        pytest.skip("the published data are not beside the project, nor where ENCRIER_SHARED says")
    for row in calibration_references.rows():
        within = 0.02 if row.what == "log-likelihood" else 0.01
        apart = [abs(a - b) for a, b in zip(row.theirs, row.ours, strict=True)]
        assert max(apart) < within, row
