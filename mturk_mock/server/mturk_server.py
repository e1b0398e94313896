"""`MTurkServer`: a server in a thread of this process."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from types import TracebackType
from typing import Any, Final
from urllib.parse import urlsplit

from starlette.routing import Route

from mturk_mock.backend.backend import Backend
from mturk_mock.backend.clients import MTurkClient
from mturk_mock.backend.settings import Settings
from mturk_mock.core.environment import SANDBOX
from mturk_mock.core.sites import served_at
from mturk_mock.interception.active import servers
from mturk_mock.mock.mturk import MTurk
from mturk_mock.mock.options import read_options
from mturk_mock.server.access import INVITATION
from mturk_mock.server.app import Access, make_app
from mturk_mock.server.control.access import check_token
from mturk_mock.server.credentials import read_credentials
from mturk_mock.server.hosts import host_in, is_local_url, is_loopback
from mturk_mock.server.journal import Journal
from mturk_mock.server.origins import Origins, content_origin
from mturk_mock.server.protocol import Runner
from mturk_mock.server.state_file import StateFile
from mturk_mock.state.snapshot import Snapshot, state_of

#: Random bytes of a seed: IDs of assignments are what `externalSubmit` trusts.
_SEED_BYTES: Final = 16
#: The latest calls in `mturk.calls` by default: a server can run for months.
_CALLS_KEPT: Final = 10_000
_BACKLOG: Final = 2048
_LAST_PORT: Final = 65_535
#: Addresses that stand for all addresses of the machine, and loopback for each.
_ALL: Final = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}


class MTurkServer:
    """Mechanical Turk over HTTP, in a thread of this process.

    ``with MTurkServer() as server:`` starts it and stops it at the end of the block; `start()` and
    `stop()` do the same. It replaces nothing in this process: requests that programs send to its
    URLs are answered, and no others. Without `state`, each start has a state of its own.

    - `host`: the address to listen on, by default loopback. Another one needs `credentials` or
      `insecure=True`.
    - `port`: 0 picks a free one.
    - `credentials`: by access key, ``{"AKIA...": {"secret": "...", "requester": "lab"}}``. Every
      call must then be signed with one of these keys, by Signature Version 4.
    - `public_url`: the URL by which programs reach the server, if it is another one, without a
      path. URLs in responses begin with it. One that does not name this machine needs
      `credentials` or `insecure=True`.
    - `content_url`: the URL, with another host name, by which browsers reach the pages of HITs, so
      that these get no cookie of the worker site. On loopback there is a default. Elsewhere
      pages of HITs without it can keep nothing in the browser.
    - `insecure`: answer everybody who reaches the port.
    - `control_token`: a secret of 16 characters or more, which requests to the control API must
      have. Without it, only a server on loopback without `credentials` answers them.
    - `state`: a file (SQLite) that keeps the state. Nothing is answered before it is on disk, and
      the next server with the same file goes on. By default the state is in memory.
    - `forget`: drop the records of changes from the file when a checkpoint has been written.
    - `seed_data`: a snapshot to start from, unless `state` has a state. New IDs do not follow its
      seed.
    - `mock_options`: those of `mock_mturk`, without `sleep`. By default `calls` is 10,000, and
      the seed is random, and longer than that of `mock_mturk`, so that no ID can be guessed.

    Raises TypeError or ValueError for a wrong option, OSError if the port is in use. `start()`
    raises ValueError for a state file that cannot be used.
    """

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        credentials: Mapping[str, Mapping[str, str]] | None = None,
        public_url: str | None = None,
        content_url: str | None = None,
        insecure: bool = False,
        control_token: str | None = None,
        state: str | os.PathLike[str] | None = None,
        forget: bool = False,
        seed_data: Snapshot | None = None,
        **mock_options: Any,
    ) -> None:
        checked = None if credentials is None else read_credentials(credentials)
        if checked is None and not insecure:
            _check_local(host, public_url)
        if not 0 <= port <= _LAST_PORT:
            raise ValueError(f"port takes a number from 0 to {_LAST_PORT}, not {port}")
        self._host, self._port = host, port
        self._credentials = checked
        self._access = Access(
            checked,
            any_host=not is_loopback(host),
            any_origin=insecure or checked is not None,
            any_worker=insecure
            or (is_loopback(host) and (public_url is None or is_local_url(public_url))),
            is_shared=content_url is None,
            control_token=None if control_token is None else check_token(control_token),
        )
        self._public_url = None if public_url is None else read_public_url(public_url)
        self._content_url = _read_content_url(content_url, self._public_url or _url_of(host, port))
        self._state, self._forget, self._seed_data = state, forget, seed_data
        self._settings = self._read_settings(mock_options)
        self._mturk: MTurk | None = None
        self._journal: Journal | None = None

    def _read_settings(self, options: dict[str, Any]) -> Settings:
        if "sleep" in options:
            raise TypeError("MTurkServer() takes no sleep: a server cannot change other programs")
        settings = read_options({"calls": _CALLS_KEPT, **options})
        if self._credentials is not None:
            if settings.accounts is not None:
                raise TypeError("MTurkServer() takes credentials or accounts, not both")
            accounts = {key: each.requester for key, each in self._credentials.items()}
            settings = replace(settings, accounts=accounts)
        if settings.seed is None:
            seed = int.from_bytes(os.urandom(_SEED_BYTES), "big")
            settings = replace(settings, seed=seed)
        return settings

    def start(self) -> MTurkServer:
        """Start to answer, and return the server."""
        if self._mturk is not None:
            raise RuntimeError("this server is running; stop() it before it can start again")
        listener = listen(self._host, self._port)
        self._local_url = _url_of(self._host, listener.getsockname()[1])
        backend = Backend(self._settings, served_at(self._public_url or self._local_url))
        try:
            self._journal = self._open_state(backend)
        except BaseException:
            listener.close()
            raise
        ready = threading.Event()
        access = replace(self._access, origins=self.origins)
        app = make_app(backend, access, self._journal)
        app.router.routes[:0] = self._routes(backend)
        self._door = app.state.door
        self._runner = Runner(app, ready.set)
        self._thread = threading.Thread(
            target=self._runner.run, args=([listener],), name="mturk_mock server", daemon=True
        )
        self._thread.start()
        ready.wait()
        servers.append(self.url)
        self._mturk = MTurk(backend)
        return self

    def _routes(self, backend: Backend) -> Sequence[Route]:
        """Return the routes that a subclass adds."""
        return ()

    @property
    def origins(self) -> Origins:
        """The origins of the worker site and of the pages of HITs."""
        site = self._public_url
        if site is None and not self._access.any_host:
            site = self._local_url
        content = self._content_url
        if content is None and site is not None:
            content = content_origin(site)
        return Origins(site, content)

    def _open_state(self, backend: Backend) -> Journal | None:
        """Give the backend its first state, or that of the state file, which it then records to."""
        begin = partial(_begin, backend, self._seed_data)
        if self._state is None:
            begin()
            return None
        file = StateFile(self._state)
        try:
            journal = Journal(file, backend, forgets=self._forget)
            journal.start(begin)
        except BaseException:
            file.release()
            raise
        return journal

    def stop(self) -> None:
        """Stop: end the requests that are being answered, and close the port."""
        if self._mturk is None:
            raise RuntimeError("this server is not running; start() starts it")
        servers.remove(self.url)
        self._mturk = None
        self._runner.should_exit = True
        self._thread.join()
        if self._journal is not None:
            self._journal.end()

    def __enter__(self) -> MTurkServer:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """The endpoint of the API in production, for ``endpoint_url``."""
        return self._public_url or self._local_url

    @property
    def sandbox_url(self) -> str:
        """The endpoint of the API in the sandbox."""
        return served_at(self.url).api[SANDBOX]

    @property
    def worker_url(self) -> str:
        """The address of the worker site in production, without a slash at the end.

        That of the sandbox is `sandbox_url`.
        """
        return self.url

    @property
    def content_url(self) -> str | None:
        """The origin of the pages of HITs; None if they come from the worker site's."""
        return self.origins.content

    @property
    def needs_invitations(self) -> bool:
        """Whether workers sign in by invitation only; see `invite`."""
        return not self._access.any_worker

    def invite(self, worker_id: str, name: str = "") -> str:
        """Return a link by which a worker signs in to the worker site, for 14 days.

        - `worker_id`: a new or a known worker ID.
        - `name`: what the worker site calls the worker, by default the worker ID.

        Raises ValueError for an invalid ID, RuntimeError before the start.
        """
        worker = self.mturk.worker(worker_id)
        token, _ = self._door.passes.issue(INVITATION, worker.id, name)
        return f"{self.worker_url}/invitations/{token}"

    @property
    def mturk(self) -> MTurk:
        """The handle: workers, the clock, faults, calls. RuntimeError before the start."""
        if self._mturk is None:
            raise RuntimeError("this server is not running, so it has no handle; start() it first")
        return self._mturk

    def client(self, *, sandbox: bool = False, **boto3_kwargs: Any) -> MTurkClient:
        """Return a boto3 client of the server, signed with the first of its credentials.

        `boto3_kwargs` are those of `boto3.client`, such as other keys.
        """
        keys = {}
        if self._credentials is not None:
            access_key, (secret, _) = next(iter(self._credentials.items()))
            keys = {"aws_access_key_id": access_key, "aws_secret_access_key": secret}
        return self.mturk.client(sandbox=sandbox, **{**keys, **boto3_kwargs})

    def __repr__(self) -> str:
        return f"<MTurkServer {'stopped' if self._mturk is None else self.url}>"


