# SPDX-License-Identifier: AGPL-3.0-or-later
"""From the XML of a test to a frozen Assessment.

QTI 3.0 ASI information model, "AssessmentTest" and "TestPart". Reads what is
written; nothing is drawn, ordered or branched here. Branches that could lead
nowhere, or backwards, are refused; those of a nonlinear part are ignored, as
QTI says, and noted.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from lxml import etree

from encrier_qti.model import Assessment, Declaration, Node, Part, TestFeedback
from encrier_qti.reading import declarations
from encrier_qti.reading.branches import check_branches
from encrier_qti.reading.controls import common, identifier, limits, refused
from encrier_qti.reading.safe_xml import LANG, QTI, parse, require_qti3, to_node
from encrier_qti.reading.sections import Sections, rubrics

_Q: Final = f"{{{QTI}}}"
_NAVIGATION: Final = frozenset({"linear", "nonlinear"})
_SUBMISSION: Final = frozenset({"individual", "simultaneous"})
_ACCESS: Final = frozenset({"atEnd", "during"})
_SHOW: Final = frozenset({"show", "hide"})
_IGNORED: Final = ("qti-context-declaration", "qti-stylesheet")
# "In nonlinear mode, pre-conditions are ignored", and branch rules; but not those of a part.
_LINEAR_ONLY: Final = ("qti-pre-condition", "qti-branch-rule")


def read_assessment(
    content: bytes, *, file: str, files: Mapping[str, bytes] | None = None
) -> Assessment:
    """Read one test; `files` of its package by path, for the sections kept apart.

    Raises XmlRefused, ContentRefused or NotSupported.
    """
    root = parse(content, file=file)
    require_qti3(root, "qti-assessment-test", file=file)
    reader = Sections(files or {})
    parts = tuple(_part(part, reader, file) for part in root.findall(f"{_Q}qti-test-part"))
    if not parts:
        raise refused("ce test n’a aucune partie.", root, file)
    processing = root.find(f"{_Q}qti-outcome-processing")
    assessment = Assessment(
        identifier=root.get("identifier", "").strip(),
        title=root.get("title", "").strip(),
        lang=root.get(LANG, "") or "fr",
        file=file,
        parts=parts,
        outcomes=_outcomes(root, file),
        processing=None if processing is None else to_node(processing, file=file),
        limits=limits(root, file=file),
        rubrics=rubrics(root, file=file),
        feedbacks=_feedbacks(root, file),
        ignored=tuple(_ignored(root, file)),
    )
    check_branches(assessment)
    return assessment


def _part(element: etree._Element, reader: Sections, file: str) -> Part:
    own = common(element, file=file)
    reader.known(own["identifier"], element, file=file)
    return Part(
        **own,
        navigation=_word(element, "navigation-mode", _NAVIGATION, file),
        submission=_word(element, "submission-mode", _SUBMISSION, file),
        title=element.get("title", "").strip(),
        rubrics=rubrics(element, file=file),
        sections=reader.within(element, file=file),
        feedbacks=_feedbacks(element, file),
    )


def _word(element: etree._Element, attribute: str, allowed: frozenset[str], file: str) -> str:
    written = element.get(attribute, "").strip()
    if written not in allowed:
        raise refused(
            "l’attribut {attribute} doit être {words}.",
            element,
            file,
            attribute=attribute,
            words=" / ".join(sorted(allowed)),
        )
    return written


def _outcomes(root: etree._Element, file: str) -> Mapping[str, Declaration]:
    outcomes: dict[str, Declaration] = {}
    for element in root.findall(f"{_Q}qti-outcome-declaration"):
        declared = declarations.outcome(element, file=file)
        if declared.identifier in outcomes:
            raise refused("deux variables de ce test portent le même identifiant.", element, file)
        outcomes[declared.identifier] = declared
    return outcomes


def _feedbacks(element: etree._Element, file: str) -> tuple[TestFeedback, ...]:
    return tuple(
        TestFeedback(
            identifier=identifier(each, file=file),
            outcome=identifier(each, file=file, attribute="outcome-identifier"),
            access=_word(each, "access", _ACCESS, file),
            show=_word(each, "show-hide", _SHOW, file) == "show",
            title=each.get("title", "").strip(),
            content=etree.tostring(each, encoding="utf-8", with_tail=False),
        )
        for each in element.findall(f"{_Q}qti-test-feedback")
    )


def _ignored(root: etree._Element, file: str) -> Iterable[Node]:
    for name in _IGNORED:
        for element in root.findall(f"{_Q}{name}"):
            yield to_node(element, file=file)
    for part in root.findall(f"{_Q}qti-test-part"):
        if part.get("navigation-mode", "").strip() == "nonlinear":
            for name in _LINEAR_ONLY:
                for element in part.iterfind(f"*//{_Q}{name}"):
                    yield to_node(element, file=file)
