"""The progress of a rehearsal on stderr: runs done, time left, failures."""

from __future__ import annotations

import sys
from typing import Final

from mturk_mock.core.clock import read_stopwatch

_WIDTH: Final = 30
_MINUTE: Final = 60
#: In a log, which cannot rewrite its line, there is a line for each tenth.
_TENTHS: Final = 10


class Progress:
    """A bar that is drawn again after each run, or lines in a log."""

    def __init__(self, total: int, *, is_shown: bool) -> None:
        self._total, self._is_shown = total, is_shown
        self._done = self._failed = 0
        self._began = read_stopwatch()
        self._told = -1

    def note(self, *, failed: bool) -> None:
        """Count a run."""
        self._done += 1
        self._failed += failed
        if self._is_shown:
            self._show()

    def _show(self) -> None:
        if sys.stderr.isatty():
            print(f"\r{self._bar()} {self._text()}\033[K", end="", file=sys.stderr, flush=True)
        elif (tenth := _TENTHS * self._done // self._total) > self._told:
            self._told = tenth
            print(self._text(), file=sys.stderr, flush=True)

    def end(self) -> None:
        """End the line."""
        if self._is_shown and self._done and sys.stderr.isatty():
            print(file=sys.stderr)

    def _bar(self) -> str:
        full = _WIDTH * self._done // self._total
        return f"[{'#' * full}{'.' * (_WIDTH - full)}]"

    def _text(self) -> str:
        elapsed = read_stopwatch() - self._began
        left = elapsed / self._done * (self._total - self._done)
        text = f"{self._done} of {self._total} runs, {_span(left)} left"
        return f"{text}, {self._failed} failed" if self._failed else text


def _span(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), _MINUTE)
    return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"
