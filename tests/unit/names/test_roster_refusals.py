# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files that are not rosters, and files built to harm: refused, and told why in French."""

import io
import re
import struct
import zipfile
from pathlib import Path
from typing import Any

import pytest

from encrier_names.rosters import Level, read
from encrier_names.rosters.defects import KINDS, defect
from encrier_names.rosters.files.archive import MAX_UNPACKED
from encrier_names.rosters.identifiers import BadUai
from encrier_names.rosters.reader import MAX_BYTES
from encrier_names.rosters.refusals import (
    DamagedFile,
    NotARoster,
    RosterRefused,
    TooLarge,
    UnsafeFile,
)

SPEC = Path(__file__).parents[3] / "docs" / "spec" / "rosters.md"
EMPTY = "<BEE_ELEVES><PARAMETRES/><DONNEES/></BEE_ELEVES>"


def give(content: bytes, name: str = "liste.csv") -> None:
    read(content, file_name=name, expected_uai=None, levels=frozenset(Level))


def zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "seen"),
    [
        (b"%PDF-1.7\n%\xe2\xe3", "C’est un PDF, bien que son nom finisse par «\u00a0.csv\u00a0»."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "classeur"),
        (zipped({"word/document.xml": b"<x/>"}), "Word"),
        (zipped({"mimetype": b"x", "META-INF/manifest.xml": b"<x/>"}), "LibreOffice"),
        (b"\x89PNG\r\n\x1a\n", "image"),
        (b"\x1f\x8b\x08\x00", "gzip"),
        ("Nom;Prénom;Niveau".encode("utf-16"), "UTF-16"),
        (b"MZ\x90\x00\x03", "pas un texte"),
        (b"bonjour\nmonsieur", "avec une ligne de titres"),
        (b"<BEE_RESPONSABLES/>", "responsables"),
        (b"<STS_EDT/>", "services"),
        (b"<autre/>", "XML n’est pas un export"),
        (zipped({"lisez-moi.txt": b"x"}), "ne contient aucune liste"),
        (zipped({"a.xml": EMPTY.encode(), "b.xml": EMPTY.encode()}), "plusieurs fichiers"),
    ],
)
def test_another_document_is_named_for_what_it_is(content: bytes, seen: str) -> None:
    with pytest.raises(NotARoster) as refused:
        give(content)
    assert seen in refused.value.what_happened
    assert refused.value.what_next.endswith((".", "»."))


def test_a_sign_in_page_saved_in_place_of_the_file_is_recognised() -> None:
    with pytest.raises(RosterRefused, match="page web"):
        give(b"\n<!DOCTYPE html><html><body>Connexion</body></html>", "CSVExtraction.csv")


@pytest.mark.parametrize("content", [b"", b" \r\n\t"])
def test_an_empty_file_is_said_to_be_empty(content: bytes) -> None:
    with pytest.raises(DamagedFile, match="vide"):
        give(content)


def test_a_file_cut_off_is_said_to_be_cut_with_the_line() -> None:
    with pytest.raises(DamagedFile, match="à la ligne 2"):
        give(b"<BEE_ELEVES>\n<DONNEES>")


BOMB = "<!DOCTYPE a [<!ENTITY x 'ha'><!ENTITY y '&x;&x;&x;&x;'>]><BEE_ELEVES>&y;</BEE_ELEVES>"
OUTSIDE = "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/hostname'>]><BEE_ELEVES>&x;</BEE_ELEVES>"
REMOTE = "<!DOCTYPE a SYSTEM 'http://127.0.0.1:9/x.dtd'><BEE_ELEVES/>"


@pytest.mark.parametrize("attack", [BOMB, OUTSIDE, REMOTE, f"<?xml version='1.0'?>\n{BOMB}"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "iso-8859-15"])
def test_a_document_type_is_refused_before_any_parser_sees_it(attack: str, encoding: str) -> None:
    with pytest.raises(UnsafeFile):
        give(attack.encode(encoding))


def test_a_document_type_cannot_hide_in_another_encoding() -> None:
    hidden = "<?xml version='1.0' encoding='UTF-7'?>+ADw-!DOCTYPE a+AD4-<BEE_ELEVES/>"
    with pytest.raises(RosterRefused):
        give(hidden.encode())
    with pytest.raises(RosterRefused):
        give(BOMB.encode("utf-16"))
    with pytest.raises(RosterRefused):
        give(BOMB.encode("utf-32-be"))


