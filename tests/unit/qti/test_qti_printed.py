# SPDX-License-Identifier: AGPL-3.0-or-later
"""Printed variables: the text that a pupil reads for a value."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encrier_qti.delivery.printing import print_variable
from encrier_qti.errors import ContentRefused
from encrier_qti.model import Node
from encrier_qti.values import (
    TRUE,
    BaseType,
    Cardinality,
    Scalar,
    Value,
    container,
    integer,
    real,
    record,
    single,
)

each = pytest.mark.parametrize


def text(value: Value | None, others: dict[str, Value | None] | None = None, **how: str) -> str:
    attributes = {"identifier": "X", **{name.replace("_", "-"): how[name] for name in how}}
    node = Node(name="qti-printed-variable", file="a.xml", line=3, attributes=attributes)
    return print_variable(node, {"X": value, **(others or {})})


def row(base: BaseType, *members: Scalar) -> Value | None:
    return container(Cardinality.ORDERED, base, members)


@each(
    ("value", "expected"),
    [
        (None, ""),
        (integer(-25), "-25"),
        (real(25.5), "25.5"),
        (real(25.0), "25"),
        (real(1e22), "1e+22"),
        (real(float("inf")), "INF"),
        (real(float("nan")), "NaN"),
        (TRUE, "true"),
        (single(BaseType.STRING, "été"), "été"),
        (single(BaseType.URI, "http://a.fr"), "http://a.fr"),
        (single(BaseType.DURATION, 206.0), "206"),
        (single(BaseType.DIRECTED_PAIR, ("B", "C")), "B C"),
        (single(BaseType.POINT, (3, 4)), "3 4"),
    ],
)
def test_a_value_without_format_is_written_plainly(value: Value | None, expected: str) -> None:
    assert text(value) == expected


@each(
    ("format", "value", "expected"),
    [
        ("%d", real(97.9), "97"),
        ("%i", integer(-987), "-987"),
        ("%6d|", integer(25), "    25|"),
        ("%-6d|", integer(25), "25    |"),
        ("%06d", integer(25), "000025"),
        ("%+d", integer(25), "+25"),
        ("%.3d", integer(7), "007"),
        ("%u", integer(-1), "4294967295"),
        ("%#o", integer(25), "031"),
        ("%x", integer(255), "ff"),
        ("%#X", integer(255), "0XFF"),
        ("%.2f", real(3.14159), "3.14"),
        ("%.1e", real(1234.0), "1.2e+03"),
        ("%g", real(0.5), "0.5"),
        ("%.3r", real(2.5), "2.50"),
        ("%.2r", real(1234.0), "1.2e+03"),
        ("%.2R", real(1234.0), "1.2E+03"),
        ("%8.3r|", real(2.5), "    2.50|"),
        ("%s euros", integer(12), "12 euros"),
        ("100 %% de %d", integer(3), "100 % de 3"),
        ("%1$-.3w oui", integer(3), "%1$-.3w oui"),
        ("%999999d", integer(3), "%999999d"),
        ("%5d", real(float("inf")), "  INF"),
    ],
)
def test_a_format_is_that_of_c(format: str, value: Value, expected: str) -> None:  # noqa: A002  its name in QTI
    assert text(value, format=format) == expected


def test_a_format_is_for_numbers_only() -> None:
    assert text(single(BaseType.STRING, "mot"), format="%d") == "mot"


@each(
    ("base", "expected"), [("2", "-1100"), ("16", "-c"), ("B", "-14"), ("99", "-12"), ("?", "-12")]
)
def test_the_base_is_a_number_or_a_variable(base: str, expected: str) -> None:
    assert text(integer(-12), {"B": integer(8)}, format="%i", base=base) == expected


@each(
    ("value", "form", "expected"),
    [
        (real(1500.0), "", "1.5 × 10³"),
        (real(-0.00025), "", "-2.5 × 10⁻⁴"),
        (real(1500.0), "%.2e", "1.50 × 10³"),
        (integer(1500), "", "1500"),
        (real(0.0), "", "0 × 10⁰"),
    ],
)
def test_the_power_form_raises_the_exponent(value: Value, form: str, expected: str) -> None:
    assert text(value, power_form="true", format=form) == expected


@each(
    ("index", "expected"),
    [
        ("0", "10"),
        ("2", "-1"),
        ("3", "10;20;-1"),
        ("N", "20"),
        ("-1", "10;20;-1"),
        ("?", "10;20;-1"),
    ],
)
def test_an_index_counts_from_zero_and_may_be_a_variable(index: str, expected: str) -> None:
    assert text(row(BaseType.INTEGER, 10, 20, -1), {"N": integer(1)}, index=index) == expected


def test_a_container_is_joined_by_its_delimiter() -> None:
    assert text(row(BaseType.PAIR, ("A", "B"), ("C", "D")), delimiter=", ") == "A B, C D"
    assert text(container(Cardinality.MULTIPLE, BaseType.INTEGER, [1, 2]), index="0") == "1;2"


def test_a_record_gives_one_field_or_all() -> None:
    held = record({"b": real(3.3), "a": integer(-3), "c": None})
    assert text(held) == "a=-3;b=3.3;c="
    assert text(held, delimiter=" / ", mapping_indicator=" : ") == "a : -3 / b : 3.3 / c : "
    assert text(held, field="b", format="%.2f") == "3.30"
    assert text(held, field="c") == ""


def test_a_file_is_no_text() -> None:
    with pytest.raises(ContentRefused) as caught:
        text(single(BaseType.FILE, "text/plain a"))
    assert caught.value.line == 3


@given(st.text(max_size=30), st.integers(-(2**31), 2**31 - 1) | st.floats())
def test_any_format_of_any_number_is_a_text_of_bounded_length(form: str, number: float) -> None:
    value = real(number) if isinstance(number, float) else integer(number)
    assert len(text(value, format=form)) <= len(form) * 450 + 450
