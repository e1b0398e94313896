"""`@mock_mturk` on generators and asynchronous generators: active from first step to end."""

from __future__ import annotations

import asyncio
import inspect

import pytest

from mturk_mock import current, mock_mturk
from tests.clients import balance_of, make_client
from tests.helpers import is_mock_on


class Thrown(Exception):
    """An exception to throw into a generator."""


@mock_mturk(balance="12.34")
def converse(log):
    """Yield sent values, doubled; treat a thrown `Thrown` as zero."""
    client = make_client()
    said = yield balance_of(client)
    try:
        while said is not None:
            try:
                said = yield 2 * said
            except Thrown:
                said = 0
        return balance_of(client)
    finally:
        log.append(balance_of(client))


@mock_mturk(balance="12.34")
async def converse_async(log):
    """The same as `converse`, asynchronously."""
    client = make_client()
    said = yield balance_of(client)
    try:
        while said is not None:
            await asyncio.sleep(0)
            try:
                said = yield 2 * said
            except Thrown:
                said = 0
    finally:
        log.append(balance_of(client))


# Generators -------------------------------------------------------------------------------


def test_generator_not_begun_starts_nothing():
    """The mock starts with the first step, not with the call."""
    steps = converse([])

    assert inspect.isgeneratorfunction(converse)
    assert not is_mock_on()
    steps.close()


def test_generator_between_yields_is_on():
    """Between the steps the mock is active in the caller too."""
    steps = converse([])
    next(steps)

    assert balance_of(make_client()) == "12.34"
    steps.close()


def test_generator_sent_values_pass():
    """Sent values reach the generator."""
    steps = converse([])
    next(steps)

    assert [steps.send(1), steps.send(21)] == [2, 42]
    steps.close()


def test_generator_thrown_values_pass():
    """Thrown exceptions reach the generator, which can handle them."""
    steps = converse([])
    next(steps)
    steps.send(1)

    assert steps.throw(Thrown) == 0
    assert is_mock_on()
    steps.close()


def test_generator_thrown_and_not_handled_ends_mock():
    """An exception that the generator does not handle propagates, and the mock ends."""
    steps = converse([])
    next(steps)

    with pytest.raises(Thrown):
        steps.throw(Thrown)
    assert not is_mock_on()


def test_generator_at_its_end_ends_mock():
    """The return value is passed through, and the mock ends."""
    steps = converse([])
    next(steps)

    with pytest.raises(StopIteration) as end:
        steps.send(None)

    assert end.value.value == "12.34"
    assert not is_mock_on()


def test_generator_closed_early_ends_mock_after_its_clean_up():
    """On close() the generator's `finally` runs in the mock, and then the mock ends."""
    log = []
    steps = converse(log)
    next(steps)
    steps.send(1)

    steps.close()

    assert log == ["12.34"]
    assert not is_mock_on()


def test_generator_two_at_a_time_end_in_any_order():
    """Of two generators the later one's mock answers, whichever ends first."""

    @mock_mturk
    def program():
        yield current()

    first, second = program(), program()
    next(first)
    inner = next(second)

    assert list(first) == []
    assert current() is inner
    assert list(second) == []
    assert not is_mock_on()


@pytest.fixture
@mock_mturk(balance="12.34")
def decorated_fixture(tmp_path):
    """Publish a HIT in a mock; used as a yield fixture."""
    yield tmp_path, current()
    assert balance_of(make_client()) == "12.34"


def test_generator_as_fixture_mocks_the_test(decorated_fixture, tmp_path):
    """A decorated yield fixture keeps the mock active during the test."""
    assert decorated_fixture == (tmp_path, current())
    assert balance_of(make_client()) == "12.34"


def test_fixture_above_is_refused():
    """Decorating a fixture is an error that says to put the decorator below @pytest.fixture."""

    @pytest.fixture
    def program():
        return 1

    with pytest.raises(TypeError) as refusal:
        mock_mturk(program)

    assert str(refusal.value).startswith("@mock_mturk decorates functions and classes, not <")
    assert str(refusal.value).endswith(
        "With @pytest.fixture, write @mock_mturk below it, next to the function"
    )


# Asynchronous generators ------------------------------------------------------------------


def test_async_generator_not_begun_starts_nothing():
    """The mock starts with the first step, not with the call."""
    assert inspect.isasyncgenfunction(converse_async)
    converse_async([])
    assert not is_mock_on()


def test_async_generator_is_on_from_first_step_to_end():
    """Between the steps the mock is active in the caller too."""

    async def main():
        balances = [balance_of(make_client()) async for _ in converse_async([])]
        return balances, is_mock_on()

    assert asyncio.run(main()) == (["12.34"], False)


def test_async_generator_sent_values_pass():
    """Sent values reach the generator."""

    async def main():
        steps = converse_async([])
        said = [await steps.asend(None), await steps.asend(1), await steps.asend(21), is_mock_on()]
        await steps.aclose()
        return said

    assert asyncio.run(main()) == ["12.34", 2, 42, True]


def test_async_generator_thrown_values_pass():
    """Thrown exceptions reach the generator, which can handle them."""

    async def main():
        steps = converse_async([])
        await steps.asend(None)
        await steps.asend(1)
        said = [await steps.athrow(Thrown), await steps.asend(4), is_mock_on()]
        await steps.aclose()
        return said

    assert asyncio.run(main()) == [0, 8, True]


def test_async_generator_thrown_and_not_handled_ends_mock():
    """An exception that the generator does not handle propagates, and the mock ends."""

    async def main():
        steps = converse_async([])
        await steps.asend(None)
        with pytest.raises(Thrown):
            await steps.athrow(Thrown)
        return is_mock_on()

    assert not asyncio.run(main())


def test_async_generator_at_its_end_ends_mock():
    """When the generator ends, the mock ends."""

    async def main():
        steps = converse_async([])
        await steps.asend(None)
        with pytest.raises(StopAsyncIteration):
            await steps.asend(None)
        return is_mock_on()

    assert not asyncio.run(main())


def test_async_generator_closed_early_ends_mock_after_its_clean_up():
    """On aclose() the generator's `finally` runs in the mock, and then the mock ends."""
    log = []

    async def main():
        steps = converse_async(log)
        await steps.asend(None)
        await steps.asend(1)
        await steps.aclose()
        return is_mock_on()

    assert not asyncio.run(main())
    assert log == ["12.34"]


def test_async_generator_waiting_to_be_closed_is_closed():
    """A generator that awaits in its `finally` is closed completely."""
    log = []

    @mock_mturk
    async def program():
        try:
            yield
        finally:
            await asyncio.sleep(0)
            log.append(is_mock_on())

    async def main():
        steps = program()
        await steps.asend(None)
        await steps.aclose()

    asyncio.run(main())

    assert log == [True]
