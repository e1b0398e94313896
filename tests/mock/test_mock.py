"""`mock_mturk` as a context manager and by start() and stop(), alone and nested."""

from __future__ import annotations

import asyncio
import random
import threading
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, contextmanager, suppress

import pytest

from mturk_mock import MTurk, current, mock_mturk
from mturk_mock.interception.active import is_on
from mturk_mock.mock.decorated_functions import REPORT
from tests.clients import Sent, balance_of, make_client
from tests.helpers import NOW, create_hit, is_mock_on

# One mock ---------------------------------------------------------------------------------


def test_with_gives_handle():
    """`with` returns the handle."""
    with mock_mturk() as mturk:
        assert isinstance(mturk, MTurk)


def test_with_answers_boto3():
    """In the block the mock answers a client of the program."""
    with mock_mturk(balance="12.34"):
        assert balance_of(make_client()) == "12.34"


def test_stop_all_stops_what_start_started(wire):
    """Whichever object started it, and also where the object is gone."""
    mocks = [mock_mturk(), mock_mturk()]
    for mock in (*mocks, mocks[0], mock_mturk()):
        mock.start()
    client = make_client()

    assert mock_mturk.stop_all() == 4
    assert not is_mock_on()
    assert repr(mocks) == "[<mock_mturk(), off>, <mock_mturk(), off>]"
    with pytest.raises(Sent):
        balance_of(client)


def test_stop_all_without_a_mock():
    """There is nothing to stop."""
    assert mock_mturk.stop_all() == 0


def test_stop_all_leaves_blocks_and_decorated_functions():
    """They end by themselves, and the innermost one of them answers again."""

    @mock_mturk
    def decorated():
        mock_mturk(balance="2.00").start()
        assert mock_mturk.stop_all() == 2
        return balance_of(make_client())

    with mock_mturk(balance="1.00") as mturk:
        mock_mturk().start()
        assert decorated() == "10000.00"
        assert current() is mturk
        assert mock_mturk.stop_all() == 0


def test_stop_all_in_a_notebook_whose_cell_ran_twice(wire):
    """The names of the first run are lost; one call stops both mocks."""
    cell = "mturk = mock_mturk(balance='5.00').start()"
    names = {"mock_mturk": mock_mturk}
    exec(cell, names)
    exec(cell, names)

    assert mock_mturk.stop_all() == 2
    with pytest.raises(Sent):
        balance_of(make_client())


def test_stop_after_stop_all():
    """The mock is off already: a RuntimeError says so."""
    mock = mock_mturk()
    mock.start()
    mock_mturk.stop_all()

    with pytest.raises(RuntimeError) as refusal:
        mock.stop()

    assert str(refusal.value) == "stop() without start(): this mock_mturk is not on"


def test_with_after_end_answers_nothing(wire):
    """After the block a client's requests go to the network."""
    client = make_client()
    with mock_mturk():
        balance_of(client)

    with pytest.raises(Sent):
        balance_of(client)


def test_with_each_use_has_its_own_state():
    """A mock used twice starts with a new state."""
    mock = mock_mturk()
    with mock as mturk:
        create_hit(mturk.client())
    with mock as mturk:
        assert mturk.hits == []


def test_with_exception_passes_and_ends_mock():
    """An exception in the block propagates, and the mock ends."""
    error = ZeroDivisionError("the program's own")
    with pytest.raises(ZeroDivisionError) as raised, mock_mturk():
        raise error

    assert raised.value is error
    assert not is_mock_on()


def test_async_with_answers_boto3():
    """`async with` works like `with`."""

    async def program():
        async with mock_mturk(balance="12.34") as mturk:
            await asyncio.sleep(0)
            return mturk, balance_of(make_client())

    mturk, balance = asyncio.run(program())

    assert isinstance(mturk, MTurk)
    assert balance == "12.34"
    assert not is_mock_on()


