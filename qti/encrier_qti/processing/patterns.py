# SPDX-License-Identifier: AGPL-3.0-or-later
r"""Regular expressions of XML Schema, matched in a time that no pattern can make explode.

XML Schema Part 2, Appendix F. A pattern becomes an automaton (automaton.py);
one of more than 1,000 positions, once its repeats are written out, is refused.

Beyond XML Schema, as authors and TAO's engine have it: a ^ at the start and a
$ at the end mean nothing (a pattern always matches the whole), (?: opens a
group, and any punctuation may be escaped.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from encrier_qti.processing.automaton import NOTHING, Automaton, BadPattern, Fragment
from encrier_qti.processing.characters import (
    DOT,
    ESCAPED,
    Test,
    any_of,
    between,
    but,
    named,
    neither,
    one_of,
)

_MAX_DEPTH: Final = 50
_MAX_PATTERN: Final = 20_000  # characters
_CONTROLS: Final = {"n": "\n", "r": "\r", "t": "\t"}
_SPECIAL: Final = frozenset(".\\?*+{}()|[]")
_REPEAT: Final = re.compile(r"\{(\d{1,4})(?:(,)(\d{1,4})?)?\}")
_SIMPLE: Final = {"?": (0, 1), "*": (0, None), "+": (1, None)}


@lru_cache(maxsize=256)
def compile_pattern(pattern: str) -> Callable[[str], bool]:
    """Give a function that tells whether a whole string matches. Raises BadPattern.

    The function raises TooLong for a string that would take it too long.
    """
    if len(pattern) > _MAX_PATTERN:
        raise BadPattern
    automaton = Automaton()
    whole = _Parser(_unanchored(pattern)).parse()(automaton)
    return automaton.matcher(whole)


def _unanchored(pattern: str) -> str:
    inside = pattern.removeprefix("^")
    if inside.endswith("$"):
        before = inside[:-1]
        escapes = len(before) - len(before.rstrip("\\"))
        return inside if escapes % 2 else before
    return inside


_Make = Callable[[Automaton], Fragment]  # may be called more than once: a repeat writes it out


class _Parser:
    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.at = 0
        self.depth = 0
        self.n_members = 0  # of all classes between brackets so far

    def parse(self) -> _Make:
        found = self._branches()
        if self.at < len(self.pattern):
            raise BadPattern
        return found

    def _peek(self, length: int = 1) -> str:
        return self.pattern[self.at : self.at + length]

    def _next(self) -> str:
        if self.at >= len(self.pattern):
            raise BadPattern
        self.at += 1
        return self.pattern[self.at - 1]

    def _branches(self) -> _Make:
        each = [self._branch()]
        while self._peek() == "|":
            self.at += 1
            each.append(self._branch())
        return each[0] if len(each) == 1 else _alternatives(each)

    def _branch(self) -> _Make:
        pieces: list[_Make] = []
        while self._peek() not in {"", "|", ")"}:
            pieces.append(self._piece())
        return _sequence(pieces)

    def _piece(self) -> _Make:
        atom = self._atom()
        if self._peek() in _SIMPLE and self._peek():
            return _repeated(atom, *_SIMPLE[self._next()])
        if self._peek() != "{":
            return atom
        found = _REPEAT.match(self.pattern, self.at)
        if not found:
            raise BadPattern
        self.at = found.end()
        low = int(found[1])
        high = int(found[3]) if found[3] else (None if found[2] else low)
        if high is not None and high < low:
            raise BadPattern
        return _repeated(atom, low, high)

    def _atom(self) -> _Make:
        character = self._next()
        if character == "(":
            return self._group()
        if character == "[":
            before = self.n_members
            test = self._class()
            return _reading(test, cost=self.n_members - before)
        if character == ".":
            return _reading(DOT)
        if character == "\\":
            return _reading(self._escape())
        if character in _SPECIAL:
            raise BadPattern
        return lambda automaton: automaton.read_letter(character)

    def _group(self) -> _Make:
        self.depth += 1
        if self._peek(2) == "?:":
            self.at += 2
        if self.depth > _MAX_DEPTH or self._peek() == "?":
            raise BadPattern
        inside = self._branches()
        if self._next() != ")":
            raise BadPattern
        self.depth -= 1
        return inside

    def _escape(self) -> Test:
        character = self._next()
        if character in _CONTROLS:
            return one_of(_CONTROLS[character])
        if character.lower() in ESCAPED:
            test = ESCAPED[character.lower()]
            return neither(test) if character.isupper() else test
        if character in {"p", "P"}:
            end = self.pattern.find("}", self.at)
            test_named = named(self.pattern[self.at + 1 : end]) if self._peek() == "{" else None
            if end < 0 or test_named is None:
                raise BadPattern
            self.at = end + 1
            return neither(test_named) if character == "P" else test_named
        if character.isalnum():
            raise BadPattern
        return one_of(character)

    def _class(self) -> Test:
        """What is between brackets, from after the first."""
        negated = self._peek() == "^"
        self.at += negated
        tests: list[Test] = []
        without: Test | None = None
        while self._peek() != "]":
            if tests and self._peek(2) == "-[":
                self.at += 2
                self.depth += 1
                if self.depth > _MAX_DEPTH:
                    raise BadPattern
                without = self._class()
                self.depth -= 1
                break
            tests.append(self._member())
            self.n_members += 1
        if self._next() != "]" or not tests:
            raise BadPattern
        test = neither(any_of(tests)) if negated else any_of(tests)
        return but(test, without) if without else test

    def _member(self) -> Test:
        """A character, a range or an escaped class, between brackets."""
        first, test = self._single()
        if first is None or self._peek() != "-" or self._peek(2) in {"-]", "-["}:
            return test
        self.at += 1
        last, _ = self._single()
        if last is None or last < first:
            raise BadPattern
        return between(first, last)

    def _single(self) -> tuple[str | None, Test]:
        """One character and its class; None for an escaped class of several."""
        character = self._next()
        if character == "[":
            raise BadPattern
        if character != "\\":
            return character, one_of(character)
        escaped = self._peek()
        test = self._escape()
        if escaped in _CONTROLS:
            return _CONTROLS[escaped], test
        return (None if escaped.isalpha() else escaped), test


def _reading(test: Test, *, cost: int = 1) -> _Make:
    return lambda automaton: automaton.read_class(test, cost=cost)


def _sequence(pieces: list[_Make]) -> _Make:
    def make(automaton: Automaton) -> Fragment:
        found = NOTHING
        for piece in pieces:
            found = automaton.chain(found, piece(automaton))
        return found

    return make


def _alternatives(branches: list[_Make]) -> _Make:
    def make(automaton: Automaton) -> Fragment:
        each = [branch(automaton) for branch in branches]
        first = last = 0
        for one in each:
            first, last = first | one.first, last | one.last
        return Fragment(empty=any(one.empty for one in each), first=first, last=last)

    return make


def _repeated(atom: _Make, low: int, high: int | None) -> _Make:
    def make(automaton: Automaton) -> Fragment:
        end = NOTHING
        if high is None:
            end = atom(automaton)
            automaton.chain(end, end)
            end = end._replace(empty=True)
        for _ in range((high or low) - low):
            end = automaton.chain(atom(automaton), end)._replace(empty=True)
        found = NOTHING
        for _ in range(low):
            found = automaton.chain(found, atom(automaton))
        return automaton.chain(found, end)

    return make
