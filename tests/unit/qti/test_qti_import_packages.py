# SPDX-License-Identifier: AGPL-3.0-or-later
"""Packages of every layout open as one kind of package."""

import base64
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from lxml import etree

from encrier_qti.errors import ContentRefused, PackageRefused
from encrier_qti.importing.ready import ready
from encrier_qti.importing.upgrade import is_qti_2
from encrier_qti.lint import lint, lint_contents
from encrier_qti.package import open_package, package_from, tests_of
from encrier_qti.reading import archive
from encrier_qti.reading.manifest import read_manifest

QTI3 = 'xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0"'
QTI2 = 'xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1"'
CP = 'xmlns="http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1"'


def item(name: str, body: str = "") -> bytes:
    return (
        f'<qti-assessment-item {QTI3} identifier="{name}" title="{name}" adaptive="false"'
        f' time-dependent="false"><qti-item-body>{body}</qti-item-body></qti-assessment-item>'
    ).encode()


def old_item(name: str, body: str = "") -> bytes:
    return (
        f'<assessmentItem {QTI2} identifier="{name}" title="{name}" adaptive="false"'
        f' timeDependent="false"><itemBody>{body}</itemBody></assessmentItem>'
    ).encode()


def test_of(name: str, *items: str) -> bytes:
    refs = "".join(
        f'<qti-assessment-item-ref identifier="{each}" href="{each}.xml"/>' for each in items
    )
    return (
        f'<qti-assessment-test {QTI3} identifier="{name}" title="{name}">'
        '<qti-test-part identifier="P" navigation-mode="linear" submission-mode="individual">'
        f'<qti-assessment-section identifier="S" title="S" visible="true">{refs}'
        "</qti-assessment-section></qti-test-part></qti-assessment-test>"
    ).encode()


test_of.__test__ = False  # type: ignore[attr-defined]  # it makes a test, it is none
tests_of.__test__ = False  # type: ignore[attr-defined]  # the same


def manifest(*resources: str) -> bytes:
    listed = "".join(resources)
    return f'<manifest {CP} identifier="M"><resources>{listed}</resources></manifest>'.encode()


def resource(kind: str, path: str, inside: str = "") -> str:
    return (
        f'<resource identifier="R-{path}" type="imsqti_{kind}_xmlv3p0" href="{path}">'
        f'<file href="{path}"/>{inside}</resource>'
    )


def two_tests() -> Mapping[str, bytes]:
    names = ("one", "two")
    return {
        "imsmanifest.xml": manifest(*(resource("test", f"{name}.xml") for name in names)),
        **{f"{name}.xml": test_of(name, f"item-{name}") for name in names},
        **{f"item-{name}.xml": item(f"item-{name}") for name in names},
    }


def test_items_without_a_test_make_a_test_in_the_order_of_the_manifest() -> None:
    listed = manifest(resource("item", "b.xml"), resource("item", "a.xml"))
    package = package_from({"imsmanifest.xml": listed, "a.xml": item("a"), "b.xml": item("b")})
    assert list(package.items) == ["b", "a"]
    assert [ref.identifier for ref in package.assessment.refs()] == ["b", "a"]


def test_two_items_of_one_name_both_open() -> None:
    listed = manifest(resource("item", "a.xml"), resource("item", "b.xml"))
    package = package_from({"imsmanifest.xml": listed, "a.xml": item("x"), "b.xml": item("x")})
    assert {name: each.file for name, each in package.items.items()} == {
        "x": "a.xml",
        "x-2": "b.xml",
    }


@pytest.mark.parametrize(
    ("first", "second", "lang"), [("en", "en", "en"), ("en", "fr", "fr"), ("", "", "fr")]
)
def test_a_test_made_of_items_has_their_language(first: str, second: str, lang: str) -> None:
    a, b = (
        item(name).replace(
            b" title=", f' xml:lang="{each}" title='.encode() if each else b" title="
        )
        for name, each in (("a", first), ("b", second))
    )
    assert package_from({"a.xml": a, "b.xml": b}).assessment.lang == lang


def test_of_several_tests_one_is_chosen_by_its_path() -> None:
    contents = two_tests()
    assert tests_of(read_manifest(contents)) == ("one.xml", "two.xml")
    assert list(package_from(contents, test="two.xml").items) == ["item-two"]
    with pytest.raises(ContentRefused, match=r"2 y sont\s: one\.xml, two\.xml\."):
        package_from(contents)


def test_one_folder_around_everything_is_passed_through(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as package:
        for name, content in two_tests().items():
            package.writestr(f"export/{name}", content)
    assert set(archive.read(path)) == set(two_tests())


def test_several_packages_in_one_zip_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as package:
        for name, content in two_tests().items():
            package.writestr(f"one/{name}", content)
            package.writestr(f"two/{name}", content)
    with pytest.raises(PackageRefused, match=r"imsmanifest\.xml"):
        open_package(path)


@pytest.mark.parametrize("make", [item, old_item])
def test_an_item_given_alone_is_a_package_with_what_it_names(
    tmp_path: Path, make: type[bytes]
) -> None:
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "a.png").write_bytes(b"picture")
    (tmp_path / "b.png").write_bytes(b"not named")
    (tmp_path / "secret.txt").write_bytes(b"named, but no medium")
    body = "<p><img src='media/a.png' alt=''/><a href='secret.txt'>x</a></p>"
    (tmp_path / "a.xml").write_bytes(make("a", body))
    package = open_package(tmp_path / "a.xml")
    assert list(package.items) == ["a"]
    assert set(package.contents) == {"a.xml", "media/a.png"}


