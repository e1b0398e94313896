"""What a JavaScript regular expression is made of."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from string import ascii_lowercase, ascii_uppercase, digits, punctuation
from typing import Final, NamedTuple, TypeAlias

from mturk_mock.questions.javascript.characters import Ranges, contains, fold

#: Characters that people type, and how often examples take one of each kind.
_KINDS: Final = (
    (ascii_lowercase, 4),
    (ascii_uppercase, 2),
    (digits, 2),
    (punctuation, 1),
    (" ", 1),
)


class Palette(NamedTuple):
    """Units to choose from, and the weight of each."""

    units: list[str]
    weights: list[float]


@dataclass(frozen=True)
class CharSet:
    """One code unit out of these; with `ignore_case`, one that folds to one of these."""

    ranges: Ranges
    ignore_case: bool = False

    @cached_property
    def palette(self) -> Palette:
        """What ASCII has of it that can be printed; for one unit alone, this."""
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
    """One after the other."""

    parts: tuple[Node, ...]


@dataclass(frozen=True)
class Choice:
    """One of these, two at least."""

    options: tuple[Node, ...]


@dataclass(frozen=True)
class Capture:
    """A group in parentheses, counted from 1 by where it begins."""

    body: Node
    number: int


@dataclass(frozen=True)
class Repeat:
    """So many times; `most` is None where there is no end."""

    body: Node
    least: int
    most: int | None
    lazy: bool


@dataclass(frozen=True)
class BackReference:
    """What a group took before, nothing if it took no part."""

    number: int


@dataclass(frozen=True)
class Boundary:
    """A place: ``^``, ``$``, ``b`` (the edge of a word) or ``B`` (none)."""

    kind: str


@dataclass(frozen=True)
class Look:
    """What must follow, or come before (`behind`), or must not (`negative`)."""

    body: Node
    behind: bool
    negative: bool


Node: TypeAlias = CharSet | Sequence | Choice | Capture | Repeat | BackReference | Boundary | Look


def work(node: Node) -> int:
    """Return how many steps it takes to go through it with the fewest repetitions."""
    match node:
        case Sequence(parts) | Choice(parts):
            return 1 + sum([work(part) for part in parts])
        case Repeat(body, least):
            return 1 + max(1, least) * work(body)
        case Capture(body) | Look(body):
            return 1 + work(body)
    return 1
