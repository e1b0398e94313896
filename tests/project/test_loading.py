"""What is loaded when: next to nothing in projects that do not use the mock.

Each program runs in a process of its own, where nothing else has loaded anything.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.inner import STRICT

ROOT = Path(__file__).parents[2]

#: What only a server needs.
SERVER = {"starlette", "uvicorn", "h11", "mturk_mock.server"}
#: What takes long to load, or what not every program has.
HEAVY = {
    "boto3",
    "botocore",
    "requests",
    "responses",
    "matplotlib",
    "mturk_mock.mock.mock",
} | SERVER

#: What a program says of itself at its end.
SAY_WHAT_IS_LOADED = "\nimport sys\nprint(*sorted(sys.modules))"


def run(*arguments):
    command = [sys.executable, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def install(folder, archive=False):
    """Copy the package as pip installs it; return the entry for `sys.path`."""
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "mturk_mock", folder / "mturk_mock", ignore=ignored)
    shutil.copytree(ROOT / "examples", folder / "mturk_mock" / "examples", ignore=ignored)
    return shutil.make_archive(f"{folder}-packed", "zip", folder) if archive else str(folder)


def loaded_by(program):
    """Return the modules that a program has imported when it ends."""
    return set(run("-c", program + SAY_WHAT_IS_LOADED).split())


def test_import_of_the_package_loads_nothing_heavy():
    """`import mturk_mock` loads neither boto3 nor the mock."""
    assert loaded_by("import mturk_mock") & HEAVY == set()


def test_pytest_loads_nothing_heavy(pytester):
    """The plugin, loaded in every project, imports nothing heavy."""
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

    assert (loaded_by(program) - before) & {"requests", "responses", "matplotlib", *SERVER} == set()


# At another time ------------------------------------------------------------------------------


def test_first_mock_in_frozen_time_gives_real_datetimes():
    """Modules imported while freezegun replaces `datetime` have the real classes."""
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
    """Two threads can start the first mocks at the same time."""
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


# In other ways ------------------------------------------------------------------------------

USE = """
import sys
sys.path.insert(0, sys.argv[1])
import mturk_mock
if not mturk_mock.__file__.startswith(sys.argv[1]):
    raise SystemExit(mturk_mock.__file__)
with mturk_mock.mock_mturk(seed=1, sleep="advance") as mturk:
    client = mturk.client()
    hit = mturk.add_hit()
    work = mturk.worker().accept(hit).submit({"answer": "b"})
    client.approve_assignment(AssignmentId=work.id)
    try:
        client.approve_assignment(AssignmentId="3NOBODY")
    except client.exceptions.RequestError as refusal:
        print(refusal.response["TurkErrorCode"])
    mturk.crowd(3)
    mturk.clock.advance(days=1)
    mturk.restore(mturk.snapshot())
    print(mturk.client(sandbox=True).get_account_balance()["AvailableBalance"])
"""
SAYS = ["AWS.MechanicalTurk.AssignmentDoesNotExist", "10000.00"]


def use(place, *options):
    """Use the mock in a new process with warnings as errors; return its lines."""
    command = [sys.executable, *options, *STRICT, "-c", USE, str(place)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.split()


@pytest.mark.parametrize("option", ["-O", "-OO", "-I", "-Xdev"])
def test_package_works_with_options_of_python(option):
    """The package works with Python's options -O, -OO, -I and -Xdev, without warnings."""
    assert use(ROOT, option) == SAYS


def test_package_works_from_a_zip_archive(tmp_path):
    """The package opens no file next to its modules, so it works in a zip archive."""
    assert use(install(tmp_path / "site", archive=True)) == SAYS


def test_service_model_is_read_from_a_zip_archive(tmp_path):
    """If botocore has no service model of Mechanical Turk, the archive has one."""
    program = """
import sys
sys.path.insert(0, sys.argv[1])
import mturk_mock
from botocore.loaders import Loader
nowhere = Loader(include_default_search_paths=False)
print(nowhere.load_service_model("mturk", "service-2")["metadata"]["serviceId"])
print(nowhere.list_available_services("service-2"), nowhere.list_available_services("waiters-2"))
"""
    site = install(tmp_path / "site", archive=True)

    assert run("-c", program, site).splitlines() == ["MTurk", "['mturk'] []"]
