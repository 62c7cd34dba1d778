# SPDX-License-Identifier: AGPL-3.0-or-later
"""`encrier qti preview`: the items of a package in the real player, with their score."""

import argparse
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING, Final

from encrier_qti.commands.asking import AskedWrongly, Verb, add_verb, flush, put, put_json, tell
from encrier_qti.commands.opening import add_allowed_pci, add_package, add_test
from encrier_qti.lint import lint_contents
from encrier_qti.preview.opening import open_for_preview
from encrier_qti.preview.shelf import shelve
from encrier_qti.reading import archive
from encrier_qti.words import say

if TYPE_CHECKING:
    from encrier_qti.commands.asking import Commands

_VERB: Final = Verb(
    "preview",
    "see the items as pupils do, with their score",
    "Open the items in the real player, in a browser of this machine, with their scores.",
    "preview sixieme.zip",
)
_IN_A_CLONE: Final = Path(__file__).parents[3] / "player/dist"
_IN_THE_WHEEL: Final = Path(__file__).parents[1] / "player"


def add(commands: "Commands") -> None:
    """Add the verb."""
    parser = add_verb(commands, _VERB, _run)
    add_package(parser)
    add_test(parser)
    add_allowed_pci(parser)
    parser.add_argument("--port", type=int, default=0, help="default: one that is free")
    parser.add_argument("--player", metavar="FOLDER", type=Path, help="another build of the player")
    parser.add_argument("--no-browser", action="store_true", help="only print the address")


def _run(asked: argparse.Namespace) -> int:
    from encrier_qti.preview.server import listen  # noqa: PLC0415  no other verb listens

    contents = archive.read(asked.package)
    allowed = frozenset(asked.allow_pci)
    findings = lint_contents(contents, allowed_pci=allowed)
    package = open_for_preview(contents, test=asked.test)
    player = asked.player or (_IN_A_CLONE if _IN_A_CLONE.is_dir() else _IN_THE_WHEEL)
    shelf = shelve(package, findings, player=player, allowed_pci=allowed)
    try:
        server, place = listen(shelf, port=asked.port)
    except (OSError, OverflowError):
        raise AskedWrongly("ce port n’est pas libre.", "Donnez-en un autre par --port.") from None
    with server:
        if asked.json:
            put_json({"url": place.url})
        else:
            put(place.url)
        flush()  # a program that reads the address through a pipe waits for it
        tell(say("aperçu ouvert. Ctrl+C pour arrêter.").told(asked.lang))
        if not asked.no_browser:
            webbrowser.open(place.url)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            tell(say("aperçu fermé.").told(asked.lang))
    return 0
