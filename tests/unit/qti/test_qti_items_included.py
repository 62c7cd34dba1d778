# SPDX-License-Identifier: AGPL-3.0-or-later
"""Parts of items kept in other files of the package: inclusions, templates, fragments."""

import contextlib
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encrier_qti.errors import ContentRefused, QtiError, XmlRefused
from encrier_qti.model import Item
from encrier_qti.reading.inclusion import MAX_LEVELS
from encrier_qti.reading.item import read_item
from encrier_qti.scoring import compile_item
from encrier_qti.values import real

NAMESPACE = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
XI = 'xmlns:xi="http://www.w3.org/2001/XInclude"'
SCORE = '<qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float"/>'
TWO = """<qti-set-outcome-value identifier="SCORE"><qti-base-value base-type="float">2
  </qti-base-value></qti-set-outcome-value>"""

each = pytest.mark.parametrize


def read(inside: str, *, files: Mapping[str, bytes] | None = None, body: str = "") -> Item:
    xml = f"""<qti-assessment-item xmlns="{NAMESPACE}" {XI} identifier="a" title="a">
      {inside}<qti-item-body>{body}</qti-item-body></qti-assessment-item>"""
    return read_item(xml.encode(), file="items/a.xml", files=files)


# --- inclusions ---


def part(inside: str) -> bytes:
    return f'<div xmlns="{NAMESPACE}" {XI}>{inside}</div>'.encode()


INCLUDE = '<xi:include href="{0}"/>'
CHOICE = """<qti-choice-interaction response-identifier="RESPONSE">
  <qti-simple-choice identifier="A"/></qti-choice-interaction>"""


def test_a_file_of_the_package_takes_the_place_of_its_inclusion() -> None:
    files = {"items/part.xml": part(CHOICE)}
    item = read("", body=f"avant{INCLUDE.format('part.xml')}après", files=files)
    assert item.interactions[0].choices == ("A",)
    assert item.interactions[0].line == 2  # that of the inclusion, in the item
    assert [one.path for one in item.included] == ["items/part.xml"]


class OnDemand(dict[str, bytes]):
    """Files that are read when asked for: how many there are is not known."""

    def __len__(self) -> int:
        return 0


def test_files_that_cannot_be_counted_can_be_included() -> None:
    files = OnDemand({"items/part.xml": part(CHOICE)})
    assert read("", body=INCLUDE.format("part.xml"), files=files).interactions


def test_media_of_an_included_file_are_found_from_its_own_folder() -> None:
    files = {
        "shared/one.xml": part(f'<img src="i.png" alt=""/>{INCLUDE.format("deep/two.xml")}'),
        "shared/deep/two.xml": part('<img src="j.png" alt=""/>'),
    }
    item = read("", body=INCLUDE.format("../shared/one.xml"), files=files)
    assert [one.path for one in item.media] == ["shared/i.png", "shared/deep/j.png"]


@each(
    "href",
    ["", "none.xml", "../../x.xml", "http://example.org/x.xml", "file:///etc/passwd", "a.xml"],
)
def test_an_inclusion_from_elsewhere_or_of_nothing_is_refused(href: str) -> None:
    with pytest.raises(ContentRefused) as caught:
        read("", body=INCLUDE.format(href), files={"items/a.xml": part("")})
    assert caught.value.line == 2


@each("how", ['parse="text"', 'xpointer="x"'])
def test_only_whole_xml_is_included(how: str) -> None:
    with pytest.raises(ContentRefused):
        read("", body=f'<xi:include href="part.xml" {how}/>', files={"items/part.xml": part("")})


def test_inclusions_in_a_circle_or_too_deep_are_refused() -> None:
    circle = {
        "items/b.xml": part(INCLUDE.format("c.xml")),
        "items/c.xml": part(INCLUDE.format("b.xml")),
    }
    with pytest.raises(ContentRefused):
        read("", body=INCLUDE.format("b.xml"), files=circle)

    def chain(n: int) -> dict[str, bytes]:
        links = {f"items/{i}.xml": part(INCLUDE.format(f"{i + 1}.xml")) for i in range(1, n)}
        return links | {f"items/{n}.xml": part(CHOICE)}

    assert read("", body=INCLUDE.format("1.xml"), files=chain(MAX_LEVELS)).interactions
    with pytest.raises(ContentRefused):
        read("", body=INCLUDE.format("1.xml"), files=chain(MAX_LEVELS + 1))


def test_inclusions_cannot_add_up_to_a_monster() -> None:
    files = {"items/part.xml": part("<p/>" * 9_000)}
    with pytest.raises(XmlRefused):
        read("", body=INCLUDE.format("part.xml") * 6, files=files)


def test_inclusions_cannot_add_up_to_an_abyss() -> None:
    deep = "<div>" * 150 + "{0}" + "</div>" * 150
    files = {
        "items/b.xml": part(deep.format(INCLUDE.format("c.xml"))),
        "items/c.xml": part(deep.format("")),
    }
    with pytest.raises(XmlRefused):
        read("", body=INCLUDE.format("b.xml"), files=files)


def test_an_included_file_is_parsed_as_warily_as_an_item() -> None:
    hostile = b'<!DOCTYPE d [<!ENTITY e "x">]><div>&e;</div>'
    with pytest.raises(XmlRefused):
        read("", body=INCLUDE.format("part.xml"), files={"items/part.xml": hostile})


@given(st.text(alphabet="<>/xi:nclude=\"'ab.&; ", max_size=60))
def test_any_inclusion_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(QtiError):
        read("", body=f"<xi:include {text}/>", files={"items/b": part(f"<xi:include {text}/>")})


# --- response processing kept in a file ---

RULES = f"""<qti-response-processing xmlns="{NAMESPACE}">
  {TWO}
  </qti-response-processing>""".encode()


@each("attribute", ["template", "template-location"])
def test_a_template_of_the_package_is_run(attribute: str) -> None:
    named = f'<qti-response-processing {attribute}="../rp/two.xml"/>'
    item = read(SCORE + named, files={"rp/two.xml": RULES})
    assert compile_item(item).score({})["SCORE"] == real(2.0)


@each("href", ["../rp/none.xml", "https://example.org/rp/two.xml", "urn:x:two", "http://["])
def test_a_template_from_elsewhere_is_refused(href: str) -> None:
    item = read(
        f'{SCORE}<qti-response-processing template-location="{href}"/>',
        files={"rp/two.xml": RULES},
    )
    with pytest.raises(QtiError):
        compile_item(item)


def test_a_fragment_of_the_package_is_run_in_its_place() -> None:
    fragment = RULES.replace(b"qti-response-processing", b"qti-response-processing-fragment")
    item = read(
        f"""{SCORE}<qti-response-processing>
          <qti-response-processing-fragment>{INCLUDE.format("f.xml")}
          </qti-response-processing-fragment></qti-response-processing>""",
        files={"items/f.xml": fragment},
    )
    assert compile_item(item).score({})["SCORE"] == real(2.0)
