"""Replace attributes of other libraries, and put them back."""

from __future__ import annotations

import functools
import importlib
import importlib.machinery
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from types import ModuleType
from typing import Any, Final, NamedTuple

Use = Callable[[ModuleType], object]
#: Makes the replacement of an attribute, given what is replaced.
Make = Callable[[Any], Any]

#: Held while attributes are replaced or put back.
lock: Final = threading.RLock()


class Patches:
    """What is replaced until the last user calls `undo()`; also a context manager."""

    def __init__(self) -> None:
        self._users = 1
        self._undoing = ExitStack()

    def __enter__(self) -> Patches:
        return self

    def __exit__(self, *error: object) -> None:
        self.undo()

    @property
    def is_on(self) -> bool:
        """Whether the attributes are replaced."""
        return self._users > 0

    def keep(self) -> bool:
        """Add a user, who must call `undo()`, too; False if everything is put back already."""
        with lock:
            if not self.is_on:
                return False
            self._users += 1
            return True

    def replace(self, owner: Any, name: str, make: Make) -> None:
        """Set `owner.name` to what `make` returns for its value, until the last `undo()`."""
        with lock:
            original = _without_leftovers(owner, name)
            ours = make(original)
            self.when_undone(_put_back, _Replaced(owner, name, original, ours))
            setattr(owner, name, ours)

    def wrap(self, module: str, attribute: str, make: Make) -> None:
        """Replace "name" or "Class.name" of a module, also if it is imported or reloaded later."""
        *path, name = attribute.split(".")

        def replace(found: ModuleType) -> None:
            self.replace(functools.reduce(getattr, path, found), name, make)

        self.when_imported(module, replace)

    def when_undone(self, action: Callable[..., object], *args: Any) -> None:
        """Call an action in the last `undo()`, before the actions that were added earlier."""
        self._undoing.callback(action, *args)

    def when_imported(self, module: str, use: Use) -> None:
        """Call `use` with a module, now and each time that it is executed, until `undo()`."""

        def use_while_on(found: ModuleType) -> None:
            with lock:  # another thread may import the module while this one undoes
                if self.is_on:
                    use(found)

        self.when_undone(when_imported(module, use_while_on, again=True))

    def undo(self) -> None:
        """Put everything back as it was, except what another library has replaced since."""
        with lock:
            self._users = max(0, self._users - 1)
            if not self.is_on:
                self._undoing.close()


class _Replaced(NamedTuple):
    owner: Any
    name: str
    original: Any
    ours: Any


#: What could not be put back because another library had replaced it, by the id of `ours`.
#: That library may bring it back later.
_leftovers: Final[dict[int, _Replaced]] = {}


def _put_back(replaced: _Replaced) -> None:
    if getattr(replaced.owner, replaced.name) is replaced.ours:
        setattr(replaced.owner, replaced.name, replaced.original)
    else:
        _leftovers[id(replaced.ours)] = replaced


def _without_leftovers(owner: Any, name: str) -> Any:
    """Return the value of an attribute, or what was there before a leftover of ours.

    Without this, each mock would wrap the leftover of the one before.
    """
    value = getattr(owner, name)
    while id(value) in _leftovers:
        value = _leftovers[id(value)].original
    return value


class SharedPatches:
    """Patches that mocks share: made when the first mock enters, undone when the last one leaves.

    Mocks can leave in any order. `functions` make the patches.
    """

    def __init__(self, *functions: Callable[[Patches], None]) -> None:
        self.functions = functions
        self._patches = Patches()
        self._patches.undo()

    def keep(self) -> bool:
        """Add a user, who must call `leave()`, if there is one; return whether there is."""
        return self._patches.keep()

    def leave(self) -> None:
        """Undo the patches if nothing else uses them."""
        self._patches.undo()

    def __enter__(self) -> None:
        if not self.keep():
            self._patches = Patches()
            for patch in self.functions:
                patch(self._patches)

    def __exit__(self, *error: object) -> None:
        self.leave()


def when_imported(name: str, use: Use, *, again: bool = False) -> Callable[[], None]:
    """Call `use` with the module of that name, now or as soon as it is imported.

    `again`: also each time that it is reloaded. Returns a function that stops waiting for it.
    """
    is_there = sys.modules.get(name) is not None
    finder = _Waiting(name, use, again)
    if again or not is_there:
        sys.meta_path.insert(0, finder)
    if is_there:
        use(importlib.import_module(name))  # waits where another thread is importing it
    return finder.leave


class _Waiting:
    """Waits for one module, which the other finders find.

    It leaves when the module has come, unless it waits for that to happen again.

    A finder by its methods alone: `importlib.abc` takes longer to load than this package.
    """

    def __init__(self, name: str, use: Use, again: bool) -> None:
        self._name = name
        self._use = use
        self._again = again

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
        if not self._again:
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
