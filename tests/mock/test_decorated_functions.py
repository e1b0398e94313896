"""`@mock_mturk` on functions, methods, coroutines and other callables."""

from __future__ import annotations

import asyncio
import functools
import inspect

import pytest

from mturk_mock import MTurk, current, mock_mturk
from tests.clients import balance_of, make_client
from tests.helpers import create_hit, is_mock_on


class Cancelled(Exception):
    """An exception to throw into a generator."""


# Functions --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "decorator", [mock_mturk, mock_mturk(), mock_mturk(seed=1)], ids=["bare", "empty", "options"]
)
def test_function_runs_in_a_mock(decorator):
    """The decorator works with and without parentheses."""

    @decorator
    def program():
        return current(), balance_of(make_client())

    mturk, balance = program()

    assert isinstance(mturk, MTurk)
    assert balance == "10000.00"
    assert not is_mock_on()


def test_function_has_the_options():
    """Options are passed in the parentheses."""

    @mock_mturk(seed=3, balance="12.34")
    def program():
        return current().seed, balance_of(make_client())

    assert program() == (3, "12.34")


def test_function_each_call_has_its_own_state():
    """Each call has its own state."""

    @mock_mturk
    def program():
        create_hit(make_client())
        return len(current().hits)

    assert [program(), program()] == [1, 1]


def test_function_calling_itself_has_a_mock_each():
    """A recursive call has its own state, and the outer state is active again afterwards."""

    @mock_mturk
    def program(depth):
        create_hit(make_client())
        if depth:
            program(depth - 1)
        return len(current().hits)

    assert program(3) == 1


def test_function_arguments_and_result_pass():
    """Arguments and the result are passed through."""

    @mock_mturk
    def program(*args, **kwargs):
        return args, kwargs

    assert program(1, 2, balance=3) == ((1, 2), {"balance": 3})


def test_function_exception_passes_and_ends_mock():
    """An exception of the function propagates, and the mock ends."""
    error = Cancelled()

    @mock_mturk
    def program():
        raise error

    with pytest.raises(Cancelled) as raised:
        program()

    assert raised.value is error
    assert not is_mock_on()


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, GeneratorExit])
def test_function_interrupted_ends_mock(error):
    """The mock ends even on KeyboardInterrupt and similar exceptions."""

    @mock_mturk
    def program():
        raise error

    with pytest.raises(error):
        program()
    assert not is_mock_on()


def test_function_keeps_name_docstring_and_signature():
    """The decorated function keeps its name, docstring and signature."""

    @mock_mturk
    def program(reward: str, *, count: int = 1) -> None:
        """Publish."""

    assert program.__name__ == "program"
    assert program.__doc__ == "Publish."
    assert str(inspect.signature(program)) == "(reward: 'str', *, count: 'int' = 1) -> 'None'"


def test_mock_decorates_many_functions():
    """One mock_mturk(...) can decorate several functions, which do not share state."""
    mocked = mock_mturk(balance="5.00")

    @mocked
    def outer():
        create_hit(make_client())
        return inner(), len(current().hits)

    @mocked
    def inner():
        return len(current().hits)

    assert outer() == (0, 1)


@mock_mturk
def test_function_pytest_still_gives_fixtures(tmp_path, monkeypatch):
    """Pytest finds the fixtures in the decorated function's signature."""
    assert tmp_path.is_dir()
    assert isinstance(monkeypatch, pytest.MonkeyPatch)
    assert is_mock_on()


@mock_mturk
@pytest.mark.parametrize("number", [1])
def test_function_pytest_still_parametrizes(number):
    """A parametrize mark below the decorator works."""
    assert number == 1
    assert is_mock_on()


@pytest.mark.parametrize("number", [1])
@mock_mturk
def test_function_pytest_parametrizes_decorated(number):
    """A parametrize mark above the decorator works."""
    assert number == 1
    assert is_mock_on()


# Methods and other callables --------------------------------------------------------------


class Program:
    """A class that is not a test, with decorated methods."""

    @mock_mturk
    def method(self, value):
        return self, value, is_mock_on()

    @mock_mturk
    @staticmethod
    def static_below(value):
        return value, is_mock_on()

    @staticmethod
    @mock_mturk
    def static_above(value):
        return value, is_mock_on()

    @mock_mturk
    @classmethod
    def class_below(cls, value):
        return cls, value, is_mock_on()

    @classmethod
    @mock_mturk
    def class_above(cls, value):
        return cls, value, is_mock_on()


def test_method_runs_in_a_mock():
    """A decorated method gets its object."""
    program = Program()

    assert program.method(1) == (program, 1, True)


@pytest.mark.parametrize("name", ["static_below", "static_above"])
def test_static_method_runs_in_a_mock(name):
    """The decorator works above and below @staticmethod."""
    assert getattr(Program, name)(1) == (1, True)
    assert getattr(Program(), name)(1) == (1, True)


@pytest.mark.parametrize("name", ["class_below", "class_above"])
def test_class_method_runs_in_a_mock(name):
    """The decorator works above and below @classmethod."""
    assert getattr(Program, name)(1) == (Program, 1, True)


def test_partial_runs_in_a_mock():
    """A functools.partial can be decorated."""
    program = mock_mturk(functools.partial(lambda *args: (args, is_mock_on()), 1))

    assert program(2) == ((1, 2), True)


def test_property_is_refused():
    """Decorating a property is a TypeError."""
    with pytest.raises(TypeError) as refusal:
        mock_mturk()(property(is_mock_on))

    assert str(refusal.value).startswith(
        "@mock_mturk decorates functions and classes, not <property object"
    )


# Coroutines -------------------------------------------------------------------------------


def test_coroutine_runs_in_a_mock():
    """The mock is active while the coroutine waits."""

    @mock_mturk(balance="12.34")
    async def program(value):
        await asyncio.sleep(0)
        return value, balance_of(make_client())

    assert inspect.iscoroutinefunction(program)
    assert asyncio.run(program(1)) == (1, "12.34")
    assert not is_mock_on()


def test_coroutine_not_awaited_starts_nothing():
    """The mock starts when the coroutine starts, not when it is created."""

    @mock_mturk
    async def program():
        return is_mock_on()

    coroutine = program()

    assert not is_mock_on()
    assert asyncio.run(coroutine)


def test_coroutine_exception_passes_and_ends_mock():
    """An exception propagates to the code that awaits, and the mock ends."""

    @mock_mturk
    async def program():
        await asyncio.sleep(0)
        raise Cancelled

    with pytest.raises(Cancelled):
        asyncio.run(program())
    assert not is_mock_on()


def test_coroutine_cancelled_ends_mock():
    """Cancelling the task ends the mock."""

    @mock_mturk
    async def program():
        await asyncio.Event().wait()

    async def main():
        task = asyncio.ensure_future(program())
        await asyncio.sleep(0)
        assert is_mock_on()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())
    assert not is_mock_on()
