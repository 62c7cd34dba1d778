# SPDX-License-Identifier: AGPL-3.0-or-later
"""A head prints what his school needs: one page, each document, all of it at once."""

import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from stage import DIVISION
from stagecraft.accessibility import faults, too_wide
from stagecraft.classroom import Classroom

pytestmark = pytest.mark.journey
WIDTHS = [(1024, 768), (390, 844)]


def fetched(page: Page, link: str, folder: Path) -> Path:
    """The file behind a link, as a browser saves it."""
    with page.expect_download() as download:
        page.get_by_role("link", name=link, exact=True).click()
    file = folder / download.value.suggested_filename
    download.value.save_as(file)
    return file


def text_of(pdf: Path) -> str:
    return " ".join(" ".join(p.extract_text().split()) for p in PdfReader(pdf).pages)


@pytest.mark.parametrize(("width", "height"), WIDTHS)
def test_a_head_prints_class_by_class_and_the_whole_school(
    width: int, height: int, classroom: Classroom, tmp_path: Path
) -> None:
    with classroom.computer(width, height) as page:
        page.goto(classroom.stage.names_url)
        page.get_by_label("Identifiant").fill("direction")
        page.get_by_label("Mot de passe").fill(classroom.campaign.accounts["direction"])
        page.get_by_role("button", name="Se connecter").click()
        page.get_by_role("link", name="Documents à imprimer").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Documents")
        assert faults(page) == []
        assert not too_wide(page)
        checked = text_of(fetched(page, f"Liste à vérifier {DIVISION}", tmp_path))
        assert "28 élèves" in checked
        assert "Ton code" not in checked
        assert "tape ton code" in text_of(fetched(page, f"en gros caractères {DIVISION}", tmp_path))
        assert "dpd@education.gouv.fr" in text_of(fetched(page, "العربية", tmp_path))
        with zipfile.ZipFile(fetched(page, "Télécharger tout", tmp_path)) as archive:
            assert archive.testzip() is None
            assert f"Codes/{DIVISION}.pdf" in archive.namelist()
        page.reload()
        expect(page.get_by_text("Dernière préparation terminée")).to_be_visible()
        assert faults(page) == []
        page.get_by_role("button", name="Se déconnecter").click()
        expect(page.get_by_role("button", name="Se connecter")).to_be_visible()
