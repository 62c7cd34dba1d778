# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an analysis of sittings begins from: opened, in memory only. Never a name."""

from collections.abc import Mapping
from typing import NamedTuple

from encrier.ids import BundleId, SittingId
from encrier.wire import Register
from encrier_results import booklets, doors, keys
from encrier_results.booklets import Booklet
from encrier_results.opening import refuse_wrong
from encrier_results.reconcile import Completeness, Opened, open_all
from encrier_results.settings import ResultsSettings


class Came(NamedTuple):
    """The sittings that came, and what they are read by."""

    opened: Mapping[SittingId, Opened]
    register: Register
    booklets: Mapping[BundleId, Booklet]
    account: Completeness


def read(settings: ResultsSettings) -> Came:
    """Open what was pulled so far, with the register and the booklets that it is read by."""
    manifest = settings.manifest()
    packages = booklets.of_manifest(sorted(settings.packages.iterdir()), manifest)
    register = doors.register(settings)
    refuse_wrong(register, manifest)
    opened, account = open_all(
        doors.pulled(settings),
        register,
        manifest,
        private_key=keys.private_key(settings.sealing_seed),
    )
    return Came(opened, register, packages, account)
