"""JavaScript's regular expressions, as a worker's browser would try them on a text."""

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

#: How much a pattern may ask for: about as many characters as a text at least has.
MOST_WORK: Final = 65_535

#: How long a pattern may be, in characters; the longest in use, for e-mail addresses, has 6,500.
LONGEST_PATTERN: Final = 10_000

#: How often an example is sought.
TRIES: Final = 300


@dataclass(frozen=True)
class Regex:
    """A regular expression that can be read; `compile_regex` makes it."""

    pattern: str
    ignore_case: bool
    _tree: Node
    _compiled: re.Pattern[str]

    def matches(self, text: str) -> bool:
        """Whether it is found in the text, as JavaScript's ``RegExp.test`` finds it."""
        units = chars.to_units(text)
        if self.ignore_case:
            units = "".join(map(chars.fold, units))
        return self._compiled.search(units) is not None

    def propose(self, random: Random, length: int | None = None) -> str:
        """Return a text that it probably matches, of that many characters if it can be done."""
        return propose(self._tree, random, length)

    def example(self, random: Random) -> str:
        """Return a text that it matches; raises ValueError if 300 tries find none."""
        for _ in range(TRIES):
            text = self.propose(random)
            if self.matches(text):
                return text
        raise ValueError(
            f"no text that matches {self.pattern!r} was found in {TRIES} tries; give one instead"
        )


def compile_regex(pattern: str, ignore_case: bool = False) -> Regex | None:
    """Return the regular expression ``new RegExp(pattern)``, None if it cannot be read.

    It cannot be read if JavaScript refuses it, and if it is beyond us: more than 10,000
    characters, groups more than 40 deep, texts of more than 65,535 characters, lookbehinds
    of no fixed length or with references in them, and what came after ECMAScript 2024.
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
