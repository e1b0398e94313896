"""The syntax tree of a JavaScript regular expression."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from string import ascii_lowercase, ascii_uppercase, digits, punctuation
from typing import Final, NamedTuple, TypeAlias

from mturk_mock.questions.javascript.characters import Ranges, contains, fold

#: Printable ASCII characters, and the weight of each kind in examples.
_KINDS: Final = (
    (ascii_lowercase, 4),
    (ascii_uppercase, 2),
    (digits, 2),
    (punctuation, 1),
    (" ", 1),
)


class Palette(NamedTuple):
    """Units to draw from, and their weights."""

    units: list[str]
    weights: list[float]


@dataclass(frozen=True)
class CharSet:
    """One code unit of these ranges; with `ignore_case`, a unit that folds to one of them."""

    ranges: Ranges
    ignore_case: bool = False

    @cached_property
    def palette(self) -> Palette:
        """The set's printable ASCII characters; for a single unit, that unit."""
        if len(self.ranges) == 1 and self.ranges[0][0] == self.ranges[0][1]:
            if not self.ignore_case:
                return Palette([chr(self.ranges[0][0])], [1.0])
        palette = Palette([], [])
        for kind, weight in _KINDS:
            found = [unit for unit in kind if self._has(unit)]
            palette.units.extend(found)
            palette.weights.extend(weight / len(found) for _ in found)
        return palette

    def _has(self, unit: str) -> bool:
        return contains(self.ranges, ord(fold(unit) if self.ignore_case else unit))


@dataclass(frozen=True)
class Sequence:
    """All parts, one after the other."""

    parts: tuple[Node, ...]


@dataclass(frozen=True)
class Choice:
    """One of two or more options."""

    options: tuple[Node, ...]


@dataclass(frozen=True)
class Capture:
    """A capturing group; groups count from 1 in the order of their opening parentheses."""

    body: Node
    number: int


@dataclass(frozen=True)
class Repeat:
    """From `least` to `most` repetitions; `most` is None if there is no limit.

    ``groups``: the numbers of the groups inside.
    """

    body: Node
    least: int
    most: int | None
    lazy: bool
    groups: range


@dataclass(frozen=True)
class BackReference:
    """The text that a group has captured; empty if the group has not matched."""

    number: int


@dataclass(frozen=True)
class Boundary:
    """An assertion: ``^``, ``$``, ``b`` (a word boundary) or ``B`` (no word boundary)."""

    kind: str


@dataclass(frozen=True)
class Look:
    """A lookahead or lookbehind (`behind`), `negative` or not."""

    body: Node
    behind: bool
    negative: bool


Node: TypeAlias = CharSet | Sequence | Choice | Capture | Repeat | BackReference | Boundary | Look


def walk(tree: Node, inside_looks: bool = True) -> Iterator[Node]:
    """Yield all nodes of a tree, in no particular order."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        match node:
            case Sequence(parts) | Choice(parts):
                waiting.extend(parts)
            case Repeat(body) | Capture(body):
                waiting.append(body)
            case Look(body):
                waiting.extend([body] if inside_looks else [])


def measure_shortest_walk(node: Node) -> int:
    """Return the number of nodes in a walk through the tree with the fewest repetitions."""
    match node:
        case Sequence(parts) | Choice(parts):
            return 1 + sum([measure_shortest_walk(part) for part in parts])
        case Repeat(body, least):
            return 1 + max(1, least) * measure_shortest_walk(body)
        case Capture(body) | Look(body):
            return 1 + measure_shortest_walk(body)
    return 1
