"""Names of other modules that mean something of ours while a mock is on."""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import ModuleType
from typing import Any

from mturk_mock.backend.backend import Backend
from mturk_mock.interception.late_import import when_imported

#: The backend that answers now, None if none does.
Answering = Callable[[], Backend | None]


class Replacements:
    """Attributes of others that are ours from `begin` to `end`.

    Where somebody else has replaced ours, ending leaves it there.
    """

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._on = False
        self._done: list[tuple[Any, str, Any, Any]] = []
        self._stop_waiting: list[Callable[[], object]] = []

    def begin(self) -> None:
        """Let things be replaced."""
        self._on = True

    def replace(self, owner: Any, name: str, ours: Any) -> None:
        """Let `owner.name` be ours, if this has not ended."""
        with self._lock:
            if self._on:
                self._done.append((owner, name, getattr(owner, name), ours))
                setattr(owner, name, ours)

    def when_imported(self, module: str, use: Callable[[ModuleType], object]) -> None:
        """Call `use` with a module that a program has, or as soon as it has it."""
        self._stop_waiting.append(when_imported(module, use))

    def end(self) -> None:
        """Put everything back as it was."""
        for stop in self._stop_waiting:
            stop()
        with self._lock:
            self._on = False
            for owner, name, original, ours in reversed(self._done):
                if getattr(owner, name) is ours:
                    setattr(owner, name, original)
            self._done.clear()
            self._stop_waiting.clear()


class StandIn:
    """A module with a `sleep` of ours; all the rest is the module's own."""

    def __init__(self, module: ModuleType, sleep: Callable[..., Any]) -> None:
        self._module = module
        self.sleep = sleep

    def __getattr__(self, name: str) -> Any:
        return getattr(self._module, name)
