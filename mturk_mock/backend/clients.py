"""boto3 clients with keys of their own, which read no configuration of the machine.

`MTurkClient` is their type for type checkers where `types-boto3-mturk` is installed, Any elsewhere
and at run time.
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
#: For each variable the option, the environment variable, the default and the conversion.
_NO_CONFIGURATION: Final = {
    "profile": (None, None, None, None),
    "config_file": (None, None, os.devnull, None),
    "credentials_file": (None, None, os.devnull, None),
}
#: Held while a client is made: a session makes one at a time.
lock: Final = threading.RLock()


def make_client(service: str, **kwargs: Any) -> Any:
    """Return a boto3 client; `kwargs` replace its default region and keys."""
    with lock:
        return _session(handlers_count()).client(service, **{**_KEYS, **kwargs})


def handlers_count() -> int:
    """Return how many handlers botocore gives to new sessions.

    moto adds its own when it is imported; sessions made before do not have them.
    """
    return len(BUILTIN_HANDLERS)


@functools.lru_cache(maxsize=1)  # each new session loads its files again
def _session(handlers: int) -> boto3.session.Session:
    """Return a session that reads no configuration of the machine.

    A profile or an endpoint that is configured there must not change what tests see.
    """
    session = botocore.session.Session(session_vars=_NO_CONFIGURATION)
    return boto3.session.Session(botocore_session=session)
