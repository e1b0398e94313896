"""JavaScript regular expressions, matched like in a browser, but in bounded time."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from random import Random
from typing import Final

from mturk_mock.questions.javascript import automaton, backtracking
from mturk_mock.questions.javascript import characters as chars
from mturk_mock.questions.javascript.budget import Budget, TooManySteps
from mturk_mock.questions.javascript.escapes import PatternError
from mturk_mock.questions.javascript.examples import propose
from mturk_mock.questions.javascript.parser import parse
from mturk_mock.questions.javascript.tree import (
    BackReference,
    Boundary,
    Node,
    Sequence,
    measure_shortest_walk,
    walk,
)

#: The maximum of `measure_shortest_walk`, about the number of characters in the shortest match.
LONGEST_WALK: Final = 65_535

#: The maximum length of a pattern, in characters. Some for e-mail addresses have 6,500.
LONGEST_PATTERN: Final = 10_000

#: The maximum steps of backtracking before the automaton is used: for each character of the
#: text and the pattern, and in total. Backtracking is faster if it finds a match directly.
_TRIAL_PER_CHARACTER: Final = 20
_LONGEST_TRIAL: Final = 60_000


@dataclass(frozen=True)
class Regex:
    """A valid regular expression, made by `compile_regex`."""

    pattern: str
    ignore_case: bool
    _tree: Node
    _has_references: bool

    def matches(self, text: str, budget: Budget | None = None) -> bool:
        """Return whether the text contains a match, like JavaScript's ``RegExp.test``.

        Takes steps from the budget, by default a new one; raises TooManySteps if they are not
        enough. The number of steps is linear in the text, times the counts of quantifiers. With
        back references it can be exponential, as in every implementation.
        """
        budget = budget or Budget()
        budget.start(self.pattern)
        budget.spend(len(text) // (3 if self.ignore_case else 20))
        units = chars.to_units(text)
        if self.ignore_case:
            units = "".join(map(chars.fold, units))
        if self._has_references:
            return backtracking.contains_match(self._tree, units, budget)
        size = len(units) + len(self.pattern)
        steps = min(_LONGEST_TRIAL, _TRIAL_PER_CHARACTER * size)
        trial = Budget(steps)
        found = None
        with suppress(TooManySteps):
            found = backtracking.contains_match(self._tree, units, trial)
        budget.spend(steps - trial.left)
        return automaton.contains_match(self._tree, units, budget) if found is None else found

    def propose(
        self, random: Random, length: int | None = None, budget: Budget | None = None
    ) -> str:
        """Return a text that probably matches, of `length` characters if possible.

        Takes steps from the budget, by default a new one; raises TooManySteps if they are not
        enough.
        """
        budget = budget or Budget()
        budget.start(self.pattern)
        return propose(self._tree, random, budget, length)


def compile_regex(pattern: str, ignore_case: bool = False, whole: bool = False) -> Regex | None:
    """Return the regular expression ``new RegExp(pattern)``; None if it is invalid.

    `whole`: match whole texts only. Also returns None for unsupported patterns: more than
    10,000 characters, groups nested more than 40 deep, matches of more than 65,535 characters,
    and syntax newer than ECMAScript 2024.
    """
    if len(pattern) > LONGEST_PATTERN:
        return None
    try:
        tree = parse(pattern, ignore_case)
    except PatternError:
        return None
    if measure_shortest_walk(tree) > LONGEST_WALK:
        return None
    has_references = any(isinstance(node, BackReference) for node in walk(tree))
    if whole:
        tree = Sequence((Boundary("^"), tree, Boundary("$")))
    return Regex(pattern, ignore_case, tree, has_references)
