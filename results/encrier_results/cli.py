# SPDX-License-Identifier: AGPL-3.0-or-later
"""The results zone: opens envelopes, scores them, publishes by order number. Has no port.

Every verb is a batch that reads, acts and ends; only `watch` repeats. Results go to stdout,
progress to stderr. No verb shows a name: none is here.
"""

import argparse
import base64
import os
import sys
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from encrier import booklets, campaign, codes, ids, manifest, places, signing
from encrier.cli import Commands
from encrier.errors import BadSetting, EncrierError
from encrier.keyfiles import read_secret, write_secret
from encrier.manifest import BundleEntry, Manifest, Node, Practice
from encrier.records import to_bytes
from encrier.settings import load
from encrier_qti.compile import compile_package
from encrier_qti.package import open_package
from encrier_results import doors, keys, opening
from encrier_results.booklets import (
    Booklet,
    close_bundle,
    closed,
    open_booklet,
    refuse_mixed_domains,
)
from encrier_results.commands import (
    agreement,
    calibrate,
    dif,
    itemstats,
    link,
    responses,
    score,
)
from encrier_results.release import release
from encrier_results.settings import PREFIX, ResultsSettings

SMALLEST_CELL = 11


def verbs(commands: Commands) -> None:
    """Announce this zone's verbs."""
    _draw_keys(commands)
    _manifest(commands)
    _add_pair(commands)
    _sign_campaign(commands)
    for name, run, text in (
        ("pull", _run_pull, "pull new envelopes from answers; they stay sealed"),
        ("open", _run_open, "pull, open, score, hand the scores to names; print the account"),
    ):
        verb = commands.add_parser(
            name, help=text, epilog=f"example: encrier results {name} --json"
        )
        verb.add_argument("--json", action="store_true", help="print the account as JSON")
        if name == "open":
            verb.add_argument("--by-school", action="store_true", help="and that of each school")
        verb.set_defaults(run=run)
    _watch(commands)
    _release(commands)
    for analysis in (responses, itemstats, agreement, calibrate, score, link, dif):
        analysis.add(commands)


def _draw_keys(commands: Commands) -> None:
    verb = commands.add_parser(
        "draw-keys",
        help="draw the root, campaign and door keys; print the public halves",
        epilog="example: encrier results draw-keys --out keys/",
    )
    verb.add_argument("--out", type=Path, required=True, help="folder for the three key files")
    verb.set_defaults(run=_run_draw_keys)


def _run_draw_keys(asked: argparse.Namespace) -> int:
    _say(to_bytes(keys.draw(asked.out)))
    return 0


def _manifest(commands: Commands) -> None:
    verb = commands.add_parser(
        "manifest",
        help="close the booklets, make and sign the campaign manifest",
        epilog="example: encrier results manifest --keys keys/ --label 'Sixième 2026' --level 6E "
        "--package cahier/ --node AAAAAQ==,https://reponses.example,KEY= --names-key KEY= "
        "--opens 2026-09-07T06:00Z … --booklets lots/ --out manifest.json",
    )
    verb.add_argument("--keys", type=Path, required=True, metavar="D", help="of draw-keys")
    verb.add_argument("--label", required=True, metavar="L", help="what people read")
    verb.add_argument("--level", required=True, metavar="L", help="6E, 4E, 2DE …")
    verb.add_argument(
        "--package", type=Path, action="append", required=True, metavar="P", help="QTI"
    )
    verb.add_argument("--practice", type=Path, metavar="P", help="QTI that anyone may try")
    verb.add_argument("--node", action="append", required=True, metavar="ID,URL,KEY[,PAIR]")
    verb.add_argument("--room", type=int, metavar="N", help="pairs that may come; else twice them")
    verb.add_argument("--page", metavar="URL", help="of the ministry's own page, if not the node's")
    verb.add_argument("--keying", metavar="URL", help="of names, where teachers key booklets")
    verb.add_argument("--names-key", required=True, metavar="KEY", help="door key of names, base64")
    for name in ("--opens", "--closes", "--results-close"):
        verb.add_argument(name, type=_moment, required=True, metavar="T")
    verb.add_argument("--grace-h", type=int, default=24, metavar="H")
    verb.add_argument("--boxes-kept", type=int, default=24, metavar="HOURS", help="resume boxes")
    verb.add_argument(
        "--iterations", type=int, default=codes.DEFAULT_ITERATIONS, metavar="N", help="PBKDF2"
    )
    verb.add_argument(
        "--booklets", type=Path, required=True, metavar="D", help="closed booklets, for answers"
    )
    verb.add_argument("--out", type=Path, required=True)
    verb.set_defaults(run=_run_manifest)


