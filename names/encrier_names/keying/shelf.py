# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the operator gave for keying, checked at start: the built page, and the kits of booklets.

Needs no database and no Django: a wrong folder stops the start. Knows no class and no pupil.
"""

from collections.abc import Mapping

from encrier.campaign import Campaign
from encrier.errors import BadSetting
from encrier.manifest import Manifest
from encrier.records import Record
from encrier_names.keying import kits, page
from encrier_names.keying.kits import Kit
from encrier_names.keying.page import KeyingPage
from encrier_names.settings import PREFIX, Settings


class Shelf(Record, frozen=True):
    """What is served for keying."""

    page: KeyingPage | None  # None: this zone does not serve it
    kits: Mapping[str, Kit]  # by the id of the booklet, in hex


def load(settings: Settings, manifest: Manifest, campaign: Campaign) -> Shelf:
    """Read and check both folders, those that are given; raises BadSetting."""
    found = {} if settings.kits is None else kits.load(settings.kits, manifest)
    if settings.keying is None:
        return Shelf(None, found)
    keyed = {plan.booklets[0] for plan in campaign.levels if plan.mode == "keyed"}
    if not keyed <= found.keys():
        raise BadSetting(
            "A level is keyed and the kit of its booklet is not there.",
            f"Put it in the folder of {PREFIX}KITS: encrier qti kit PACKAGE --out FOLDER.",
        )
    built = page.load(
        settings.keying, root_key=settings.root_key, answers=" ".join(manifest.asked_by_page)
    )
    return Shelf(built, found)
