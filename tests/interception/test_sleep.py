"""`mock_mturk(sleep="advance")`: the program's sleeps move the clock; other sleeps are real."""

from __future__ import annotations

import _thread
import asyncio
import concurrent.futures
import queue
import subprocess
import sys
import sysconfig
import threading
import time
import types
from datetime import timedelta
from pathlib import Path

import boto3
import freezegun
import pytest
import time_machine
from botocore.config import Config

from mturk_mock import mock_mturk
from tests.clients import KEYS, balance_of
from tests.helpers import NOW, create_hit
from tests.inner import STRICT, outcomes_by_pytest

HOUR = timedelta(hours=1)


class ReallySlept(BaseException):
    """A real sleep; not an Exception, so that no `except Exception` swallows it."""


@pytest.fixture(autouse=True)
def real(monkeypatch):
    """Make every real sleep an error, except those of 0 seconds."""
    really = asyncio.sleep

    def sleep(seconds):
        if seconds < 0:
            raise ValueError("sleep length must be non-negative")
        if seconds:
            raise ReallySlept(seconds)

    async def sleep_async(delay, result=None):
        if delay > 0:
            raise ReallySlept(delay)
        return await really(delay, result)

    monkeypatch.setattr(time, "sleep", sleep)
    monkeypatch.setattr(asyncio, "sleep", sleep_async)
    return types.SimpleNamespace(time=sleep, asyncio=sleep_async)


@pytest.fixture
def load(monkeypatch):
    """Run a module's source as if it were in this file, and return the module."""

    def run(source, file=None, name="program"):
        module = types.ModuleType(name)
        if file is not None:
            module.__file__ = str(file)
        monkeypatch.setitem(sys.modules, name, module)
        exec(compile(source, file or "<program>", "exec"), vars(module))
        return module

    return run


def advancing(**options):
    return mock_mturk(now=NOW, sleep="advance", **options)


STDLIB = Path(sysconfig.get_path("stdlib"))
STANDARD = [
    STDLIB / "queue.py",
    STDLIB / "email" / "message.py",
    "<frozen importlib._bootstrap>",
]
INSTALLED = [
    Path(sysconfig.get_path("purelib")) / "retrying.py",
    "/somewhere/site-packages/package/module.py",
    "/usr/lib/python3/dist-packages/package.py",
]
PROGRAMS = ["/home/somebody/program.py", "/home/somebody/lib/python3.11/program.py", "<stdin>"]
IMPORTS = """
import time
from time import sleep
from time import sleep as nap
import asyncio
from asyncio import sleep as sleep_async
"""


# time.sleep ----------------------------------------------------------------------------------


@pytest.mark.parametrize("seconds", [3600, 0.000_001, True, 1.5])
def test_sleep_moves_the_clock(seconds):
    """The clock moves by the seconds of the sleep."""
    with advancing() as mturk:
        assert time.sleep(seconds) is None
        assert mturk.clock.now - NOW == timedelta(seconds=seconds)


def test_sleep_lets_happen_what_is_due():
    """Events due during the sleep happen, so a polling loop ends at once."""
    polls = 0
    with advancing() as mturk:
        client = mturk.client()
        hit_id = create_hit(client, LifetimeInSeconds=3600)["HITId"]
        while client.get_hit(HITId=hit_id)["HIT"]["HITStatus"] != "Reviewable":
            polls += 1
            time.sleep(15)
        assert mturk.clock.now - NOW == HOUR

    assert polls == 240


@pytest.mark.parametrize("call", ["sleep(60)", "nap(60)", "time.sleep(60)"])
def test_sleep_imported_before(load, call):
    """A name imported before the mock is replaced, whatever it is called."""
    program = load(IMPORTS + f"def poll(): {call}", "/home/somebody/program.py")
    with advancing() as mturk:
        program.poll()
        assert mturk.clock.now - NOW == timedelta(minutes=1)


@pytest.mark.parametrize("call", ["sleep(60)", "nap(60)", "time.sleep(60)"])
def test_sleep_imported_during_the_mock(load, call):
    """A module imported during the mock is the program's too."""
    with advancing() as mturk:
        load(IMPORTS + f"def poll(): {call}", "/home/somebody/program.py").poll()
        assert mturk.clock.now - NOW == timedelta(minutes=1)


