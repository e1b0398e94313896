"""The one patch of `requests`: addresses of ours are answered in the process.

`requests` asks `Session.get_adapter` who sends a request. While a mock is on it is wrapped,
and for an address of ours the answer is an adapter of ours. What moto and the `responses`
package replace, `HTTPAdapter.send`, is one level below: their mocks see everything that is
not ours and nothing that is, whichever of them began first or ends first.

Nothing is imported here that the program has not imported. Where it has `requests`, or as
soon as it has, this waits for a request before it loads the pages, and for one of ours
before it loads `responses`.
"""

from __future__ import annotations

import functools
import importlib
import threading
from collections.abc import Callable
from typing import Any, Final

from mturk_mock.backend.backend import Backend
from mturk_mock.interception.late_import import when_imported

_SESSIONS: Final = "requests.sessions"
_ADAPTER: Final = "mturk_mock.interception.requests_adapter"


class RequestsPatch:
    """The wrapper around `Session.get_adapter`.

    Where somebody else has wrapped the wrapper, undoing leaves it there, without effect.
    """

    def __init__(self, answering: Callable[[], Backend | None]) -> None:
        self._answering = answering  # the backend that answers now, None if none does
        self._lock = threading.Lock()
        self._on = False
        self._stop_waiting: Callable[[], object] = bool  # nothing to stop yet
        self._session: Any = None
        self._original: Any = None
        self._wrapper: Any = None

    def apply(self) -> None:
        """Wrap what `requests` has, now or as soon as it is imported."""
        self._on = True
        self._stop_waiting = when_imported(_SESSIONS, self._wrap)

    def _wrap(self, sessions: Any) -> None:
        with self._lock:
            if self._on:  # the mock may have ended while requests was being imported
                self._session = sessions.Session
                self._original = sessions.Session.get_adapter
                self._wrapper = sessions.Session.get_adapter = self._wrapped(self._original)

    def _wrapped(self, original: Any) -> Any:
        @functools.wraps(original)
        def get_adapter(session: Any, url: Any) -> Any:
            from mturk_mock.web.addresses import page_at  # no page is asked for without `requests`

            backend = self._answering()
            page = None if backend is None else page_at(url)
            if page is None:
                return original(session, url=url)
            return importlib.import_module(_ADAPTER).MTurkAdapter(backend, page)

        return get_adapter

    def undo(self) -> None:
        """Put everything back as it was."""
        self._stop_waiting()
        with self._lock:
            self._on = False
            if self._session is not None and self._session.get_adapter is self._wrapper:
                self._session.get_adapter = self._original
            self._session = None
