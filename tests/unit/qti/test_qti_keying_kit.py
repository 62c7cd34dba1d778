# SPDX-License-Identifier: AGPL-3.0-or-later
"""The kit of a booklet on paper: sequences, exercises, fields, marking; and its folder."""

import hashlib
import json
from pathlib import Path

import pytest

from encrier.records import from_bytes, to_bytes
from encrier_qti.compile import compile_bundle
from encrier_qti.errors import ContentRefused, PackageRefused
from encrier_qti.keying.folder import Papers, with_papers, write_kit
from encrier_qti.keying.kit import KEYING, Exercise, Kit, Paper, make
from encrier_qti.package import open_package, package_from
from stagecraft import keyed_package
from stagecraft.keyed_package import Written, circled, contents, example

SAMPLE = Path(__file__).resolve().parents[3] / "demo" / "assessments" / "sixieme-debut"


def kit_of(*exercises: keyed_package.Exercise, **changed: str) -> Kit:
    """The kit of one sequence; `test`: another test, `reporting`: another reporting file."""
    names = {"test": "test.xml", "reporting": "encrier-reporting.json"}
    files = {names[name]: content for name, content in changed.items()}
    return make(package_from(contents([Written("s1", exercises)], files)))


def exercise(**items: str) -> keyed_package.Exercise:
    return keyed_package.Exercise("e1", items or {"a-1": circled()}, "Exercice 1 — Lire")


def the_test(*exercises: keyed_package.Exercise) -> str:
    return keyed_package.assessment([Written("s1", exercises)])


EXAMPLE = make(package_from(contents(example())))


def named(identifier: str) -> Exercise:
    return next(each for each in EXAMPLE.exercises() if each.id == identifier)


def test_sections_of_the_first_level_are_sequences_those_of_the_second_exercises() -> None:
    told = [(one.id, one.title, one.minutes, len(one.exercises)) for one in EXAMPLE.sequences]
    assert told == [("s1", "Français — séquence 1", 20, 3), ("s2", "Mathématiques", 0, 2)]


def test_an_exercise_says_what_it_measures_and_what_pupils_do() -> None:
    letters = named("fr-lettres")
    assert (letters.title, letters.what) == ("Exercice 1", "Les lettres")
    assert letters.instruction == "Entoure la lettre."  # not what the adult says
    assert (letters.oral, letters.timed_s, letters.pages) == (False, None, ())
    assert [(field.id, field.label) for field in letters.items] == [
        ("fr-l-01", "1"),
        ("fr-l-02", "2"),
        ("fr-l-03", "3"),
    ]


def test_what_a_title_does_not_say_comes_from_the_domain_and_the_rank() -> None:
    assert (named("fr-ecrire").title, named("fr-ecrire").what) == ("Exercice 3", "Fr-ecrire")
    assert (named("ma-mots").title, named("ma-mots").what) == ("Exercice 2", "Ma-mots")


def test_an_exercise_whose_items_are_oral_is_oral_and_timed() -> None:
    assert (named("fr-lire").oral, named("fr-lire").timed_s) == (True, 60)


def test_a_text_read_aloud_is_oral_without_being_said_so() -> None:
    (sequence,) = kit_of(exercise(a=keyed_package.reading())).sequences
    assert sequence.exercises[0].oral


def test_the_kit_has_every_mask() -> None:
    masks = [field.mask for exercise in EXAMPLE.exercises() for field in exercise.items]
    assert set(masks) == {
        "circle", "cross", "judge", "code", "number", "time", "words", "fluency",
    }  # fmt: skip


def test_the_kit_is_of_the_bundle_that_is_served() -> None:
    package = package_from(contents(example()))
    assert EXAMPLE.bundle == compile_bundle(package).id.hex()


def test_only_items_that_a_person_marks_have_no_marking() -> None:
    fields = {field.id for exercise in EXAMPLE.exercises() for field in exercise.items}
    assert fields - EXAMPLE.marking.keys() == {"fr-e-02"}
    assert EXAMPLE.unscored == ("fr-e-03", "ma-m-03")


def test_an_item_may_have_its_own_label() -> None:
    items = {"a-1": circled(label="a"), "a-2": circled(label="b"), "a-3": circled()}
    fields = kit_of(exercise(**items)).exercises()[0].items
    assert [field.label for field in fields] == ["a", "b", "3"]


def test_the_kit_says_no_pupil_and_hides_its_key_where_it_is_printed() -> None:
    assert "1.0" not in repr(EXAMPLE)


def test_keying_json_is_canonical_and_read_again() -> None:
    written = to_bytes(EXAMPLE)
    assert from_bytes(written, Kit) == EXAMPLE
    assert written == to_bytes(make(package_from(contents(example()))))
    first = json.loads(written)["sequences"][0]["exercises"][0]["items"][0]
    assert first == {
        "id": "fr-l-01",
        "label": "1",
        "response": "RESPONSE",
        "mask": "circle",
        "most": 1,
        "choices": [
            {"id": "A", "label": "m"},
            {"id": "B", "label": "n"},
            {"id": "C", "label": "u"},
        ],
    }