def test_sleep_imported_by_a_function(load):
    """The caller counts, not the module of the name."""
    program = load("def poll():\n    from time import sleep\n    sleep(60)")
    with advancing() as mturk:
        program.poll()
        assert mturk.clock.now - NOW == timedelta(minutes=1)


@pytest.mark.parametrize("file", PROGRAMS)
def test_sleep_of_program_is_told_by_its_file(load, file):
    """A file outside all library folders belongs to the program."""
    program = load(IMPORTS + "def poll(): time.sleep(5), sleep(5)", file)
    with advancing() as mturk:
        program.poll()
        assert mturk.clock.now - NOW == timedelta(seconds=10)


def test_sleep_of_main_module(load):
    """The main module belongs to the program, wherever its file is."""
    program = load(IMPORTS, STANDARD[0], name="__main__")
    with advancing():
        assert program.sleep is time.sleep


def test_sleep_of_notebook_cell(load):
    """A notebook cell, which has no file, belongs to the program."""
    program = load(IMPORTS + "def poll(): sleep(5)")
    with advancing() as mturk:
        program.poll()
        assert mturk.clock.now - NOW == timedelta(seconds=5)


@pytest.mark.parametrize("seconds", [0, 0.0])
def test_sleep_of_nothing_is_the_real_one(monkeypatch, seconds):
    """A sleep of 0 seconds is real, so other threads can run."""
    turns = []
    monkeypatch.setattr(time, "sleep", turns.append)
    with advancing() as mturk:
        time.sleep(seconds)
        assert mturk.clock.now == NOW

    assert turns == [0]


@pytest.mark.parametrize(
    ("seconds", "error", "message"),
    [
        (-1, ValueError, "sleep length must be non-negative"),
        (-0.5, ValueError, "sleep length must be non-negative"),
        ("1", TypeError, "'str' object cannot be interpreted as an integer"),
        (None, TypeError, "'NoneType' object cannot be interpreted as an integer"),
    ],
)
def test_sleep_refuses_what_python_refuses(seconds, error, message):
    """An invalid argument raises Python's own error."""
    with advancing() as mturk:
        with pytest.raises(error) as refusal:
            time.sleep(seconds)
        assert mturk.clock.now == NOW

    assert str(refusal.value) == message


@pytest.mark.parametrize("seconds", [float("inf"), float("nan")])
def test_sleep_without_end_is_the_real_one(seconds):
    """An endless sleep is left to Python, which refuses it."""
    with advancing(), pytest.raises(ReallySlept):
        time.sleep(seconds)


# Threads -------------------------------------------------------------------------------------


def test_sleep_in_another_thread_moves_the_clock():
    """Sleeps of the program's threads move the clock, one after the other. [assumed]"""
    threads = [threading.Thread(target=lambda: time.sleep(60)) for _ in range(3)]
    with advancing() as mturk:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert mturk.clock.now - NOW == timedelta(minutes=3)


def test_sleep_handed_to_a_library_is_the_programs():
    """A sleep that a pool is given as a function moves the clock. [assumed]"""
    with advancing() as mturk, concurrent.futures.ThreadPoolExecutor(1) as pool:
        pool.submit(time.sleep, 60).result()
        assert mturk.clock.now - NOW == timedelta(minutes=1)


def test_waits_of_the_standard_library_do_not_move_the_clock():
    """Queues, events and other processes wait in real time."""
    with advancing() as mturk:
        with pytest.raises(queue.Empty):
            queue.Queue().get(timeout=0.001)
        threading.Event().wait(0.001)
        assert mturk.clock.now == NOW


def test_waiting_for_a_process_does_not_move_the_clock():
    """The sleeps of `subprocess` are real."""
    waiting = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    with advancing() as mturk:
        with pytest.raises(ReallySlept):
            waiting.wait(timeout=60)
        assert mturk.clock.now == NOW
    waiting.communicate(b"\n")


# Libraries -----------------------------------------------------------------------------------


@pytest.mark.parametrize("file", INSTALLED, ids=str)
@pytest.mark.parametrize("call", ["sleep(60)", "time.sleep(60)"])
def test_sleep_of_installed_package_moves_the_clock(load, file, call):
    """In the main thread, an installed package sleeps for the program. [assumed]"""
    package = load(IMPORTS + f"def poll(): {call}", file, name="package")
    with advancing() as mturk:
        package.poll()
        assert mturk.clock.now - NOW == timedelta(minutes=1)
    assert package.sleep is time.sleep


