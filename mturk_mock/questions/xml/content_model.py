"""Content models: the children that an element can have, and their order.

The notation is that of document type declarations: ``Title?, (Text | List)+`` is an optional
Title, followed by one or more Text and List. ``,`` is a sequence, ``|`` a choice, ``?``
optional, ``*`` any number, ``+`` one or more. XML Schema requires models to be deterministic,
so a model is a small automaton with a state for each name (Glushkov's construction).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

_TOKEN: Final = re.compile(r"[A-Za-z][A-Za-z0-9]*|[(),|?*+]")

#: The state before the first child.
START: Final = 0


class ContentModel(NamedTuple):
    """An automaton that reads the children of an element.

    ``steps``: for each state, the children allowed next, and the state after each.
    ``complete``: the states that need no further child.
    """

    steps: tuple[dict[str, int], ...]
    complete: frozenset[int]

    def renamed(self, rename: Callable[[str], str]) -> ContentModel:
        """Return the same model with renamed children."""
        steps = ({rename(name): state for name, state in step.items()} for step in self.steps)
        return ContentModel(tuple(steps), self.complete)


class _Part(NamedTuple):
    """A part of a model: its possible first and last positions, and whether it can be empty."""

    first: tuple[int, ...]
    last: tuple[int, ...]
    optional: bool


def read_content_model(notation: str) -> ContentModel:
    """Return the model of a notation; an empty notation allows no children."""
    reader = _Reader(_TOKEN.findall(notation))
    part = reader.read_all()
    steps = [reader.step(part.first), *map(reader.step, reader.following)]
    complete = {position + 1 for position in part.last} | ({START} if part.optional else set())
    return ContentModel(tuple(steps), frozenset(complete))


class _Reader:
    """Reads the tokens of a notation. The state after a name is its position plus 1."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens = [*tokens, ""]
        self.names: list[str] = []
        self.following: list[list[int]] = []

    def step(self, positions: Iterable[int]) -> dict[str, int]:
        return {self.names[position]: position + 1 for position in positions}

    def read_all(self) -> _Part:
        return self._read_choice() if self.tokens[0] else _Part((), (), optional=True)

    def _read_choice(self) -> _Part:
        part = self._read_sequence()
        while self.tokens[0] == "|":
            self.tokens.pop(0)
            other = self._read_sequence()
            part = _Part(
                part.first + other.first, part.last + other.last, part.optional or other.optional
            )
        return part

    def _read_sequence(self) -> _Part:
        part = self._read_repeated()
        while self.tokens[0] == ",":
            self.tokens.pop(0)
            part = self._joined(part, self._read_repeated())
        return part

    def _joined(self, part: _Part, other: _Part) -> _Part:
        self._connect(part.last, other.first)
        return _Part(
            part.first + other.first if part.optional else part.first,
            part.last + other.last if other.optional else other.last,
            part.optional and other.optional,
        )

    def _read_repeated(self) -> _Part:
        part = self._read_single()
        mark = self.tokens[0]
        if mark not in ("?", "*", "+"):
            return part
        self.tokens.pop(0)
        if mark != "?":
            self._connect(part.last, part.first)
        return part._replace(optional=part.optional or mark != "+")

    def _read_single(self) -> _Part:
        token = self.tokens.pop(0)
        if token == "(":
            part = self._read_choice()
            self.tokens.pop(0)
            return part
        position = len(self.names)
        self.names.append(token)
        self.following.append([])
        return _Part((position,), (position,), optional=False)

    def _connect(self, last: Iterable[int], first: Iterable[int]) -> None:
        for position in last:
            self.following[position] += first
