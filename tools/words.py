# SPDX-License-Identifier: AGPL-3.0-or-later
"""Keep the English of the names zone in step with its French.

    python tools/words.py            find every French sentence; add the new ones to the catalogue
    python tools/words.py --check    say what has no English, and change nothing
    python tools/words.py --compile  make what Django reads (.mo) of the catalogues (.po)

French stands in the code; `locale/en` holds the English, a person's work. A sentence that is gone
keeps its English at the end of the catalogue, for the day it comes back; `--forget` drops those.
`locale/fr` is made from the plurals, so that French says « 0 élève » and Django « 0 élèves » never.
"""

import argparse
import sys
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from sentences import PACKAGE, Sentence, every

LOCALE: Final = PACKAGE / "locale"
HEADER: Final = """# SPDX-License-Identifier: AGPL-3.0-or-later
# {what}
msgid ""
msgstr ""
"Language: {language}\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=2; plural=({plural});\\n"

"""
_WHAT: Final = {
    "en": (
        "The English of the names zone: tools/words.py finds what to say, a person says it.",
        "n != 1",
    ),
    "fr": ("Made by tools/words.py: the plurals of French, where zero is singular.", "n > 1"),
}
_NO_DATE: Final = datetime(2026, 1, 1, tzinfo=UTC)  # so that equal words give equal bytes


def catalogue(language: str) -> Path:
    """The file of a language that people write in."""
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def read(language: str) -> Catalog:
    """The catalogue as it stands."""
    file = catalogue(language)
    with file.open("rb") as source:
        found = read_po(source, locale=language)
    found.creation_date = found.revision_date = _NO_DATE
    return found


def template(sentences: list[Sentence]) -> Catalog:
    """A catalogue that holds the sentences of the code, and no English."""
    found = Catalog(locale="en", charset="utf-8")
    for one in sentences:
        text = one.text if one.plural is None else (one.text, one.plural)
        found.add(text, locations=[(one.place, 0)], context=one.context)
    return found


def lacking(english: Catalog, sentences: list[Sentence]) -> list[str]:
    """The sentences that have no English, or an English to be read again."""
    return sorted(
        {one.text for one in sentences if not _is_said(english.get(one.text, one.context))}
    )


def merged(english: Catalog, sentences: list[Sentence]) -> Catalog:
    """The catalogue with what the code says now; no English is lost."""
    gone = {_key(message): message for message in english.obsolete.values()}
    english.update(template(sentences), no_fuzzy_matching=True)
    for message in english:
        if message.id and not _is_said(message) and _key(message) in gone:
            message.string = gone[_key(message)].string
    said = {_key(message) for message in english}
    english.obsolete = {
        key: message
        for key, message in english.obsolete.items()
        if _key(message) not in said and _is_said(message)
    }
    return english


def plurals(sentences: list[Sentence]) -> Catalog:
    """French said of French: only what has a plural."""
    found = Catalog(locale="fr", charset="utf-8")
    for one in sentences:
        if one.plural is not None:
            found.add((one.text, one.plural), (one.text, one.plural), context=one.context)
    return found


def write(language: str, content: Catalog, *, forget: bool = False) -> None:
    """Write a catalogue in the order of the files that show its sentences."""
    body = BytesIO()
    write_po(
        body, content, width=96, omit_header=True, sort_by_file=True,
        include_lineno=False, ignore_obsolete=forget,
    )  # fmt: skip
    what, plural = _WHAT[language]
    header = HEADER.format(what=what, language=language, plural=plural)
    file = catalogue(language)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(header.encode() + body.getvalue().lstrip(b"\n"))


def compile_all() -> None:
    """Write beside each catalogue what Django reads; names/hatch_build.py does it for a wheel."""
    for source in sorted(LOCALE.glob("*/LC_MESSAGES/*.po")):
        made = BytesIO()
        write_mo(made, read(source.parts[-3]))
        target = source.with_suffix(".mo")
        if not target.exists() or target.read_bytes() != made.getvalue():
            part = target.with_suffix(".part")
            part.write_bytes(made.getvalue())
            part.replace(target)  # another process may be reading it


def _is_said(message: Message | None) -> bool:
    if message is None or message.fuzzy:
        return False
    strings = (message.string,) if isinstance(message.string, str) else message.string or ()
    return bool(strings) and all(strings)


def _key(message: Message) -> tuple[str, str | None]:
    return message.id if isinstance(message.id, str) else message.id[0], message.context


def main() -> int:
    """Do what the command line asks."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--compile", action="store_true")
    parser.add_argument("--forget", action="store_true")
    asked = parser.parse_args()
    if not asked.compile:
        sentences = every()
        english = read("en") if catalogue("en").exists() else Catalog(locale="en")
        if not asked.check:
            write("en", merged(english, sentences), forget=asked.forget)
            write("fr", plurals(sentences))
        missing = lacking(english, sentences)
        for text in missing:
            sys.stdout.write(f"no English: {text}\n")
        n_sentences = len({(one.text, one.context) for one in sentences})
        sys.stdout.write(f"{n_sentences} sentences, {len(missing)} without English\n")
        if asked.check:
            return 1 if missing else 0
    compile_all()
    return 0


if __name__ == "__main__":
    sys.exit(main())