@pytest.mark.parametrize("call", ["sleep(60)", "time.sleep(60)"])
def test_sleep_of_installed_package_in_its_own_thread_is_the_real_one(load, call):
    """In its own thread, an installed package really sleeps. [assumed]"""
    package = load(IMPORTS + f"def poll(): {call}", INSTALLED[0], name="package")
    with advancing() as mturk, concurrent.futures.ThreadPoolExecutor(1) as pool:
        with pytest.raises(ReallySlept):
            pool.submit(package.poll).result()
        assert mturk.clock.now == NOW


@pytest.mark.parametrize("file", STANDARD, ids=str)
@pytest.mark.parametrize("call", ["sleep(60)", "time.sleep(60)"])
def test_sleep_of_library_is_the_real_one(load, file, call):
    """A sleep of the standard library is real."""
    library = load(IMPORTS + f"def poll(): {call}", file, name="library")
    with advancing() as mturk:
        with pytest.raises(ReallySlept):
            library.poll()
        assert mturk.clock.now == NOW


@pytest.mark.parametrize("call", ["sleep(60)", "time.sleep(60)"])
def test_sleep_of_library_imported_during_the_mock_is_the_real_one(load, call):
    """A standard module imported during the mock really sleeps."""
    with advancing() as mturk:
        library = load(IMPORTS + f"def poll(): {call}", STANDARD[0], name="library")
        with pytest.raises(ReallySlept):
            library.poll()
        assert mturk.clock.now == NOW


def test_sleep_of_botocore_for_another_service_is_the_real_one(wire):
    """Botocore's retries for other services really sleep."""
    config = Config(retries={"mode": "standard"})
    client = boto3.client("sns", region_name="us-east-1", config=config, **KEYS)
    client.meta.events.register_first("needs-retry.sns", lambda **event: 5)
    with advancing() as mturk:
        with pytest.raises(ReallySlept):
            client.list_topics()
        assert mturk.clock.now == NOW


def test_names_of_libraries_are_left_alone(load, real):
    """Names in libraries are not replaced."""
    library = load(IMPORTS, STANDARD[0])
    without_file = load("from time import sleep", name="_thread.inner")
    with advancing():
        assert [library.sleep, library.nap, without_file.sleep] == [real.time] * 3
        assert library.sleep_async is real.asyncio


# asyncio.sleep -------------------------------------------------------------------------------


def test_asyncio_sleep_moves_the_clock():
    """asyncio.sleep moves the clock and returns its result."""

    async def program():
        return await asyncio.sleep(3600, "result")

    with advancing() as mturk:
        assert asyncio.run(program()) == "result"
        assert mturk.clock.now - NOW == HOUR


def test_asyncio_sleep_gives_others_a_turn():
    """Other tasks run during asyncio.sleep."""
    log = []

    async def other():
        log.append("other")

    async def program(mturk):
        task = asyncio.ensure_future(other())
        await asyncio.sleep(60)
        log.append(mturk.clock.now - NOW)
        await task

    with advancing() as mturk:
        asyncio.run(program(mturk))

    assert log == ["other", timedelta(minutes=1)]


def test_asyncio_sleeps_at_the_same_time():
    """Sleeps end in the order of their times, and take as long as the longest."""
    log = []

    async def sleeper(minutes):
        await asyncio.sleep(60 * minutes)
        log.append(minutes)

    async def program():
        await asyncio.gather(*map(sleeper, (3, 1, 2)))

    with advancing() as mturk:
        asyncio.run(program())
        assert mturk.clock.now - NOW == timedelta(minutes=3)

    assert log == [1, 2, 3]


def test_asyncio_polling_at_the_same_time():
    """Twenty tasks that poll for an hour take an hour."""

    async def poll():
        for _ in range(60):
            await asyncio.sleep(60)

    async def program():
        await asyncio.gather(*(poll() for _ in range(20)))

    with advancing() as mturk:
        asyncio.run(program())
        assert mturk.clock.now - NOW == HOUR


def test_asyncio_sleep_that_is_cancelled():
    """A cancelled sleep does not move the clock."""

    async def program():
        long = asyncio.ensure_future(asyncio.sleep(3600))
        short = asyncio.ensure_future(asyncio.sleep(60))
        await short
        long.cancel()
        await asyncio.sleep(1)

    with advancing() as mturk:
        asyncio.run(program())
        assert mturk.clock.now - NOW == timedelta(seconds=61)


