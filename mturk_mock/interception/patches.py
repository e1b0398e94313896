"""Replace attributes of other libraries, and put them back."""

from __future__ import annotations

import importlib
import importlib.machinery
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from types import ModuleType
from typing import Any

Use = Callable[[ModuleType], object]


class Patches:
    """What is replaced until `undo()`, as by pytest's monkeypatch; also a context manager."""

    def __init__(self) -> None:
        self.is_on = True
        self._lock = threading.RLock()
        self._undoing = ExitStack()

    def __enter__(self) -> Patches:
        return self

    def __exit__(self, *error: object) -> None:
        self.undo()

    def replace(self, owner: Any, name: str, ours: Any) -> None:
        """Set `owner.name` to `ours` until `undo()`."""
        self.when_undone(_put_back, owner, name, getattr(owner, name), ours)
        setattr(owner, name, ours)

    def when_undone(self, action: Callable[..., object], *args: Any) -> None:
        """Call an action in `undo()`, before the actions that were added earlier."""
        self._undoing.callback(action, *args)

    def when_imported(self, module: str, use: Use) -> None:
        """Call `use` with a module, now or as soon as the program imports it, until `undo()`."""

        def use_while_on(found: ModuleType) -> None:
            with self._lock:  # another thread may import the module while this one undoes
                if self.is_on:
                    use(found)

        self.when_undone(when_imported(module, use_while_on))

    def undo(self) -> None:
        """Put everything back as it was, but for what another library has replaced since."""
        with self._lock:
            self.is_on = False
            self._undoing.close()


def _put_back(owner: Any, name: str, original: Any, ours: Any) -> None:
    if getattr(owner, name) is ours:
        setattr(owner, name, original)


class SharedPatches:
    """Patches that mocks share: made when the first mock enters, undone when the last one leaves.

    Mocks can leave in any order. `functions` make the patches.
    """

    def __init__(self, *functions: Callable[[Patches], None]) -> None:
        self._functions = functions
        self._entered = 0
        self._patches = Patches()

    def __enter__(self) -> None:
        self._entered += 1
        if self._entered == 1:
            self._patches = Patches()
            for patch in self._functions:
                patch(self._patches)

    def __exit__(self, *error: object) -> None:
        self._entered -= 1
        if not self._entered:
            self._patches.undo()


def when_imported(name: str, use: Use) -> Callable[[], None]:
    """Call `use` with the module of that name, now or as soon as it is imported.

    Returns a function that stops waiting for it.
    """
    if sys.modules.get(name) is not None:
        use(importlib.import_module(name))  # waits where another thread is importing it
        return lambda: None
    finder = _Waiting(name, use)
    sys.meta_path.insert(0, finder)
    return finder.leave


class _Waiting:
    """Waits for one module, which the other finders find, and leaves when it has come.

    A finder by its methods alone: `importlib.abc` takes longer to load than this package.
    """

    def __init__(self, name: str, use: Use) -> None:
        self._name = name
        self._use = use

    def leave(self) -> None:
        """Stop waiting."""
        if self in sys.meta_path:
            sys.meta_path.remove(self)

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Return what another finder finds, changed so that the executed module is used."""
        if name != self._name or self not in sys.meta_path:
            return None
        for finder in sys.meta_path[sys.meta_path.index(self) + 1 :]:
            if not hasattr(finder, "find_spec"):  # an old one, as of the six in old botocores
                continue
            spec = finder.find_spec(name, path, target)
            if spec is not None and spec.loader is not None:
                loader: Any = _Loader(spec, self._arrived)
                spec.loader = loader
                return spec
        return None

    def _arrived(self, module: ModuleType) -> None:
        waited = self in sys.meta_path
        self.leave()
        if waited:
            self._use(module)


class _Loader:
    """Stands in for a module's own loader, which may be shared, until the module is executed."""

    def __init__(self, spec: importlib.machinery.ModuleSpec, use: Use) -> None:
        self._spec = spec
        self._loader: Any = spec.loader
        self._use = use

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType | None:
        """Leave it to the module's loader."""
        module: ModuleType | None = self._loader.create_module(spec)
        return module

    def exec_module(self, module: ModuleType) -> None:
        """Execute the module as its loader does, and use it."""
        self._spec.loader = module.__loader__ = self._loader
        self._loader.exec_module(module)
        self._use(module)