def _run_manifest(asked: argparse.Namespace) -> int:
    root, sealing, door = (
        read_secret(asked.keys / f"{n}.key") for n in ("root", "sealing", "door")
    )
    nodes = [_node(written) for written in asked.node]
    opened = [open_booklet(package) for package in asked.package]
    refuse_mixed_domains(opened)
    made = Manifest(
        v=1,
        campaign=ids.draw_campaign_id(),
        label=asked.label,
        level=asked.level,
        suite=1,
        sealing_key=keys.sealing_key(sealing),
        kdf_iterations=asked.iterations,
        opens_at=asked.opens,
        closes_at=asked.closes,
        grace_h=asked.grace_h,
        results_close_at=asked.results_close,
        bundles=[_close(booklet, asked) for booklet in opened],
        nodes=nodes,
        names_key=_public(asked.names_key),
        results_key=signing.public_of(door),
        page_url=asked.page,
        keying_url=asked.keying,
        boxes_kept_h=asked.boxes_kept,
        places=_places(nodes, asked.room),
        practice=_practice(asked) if asked.practice else None,
    )
    asked.out.write_bytes(manifest.sign(made, key=root))
    _say(made.campaign.hex().encode())
    return 0


def _places(nodes: Sequence[Node], room: int | None) -> str:
    """The places of each pair; none where no node says of which pair it is."""
    pairs = sorted({node.pair for node in nodes} - {places.ONLY})
    return places.shared(pairs, room=room or 2 * len(pairs)) if pairs else ""


def _add_pair(commands: Commands) -> None:
    verb = commands.add_parser(
        "add-pair",
        help="sign the same manifest with one pair more, while the others serve; print its number",
        epilog="example: encrier results add-pair --keys keys/ --manifest manifest.json "
        "--node AAAAAg==,https://reponses-2.example,KEY= --out manifest-2.json",
    )
    verb.add_argument("--keys", type=Path, required=True, metavar="D", help="of draw-keys")
    verb.add_argument("--manifest", type=Path, required=True, metavar="FILE", help="in force")
    verb.add_argument("--node", action="append", required=True, metavar="ID,URL,KEY")
    verb.add_argument("--out", type=Path, required=True)
    verb.set_defaults(run=_run_add_pair)


def _run_add_pair(asked: argparse.Namespace) -> int:
    root = read_secret(asked.keys / "root.key")
    public = signing.public_of(root)
    before, _ = manifest.read(asked.manifest, root_key=public, setting="--manifest")
    made = manifest.with_pair(before, [_node(written) for written in asked.node])
    asked.out.write_bytes(manifest.sign(made, key=root))
    _say(str(max(made.pairs)).encode())
    return 0


def _sign_campaign(commands: Commands) -> None:
    verb = commands.add_parser(
        "sign-campaign",
        help="check a campaign file against the manifest and sign it; print its SHA-256",
        epilog="example: encrier results sign-campaign campaign.toml --keys keys/ "
        "--manifest manifest.json --out campaign.json",
    )
    verb.add_argument("file", type=Path, metavar="FILE", help="TOML: docs/spec/campaign.md")
    verb.add_argument("--keys", type=Path, required=True, metavar="D", help="of draw-keys")
    verb.add_argument("--manifest", type=Path, required=True, metavar="FILE")
    verb.add_argument("--out", type=Path, required=True)
    verb.set_defaults(run=_run_sign_campaign)


def _run_sign_campaign(asked: argparse.Namespace) -> int:
    root = read_secret(asked.keys / "root.key")
    try:
        text = asked.file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadSetting("The campaign file cannot be read.") from error
    public = signing.public_of(root)
    of, _ = manifest.read(asked.manifest, root_key=public, setting="--manifest")
    signed = campaign.sign(text, of, key=root)
    asked.out.write_bytes(signed)
    _, sha256 = campaign.check(signed, of, root_key=public)
    _say(sha256.hex().encode())
    return 0