@pytest.mark.parametrize("imported", ["before", "inside"])
def test_asyncio_sleep_imported_by_the_program(load, imported):
    """`from asyncio import sleep` works, before the mock and inside it."""
    source = IMPORTS + "async def poll(): return await sleep_async(60, result=7)"
    program = load(source)
    with advancing() as mturk:
        program = program if imported == "before" else load(source)
        assert asyncio.run(program.poll()) == 7
        assert mturk.clock.now - NOW == timedelta(minutes=1)


@pytest.mark.parametrize("delay", [0, -1])
def test_asyncio_sleep_of_nothing_is_a_turn(delay):
    """A sleep of 0 seconds or less gives other tasks a turn."""

    async def program():
        return await asyncio.sleep(delay, "result")

    with advancing() as mturk:
        assert asyncio.run(program()) == "result"
        assert mturk.clock.now == NOW


def test_asyncio_sleep_without_end_is_the_real_one():
    """An endless sleep does not end."""

    async def program():
        await asyncio.sleep(float("inf"))

    with advancing(), pytest.raises(ReallySlept):
        asyncio.run(program())


@pytest.mark.parametrize("call", ["asyncio.sleep(60)", "sleep_async(60)"])
def test_asyncio_sleep_of_library_is_the_real_one(load, call):
    """A library's asyncio.sleep is real, in its own task too."""
    source = IMPORTS + f"async def poll(): await asyncio.ensure_future({call})"
    library = load(source, STANDARD[0], name="library")
    with advancing() as mturk:
        with pytest.raises(ReallySlept):
            asyncio.run(library.poll())
        assert mturk.clock.now == NOW


LATE_ASYNCIO = """
import sys
from mturk_mock import mock_mturk

with mock_mturk(sleep="advance") as mturk:
    assert "asyncio" not in sys.modules
    before = mturk.clock.now
    import asyncio
    async def poll():
        await asyncio.sleep(3600)
    asyncio.run(poll())
    assert 3600 <= (mturk.clock.now - before).total_seconds() < 7200
assert asyncio.sleep is asyncio.tasks.sleep
"""


def test_asyncio_imported_during_the_mock():
    """The mock does not import asyncio, and patches it when it is imported."""
    subprocess.run([sys.executable, *STRICT, "-c", LATE_ASYNCIO], check=True)


# Only where asked ----------------------------------------------------------------------------


@pytest.mark.parametrize("options", [{}, {"sleep": None}])
def test_sleep_without_the_option_is_the_real_one(load, real, options):
    """Without the option, sleeps are real."""
    program = load(IMPORTS)
    with mock_mturk(now=NOW, **options):
        assert time.sleep is program.sleep is real.time
        assert asyncio.sleep is program.sleep_async is real.asyncio


def test_sleep_in_a_mock_made_without_it_is_the_real_one():
    """The option of the innermost mock decides."""
    with advancing() as outer:
        with mock_mturk(now=NOW) as inner:
            with pytest.raises(ReallySlept):
                time.sleep(60)
            with pytest.raises(ReallySlept):
                asyncio.run(polled())
            assert outer.clock.now == inner.clock.now == NOW
        time.sleep(60)
        assert outer.clock.now - NOW == timedelta(minutes=1)


async def polled():
    await asyncio.sleep(60)


def test_sleep_in_a_mock_made_with_it_is_the_inner_ones():
    """An inner mock's sleep does not move the outer clock."""
    with advancing() as outer, advancing() as inner:
        time.sleep(60)
        assert outer.clock.now == NOW
        assert inner.clock.now - NOW == timedelta(minutes=1)


def test_sleep_in_an_inner_mock_only():
    """The option of an inner mock ends with it."""
    with mock_mturk(now=NOW):
        with advancing() as inner:
            time.sleep(60)
            assert inner.clock.now - NOW == timedelta(minutes=1)
        with pytest.raises(ReallySlept):
            time.sleep(60)


