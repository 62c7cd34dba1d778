# SPDX-License-Identifier: AGPL-3.0-or-later
"""« … les plateformes d’accès aux résultats sont fermées ».

Réponse du ministre, Journal officiel du 12 janvier 2021, p. 233. The day after the closing date
every page of results answers 410, and destroying the link leaves numbers that mean nothing.
"""

from datetime import timedelta
from pathlib import Path

import pytest

from operators import CommandFailed, free_port
from stage import DIVISION, LABEL, SCHOOL, Stage
from stagecraft.staffroom import Visitor


def test_the_day_after_no_result_is_shown_and_the_link_can_be_destroyed(tmp_path: Path) -> None:
    stage = Stage(
        tmp_path / "zones",
        names_port=free_port(0),
        answers_port=free_port(0),
        closing=timedelta(days=-1),
    )
    school = ("--school", SCHOOL)
    try:
        stage.draw_keys()
        accounts = stage.enrol()
        stage.serve_names()
        teacher = Visitor(stage.names_url)
        teacher.sign_in("prof-6b", accounts["prof-6b"])
        classes = teacher.links(teacher.get("/"), r"/classes/[0-9a-f-]{36}/")
        assert classes
        for path in classes:
            assert teacher.get(path + "resultats/").status == 410
        with pytest.raises(CommandFailed):
            stage.names.run("shred", "--campaign", "Début")  # not the whole label
        stage.names.run("shred", "--campaign", LABEL)
        assert not (stage.names.folder / "keys/link.key").exists()
        with pytest.raises(CommandFailed):
            stage.names.run("codesheet", *school, "--division", DIVISION, "--out", tmp_path / "x")
    finally:
        stage.stop()
