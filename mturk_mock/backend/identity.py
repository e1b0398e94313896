"""The requester who sends a request: named in a header of our clients, or by the access key."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from mturk_mock.core import errors
from mturk_mock.core.errors import MTurkError
from mturk_mock.model.account import DEFAULT_REQUESTER

#: The header by which a client of `MTurk.requester` names its requester.
REQUESTER_HEADER: Final = "X-Mturk-Mock-Requester"

#: In the header of Signature Version 4: ``AWS4-HMAC-SHA256 Credential=KEY/20260101/...``. [doc]
_ACCESS_KEY: Final = re.compile(r"\bCredential=(.+?)/[0-9]{8}/")


class Identity(NamedTuple):
    """The requester who calls, or the refusal of an access key that belongs to none.

    With a refusal, ``requester`` is the access key, empty if the request was not signed.
    """

    requester: str
    refusal: MTurkError | None = None


def identify_by_key(key: str, accounts: Mapping[str, str] | None) -> Identity:
    """Identify the sender of a request to the query API of 2008, by its AWSAccessKeyId."""
    if accounts is None:
        return Identity(DEFAULT_REQUESTER)
    if key not in accounts:
        return Identity(key, errors.LEGACY_NOT_AUTHORIZED())
    return Identity(accounts[key])


def identify(
    mark: str | None, authorization: str | None, accounts: Mapping[str, str] | None
) -> Identity:
    """Identify the sender by the `REQUESTER_HEADER` and the header ``Authorization``.

    The first one counts, whatever signed the request. Without `accounts` every other request
    is the default requester's. With them, the access key decides; neither the signature nor
    a session token is checked. [assumed]
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
