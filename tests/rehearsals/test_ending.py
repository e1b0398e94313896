"""Ends of rehearsals: Ctrl-C, a killed program, scripts, functions of a notebook."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
#: Seconds after which a test fails that waits for another process.
TIMEOUT = 60

FOR_EVER = """
from mturk_mock import grid, rehearse
from tests.rehearsals.campaigns import run_for_ever

if __name__ == "__main__":
    rehearse(run_for_ever, grid(folder=[{folder!r}], number=[1, 2]), [1], progress=False)
"""


def start(program: str, folder: Path) -> subprocess.Popen[str]:
    """Start a script that can import the tests."""
    script = folder / "script.py"
    script.write_text(program)
    # Ctrl-C is off in processes that a shell started in the background.
    return subprocess.Popen(
        [sys.executable, str(script)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )


def run(program: str, folder: Path) -> tuple[str, str]:
    """Run a script, and return its output and its errors."""
    return start(program, folder).communicate(timeout=TIMEOUT)


def wait_until(is_so: Callable[[], bool]) -> None:
    """Wait until something is so, and fail after a minute."""
    end = time.monotonic() + TIMEOUT
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.02)


def is_alive(process_id: int) -> bool:
    """Tell whether a process runs, and is no zombie."""
    try:
        state = Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def pids(folder: Path) -> list[int]:
    """Return the processes that have left a file."""
    return [int(path.stem) for path in folder.glob("*.pid")]


needs_proc = pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs Linux")


@needs_proc
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_processes_end_with_the_program(tmp_path, number):
    """Ctrl-C and SIGKILL end the processes of a rehearsal within their runs."""
    program = start(FOR_EVER.format(folder=str(tmp_path)), tmp_path)
    wait_until(lambda: bool(pids(tmp_path)))
    os.kill(program.pid, number)
    _, errors = program.communicate(timeout=TIMEOUT)

    wait_until(lambda: not any(map(is_alive, pids(tmp_path))))
    assert program.returncode == -number
    if number == signal.SIGINT:
        assert errors.rstrip().rpartition("\n")[2] == "KeyboardInterrupt"


@needs_proc
def test_interrupt_of_the_group_is_for_the_program_only(tmp_path):
    """Ctrl-C in a terminal, which goes to all processes, has one traceback."""
    program = start(FOR_EVER.format(folder=str(tmp_path)), tmp_path)
    wait_until(lambda: bool(pids(tmp_path)))
    os.killpg(program.pid, signal.SIGINT)
    _, errors = program.communicate(timeout=TIMEOUT)

    assert errors.count("KeyboardInterrupt") == 1
    assert not any(map(is_alive, pids(tmp_path)))


def test_script_without_a_guard_gets_an_error_with_the_cure(tmp_path):
    """A script that rehearses when it is imported gets an error that shows the guard."""
    program = (
        "from mturk_mock import rehearse\nfrom tests.rehearsals.campaigns import count\n"
        "rehearse(count, [{}], [1], progress=False)\n"
    )
    _, errors = run(program, tmp_path)
    assert errors.rstrip().endswith(
        "RuntimeError: a process of rehearse() cannot start. In a script, call rehearse() below "
        'if __name__ == "__main__": each process imports the script'
    )


def test_program_from_stdin_is_refused_with_the_cure(tmp_path):
    """Processes cannot read a program that Python has read from stdin."""
    program = (
        "from mturk_mock import rehearse\nfrom tests.rehearsals.campaigns import count\n"
        "if __name__ == '__main__':\n    rehearse(count, [{}], [1], progress=False)\n"
    )
    found = subprocess.run(
        [sys.executable, "-"],
        input=program,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        check=False,
    )
    assert found.stderr.count("Traceback") == 1
    assert found.stderr.rstrip().rpartition("\n")[2] == (
        "RuntimeError: the processes of rehearse() cannot read a program from stdin: save the "
        "program in a file and run that, or pass executor=ThreadPoolExecutor(1)"
    )


@pytest.mark.parametrize(
    ("below", "what"),
    [("def campaign(mturk, rule): return {}", "campaign"), ("def half(n): return n / 2", "half")],
)
def test_function_below_the_guard_is_told_before_anything_starts(tmp_path, below, what):
    """Without cloudpickle, a function that processes do not find in the script is refused."""
    program = (
        "import sys\nsys.modules['cloudpickle'] = None\n"
        "from mturk_mock import rehearse\n"
        "def campaign(mturk, rule): return {}\n"
        "def half(n): return n\n"
        f"del {what}\n"
        "if __name__ == '__main__':\n"
        f"    {below}\n"
        "    rehearse(campaign, [{'rule': half}], [1], progress=False)\n"
    )
    _, errors = run(program, tmp_path)
    assert errors.count("Traceback") == 1
    message = errors.rstrip().rpartition("\n")[2]
    assert message.startswith(
        "TypeError: a process of rehearse() cannot find the campaign or a value of a design "
        "(AttributeError: "
    )
    assert f"{what!r}" in message
    assert message.endswith(
        '): define it above if __name__ == "__main__", or in a module that processes can import'
    )


def test_campaign_of_a_script_needs_no_cloudpickle(tmp_path):
    """A campaign in the script that rehearses works without cloudpickle."""
    program = (
        "import sys\nsys.modules['cloudpickle'] = None\n"
        "from mturk_mock import rehearse\n"
        "def campaign(mturk, n):\n    return {'half': n / 2}\n"
        "if __name__ == '__main__':\n"
        "    print(rehearse(campaign, [{'n': 3}], [1], progress=False).rows[0]['half'])\n"
    )
    output, errors = run(program, tmp_path)
    assert (output, errors) == ("1.5\n", "")


def test_campaign_of_a_script_may_use_what_cannot_be_pickled(tmp_path):
    """Functions of a script can use a client or a lock of the script, with cloudpickle too."""
    pytest.importorskip("cloudpickle")
    program = (
        "import threading\nfrom mturk_mock import rehearse\n"
        "LOCK = threading.Lock()\n"
        "def half(n):\n    with LOCK:\n        return n / 2\n"
        "def campaign(mturk, n, rule):\n    with LOCK:\n        n += 1\n"
        "    return {'half': rule(n)}\n"
        "if __name__ == '__main__':\n"
        "    designs = [{'n': 2, 'rule': half}]\n"
        "    print(rehearse(campaign, designs, [1], progress=False).rows[0]['half'])\n"
    )
    output, errors = run(program, tmp_path)
    assert (output, errors) == ("1.5\n", "")


def test_function_of_a_notebook_cell_works_by_default(tmp_path):
    """A function that no process can import, as of a cell, is sent with cloudpickle."""
    pytest.importorskip("cloudpickle")
    cell = (
        "from mturk_mock import rehearse\n"
        "def half(n): return n / 2\n"
        "def campaign(mturk, n, rule): return {'half': rule(n)}\n"
        "print(rehearse(campaign, [{'n': 3, 'rule': half}], [1], progress=False).rows[0]['half'])\n"
    )
    output, errors = run_cells(cell, tmp_path)
    assert (output, errors) == ("1.5\n", "")


def run_cells(cell: str, folder: Path) -> tuple[str, str]:
    """Run a cell as a notebook does: in a module __main__ that has no file."""
    program = (
        "import sys, types\n"
        "sys.modules['__main__'] = module = types.ModuleType('__main__')\n"
        f"exec({cell!r}, vars(module))\n"
    )
    (folder / "kernel.py").write_text(program)
    return run("import kernel", folder)
