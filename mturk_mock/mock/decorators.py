"""`@mock_mturk` before something: what it is decides how it is decorated."""

from __future__ import annotations

from typing import Any, Final

from mturk_mock.mock.decorated_functions import NewMock, decorate_function

#: Marks what is decorated.
_MARK: Final = "_mock_mturk_decorated"


def decorate(target: Any, new_mock: NewMock) -> Any:
    """Return `target` so that it always runs in a mock of its own."""
    if isinstance(target, type):
        from mturk_mock.mock.decorated_classes import decorate_class  # most tests are functions

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
    setattr(decorated, _MARK, True)
    return decorated


def is_decorated(target: object) -> bool:
    """Whether a function or class, or one it inherits from, has been decorated."""
    return hasattr(target, _MARK)
