# SPDX-License-Identifier: AGPL-3.0-or-later
"""A results zone with sealed sittings on its disk, and names standing by with the register."""

import base64
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import msgspec

from encrier import manifest, signing
from encrier.ids import BundleId
from encrier.records import to_bytes
from encrier.secret import Secret
from encrier.sheets import AnswerSheet
from encrier.wire import EnvelopeBatch, Register, Registered, SealedSave
from encrier_results.booklets import closed, open_booklet
from stagecraft import envelopes
from stagecraft.scored import PACKAGE, Sheet
from stagecraft.strangers import Standing

_ROOT, _STREAM = Secret(b"r" * 32), b"1" * 8


def _b64(content: bytes) -> str:
    return base64.b64encode(content).decode()


class Zone:
    """The results zone of a campaign in which these pupils left these sheets."""

    def __init__(self, folder: Path, sheets: Mapping[str, Sheet]) -> None:
        entry = closed(open_booklet(PACKAGE), key=Secret(b"b" * 32)).entry
        self._manifest = msgspec.structs.replace(envelopes.MANIFEST, bundles=[entry])
        self._bundle = BundleId(entry.id)
        pupils = {order: envelopes.pupil() for order in sheets}
        rows = [
            Registered(
                order, p.sid, p.mac, "6E", self._bundle, 1, 1, [], {"sex": "FG"[n % 2]}
            )
            for n, (order, p) in enumerate(pupils.items())
        ]  # fmt: skip
        register = to_bytes(Register(envelopes.CAMPAIGN, rows))

        class Names(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.end_headers()
                self.wfile.write(register)

            def log_message(self, *_: object) -> None:
                """Nothing is printed."""

        self._names = Standing(Names)
        saves = [self._save(pupils[order], sheet) for order, sheet in sheets.items()]
        self._lay(folder, envelopes.batch(*saves))
        self.environ = {
            "FOLDER": str(folder),
            "MANIFEST_FILE": str(folder / "manifest.json"),
            "ROOT_KEY": _b64(signing.public_of(_ROOT)),
            "SEALING_SEED": _b64(envelopes.SEED.reveal()),
            "DOOR_KEY": _b64(b"d" * 32),
            "PACKAGES": str(folder / "packages"),
            "NAMES_URL": self._names.url,
        }

    def close(self) -> None:
        self._names.close()

    def _save(self, pupil: envelopes.Pupil, sheet: Sheet) -> SealedSave:
        whole = to_bytes(AnswerSheet(1, self._bundle.hex(), sheet, []))
        head = msgspec.structs.replace(envelopes.header(pupil, _STREAM), bundle=self._bundle)
        return envelopes.save(envelopes.sealed(pupil, whole, head))

    def _lay(self, folder: Path, batch: EnvelopeBatch) -> None:
        (folder / "manifest.json").write_bytes(manifest.sign(self._manifest, key=_ROOT))
        (folder / "packages").mkdir()
        (folder / "packages/one").symlink_to(PACKAGE, target_is_directory=True)
        place = folder / "pulled" / batch.node.hex() / batch.store.hex()
        place.mkdir(parents=True)
        (place / f"{batch.next:012d}.json").write_bytes(to_bytes(batch))