def _begin(backend: Backend, seed_data: Snapshot | None) -> None:
    """Start from a snapshot, with IDs that nobody can guess from it."""
    if seed_data is not None:
        backend.put(state_of(seed_data))
        with backend.peek() as marketplace:
            marketplace.ids.draw_anew(backend.settings.seed or 0)


def _check_local(host: str, public_url: str | None) -> None:
    """Raise ValueError for an address that other machines can reach."""
    for name, value, is_local in (
        ("host", host, is_loopback(host)),
        ("public_url", public_url, public_url is None or is_local_url(public_url)),
    ):
        if not is_local:
            raise ValueError(
                f"{name} {value!r} can be reached from other machines: give credentials, or "
                "insecure=True to answer everybody who reaches the port"
            )


def _read_content_url(content_url: str | None, site: str) -> str | None:
    """Return the origin of task pages; ValueError if browsers send it the cookies of the site."""
    if content_url is None:
        return None
    content = read_public_url(content_url, "content URL")
    if _host(content) == _host(site):
        raise ValueError(
            f"the content URL needs another host name than {_host(site)}, that of the worker "
            f"site, not {content_url!r}: browsers send cookies to every port of a host"
        )
    return content


def _host(url: str) -> str:
    return host_in(urlsplit(url).netloc)


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens on the port; OSError if that cannot be."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With the protocol named, asyncio turns Nagle's algorithm off, which delays small responses.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(_BACKLOG)
    except BaseException:
        listener.close()
        raise
    return listener


def _url_of(host: str, port: int) -> str:
    """Return the URL of an address; for one that stands for all of the machine's, of loopback."""
    host = _ALL.get(host, host)
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def read_public_url(url: str, name: str = "public URL") -> str:
    """Return a URL without a slash at its end; ValueError if it is not one of http or https."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not host_in(parts.netloc):
        raise ValueError(f"the {name} takes http:// or https:// and a host, not {url!r}")
    if parts.path.strip("/") or parts.query or parts.fragment or parts.username:
        raise ValueError(f"the {name} takes a scheme, a host and a port only, not {url!r}")
    return f"{parts.scheme}://{parts.netloc}"
