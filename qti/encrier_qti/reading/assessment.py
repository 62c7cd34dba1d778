# SPDX-License-Identifier: AGPL-3.0-or-later
"""From the XML of a test to a frozen Assessment.

QTI 3.0 ASI information model, "AssessmentTest". What would change which items
a pupil meets (selection, ordering, branching) is refused until it is done
right; what changes no score (time limits, test feedback) is noted as ignored.
"""

from collections.abc import Iterable
from typing import Final

from lxml import etree

from encrier_qti.errors import ContentRefused, NotSupported
from encrier_qti.model import Assessment, ItemRef, Node, Part, Reference, Section
from encrier_qti.reading.references import resolve
from encrier_qti.reading.safe_xml import LANG, QTI, line, local, parse, require_qti3, to_node

_Q: Final = f"{{{QTI}}}"
_REFUSED: Final = {
    "qti-selection": "la sélection d’items au hasard",
    "qti-ordering": "l’ordre des items au hasard",
    "qti-adaptive-selection": "le test adaptatif",
    "qti-branch-rule": "le branchement",
    "qti-pre-condition": "la condition préalable",
    "qti-assessment-section-ref": "la section dans un autre fichier",
}
_IGNORED: Final = {
    "qti-time-limits",
    "qti-test-feedback",
    "qti-rubric-block",
    "qti-outcome-processing",
    "qti-item-session-control",
}


def read_assessment(content: bytes, *, file: str) -> Assessment:
    """Read one linear test. Raises XmlRefused, ContentRefused or NotSupported."""
    root = parse(content, file=file)
    require_qti3(root, "qti-assessment-test", file=file)
    _refuse_unsupported(root, file)
    parts = tuple(_part(part, file) for part in root.findall(f"{_Q}qti-test-part"))
    assessment = Assessment(
        identifier=root.get("identifier", "").strip(),
        title=root.get("title", "").strip(),
        lang=root.get(LANG, "") or "fr",
        file=file,
        parts=parts,
        ignored=tuple(_ignored(root, file)),
    )
    _refuse_twice(assessment)
    return assessment


def _refuse_unsupported(root: etree._Element, file: str) -> None:
    for element in root.iter(f"{_Q}*"):
        name = local(element)
        harmless = name == "qti-ordering" and element.get("shuffle", "false") in {"false", "0"}
        if name in _REFUSED and not harmless:
            raise NotSupported(
                f"{_REFUSED[name]} ({name}) n’est pas encore pris en charge.",
                "Retirez-le : les items sont servis dans l’ordre du test.",
                file=file,
                line=line(element),
            )


def _ignored(root: etree._Element, file: str) -> Iterable[Node]:
    for element in root.iter(f"{_Q}*"):
        if local(element) in _IGNORED:
            yield Node(
                name=local(element),
                file=file,
                line=line(element),
                attributes=to_node(element, file=file).attributes,
            )


def _part(element: etree._Element, file: str) -> Part:
    return Part(
        identifier=element.get("identifier", "").strip(),
        line=line(element),
        navigation=element.get("navigation-mode", "linear").strip(),
        submission=element.get("submission-mode", "individual").strip(),
        title=element.get("title", "").strip(),
        sections=tuple(
            _section(child, file) for child in element.findall(f"{_Q}qti-assessment-section")
        ),
    )


def _section(element: etree._Element, file: str) -> Section:
    children: list[Section | ItemRef] = []
    for child in element:
        if local(child) == "qti-assessment-item-ref":
            children.append(_item_ref(child, file))
        elif local(child) == "qti-assessment-section":
            children.append(_section(child, file))
    return Section(
        identifier=element.get("identifier", "").strip(),
        line=line(element),
        title=element.get("title", "").strip(),
        children=tuple(children),
    )


def _item_ref(element: etree._Element, file: str) -> ItemRef:
    identifier = element.get("identifier", "").strip()
    href = element.get("href", "").strip()
    if not identifier or not href:
        raise ContentRefused(
            "cette référence n’a pas d’identifiant ou de fichier.", file=file, line=line(element)
        )
    path = resolve(href, element, file=file)
    reference = Reference(path=path, file=file, line=line(element))
    return ItemRef(identifier=identifier, reference=reference)


def _refuse_twice(assessment: Assessment) -> None:
    seen: set[str] = set()
    for ref in assessment.refs():
        if ref.identifier in seen:
            raise ContentRefused(
                f"l’item {ref.identifier} est appelé deux fois.",
                "Donnez à chaque référence son propre identifiant.",
                file=ref.reference.file,
                line=ref.reference.line,
            )
        seen.add(ref.identifier)
