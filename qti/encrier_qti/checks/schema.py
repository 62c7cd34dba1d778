# SPDX-License-Identifier: AGPL-3.0-or-later
"""Validation against the XML schemas of QTI 3, which are 1EdTech's and not ours to ship.

They are read from a folder that the operator names; a schema that names
another by an address is given the file of that name in the folder, and
nothing is ever fetched. Before an item is compared, what a profile leaves out
of the base schema is taken away (data-…), and what `lint` says better
(a picture without a text).
"""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from lxml import etree

from encrier_qti.checks.finding import Finding
from encrier_qti.errors import PackageRefused, XmlRefused
from encrier_qti.reading.safe_xml import QTI, local, namespace, parse
from encrier_qti.words import Words, say

MOST: Final = 50  # findings for one file: more say nothing new
_TARGET: Final = re.compile(rb"""targetNamespace\s*=\s*["']([^"']{1,200})["']""")
_HEAD: Final = 8192  # bytes in which a schema says its target
_ATTRIBUTE: Final = re.compile(r"attribute '(?:\{[^}]{1,200}\})?([\w.-]{1,100})'")
_ENTRY: Final = "imsqti_asi"  # of the files with QTI's own target, the one for whole documents


class Schemas:
    """The schemas of a folder, each compiled when it is first needed."""

    def __init__(self, folder: Path) -> None:
        """Look for schemas in a folder. Raises PackageRefused if QTI 3's is not there."""
        self._files = {path.name: path for path in sorted(folder.rglob("*.xsd"))}
        self._targets: dict[str, Path] = {}
        for name, path in self._files.items():
            found = _TARGET.search(path.read_bytes()[:_HEAD])
            target = found[1].decode() if found else ""
            if target not in self._targets or name.startswith(_ENTRY):
                self._targets[target] = path
        self._compiled: dict[str, etree.XMLSchema] = {}
        if QTI not in self._targets:
            raise PackageRefused(
                "ce dossier n’a pas le schéma XML de QTI 3 (imsqti_asiv3p0….xsd).",
                "Téléchargez les schémas chez 1EdTech et donnez leur dossier.",
                file=folder.name,
            )

    def check(self, content: bytes, *, file: str) -> Iterable[Finding]:
        """Give what a schema says of a file, in order; nothing if no schema is for its namespace.

        Raises XmlRefused if it is not XML that we read.
        """
        root = parse(content, file=file)
        if namespace(root) not in self._targets:
            return
        _relax(root)
        schema = self._schema(namespace(root))
        if schema.validate(root):
            return
        log: list[etree._LogEntry] = list(schema.error_log)  # type: ignore[call-overload]  # it is a list
        for entry in log[:MOST]:
            yield Finding(
                kind="schema",
                severity="error",
                file=file,
                line=entry.line,
                what=_what(entry),
                element=_element(entry),
            )

    def _schema(self, target: str) -> etree.XMLSchema:
        if target not in self._compiled:
            parser = etree.XMLParser(no_network=True, resolve_entities=False)
            parser.resolvers.add(_Folder(self._files))
            path = self._targets[target]
            try:
                self._compiled[target] = etree.XMLSchema(etree.parse(path, parser))
            except (etree.LxmlError, OSError):
                raise XmlRefused(
                    "ce schéma XML n’est pas utilisable, ou un schéma qu’il nomme n’est pas là.",
                    "Mettez tous les schémas de QTI 3 dans le même dossier.",
                    file=path.name,
                ) from None
        return self._compiled[target]


class _Folder(etree.Resolver):
    """Gives the file of a name, whatever the address before it; never another."""

    def __init__(self, files: dict[str, Path]) -> None:
        super().__init__()
        self._files = files

    def resolve(  # type: ignore[override]  # the stub lacks the context
        self,
        system_url: str,
        public_id: str,  # noqa: ARG002  lxml gives it
        context: object,
    ) -> object:
        """Give the file that an address ends with, or an empty one."""
        path = self._files.get(system_url.rsplit("/", 1)[-1])
        if path is None:
            return self.resolve_empty(context)  # type: ignore[attr-defined]  # the stub lacks it
        return self.resolve_string(path.read_bytes(), context, base_url=str(path))


def _relax(root: etree._Element) -> None:
    for element in root.iter():
        for attribute in [str(each) for each in element.attrib if str(each).startswith("data-")]:
            del element.attrib[attribute]
        if namespace(element) == QTI and local(element) == "img" and element.get("alt") is None:
            element.set("alt", "")


def _what(entry: etree._LogEntry) -> Words:
    """Say what is wrong by names only; never the message itself, which repeats what is written."""
    found = _ATTRIBUTE.search(entry.message)
    attribute = found[1] if found else ""
    rule = str(entry.type_name).removeprefix("SCHEMAV_")
    if rule == "CVC_COMPLEX_TYPE_3_2_1":
        return say("le schéma de QTI 3 n’a pas d’attribut {attribute} ici.", attribute=attribute)
    if rule == "CVC_COMPLEX_TYPE_4":
        return say("le schéma de QTI 3 demande un attribut {attribute} ici.", attribute=attribute)
    if rule == "ELEMENT_CONTENT":
        return say("cet élément n’a pas sa place ici, ou il en manque un, d’après le schéma.")
    if attribute:
        return say("la valeur de {attribute} n’est pas admise par le schéma.", attribute=attribute)
    return say("ceci ne suit pas le schéma de QTI 3.")


def _element(entry: etree._LogEntry) -> str:
    found = re.match(r"Element '(?:\{[^}]*\})?([\w.-]+)'", entry.message)
    return found[1] if found else ""