def test_async_with_exception_passes_and_ends_mock():
    """An exception in the block propagates, and the mock ends."""

    async def program():
        async with mock_mturk():
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        asyncio.run(program())
    assert not is_mock_on()


def test_start_returns_handle_until_stop(wire):
    """start() returns the handle; stop() ends the mock."""
    mock = mock_mturk(balance="12.34")
    client = make_client()

    mturk = mock.start()
    assert isinstance(mturk, MTurk)
    assert balance_of(client) == "12.34"
    mock.stop()

    with pytest.raises(Sent):
        balance_of(client)


@pytest.mark.parametrize("times", [0, 1], ids=["never_started", "stopped_already"])
def test_stop_without_start_is_refused(times):
    """stop() without start() is a RuntimeError."""
    mock = mock_mturk()
    for _ in range(times):
        mock.start()
        mock.stop()

    with pytest.raises(RuntimeError) as refusal:
        mock.stop()

    assert str(refusal.value) == "stop() without start(): this mock_mturk is not on"


def test_stop_of_another_mock_is_refused():
    """stop() ends only mocks that the same object has started."""
    with mock_mturk() as mturk:
        with pytest.raises(RuntimeError, match=r"^stop\(\) without start"):
            mock_mturk().stop()
        assert current() is mturk


def test_handle_works_after_end():
    """The handle can be read after the mock has ended."""
    with mock_mturk() as mturk:
        hit = create_hit(mturk.client())

    assert [found.id for found in mturk.hits] == [hit["HITId"]]
    assert [call.operation for call in mturk.calls] == ["CreateHIT"]


def test_handle_refuses_attributes_that_it_does_not_have():
    """Setting a misspelt attribute such as `mturk.balence` is an AttributeError."""
    with mock_mturk() as mturk, pytest.raises(AttributeError, match="balence"):
        mturk.balence = 0


@pytest.mark.parametrize("requester", [lambda mturk: mturk, lambda mturk: mturk.requester("lab")])
def test_client_takes_keyword_arguments_only(requester):
    """`mturk.client` refuses positional arguments, such as a region meant for boto3.client."""
    with mock_mturk() as mturk, pytest.raises(TypeError) as refusal:
        requester(mturk).client("us-east-1")
    assert str(refusal.value) == (
        "client() takes keyword arguments only, not 'us-east-1': write sandbox=True for the "
        "sandbox, or an argument of boto3.client, such as region_name='us-east-1'"
    )


# Nested mocks -----------------------------------------------------------------------------


def test_nested_inner_answers_every_client_of_the_program():
    """The innermost mock answers a client created outside of it."""
    with mock_mturk(balance="1.00"):
        client = make_client()
        with mock_mturk(balance="2.00"):
            assert balance_of(client) == "2.00"


def test_nested_outer_is_back_afterwards():
    """After the inner mock ends, the outer one has its own state."""
    client = make_client()
    with mock_mturk() as outer:
        first = create_hit(client)
        with mock_mturk():
            create_hit(client)

        assert [hit.id for hit in outer.hits] == [first["HITId"]]
        assert [call.operation for call in outer.calls] == ["CreateHIT"]
        assert create_hit(client)["HITId"] in {hit.id for hit in outer.hits}


def test_nested_inner_exception_leaves_outer_on():
    """An exception in the inner block ends only the inner mock."""
    with mock_mturk(balance="1.00") as outer:
        with pytest.raises(ZeroDivisionError), mock_mturk():
            raise ZeroDivisionError

        assert current() is outer
        assert balance_of(make_client()) == "1.00"


def test_reentered_mock_has_state_of_its_own():
    """A mock entered inside itself has a new state; the outer state is active again afterwards."""
    mock = mock_mturk()
    with mock as outer:
        create_hit(outer.client())
        with mock as inner:
            assert inner is not outer
            assert inner.hits == []
        assert current() is outer
        assert len(outer.hits) == 1


