"""`mturk-mock serve`: a server in a process of its own."""

from __future__ import annotations

import logging
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from mturk_mock.server.access_log import JSONFormatter
from mturk_mock.server.credentials import read_credentials_file
from mturk_mock.server.hosts import is_loopback
from mturk_mock.server.mturk_server import MTurkServer
from mturk_mock.state.snapshot import Snapshot

#: Loggers of which errors alone are shown: what clients send wrong is no matter of the server.
_QUIET: Final = ("uvicorn", "uvicorn.error", "asyncio")
_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)
_INSECURE: Final = (
    "WARNING: --insecure: this server answers everybody who reaches the port, without a signature."
)
_OPEN: Final = (
    "--host {host} can be reached from other machines: give --credentials FILE, or --insecure to "
    "answer everybody who reaches the port"
)


class Refused(ValueError):
    """The command cannot be carried out; the message says why."""


def serve(options: Any) -> None:
    """Serve until SIGINT or SIGTERM. Raises Refused if the options cannot be carried out."""
    ended = threading.Event()
    with _ending(ended), _started(options) as server:
        _log_to_stderr(options.log_format)
        for line in _lines(server, options):
            print(line, flush=True)
        ended.wait()


@contextmanager
def _started(options: Any) -> Iterator[MTurkServer]:
    snapshot = _read(Snapshot.load, options.seed_data)
    server = _make(options)
    try:
        server.start()
    except OSError as problem:
        address = f"{options.host}:{options.port}"
        raise Refused(f"cannot listen on {address}: {problem.strerror or problem}") from None
    try:
        if snapshot is not None:
            server.mturk.restore(snapshot)
        yield server
    finally:
        server.stop()


def _make(options: Any) -> MTurkServer:
    credentials = _read(read_credentials_file, options.credentials)
    if not (is_loopback(options.host) or credentials or options.insecure):
        raise Refused(_OPEN.format(host=options.host))
    try:
        return MTurkServer(
            host=options.host,
            port=options.port,
            credentials=None if credentials is None else _members(credentials),
            public_url=options.public_url,
            insecure=options.insecure,
        )
    except ValueError as problem:
        raise Refused(str(problem)) from None


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
    if options.insecure:
        yield _INSECURE
    yield "Ready."


@contextmanager
def _ending(ended: threading.Event) -> Iterator[None]:
    """Set the event on SIGINT and SIGTERM instead of what they did before."""
    before = {each: signal.signal(each, lambda *args: ended.set()) for each in _SIGNALS}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def _log_to_stderr(log_format: str) -> None:
    handler = logging.StreamHandler(sys.stderr)
    text = logging.Formatter("%(asctime)s %(message)s")
    handler.setFormatter(JSONFormatter() if log_format == "json" else text)
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.ERROR)
