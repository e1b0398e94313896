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
        self._told = 0  # tenths
        self._length = 0  # of the line, which a shorter one must cover

    def note(self, *, failed: bool) -> None:
        """Count a run."""
        self._done += 1
        self._failed += failed
        if self._is_shown and sys.stderr is not None:  # which pythonw has not
            self._show()

    def _show(self) -> None:
        if sys.stderr.isatty():
            line = f"{self._bar()} {self._text()}"
            print(f"\r{line.ljust(self._length)}", end="", file=sys.stderr, flush=True)
            self._length = len(line)
        elif (tenth := _TENTHS * self._done // self._total) > self._told:
            self._told = tenth
            print(self._text(), file=sys.stderr, flush=True)

    def end(self) -> None:
        """End the line."""
        if self._length:
            print(file=sys.stderr, flush=True)

    def _bar(self) -> str:
        full = _WIDTH * self._done // self._total
        return f"[{'#' * full}{'.' * (_WIDTH - full)}]"

    def _text(self) -> str:
        elapsed = read_stopwatch() - self._began
        left = elapsed / self._done * (self._total - self._done)
        text = f"{self._done} of {self._total} runs, {show_span(left)} left"
        return f"{text}, {self._failed} failed" if self._failed else text


def show_span(seconds: float) -> str:
    """Return a time as "12 s", "3 min 05 s" or "2 h 10 min"."""
    minutes, rest = divmod(round(seconds), _MINUTE)
    hours, minutes_left = divmod(minutes, _MINUTE)
    if hours:
        return f"{hours} h {minutes_left:02} min"
    return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"
