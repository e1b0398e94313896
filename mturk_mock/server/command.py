"""`mturk-mock serve` and `mturk-mock exec`: a server in a process of its own."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from mturk_mock.interception.redirection import VARIABLE
from mturk_mock.server import erasure, history
from mturk_mock.server.access_log import JSONFormatter
from mturk_mock.server.credentials import read_credentials_file
from mturk_mock.server.hosts import is_local_url, is_loopback
from mturk_mock.server.mturk_server import MTurkServer
from mturk_mock.server.preview.command import preview
from mturk_mock.server.process import ENDING, Refused, handling, open_browser
from mturk_mock.server.state_file import StateFile
from mturk_mock.state.snapshot import Snapshot

#: Loggers that show errors only: invalid requests are not a problem of the server.
_QUIET: Final = ("uvicorn", "uvicorn.error", "asyncio")
_INSECURE: Final = (
    "WARNING: --insecure: this server answers everybody who reaches the port, without a signature."
)
_NO_CONTENT: Final = (
    "the same address; give --content-url URL, with another host name, so that they can keep data "
    "in the browser"
)
_INVITATIONS: Final = (
    "workers sign in by invitation, which POST /_mturk/workers/WORKER_ID/invitation returns"
)
_NO_TOKEN: Final = "; it needs --control-token TOKEN"
_OPEN: Final = (
    "{option} can be reached from other machines: give --credentials FILE, or --insecure to "
    "answer everybody who reaches the port"
)


_REGION: Final = "us-east-1"
#: What Python loads when it starts in a program of `mturk-mock exec`; then that of the machine.
_SITE_CUSTOMIZE: Final = f"""
import os
import sys

try:
    from mturk_mock.interception.redirection import redirect

    redirect(os.environ["{VARIABLE}"])
except ImportError:  # a Python that does not have mturk_mock
    pass
sys.path.remove(os.path.dirname(__file__))
ours = sys.modules.pop("sitecustomize")
try:
    import sitecustomize
except ImportError:
    sys.modules["sitecustomize"] = ours
"""


def serve(options: Any) -> int:
    """Serve until SIGINT or SIGTERM. Raises Refused if the options cannot be carried out."""
    ended = threading.Event()
    with handling(dict.fromkeys(ENDING, ended.set)), _started(options) as server:
        _log_to_stderr(options.log_format)
        for line in _lines(server, options):
            print(line, flush=True)
        if options.open:
            open_browser(_worker_site(server.worker_url))
        ended.wait()
    return 0


def execute(options: Any) -> int:
    """Run a program with a server; return its exit status, 128 + n if signal n has ended it.

    Raises Refused if the program cannot be run.
    """
    with _started(options) as server, TemporaryDirectory() as folder:
        Path(folder, "sitecustomize.py").write_text(_SITE_CUSTOMIZE)
        program = _Program()
        # Ctrl-C reaches the program by itself.
        with handling({signal.SIGINT: _do_nothing, signal.SIGTERM: program.terminate}):
            status = program.run(options.program, _environment(server.url, folder))
    return status if status >= 0 else 128 - status


def replay(options: Any) -> int:
    """Print a recorded campaign, and write a snapshot of its end if a file is named."""
    with _opened(options.file) as file:
        for line in history.print_lines(file, options.until):
            print(line)
        if options.snapshot is not None:
            content = history.snapshot_at(file, options.until)
            try:
                Path(options.snapshot).write_bytes(content)
            except OSError as problem:
                reason = problem.strerror or problem
                raise Refused(f"cannot write {options.snapshot}: {reason}") from None
    return 0


def erase(options: Any) -> int:
    """Erase a worker from a state file."""
    with _opened(options.file) as file:
        print(erasure.erase_worker(file, options.worker))
    return 0


@contextmanager
def _opened(path: str) -> Iterator[StateFile]:
    """Open a state file that exists."""
    if not os.path.exists(path):
        raise Refused(f"{path} does not exist: name a state file of mturk-mock serve --state")
    file = StateFile(path)
    try:
        yield file
    finally:
        file.release()


class _Program:
    """A program that can be ended at any time, also while it starts."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._is_ended = False

    def terminate(self) -> None:
        """End the program with SIGTERM."""
        self._is_ended = True
        if self._process is not None:
            self._process.terminate()

    def run(self, line: Sequence[str], environment: Mapping[str, str]) -> int:
        """Run the program and return its status. Raises Refused if that is not possible.

        Waits in steps of a second: a signal that a thread of the server has received does not wake
        this one.
        """
        try:
            self._process = subprocess.Popen(line, env=environment)
        except OSError as problem:
            raise Refused(f"cannot run {line[0]}: {problem.strerror or problem}") from None
        if self._is_ended:
            self.terminate()
        while True:
            with suppress(subprocess.TimeoutExpired):
                return self._process.wait(timeout=1)


