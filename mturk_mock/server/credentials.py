"""The credentials of a server: access keys with their secrets and requesters."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from mturk_mock.core.json_text import read_json
from mturk_mock.core.quoting import quote

_EXAMPLE: Final = '{"AKIAIOSFODNN7EXAMPLE": {"secret": "...", "requester": "lab"}}'
_MEMBERS: Final = ("secret", "requester")


class Credential(NamedTuple):
    """The secret of an access key, and the name of its requester. `repr()` hides the secret."""

    secret: str
    requester: str

    def __repr__(self) -> str:
        return f"Credential(secret=..., requester={self.requester!r})"


#: Credentials by access key.
Credentials = Mapping[str, Credential]


def read_credentials_file(path: str | os.PathLike[str]) -> Credentials:
    """Return the credentials in a JSON file.

    Raises OSError if the file cannot be read, ValueError if its content is invalid.
    """
    try:
        return read_credentials(read_json(Path(path).read_bytes()))
    except (TypeError, ValueError) as problem:
        raise ValueError(f"{os.fspath(path)}: {problem}") from None


def read_credentials(given: Any) -> Credentials:
    """Check credentials by access key; TypeError or ValueError, which never shows a secret."""
    if not isinstance(given, Mapping):
        raise TypeError(f"credentials take an object, as {_EXAMPLE}, not {type(given).__name__}")
    if not given:
        raise ValueError(f"credentials need at least one access key, as {_EXAMPLE}")
    return {_read_key(key): _read_credential(key, value) for key, value in given.items()}


def _read_key(key: Any) -> str:
    if not isinstance(key, str) or not key.isalnum():
        raise ValueError(f"credentials take access keys of letters and digits, not {quote(key)}")
    return key


def _read_credential(key: str, value: Any) -> Credential:
    if not isinstance(value, Mapping) or set(value) != set(_MEMBERS):
        raise ValueError(f"the access key {key} takes secret and requester, as {_EXAMPLE}")
    for name in _MEMBERS:
        if not isinstance(value[name], str) or not value[name]:
            raise ValueError(f"the access key {key} takes {name} as a text that is not empty")
    return Credential(value["secret"], value["requester"])
