# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sections of a test and the items they refer to, some of them in files of their own.

QTI 3.0 ASI information model, "AssessmentSection", "AssessmentSectionRef" and
"AssessmentItemRef". A section of another file is read where it is referred to,
under the identifier of the reference; adaptive selection belongs to an engine
outside, and is refused.
"""

from collections.abc import Mapping
from typing import Final

from lxml import etree

from encrier_qti.errors import ContentRefused, NotSupported
from encrier_qti.model import (
    ItemRef,
    Reference,
    RubricBlock,
    Section,
    Selection,
    TemplateDefault,
    VariableMapping,
)
from encrier_qti.reading.controls import (
    MAX_SELECTED,
    Common,
    common,
    count,
    expression,
    identifier,
    refused,
)
from encrier_qti.reading.declarations import flag, number
from encrier_qti.reading.references import resolve
from encrier_qti.reading.safe_xml import MAX_SIZE, QTI, line, local, parse, require_qti3

_Q: Final = f"{{{QTI}}}"
_MAX_DEPTH: Final = 50  # of sections in sections; sections in files may refer to one another
_MAX_PARTS: Final = 5_000  # parts, sections and references to items of one test


class Sections:
    """Reads the sections of one test: the files beside it, and the identifiers met so far."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = files
        self._seen: set[str] = set()
        self._size = 0  # bytes of the sections read so far that are in files of their own

    def within(self, element: etree._Element, *, file: str) -> tuple[Section, ...]:
        """Read the sections and the references to sections directly in a part."""
        found = (self._child(child, file, depth=0) for child in element)
        return tuple(child for child in found if isinstance(child, Section))

    def known(self, name: str, element: etree._Element, *, file: str) -> None:
        """Refuse a second part, section or item reference of that name."""
        if name in self._seen:
            raise ContentRefused(
                "l’identifiant {identifier} est déjà celui d’un autre élément du test.",
                "Donnez à chaque partie, section et référence son propre identifiant.",
                file=file,
                line=line(element),
                element=local(element),
                identifier=name,
            )
        self._seen.add(name)
        if len(self._seen) > _MAX_PARTS:
            raise refused("ce test a plus de {most} éléments.", element, file, most=_MAX_PARTS)

    def _child(self, element: etree._Element, file: str, *, depth: int) -> Section | ItemRef | None:
        if depth > _MAX_DEPTH:
            what = "plus de {most} sections sont imbriquées."
            raise refused(what, element, file, most=_MAX_DEPTH)
        match local(element):
            case "qti-assessment-item-ref":
                return self._item_ref(element, file)
            case "qti-assessment-section":
                return self._section(element, common(element, file=file), file, depth=depth)
            case "qti-assessment-section-ref":
                return self._section_of_file(element, file, depth=depth)
            case "include":
                raise NotSupported(file=file, line=line(element), element="xi:include")
        return None

    def _section_of_file(self, element: etree._Element, file: str, *, depth: int) -> Section:
        path = resolve(element.get("href", "").strip(), element, file=file)
        if path not in self._files:
            what = "la section {path} n’est pas dans le paquet."
            raise refused(what, element, file, path=path)
        self._size += len(self._files[path])
        if self._size > MAX_SIZE:
            what = "les sections de ce test dépassent {size} Mo en tout."
            raise refused(what, element, file, size=MAX_SIZE // 1024 // 1024)
        root = parse(self._files[path], file=path)
        require_qti3(root, "qti-assessment-section", file=path)
        own = common(root, file=path)
        own["identifier"] = identifier(element, file=file)
        return self._section(root, own, path, depth=depth + 1)

    def _section(self, element: etree._Element, own: Common, file: str, *, depth: int) -> Section:
        self.known(own["identifier"], element, file=file)
        children = tuple(
            child
            for child in (self._child(each, file, depth=depth + 1) for each in element)
            if child is not None
        )
        ordering = element.find(f"{_Q}qti-ordering")
        return Section(
            **own,
            title=element.get("title", "").strip(),
            required=flag(element, "required", default=False, file=file),
            fixed=flag(element, "fixed", default=False, file=file),
            visible=flag(element, "visible", default=True, file=file),
            keep_together=flag(element, "keep-together", default=True, file=file),
            shuffle=ordering is not None and flag(ordering, "shuffle", default=False, file=file),
            selection=_selection(element, children, file),
            rubrics=rubrics(element, file=file),
            children=children,
        )

    def _item_ref(self, element: etree._Element, file: str) -> ItemRef:
        own = common(element, file=file)
        self.known(own["identifier"], element, file=file)
        href = element.get("href", "").strip()
        if not href:
            raise refused("cette référence ne nomme aucun fichier.", element, file)
        path = resolve(href, element, file=file)
        return ItemRef(
            **own,
            reference=Reference(path=path, file=file, line=line(element)),
            required=flag(element, "required", default=False, file=file),
            fixed=flag(element, "fixed", default=False, file=file),
            categories=tuple(element.get("category", "").split()),
            weights=_weights(element, file),
            mappings=tuple(
                _mapping(child, file) for child in element.findall(f"{_Q}qti-variable-mapping")
            ),
            template_defaults=tuple(
                _default(child, file) for child in element.findall(f"{_Q}qti-template-default")
            ),
        )


def rubrics(element: etree._Element, *, file: str) -> tuple[RubricBlock, ...]:
    """Read the rubric blocks directly in a test, a part or a section."""
    return tuple(
        RubricBlock(
            views=tuple(block.get("view", "").split()),
            use=block.get("use", "").strip(),
            content=etree.tostring(block, encoding="utf-8", with_tail=False),
            file=file,
        )
        for block in element.findall(f"{_Q}qti-rubric-block")
    )


def _selection(
    element: etree._Element, children: tuple[Section | ItemRef, ...], file: str
) -> Selection | None:
    adaptive = element.find(f"{_Q}qti-adaptive-selection")
    if adaptive is not None:
        raise NotSupported(
            "les items de cette section seraient choisis par un moteur adaptatif extérieur.",
            "Remplacez-le par des règles de branchement, ou par des items donnés.",
            file=file,
            line=line(adaptive),
            element=local(adaptive),
        )
    found = element.find(f"{_Q}qti-selection")
    if found is None:
        return None
    select = count(found, "select", file=file, most=MAX_SELECTED)
    repeated = flag(found, "with-replacement", default=False, file=file)
    if select < sum(child.required for child in children):
        raise refused("moins d’éléments sont choisis qu’il n’y en a d’obligatoires.", found, file)
    if select and not children:
        raise refused("aucun élément ne peut être choisi dans une section vide.", found, file)
    if not repeated and select > len(children):
        raise refused("plus d’éléments sont choisis que la section n’en contient.", found, file)
    return Selection(select=select, with_replacement=repeated)


def _weights(element: etree._Element, file: str) -> Mapping[str, float]:
    weights: dict[str, float] = {}
    for child in element.findall(f"{_Q}qti-weight"):
        name = identifier(child, file=file)
        if name in weights:
            raise refused("deux poids portent le même identifiant.", child, file)
        weights[name] = number(child, "value", file=file)
    return weights


def _mapping(element: etree._Element, file: str) -> VariableMapping:
    return VariableMapping(
        source=identifier(element, file=file, attribute="source-identifier"),
        target=identifier(element, file=file, attribute="target-identifier"),
    )


def _default(element: etree._Element, file: str) -> TemplateDefault:
    return TemplateDefault(
        template=identifier(element, file=file, attribute="template-identifier"),
        expression=expression(element, file=file),
    )
