"""What is loaded when: next to nothing in projects that do not use the mock.

Each program runs in a process of its own, where nothing else has loaded anything.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

#: What takes long to load, or what not every program has.
HEAVY = {"boto3", "botocore", "requests", "responses", "matplotlib", "mturk_mock.mock.mock"}

#: What a program says of itself at its end.
SAY_WHAT_IS_LOADED = "\nimport sys\nprint(*sorted(sys.modules))"


def run(*arguments):
    command = [sys.executable, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def loaded_by(program):
    """Return what a program has loaded at its end."""
    return set(run("-c", program + SAY_WHAT_IS_LOADED).split())


def test_import_of_the_package_loads_nothing_heavy():
    """`import mturk_mock` loads neither boto3 nor the mock."""
    assert loaded_by("import mturk_mock") & HEAVY == set()


def test_pytest_loads_nothing_heavy(pytester):
    """The plugin is loaded in every project where the package is installed."""
    path = pytester.makepyfile(
        f"""
        import sys
        def test_what_is_loaded():
            assert "mturk_mock.pytest_plugin" in sys.modules
            assert sys.modules.keys() & {HEAVY!r} == set()
        """
    )
    run("-m", "pytest", "-pno:requests_mock", path)  # which loads requests


def test_a_mock_loads_no_library_that_not_every_program_has():
    """Starting a mock and calling it loads neither `requests` nor matplotlib."""
    program = """
from mturk_mock import mock_mturk
with mock_mturk() as mturk:
    mturk.client().list_hits()
"""
    before = loaded_by("import boto3")

    assert (loaded_by(program) - before) & {"requests", "responses", "matplotlib"} == set()


# At another time ------------------------------------------------------------------------------


def test_first_mock_in_frozen_time_gives_real_datetimes():
    """What is loaded while freezegun replaces `datetime` is none of its stand-ins later."""
    program = """
from datetime import datetime, timezone
import freezegun
from mturk_mock import mock_mturk
with freezegun.freeze_time("2031-05-06"):
    mturk = mock_mturk().start()
    client = mturk.client()
    assert mturk.clock.now == datetime(2031, 5, 6, tzinfo=timezone.utc)
assert type(mturk.clock.now) is datetime
client.list_hits()
assert type(mturk.calls[0].time) is datetime
"""
    run("-c", program)


def test_first_mock_in_another_thread():
    """Two threads that start the first mocks at once each get theirs."""
    program = """
import threading
from mturk_mock import mock_mturk
barrier = threading.Barrier(2)
handles = []
def use():
    barrier.wait()
    with mock_mturk(seed=1) as mturk:
        handles.append(mturk)
threads = [threading.Thread(target=use) for _ in range(2)]
for thread in threads: thread.start()
for thread in threads: thread.join()
assert len({id(handle) for handle in handles}) == 2
"""
    run("-c", program)
