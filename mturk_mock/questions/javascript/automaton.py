"""A matcher of regular expressions without back references, in one pass over the text.

The automaton follows all possible matches at the same time: its state is the set of their
rests, which are left to match. States and transitions are made when the text first needs them.
Each assertion, such as ``$`` or a lookahead, is evaluated at all positions beforehand. A
lookahead reads the text backwards, from the ends of its matches to their beginnings.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias

from mturk_mock.questions.javascript import characters as chars
from mturk_mock.questions.javascript.budget import Budget
from mturk_mock.questions.javascript.tree import (
    Boundary,
    Capture,
    CharSet,
    Choice,
    Look,
    Node,
    Repeat,
    Sequence,
    walk,
)

#: The number of characters that count as one step if their transitions exist.
_CHARACTERS_PER_STEP: Final = 3

#: The steps to set up an automaton.
_SETUP: Final = 20

#: The key of an assertion: a boundary's kind, or the identity of a look.
_Key: TypeAlias = str | int

#: A unit, empty at the end of the text, and whether each assertion holds before it.
_Symbol: TypeAlias = tuple[str, tuple[int, ...]]


def contains_match(tree: Node, units: str, budget: Budget) -> bool:
    """Return whether a text contains a match. Raises TooManySteps."""
    return any(_Text(tree, units, budget).read(tree, backwards=False))


class _Text:
    """A text in which one unit represents all units of the same sets."""

    def __init__(self, tree: Node, units: str, budget: Budget) -> None:
        self._text = units
        self._units = units.translate(_Classes(tree))
        self._budget = budget

    def read(self, tree: Node, backwards: bool) -> Iterator[bool]:
        """Yield for each position whether a match, which can begin anywhere, ends there."""
        self._budget.spend(_SETUP + len(self._units) // _CHARACTERS_PER_STEP)
        nodes = walk(tree, inside_looks=False)
        assertions = {_key(node): node for node in nodes if isinstance(node, (Boundary, Look))}
        results = [self._evaluate(node) for node in assertions.values()]
        places = list(zip(*results, strict=True)) or [()] * (len(self._units) + 1)
        order = slice(None, None, -1 if backwards else 1)
        indices = {key: index for index, key in enumerate(assertions)}
        automaton = _Automaton(tree, indices, backwards, len(self._units), self._budget)
        return automaton.read(zip([*self._units[order], ""], places[order], strict=True))

    def _evaluate(self, assertion: Boundary | Look) -> bytes:
        """Return for each position whether an assertion holds there."""
        match assertion:
            case Look(body, behind, negative):
                ends = bytes(self.read(body, backwards=not behind))
                found = ends if behind else ends[::-1]
                return bytes([not each for each in found]) if negative else found
            case Boundary("^"):
                return b"\1" + bytes(len(self._units))
            case Boundary("$"):
                return bytes(len(self._units)) + b"\1"
        self._budget.spend(len(self._units) // _CHARACTERS_PER_STEP)
        words = [chars.contains(chars.WORD, ord(unit)) for unit in self._text]
        edges = zip([False, *words], [*words, False], strict=True)
        is_edge = assertion.kind == "b"
        return bytes([(before != after) == is_edge for before, after in edges])


class _Classes(dict[int, int]):
    """A table for `str.translate`: maps units of the same sets of a tree to the first one."""

    def __init__(self, tree: Node) -> None:
        sets = [node.ranges for node in walk(tree) if isinstance(node, CharSet)]
        firsts = {unit for ranges in sets for low, high in ranges for unit in (low, high + 1)}
        self._firsts = sorted({0, *firsts})

    def __missing__(self, unit: int) -> int:
        first = self[unit] = self._firsts[bisect_right(self._firsts, unit) - 1]
        return first


class _Rest:
    """The rest of a match: the next node, and the rest after it; after the end is the end.

    ``done``: how many parts of a Sequence, or repetitions of a Repeat, have been matched.
    ``options``: the rests with which the node can begin; None until they are needed.
    """

    __slots__ = ("after", "done", "node", "options")

    def __init__(self, node: Node, done: int = 0, after: _Rest | None = None) -> None:
        self.node = node
        self.done = done
        self.after = after or self
        self.options: list[_Rest] | None = None


class _State(dict[_Symbol, "tuple[bool, _State]"]):
    """The transitions of a state: whether a match ends, and the next state."""

    def __init__(self, rests: frozenset[_Rest]) -> None:
        self.rests = rests


class _Automaton:
    """An automaton of one tree.

    `indices`: the index of each assertion in symbols. `longest`: the length of the text.
    """

    def __init__(
        self, tree: Node, indices: dict[_Key, int], backwards: bool, longest: int, budget: Budget
    ) -> None:
        self._indices = indices
        self._backwards = backwards
        self._longest = longest
        self._budget = budget
        self._rests: dict[tuple[int, int, int], _Rest] = {}
        self._states: dict[frozenset[_Rest], _State] = {}
        self._end = _Rest(Sequence(()))
        self._start = self._rest(tree, 0, self._end)

    def read(self, symbols: Iterable[_Symbol]) -> Iterator[bool]:
        """Yield for each symbol whether a match ends before its unit."""
        state = self._state(frozenset())
        for symbol in symbols:
            transition = state.get(symbol)
            if transition is None:
                transition = state[symbol] = self._advance(state, *symbol)
            ends, state = transition
            yield ends

    def _advance(self, state: _State, unit: str, holds: tuple[int, ...]) -> tuple[bool, _State]:
        """Return the transition of a symbol, in time linear in the state's rests."""
        waiting = [self._start, *state.rests]
        seen: set[_Rest] = set()
        following: set[_Rest] = set()
        while waiting:
            rest = waiting.pop()
            if rest in seen:
                continue
            seen.add(rest)
            self._budget.spend(1)
            match node := rest.node:
                case CharSet(ranges):
                    if unit and chars.contains(ranges, ord(unit)):
                        following.add(rest.after)
                case Boundary() | Look():
                    if holds[self._indices[_key(node)]]:
                        waiting.append(rest.after)
                case _:
                    rest.options = rest.options or self._options(rest)
                    waiting.extend(rest.options)
        return self._end in seen, self._state(frozenset(following))

    def _options(self, rest: _Rest) -> list[_Rest]:
        """Return the rests with which a rest can begin, if its node is no set or assertion."""
        done, after = rest.done, rest.after
        match node := rest.node:
            case Sequence(()):
                return [after]
            case Sequence(parts):
                is_last = done + 1 == len(parts)
                part = parts[-1 - done if self._backwards else done]
                return [
                    self._rest(part, 0, after if is_last else self._rest(node, done + 1, after))
                ]
            case Choice(options):
                return [self._rest(option, 0, after) for option in options]
            case Capture(body):
                return [self._rest(body, 0, after)]
        assert isinstance(node, Repeat)  # back references are left to backtracking
        # No text needs more repetitions than it has characters.
        is_endless = node.most is None or node.most >= self._longest
        more = min(done + 1, node.least) if is_endless else done + 1
        stop = [after] if done >= node.least else []
        if not is_endless and done == node.most:
            return stop
        return [*stop, self._rest(node.body, 0, self._rest(node, more, after))]

    def _rest(self, node: Node, done: int, after: _Rest) -> _Rest:
        key = (id(node), done, id(after))
        found = self._rests.get(key)
        if found is None:
            found = self._rests[key] = _Rest(node, done, after)
        return found

    def _state(self, rests: frozenset[_Rest]) -> _State:
        found = self._states.get(rests)
        if found is None:
            found = self._states[rests] = _State(rests)
        return found


def _key(assertion: Boundary | Look) -> _Key:
    return assertion.kind if isinstance(assertion, Boundary) else id(assertion)
