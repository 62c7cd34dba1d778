# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an item names within itself and must therefore have: variables, catalogs, ids.

QTI 3.0 ASI information model, "ModalFeedback", "TemplateBlock",
"PrintedVariable", "Catalog". Knows identifiers, no key.
"""

from collections.abc import Iterable
from typing import Final

from lxml import etree

from encrier_qti.checks.finding import Finding, Severity
from encrier_qti.model import IMPLIED, Item
from encrier_qti.reading.safe_xml import QTI, line, local, namespace
from encrier_qti.words import Words, say

_APART: Final = {"qti-catalog", "qti-interaction-module"}  # their ids are names of another kind


def check_pointers(item: Item, root: etree._Element) -> Iterable[Finding]:
    """Check what an item names in itself; `root` is that of its file, inclusions made."""
    yield from _feedback(item)
    yield from _printed(item)
    yield from _catalogs(item, root)
    yield from _ids(item, root)


def _feedback(item: Item) -> Iterable[Finding]:
    outcomes = {*item.outcomes, *IMPLIED}
    for feedback in item.feedbacks:
        known = set(item.templates) if feedback.form.startswith("template") else outcomes
        if feedback.variable not in known:
            what = say(
                "ce texte dépend de la variable {name}, qui n’est pas déclarée.",
                name=feedback.variable,
            )
            yield _found("feedback-undeclared", "error", item, at=feedback.line, what=what)


def _printed(item: Item) -> Iterable[Finding]:
    known = {*item.outcomes, *item.templates, *item.responses, *item.contexts, *IMPLIED}
    for node in item.printed:
        name = node.attributes.get("identifier", "").strip()
        if name not in known:
            what = say("la variable {name}, à écrire ici, n’est pas déclarée.", name=name)
            yield _found("printed-undeclared", "error", item, at=node.line, what=what)


def _catalogs(item: Item, root: etree._Element) -> Iterable[Finding]:
    held = {catalog.identifier for catalog in item.catalogs}
    if len(held) < len(item.catalogs):
        what = say("deux catalogues d’aides portent le même identifiant.")
        yield _found("duplicate-catalog", "error", item, at=0, what=what)
    for element in root.iter():
        for name in element.get("data-catalog-idref", "").split():
            if name not in held:
                what = say("le catalogue d’aides {name} n’est pas dans cet item.", name=name)
                yield _found("unknown-catalog", "warning", item, at=line(element), what=what)


def _ids(item: Item, root: etree._Element) -> Iterable[Finding]:
    """Two elements of one id: what names it, a label or a link, would find either."""
    seen: set[str] = set()
    for element in root.iter():
        name = element.get("id")
        if name is None or namespace(element) != QTI or local(element) in _APART:
            continue
        if name in seen:
            what = say("l’id {name} est donné deux fois.", name=name)
            yield _found("duplicate-id", "warning", item, at=line(element), what=what)
        seen.add(name)


def _found(kind: str, severity: Severity, item: Item, *, at: int, what: Words) -> Finding:
    return Finding(kind=kind, severity=severity, file=item.file, line=at, what=what)
