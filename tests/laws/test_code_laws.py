# SPDX-License-Identifier: AGPL-3.0-or-later
"""What holds for every pupil code."""

from hypothesis import given
from hypothesis import strategies as st

from encrier import codes
from encrier.errors import BadCode

LETTERS = st.sampled_from(codes.LETTERS)


def check_letter(eleven: str) -> codes.PupilCode:
    return next(c for c in (try_parse(eleven + letter) for letter in codes.LETTERS) if c)


def try_parse(typed: str) -> codes.PupilCode | None:
    try:
        return codes.parse(typed)
    except BadCode:
        return None


CODES = st.text(LETTERS, min_size=11, max_size=11).map(check_letter)


@given(st.text(LETTERS, min_size=11, max_size=11))
def test_eleven_letters_have_exactly_one_check_letter(eleven: str) -> None:
    assert sum(try_parse(eleven + letter) is not None for letter in codes.LETTERS) == 1


@given(CODES, st.integers(0, 11), LETTERS)
def test_one_wrong_letter_is_always_refused(code: str, place: int, wrong: str) -> None:
    typed = code[:place] + wrong + code[place + 1 :]
    assert (try_parse(typed) is None) == (typed != code)


@given(CODES, st.integers(0, 11), st.integers(0, 11))
def test_two_letters_exchanged_are_always_refused(code: str, a: int, b: int) -> None:
    typed = list(code)
    typed[a], typed[b] = typed[b], typed[a]
    assert (try_parse("".join(typed)) is None) == ("".join(typed) != code)


@given(CODES)
def test_what_is_printed_is_read_back(code: codes.PupilCode) -> None:
    assert codes.parse(codes.printed(code)) == code


@given(st.text(max_size=40))
def test_whatever_is_typed_gives_a_code_or_a_sentence(typed: str) -> None:
    code = try_parse(typed)
    assert code is None or set(code) <= set(codes.LETTERS)
