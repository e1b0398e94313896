"""The stack of the mocks that are on: the only state of the module level that answers depend on.

Loads nothing of botocore, so that asking whether a mock is on does not either.
"""

from __future__ import annotations

import threading
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any, Final


@dataclass(eq=False)
class Active:
    """A mock that is on.

    `backend`: the Backend that answers. `handle`: what the user of the mock holds, which
    interception only keeps. `starter`: what start() was called on, None for a mock that ends
    by itself. `patches`: what ends with the mock.
    """

    backend: Any
    handle: Any
    starter: Any = None
    patches: ExitStack = field(default_factory=ExitStack)


stack: list[Active] = []
#: Held while the stack changes.
lock: Final = threading.RLock()


def innermost() -> Active | None:
    """Return the mock that began last of those that are on, None if none is."""
    try:
        return stack[-1]
    except IndexError:  # not checked before: another thread may end the last mock in between
        return None


def is_on(backend: object) -> bool:
    """Whether the mock of a backend is on."""
    return any(active.backend is backend for active in tuple(stack))
