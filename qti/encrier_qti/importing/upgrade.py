# SPDX-License-Identifier: AGPL-3.0-or-later
"""QTI 2.0, 2.1 and 2.2 made QTI 3.0: one file, or all of a package in memory.

The renaming is done by citolab-qti-convert (the extra `convert`), which sees
only XML that we parsed and wrote again: no document type, no entity, no
network. What it leaves to do for the same answers to give the same score is
in `differences`. Each element keeps the line where its author wrote it,
wherever there is white space to put the missing line ends in.
Knows keys while it works; writes nothing to disk.
"""

import posixpath
import re
from collections.abc import Iterable, Mapping
from typing import Final

from lxml import etree

from encrier_qti.errors import NotSupported, XmlRefused
from encrier_qti.importing import differences
from encrier_qti.importing.foreign import read_foreign, root_name, root_space
from encrier_qti.reading.manifest import NAME as MANIFEST
from encrier_qti.reading.safe_xml import line, parse

QTI_2: Final = frozenset(
    {
        "assessmentItem", "assessmentTest", "assessmentStimulus", "assessmentSection",
        "responseProcessing",
    }
)  # fmt: skip
MOST_CHILDREN: Final = 2_000  # a long test has a few hundred items in a section
_QTI_1: Final = "questestinterop"
_PACKAGED: Final = re.compile(rb"imsqti_[a-z]+_xmlv[12]p|imsqti_xmlv[12]p|imsqti_v2p")
_SPACE: Final = re.compile(r"imsqti_(?:item_)?v2p[0-9]")
_INCLUDED: Final = re.compile(rb"""<(?:\w+:)?include\s[^>]{0,200}?href=["']([\w./-]{1,240})["']""")
_LINE: Final = "data-encrier-line"
_CHANGED: Final = "data-encrier-"  # attributes that do not outlive the conversion


def upgrade_item(content: bytes, *, file: str) -> bytes:
    """Give a QTI 2 item, test, section or stimulus in QTI 3.0, in UTF-8.

    Raises XmlRefused, ContentRefused, and NotSupported where the extra is not
    installed.
    """
    source = read_foreign(content, file=file)
    told = differences.before(source)
    _refuse_crowds(source, file)
    for element in source.iter():
        element.set(_LINE, str(line(element)))
    converted = _run("upgrade_qti2_to_qti3", etree.tostring(source, encoding="utf-8"), file=file)
    made = parse(converted, file=file)
    differences.after(made, told)
    start = line(source)
    _place(made, start)
    for element in made.iter():
        for name in [each for each in element.attrib if str(each).startswith(_CHANGED)]:
            del element.attrib[name]
    etree.cleanup_namespaces(made)
    return b"\n" * (start - 1) + etree.tostring(made, encoding="utf-8")


def upgrade_package(contents: Mapping[str, bytes]) -> Mapping[str, bytes]:
    """Give the files of a package with all that is QTI 2 made QTI 3, the others as they are.

    Without QTI 2 in it, it is given back itself, and the extra is not needed.
    Raises as `upgrade_item`.
    """
    two = {path for path, content in contents.items() if is_qti_2(path, content)}
    two |= {part for path in two for part in _included(contents[path], path) if part in contents}
    made = {path: upgrade_item(contents[path], file=path) for path in sorted(two)}
    manifest = contents.get(MANIFEST)
    if manifest is not None and _PACKAGED.search(manifest):
        made[MANIFEST] = _upgrade_manifest(manifest)
    return {**contents, **made} if made else contents


def is_qti_2(path: str, content: bytes) -> bool:
    """Tell whether a file of a package is QTI 2, or a part of it. Raises NotSupported for QTI 1."""
    if not path.lower().endswith(".xml") or path == MANIFEST:
        return False
    name = root_name(content)
    if name.startswith("qti-"):
        return False
    if name == _QTI_1:
        raise NotSupported(
            "ce fichier est en QTI 1, qui n’est pas lu.",
            "Exportez-le en QTI 2.1 ou plus récent depuis l’outil d’édition.",
            file=path,
        )
    return name in QTI_2 or bool(_SPACE.search(root_space(content)))


def _refuse_crowds(root: etree._Element, file: str) -> None:
    """What is converted takes a time that grows as the square of the children of one element."""
    for element in root.iter():
        if len(element) > MOST_CHILDREN:
            raise XmlRefused(
                "un élément en contient plus de {most} autres.",
                "Coupez ce fichier en plusieurs.",
                file=file,
                line=line(element),
                most=MOST_CHILDREN,
            )


def _included(content: bytes, path: str) -> Iterable[str]:
    """The XML files that a QTI 2 file includes: they are QTI 2, and may not say so."""
    for found in _INCLUDED.finditer(content):
        part = posixpath.normpath(posixpath.join(posixpath.dirname(path), found[1].decode()))
        if part.lower().endswith(".xml"):
            yield part


def _upgrade_manifest(content: bytes) -> bytes:
    source = read_foreign(content, file=MANIFEST)
    plain = etree.tostring(source, encoding="utf-8")
    return differences.manifest(source, _run("convert_manifest_to_qti3", plain, file=MANIFEST))


def _run(name: str, content: bytes, *, file: str) -> bytes:
    """Run a function of the converter on XML that was made here."""
    try:
        import qti_convert  # noqa: PLC0415  an extra: not always there
    except ImportError:
        raise NotSupported(
            "ce fichier est en QTI 2, et la conversion n’est pas installée.",
            "Installez-la\u00a0: pip install encrier-qti[convert]",
            file=file,
        ) from None
    try:
        made: str = getattr(qti_convert, name)(content)
    except (ValueError, TypeError, AttributeError, KeyError, etree.LxmlError):
        raise XmlRefused(
            "ce fichier QTI 2 n’a pas pu être converti.",
            "Exportez-le en QTI 3 depuis l’outil d’édition.",
            file=file,
        ) from None
    return made.encode("utf-8")


def _place(element: etree._Element, at: int) -> int:
    """Add line ends to white space, so that elements stand where their author wrote them.

    `at` is the line of this element; gives the line where it ends.
    """
    at += (element.text or "").count("\n")
    before: etree._Element | None = None
    for child in element:
        space = (element.text if before is None else before.tail) or ""
        missing = int(child.get(_LINE, "0")) - at
        if missing > 0 and space and not space.strip():
            if before is None:
                element.text = "\n" * missing + space
            else:
                before.tail = "\n" * missing + space
            at += missing
        at = _place(child, at) + (child.tail or "").count("\n")
        before = child
    return at
