# SPDX-License-Identifier: AGPL-3.0-or-later
"""Class lists, codes and restitution: the zone that knows names.

The verbs of `encrier names`. Django is loaded by the verbs that need it, not by their help.
"""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from encrier_names import commands

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 has no public name

ROLES = (
    "head",
    "teacher",
    "supervisor",
    "academy",
    "ministry",
    "auditor",
)  # those of schools.models.Role


def verbs(commands_of_zone: "Commands") -> None:
    """Add the verbs of this zone."""
    for announce in (
        _draw_key,
        _roles,
        _migrate,
        _campaign,
        _import_schools,
        _import,
        _feed,
        _add_staff,
        _invite,
        _validate,
        _codesheet,
        _documents,
        _exchange,
        _serve,
        _status,
        _recount,
        _sample_schools,
        _health,
        _rotate_keys,
        _backup,
        _restore,
        _shred,
    ):
        announce(commands_of_zone)


def _verb(
    among: "Commands",
    name: str,
    run: Callable[[argparse.Namespace], int],
    *,
    say: str,
    example: str,
) -> argparse.ArgumentParser:
    verb = among.add_parser(
        name,
        help=say,
        description=say,
        epilog=f"example: encrier names {example}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    verb.set_defaults(run=run)
    return verb


def _with_json(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--json", action="store_true", help="print the result as JSON")


def _with_class(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--school", required=True, metavar="UAI", help="the school")
    verb.add_argument("--division", required=True, metavar="LABEL", help="the class, as 6B")


def _draw_key(among: "Commands") -> None:
    verb = _verb(
        among,
        "draw-key",
        commands.draw_key,
        say="Draw a key into a new file; print the public half of a door key.",
        example="draw-key --out keys/door.key",
    )
    verb.add_argument("--out", type=Path, required=True, metavar="FILE", help="a new file")
    verb.add_argument(
        "--kind",
        choices=("door", "secret", "backup"),
        default="door",
        help="door: signs calls; backup: opens backups, its public half goes to FILE.pub;"
        " secret: 32 bytes for the other keys of this zone",
    )
    _with_json(verb)


def _roles(among: "Commands") -> None:
    _verb(
        among,
        "roles",
        commands.roles,
        say="Print the SQL that makes databases, roles and schemas on PostgreSQL.",
        example="roles | psql --dbname postgres",
    )


def _migrate(among: "Commands") -> None:
    _verb(
        among,
        "migrate",
        commands.migrate,
        say="Create or update the two databases.",
        example="migrate",
    )


def _campaign(among: "Commands") -> None:
    verb = _verb(
        among,
        "campaign",
        commands.campaign,
        say="Show the campaign that this zone runs: windows, rules, SHA-256, whether it is frozen.",
        example="campaign --json",
    )
    _with_json(verb)


def _import_schools(among: "Commands") -> None:
    verb = _verb(
        among,
        "import-schools",
        commands.import_schools,
        say="Bring the directory of schools in: a CSV with their UAI and name.",
        example="import-schools annuaire-education.csv",
    )
    verb.add_argument("file", type=Path, metavar="FILE")
    _with_json(verb)


def _import(among: "Commands") -> None:
    verb = _verb(
        among,
        "import",
        commands.import_list,
        say="Read class lists of any known format, explain their defects, take them in.",
        example="import ElevesSansAdresses.xml --school 9990001X",
    )
    verb.add_argument("files", type=Path, metavar="FILE", nargs="+")
    verb.add_argument(
        "--school",
        metavar="UAI",
        help="the school of the lists; else each says it, or begins its name with it",
    )
    verb.add_argument("--school-name", metavar="NAME", help="its name, the first time")
    verb.add_argument(
        "--check",
        action="store_true",
        help="only read and explain, without the database (exit 1: something is refused)",
    )
    _with_json(verb)


def _feed(among: "Commands") -> None:
    verb = _verb(
        among,
        "feed",
        commands.feed,
        say="Take in the lists that registers leave in a folder; move them to done or refused.",
        example="feed /srv/lists --watch 3600",
    )
    verb.add_argument("folder", type=Path, metavar="FOLDER")
    verb.add_argument("--watch", type=float, metavar="SECONDS", help="again and again")
    _with_json(verb)


def _add_staff(among: "Commands") -> None:
    verb = _verb(
        among,
        "add-staff",
        commands.add_staff,
        say="Open an account; print its password once if it is drawn.",
        example="add-staff mme.prof --role teacher --school 9990001X --divisions 6B",
    )
    verb.add_argument("user", metavar="USER")
    _with_place(verb, required=True)
    verb.add_argument("--password-file", type=Path, metavar="FILE")
    _with_json(verb)


def _invite(among: "Commands") -> None:
    verb = _verb(
        among,
        "invite",
        commands.invite,
        say="Print a code that lets its bearer choose how to sign in to an account, once.",
        example="invite --called 'M. Yann Le Goff' --role head --school 9990001X",
    )
    verb.add_argument("--called", metavar="NAME", help="how pages call the person")
    verb.add_argument("--again", metavar="USER", help="an account that there is, not a new one")
    _with_place(verb, required=False)
    _with_json(verb)


def _with_place(verb: argparse.ArgumentParser, *, required: bool) -> None:
    verb.add_argument("--role", required=required, choices=ROLES)
    verb.add_argument("--school", metavar="UAI", help="of a head, a teacher, a supervisor")
    verb.add_argument("--academy", metavar="NAME", help="of its correspondent")
    verb.add_argument("--divisions", default="", metavar="A,B", help="of a teacher or a supervisor")


def _validate(among: "Commands") -> None:
    verb = _verb(
        among,
        "validate",
        commands.validate,
        say="Validate class lists: draw numbers and codes, derive keys, queue admission lists.",
        example="validate --school 9990001X --division 6B",
    )
    verb.add_argument("--school", metavar="UAI", help="the school; all its classes, or one")
    verb.add_argument("--division", metavar="LABEL", help="the class, as 6B")
    verb.add_argument(
        "--all",
        action="store_true",
        help="all schools; a run that is stopped goes on where it was",
    )
    _with_json(verb)


def _codesheet(among: "Commands") -> None:
    verb = _verb(
        among,
        "codesheet",
        commands.codesheet,
        say="Write the code sheet of a validated class as a PDF.",
        example="codesheet --school 9990001X --division 6B --out codes-6B.pdf",
    )
    _with_class(verb)
    verb.add_argument("--out", type=Path, required=True, metavar="FILE", help="the PDF")
    _with_json(verb)


def _documents(among: "Commands") -> None:
    verb = _verb(
        among,
        "documents",
        commands.documents,
        say="Write all PDFs of a school: codes by class, letters to families, forms.",
        example="documents --school 9990001X --out papers",
    )
    verb.add_argument("--school", required=True, metavar="UAI", help="the school")
    verb.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="the folder")
    verb.add_argument("--large-print", action="store_true", help="all codes in large print")
    _with_json(verb)


def _exchange(among: "Commands") -> None:
    verb = _verb(
        among,
        "exchange",
        commands.exchange,
        say="Send admission lists to answers and pull progress; outward only.",
        example="exchange --watch 30",
    )
    verb.add_argument("--watch", type=float, metavar="SECONDS", help="again and again")
    _with_json(verb)


def _serve(among: "Commands") -> None:
    _verb(
        among,
        "serve",
        commands.serve,
        say="Serve the pages and the doors of this zone.",
        example="serve",
    )


def _status(among: "Commands") -> None:
    verb = _verb(
        among,
        "status",
        commands.status,
        say="Say how many schools, classes, pupils, numbers and scores there are.",
        example="status --json",
    )
    _with_json(verb)


def _recount(among: "Commands") -> None:
    verb = _verb(
        among,
        "recount",
        commands.recount,
        say="Count every school again, from its pupils and their sittings.",
        example="recount --check",
    )
    verb.add_argument(
        "--check",
        action="store_true",
        help="only compare with the counters that are kept (exit 1: some are wrong)",
    )
    _with_json(verb)


def _sample_schools(among: "Commands") -> None:
    verb = _verb(
        among,
        "sample-schools",
        commands.sample_schools,
        say="Say which schools are the national sample: a file with a UAI a line.",
        example="sample-schools echantillon.txt",
    )
    verb.add_argument("file", type=Path, metavar="FILE")
    _with_json(verb)


def _health(among: "Commands") -> None:
    verb = _verb(
        among,
        "health",
        commands.health,
        say="Say whether databases, rights, exchange, clock and disk are well (exit 1: not all).",
        example="health --json",
    )
    _with_json(verb)


def _rotate_keys(among: "Commands") -> None:
    verb = _verb(
        among,
        "rotate-keys",
        commands.rotate_keys,
        say="Seal every personal column under the new key (exit 1: some open with no key).",
        example="rotate-keys --json",
    )
    _with_json(verb)


def _backup(among: "Commands") -> None:
    verb = _verb(
        among,
        "backup",
        commands.backup,
        say="Write both databases into one sealed file; no key is in it.",
        example="backup --to keys/backup.key.pub --out names-2026-10-01.backup",
    )
    verb.add_argument("--out", type=Path, required=True, metavar="FILE", help="a new file")
    verb.add_argument("--to", type=Path, required=True, metavar="FILE", help="a public backup key")
    _with_json(verb)


def _restore(among: "Commands") -> None:
    verb = _verb(
        among,
        "restore",
        commands.restore,
        say="Put a backup into two databases that were migrated and hold nothing.",
        example="restore names-2026-10-01.backup --key backup.key",
    )
    verb.add_argument("file", type=Path, metavar="FILE")
    verb.add_argument("--key", type=Path, required=True, metavar="FILE", help="its private half")
    verb.add_argument("--check", action="store_true", help="only open it whole, and count")
    _with_json(verb)


def _shred(among: "Commands") -> None:
    verb = _verb(
        among,
        "shred",
        commands.shred,
        say="Destroy the line between pupils and numbers. There is no way back.",
        example="shred --campaign 'Début de sixième 2026'",
    )
    verb.add_argument("--campaign", required=True, metavar="LABEL", help="typed in full")
    verb.add_argument("--before-closing", action="store_true", help="do not wait for the date")
    _with_json(verb)
