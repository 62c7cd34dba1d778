# SPDX-License-Identifier: AGPL-3.0-or-later
"""What all verbs share: their options, their language, how they print and how they refuse.

Exit 0 done, 1 the check failed, 2 asked wrongly or refused: one sentence on
stderr, never a traceback. Knows no file format.
"""

import argparse
import os
import re
import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final, NamedTuple, TextIO

import msgspec

from encrier_qti.errors import QtiError
from encrier_qti.words import Language

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001  it has no public name

Run = Callable[[argparse.Namespace], int]

# Controls but the tab, and halves of characters: an answer or a title may hold some.
_OBEYED: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\ud800-\udfff]")
_LOCALES: Final = ("LC_ALL", "LC_MESSAGES", "LANG")  # the first that is set decides, as in POSIX


class Verb(NamedTuple):
    """What `--help` says of a verb; `example` is what follows `encrier qti`."""

    name: str
    summary: str
    description: str
    example: str


class AskedWrongly(QtiError):
    what = "cette demande n’a pas de sens."
    next_step = "Lancez la commande avec --help."


def add_verb(commands: "Commands", verb: Verb, run: Run) -> argparse.ArgumentParser:
    """Add a verb that refuses in the reader's language, with --lang and --json."""
    parser = commands.add_parser(
        verb.name,
        help=verb.summary,
        description=verb.description,
        epilog=f"example: encrier qti {verb.example}",
    )
    parser.add_argument(
        "--lang",
        choices=("fr", "en"),
        default=language_of(os.environ),
        help="of messages; default: English if the locale is, else French",
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(run=_refusing(run))
    return parser


def language_of(environment: Mapping[str, str]) -> Language:
    """Give the language of messages: English where the locale says so, else French."""
    locale = next((environment[name] for name in _LOCALES if environment.get(name)), "")
    return "en" if locale.lower().startswith("en") else "fr"


def put(*lines: str) -> None:
    """Write lines on stdout, where results go."""
    for line in lines:
        _write(sys.stdout, line)


def put_json(told: object) -> None:
    """Write one JSON value on stdout, its keys sorted."""
    put(msgspec.json.encode(told, order="sorted").decode())


def flush() -> None:
    """Let what was put be read now, by a verb that does not end soon."""
    if sys.stdout is not None:
        sys.stdout.flush()


def tell(line: str) -> None:
    """Write a line on stderr, where what is not a result goes."""
    _write(sys.stderr, f"encrier: {line}")


def _write(stream: TextIO | None, line: str) -> None:
    """Write a line that no terminal obeys, in signs that the stream has; None is a closed one."""
    if stream is not None:
        encoding = stream.encoding or "utf-8"
        told = _OBEYED.sub(lambda found: f"\\u{ord(found[0]):04x}", line)
        stream.write(told.encode(encoding, "backslashreplace").decode(encoding) + "\n")


def _refusing(run: Run) -> Run:
    """Turn every refusal into a sentence and an exit code."""

    def asked(namespace: argparse.Namespace) -> int:
        try:
            return run(namespace)
        except QtiError as error:
            tell(error.told(namespace.lang))
        except UnicodeEncodeError:  # half a character, from the command line
            tell(_unwritable().told(namespace.lang))
        except BrokenPipeError:
            sys.stderr.close()  # who read us has gone: nobody to tell, and no second error
        except FileNotFoundError as error:
            tell(_absent(error.filename).told(namespace.lang))
        except OSError as error:
            reason = error.strerror or type(error).__name__
            tell(_unreadable(reason, error.filename).told(namespace.lang))
        return 2

    return asked


def _unwritable() -> AskedWrongly:
    return AskedWrongly("un nom ou un argument n’est pas un texte en UTF-8.", "Changez-le.")


def _absent(filename: object) -> AskedWrongly:
    what = "ce fichier, ou le dossier où il doit être, n’existe pas."
    return AskedWrongly(what, "Vérifiez le chemin.", file=str(filename or ""))


def _unreadable(reason: str, filename: object) -> AskedWrongly:
    what = "ce fichier ou ce dossier ne peut pas être lu ou écrit ({reason})."
    file = str(filename or "")
    return AskedWrongly(what, "Vérifiez le chemin et les droits.", file=file, reason=reason)
