# SPDX-License-Identifier: AGPL-3.0-or-later
"""Packages and XML made to harm: each trick is refused, by name, and costs little."""

import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree

from encrier_qti.errors import ContentRefused, NotSupported, PackageRefused, XmlRefused
from encrier_qti.reading import archive
from encrier_qti.reading.references import resolve
from encrier_qti.reading.safe_xml import MAX_DEPTH, MAX_ELEMENTS, MAX_SIZE, line, parse


def zipped(path: Path, write: Callable[[zipfile.ZipFile], None]) -> Path:
    with zipfile.ZipFile(path / "package.zip", "w", zipfile.ZIP_DEFLATED) as package:
        write(package)
    return path / "package.zip"


def with_entry(path: Path, name: str, content: bytes = b"x") -> Path:
    return zipped(path, lambda package: package.writestr(zipfile.ZipInfo(name), content))


def test_a_plain_zip_and_its_folder_give_the_same_files(tmp_path: Path) -> None:
    folder = tmp_path / "package"
    (folder / "items").mkdir(parents=True)
    (folder / "items" / "a.xml").write_bytes(b"<a/>")
    (folder / ".DS_Store").write_bytes(b"left by a system")
    path = with_entry(tmp_path, "items/a.xml", b"<a/>")
    assert archive.read(path) == archive.read(folder) == {"items/a.xml": b"<a/>"}


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd",
        "items/../../up.xml",
        "/etc/passwd",
        "C:/windows/a.xml",
        "items\\..\\a.xml",
        "items//a.xml",
        "./a.xml",
        "items/a\n.xml",
        "items/e\u0301.xml",
        "a" * 300 + ".xml",
    ],
)
def test_a_path_that_leaves_the_package_or_is_odd_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(PackageRefused):
        archive.read(with_entry(tmp_path, name))


def test_accents_as_a_mac_writes_them_are_told_as_such(tmp_path: Path) -> None:
    with pytest.raises(PackageRefused, match=r"^items/é\.xml\s: les accents"):
        archive.read(with_entry(tmp_path, "items/e\u0301.xml"))


def test_a_symbolic_link_in_a_zip_is_refused(tmp_path: Path) -> None:
    def write(package: zipfile.ZipFile) -> None:
        link = zipfile.ZipInfo("items/a.xml")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        package.writestr(link, "/etc/passwd")

    with pytest.raises(PackageRefused, match="lien symbolique"):
        archive.read(zipped(tmp_path, write))


def test_a_symbolic_link_in_a_folder_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "package"
    folder.mkdir()
    (folder / "a.xml").symlink_to("/etc/passwd")
    with pytest.raises(PackageRefused, match="lien symbolique"):
        archive.read(folder)


def test_a_file_that_unfolds_two_hundred_times_is_refused(tmp_path: Path) -> None:
    bomb = b"\0" * (archive.RATIO_FROM + 1)
    path = zipped(tmp_path, lambda package: package.writestr("bomb.png", bomb))
    with pytest.raises(PackageRefused, match="piégée"):
        archive.read(path)


def test_a_false_size_is_found_before_more_is_read(tmp_path: Path) -> None:
    path = with_entry(tmp_path, "a.txt", b"x" * 1000)
    content = path.read_bytes()
    claimed, real = (10).to_bytes(4, "little"), (1000).to_bytes(4, "little")
    path.write_bytes(content.replace(real, claimed))
    with pytest.raises(PackageRefused):
        archive.read(path)


def test_too_many_files_are_refused(tmp_path: Path) -> None:
    def write(package: zipfile.ZipFile) -> None:
        for rank in range(archive.MAX_FILES + 1):
            package.writestr(f"{rank}.txt", b"")

    with pytest.raises(PackageRefused, match="fichiers"):
        archive.read(zipped(tmp_path, write))


def test_too_large_a_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    folder = tmp_path / "package"
    folder.mkdir()
    with (folder / "video.mp4").open("wb") as video:
        video.truncate(archive.MAX_FILE + 1)
    with pytest.raises(PackageRefused, match="Mo"):
        archive.read(folder)


def test_an_encrypted_entry_is_refused(tmp_path: Path) -> None:
    path = with_entry(tmp_path, "a.txt")
    content = bytearray(path.read_bytes())
    content[content.index(b"PK\x01\x02") + 8] |= 1  # the flag in the central directory
    path.write_bytes(bytes(content))
    with pytest.raises(PackageRefused, match="chiffré"):
        archive.read(path)


def test_two_names_that_differ_by_case_are_refused(tmp_path: Path) -> None:
    def write(package: zipfile.ZipFile) -> None:
        package.writestr("a.xml", b"1")
        package.writestr("A.xml", b"2")

    with pytest.raises(PackageRefused, match="même nom"):
        archive.read(zipped(tmp_path, write))


def test_an_unknown_compression_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "package.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as package:
        package.writestr("a.txt", b"x" * 100)
    with pytest.raises(PackageRefused, match="compression"):
        archive.read(path)


