# SPDX-License-Identifier: AGPL-3.0-or-later
"""Laws of the import: what holds for every text, every medium, every map and every byte."""

import base64
from xml.sax.saxutils import quoteattr

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from encrier.errors import EncrierError
from encrier_qti.importing.foreign import read_foreign, root_name
from encrier_qti.importing.ready import FOLDER, ready
from encrier_qti.importing.upgrade import is_qti_2, upgrade_item
from encrier_qti.lint import lint_contents
from encrier_qti.reading.item import read_item
from encrier_qti.reading.manifest import read_manifest
from encrier_qti.reading.safe_xml import in_utf_8, parse
from encrier_qti.scoring import compile_item

V2P1 = "http://www.imsglobal.org/xsd/imsqti_v2p1"
V3 = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"

encodings = st.sampled_from(["UTF-8", "UTF-16", "ISO-8859-1", "ISO-8859-15", "windows-1252"])
names = st.from_regex(r"[A-Za-z_][A-Za-z0-9_.-]{0,12}", fullmatch=True)
latin = st.text(st.characters(min_codepoint=0x20, max_codepoint=0xFF, categories=("L", "N", "Zs")))


def old_item(inside: str) -> bytes:
    return (
        f'<assessmentItem xmlns="{V2P1}" identifier="a" title="a" adaptive="false"'
        f' timeDependent="false">{inside}</assessmentItem>'
    ).encode()


@given(latin, encodings)
def test_a_text_is_the_same_in_every_encoding(text: str, encoding: str) -> None:
    written = f'<?xml version="1.0" encoding="{encoding}"?>\n<a>{text}</a>'
    try:
        content = written.encode(encoding)
    except UnicodeEncodeError:
        return  # this text has no form in this encoding
    assert (parse(content, file="a.xml").text or "") == text


@given(st.binary(max_size=200))
def test_any_bytes_are_made_utf_8_or_refused_and_their_root_is_told(content: bytes) -> None:
    assert isinstance(root_name(content), str)
    try:
        made = in_utf_8(content, file="a.xml")
    except EncrierError:
        return
    assert in_utf_8(made, file="a.xml") == made


pieces = st.sampled_from(
    [
        '<?xml version="1.0"?>', "<!-- x -->", "<!DOCTYPE a>", '<!DOCTYPE a SYSTEM "x">',
        "<!DOCTYPE a [", "]>", "<!ENTITY x 'y'>", "&nbsp;", "&x;", "<a>", "</a>", "<![CDATA[",
        "]]>",
        "<assessmentItem identifier='a'>", "</assessmentItem>", "<itemBody>", "</itemBody>", "é",
    ]
)  # fmt: skip


@given(st.lists(pieces, max_size=12))
def test_what_is_read_of_an_older_file_has_no_entity_and_no_document_type(parts: list[str]) -> None:
    try:
        root = read_foreign("".join(parts).encode(), file="a.xml")
    except EncrierError:
        return
    assert not any(isinstance(each, etree._Entity) for each in root.iter())
    assert b"<!" not in etree.tostring(root.getroottree())


NODES = [
    "<p>{}</p>",
    "<choiceInteraction responseIdentifier='R'>{}</choiceInteraction>",
    "<object data='a.png'>{}</object>",
    "<customInteraction><portableCustomInteraction>{}</portableCustomInteraction></customInteraction>",
    "<q:x xmlns:q='http://www.taotesting.com/x' q:y='1'>{}</q:x>",
    "<m:math xmlns:m='http://www.w3.org/1998/Math/MathML'>{}</m:math>",
    "<svg>{}</svg>",
    "<rubricBlock view='scorer'>{}</rubricBlock>",
    "<include href='x.xml'>{}</include>",
    "<responseProcessing template='match_correct'>{}</responseProcessing>",
    "<feedbackBlock\n\n outcomeIdentifier='F'>{}</feedbackBlock>",
]


@st.composite
def bodies(draw: st.DrawFn, depth: int = 3) -> str:
    inside = "".join(draw(st.lists(bodies(depth=depth - 1), max_size=3))) if depth else ""
    space = draw(st.sampled_from(["", "\n", "\n  ", "x"]))
    return space + draw(st.sampled_from(NODES)).format(inside) + draw(st.sampled_from(["", "\n y"]))


