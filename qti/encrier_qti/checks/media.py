# SPDX-License-Identifier: AGPL-3.0-or-later
"""Checks of what items show beside their text: stimuli, pictures, sounds."""

from collections.abc import Iterable, Mapping

from encrier_qti.checks.finding import Finding, missing, of_error
from encrier_qti.delivery.media import check_media
from encrier_qti.delivery.strip import strip_stimulus
from encrier_qti.errors import QtiError
from encrier_qti.model import Item, Reference
from encrier_qti.reading.item import media
from encrier_qti.reading.safe_xml import parse
from encrier_qti.words import say


def check_media_of(items: Iterable[Item], contents: Mapping[str, bytes]) -> Iterable[Finding]:
    """Check every file that the items name, each file once."""
    seen: set[str] = set()
    for item in items:
        yield from _references(item.media, contents, seen)
        for stimulus in item.stimuli:
            if stimulus.path in seen:
                continue
            seen.add(stimulus.path)
            if stimulus.path not in contents:
                yield missing(stimulus)
                continue
            content = contents[stimulus.path]
            try:
                strip_stimulus(content, file=stimulus.path, files=contents)
                named = tuple(media(parse(content, file=stimulus.path), file=stimulus.path))
            except QtiError as error:
                yield of_error("cannot-travel", error)
                continue
            yield from _references(named, contents, seen)


def _references(
    references: Iterable[Reference], contents: Mapping[str, bytes], seen: set[str]
) -> Iterable[Finding]:
    for reference in references:
        if not reference.has_alt:
            yield Finding(
                kind="missing-alt",
                severity="error",
                file=reference.file,
                line=reference.line,
                element=reference.element,
                what=say("cette image n’a pas de texte de remplacement."),
                next_step=say(
                    'Décrivez-la dans alt, ou mettez alt="" si elle ne fait que décorer.'
                ),
            )
        if reference.path not in contents:
            yield missing(reference)
        elif reference.path not in seen:
            seen.add(reference.path)
            try:
                check_media(contents[reference.path], file=reference.path)
            except QtiError as error:
                yield of_error("media-refused", error)