@pytest.mark.parametrize("name", ["sleep", "nap", "sleep_async"])
@pytest.mark.parametrize("imported", ["before", "inside"])
def test_names_are_back_at_the_end(load, real, name, imported):
    """Names are restored in all modules, also in those imported meanwhile."""
    program = load(IMPORTS)
    with advancing():
        program = program if imported == "before" else load(IMPORTS, STANDARD[0])
        ours = getattr(program, name)
        with advancing():
            pass
        assert getattr(program, name) is ours is not getattr(real, ours.__module__, None)

    assert getattr(program, name) is (real.asyncio if name == "sleep_async" else real.time)
    assert (time.sleep, asyncio.sleep) == (real.time, real.asyncio)


def test_name_kept_from_the_mock_is_the_real_one_afterwards():
    """A replacement that the program kept really sleeps after the mock."""
    with advancing():
        kept = time.sleep
    with pytest.raises(ReallySlept):
        kept(60)


def test_name_that_the_test_has_replaced_stays(monkeypatch):
    """A test's own fake sleep is not replaced."""
    slept = []
    with advancing() as mturk:
        monkeypatch.setattr(time, "sleep", slept.append)
        time.sleep(60)
        assert mturk.clock.now == NOW
    time.sleep(60)

    assert slept == [60, 60]


def test_module_that_is_no_module(monkeypatch):
    """Other objects in sys.modules are ignored."""
    monkeypatch.setitem(sys.modules, "odd", object())
    monkeypatch.setitem(sys.modules, "none", None)
    with advancing() as mturk:
        time.sleep(1)
        assert mturk.clock.now - NOW == timedelta(seconds=1)


# Time that others have stopped ---------------------------------------------------------------

STOPPED = [
    pytest.param(lambda: freezegun.freeze_time(NOW), id="freezegun"),
    pytest.param(lambda: time_machine.travel(NOW, tick=False), id="time-machine"),
]


@pytest.mark.parametrize("stopped", STOPPED)
@pytest.mark.parametrize("order", ["outside", "inside"])
def test_sleep_while_time_stands_still(stopped, order):
    """The mock's clock moves while other frozen clocks stay. [assumed]"""
    mock = mock_mturk(sleep="advance")
    with stopped(), mock as mturk, stopped():
        time.sleep(60)
        assert mturk.clock.now - NOW == timedelta(minutes=1)
        assert time.time() == NOW.timestamp()


def test_sleep_in_a_fixtures_mock(mturk_client):
    """The marker without the option leaves sleeps real."""
    balance_of(mturk_client)
    with pytest.raises(ReallySlept):
        time.sleep(60)


def test_sleep_by_the_marker(pytester):
    """The marker accepts the option."""
    source = """
import time
from datetime import timedelta
from tests.helpers import NOW

@pytest.mark.mock_mturk(now=NOW, sleep="advance")
def test_it(mturk):
    time.sleep(60)
    assert mturk.clock.now - NOW == timedelta(minutes=1)
"""
    assert outcomes_by_pytest(pytester, source) == {"passed": 1}


def test_sleep_as_the_whole_work_of_a_thread():
    """A sleep that is the target of a thread is the program's."""
    done = threading.Event()
    lock = threading.Lock()
    with advancing() as mturk:
        _thread.start_new_thread(time.sleep, (60,))
        while mturk.clock.now == NOW:
            done.wait(0.001)
        with lock:
            assert mturk.clock.now - NOW == timedelta(minutes=1)


def test_other_names_of_sleep_in_installed_packages_are_left_alone(load, real):
    """Other names of sleep in installed packages are not replaced."""
    package = load(IMPORTS, INSTALLED[0], name="package")
    with advancing():
        assert package.sleep is time.sleep
        assert package.nap is real.time


def test_sleep_in_a_forked_process_is_the_real_one(real):
    """Sleeps in a forked process are real."""
    with advancing() as mturk:
        mturk._backend._transactions.process += 1
        with pytest.raises(ReallySlept):
            time.sleep(60)


class OnlySaysSo:
    """An object that claims to be a module and has no names, as cffi's in sys.modules."""

    __slots__ = ()
    __class__ = types.ModuleType


def test_sleep_beside_what_only_says_that_it_is_a_module(monkeypatch):
    """An object that only claims to be a module is ignored."""
    monkeypatch.setitem(sys.modules, "opened_library", OnlySaysSo())
    with advancing() as mturk:
        time.sleep(60)
        assert mturk.clock.now - NOW == timedelta(minutes=1)
