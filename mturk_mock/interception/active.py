"""The stack of the mocks that are on: the only state of the module level that answers depend on.

Apart from what fills it, so that whoever asks whether a mock is on does not load what a
mock is made of.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from mturk_mock.backend.backend import Backend
    from mturk_mock.mock.mturk import MTurk


class Active(NamedTuple):
    """A mock that is on: what answers, and the handle that its user holds."""

    backend: Backend
    handle: MTurk


stack: list[Active] = []
#: Held by who changes the stack.
lock = threading.Lock()


def innermost() -> Active | None:
    """Return the mock that answers now, None if none is on."""
    try:
        return stack[-1]
    except IndexError:  # not asked for before: another thread may end the last one in between
        return None
