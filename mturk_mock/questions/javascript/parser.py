r"""A parser of JavaScript regular expressions without the flag u: ECMAScript 2024, Annex B.

Annex B is the browsers' syntax beyond the grammar: ``{`` that begins no quantifier, ``\``
before any letter, ``\1`` without a group.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from mturk_mock.questions.javascript import characters as chars
from mturk_mock.questions.javascript import escapes
from mturk_mock.questions.javascript.escapes import PatternError, Source
from mturk_mock.questions.javascript.tree import (
    BackReference,
    Boundary,
    Capture,
    CharSet,
    Choice,
    Look,
    Node,
    Repeat,
    Sequence,
)

#: The maximum nesting of groups. Each takes eight of Python's thousand recursive calls.
MOST_NESTED: Final = 40

#: The maximum count of a quantifier, more than the length of any text.
_ENDLESS: Final = 1_000_000_000

#: The maximum number of units in all sets of a pattern that ignores case: about 300 wide sets.
_MOST_FOLDED: Final = 20_000_000

_QUANTIFIER: Final = re.compile(r"(?:([*+?])|\{([0-9]+)(?:(,)([0-9]*))?\})(\??)")
_SIMPLE: Final = {"*": (0, None), "+": (1, None), "?": (0, 1)}
_OPENING: Final = re.compile(r"\((?:\?(?::|(<?[=!])|<([^>]{0,99})>))?")
_GROUPS: Final = re.compile(
    r"\\.|\[(?:\\.|[^\]\\])*\]?|(?P<group>\((?!\?)|\(\?<(?![=!])([^>]{0,99})>)", re.DOTALL
)


def parse(pattern: str, ignore_case: bool = False) -> Node:
    """Return the tree of a pattern.

    Raises PatternError for a pattern that JavaScript rejects, for groups nested more than 40
    deep, for very many wide sets if case is ignored, and for syntax of newer browsers only:
    flags in a pattern, one name for two groups.
    """
    return _Parser(chars.to_units(pattern), ignore_case).parse()


class _Parser:
    def __init__(self, pattern: str, ignore_case: bool) -> None:
        self._source = Source(pattern)
        self._ignore_case = ignore_case
        self._names = [found[2] for found in _GROUPS.finditer(pattern) if found["group"]]
        self._groups = 0  # opened so far
        self._depth = 0
        self._folded = 0
        names = [name for name in self._names if name is not None]
        self._has_names = bool(names)
        if len(names) > len(set(names)):
            raise PatternError

    def parse(self) -> Node:
        tree = self._choice()
        if not self._source.at_end:  # a parenthesis that closes nothing
            raise PatternError
        return tree

    def _choice(self) -> Node:
        options = [self._sequence()]
        while self._source.skip("|"):
            options.append(self._sequence())
        return options[0] if len(options) == 1 else Choice(tuple(options))

    def _sequence(self) -> Node:
        parts = []
        while self._source.peek not in ("", "|", ")"):
            parts.append(self._term())
        return parts[0] if len(parts) == 1 else Sequence(tuple(parts))

    def _term(self) -> Node:
        first = self._groups + 1
        node = self._atom()
        quantifier = self._source.take(_QUANTIFIER)
        if quantifier is None:
            return node
        if isinstance(node, Boundary) or (isinstance(node, Look) and node.behind):
            raise PatternError
        simple, least, comma, most, lazy = quantifier.groups()
        low, high = _SIMPLE[simple] if simple else _bounds(least, comma, most)
        return Repeat(node, low, high, bool(lazy), range(first, self._groups + 1))

    def _atom(self) -> Node:
        match unit := self._source.peek:
            case "*" | "+" | "?" | "{" if self._source.look(_QUANTIFIER):  # repeats nothing
                raise PatternError
            case "(":
                return self._group()
            case "[":
                return self._set(*escapes.read_class(self._source, self._has_names))
            case "\\":
                return self._escape()
        self._source.next()
        match unit:
            case "^" | "$":
                return Boundary(unit)
            case ".":
                return self._set(chars.LINE_ENDS, True)
        return self._unit(ord(unit))

    def _group(self) -> Node:
        opening = self._source.take(_OPENING)
        if opening is None or self._depth == MOST_NESTED:
            raise PatternError
        self._depth += 1
        look, name = opening.groups()
        node = self._look(look) if look else self._plain_group(opening[0], name)
        self._depth -= 1
        return node

    def _plain_group(self, opening: str, name: str | None) -> Node:
        if opening == "(?:":
            return Sequence((self._body(),))  # a Sequence can always be repeated
        if opening == "(" and self._source.peek == "?":  # an unknown kind of group
            raise PatternError
        if name is not None and not name.replace("$", "_").isidentifier():
            raise PatternError
        self._groups += 1
        number = self._groups
        return Capture(self._body(), number)

    def _look(self, kind: str) -> Look:
        return Look(self._body(), kind.startswith("<"), kind.endswith("!"))

    def _body(self) -> Node:
        body = self._choice()
        if not self._source.skip(")"):
            raise PatternError
        return body

    def _escape(self) -> Node:
        if self._source.skip("\\b"):
            return Boundary("b")
        if self._source.skip("\\B"):
            return Boundary("B")
        number = escapes.read_reference(self._source, self._names)
        if number is not None:
            return BackReference(number)
        ranges = escapes.read_class_escape(self._source)
        if ranges is not None:
            return self._set(ranges, False)
        return self._unit(escapes.read_unit(self._source, self._has_names))

    def _unit(self, unit: int) -> CharSet:
        return self._set(((unit, unit),), False)

    def _set(self, ranges: chars.Ranges, negated: bool) -> CharSet:
        if self._ignore_case:
            self._folded += sum([high - low for low, high in ranges])
            if self._folded > _MOST_FOLDED:
                raise PatternError
        return _make_set(ranges, negated, self._ignore_case)


@lru_cache(maxsize=256)
def _make_set(ranges: chars.Ranges, negated: bool, ignore_case: bool) -> CharSet:
    ranges = chars.fold_ranges(ranges) if ignore_case else chars.merge(ranges)
    return CharSet(chars.complement(ranges) if negated else ranges, ignore_case)


def _bounds(least: str, comma: str | None, most: str | None) -> tuple[int, int | None]:
    low = _number(least)
    high = low if comma is None else _number(most) if most else None
    if high is not None and high < low:
        raise PatternError
    return low, high


def _number(figures: str) -> int:
    """Return a number, capped, because int() raises ValueError for thousands of digits."""
    return min(int(figures.lstrip("0")[:10] or "0"), _ENDLESS)
