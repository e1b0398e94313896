"""`@mock_mturk` on functions, coroutines and generators: each run has a new mock.

The pytest plugin loads this in every project, so it imports nothing of the mock.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import AbstractContextManager, suppress
from typing import Any, Final

#: A function that makes the mock in which a function runs, given the function's arguments.
NewMock = Callable[..., AbstractContextManager[object]]

#: The attribute that marks decorated functions and classes.
DECORATED: Final = "_mock_mturk_decorated"
#: The attribute of an exception with the report of its mock, for the pytest plugin.
REPORT: Final = "_mock_mturk_report"


def is_decorated(target: object) -> bool:
    """Return whether a function or class, or a base of the class, is decorated."""
    return hasattr(target, DECORATED)


def decorate_function(function: Callable[..., Any], new_mock: NewMock) -> Callable[..., Any]:
    """Decorate a function, keeping its kind, so that it runs in a new mock each time."""
    if inspect.isasyncgenfunction(function):
        return _decorate_async_generator(function, new_mock)
    if inspect.isgeneratorfunction(function):
        return _decorate_generator(function, new_mock)
    if inspect.iscoroutinefunction(function):
        return _decorate_coroutine(function, new_mock)

    @functools.wraps(function)
    def run(*args: Any, **kwargs: Any) -> Any:
        with new_mock(*args):
            return function(*args, **kwargs)

    return run


def _decorate_coroutine(function: Callable[..., Any], new_mock: NewMock) -> Callable[..., Any]:
    @functools.wraps(function)
    async def run(*args: Any, **kwargs: Any) -> Any:
        with new_mock(*args):
            return await function(*args, **kwargs)

    return run


def _decorate_generator(function: Callable[..., Any], new_mock: NewMock) -> Callable[..., Any]:
    @functools.wraps(function)
    def run(*args: Any, **kwargs: Any) -> Generator[Any, Any, Any]:
        with new_mock(*args):
            return (yield from function(*args, **kwargs))

    return run


def _decorate_async_generator(
    function: Callable[..., AsyncGenerator[Any, Any]], new_mock: NewMock
) -> Callable[..., AsyncGenerator[Any, Any]]:
    @functools.wraps(function)
    async def run(*args: Any, **kwargs: Any) -> AsyncGenerator[Any, Any]:
        with new_mock(*args):
            inner = function(*args, **kwargs)
            try:
                step = inner.__anext__()
                while True:
                    try:
                        value = await step
                    except StopAsyncIteration:
                        return
                    try:
                        step = inner.asend((yield value))
                    except GeneratorExit:
                        raise
                    except BaseException as error:  # thrown in: the inner generator can handle it
                        step = inner.athrow(error)
            finally:
                await inner.aclose()

    return run


def leave_report(error: BaseException, report: Callable[[], str]) -> None:
    """Add a mock's report to the exception that ended its block, unless an inner mock did so."""
    if not hasattr(error, REPORT):
        with suppress(Exception):  # a failing report must not hide the error itself
            setattr(error, REPORT, report())
