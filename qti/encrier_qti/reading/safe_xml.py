# SPDX-License-Identifier: AGPL-3.0-or-later
"""XML from outside: no document type, no entity, no network, bounded in size and depth.

Knows XML only. Every way in for a hostile file is closed before the parser
sees it: encodings on a list, made UTF-8 by Python, no DOCTYPE at all, 5 MB,
200 levels, 50,000 elements.
"""

import codecs
import re
from collections.abc import Mapping
from typing import Final, cast

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
MAX_ATTRIBUTES: Final = 500  # of one element; libxml2 takes a time that grows with their square
MAX_ELEMENTS: Final = 50_000  # a long item has a thousand, a manifest of 5,000 files 20,000

_DECLARATION: Final = re.compile(rb"""^\s*<\?xml\b[^>]{0,300}\?>""")
_DECLARED: Final = re.compile(rb"""encoding\s*=\s*["']([^"']{1,40})["']""")
# By the name that a file declares. An ASCII file is a UTF-8 one; one that says UTF-16 and
# is not, as .NET writes them, is in UTF-8.
_CODECS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("utf-8", "utf8", "us-ascii", "ascii", "utf-16"), "utf-8"),
    **{name: name for name in (f"iso-8859-{part}" for part in range(1, 17) if part != 12)},  # noqa: PLR2004  there is no part 12
    **{name: name for name in (f"windows-{page}" for page in range(1250, 1259))},
    "latin1": "iso-8859-1",
    "cp1252": "windows-1252",
    "koi8-r": "koi8-r",
    "macintosh": "mac-roman",
}
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)


def parse(content: bytes, *, file: str) -> etree._Element:
    """Give the root of an XML file, or refuse the file with the line that is wrong."""
    content = in_utf_8(content, file=file)
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
    refuse_monsters(root, file)
    return root


def in_utf_8(content: bytes, *, file: str) -> bytes:
    """Give an XML file in UTF-8, its lines where they were.

    Reads UTF-8, UTF-16, ISO-8859, the code pages of Windows and a few others.
    The XML declaration, which may now be wrong, leaves blanks. Raises XmlRefused.
    """
    if len(content) > MAX_SIZE:
        raise XmlRefused(
            "ce fichier XML dépasse {size} Mo.",
            "Mettez les images et les sons dans des fichiers à part.",
            file=file,
            size=MAX_SIZE // 1024 // 1024,
        )
    try:
        text = content.decode(_codec(content))
    except (UnicodeDecodeError, LookupError):
        text = "\0"
    if "\0" in text:
        raise XmlRefused(
            "l’encodage de ce fichier n’est pas celui qu’il annonce, ou n’est pas lu.",
            "Enregistrez-le en UTF-8.",
            file=file,
        )
    return _DECLARATION.sub(_blank, text.encode("utf-8"))


def _codec(content: bytes) -> str:
    """The codec of a file, by its first bytes or by what it declares. Raises LookupError."""
    for mark, name in _MARKS:
        if content.startswith(mark):
            return name
    declaration = _DECLARATION.match(content)
    declared = _DECLARED.search(declaration[0]) if declaration else None
    return _CODECS[declared[1].decode("ascii", "replace").lower()] if declared else "utf-8"


def _blank(found: re.Match[bytes]) -> bytes:
    return re.sub(rb"[^\n]", b" ", found[0])


def local(element: etree._Element) -> str:
    """The name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def namespace(element: etree._Element) -> str:
    """The namespace of an element, or nothing."""
    return str(element.tag).rpartition("}")[0][1:]


def default_namespace(space: str) -> dict[str, str]:
    """A namespace map that makes a namespace the default one."""
    return cast("dict[str, str]", {None: space})  # lxml takes None as a prefix, its stubs do not


def is_true(element: etree._Element, attribute: str) -> bool:
    """Whether an attribute says true, which XML Schema writes 1 too."""
    return element.get(attribute, "").strip() in {"true", "1"}


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


def refuse_monsters(root: etree._Element, file: str) -> None:
    """Refuse a tree of too many elements, levels or attributes, with the line of one of them."""
    level, count = [root], 1
    for _ in range(MAX_DEPTH):
        _refuse_crowded(level, file)
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


def _refuse_crowded(level: list[etree._Element], file: str) -> None:
    for element in level:
        if len(element.attrib) > MAX_ATTRIBUTES:
            raise XmlRefused(
                "un élément a plus de {most} attributs.",
                "Mettez ces réglages dans un fichier à part.",
                file=file,
                most=MAX_ATTRIBUTES,
                line=line(element),
            )
