"""The bound on regular expressions: 300,000 steps for all patterns of one answer.

Steps are counted, not timed, so that a pattern and a text always have the same result. A
pattern over the bound counts as matching, with a warning, if an answer is checked, and raises
an error if an example is made.
"""

from __future__ import annotations

import warnings
from typing import Final

from mturk_mock.core.errors import MTurkWarning
from mturk_mock.core.quoting import quote

#: The steps of all regular expressions of one answer together. A step takes about a
#: microsecond, or less.
MOST_STEPS: Final = 300_000


#: The characters of a random text that are made in one step.
_MADE_PER_STEP: Final = 8


class TooManySteps(ValueError):
    """A regular expression was given up, because the budget is spent."""


class Budget:
    """The steps that are left for the regular expressions of one answer."""

    def __init__(self, steps: int = MOST_STEPS) -> None:
        self.left = steps
        self._pattern = ""

    def start(self, pattern: str) -> None:
        """Count the steps of reading a pattern, which errors name until the next one."""
        self._pattern = pattern
        self.spend(len(pattern))

    def spend(self, steps: int) -> None:
        """Count steps; raise TooManySteps if fewer are left."""
        self.left -= steps
        if self.left < 0:
            what = f"the regular expression {quote(self._pattern)}" if self._pattern else "the text"
            raise TooManySteps(
                f"{what} takes too long: all patterns of an answer together have "
                f"{MOST_STEPS:,} steps"
            )

    def spend_on_text(self, text: str) -> None:
        """Count the steps of making a text; raise TooManySteps if fewer are left."""
        self._pattern = ""
        self.spend(len(text) // _MADE_PER_STEP)


def warn_unjudged(problem: TooManySteps) -> None:
    """Warn that an answer is accepted although a regular expression was given up.

    Python shows the warning once for each pattern, unless filters say otherwise.
    """
    warnings.warn(f"{problem}; the answer is accepted unchecked", MTurkWarning, stacklevel=2)
