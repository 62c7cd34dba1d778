# SPDX-License-Identifier: AGPL-3.0-or-later
"""Laws of the QTI wheel: what holds for every value, every item and every byte."""

import io
import zipfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from encrier.errors import EncrierError
from encrier_qti.delivery.allowed import KEYS
from encrier_qti.delivery.strip import strip_item
from encrier_qti.lint import lint_contents
from encrier_qti.package import open_package, package_from
from encrier_qti.reading import archive
from encrier_qti.reading.item import read_item
from encrier_qti.reading.safe_xml import local, parse
from encrier_qti.scoring import compile_item, compile_test
from encrier_qti.values import (
    BadForm,
    BaseType,
    Cardinality,
    Scalar,
    Value,
    printed,
    same,
)
from encrier_qti.values import parse as parse_scalar

SAMPLE = Path(__file__).resolve().parents[2] / "demo" / "assessments" / "sixieme-debut"
QTI = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"

names = st.from_regex(r"[A-Za-z_][A-Za-z0-9_.-]{0,12}", fullmatch=True)
integers = st.integers(-(2**31), 2**31 - 1)
floats = st.floats(allow_nan=False)
strings = st.text(min_size=1, max_size=40)
SCALARS: dict[BaseType, st.SearchStrategy[Scalar]] = {
    BaseType.BOOLEAN: st.booleans(),
    BaseType.DIRECTED_PAIR: st.tuples(names, names),
    BaseType.DURATION: st.floats(0, 1e12),
    BaseType.FLOAT: floats,
    BaseType.IDENTIFIER: names,
    BaseType.INTEGER: integers,
    BaseType.PAIR: st.tuples(names, names).map(lambda two: (min(two), max(two))),
    BaseType.POINT: st.tuples(integers, integers),
    BaseType.STRING: strings,
}
typed = st.sampled_from(list(SCALARS)).flatmap(lambda base: st.tuples(st.just(base), SCALARS[base]))


@given(typed)
def test_a_value_written_and_read_again_is_itself(value: tuple[BaseType, Scalar]) -> None:
    base, member = value
    assert parse_scalar(base, printed(base, member)) == member


@given(st.sampled_from(list(BaseType)), st.text(max_size=30))
def test_any_text_is_a_value_or_null_or_not_of_its_form(base: BaseType, text: str) -> None:
    try:
        member = parse_scalar(base, text)
    except BadForm:
        return
    if member is not None:  # by repr: NaN is not equal to itself
        assert repr(parse_scalar(base, printed(base, member))) == repr(member)


@given(st.lists(integers, min_size=1, max_size=6).flatmap(st.permutations))
def test_a_multiple_container_has_no_order(many: list[int]) -> None:
    def bag(members: list[int]) -> Value:
        return Value(Cardinality.MULTIPLE, BaseType.INTEGER, tuple(members))

    assert same(bag(many), bag(sorted(many)))
    assert not same(bag(many), bag([*many, many[0]]))


# --- items ---

words = st.sampled_from(["lundi", "B", "correct", "x < y", "&", "é\u202f!"])


@st.composite
def bodies(draw: st.DrawFn, depth: int = 3) -> str:
    """A piece of body made of known, unknown and secret elements."""
    if depth == 0:
        return escaped(draw(words))
    inside = "".join(draw(st.lists(bodies(depth=depth - 1), max_size=3)))
    return draw(st.sampled_from(FRAMES)).format(inside) + escaped(draw(words))


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


CHOICES = """<qti-choice-interaction response-identifier='RESPONSE' shuffle='true'>{}
  <qti-simple-choice identifier='B'>b</qti-simple-choice>
  <qti-simple-choice identifier='A' fixed='true'>a</qti-simple-choice>
  </qti-choice-interaction>"""