# --- what paper cannot be ---

SELECTION = '<qti-selection select="1"/>'
CONDITION = (
    '<qti-pre-condition><qti-base-value base-type="boolean">true</qti-base-value>'
    "</qti-pre-condition>"
)
BRANCH = (
    '<qti-branch-rule target="EXIT_TEST"><qti-base-value base-type="boolean">true'
    "</qti-base-value></qti-branch-rule>"
)
REFERENCE = '<qti-assessment-item-ref identifier="a-1" href="items/a-1.xml"/>'
WHOLE = the_test(exercise())
FORWARD = WHOLE.replace('"nonlinear"', '"linear"')


def reference(rule: str) -> str:
    """The reference to the item, on a condition or with a branch."""
    return REFERENCE.replace("/>", f">{rule}</qti-assessment-item-ref>")


@pytest.mark.parametrize(
    ("test", "what"),
    [
        (WHOLE.replace("<qti-rubric-block", SELECTION + "<qti-rubric-block", 1), "hasard"),
        (FORWARD.replace(REFERENCE, reference(CONDITION)), "hasard"),
        (FORWARD.replace(REFERENCE, reference(BRANCH)), "hasard"),
        (WHOLE.replace('"e1"', '"e 1"'), "identifiant"),
        (WHOLE.replace('"e1"', '"e:1"'), "identifiant"),
    ],
)
def test_a_test_that_paper_cannot_be_is_refused(test: str, what: str) -> None:
    with pytest.raises(ContentRefused, match=what) as refused:
        kit_of(exercise(), test=test)
    assert refused.value.file == "test.xml"


def test_an_item_outside_an_exercise_is_refused() -> None:
    bare = the_test().replace(
        "</qti-assessment-section></qti-test-part>",
        f"{REFERENCE}</qti-assessment-section></qti-test-part>",
    )
    with pytest.raises(ContentRefused, match="dans aucun exercice"):
        kit_of(exercise(), test=bare)


def test_a_section_in_an_exercise_is_refused() -> None:
    inner = keyed_package.section("deep", "", None, REFERENCE)
    with pytest.raises(ContentRefused, match="contient une autre section"):
        kit_of(exercise(), test=WHOLE.replace(REFERENCE, inner))


def test_two_items_of_an_exercise_never_have_the_same_number() -> None:
    with pytest.raises(ContentRefused, match="même numéro"):
        kit_of(exercise(**{"a-1": circled(label="2"), "a-2": circled()}))


def test_a_package_that_does_not_say_its_domains_has_no_kit() -> None:
    with pytest.raises(ContentRefused, match="aucun domaine"):
        kit_of(exercise(), reporting="")


def test_a_package_for_the_screen_is_refused_at_its_first_item() -> None:
    with pytest.raises(ContentRefused, match="dans aucun exercice"):
        make(open_package(SAMPLE))


# --- its folder ---


PAPERS = Papers(
    {"pages/01.png": b"a page", "eleve.pdf": b"a booklet"},
    {"fr-lettres": ("pages/01.png",)},
    (Paper(file="eleve.pdf", title="Cahier de l’élève", kind="pupil"),),
)


def test_the_kit_lists_what_is_printed() -> None:
    kit = with_papers(EXAMPLE, PAPERS)
    assert kit.exercises()[0].pages == ("pages/01.png",)
    assert kit.exercises()[1].pages == ()
    booklet = kit.files["eleve.pdf"]
    assert booklet.sha256 == hashlib.sha256(b"a booklet").hexdigest()
    assert (booklet.size, booklet.type) == (9, "application/pdf")
    assert kit.files["pages/01.png"].type == "image/png"
    assert kit.papers == PAPERS.papers


def found(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_the_folder_is_named_after_the_bundle_and_holds_what_the_kit_lists(tmp_path: Path) -> None:
    kit = with_papers(EXAMPLE, PAPERS)
    folder = write_kit(kit, PAPERS.files, tmp_path / "new" / "kits")
    assert folder == tmp_path / "new" / "kits" / kit.bundle
    assert found(tmp_path / "new" / "kits") == {
        f"{kit.bundle}/{name}": content
        for name, content in {**PAPERS.files, KEYING: to_bytes(kit)}.items()
    }


def test_a_kit_takes_the_place_of_the_one_before_and_leaves_nothing_of_it(tmp_path: Path) -> None:
    write_kit(with_papers(EXAMPLE, PAPERS), PAPERS.files, tmp_path)
    (tmp_path / f"{EXAMPLE.bundle}.new").mkdir()  # of one that was interrupted
    write_kit(EXAMPLE, {}, tmp_path)
    assert set(found(tmp_path)) == {f"{EXAMPLE.bundle}/{KEYING}"}


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / EXAMPLE.bundle).mkdir()
    (tmp_path / EXAMPLE.bundle / "notes.txt").write_text("mine")
    with pytest.raises(PackageRefused):
        write_kit(EXAMPLE, {}, tmp_path)
    assert set(found(tmp_path)) == {f"{EXAMPLE.bundle}/notes.txt"}
