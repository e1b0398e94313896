"""The stack of active mocks: the only module-level state that answers depend on.

Does not import botocore, so checking for an active mock is cheap.
"""

from __future__ import annotations

import threading
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any, Final


@dataclass(eq=False)
class Active:
    """An active mock.

    `backend`: the Backend that answers requests. `handle`: the `MTurk` that the test uses;
    interception only stores it. `starter`: the object whose start() was called, None for a mock
    that ends by itself. `patches`: closed when the mock ends.
    """

    backend: Any
    handle: Any
    starter: Any = None
    patches: ExitStack = field(default_factory=ExitStack)


stack: list[Active] = []
#: The URLs of the servers that run in this process. Requests to them are never intercepted.
servers: Final[list[str]] = []
#: Held while the stack changes.
lock: Final = threading.RLock()


def innermost() -> Active | None:
    """Return the active mock that started last, None if no mock is active."""
    try:
        return stack[-1]
    except IndexError:  # not checked before: another thread may end the last mock in between
        return None


def is_served(url: str) -> bool:
    """Whether a URL is on a server that runs in this process."""
    return any(url == each or url.startswith(f"{each}/") for each in tuple(servers))


def is_on(backend: object) -> bool:
    """Whether the mock of a backend is active."""
    return any(active.backend is backend for active in tuple(stack))