def _close(booklet: Booklet, asked: argparse.Namespace) -> BundleEntry:
    """Write a closed booklet for answers, and its key for names, which hands it over in time."""
    key = booklets.draw_key()
    sealed = closed(booklet, key=key)
    name = sealed.entry.id.hex()
    write_secret(asked.keys / "booklets" / f"{name}.key", key)
    booklets.write(sealed, asked.booklets / name)
    return sealed.entry


def _practice(asked: argparse.Namespace) -> Practice:
    """Write the booklet that anyone may try, whose key stands in the manifest."""
    key = booklets.draw_key()
    bundle = compile_package(open_package(asked.practice)).bundle
    sealed = close_bundle(bundle, title=bundle.index.title, key=key)
    booklets.write(sealed, asked.booklets / sealed.entry.id.hex())
    return Practice(sealed.entry, key.reveal())


def _run_pull(asked: argparse.Namespace) -> int:
    settings = _settings()
    came = sum(doors.pull(settings, node) for node in settings.manifest().nodes)
    _say(f'{{"pulled":{came}}}'.encode() if asked.json else f"{came} envelopes pulled".encode())
    return 0


def _run_open(asked: argparse.Namespace) -> int:
    report = opening.Opening(_settings(), say=_progress).run()
    if asked.json:
        _say(to_bytes(report if asked.by_school else report.total))
        return 0 if report.total.reconciled else 1
    _say(opening.sentence(report.total).encode())
    for school, account in report.schools.items() if asked.by_school else ():
        _say(f"{school}: {opening.sentence(account)}".encode())
    return 0 if report.total.reconciled else 1


def _watch(commands: Commands) -> None:
    verb = commands.add_parser(
        "watch",
        help="open again and again, so that a class sees its results within minutes",
        epilog="example: encrier results watch --every 900",
    )
    verb.add_argument("--every", type=float, default=900, metavar="SECONDS")
    verb.set_defaults(run=_run_watch)


def _run_watch(asked: argparse.Namespace) -> int:
    rounds = opening.Opening(_settings())
    last = None
    while True:
        try:
            account = rounds.run().total
        except EncrierError as error:
            sys.stderr.write(f"encrier: {error}\n")
        else:
            if account != last:
                _say(opening.sentence(account).encode())
            last = account
        time.sleep(asked.every)


def _release(commands: Commands) -> None:
    verb = commands.add_parser(
        "release",
        help="write the counts that anyone may see",
        epilog="example: encrier results release --out release.json",
    )
    verb.add_argument("--smallest-cell", type=int, default=SMALLEST_CELL)
    verb.add_argument("--out", type=Path, required=True)
    verb.set_defaults(run=_run_release)


def _run_release(asked: argparse.Namespace) -> int:
    settings = _settings()
    sheet, _ = opening.score(settings, serial=0)
    label = settings.manifest().label
    asked.out.write_bytes(to_bytes(release(sheet, label=label, smallest_cell=asked.smallest_cell)))
    _say(str(asked.out).encode())
    return 0


def _settings() -> ResultsSettings:
    return load(ResultsSettings, prefix=PREFIX, environ=os.environ)


def _moment(written: str) -> datetime:
    moment = datetime.fromisoformat(written)
    if moment.tzinfo is None:
        raise argparse.ArgumentTypeError("a moment needs its zone: 2026-09-07T06:00Z")
    return moment


def _public(written: str) -> bytes:
    try:
        return base64.b64decode(written, validate=True)
    except ValueError as error:
        raise BadSetting("A public key is written in base64, as its zone printed it.") from error


def _node(written: str) -> Node:
    try:
        node, url, receipt_key, *more = written.split(",")
        pair = int(",".join(more) or places.ONLY)
        return Node(_public(node), url.rstrip("/"), _public(receipt_key), pair)
    except ValueError as error:
        raise BadSetting("A node is written ID,ADDRESS,RECEIPT-KEY or so with ,PAIR.") from error


def _progress(line: str) -> None:
    """Tell who waits at a terminal how far it is; a log is not filled with it."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{line}\x1b[K")
        sys.stderr.flush()


def _say(line: bytes) -> None:
    sys.stdout.write(line.decode() + "\n")
    sys.stdout.flush()
