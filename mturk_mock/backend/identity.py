"""The requester who sends a request, named by a header of the mock's clients or an access key."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from mturk_mock.core import errors
from mturk_mock.core.errors import MTurkError
from mturk_mock.model.account import DEFAULT_REQUESTER

#: The header in which clients of `MTurk.requester` name their requester.
REQUESTER_HEADER: Final = "X-Mturk-Mock-Requester"

#: In the header of Signature Version 4: ``AWS4-HMAC-SHA256 Credential=KEY/20260101/...``. [doc]
_ACCESS_KEY: Final = re.compile(r"\bCredential=(.+?)/[0-9]{8}/")


class Identity(NamedTuple):
    """The calling requester, or the error for an access key that belongs to no requester.

    With a refusal, ``requester`` is the access key; empty if the request was not signed.
    """

    requester: str
    refusal: MTurkError | None = None


def identify_by_key(key: str, accounts: Mapping[str, str] | None) -> Identity:
    """Identify the requester of a call of the 2008 query API by its AWSAccessKeyId."""
    if accounts is None:
        return Identity(DEFAULT_REQUESTER)
    if key not in accounts:
        return Identity(key, errors.LEGACY_NOT_AUTHORIZED())
    return Identity(accounts[key])


def identify(
    mark: str | None, authorization: str | None, accounts: Mapping[str, str] | None
) -> Identity:
    """Identify the requester by the `REQUESTER_HEADER` or the ``Authorization`` header.

    `REQUESTER_HEADER` takes precedence, whatever key signed the request. Without it, the access
    key names the requester if there are `accounts`, and the requester is the default one if
    not. Neither the signature nor a session token is checked. [assumed]
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
