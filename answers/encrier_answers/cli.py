# SPDX-License-Identifier: AGPL-3.0-or-later
"""Run the answers zone: keys, settings, server, status.

Knows how to start the server; takes no answer and opens none.
"""

import argparse
import base64
import json
import os
import secrets
import socket
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from encrier import signing
from encrier.errors import BadSetting
from encrier.keyfiles import write_secret
from encrier.secret import Secret
from encrier_answers import configuration, disks, page, static
from encrier_answers.app import KEEPER
from encrier_answers.configuration import BACKLOG, MAX_CONNECTIONS, Settings, Zone
from encrier_answers.folder import FolderLock
from encrier_answers.health import DRAINING
from encrier_answers.keeper import keeping
from encrier_answers.operating import verbs as operating
from encrier_answers.page import PageSettings
from encrier_answers.rehearsal import verb as rehearsal
from encrier_answers.sittings import Progress
from encrier_answers.store_sqlite import FILE
from encrier_answers.vitals import listener, shared

if TYPE_CHECKING:
    from encrier.cli import Commands

STOP_S: Final = 10
IDLE_S: Final = 75  # and for a whole head: saves come every 20 s or so, and a handshake costs five


def verbs(commands: "Commands") -> None:
    """Add the verbs of this zone to the command `encrier answers`."""
    draw = _verb(commands, "draw-key", "draw a key of this node into a file", "--out receipt.key")
    draw.add_argument("--out", type=Path, required=True, metavar="FILE", help="must not exist yet")
    draw.add_argument(
        "--kind",
        choices=("receipt", "store"),
        default="receipt",
        help="receipt: signs receipts, public half printed (default); store: encrypts the disk",
    )
    draw.set_defaults(run=_draw_key)
    check = _verb(commands, "check-settings", "check the settings and all they lead to", "")
    check.set_defaults(run=_check_settings)
    serve = _verb(commands, "serve", "take answers, until told to stop", "")
    serve.set_defaults(run=_serve)
    page_verb = _verb(
        commands, "serve-page", "serve the page alone, from the ministry's origin", ""
    )
    page_verb.set_defaults(run=_serve_page)
    status = _verb(commands, "status", "count what is on disk", "--json")
    status.set_defaults(run=_status)
    operating.verbs(commands)
    rehearsal.add(commands)


def _verb(commands: "Commands", name: str, purpose: str, example: str) -> argparse.ArgumentParser:
    verb = commands.add_parser(
        name,
        help=purpose,
        description=f"{purpose.capitalize()}. Settings: see answers/README.md.",
        epilog=f"example: encrier answers {name} {example}".rstrip(),
    )
    if not name.startswith("serve"):
        verb.add_argument("--json", action="store_true", help="print JSON")
    return verb


def _draw_key(asked: argparse.Namespace) -> int:
    key = signing.draw_key() if asked.kind == "receipt" else Secret(secrets.token_bytes(32))
    write_secret(asked.out, key)
    if asked.kind == "receipt":
        public = base64.b64encode(signing.public_of(key)).decode()
        _show({"receipt_key": public}, public, as_json=asked.json)
    return 0


def _check_settings(asked: argparse.Namespace) -> int:
    zone = _zone()
    n_paths = len(static.of_zone(zone))
    found = {
        "campaign": zone.manifest.campaign.hex(),
        "label": zone.manifest.label,
        "bundles": [entry.id.hex() for entry in zone.manifest.bundles],
        "paths": n_paths,
        "address": zone.settings.address,
        "port": zone.settings.port,
        "tls": "here"
        if zone.settings.tls_cert_file
        else zone.settings.proxy or "none, loopback only",
    }
    _show(found, "\n".join(f"{name}: {value}" for name, value in found.items()), as_json=asked.json)
    return 0


def _serve(_asked: argparse.Namespace) -> int:
    zone = _zone()
    static.of_zone(zone)
    settings = zone.settings
    with FolderLock(settings.folder):
        _check_port_is_free(settings.address, settings.port)
        if settings.metrics_port is not None:
            _check_port_is_free(listener.ADDRESS, settings.metrics_port)
        shared.clear(settings.folder)
        (settings.folder / DRAINING).unlink(missing_ok=True)
        with keeping(zone) as address:
            os.environ[KEEPER] = str(address)
            _say_serving(settings, zone.manifest.campaign.hex())
            _run_granian("encrier_answers.app:build", settings, workers=settings.workers)
    sys.stderr.write("event=stopped\n")
    return 0


def _check_port_is_free(address: str, port: int) -> None:
    """Two servers may share a port without an error, and each would get half of the saves."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        socket.create_server((address, port), family=family).close()
    except OSError as error:
        raise BadSetting(
            "This address and port are taken, or are not this machine's.",
            "Stop what listens there, or choose another port.",
        ) from error


def _serve_page(_asked: argparse.Namespace) -> int:
    given, manifest, _ = page.load(os.environ)
    _check_port_is_free(given.address, given.port)
    _say_serving(given, manifest.campaign.hex())
    _run_granian("encrier_answers.page:build", given, workers=1)
    sys.stderr.write("event=stopped\n")
    return 0


def _say_serving(given: Settings | PageSettings, campaign: str) -> None:
    scheme = "https" if given.tls_cert_file else "http"
    sys.stderr.write(
        f"event=serving url={scheme}://{given.address}:{given.port} campaign={campaign}\n"
    )
    sys.stderr.flush()


def _run_granian(target: str, settings: Settings | PageSettings, *, workers: int) -> None:
    from granian import Granian  # noqa: PLC0415 the other verbs do without a server
    from granian.constants import HTTPModes, Interfaces, Loops  # noqa: PLC0415
    from granian.http import HTTP1Settings  # noqa: PLC0415
    from granian.log import LogLevels  # noqa: PLC0415

    Granian(
        target,
        factory=True,
        interface=Interfaces.RSGI,
        address=settings.address,
        port=settings.port,
        workers=workers,
        loop=Loops.uvloop,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=IDLE_S * 1000),
        websockets=False,
        backlog=BACKLOG,
        backpressure=MAX_CONNECTIONS,
        log_level=LogLevels.warning,
        log_access=False,
        ssl_cert=settings.tls_cert_file,
        ssl_key=settings.tls_key_file,
        workers_kill_timeout=STOP_S,
    ).serve()


def _status(asked: argparse.Namespace) -> int:
    zone = _zone()
    if zone.settings.database is None and not (zone.settings.folder / FILE).exists():
        raise BadSetting("There is no store in this folder yet.", "Start the server once.")
    store = disks.opened(zone, to_write=False)
    begun = list(store.sittings())
    lists = store.lists()
    found = {
        "campaign": zone.manifest.campaign.hex(),
        "last_list": lists[-1].serial if lists else None,
        "admitted": sum(1 for _ in store.admissions()),
        "started": sum(s.progress is Progress.STARTED for s in begun),
        "finished": sum(s.progress is Progress.FINISHED for s in begun),
        "envelopes": store.count_saves(),
    }
    store.close()
    _show(found, "\n".join(f"{name}: {value}" for name, value in found.items()), as_json=asked.json)
    return 0


def _zone() -> Zone:
    return configuration.load(os.environ)


def _show(record: Mapping[str, object], text: str, *, as_json: bool) -> None:
    print(json.dumps(record, ensure_ascii=False, sort_keys=True) if as_json else text)