def test_a_file_that_is_no_qti_is_refused_in_its_own_words(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_bytes(b"<html/>")
    with pytest.raises(ContentRefused, match="ni un item, ni un test"):
        open_package(tmp_path / "a.xml")


@pytest.mark.parametrize(
    "href", ["../up.png", "/etc/up.png", "file:///etc/up.png", "link.png", "links/up.png"]
)
def test_a_file_given_alone_brings_nothing_from_outside_its_folder(
    tmp_path: Path, href: str
) -> None:
    (tmp_path / "up.png").write_bytes(b"outside")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "link.png").symlink_to(tmp_path / "up.png")
    (folder / "links").symlink_to(tmp_path)
    (folder / "a.xml").write_bytes(item("a", f"<p><img src='{href}' alt=''/></p>"))
    assert set(archive.read(folder / "a.xml")) == {"a.xml"}
    (tmp_path / "alias.xml").symlink_to(folder / "a.xml")
    assert set(archive.read(tmp_path / "alias.xml")) == {"a.xml"}


def test_a_manifest_gives_its_resources_as_they_are_written() -> None:
    lom = '<lom xmlns="http://ltsc.ieee.org/xsd/LOM"><general>é</general></lom>'
    first = resource("item", "a.xml", f'<dependency identifierref="D"/><metadata>{lom}</metadata>')
    found = read_manifest(
        {
            "imsmanifest.xml": manifest(
                first.replace("<resource ", '<resource xml:base="items/" '),
                '<resource identifier="L" type="imslti" href="https://example.org/"/>',
            )
        }
    )
    one, other = found.resources
    assert (one.kind, one.href, one.files) == ("item", "items/a.xml", ("items/a.xml",))
    assert one.dependencies == ("D",)
    assert etree.fromstring(one.metadata)[0][0].text == "é"
    assert (other.kind, other.href, other.files) == ("", "", ())
    assert [each.path for each in found.files] == ["items/a.xml", "items/a.xml"]


def test_what_a_manifest_names_outside_the_package_is_refused() -> None:
    with pytest.raises(ContentRefused, match="sort du paquet"):
        read_manifest({"imsmanifest.xml": manifest(resource("item", "../a.xml"))})


def test_a_picture_written_in_the_xml_becomes_a_file() -> None:
    picture = base64.encodebytes(b"\x89PNG" * 40).decode()
    body = f"<p>\n<img src='data:image/png;base64,{picture}' alt='x'/>\n<br/></p>"
    made = ready({"items/a.xml": item("a", body)})
    (name,) = set(made) - {"items/a.xml"}
    assert made[name] == b"\x89PNG" * 40
    assert name.startswith("items/encrier-media/")
    (image,) = etree.fromstring(made["items/a.xml"]).iter("{*}img")
    assert f"items/{image.get('src')}" == name
    assert ready(made) == made


def test_what_is_not_a_medium_stays_where_it_is_written() -> None:
    body = "<p><a href='data:text/html;base64,PGI+'>x</a></p>"
    contents = {"a.xml": item("a", body)}
    assert ready(contents) == contents


def test_what_an_old_item_includes_is_upgraded_with_it() -> None:
    include = "<xi:include xmlns:xi='http://www.w3.org/2001/XInclude' href='p.xml'/>"
    contents = {
        "imsmanifest.xml": manifest(resource("item", "a.xml")),
        "a.xml": old_item("a", include),
        "p.xml": b"<div><textEntryInteraction responseIdentifier='R'/></div>",
    }
    (interaction,) = package_from(contents).items["a"].interactions
    assert interaction.name == "text-entry"


@pytest.mark.parametrize("href", ["https://example.org/a.png", "../../a.png", "data:image/png,x"])
def test_a_picture_from_elsewhere_does_not_stop_the_scoring_but_the_delivery(href: str) -> None:
    contents = {
        "imsmanifest.xml": manifest(resource("item", "a.xml")),
        "a.xml": item("a", f"<p><img src='{href}' alt='x'/></p>"),
    }
    package = package_from(contents)
    assert package.items["a"].media == ()
    assert "cannot-travel" in {each.kind for each in lint(package)}


def test_a_part_of_an_old_item_is_known_by_its_namespace() -> None:
    part = b'<!-- x --><q:div xmlns:q="http://www.imsglobal.org/xsd/imsqti_v2p2"/>'
    other = b'<div xmlns:q="http://www.imsglobal.org/xsd/imsqti_v2p2"/>'
    assert [is_qti_2("a.xml", each) for each in (part, other)] == [True, False]


def test_every_old_item_that_cannot_be_converted_is_told() -> None:
    broken = old_item("a").replace(b"</itemBody>", b"")
    contents = {"a.xml": broken, "b.xml": broken, "c.xml": old_item("c")}
    found = lint_contents(contents)
    assert [(each.kind, each.file) for each in found] == [
        ("unreadable", "a.xml"),
        ("unreadable", "b.xml"),
    ]
