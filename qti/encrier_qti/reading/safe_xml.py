# SPDX-License-Identifier: AGPL-3.0-or-later
"""XML from outside: no document type, no entity, no network, bounded in size and depth.

Knows XML only. Every way in for a hostile file is closed before the parser
sees it: one encoding (UTF-8), no DOCTYPE at all, 5 MB, 200 levels, 50,000 elements.
"""

import re
from typing import Final

from lxml import etree

from encrier_qti.errors import NotSupported, XmlRefused
from encrier_qti.model import Node

QTI: Final = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
MATHML: Final = "http://www.w3.org/1998/Math/MathML"
SVG: Final = "http://www.w3.org/2000/svg"
XML: Final = "http://www.w3.org/XML/1998/namespace"
LANG: Final = f"{{{XML}}}lang"

MAX_SIZE: Final = 5 * 1024 * 1024  # bytes; the largest real item seen has 60 kB
MAX_DEPTH: Final = 200  # libxml2 itself stops at 256
MAX_ELEMENTS: Final = 50_000  # a long item has a thousand, a manifest of 5,000 files 20,000

_DECLARED: Final = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([^"']{1,40})["']""")
_UTF_8: Final = {b"utf-8", b"utf8", b"us-ascii", b"ascii"}


def parse(content: bytes, *, file: str) -> etree._Element:
    """Give the root of an XML file, or refuse the file with the line that is wrong."""
    if len(content) > MAX_SIZE:
        raise XmlRefused(
            "ce fichier XML dépasse {size} Mo.",
            "Mettez les images et les sons dans des fichiers à part.",
            file=file,
            size=MAX_SIZE // 1024 // 1024,
        )
    _refuse_other_encodings(content, file)
    start = content.find(b"<!DOCTYPE")
    if start >= 0:
        raise XmlRefused(
            "une déclaration DOCTYPE n’est pas admise (elle peut cacher des entités).",
            "Supprimez-la : un fichier QTI 3 n’en a pas besoin.",
            file=file,
            line=content.count(b"\n", 0, start) + 1,
        )
    try:
        root = etree.fromstring(content, _parser())
    except etree.XMLSyntaxError as error:
        raise XmlRefused(file=file, line=error.lineno or 0) from None
    _refuse_monsters(root, file)
    return root


def local(element: etree._Element) -> str:
    """The name of an element without its namespace."""
    return etree.QName(element).localname


def namespace(element: etree._Element) -> str:
    """The namespace of an element, or nothing."""
    return etree.QName(element).namespace or ""


def line(element: etree._Element) -> int:
    """The line where an element starts in its file; 0 for one that was made."""
    found = element.sourceline
    return found if isinstance(found, int) else 0


def require_qti3(root: etree._Element, name: str, *, file: str) -> None:
    """Refuse a root that is not this element of QTI 3."""
    space = namespace(root)
    if "imsqti_v2" in space or "imsqti_v1" in space:
        raise NotSupported(
            "ce fichier est en QTI 2.",
            "Convertissez le paquet en QTI 3 avant de l’importer.",
            file=file,
            line=line(root),
        )
    if space != QTI or local(root) != name:
        raise XmlRefused(
            "l’élément attendu est {name}, en QTI 3.0.",
            "Vérifiez la version choisie à l’export.",
            file=file,
            line=line(root),
            name=name,
        )


def to_node(element: etree._Element, *, file: str) -> Node:
    """Turn an element into a frozen node; foreign namespaces keep their full name."""
    name = local(element) if namespace(element) == QTI else str(element.tag)
    return Node(
        name=name,
        file=file,
        line=line(element),
        attributes={str(key): str(value) for key, value in element.attrib.items()},
        children=tuple(to_node(child, file=file) for child in element),
        text=element.text or "",
    )


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,  # a comment may hold a key
        remove_pis=True,
    )


def _refuse_other_encodings(content: bytes, file: str) -> None:
    declared = _DECLARED.match(content.removeprefix(b"\xef\xbb\xbf"))
    try:
        content.decode("utf-8")
        right = not declared or declared[1].lower() in _UTF_8
    except UnicodeDecodeError:
        right = False
    if not right or b"\0" in content:
        raise XmlRefused("ce fichier n’est pas en UTF-8.", "Enregistrez-le en UTF-8.", file=file)


def _refuse_monsters(root: etree._Element, file: str) -> None:
    level, count = [root], 1
    for _ in range(MAX_DEPTH):
        level = [child for element in level for child in element]
        count += len(level)
        if not level:
            return
        if count > MAX_ELEMENTS:
            raise XmlRefused(
                "plus de {most} éléments sont dans ce fichier.",
                "Coupez-le en plusieurs.",
                file=file,
                most=MAX_ELEMENTS,
            )
    raise XmlRefused(
        "plus de {most} éléments sont imbriqués.",
        "Simplifiez la mise en page.",
        file=file,
        most=MAX_DEPTH,
        line=line(level[0]),
    )
