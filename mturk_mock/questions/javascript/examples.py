"""Example texts for a regular expression, made by random walks through its tree."""

from __future__ import annotations

from random import Random
from typing import Final

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

#: The fewest and the most repetitions above the minimum; each walk draws one of these.
_SPREADS: Final = ((0, 0), (0, 1), (0, 3), (0, 6), (1, 3))

_WORD_EDGE: Final = Boundary("b")

#: The number of steps after which a walk repeats only the minimum.
_STEPS: Final = 1_000

#: The steps of the budget that one step of a walk costs, because it takes longer.
_COST: Final = 2

#: The number of characters of a repeated set that count as a step of the budget.
_CHARACTERS_PER_STEP: Final = 2


def propose(tree: Node, random: Random, budget: Budget, length: int | None = None) -> str:
    """Return a text that the tree probably matches, of `length` code units if possible.

    A walk ignores some assertions, such as anchors and negative lookaheads, so the caller must
    test the text. Raises TooManySteps if the budget is used up.
    """
    walk = _Walk(random, random.choice(_SPREADS), random.random() < 0.5, budget)
    walk.visit(tree)
    if length is not None:
        walk.stretch(length)
    return chars.to_text("".join(walk.pieces))


class _Walk:
    """A random walk through a tree.

    `spread`: the range of repetitions above the minimum. `generous`: whether to write matches
    of lookaheads, and spaces at word boundaries.
    """

    def __init__(
        self, random: Random, spread: tuple[int, int], generous: bool, budget: Budget
    ) -> None:
        self.pieces: list[str] = []
        self._budget = budget
        self._random = random
        self._spread = spread
        self._generous = generous
        self._steps = 0
        self._captured: dict[int, str] = {}
        #: Places for more repetitions: the index of the piece, the node, and the maximum.
        self._gaps: list[tuple[int, Node, int]] = []

    def visit(self, node: Node) -> None:
        self._steps += 1
        self._budget.spend(_COST)
        match node:
            case CharSet():
                self.pieces.append(self._units(node, 1))
            case Sequence(parts):
                for part in parts:
                    self.visit(part)
            case Choice(options):
                self.visit(self._random.choice(options))
            case Repeat():
                self._repeat(node)
            case Capture(body, number):
                start = len(self.pieces)
                self.visit(body)
                self._captured[number] = "".join(self.pieces[start:])
            case BackReference(number):
                self.pieces.append(self._captured.get(number, ""))
            case Look(body, _, negative):
                if self._generous and not negative:
                    self.visit(body)
            case _:
                if self._generous and node == _WORD_EDGE:
                    self.pieces.append(" ")

    def _repeat(self, node: Repeat) -> None:
        most = chars.LAST_UNIT if node.most is None else node.most
        room = most - node.least if self._steps < _STEPS else 0
        low, high = (min(bound, room) for bound in self._spread)
        times = node.least + self._random.randint(low, high)
        self._gaps.append((len(self.pieces), node.body, most - times))
        self.pieces.append("")
        if isinstance(node.body, CharSet):
            self.pieces.append(self._units(node.body, times))
            return
        for _ in range(times):
            self.visit(node.body)

    def stretch(self, length: int) -> None:
        """Add repetitions in random places until there are `length` units."""
        missing = length - sum(map(len, self.pieces))
        self._random.shuffle(self._gaps)
        for index, body, times in self._gaps:
            if missing <= 0:
                return
            more = self._more(body, times, missing)
            self.pieces[index] += more
            missing -= len(more)

    def _more(self, body: Node, times: int, missing: int) -> str:
        """Return at most `times` repetitions with at most `missing` units."""
        if isinstance(body, CharSet):
            return self._units(body, min(times, missing))
        more = ""
        for _ in range(min(times, missing)):
            walk = _Walk(self._random, self._spread, self._generous, self._budget)
            walk.visit(body)
            piece = "".join(walk.pieces)
            if len(more) + len(piece) > missing:
                break
            more += piece
        return more

    def _units(self, node: CharSet, count: int) -> str:
        """Return random units of a set, printable ASCII if it has any."""
        self._budget.spend(count // _CHARACTERS_PER_STEP)
        if node.palette.units:
            units, weights = node.palette
            return "".join(self._random.choices(units, weights, k=count))
        if not node.ranges:
            return ""
        return "".join(
            [chr(self._random.randint(*self._random.choice(node.ranges))) for _ in range(count)]
        )
