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
    """Replaced attributes, put back when the last user calls `undo()`; a context manager."""

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
        """Add a user, which must call `undo()` too; False if everything is already put back."""
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
        """Replace "name" or "Class.name" of a module, even if it is imported or reloaded later."""
        *path, name = attribute.split(".")

        def replace(found: ModuleType) -> None:
            self.replace(functools.reduce(getattr, path, found), name, make)

        self.when_imported(module, replace)

    def when_undone(self, action: Callable[..., object], *args: Any) -> None:
        """Call an action in the last `undo()`; actions added later are called first."""
        self._undoing.callback(action, *args)

    def when_imported(self, module: str, use: Use) -> None:
        """Call `use` with a module, now and each time it is executed, until the last `undo()`."""

        def use_while_on(found: ModuleType) -> None:
            with lock:  # another thread may import the module while this one undoes
                if self.is_on:
                    use(found)

        self.when_undone(when_imported(module, use_while_on, again=True))

    def undo(self) -> None:
        """Put everything back, except attributes that another library has replaced since."""
        with lock:
            self._users = max(0, self._users - 1)
            if not self.is_on:
                self._undoing.close()


class _Replaced(NamedTuple):
    owner: Any
    name: str
    original: Any
    ours: Any


#: Replacements that could not be put back because another library had replaced the attribute,
#: by the `id()` of `ours`. That library can bring `ours` back later.
_leftovers: Final[dict[int, _Replaced]] = {}


def _put_back(replaced: _Replaced) -> None:
    if getattr(replaced.owner, replaced.name) is replaced.ours:
        setattr(replaced.owner, replaced.name, replaced.original)
    else:
        _leftovers[id(replaced.ours)] = replaced


def _without_leftovers(owner: Any, name: str) -> Any:
    """Return the value of an attribute; for a leftover, the original that it had replaced.

    Otherwise each mock would wrap the leftover of the mock before.
    """
    value = getattr(owner, name)
    while id(value) in _leftovers:
        value = _leftovers[id(value)].original
    return value


class SharedPatches:
    """Patches that mocks share: applied when the first mock enters, undone when the last leaves.

    Mocks can leave in any order. `functions` apply the patches.
    """

    def __init__(self, *functions: Callable[[Patches], None]) -> None:
        self.functions = functions
        self._patches = Patches()
        self._patches.undo()

    def keep(self) -> bool:
        """Add a user, which must call `leave()`, and return True; False if there is no user yet."""
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
    """Call `use` with the module of that name, now or when it is imported.

    `again`: also call it each time the module is reloaded. Returns a function that stops waiting.
    """
    is_there = sys.modules.get(name) is not None
    finder = _Finder(name, use, again)
    if again or not is_there:
        sys.meta_path.insert(0, finder)
    if is_there:
        use(importlib.import_module(name))  # waits while another thread is importing it
    return finder.leave


class _Finder:
    """A meta path finder that waits for one module, and lets the other finders find it.

    It leaves `sys.meta_path` when the module is imported, unless it waits for reloads too.

    Has no base class, because importing `importlib.abc` takes longer than importing this package.
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
        """Return the spec of another finder, with a loader that calls `use`."""
        if name != self._name or self not in sys.meta_path:
            return None
        for finder in sys.meta_path[sys.meta_path.index(self) + 1 :]:
            if not hasattr(finder, "find_spec"):  # an old finder, such as six's in old botocore
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
    """Replaces a module's own loader, which other modules may share, until it has executed."""

    def __init__(self, spec: importlib.machinery.ModuleSpec, use: Use) -> None:
        self._spec = spec
        self._loader: Any = spec.loader
        self._use = use

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType | None:
        """Create the module with its own loader."""
        module: ModuleType | None = self._loader.create_module(spec)
        return module

    def exec_module(self, module: ModuleType) -> None:
        """Execute the module with its own loader, then call `use`."""
        self._spec.loader = module.__loader__ = self._loader
        self._loader.exec_module(module)
        self._use(module)
