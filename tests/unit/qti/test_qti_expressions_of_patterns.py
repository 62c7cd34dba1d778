# SPDX-License-Identifier: AGPL-3.0-or-later
"""Regular expressions of XML Schema: what they match, and that none can make scoring hang."""

import re
import time

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from encrier_qti.processing.patterns import BadPattern, compile_pattern

given = pytest.mark.parametrize


@given(
    ("pattern", "text", "matches"),
    [
        ("string", "string", True),
        ("string", "a string", False),
        ("stRing", "string", False),
        ("a|bc", "bc", True),
        ("a|", "b", False),
        (r"\d{1,2}", "99", True),
        (r"\d{1,2}", "999", False),
        (r"\d{2,}", "999", True),
        (r"\d{2}", "9", False),
        (r"\d", "٣", True),
        ("(ab)*", "abab", True),
        ("(ab)+c?", "ababc", True),
        ("(a|b)*abb", "babaabb", True),
        ("a{0}b", "b", True),
        ("(a{2}){2}", "aaaa", True),
        ("(a{2}){2}", "aaa", False),
        (".", "\n", False),
        (".*", "deux mots", True),
        (r"\s", "\u00a0", False),
        (r"\S+", "mot", True),
        (r"\w+", "été", True),
        (r"\w", "-", False),
        (r"\W", "!", True),
        (r"\i\c*", "xml:lang", True),
        (r"\i", "1", False),
        (r"\p{Lu}\p{Ll}+", "Été", True),
        (r"\P{L}", "a", False),
        (r"\p{IsGreek}+", "αβγ", True),
        (r"[\p{IsBasicLatin}-[a-z]]", "a", False),
        (r"[\p{IsBasicLatin}-[a-z]]", "A", True),
        ("[a-z-[aeiou]]+", "xyz", True),
        ("[a-z-[aeiou]]+", "xaz", False),
        ("[^a-c]", "d", True),
        ("[^a-c]", "b", False),
        ("[-+]?[0-9]+", "-12", True),
        ("[0-9.,-]+", "1,5-", True),
        (r"[\]\[\\]+", "[]\\", True),
        (r"\(\)\{\}\|\?\*\+\.", "(){}|?*+.", True),
        ("Str^ing", "Str^ing", True),
        ("^String$", "String", True),
        (r"^10\$", "10$", True),
        ("(?:ab)+", "abab", True),
        ("Str/ing", "Str/ing", True),
        (r"a\tb", "a\tb", True),
    ],
)
def test_a_pattern_matches_the_whole(pattern: str, text: str, *, matches: bool) -> None:
    assert compile_pattern(pattern)(text) is matches


@given(
    "pattern",
    [
        "[", "]", "(", ")", "a)", "(a", "*", "+a", "a**", "a{", "a{,3}", "a{3,2}", "[]", "[^]",
        "[b-a]", "[a", "\\", "\\p", "\\p{", "\\p{Xx}", "\\p{IsNowhere}", "\\y", "(?=a)", "(?<a>b)",
        "a{1001}", "a{9999}", "((a{100}){100}){100}", "(){9999}{9999}", "((){9999}){9999}",
        "(" * 51 + ")" * 51, "[a-[" * 60,
    ],
)  # fmt: skip
def test_what_is_no_pattern_or_too_large_a_one_is_refused(pattern: str) -> None:
    with pytest.raises(BadPattern):
        compile_pattern(pattern)


@given("pattern", ["(a|a)*b", "(a*)*b", "(a+)+b", "(.*)(.*)(.*)(.*)b", "(a|b)*a(a|b){200}"])
def test_no_pattern_explodes(pattern: str) -> None:
    start = time.process_time()
    assert not compile_pattern(pattern)("a" * 5_000 + "c")
    assert time.process_time() - start < 5


PIECES = st.sampled_from(["a", "b", "c", "[ab]", "[^a]", "(a|bc)", "(ab)", "."])
TIMES = st.sampled_from(["", "?", "*", "+", "{2}", "{1,3}", "{2,}"])
PATTERNS = st.lists(st.tuples(PIECES, TIMES).map("".join), max_size=5).map("".join)


@drawn(pattern=PATTERNS | st.tuples(PATTERNS, PATTERNS).map("|".join), text=st.text("abc"))
def test_it_agrees_with_another_engine_on_what_both_read_alike(pattern: str, text: str) -> None:
    assert compile_pattern(pattern)(text) is bool(re.fullmatch(pattern, text))


@drawn(st.text(r"ab\[](){}|*+?.^$-,0123pLsiIcCdDwW") | st.text())
def test_whatever_is_written_is_a_pattern_or_refused(pattern: str) -> None:
    try:
        matches = compile_pattern(pattern)
    except BadPattern:
        return
    assert matches("aab") in {True, False}
