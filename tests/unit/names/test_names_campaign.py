# SPDX-License-Identifier: AGPL-3.0-or-later
"""The campaign file in the zone: drafts, the freeze, the windows of lists, levels, who decides."""

import json
import os
from typing import Any

import msgspec
import pytest

from encrier import clock
from encrier.cli import main
from encrier.errors import BadSetting
from encrier.records import to_bytes
from encrier_names import zone
from encrier_names.campaign import freezing
from encrier_names.codesheets.sheet import slips_of
from encrier_names.doors import admission
from encrier_names.doors.register import register
from encrier_names.schools.models import School
from stagecraft.campaign_files import BUNDLES, DAY, TWO_LEVELS, ahead, text, window


def digest() -> str:
    """That of the file the zone runs with."""
    found = zone.current().campaign_sha256
    assert found
    return found.hex()


def version() -> freezing.Version:
    found = freezing.running()
    assert found
    return found


@pytest.fixture
def head(names: Any) -> Any:
    school = School.objects.create(uai="9990001X", name="Collège du Test")
    return names.client(names.staff("head", "head", school=school))


def test_a_draft_may_change_and_each_version_is_kept(names: Any) -> None:
    ahead(names)
    for smallest in (5, 10):
        names.fix(text(names, more=f"[rules]\nsmallest_cell = {smallest}"))
        freezing.check()
    assert zone.current().campaign.rules.smallest_cell == 10
    first, second = freezing.versions()
    assert first.sha256 != second.sha256 == version().sha256
    assert first.frozen_at is second.frozen_at is None


def test_the_first_admission_list_freezes_it_and_another_file_is_refused(names: Any) -> None:
    ahead(names)
    names.fix(text(names))
    frozen = digest()
    names.validated_class(2)
    assert version().frozen_at is not None
    freezing.check()
    names.fix(text(names, more="[rules]\nsmallest_cell = 10"))
    with pytest.raises(freezing.CampaignChanged) as refused:
        freezing.check()
    assert frozen in refused.value.what_happened
    assert digest() in refused.value.what_happened
    with pytest.raises(freezing.CampaignChanged):
        admission.queue([], names.manifest)
    (names.folder / "campaign.json").unlink()
    names.start()
    with pytest.raises(freezing.CampaignChanged, match="none is given"):
        freezing.check()


def test_the_opening_freezes_it_too(names: Any) -> None:
    names.fix(text(names))  # the sittings of the manifest are under way
    freezing.check()
    assert version().frozen_at is not None