def test_start_twice_stops_once_for_each():
    """Each stop() ends one start(), the latest first."""
    mock = mock_mturk()
    first, second = mock.start(), mock.start()

    assert current() is second
    mock.stop()
    assert current() is first
    mock.stop()
    assert not is_mock_on()


def test_ended_in_order_of_beginning_the_later_answers():
    """If the outer mock ends first, the inner one answers until it ends."""
    outer, inner = mock_mturk(balance="1.00"), mock_mturk(balance="2.00")
    outer.start()
    inner.start()
    client = make_client()

    outer.stop()
    assert balance_of(client) == "2.00"
    inner.stop()
    assert not is_mock_on()


def test_ended_in_the_middle_of_three_innermost_answers():
    """If the middle one of three mocks ends, the innermost one still answers."""
    mocks = [mock_mturk(balance=balance) for balance in ("1.00", "2.00", "3.00")]
    for mock in mocks:
        mock.start()
    client = make_client()

    mocks[1].stop()
    assert balance_of(client) == "3.00"
    mocks[2].stop()
    assert balance_of(client) == "1.00"
    mocks[0].stop()
    assert not is_mock_on()


def test_notebook_cell_run_twice_begins_anew():
    """A notebook cell with start() can run twice: the new state answers, and stop() works."""
    cell = "mock = mock_mturk(balance='5.00')\nmturk = mock.start()\nclient = mturk.client()"
    notebook = {"mock_mturk": mock_mturk}
    exec(cell, notebook)
    first = notebook["mock"]
    create_hit(notebook["client"])

    exec(cell, notebook)

    assert notebook["mturk"].hits == []
    assert balance_of(notebook["client"]) == "5.00"
    assert current() is notebook["mturk"]
    notebook["mock"].stop()
    first.stop()


# current() --------------------------------------------------------------------------------


def test_current_is_handle_of_innermost():
    """current() returns the handle that `with` returns."""
    with mock_mturk() as outer:
        assert current() is outer
        with mock_mturk() as inner:
            assert current() is inner
        assert current() is outer


def test_current_without_mock_is_refused():
    """Without a mock, current() is a RuntimeError that says where it can be called."""
    with pytest.raises(RuntimeError) as refusal:
        current()

    assert str(refusal.value) == (
        "no mock of Mechanical Turk is active: call current() inside @mock_mturk, "
        "`with mock_mturk()` or a test with the fixture `mturk`"
    )


# The seed ---------------------------------------------------------------------------------


def ids_made(**options):
    """Return an ID of each of several kinds, and a RequestId."""
    with mock_mturk(now=NOW, **options) as mturk:
        client = mturk.client()
        hit = create_hit(client)
        worker = mturk.worker()
        assignment = worker.accept(hit["HITId"])
        request = client.get_account_balance()["ResponseMetadata"]["RequestId"]
        return hit["HITId"], hit["HITTypeId"], worker.id, assignment.id, request


def test_seed_given_makes_same_ids():
    """The same seed gives the same IDs."""
    assert ids_made(seed=7) == ids_made(seed=7)


def test_seed_other_makes_other_ids():
    """Another seed gives different IDs."""
    assert not set(ids_made(seed=7)) & set(ids_made(seed=8))


def test_seed_not_given_is_new_each_time():
    """Without a seed each mock makes different IDs."""
    assert not set(ids_made()) & set(ids_made())


def test_seed_not_given_can_be_read_and_repeated():
    """`mturk.seed` is the random seed, and gives the same IDs again."""
    with mock_mturk(now=NOW) as mturk:
        hit = create_hit(mturk.client())

    assert ids_made(seed=mturk.seed)[0] == hit["HITId"]


def test_seed_leaves_random_alone():
    """The mock does not use Python's global `random`."""
    random.seed(5)
    expected = [random.random() for _ in range(3)]

    random.seed(5)
    numbers = [random.random()]
    with mock_mturk(seed=1) as mturk:
        create_hit(mturk.client())
        mturk.worker()
        numbers.append(random.random())
    numbers.append(random.random())

    assert numbers == expected


