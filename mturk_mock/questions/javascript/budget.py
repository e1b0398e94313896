"""The limit on regular expressions: 300,000 steps for all patterns of one answer.

Steps are counted, not timed, so that a pattern and a text always have the same result. When an
answer is checked, a pattern over the limit counts as matching, with a warning; when an example
is made, it raises an error.
"""

from __future__ import annotations

import warnings
from typing import Final

from mturk_mock.core.errors import MTurkWarning
from mturk_mock.core.quoting import quote

#: The maximum number of steps of all regular expressions of one answer together.
MOST_STEPS: Final = 300_000

#: The number of characters of a random text that are made in one step.
_MADE_PER_STEP: Final = 8


class TooManySteps(ValueError):
    """The budget is used up before a regular expression has finished."""


class Budget:
    """The steps that are left for the regular expressions of one answer."""

    def __init__(self, steps: int = MOST_STEPS) -> None:
        self.left = steps
        self._pattern = ""

    def start(self, pattern: str) -> None:
        """Begin a pattern, which later errors name, and count the steps of reading it."""
        self._pattern = pattern
        self.spend(len(pattern))

    def spend(self, steps: int) -> None:
        """Count steps; raise TooManySteps if fewer are left."""
        self.left -= steps
        if self.left < 0:
            what = f"the regular expression {quote(self._pattern)}" if self._pattern else "the text"
            raise TooManySteps(
                f"{what} takes too long: all patterns of an answer together are limited to "
                f"{MOST_STEPS:,} steps"
            )

    def spend_on_text(self, text: str) -> None:
        """Count the steps of making a text; raise TooManySteps if fewer are left."""
        self._pattern = ""
        self.spend(len(text) // _MADE_PER_STEP)


def warn_unchecked(problem: TooManySteps) -> None:
    """Warn that an answer is accepted although a regular expression was not finished.

    By default, Python shows the warning once for each pattern.
    """
    warnings.warn(f"{problem}; the answer is accepted unchecked", MTurkWarning, stacklevel=2)
