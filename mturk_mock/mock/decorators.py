"""`@mock_mturk` on something: what it is decides how it is decorated."""

from __future__ import annotations

from typing import Any

from mturk_mock.mock.decorated_classes import NewMock, decorate_class
from mturk_mock.mock.decorated_functions import DECORATED, decorate_function


def decorate(target: Any, new_mock: NewMock) -> Any:
    """Return `target` so that it always runs in a new mock."""
    if isinstance(target, type):
        decorated: Any = decorate_class(target, new_mock)
    elif isinstance(target, (staticmethod, classmethod)):
        decorated = type(target)(decorate(target.__func__, new_mock))
    elif callable(target) and not type(target).__module__.startswith("_pytest."):
        decorated = decorate_function(target, new_mock)
    else:
        raise TypeError(
            f"@mock_mturk goes before functions and classes, not {target!r}. "
            "With @pytest.fixture, write @mock_mturk below it, next to the function"
        )
    setattr(decorated, DECORATED, True)
    return decorated
