"""A backtracking matcher of regular expressions: tries options in ECMAScript's order.

It supports all syntax, but takes exponential time for some expressions.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple, TypeAlias

from mturk_mock.questions.javascript import characters as chars
from mturk_mock.questions.javascript.budget import Budget
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

#: The number of captured characters, or groups, that are copied or compared in one step.
_COPIED_PER_STEP: Final = 16

#: The number of repetitions of a set that are found in one step.
_REPEATED_PER_STEP: Final = 2

#: The steps of the budget that one step of this matcher costs, because it takes longer.
_COST: Final = 3

#: The start and end of what each group has captured.
_Captures: TypeAlias = dict[int, tuple[int, int]]


def contains_match(tree: Node, units: str, budget: Budget) -> bool:
    """Return whether a text contains a match. Raises TooManySteps."""
    is_anchored = isinstance(tree, Sequence) and tree.parts[:1] == (Boundary("^"),)
    starts = range(1 if is_anchored else len(units) + 1)
    matcher = _Matcher(units, budget)
    return any(matcher.match(tree, start, {}) is not None for start in starts)


@dataclass(frozen=True)
class _Close:
    """The end of a group."""

    number: int
    start: int


@dataclass(frozen=True)
class _Again:
    """The end of a repetition."""

    repeat: Repeat
    start: int


class _Rest(NamedTuple):
    """The rest of a match: the next node, and the rest after it.

    ``done``: how many parts of a Sequence, or repetitions of a Repeat, have been matched.
    """

    node: Node | _Close | _Again
    done: int
    after: _Rest | None


#: The rest of a match, the position, and the captures.
_Option: TypeAlias = tuple[_Rest | None, int, _Captures]


class _Matcher:
    def __init__(self, units: str, budget: Budget) -> None:
        self._units = units
        self._budget = budget

    def match(
        self, tree: Node, start: int, captures: _Captures, backwards: bool = False
    ) -> _Captures | None:
        """Return the captures of the first match from `start`; None if there is none."""
        options: list[_Option] = [(_Rest(tree, 0, None), start, captures)]
        while options:
            rest, position, captures = options.pop()
            if rest is None:
                return captures
            self._budget.spend(_COST)
            options.extend(self._go_on(rest, position, captures, backwards))
        return None

    def _go_on(
        self, rest: _Rest, position: int, captures: _Captures, backwards: bool
    ) -> list[_Option]:
        """Return the options after one step; the last one is tried first."""
        node, done, after = rest
        match node:
            case Sequence(()):
                return [(after, position, captures)]
            case Sequence(parts):
                is_last = done + 1 == len(parts)
                part = parts[-1 - done if backwards else done]
                rest_of_it = after if is_last else _Rest(node, done + 1, after)
                return [(_Rest(part, 0, rest_of_it), position, captures)]
            case Choice(options):
                self._budget.spend(len(options))
                return [(_Rest(each, 0, after), position, captures) for each in options[::-1]]
            case Repeat(CharSet() as body):
                ends = self._repeat_set(node, body, position, backwards)
                return [(after, end, captures) for end in ends]
            case Repeat():
                return self._repeat(node, rest, position, captures)
            case _Again(repeat, start):
                is_useless = position == start and done > repeat.least
                return [] if is_useless else [(_Rest(repeat, done, after), position, captures)]
            case Capture(body, number):
                return [
                    (_Rest(body, 0, _Rest(_Close(number, position), 0, after)), position, captures)
                ]
            case _Close(number, start):
                self._budget.spend(len(captures) // _COPIED_PER_STEP)
                span = (min(start, position), max(start, position))
                return [(after, position, {**captures, number: span})]
            case Look(body, behind, negative):
                found = self.match(body, position, captures, behind)
                return [(after, position, found or captures)] if (found is None) == negative else []
            case Boundary(kind):
                return [(after, position, captures)] if self._holds(kind, position) else []
        end = self._read(node, position, captures, backwards)
        return [] if end is None else [(after, end, captures)]

    def _repeat(
        self, node: Repeat, rest: _Rest, position: int, captures: _Captures
    ) -> list[_Option]:
        """Return the options to repeat, which clears the captures inside, and to stop."""
        options: list[_Option] = []
        if rest.done >= node.least:
            options.append((rest.after, position, captures))
        if node.most is None or rest.done < node.most:
            again = _Rest(_Again(node, position), rest.done + 1, rest.after)
            self._budget.spend(len(captures) // _COPIED_PER_STEP)
            kept = {group: captures[group] for group in captures if group not in node.groups}
            options.append((_Rest(node.body, 0, again), position, kept))
        return options[::-1] if node.lazy else options

    def _repeat_set(
        self, node: Repeat, body: CharSet, position: int, backwards: bool
    ) -> Iterable[int]:
        """Return the positions after repetitions of a set; the last one is tried first."""
        step = -1 if backwards else 1
        room = position if backwards else len(self._units) - position
        most = room if node.most is None else min(room, node.most)
        first, count = position - backwards, 0
        while count < most and chars.contains(body.ranges, ord(self._units[first + step * count])):
            count += 1
        self._budget.spend(count // _REPEATED_PER_STEP)
        ends = range(position + step * node.least, position + step * (count + 1), step)
        return reversed(ends) if node.lazy else ends

    def _read(
        self, node: CharSet | BackReference, position: int, captures: _Captures, backwards: bool
    ) -> int | None:
        """Return the position after a unit or a reference; None if the text differs."""
        start, end = 0, 1
        if isinstance(node, BackReference):
            start, end = captures.get(node.number, (0, 0))
        low, high = position, position + end - start
        if backwards:
            low, high = position - (end - start), position
        if low < 0 or high > len(self._units):
            return None
        if isinstance(node, CharSet):
            is_equal = chars.contains(node.ranges, ord(self._units[low]))
        else:
            self._budget.spend((high - low) // _COPIED_PER_STEP)
            is_equal = self._units[start:end] == self._units[low:high]
        return (low if backwards else high) if is_equal else None

    def _holds(self, kind: str, position: int) -> bool:
        if kind == "^":
            return position == 0
        if kind == "$":
            return position == len(self._units)
        around = self._units[max(position - 1, 0) : position], self._units[position : position + 1]
        before, after = (unit != "" and chars.contains(chars.WORD, ord(unit)) for unit in around)
        return (before != after) == (kind == "b")
