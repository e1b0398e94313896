"""The addresses of a mock: its API, the site that forms are sent to, and uploaded files.

A mock inside the process answers at the service's own addresses. A server has addresses of its
own, below one URL.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from mturk_mock.core.environment import PRODUCTION, SANDBOX
from mturk_mock.core.file_links import HOST

#: The path of the sandbox on a server.
SANDBOX_PATH: Final = "/sandbox"
#: The path of uploaded files on a server.
FILES_PATH: Final = "/files"


class Sites(NamedTuple):
    """The addresses of one mock.

    ``api``: the endpoint, by environment. ``submit_to``: the value of turkSubmitTo, by
    environment. ``files``: the URL of uploaded files, without its query. ``is_served``: whether
    requests are sent to a server.
    """

    api: Mapping[str, str]
    submit_to: Mapping[str, str]
    files: str
    is_served: bool = False


#: The addresses of the service; forms of external pages are sent to these sites. [doc]
SERVICE: Final = Sites(
    api={
        PRODUCTION: "https://mturk-requester.us-east-1.amazonaws.com",
        SANDBOX: "https://mturk-requester-sandbox.us-east-1.amazonaws.com",
    },
    submit_to={
        PRODUCTION: "https://www.mturk.com",
        SANDBOX: "https://workersandbox.mturk.com",
    },
    files=f"https://{HOST}/",
)


def served_at(url: str) -> Sites:
    """Return the addresses of a server, given its URL without a slash at the end."""
    by_environment = {PRODUCTION: url, SANDBOX: url + SANDBOX_PATH}
    return Sites(by_environment, by_environment, url + FILES_PATH, is_served=True)
