"""What the commands share that run until a signal: its handlers, the browser, their errors."""

from __future__ import annotations

import signal
import sys
import webbrowser
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final

#: The signals that end a command: Ctrl-C, and that of process managers.
ENDING: Final = (signal.SIGINT, signal.SIGTERM)


class Refused(ValueError):
    """The command cannot run; the message gives the reason."""


@contextmanager
def handling(actions: Mapping[signal.Signals, Callable[[], object]]) -> Iterator[None]:
    """Call an action for each signal during the block."""
    before = {
        each: signal.signal(each, lambda *args, action=action: action())
        for each, action in actions.items()
    }
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def open_browser(url: str) -> None:
    """Show a page in the browser of this machine, or say that it has none."""
    if not webbrowser.open(url):
        print(f"No browser can be opened here. Open {url} in one.", file=sys.stderr, flush=True)
