"""Texts that a regular expression probably matches: walks through its tree, by chance."""

from __future__ import annotations

from random import Random
from typing import Final

from mturk_mock.questions.javascript import characters as chars
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

#: How many repetitions more than it must a walk takes at most; one of these for each walk.
_SPREADS: Final = (0, 1, 3, 6)

_WORD_EDGE: Final = Boundary("b")

#: How many steps a walk takes before it repeats nothing more than it must.
_STEPS: Final = 1_000


def propose(tree: Node, random: Random, length: int | None = None) -> str:
    """Return a text that the tree may match, of that many code units if it can be done.

    What a text is to begin or end with, or not to hold, a walk does not know: it has to be tried.
    """
    walk = _Walk(random, random.choice(_SPREADS), random.random() < 0.5)
    walk.visit(tree)
    if length is not None:
        walk.stretch(length)
    return chars.to_text("".join(walk.pieces))


class _Walk:
    """`generous`: whether it writes down what lookaheads ask for, and spaces between words."""

    def __init__(self, random: Random, spread: int, generous: bool) -> None:
        self.pieces: list[str] = []
        self._random = random
        self._spread = spread
        self._generous = generous
        self._steps = 0
        self._captured: dict[int, str] = {}
        #: Where more repetitions can go: the index of the piece, what, how many.
        self._gaps: list[tuple[int, Node, int]] = []

    def visit(self, node: Node) -> None:
        self._steps += 1
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
        spread = self._spread if self._steps < _STEPS else 0
        times = node.least + self._random.randint(0, min(spread, most - node.least))
        self._gaps.append((len(self.pieces), node.body, most - times))
        self.pieces.append("")
        if isinstance(node.body, CharSet):
            self.pieces.append(self._units(node.body, times))
            return
        for _ in range(times):
            self.visit(node.body)

    def stretch(self, length: int) -> None:
        """Repeat more, here and there, until there are that many units."""
        missing = length - sum(map(len, self.pieces))
        self._random.shuffle(self._gaps)
        for index, body, times in self._gaps:
            if missing <= 0:
                return
            more = self._more(body, times, missing)
            self.pieces[index] += more
            missing -= len(more)

    def _more(self, body: Node, times: int, missing: int) -> str:
        """Return so many repetitions at most, and so many units at most."""
        if isinstance(body, CharSet):
            return self._units(body, min(times, missing))
        more = ""
        for _ in range(min(times, missing)):
            walk = _Walk(self._random, self._spread, self._generous)
            walk.visit(body)
            piece = "".join(walk.pieces)
            if len(more) + len(piece) > missing:
                break
            more += piece
        return more

    def _units(self, node: CharSet, count: int) -> str:
        """Return units out of a set: such as people type, if it has any."""
        if node.palette.units:
            units, weights = node.palette
            return "".join(self._random.choices(units, weights, k=count))
        if not node.ranges:
            return ""
        return "".join(
            [chr(self._random.randint(*self._random.choice(node.ranges))) for _ in range(count)]
        )
