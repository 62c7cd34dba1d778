# SPDX-License-Identifier: AGPL-3.0-or-later
"""Laws of responses written as plain JSON: whatever they are, they are read or reported."""

from contextlib import suppress

from hypothesis import given, settings
from hypothesis import strategies as st

from encrier_qti.answers import reader
from encrier_qti.commands.native import responses
from encrier_qti.errors import AnswersRefused
from encrier_qti.model import Declaration
from encrier_qti.values import BadForm, BaseType, Cardinality, printed

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8
)
TYPED = st.fixed_dictionaries(
    {
        "cardinality": st.sampled_from([*Cardinality, "odd"]),
        "baseType": st.sampled_from([*BaseType, "odd"]),
    },
    optional={"value": JSON, "values": JSON, "fields": JSON},
)
DECLARED = st.builds(
    lambda cardinality, base: Declaration(
        identifier="RESPONSE",
        kind="response",
        cardinality=cardinality,
        base=None if cardinality is Cardinality.RECORD else base,
        file="item.xml",
        line=1,
    ),
    st.sampled_from(list(Cardinality)),
    st.sampled_from([base for base in BaseType if base is not BaseType.NONE]),
)


@settings(max_examples=300)
@given(declared=DECLARED, answer=JSON | TYPED)
def test_any_json_is_read_or_refused_by_its_form(declared: Declaration, answer: object) -> None:
    found = responses({"RESPONSE": answer}, {"RESPONSE": declared}, file="pupil.json")
    with suppress(BadForm):
        value = reader(declared)(found["RESPONSE"])
        assert value is None or value.cardinality is declared.cardinality


@given(written=JSON)
def test_a_file_of_any_json_is_read_or_refused(written: object) -> None:
    with suppress(AnswersRefused):
        for values in responses(written, {}, file="pupil.json").values():
            assert isinstance(values, list)


@given(declared=DECLARED, whole=st.integers(-(2**31), 2**31 - 1))
def test_a_whole_number_is_the_same_however_it_is_written(
    declared: Declaration, whole: int
) -> None:
    if declared.base is not BaseType.INTEGER:
        return
    read = reader(declared)
    forms = (whole, float(whole), str(whole), [whole], {"base": {"integer": whole}})
    values = {
        read(responses({"RESPONSE": each}, {"RESPONSE": declared}, file="")["RESPONSE"])
        for each in forms
    }
    (value,) = values
    assert value is not None
    assert printed(BaseType.INTEGER, value.members[0]) == str(whole)
