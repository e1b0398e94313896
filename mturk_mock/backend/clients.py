"""boto3 clients with fixed keys, which ignore the machine's configuration.

`MTurkClient` is their type for type checkers if `types-boto3-mturk` is installed. Otherwise, and at
run time, it is Any.
"""

from __future__ import annotations

import functools
import os
import threading
from typing import TYPE_CHECKING, Any, Final

import boto3
import botocore.session
from botocore.handlers import BUILTIN_HANDLERS

if TYPE_CHECKING:
    from types_boto3_mturk.client import MTurkClient
else:
    MTurkClient = Any

__all__ = ["MTurkClient", "handlers_count", "make_client"]

_KEYS: Final = {
    "region_name": "us-east-1",
    "aws_access_key_id": "mturk-mock",
    "aws_secret_access_key": "mturk-mock",
}
#: For each session variable: option, environment variable, default and conversion.
_NO_CONFIGURATION: Final = {
    "profile": (None, None, None, None),
    "config_file": (None, None, os.devnull, None),
    "credentials_file": (None, None, os.devnull, None),
}
#: Held while a client is made, because a session is not thread-safe.
lock: Final = threading.RLock()


def make_client(service: str, **kwargs: Any) -> Any:
    """Return a boto3 client; `kwargs` replace its default region and keys."""
    with lock:
        return _session(handlers_count()).client(service, **{**_KEYS, **kwargs})


def handlers_count() -> int:
    """Return how many handlers botocore adds to new sessions.

    Importing moto adds handlers; sessions made before the import do not have them.
    """
    return len(BUILTIN_HANDLERS)


@functools.lru_cache(maxsize=1)  # each new session loads its files again
def _session(handlers: int) -> boto3.session.Session:
    """Return a session that ignores the machine's configuration.

    A profile or an endpoint configured on the machine must not change what tests see.
    """
    session = botocore.session.Session(session_vars=_NO_CONFIGURATION)
    return boto3.session.Session(botocore_session=session)