def test_a_frozen_zone_says_so_on_the_command_line(
    names: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ahead(names)
    names.fix(text(names))
    names.validated_class(1)
    for name, value in names.environ.items():
        monkeypatch.setitem(os.environ, name, value)
    assert main(["names", "campaign", "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["sha256"] == digest()
    assert shown["frozen_at"]
    assert shown["campaign"]["levels"][0]["level"] == "6E"
    names.fix(text(names, more="[rules]\nsmallest_cell = 10"))
    assert main(["names", "validate", "--school", "9990001X", "--division", "6B"]) != 0
    assert shown["sha256"] in capsys.readouterr().err


@pytest.mark.parametrize(
    ("lists", "said"), [((2, 7), "Les listes ouvrent le"), ((-7, -2), "Les listes sont closes")]
)
def test_outside_their_window_lists_are_neither_imported_nor_validated(
    names: Any, head: Any, lists: tuple[float, float], said: str
) -> None:
    division = names.open_class(2)
    ahead(names)
    names.fix(text(names))
    waiting = head.post("/listes/", {"file": names.file()})["location"]
    names.fix(text(names, lists=lists))
    page = head.get("/listes/")
    assert page.status_code == 200
    assert said in page.content.decode()
    assert "la DEC de Rennes" in page.content.decode()
    assert 'type="file"' not in page.content.decode()
    assert head.post("/listes/", {"file": names.file()}).status_code == 400
    assert said in head.post(waiting).content.decode()
    refused = head.post(f"/classes/{division.id}/valider/", {"declaration": "yes"})
    assert refused.status_code == 409
    assert said in refused.content.decode()
    for address in ("/", f"/classes/{division.id}/"):
        assert said in head.get(address).content.decode()
        assert "Valider et tirer" not in head.get(address).content.decode()


@pytest.mark.parametrize(
    ("role", "address"),
    [("head", "/"), ("academy", "/suivi/"), ("ministry", "/"), ("ministry", "/suivi/france/")],
)
def test_every_board_counts_the_days_to_the_campaign_s_own_windows(
    names: Any, role: str, address: str
) -> None:
    names.start(opens_at=clock.now() - 2 * DAY, closes_at=clock.now() + 20 * DAY)
    keying = f"keying = {window(clock.now() - DAY, clock.now() + 2.5 * DAY)}"
    names.fix(text(names).replace("[windows]\n", f"[windows]\n{keying}\n"))
    school = School.objects.create(uai="9990001X", name="Collège du Test", academy="RENNES")
    at: Any = {"head": {"school": school}, "academy": {"academy": "RENNES"}}.get(role, {})
    client = names.client(names.staff("someone", role, **at))
    assert "La saisie ferme" in client.get(address).content.decode()
    assert "Keying closes" in client.get(address, HTTP_ACCEPT_LANGUAGE="en").content.decode()


def test_a_late_arrival_still_gets_her_code_once_lists_are_closed(names: Any, head: Any) -> None:
    ahead(names)
    names.fix(text(names, lists=(-7, -2)))
    division = names.validated_class(2)
    given = {"last_name": "ARRIVÉE", "first_name": "Tardive"}
    head.post(f"/classes/{division.id}/ajouter/", given)
    assert "Valider et tirer" in head.get(f"/classes/{division.id}/").content.decode()
    done = head.post(f"/classes/{division.id}/valider/", {"declaration": "yes"})
    assert done.status_code == 302
    assert len(admission.rows_of(division.pupils.values_list("id", flat=True), names.manifest)) == 3


def test_the_calendar_shows_what_is_fixed_and_by_which_file(names: Any, head: Any) -> None:
    ahead(names)
    assert "Empreinte" not in head.get("/calendrier/").content.decode()
    names.fix(text(names, more='[decides]\nextend_window = ["ministry"]'))
    page = head.get("/calendrier/").content.decode()
    assert digest() in page
    assert "Version provisoire" in page
    assert "Les listes ferment" in page  # the next thing to happen
    assert "le ministère" in page
    names.validated_class(1, uai="9990002Y")
    assert "Campagne figée" in head.get("/calendrier/").content.decode()


def test_what_the_campaign_leaves_to_others_is_refused_with_who_may(names: Any) -> None:
    names.fix(text(names, more='[decides]\nreplace_code = ["head"]\nclose_row = ["head"]'))
    division = names.validated_class(2)
    teacher = names.staff("t", "teacher", school=division.school, divisions=[division])
    chief = names.staff("h", "head", school=division.school)
    pupil = division.pupils.first().id
    for page in ("nouveau-code", "absence"):
        refused = names.client(teacher).get(f"/eleves/{pupil}/{page}/")
        assert refused.status_code == 403
        assert "le chef d’établissement" in refused.content.decode()
        assert names.client(chief).get(f"/eleves/{pupil}/{page}/").status_code == 200


def test_each_level_of_a_class_has_its_own_booklet(names: Any) -> None:
    entry = names.manifest.bundles[0]
    names.start(
        bundles=[entry, msgspec.structs.replace(entry, id=BUNDLES[1])],
    )
    names.fix(text(names, levels=TWO_LEVELS))
    division = names.validated_class(1)
    older = division.pupils.first()
    older.level = "CE1"
    older.save()
    younger = names.validated_class(1, uai="9990002Y").pupils.first()
    pupils = [older.id, younger.id]
    given = admission.booklets_of(pupils, names.manifest)
    assert given == {older.id: BUNDLES[1], younger.id: BUNDLES[0]}
    rows = admission.rows_of(pupils, names.manifest)
    assert {one.row.bundle for one in rows} == set(BUNDLES)
    registered = register(names.manifest, declared=()).rows
    assert {(row.level, row.bundle) for row in registered} >= {("CE1", BUNDLES[1])}


def test_scores_by_other_thresholds_than_those_announced_are_refused(names: Any) -> None:
    announced = 'assessments = [{ id = "fr", title = "F", minutes = 50, thresholds = { fr = %s } }]'
    one = f'[[levels]]\nlevel = "6E"\nmode = "screen"\nbooklets = ["{BUNDLES[0].hex()}"]\n'
    names.fix(text(names, levels=one + announced % "[3.0, 5.0]"))
    orders = [sitting.order for sitting in slips_of(names.validated_class(2))]
    refused = names.call("POST", "/doors/scores", to_bytes(names.sheet(1, orders)))
    assert refused.status_code == 400
    assert b"other thresholds" in refused.content


def test_the_file_of_the_register_wins_over_the_setting(
    names: Any,
) -> None:
    names.fix(text(names, more='[rules]\nbackground = ["sex"]'))
    assert zone.current().declared == ("sex",)
    with pytest.raises(BadSetting, match="other variables"):
        zone.start({**names.environ, "ENCRIER_NAMES_BACKGROUND": "birth_quarter"})
