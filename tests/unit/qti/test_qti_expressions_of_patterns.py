# SPDX-License-Identifier: AGPL-3.0-or-later
"""Regular expressions of XML Schema: what they match, and that none can make scoring hang."""

import random
import re
import time
from contextlib import suppress

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from encrier_qti.processing.automaton import BadPattern, TooLong
from encrier_qti.processing.patterns import compile_pattern

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
        "(" * 51 + ")" * 51, "[a-[" * 60, "x?" * 2_000_000,
    ],
)  # fmt: skip
def test_what_is_no_pattern_or_too_large_a_one_is_refused(pattern: str) -> None:
    with pytest.raises(BadPattern):
        compile_pattern(pattern)


HARD = [
    "(a|a)*b", "(a*)*b", "(a+)+b", "(.*)(.*)(.*)(.*)b", "(a|b)*a(a|b){200}", "(a?){900}b*",
    "(.*a.*b?){200}", "[\\s\\S]*", ".*(" + "|".join(f"a{n}x" for n in range(150)) + ").*",
    "(" + "|".join(f"[{chr(n)}-\uffff]" for n in range(97, 600)) + ")*", "((a?b?.?){3}c*){80}",
]  # fmt: skip


@given("pattern", HARD)
@given("kind", ["one letter", "letters", "all of Unicode"])
def test_no_answer_costs_more_than_a_moment(pattern: str, kind: str) -> None:
    letters = {
        "one letter": "a" * 100_000,
        "letters": "".join(random.Random(7).choices("abcx1", k=100_000)),  # noqa: S311  no secret
        "all of Unicode": "".join(map(chr, range(0x20, 0xD7FF))) * 2,
    }
    matches = compile_pattern(pattern)
    start = time.process_time()
    with suppress(TooLong):
        matches(letters[kind])
    assert time.process_time() - start < 0.25  # 50 ms, on a machine that does other things too


@given("pattern", ["(mot|de|passe)( (mot|de|passe))*", r"(\s*\S+){50,200}", ".*photosynth[eè]se.*"])
def test_an_essay_is_never_too_long(pattern: str) -> None:
    assert compile_pattern(pattern)("mot de passe " * 1_600) in {True, False}


def test_too_long_does_not_depend_on_what_was_read_before() -> None:
    matches, text = compile_pattern("(a|b)*a(a|b){200}c?"), "ab" * 50_000
    for _ in range(2):
        with pytest.raises(TooLong):
            matches(text)


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
