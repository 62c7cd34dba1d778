# SPDX-License-Identifier: AGPL-3.0-or-later
"""The points that a teacher sees at once are the official ones: any item, anything keyed."""

from hypothesis import given, settings
from hypothesis import strategies as st

from encrier_qti.delivery.strip import strip_item
from encrier_qti.keying.asked import asked_of, text_of
from encrier_qti.keying.marking import points_of, table_of
from encrier_qti.keying.mask import Called, Field, field_of
from encrier_qti.model import Item
from encrier_qti.reading.item import read_item
from encrier_qti.reading.safe_xml import parse
from encrier_qti.scoring import compile_item
from stagecraft.keyed_package import MAP, MATCH, declared, item, mapped, words

NAMES = "ABCDEF"
QTI = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"

points = st.sampled_from([-1.0, 0.0, 0.25, 0.5, 1.0, 2.0])
numbers = st.integers(0, 12_000)

# --- processing of one response, as authors write it ---

variable = st.just('<qti-variable identifier="RESPONSE"/>')


def value(base: str, written: object) -> str:
    return f'<qti-base-value base-type="{base}">{written}</qti-base-value>'


def conditions(base: str) -> st.SearchStrategy[str]:
    """Something asked of the response: there, right, this value, beyond it, part of it."""
    constants = st.sampled_from(NAMES) if base == "identifier" else st.integers(-2, 12_000)
    written = constants.map(lambda one: value(base, one))
    asked = [
        st.just("<qti-is-null>{}</qti-is-null>"),
        st.just('<qti-match>{}<qti-correct identifier="RESPONSE"/></qti-match>'),
        st.just(f"<qti-match>{{}}{value(base, 'A' if base == 'identifier' else 7)}</qti-match>"),
        written.map(lambda one: f"<qti-member>{one}{{}}</qti-member>"),
        st.just("<qti-gte><qti-container-size>{}</qti-container-size>").map(
            lambda one: one + value("integer", 2) + "</qti-gte>"
        ),
    ]
    if base == "integer":
        asked += [
            written.map(lambda one: f"<qti-gte>{{}}{one}</qti-gte>"),
            written.map(lambda one: f"<qti-lt>{{}}{one}</qti-lt>"),
            written.map(lambda one: f"<qti-match>{{}}{one}</qti-match>"),
        ]
    return st.tuples(st.one_of(asked), variable).map(lambda two: two[0].format(two[1]))


def rules(base: str) -> st.SearchStrategy[str]:
    one = st.tuples(conditions(base), points).map(
        lambda two: (
            f"<qti-response-condition><qti-response-if>{two[0]}<qti-set-outcome-value"
            f' identifier="SCORE">{value("float", two[1])}</qti-set-outcome-value>'
            "</qti-response-if></qti-response-condition>"
        )
    )
    several = st.lists(one, min_size=1, max_size=3).map("".join)
    return several.map("<qti-response-processing>{}</qti-response-processing>".format)


@st.composite
def of_choices(draw: st.DrawFn) -> str:
    """Choices or words of which one or several may be taken."""
    names = NAMES[: draw(st.integers(1, 6))]
    keys = draw(st.sets(st.sampled_from(names), min_size=1))
    cardinality = draw(st.sampled_from(["single", "multiple"]))
    worth = draw(st.dictionaries(st.sampled_from(names), points, min_size=1))
    mapping = mapped(lower=draw(st.sampled_from([-9.0, 0.0])), **worth)
    kept = sorted(keys)[: 1 if cardinality == "single" else None]
    response = declared("RESPONSE", *kept, kind=f"{cardinality} identifier", inside=mapping)
    most = draw(st.integers(0, 4))
    if draw(st.booleans()):
        body = words(f'max-choices="{most}"')
        for old, new in zip(("w1", "w2", "w3", "w4"), NAMES, strict=False):
            body = body.replace(f'"{old}"', f'"{new}"')
    else:
        written = "".join(
            f'<qti-simple-choice identifier="{name}">{name}</qti-simple-choice>' for name in names
        )
        body = (
            f'<qti-choice-interaction response-identifier="RESPONSE" max-choices="{most}">'
            f"{written}</qti-choice-interaction>"
        )
    processing = draw(st.sampled_from([MATCH, MAP]) | rules("identifier"))
    return item(response, body, processing=processing)


@st.composite
def of_numbers(draw: st.DrawFn) -> str:
    """A number of one to five digits."""
    worth = {f"_{key}": one for key, one in draw(st.dictionaries(numbers, points)).items()}
    inside = mapped(lower=-9, **worth) if worth else ""
    response = declared("RESPONSE", str(draw(numbers)), kind="single integer", inside=inside)
    length = draw(st.integers(1, 5))
    body = (
        f'<p><qti-text-entry-interaction response-identifier="RESPONSE"'
        f' expected-length="{length}"/></p>'
    )
    processing = draw(st.sampled_from([MATCH, MAP] if worth else [MATCH]) | rules("integer"))
    return item(response, body, processing=processing)


def keyed(field: Field, made: Item) -> st.SearchStrategy[list[str]]:
    """What the page can key in this field; of numbers, rather those that the item names."""
    if field.digits is not None:
        declaration = made.responses["RESPONSE"]
        likely = [] if declaration.correct is None else declaration.correct.texts()
        entries = declaration.mapping.entries if declaration.mapping else ()
        likely += [str(entry.key) for entry in entries]
        below = st.integers(0, 10**field.digits - 1).map(str)
        fitting = [text for text in likely if len(text) <= field.digits]
        one = below | st.sampled_from(fitting) if fitting else below
        return st.lists(one, max_size=1)
    names = [each.id for each in field.choices or field.words]
    return st.lists(st.sampled_from(names), max_size=field.most or len(names), unique=True)


@settings(deadline=None, max_examples=200)  # a table of a thousand numbers takes its time
@given(xml=of_choices() | of_numbers(), data=st.data())
def test_the_table_of_an_item_says_what_the_engine_says(xml: str, data: st.DataObject) -> None:
    content = xml.encode()
    made = read_item(content, file="a.xml")
    asked = asked_of(strip_item(content, file="a.xml").xml, file="a.xml")
    field = field_of(made, asked, called=Called("a", "1"))
    program = compile_item(made)
    table = table_of(made, program, field)
    if table is None:
        assert field.digits is not None
        assert field.digits > 3
        return
    for values in data.draw(st.lists(keyed(field, made), max_size=20)):
        assert points_of(table, values) == program.total({"RESPONSE": values})
    assert table[""] == program.total({})


@given(st.text(alphabet="ab \n\t\u00a0\u202f<&>«»", max_size=40))
def test_the_words_of_a_choice_stand_on_one_line_with_their_typography(written: str) -> None:
    told = written.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = text_of(parse(f'<p xmlns="{QTI}">{told}</p>'.encode(), file="a.xml"))
    assert "\n" not in text
    assert "  " not in text
    assert text.split() == written.split()
    assert [text.count(mark) for mark in "\u00a0\u202f"] == [
        written.count(mark) for mark in "\u00a0\u202f"
    ]
