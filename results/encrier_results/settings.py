# SPDX-License-Identifier: AGPL-3.0-or-later
"""The settings of the results zone."""

from pathlib import Path

from encrier import manifest as manifests
from encrier.manifest import Manifest
from encrier.records import Record
from encrier.secret import Secret

PREFIX = "ENCRIER_RESULTS_"


class ResultsSettings(Record, frozen=True):
    """What the results zone must be told; it has no address, for it listens to nobody."""

    folder: Path  # where pulled envelopes, reports and the score serial are kept
    manifest_file: Path
    root_key: bytes
    sealing_seed: Secret
    door_key: Secret
    packages: Path  # folder of QTI packages with their keys, one a booklet
    names_url: str
    ca_file: Path | None = None  # certificates to trust beyond the system's

    def manifest(self) -> Manifest:
        """Read and check the campaign manifest."""
        manifest, _ = manifests.read(
            self.manifest_file, root_key=self.root_key, setting=f"{PREFIX}MANIFEST_FILE"
        )
        return manifest
