"""`mturk-mock preview`: the loop that looks at the files and prints what is submitted."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from mturk_mock.server.preview.preview_server import PreviewServer
from mturk_mock.server.process import ENDING, Refused, handling, open_browser

#: Seconds between two looks at the files and the answers.
_TICK: Final = 0.2


def preview(options: Any) -> int:
    """Show a page until SIGINT or SIGTERM. Raises Refused if that is not possible."""
    ended = threading.Event()
    with handling(dict.fromkeys(ENDING, ended.set)), _started(options) as server:
        print(f"mturk_mock preview of {options.page} at {server.preview_url}", flush=True)
        server.preview.show(1)
        print("Ready.", flush=True)
        if not options.no_open:
            open_browser(server.preview_url)
        while not ended.wait(_TICK):
            server.preview.look()
            server.preview.collect()
    return 0


@contextmanager
def _started(options: Any) -> Iterator[PreviewServer]:
    for path in filter(None, (options.page, options.rows)):
        _check_file(path)
    server = PreviewServer(options.page, options.rows, options.port, _tell)
    try:
        server.start()
    except OSError as problem:
        address = f"127.0.0.1:{options.port}"
        raise Refused(f"cannot listen on {address}: {problem.strerror or problem}") from None
    try:
        yield server
    finally:
        server.stop()


def _check_file(path: Any) -> None:
    """Raise Refused for a file that is not there or cannot be read; its content can come later."""
    try:
        path.read_bytes()
    except OSError as problem:
        raise Refused(f"cannot read {path}: {problem.strerror or problem}") from None


def _tell(text: str) -> None:
    print(text, end="", flush=True)