@settings(deadline=None)  # a machine that is busy is not a defect
@given(bodies())
def test_whatever_is_in_an_old_item_becomes_qti_3_once(body: str) -> None:
    made = upgrade_item(old_item(f"<itemBody>{body}</itemBody>"), file="a.xml")
    assert not is_qti_2("a.xml", made)
    root = parse(made, file="a.xml")
    assert root.tag == f"{{{V3}}}qti-assessment-item"
    assert not any("encrier" in str(name) for each in root.iter() for name in each.attrib)
    assert ready({"a.xml": made}) == {"a.xml": made}


entries = st.dictionaries(
    st.sampled_from(["York", "york", "YORK", "Bath"]),
    st.tuples(st.integers(-5, 5), st.sampled_from(["", "true", "false"])),
    min_size=1,
)


@settings(deadline=None)
@given(entries, st.sampled_from(["York", "york", "YORK", "Bath", "bath", "Hull"]))
def test_a_map_gives_what_qti_2_says_it_gives(
    written: dict[str, tuple[int, str]], answer: str
) -> None:
    made = "".join(
        f"<mapEntry mapKey='{key}' mappedValue='{value}'"
        + (f" caseSensitive='{sensitive}'/>" if sensitive else "/>")
        for key, (value, sensitive) in written.items()
    )
    inside = (
        "<responseDeclaration identifier='RESPONSE' cardinality='single' baseType='string'>"
        f"<mapping defaultValue='0'>{made}</mapping></responseDeclaration>"
        "<outcomeDeclaration identifier='SCORE' cardinality='single' baseType='float'/>"
        "<responseProcessing template='RPtemplates/map_response.xml'/>"
    )
    read = read_item(upgrade_item(old_item(inside), file="a.xml"), file="a.xml")
    found = compile_item(read).total({"RESPONSE": [answer]})
    exact = [value for key, (value, _) in written.items() if key == answer]
    lax = [
        value
        for key, (value, sensitive) in written.items()
        if sensitive == "false" and key.lower() == answer.lower()
    ]
    assert found in {float(value) for value in exact or lax or [0]}


@given(st.binary(min_size=1, max_size=300), st.sampled_from(["src", "data", "poster"]))
def test_a_medium_written_in_the_xml_is_the_same_as_a_file(medium: bytes, attribute: str) -> None:
    written = base64.encodebytes(medium).decode()
    content = f"<qti-x><img {attribute}='data:image/png;base64,{written}'/></qti-x>"
    made = dict(ready({"items/a.xml": content.encode()}))
    del made["items/a.xml"]
    ((name, held),) = made.items()
    assert held == medium
    assert name.startswith(f"items/{FOLDER}/")


resources = st.lists(st.tuples(names, st.sampled_from(["item", "test", "stimulus"])), max_size=5)


@given(resources)
def test_a_manifest_gives_the_resources_that_were_written(written: list[tuple[str, str]]) -> None:
    listed = "".join(
        f"<resource identifier={quoteattr(name)} type='imsqti_{kind}_xmlv3p0' href='{name}'/>"
        for name, kind in written
    )
    manifest = f"<manifest><resources>{listed}</resources></manifest>".encode()
    found = read_manifest({"imsmanifest.xml": manifest})
    assert [(each.identifier, each.kind) for each in found.resources] == written
    assert [each.path for each in found.files] == [name for name, _ in written]


@settings(deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["imsmanifest.xml", "a.xml", "b.xml", "a.png", "encrier-reporting.json"]),
        st.one_of(
            st.binary(max_size=60),
            bodies().map(lambda body: old_item(f"<itemBody>{body}</itemBody>")),
            st.just(b"<manifest><resources><resource type='imsqti_item_xmlv2p1' href='a.xml'/>"
                    b"</resources></manifest>"),
        ),
        min_size=1,
    )
)  # fmt: skip
def test_whatever_is_in_a_package_it_is_checked(contents: dict[str, bytes]) -> None:
    for finding in lint_contents(contents):
        assert finding.told("fr")
        assert finding.told("en")