FRAMES = [
    "<p>{}</p>",
    "<div class='a' data-key='secret-7'>{}</div>",
    "<x-unknown>{}</x-unknown>",
    "<y:a xmlns:y='urn:y' secret='secret-7'>{}</y:a>",
    "<!-- secret-7 --><?secret-7?>{}",
    "<qti-feedback-block identifier='secret-7'>secret-7{}</qti-feedback-block>",
    "<qti-feedback-inline outcome-identifier='HINT' show-hide='hide'>{}</qti-feedback-inline>",
    "<qti-feedback-block outcome-identifier='HINT' identifier='x'>secret-7{}</qti-feedback-block>",
    "<qti-template-block template-identifier='T' identifier='x'>secret-7{}</qti-template-block>",
    "<p data-catalog-idref='c'>{}<qti-printed-variable identifier='RESPONSE'/></p>",
    "<qti-rubric-block view='scorer'>secret-7{}</qti-rubric-block>",
    "<qti-rubric-block view='candidate'>{}</qti-rubric-block>",
    "<object type='image/png' data='a.png'>{}</object>",
    "<math xmlns='http://www.w3.org/1998/Math/MathML'><mi>{}</mi></math>",
    CHOICES,
]


def item(body: str) -> bytes:
    return (
        f"<qti-assessment-item xmlns='{QTI}' identifier='a' title='a'>"
        "<qti-response-declaration identifier='RESPONSE' cardinality='single'"
        " base-type='string'><qti-correct-response><qti-value>secret-7</qti-value>"
        "</qti-correct-response></qti-response-declaration>"
        "<qti-outcome-declaration identifier='HINT' cardinality='single' base-type='identifier'/>"
        f"<qti-item-body>{body}</qti-item-body></qti-assessment-item>"
    ).encode()


@settings(deadline=None)  # a machine that is busy is not a defect
@given(bodies())
def test_stripping_twice_is_stripping_once_and_no_secret_is_left(body: str) -> None:
    made = strip_item(item(body), file="a.xml").xml
    assert strip_item(made, file="a.xml").xml == made
    assert b"secret-7" not in made
    assert not {local(element) for element in parse(made, file="a.xml").iter()} & KEYS


# --- hostile input ---

PACKAGE = archive.read(SAMPLE)
PROGRAM = compile_test(open_package(SAMPLE).assessment, open_package(SAMPLE).items)

junk = st.one_of(st.none(), st.integers(), st.text(max_size=12), st.lists(st.text(max_size=8)))
answers = st.dictionaries(
    st.sampled_from(["RESPONSE", "SCORE", "JOUR", ""]), st.one_of(junk, st.lists(junk)), max_size=3
)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(PROGRAM.programs)), answers, max_size=5))
def test_whatever_a_pupil_sends_each_item_gets_a_score(
    sent: dict[str, dict[str, list[str]]],
) -> None:
    scores = PROGRAM.score(sent)
    assert list(scores) == list(PROGRAM.programs)
    assert all(isinstance(score, float) and abs(score) < 100 for score in scores.values())


@settings(max_examples=40, deadline=None)  # each checks a whole package
@given(st.sampled_from(sorted(PACKAGE)), st.binary(max_size=200))
def test_any_bytes_for_any_file_are_read_or_refused(name: str, content: bytes) -> None:
    changed = {**PACKAGE, name: content}
    findings = lint_contents(changed)
    try:
        package_from(changed)
    except EncrierError:
        assert findings


XMLS = sorted(name for name in PACKAGE if name.endswith(".xml"))


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.sampled_from(XMLS), st.data())
def test_a_changed_byte_anywhere_is_read_or_refused(name: str, data: st.DataObject) -> None:
    content = bytearray(PACKAGE[name])
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] = data.draw(st.integers(0, 255))
    try:
        found = read_item(bytes(content), file=name)
        compile_item(found).score({})
    except EncrierError:
        return
    strip_or_refuse(bytes(content))


def strip_or_refuse(content: bytes) -> None:
    try:
        strip_item(content, file="a.xml")
    except EncrierError:
        return


def small_zip() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as package:
        for name in ("imsmanifest.xml", "assessment.xml", "items/fr-c-01.xml"):
            package.writestr(zipfile.ZipInfo(name), PACKAGE[name])
    return held.getvalue()


ZIP = small_zip()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(changes=st.lists(st.tuples(st.integers(0, len(ZIP) - 1), st.integers(0, 255)), max_size=4))
def test_a_damaged_zip_is_read_or_refused(changes: list[tuple[int, int]], tmp_path: Path) -> None:
    content = bytearray(ZIP)
    for place, byte in changes:
        content[place] = byte
    path = tmp_path / "package.zip"
    path.write_bytes(bytes(content))
    try:
        archive.read(path)
    except EncrierError:
        return
