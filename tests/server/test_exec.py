"""`mturk-mock exec`: a program with a server of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time

import pytest

import mturk_mock
from mturk_mock import mock_mturk
from mturk_mock.__main__ import main
from tests.helpers import NOW, publish
from tests.server.test_serve import COMMAND, refused

#: A program of a requester, who has the addresses of the service in the code.
PROGRAM = """
import boto3, os
for host in ("mturk-requester", "mturk-requester-sandbox"):
    client = boto3.client("mturk", endpoint_url=f"https://{host}.us-east-1.amazonaws.com")
    response = client.get_account_balance()
    headers = response["ResponseMetadata"]["HTTPHeaders"]
    print(response["AvailableBalance"], headers["x-mturk-mock"])
client = boto3.client("mturk")
print(os.environ["AWS_ENDPOINT_URL_MTURK"][:17], client.list_hits()["NumResults"])
"""


def execute(*arguments, **environment):
    """Run `mturk-mock exec` with these arguments."""
    return subprocess.run(
        [*COMMAND, "exec", *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_program_with_the_addresses_of_the_service(tmp_path):
    """Its requests reach the server, in production and in the sandbox, without keys of its own."""
    with mock_mturk(seed=1, now=NOW, balance=5) as mturk:
        publish(mturk.client(), Reward="0.10")
        mturk.snapshot().save(tmp_path / "seed.json")

    done = execute("--seed-data", str(tmp_path / "seed.json"), "--", sys.executable, "-c", PROGRAM)

    version = mturk_mock.__version__
    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        f"4.88 {version}",
        f"10000.00 {version}",
        "http://127.0.0.1: 1",
    ]


@pytest.mark.parametrize("line", ["raise SystemExit(7)", "import sys; sys.exit(0)"])
def test_status_of_the_program(line):
    """It is that of the command."""
    status = main(["exec", "--", sys.executable, "-c", line])

    assert status == (7 if "7" in line else 0)


def test_program_that_a_signal_ends():
    """The status is 128 and the number of the signal, as in a shell."""
    line = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"

    assert main(["exec", sys.executable, "-c", line]) == 128 + signal.SIGKILL


def test_signal_reaches_the_program():
    """SIGTERM ends the program, which Ctrl-C reaches by itself."""
    line = (
        "import os, signal, time\n"
        "os.kill(os.getppid(), signal.SIGINT)\n"
        "os.kill(os.getppid(), signal.SIGTERM)\n"
        "time.sleep(60)"
    )

    assert execute("--", sys.executable, "-c", line).returncode == 128 + signal.SIGTERM


def test_signal_that_another_thread_receives():
    """It reaches the program as well, though the thread that waits is not interrupted."""
    thread = threading.Thread(target=_receive)

    thread.start()
    status = main(["exec", "--", sys.executable, "-c", "import time; time.sleep(20)"])

    thread.join()
    assert status == 128 + signal.SIGTERM


def test_signal_while_the_program_starts(monkeypatch):
    """It ends the program as soon as there is one."""
    start = subprocess.Popen

    def start_late(line, **options):
        os.kill(os.getpid(), signal.SIGTERM)
        return start(line, **options)

    monkeypatch.setattr(subprocess, "Popen", start_late)

    assert main(["exec", sys.executable, "-c", "import time; time.sleep(20)"]) == 143


def _receive():
    """Wait until SIGTERM has a handler, then send it to this thread."""
    while signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        time.sleep(0.01)
    signal.pthread_kill(threading.get_ident(), signal.SIGTERM)


def test_environment_of_the_program(monkeypatch):
    """Its own keys, region and PYTHONPATH stay; a profile counts as keys."""
    line = (
        "import os; print(*(os.environ.get(name) for name in "
        "('AWS_REGION', 'AWS_ACCESS_KEY_ID', 'AWS_PROFILE', 'PYTHONPATH')))"
    )
    own = {"AWS_REGION": "eu-west-1", "AWS_PROFILE": "lab", "PYTHONPATH": os.getcwd()}
    done = execute("--", sys.executable, "-c", line, **own)
    region, key, profile, path = done.stdout.split()

    assert (region, key, profile) == ("eu-west-1", "None", "lab")
    assert path.endswith(os.pathsep + os.getcwd())


def test_site_customization_of_the_machine(tmp_path):
    """It is loaded too."""
    (tmp_path / "sitecustomize.py").write_text("print('customized')")
    done = execute("--", sys.executable, "-c", "print('run')", PYTHONPATH=str(tmp_path))

    assert done.stdout.split()[-2:] == ["customized", "run"]


def test_mock_in_the_program():
    """A mock that is active in the program answers instead of the server."""
    program = (
        "from mturk_mock import mock_mturk\nimport boto3\n"
        "with mock_mturk(balance=3):\n"
        "    print(boto3.client('mturk', endpoint_url="
        "'https://mturk-requester.us-east-1.amazonaws.com').get_account_balance()"
        "['AvailableBalance'])"
    )

    assert execute("--", sys.executable, "-c", program).stdout == "3.00\n"


def test_no_program(capsys):
    """One line, and status 2."""
    message = "mturk-mock exec: name the program to run, after --; see mturk-mock exec --help"
    assert refused(capsys, "exec", "--") == (2, message)


def test_program_that_is_not_there(capsys):
    """One line, and status 2."""
    message = "mturk-mock exec: cannot run no-such-program: No such file or directory"
    assert refused(capsys, "exec", "--", "no-such-program") == (2, message)
