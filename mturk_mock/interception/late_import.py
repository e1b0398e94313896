"""Do something to a module as soon as a program imports it, and nothing where it never does."""

from __future__ import annotations

import importlib
import importlib.abc
import importlib.machinery
import sys
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any

Use = Callable[[ModuleType], object]


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


class _Waiting(importlib.abc.MetaPathFinder):
    """Waits for one module, which the other finders find, and leaves when it has come."""

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
        """Return what is found elsewhere, so that it is used when it has been executed."""
        if name != self._name or self not in sys.meta_path:
            return None
        for finder in sys.meta_path[sys.meta_path.index(self) + 1 :]:
            if not hasattr(finder, "find_spec"):  # an old one, as of the six in old botocores
                continue
            spec = finder.find_spec(name, path, target)
            if spec is not None and spec.loader is not None:
                spec.loader = _Loader(spec, self._arrived)
                return spec
        return None

    def _arrived(self, module: ModuleType) -> None:
        waited = self in sys.meta_path
        self.leave()
        if waited:
            self._use(module)


class _Loader(importlib.abc.Loader):
    """Stands in for a module's own loader, which may be everybody's, until it is executed."""

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
