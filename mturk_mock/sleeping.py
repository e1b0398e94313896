"""`mock_mturk(sleep="advance")`: the program's sleeps move the clock instead of waiting.

`time.sleep` and `asyncio.sleep` are ours while such a mock is on, and so is each name by
which a module of the program has imported one of them before (`from time import sleep`). A
call moves the clock of the innermost mock, if that was made so and the call is the program's.

The standard library waits as ever: its modules keep what they have imported, and where they
say `time.sleep`, the file that the call stands in tells. A library that calls a function
which it was handed, as an executor does, does so for the program. Installed packages sleep
for the program in the main thread, as those that try again do, and the program may be one of
them; what they do in threads of their own is their own waiting. [assumed]
"""

from __future__ import annotations

import functools
import math
import operator
import os
import sys
import sysconfig
import threading
import time
from collections.abc import Coroutine
from types import FrameType, ModuleType
from typing import Any, Final

from mturk_mock.backend import Backend
from mturk_mock.replacing import Answering, Replacements, let_pass

_STANDARD: Final = ("stdlib", "platstdlib")  # as sysconfig names them
_INSTALLED: Final = ("purelib", "platlib")
_HERE: Final = os.path.join(os.path.dirname(os.path.realpath(__file__)), "")
_PACKAGES: Final = frozenset({"site-packages", "dist-packages"})
_SLEEP: Final = "sleep"


class SleepPatch:
    """The sleeps that are ours while a mock is on that was made so.

    Where somebody else has replaced ours, undoing leaves it there, without effect.
    """

    def __init__(self, answering: Answering) -> None:
        self._answering = answering
        self._replacements = Replacements()
        self._sleeps: list[tuple[Any, Any]] = []  # the real one, and ours
        self._standard: frozenset[int] = frozenset()
        self.is_on = False

    def apply(self) -> None:
        """Replace the sleeps, that of asyncio as soon as the program has it."""
        self.is_on = True
        self._standard = frozenset(id(each) for each in _modules() if _is_standard_module(each))
        self._replacements.begin()
        self._wrap(time, self._sleeping)
        self._replacements.when_imported(
            "asyncio", lambda module: self._wrap(module, self._sleeping_async)
        )

    def undo(self) -> None:
        """Put everything back, also in modules that were imported meanwhile."""
        self.is_on = False
        self._replacements.end()
        originals = {id(ours): real for real, ours in self._sleeps}
        for module in _modules():
            if id(module) not in self._standard:
                _rename(_namespace(module), originals)
        self._sleeps.clear()

    def _wrap(self, module: ModuleType, sleeping: Any) -> None:
        real = getattr(module, _SLEEP)
        ours = sleeping(real)
        self._sleeps.append((real, ours))
        self._replacements.replace(module, _SLEEP, ours)
        for other in _modules():
            if id(other) not in self._standard:
                _rename(_namespace(other), {id(real): ours})

    def _sleeping(self, real: Any) -> Any:
        @functools.wraps(real)
        def sleep(seconds: Any, /) -> None:
            backend = self._moved_by(sys._getframe(1))
            amount = seconds if isinstance(seconds, float) else operator.index(seconds)
            if backend is None or not 0 < amount < math.inf:
                real(seconds)
            else:
                let_pass(backend, amount)

        return sleep

    def _sleeping_async(self, real: Any) -> Any:
        @functools.wraps(real)
        def sleep(delay: float, result: Any = None) -> Coroutine[Any, Any, Any]:
            backend = self._moved_by(sys._getframe(1))
            if backend is None:
                return real(delay, result)  # type: ignore[no-any-return]
            return _advance(backend, real, delay, result)

        return sleep

    def _moved_by(self, caller: FrameType) -> Backend | None:
        """Return whose clock a sleep moves; None where it is a real one."""
        backend = self._answering()
        if backend is None or not backend.settings.sleep_advances:
            return None
        return backend if _is_of_program(caller) else None


async def _advance(backend: Backend, real: Any, delay: float, result: Any) -> Any:
    """Let time pass, and other tasks have one turn.

    Tasks that sleep at the same time do so one after the other: their times add up. [assumed]
    """
    if 0 < delay < math.inf:
        let_pass(backend, delay)
        delay = 0
    return await real(delay, result)


def _is_of_program(caller: FrameType) -> bool:
    """Whether a call of `sleep` is the program's own, or a library's that was handed it."""
    code = caller.f_code
    if _SLEEP not in code.co_names:
        return True
    if _is_installed(code.co_filename):
        return threading.current_thread() is threading.main_thread()
    return not _is_standard(code.co_filename)


def _is_standard_module(module: ModuleType) -> bool:
    """Whether a module keeps the real sleep; one that was never in a file, a notebook, does not."""
    namespace = _namespace(module)
    name, file = str(namespace.get("__name__")), namespace.get("__file__")
    if name == "__main__":
        return False
    if isinstance(file, str):
        return _is_standard(file)
    return name.partition(".")[0] in sys.stdlib_module_names


@functools.lru_cache(maxsize=4096)
def _is_standard(file: str) -> bool:
    """Whether a file is of the standard library, or of this package."""
    if file.startswith("<"):
        return file.startswith("<frozen ")
    path = os.path.realpath(file)
    return path.startswith(_HERE) or (
        path.startswith(_folders(_STANDARD)) and not _is_installed(file)
    )


@functools.lru_cache(maxsize=4096)
def _is_installed(file: str) -> bool:
    """Whether a file is of an installed package, and not of this one."""
    path = os.path.realpath(file)
    if path.startswith(_HERE):
        return False
    return path.startswith(_folders(_INSTALLED)) or not _PACKAGES.isdisjoint(path.split(os.sep))


@functools.lru_cache(maxsize=2)
def _folders(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(os.path.join(os.path.realpath(sysconfig.get_path(name)), "") for name in names)


def _modules() -> list[ModuleType]:
    """Return what is in `sys.modules`, without the other things that programs put there."""
    return [each for each in list(sys.modules.values()) if isinstance(each, ModuleType)]


def _namespace(module: ModuleType) -> dict[str, Any]:
    """Return a module's names; one that is loaded when it is first used stays unloaded."""
    namespace: dict[str, Any] = object.__getattribute__(module, "__dict__")
    return namespace


def _rename(namespace: dict[str, Any], values: dict[int, Any]) -> None:
    """Let the names that mean one of these things, by its id, mean another."""
    found = [name for name, value in list(namespace.items()) if id(value) in values]
    for name in found:
        namespace[name] = values[id(namespace[name])]
