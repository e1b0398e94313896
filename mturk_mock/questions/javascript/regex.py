"""JavaScript regular expressions, matched as by a worker's browser."""

from __future__ import annotations

import re
from dataclasses import dataclass
from random import Random
from typing import Final

from mturk_mock.questions.javascript import characters as chars
from mturk_mock.questions.javascript.escapes import NotRead
from mturk_mock.questions.javascript.examples import propose
from mturk_mock.questions.javascript.parser import parse
from mturk_mock.questions.javascript.tree import Node, work
from mturk_mock.questions.javascript.writer import write

#: The most work of a pattern, about the number of characters in its shortest match.
MOST_WORK: Final = 65_535

#: The longest pattern, in characters. Patterns for e-mail addresses have up to 6,500.
LONGEST_PATTERN: Final = 10_000


@dataclass(frozen=True)
class Regex:
    """A valid regular expression, made by `compile_regex`."""

    pattern: str
    ignore_case: bool
    _tree: Node
    _compiled: re.Pattern[str]

    def matches(self, text: str) -> bool:
        """Whether the text contains a match, as JavaScript's ``RegExp.test`` returns."""
        units = chars.to_units(text)
        if self.ignore_case:
            units = "".join(map(chars.fold, units))
        return self._compiled.search(units) is not None

    def propose(self, random: Random, length: int | None = None) -> str:
        """Return a text that probably matches, of `length` characters if possible."""
        return propose(self._tree, random, length)


def compile_regex(pattern: str, ignore_case: bool = False) -> Regex | None:
    """Return the regular expression ``new RegExp(pattern)``; None if it is invalid.

    Also None if it is not supported: more than 10,000 characters, groups more than 40 deep,
    matches of more than 65,535 characters, lookbehinds of variable length or with references,
    and syntax newer than ECMAScript 2024.
    """
    if len(pattern) > LONGEST_PATTERN:
        return None
    try:
        tree = parse(pattern, ignore_case)
        if work(tree) > MOST_WORK:
            return None
        return Regex(pattern, ignore_case, tree, re.compile(write(tree), re.ASCII))
    except (NotRead, re.error):
        return None
