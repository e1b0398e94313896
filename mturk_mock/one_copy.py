"""One copy of this package, of boto3 and of botocore, whatever is done to `sys.modules`.

`unittest.mock.patch.dict(sys.modules, ...)`, pytest's own pytester and others put
`sys.modules` back at their end, and forget what was loaded meanwhile. The next import would
load it once more: two classes of one name, or a second botocore, which is not mocked and
asks the network. So what has been loaded is found again, by its parent, which still has it.
"""

from __future__ import annotations

import importlib
import importlib.abc
import importlib.machinery
import sys
from collections.abc import Sequence
from types import ModuleType


class _LoadedBefore(importlib.abc.MetaPathFinder):
    """Finds modules that were loaded and have been taken out of `sys.modules`."""

    def __init__(self) -> None:
        self.packages: dict[str, ModuleType] = {}

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Return what gives the module that is there; None for new ones, and for a reload."""
        module = None if target is not None else self._loaded(name)
        return None if module is None else importlib.machinery.ModuleSpec(name, _Again(module))

    def _loaded(self, name: str) -> ModuleType | None:
        parent, _, child = name.rpartition(".")
        if name.partition(".")[0] not in self.packages:
            return None
        if not parent:
            return self.packages[name]
        found = getattr(sys.modules.get(parent), child, None)
        is_it = isinstance(found, ModuleType) and found.__name__ == name
        return found if is_it else None


class _Again(importlib.abc.Loader):
    """Gives a module that was executed before, as it is."""

    def __init__(self, module: ModuleType) -> None:
        self._module = module
        self._spec = module.__spec__

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        """Return the module."""
        return self._module

    def exec_module(self, module: ModuleType) -> None:
        """Leave the module alone; the import system has given it another spec."""
        module.__spec__ = self._spec


_finder = _LoadedBefore()


def keep(*names: str) -> None:
    """Load these packages, and let there be one copy of each, and of all that is in it."""
    watch()
    for name in names:
        _finder.packages.setdefault(name, importlib.import_module(name))


def watch() -> None:
    """Be asked for modules, and first: pytest has a finder of its own for those of plugins.

    Said again and again, for `sys.meta_path` may be put back, too.
    """
    if sys.meta_path[:1] != [_finder]:
        if _finder in sys.meta_path:
            sys.meta_path.remove(_finder)
        sys.meta_path.insert(0, _finder)
