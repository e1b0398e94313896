"""`mock_mturk(sleep="advance")`: the program's sleeps move the clock instead of waiting.

While such a mock is active, `time.sleep` and `asyncio.sleep` are replaced, and so is each name by
which a module of the program has imported one of them before (`from time import sleep`). A call
moves the clock of the innermost mock if that mock has this option and the call is the program's.

- The standard library waits as usual: its modules keep the real names, and a call of `time.sleep`
  in one of its files is a real sleep.
- If a library is given the sleep as a function and calls it, as an executor does, the call is the
  program's.
- A sleep of an installed package is the program's in the main thread, because the program may be
  installed and retry libraries sleep for it. In another thread it is a real sleep. [assumed]
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

_STANDARD: Final = ("stdlib", "platstdlib")  # names of paths in sysconfig
_INSTALLED: Final = ("purelib", "platlib")
_HERE: Final = os.path.join(os.path.dirname(os.path.dirname(os.path.realpath(__file__))), "")
_PACKAGES: Final = frozenset({"site-packages", "dist-packages"})
_SLEEP: Final = "sleep"
#: After this many turns of the event loop without a change, all other tasks are taken to wait.
_QUIET_TURNS: Final = 20


def patch_sleeps(patches: Patches) -> None:
    """Replace `time.sleep`, and `asyncio.sleep` now or when the program imports asyncio."""
    names = _ImportedNames()
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


class _ImportedNames:
    """The names by which modules of the program have imported a sleep."""

    def __init__(self) -> None:
        self._standard = frozenset(id(each) for each in _modules() if _is_standard_module(each))
        self._sleeps: list[tuple[Any, Any]] = []  # real sleep, replacement

    def replace(self, real: Any, ours: Any) -> None:
        """Set the names of the real sleep to the replacement."""
        self._sleeps.append((real, ours))
        for module in self._of_program():
            _rename(_namespace(module), {id(real): ours}, _is_installed_module(module))

    def put_back(self) -> None:
        """Set all names to the real sleeps, including those of modules imported meanwhile."""
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
    """Return the backend whose clock a sleep moves; None for a real sleep."""
    backend = innermost_backend()
    if backend is None or backend.is_forked or not backend.settings.sleep_advances:
        return None
    return backend if _is_of_program(caller) else None


def _as_coroutine_function(function: Any) -> Any:
    """Mark the function so that `inspect` takes it for a coroutine function (Python 3.12)."""
    return getattr(inspect, "markcoroutinefunction", lambda same: same)(function)


class _Sleepers:
    """The sleeping tasks of one event loop, as a heap of the times when they wake."""

    def __init__(self) -> None:
        self.wakes: list[tuple[int, int]] = []
        self.changes = 0

    async def sleep(self, backend: Backend, real: Any, delay: float) -> None:
        """Sleep until all tasks that wake earlier have woken, then move the clock.

        Meanwhile the other tasks run. The task that wakes first is known after some turns of the
        event loop in which no task starts to sleep or wakes. [assumed]
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


#: The sleeping tasks, by event loop.
Sleepers = WeakKeyDictionary[Any, _Sleepers]


def _is_of_program(caller: FrameType | None) -> bool:
    """Whether the program called `sleep`, or a library to which the program gave the function.

    There is no caller if `sleep` is the target of a thread.
    """
    return caller is None or _calls_for_program(caller.f_code)


def _calls_for_program(code: CodeType) -> bool:
    if _SLEEP not in code.co_names:
        return True
    if _is_installed(code.co_filename):
        return threading.current_thread() is threading.main_thread()
    return not _is_standard(code.co_filename)


def _is_standard_module(module: ModuleType) -> bool:
    """Whether a module keeps the real sleep; one without a file, such as a notebook, does not."""
    namespace = _namespace(module)
    name, file = str(namespace.get("__name__")), namespace.get("__file__")
    if name == "__main__":
        return False
    if isinstance(file, str):
        return _is_standard(file)
    return name.partition(".")[0] in sys.stdlib_module_names


@functools.lru_cache(maxsize=4096)
def _is_standard(file: str) -> bool:
    """Whether a file belongs to the standard library or to this package."""
    if file.startswith("<"):
        return file.startswith("<frozen ")
    path = os.path.realpath(file)
    return path.startswith(_HERE) or (
        path.startswith(_folders(_STANDARD)) and not _is_installed(file)
    )


@functools.lru_cache(maxsize=4096)
def _is_installed(file: str) -> bool:
    """Whether a file belongs to an installed package other than this one."""
    path = os.path.realpath(file)
    if path.startswith(_HERE):
        return False
    return path.startswith(_folders(_INSTALLED)) or not _PACKAGES.isdisjoint(path.split(os.sep))


@functools.lru_cache(maxsize=2)
def _folders(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(os.path.join(os.path.realpath(sysconfig.get_path(name)), "") for name in names)


def _modules() -> list[ModuleType]:
    """Return the modules in `sys.modules`, without other objects that programs put there."""
    return [each for each in list(sys.modules.values()) if isinstance(each, ModuleType)]


def _namespace(module: ModuleType) -> dict[str, Any]:
    """Return a module's names, without loading a lazy module.

    Objects that only claim to be modules, such as C libraries opened by cffi, have no names.
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
    """Replace each object whose `id()` is in `values`, under all names of a module.

    `by_name`: only under the name `sleep`. For installed packages, a call by another name could
    not be told from a call of a function that the program gave to the package.
    """
    found = [name for name, value in list(namespace.items()) if id(value) in values]
    found = [name for name in found if name == _SLEEP or not by_name]
    for name in found:
        namespace[name] = values[id(namespace[name])]
