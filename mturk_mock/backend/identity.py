"""Who sends a request: by the mark of our own clients, or by the access key that signed it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from mturk_mock.core import errors
from mturk_mock.core.errors import MTurkError
from mturk_mock.model.account import DEFAULT_REQUESTER

#: In the header of Signature Version 4: ``AWS4-HMAC-SHA256 Credential=KEY/20260101/...``. [doc]
_ACCESS_KEY: Final = re.compile(r"\bCredential=([^/,\s]+)/")


class Identity(NamedTuple):
    """Who calls: a requester's name, and the refusal where it is nobody's.

    Then ``requester`` is the access key, empty where the request was not signed.
    """

    requester: str
    refusal: MTurkError | None = None


def identify_by_key(key: str, accounts: Mapping[str, str] | None) -> Identity:
    """Return who sent a request of the query API of 2008 with this AWSAccessKeyId."""
    if accounts is None:
        return Identity(DEFAULT_REQUESTER)
    if key not in accounts:
        return Identity(key, errors.LEGACY_NOT_AUTHORIZED())
    return Identity(accounts[key])


def identify(
    mark: str | None, authorization: str | None, accounts: Mapping[str, str] | None
) -> Identity:
    """Return who sent a request with this mark and this header ``Authorization``.

    The mark counts, whatever signed the request. Without `accounts` everybody else is the
    default requester. With them, the access key says who it is; neither the signature nor
    a session token is looked at. [assumed]
    """
    if mark is not None:
        return Identity(mark)
    if accounts is None:
        return Identity(DEFAULT_REQUESTER)
    found = _ACCESS_KEY.search(authorization or "")
    if found is None:
        return Identity("", errors.MISSING_AUTHENTICATION_TOKEN())
    key = found[1]
    return (
        Identity(accounts[key]) if key in accounts else Identity(key, errors.UNRECOGNIZED_CLIENT())
    )