def _do_nothing() -> None:
    pass


def _environment(url: str, folder: str) -> dict[str, str]:
    """Return the environment of a program: the URL, and keys and a region if it has none."""
    given = dict(os.environ)
    defaults = {"AWS_REGION": _REGION, "AWS_DEFAULT_REGION": _REGION}
    if not given.keys() & {"AWS_ACCESS_KEY_ID", "AWS_PROFILE"}:
        defaults |= {"AWS_ACCESS_KEY_ID": "mturkmock", "AWS_SECRET_ACCESS_KEY": "mturkmock"}
    path = os.pathsep.join(filter(None, (folder, given.get("PYTHONPATH"))))
    ours = {"AWS_ENDPOINT_URL_MTURK": url, VARIABLE: url, "PYTHONPATH": path}
    return {**defaults, **given, **ours}


@contextmanager
def _started(options: Any) -> Iterator[MTurkServer]:
    server = _make(options)
    try:
        server.start()
    except ValueError as problem:  # of the state file
        raise Refused(str(problem)) from None
    except OSError as problem:
        address = f"{options.host}:{options.port}"
        raise Refused(f"cannot listen on {address}: {problem.strerror or problem}") from None
    try:
        yield server
    finally:
        server.stop()


def _make(options: Any) -> MTurkServer:
    credentials = _read(read_credentials_file, options.credentials)
    if not (credentials or options.insecure):
        _check_local(options)
    try:
        return MTurkServer(
            host=options.host,
            port=options.port,
            credentials=None if credentials is None else _members(credentials),
            public_url=options.public_url,
            content_url=options.content_url,
            insecure=options.insecure,
            control_token=options.control_token,
            state=options.state,
            forget=options.forget,
            seed_data=_read(Snapshot.load, options.seed_data),
        )
    except ValueError as problem:
        raise Refused(str(problem)) from None


def _check_local(options: Any) -> None:
    """Raise Refused for an address that other machines can reach."""
    if not is_loopback(options.host):
        raise Refused(_OPEN.format(option=f"--host {options.host}"))
    if options.public_url is not None and not is_local_url(options.public_url):
        raise Refused(_OPEN.format(option=f"--public-url {options.public_url}"))


def _members(credentials: Any) -> dict[str, dict[str, str]]:
    return {key: each._asdict() for key, each in credentials.items()}


def _read(read: Any, path: str | None) -> Any:
    """Return what `read` makes of a file, None without a path."""
    if path is None:
        return None
    try:
        return read(path)
    except OSError as problem:
        raise Refused(f"cannot read {path}: {problem.strerror or problem}") from None
    except ValueError as problem:
        raise Refused(str(problem)) from None


def _lines(server: MTurkServer, options: Any) -> Iterator[str]:
    label = "" if options.label is None else f" {options.label}:"
    yield f"mturk_mock{label} requester API at {server.url}"
    yield f"mturk_mock{label} sandbox at {server.sandbox_url}"
    yield f"mturk_mock{label} worker site at {_worker_site(server.worker_url)}"
    yield f"mturk_mock{label} worker site of the sandbox at {_worker_site(server.sandbox_url)}"
    yield f"mturk_mock{label} pages of HITs at {server.content_url or _NO_CONTENT}"
    if server.needs_invitations:
        yield f"mturk_mock{label} {_INVITATIONS}{'' if options.control_token else _NO_TOKEN}"
    if options.state is not None:
        yield f"mturk_mock{label} state in {options.state}"
    if options.insecure:
        yield _INSECURE
    yield "Ready."


def _worker_site(url: str) -> str:
    return f"{url}/projects"


def _log_to_stderr(log_format: str) -> None:
    handler = logging.StreamHandler(sys.stderr)
    text = logging.Formatter("%(asctime)s %(message)s")
    handler.setFormatter(JSONFormatter() if log_format == "json" else text)
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.ERROR)


#: The commands by name.
COMMANDS: Final = {
    "serve": serve,
    "exec": execute,
    "preview": preview,
    "replay": replay,
    "erase-worker": erase,
}