def test_an_entity_without_a_declaration_is_refused() -> None:
    with pytest.raises(DamagedFile):
        give(b"<BEE_ELEVES>&xxe;</BEE_ELEVES>")


def test_a_tower_of_tags_is_refused() -> None:
    with pytest.raises(DamagedFile):
        give(b"<a>" * 100_000)
    with pytest.raises(TooLarge):
        give(b"<BEE_ELEVES>" + b"<a/>" * 1_600_000 + b"</BEE_ELEVES>")


def test_more_pupils_than_any_school_has_are_refused() -> None:
    with pytest.raises(TooLarge):
        give(b"Nom;Prenom;Niveau\n" + b"A;B;CP\n" * 10_001)
    with pytest.raises(TooLarge):
        give(
            b"<BEE_ELEVES><DONNEES><ELEVES>"
            + b"<ELEVE/>" * 10_001
            + b"</ELEVES></DONNEES></BEE_ELEVES>"
        )


def test_a_huge_file_is_refused_unread() -> None:
    with pytest.raises(TooLarge):
        give(bytes(MAX_BYTES + 1))


def test_a_line_without_end_is_read_only_so_far() -> None:
    with pytest.raises(RosterRefused):
        give(b";" * 2_000_000)


def test_a_zip_that_swells_is_stopped_while_it_swells() -> None:
    bomb = zipped({"a.xml": b" " * (MAX_UNPACKED + 1)})
    assert len(bomb) < 100_000
    with pytest.raises(TooLarge):
        give(bomb)
    parts = zipped({f"{n}.xml": b" " * (MAX_UNPACKED // 4) for n in range(5)})
    with pytest.raises(TooLarge):
        give(parts)


def test_a_zip_that_lies_about_its_sizes_is_refused() -> None:
    honest = zipped({"a.xml": EMPTY.encode() * 40})
    directory = honest.rindex(b"PK\x01\x02")
    lying = bytearray(honest)
    struct.pack_into("<I", lying, directory + 24, 10)  # uncompressed size
    with pytest.raises(RosterRefused):
        give(bytes(lying))


def test_a_zip_within_a_zip_is_refused() -> None:
    inner = zipped({"a.xml": EMPTY.encode()})
    with pytest.raises(UnsafeFile, match="autre"):
        give(zipped({"a.xml": inner}))


def test_a_zip_of_a_thousand_files_is_refused() -> None:
    with pytest.raises(UnsafeFile):
        give(zipped({f"{n}.xml": b"<a/>" for n in range(1000)}))


def test_a_locked_or_cut_zip_is_refused() -> None:
    whole = zipped({"a.xml": EMPTY.encode()})
    locked = bytearray(whole)
    locked[whole.rindex(b"PK\x01\x02") + 8] |= 1  # general purpose bit 0: encrypted
    with pytest.raises(NotARoster, match="mot de passe"):
        give(bytes(locked))
    with pytest.raises(DamagedFile):
        give(whole[:-30])


def test_a_school_number_that_does_not_exist_is_refused_first() -> None:
    with pytest.raises(BadUai):
        read(b"x", file_name="x", expected_uai="0000000A0", levels=frozenset(Level))


def test_no_refusal_quotes_the_file() -> None:
    for content in (b"<BEE_ELEVES><MOREAUVAL></BEE_ELEVES>", b"MOREAUVAL;Philea", b"<MOREAUVAL/>"):
        with pytest.raises(RosterRefused) as refused:
            give(content, "MOREAUVAL.csv")
        assert "MOREAUVAL" not in str(refused.value)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_each_defect_is_a_french_sentence_with_its_typography(kind: str) -> None:
    facts: dict[str, Any] = dict.fromkeys(("n", "width", "other", "days"), 3)
    words = dict.fromkeys(
        ("source", "levels", "column", "date", "who", "be", "have", "where"), "CP"
    )
    said = defect(kind, line=14, **(facts | words))
    for text in (said.sentence, said.advice):
        assert text.endswith(".")
        assert "'" not in text
        assert not any(f" {sign}" in text for sign in ":;!?»")
        assert "« " not in text
    assert said.sentence.startswith("Ligne 14\u00a0: ") == ("{line}" in KINDS[kind].sentence)


def test_each_defect_is_in_the_specification_with_its_severity() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (\w+) \|", SPEC.read_text("utf-8"), re.MULTILINE)
    assert rows == [(kind, words.severity) for kind, words in KINDS.items()]
