"""boto3 clients of our own, which need and read nobody's configuration."""

from __future__ import annotations

import functools
import threading
from pathlib import Path
from typing import Any, Final

import boto3
import botocore.session
from botocore.handlers import BUILTIN_HANDLERS

_KEYS: Final = {
    "region_name": "us-east-1",
    "aws_access_key_id": "mturk-mock",
    "aws_secret_access_key": "mturk-mock",
}
_lock = threading.Lock()  # a session makes one client at a time


def make_client(service: str, **kwargs: Any) -> Any:
    """Return a boto3 client with keys and a region of its own, but for what `kwargs` say."""
    with _lock:
        return _session(handlers_count()).client(service, **{**_KEYS, **kwargs})


def handlers_count() -> int:
    """Return how many handlers botocore gives to new sessions.

    moto adds its own to them when it is imported: older sessions do not know it.
    """
    return len(BUILTIN_HANDLERS)


@functools.lru_cache(maxsize=1)  # a new session for each client loads files anew: 50 ms
def _session(handlers: int) -> boto3.session.Session:
    """Return a session that reads nobody's configuration.

    A profile or an endpoint that is set up on a machine must not change what tests see.
    """
    session = botocore.session.Session()
    config = Path(__file__).parent.parent / "data" / "aws_config"
    session.set_config_variable("config_file", str(config))
    session.set_config_variable("profile", "default")
    return boto3.session.Session(botocore_session=session)
