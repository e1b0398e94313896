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
import heapq
import inspect
import math
import operator
import os
import sys
import sysconfig
import threading
import time
from collections.abc import Callable, Coroutine
from types import CodeType, FrameType, ModuleType
from typing import Any, Final
from weakref import WeakKeyDictionary

from mturk_mock.backend.backend import Backend
from mturk_mock.core.clock import SECOND
from mturk_mock.interception.ownership import innermost_backend
from mturk_mock.interception.patches import Patches

_STANDARD: Final = ("stdlib", "platstdlib")  # as sysconfig names them
_INSTALLED: Final = ("purelib", "platlib")
_HERE: Final = os.path.join(os.path.dirname(os.path.dirname(os.path.realpath(__file__))), "")
_PACKAGES: Final = frozenset({"site-packages", "dist-packages"})
_SLEEP: Final = "sleep"
#: So many turns of the event loop without a new sleeper, and the others are taken to wait.
_QUIET_TURNS: Final = 20


def patch_sleeps(patches: Patches) -> None:
    """Replace the sleeps, that of asyncio as soon as the program has it."""
    names = _Names()
    sleepers: Sleepers = WeakKeyDictionary()

    def replace(module: ModuleType, make: Callable[[Any], Any]) -> None:
        def make_named(real: Any) -> Any:
            ours = make(real)
            names.replace(real, ours)
            return ours

        patches.replace(module, _SLEEP, make_named)

    patches.when_undone(names.put_back)
    replace(time, _sleeping)
    patches.when_imported(
        "asyncio", lambda module: replace(module, lambda real: _sleeping_async(real, sleepers))
    )


class _Names:
    """The names by which modules of the program have imported a sleep."""

    def __init__(self) -> None:
        self._standard = frozenset(id(each) for each in _modules() if _is_standard_module(each))
        self._sleeps: list[tuple[Any, Any]] = []  # the real one, and ours

    def replace(self, real: Any, ours: Any) -> None:
        """Let the names that mean the real sleep mean ours."""
        self._sleeps.append((real, ours))
        for module in self._of_program():
            _rename(_namespace(module), {id(real): ours}, _is_installed_module(module))

    def put_back(self) -> None:
        """Let all names mean the real sleeps, also in modules that were imported meanwhile."""
        originals = {id(ours): real for real, ours in self._sleeps}
        for module in self._of_program():
            _rename(_namespace(module), originals, False)

    def _of_program(self) -> list[ModuleType]:
        return [each for each in _modules() if id(each) not in self._standard]


def _sleeping(real: Any) -> Any:
    @functools.wraps(real)
    def sleep(seconds: Any, /) -> None:
        backend = _moved_by(sys._getframe().f_back)
        amount = seconds if isinstance(seconds, float) else operator.index(seconds)
        if backend is None or not 0 < amount < math.inf:
            real(seconds)
        else:
            backend.let_pass(amount)

    return sleep


def _sleeping_async(real: Any, sleepers: Sleepers) -> Any:
    @functools.wraps(real)
    def sleep(delay: float, result: Any = None) -> Coroutine[Any, Any, Any]:
        backend = _moved_by(sys._getframe().f_back)
        if backend is None:
            return real(delay, result)  # type: ignore[no-any-return]
        return _sleep(backend, real, sleepers, delay, result)

    return _as_coroutine_function(sleep)


async def _sleep(backend: Backend, real: Any, sleepers: Sleepers, delay: float, result: Any) -> Any:
    if not 0 < delay < math.inf:
        return await real(delay, result)
    loop = sys.modules["asyncio"].get_running_loop()
    await sleepers.setdefault(loop, _Sleepers()).sleep(backend, real, delay)
    return result


def _moved_by(caller: FrameType | None) -> Backend | None:
    """Return the backend whose clock a sleep moves; None if the sleep is a real one."""
    backend = innermost_backend()
    if backend is None or backend.is_forked or not backend.settings.sleep_advances:
        return None
    return backend if _is_of_program(caller) else None


def _as_coroutine_function(function: Any) -> Any:
    """Let `inspect` see that calling the function makes a coroutine, from Python 3.12 on."""
    return getattr(inspect, "markcoroutinefunction", lambda same: same)(function)


class _Sleepers:
    """The tasks of one event loop that are asleep: when each wakes, the earliest first."""

    def __init__(self) -> None:
        self.wakes: list[tuple[int, int]] = []
        self.changes = 0

    async def sleep(self, backend: Backend, real: Any, delay: float) -> None:
        """Sleep until everybody who wakes before has woken, and let time pass then.

        Other tasks have their turns meanwhile, until some go by in which nobody begins to
        sleep or wakes: who wakes first is known then. [assumed]
        """
        self.changes += 1
        mine = (backend.moment_after(delay), self.changes)
        heapq.heappush(self.wakes, mine)
        try:
            seen = quiet = 0
            while seen != self.changes or quiet < _QUIET_TURNS or self.wakes[0] != mine:
                quiet = quiet + 1 if seen == self.changes else 0
                seen = self.changes
                await real(0)
            backend.let_pass((mine[0] - backend.now) / SECOND)
        finally:
            self.changes += 1
            self.wakes.remove(mine)
            heapq.heapify(self.wakes)


#: The tasks that are asleep, by event loop.
Sleepers = WeakKeyDictionary[Any, _Sleepers]


def _is_of_program(caller: FrameType | None) -> bool:
    """Whether a call of `sleep` is the program's own, or a library's that was handed it.

    Nobody calls where it is the whole work of a thread.
    """
    return caller is None or _calls_for_program(caller.f_code)


def _calls_for_program(code: CodeType) -> bool:
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
    """Return a module's names; one that is loaded when it is first used stays unloaded.

    What only says that it is a module, as libraries in C that cffi has opened, has none.
    """
    try:
        namespace: dict[str, Any] = object.__getattribute__(module, "__dict__")
    except AttributeError:
        return {}
    return namespace


def _is_installed_module(module: ModuleType) -> bool:
    file = _namespace(module).get("__file__")
    return isinstance(file, str) and _is_installed(file)


def _rename(namespace: dict[str, Any], values: dict[int, Any], by_name: bool) -> None:
    """Let the names that mean one of these things, by its id, mean another.

    `by_name`: only where it is called `sleep`. By another name a call of an installed
    package, which may be one in a thread of its own, could not be told from a handed one.
    """
    found = [name for name, value in list(namespace.items()) if id(value) in values]
    found = [name for name in found if name == _SLEEP or not by_name]
    for name in found:
        namespace[name] = values[id(namespace[name])]