def test_seed_not_drawn_from_random():
    """The random seed does not depend on `random.seed()`."""
    random.seed(5)
    first = ids_made()
    random.seed(5)

    assert not set(first) & set(ids_made())


# One object in several uses at once -------------------------------------------------------


@contextmanager
def by_generator(mock):
    with mock as mturk:
        yield mturk


@contextmanager
def by_exit_stack(mock):
    stack = ExitStack()
    yield stack.enter_context(mock)
    stack.close()


@pytest.mark.parametrize("enter", [by_generator, by_exit_stack])
def test_block_that_ends_first_ends_its_own_mock(enter):
    """Of two blocks of one object, the one that ends first ends its own mock."""
    mock = mock_mturk()
    outer, inner = enter(mock), enter(mock)
    outer.__enter__()
    handle = inner.__enter__()

    outer.__exit__(None, None, None)

    assert current() is handle
    inner.__exit__(None, None, None)
    assert not is_mock_on()


def test_block_in_each_of_two_threads_ends_its_own_mock():
    """Two threads enter one object; the first one to enter leaves first."""
    mock, steps, left = mock_mturk(), [threading.Event() for _ in range(2)], []

    def other():
        with mock as mturk:
            steps[0].set()
            steps[1].wait(60)
            left.append((current() is mturk, is_on(mturk._backend)))

    thread = threading.Thread(target=other)
    with mock as mturk:
        thread.start()
        steps[0].wait(60)
    assert not is_on(mturk._backend)
    steps[1].set()
    thread.join()

    assert left == [(True, True)]
    assert not is_mock_on()


@pytest.mark.parametrize("kind", ["with", "async with", "async stack"])
def test_block_in_each_of_two_tasks_ends_its_own_mock(kind):
    """Two tasks enter one object; the first one to enter leaves first."""
    mock = mock_mturk()

    @asynccontextmanager
    async def entered():
        if kind == "with":
            with mock as mturk:
                yield mturk
        elif kind == "async with":
            async with mock as mturk:
                yield mturk
        else:
            async with AsyncExitStack() as stack:
                yield await stack.enter_async_context(mock)

    async def program(begun, end):
        async with entered() as mturk:
            begun.set()
            await end.wait()
            assert is_on(mturk._backend)
        assert not is_on(mturk._backend)

    async def both():
        events = [asyncio.Event() for _ in range(4)]
        first = asyncio.create_task(program(*events[:2]))
        await events[0].wait()
        second = asyncio.create_task(program(*events[2:]))
        await events[2].wait()
        events[1].set()
        await first
        events[3].set()
        await second

    asyncio.run(both())
    assert not is_mock_on()


def test_block_that_fails_reports_its_own_mock():
    """An exception gets the report of the block that it leaves."""
    mock = mock_mturk()
    block, error = by_generator(mock), ZeroDivisionError()
    handle = block.__enter__()
    with mock:
        with suppress(ZeroDivisionError):
            block.__exit__(ZeroDivisionError, error, None)
        assert getattr(error, REPORT).startswith(f"mock_mturk(seed={handle.seed})")


def test_stop_ends_the_start_of_its_own_thread():
    """stop() ends the mock that the same thread has started."""
    mock = mock_mturk()
    mturk = mock.start()
    started = []
    thread = threading.Thread(target=lambda: started.append(mock.start()))
    thread.start()
    thread.join()

    mock.stop()
    assert (is_on(mturk._backend), current()) == (False, started[0])
    mock.stop()
    assert not is_mock_on()


def test_stop_leaves_the_blocks_of_the_object_on():
    """stop() ends what start() began, even if a later block is active."""
    mock = mock_mturk()
    mock.start()
    with mock as mturk:
        mock.stop()
        assert current() is mturk
    assert not is_mock_on()