def test_what_is_not_a_zip_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "package.zip"
    path.write_bytes(b"%PDF-1.7")
    with pytest.raises(PackageRefused, match="zip"):
        archive.read(path)


# --- XML ---

BILLION = b"""<?xml version="1.0"?>
<!DOCTYPE lolz [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>
<item>&c;</item>"""
EXTERNAL = b'<!DOCTYPE item [<!ENTITY x SYSTEM "file:///etc/passwd">]><item>&x;</item>'
REMOTE = b'<!DOCTYPE item SYSTEM "http://127.0.0.1:1/evil.dtd"><item/>'
PARAMETER = b'<!DOCTYPE item [<!ENTITY % p SYSTEM "http://127.0.0.1:1/p">%p;]><item/>'


@pytest.mark.parametrize("content", [BILLION, EXTERNAL, REMOTE, PARAMETER])
def test_a_document_type_is_refused_with_its_line(content: bytes) -> None:
    with pytest.raises(XmlRefused, match="DOCTYPE") as caught:
        parse(content, file="a.xml")
    assert caught.value.line == (2 if content is BILLION else 1)


def test_an_entity_without_document_type_is_refused() -> None:
    with pytest.raises(XmlRefused):
        parse(b"<item>&secret;</item>", file="a.xml")


@pytest.mark.parametrize(
    "content",
    [
        b'<?xml version="1.0" encoding="UTF-7"?><item/>',
        b'<?xml version="1.0" encoding="UTF-32"?><item/>',
        '<?xml version="1.0"?><item>é</item>'.encode("latin-1"),
        '<?xml version="1.0" encoding="UTF-16"?><item>é</item>'.encode("latin-1"),
        "<item/>".encode("utf-32"),
        b"<item>\0</item>",
    ],
)
def test_an_encoding_that_is_not_read_or_not_the_one_declared_is_refused(content: bytes) -> None:
    with pytest.raises(XmlRefused, match="UTF-8"):
        parse(content, file="a.xml")


@pytest.mark.parametrize(
    "content",
    [
        '<?xml version="1.0" encoding="UTF-16"?>\n<item>é</item>'.encode("utf-16"),
        '<?xml version="1.0" encoding="UTF-16"?>\n<item>é</item>'.encode("utf-16-be"),
        '<?xml version="1.0" encoding="ISO-8859-1"?>\n<item>é</item>'.encode("latin-1"),
        '<?xml version="1.0" encoding="utf-16"?>\n<item>é</item>'.encode(),
        '<?xml version="1.0" encoding="macintosh"?>\n<item>é</item>'.encode("mac-roman"),
        '<?xml version="1.0" encoding="Windows-1252"?>\n<item>é</item>'.encode("cp1252"),
    ],
)
def test_older_encodings_are_read_and_lines_stay(content: bytes) -> None:
    root = parse(content, file="a.xml")
    assert (root.text, line(root)) == ("é", 2)


def test_cyrillic_is_read_in_its_own_code_page() -> None:
    content = '<?xml version="1.0" encoding="windows-1251"?><item>да</item>'.encode("cp1251")
    assert parse(content, file="a.xml").text == "да"


def test_a_document_type_is_found_in_every_encoding() -> None:
    with pytest.raises(XmlRefused, match="DOCTYPE"):
        parse('<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'.encode("utf-16"), file="a.xml")


def test_too_large_a_file_is_refused() -> None:
    with pytest.raises(XmlRefused, match="Mo"):
        parse(b"<a>" + b" " * MAX_SIZE + b"</a>", file="a.xml")


def test_too_many_elements_are_refused() -> None:
    with pytest.raises(XmlRefused, match="éléments"):
        parse(b"<a>" + b"<b/>" * MAX_ELEMENTS + b"</a>", file="a.xml")


def test_too_deep_a_file_is_refused() -> None:
    for depth in (MAX_DEPTH + 2, 100_000):
        with pytest.raises(XmlRefused):
            parse(b"<a>" * depth + b"</a>" * depth, file="a.xml")


def test_a_comment_is_gone_once_read() -> None:
    assert b"cle" not in etree.tostring(parse(b"<a><!-- cle B --><?cle B?></a>", file="a.xml"))


def test_a_broken_file_is_refused_with_its_line() -> None:
    with pytest.raises(XmlRefused) as caught:
        parse(b"<a>\n<b>\n</a>", file="items/a.xml")
    assert (caught.value.file, caught.value.line) == ("items/a.xml", 3)


@pytest.mark.parametrize(
    "href",
    [
        "http://example.org/a.png",
        "//example.org/a.png",
        "file:///etc/passwd",
        "data:image/png;base64,AAAA",
        "../../a.png",
        "..%2F..%2Fa.png",
        "/a.png",
        "http://[",
        "",
    ],
)
def test_a_reference_out_of_the_package_is_refused(href: str) -> None:
    element = etree.Element("img")
    if href == "":
        assert resolve(href, element, file="items/a.xml") == "items"
        return
    with pytest.raises((ContentRefused, NotSupported)):
        resolve(href, element, file="items/a.xml")
