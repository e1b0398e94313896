"""Check Signature Version 4, by which clients prove that they have a secret. [doc]

The signature covers the method, the path, the query, the headers that the client has named, and
the body. Its scope names the day, a region, which can be any, and the service.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta, timezone
from typing import Final, NamedTuple
from urllib.parse import quote

from mturk_mock.backend.identity import Identity
from mturk_mock.backend.service_model import ENDPOINT_PREFIX
from mturk_mock.core import errors
from mturk_mock.core.errors import MTurkError
from mturk_mock.server.credentials import Credentials

_ALGORITHM: Final = "AWS4-HMAC-SHA256"
_PARAMETER: Final = re.compile(r"(Credential|SignedHeaders|Signature)=([^\s,]+)")
_PARAMETERS: Final = ("Credential", "Signature", "SignedHeaders")
_TIME: Final = "%Y%m%dT%H%M%SZ"
_LARGEST_SKEW: Final = timedelta(minutes=5)


class SignedRequest(NamedTuple):
    """What a signature covers. ``headers``: values by name in lower case.

    ``path`` and ``query`` are as sent, percent-encoded.
    """

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes


class _Scope(NamedTuple):
    """The parts of ``Credential``."""

    access_key: str
    day: str
    region: str
    service: str
    end: str


class _Authorization(NamedTuple):
    """The content of the ``Authorization`` header."""

    scope: _Scope
    signed_headers: list[str]
    signature: str


def identify_by_signature(
    request: SignedRequest, credentials: Credentials, now: datetime
) -> Identity:
    """Return the requester of the access key that signed the request, or the refusal.

    ``now``: the machine's time, not the mock's, because the client signed by a machine's clock.
    """
    access_key = ""
    try:
        authorization = _read_authorization(request.headers)
        access_key = authorization.scope.access_key
        if access_key not in credentials:
            raise errors.UNRECOGNIZED_CLIENT()
        _check_date(request.headers["x-amz-date"], now)
        secret, requester = credentials[access_key]
        _check_signature(request, authorization, secret)
    except MTurkError as refusal:
        return Identity(access_key, refusal)
    return Identity(requester)


def _read_authorization(headers: Mapping[str, str]) -> _Authorization:
    header = headers.get("authorization", "")
    if not header:
        raise errors.MISSING_AUTHENTICATION_TOKEN()
    algorithm, _, rest = header.partition(" ")
    found = dict(_PARAMETER.findall(rest)) if algorithm == _ALGORITHM else {}
    problems = [
        f"Authorization header requires '{name}' parameter."
        for name in _PARAMETERS
        if name not in found
    ]
    if "x-amz-date" not in headers:
        problems.append("Authorization header requires existence of a 'X-Amz-Date' header.")
    if problems:
        raise errors.INCOMPLETE_SIGNATURE(problem=" ".join(problems))
    parts = found["Credential"].rsplit("/", 4)
    if len(parts) != len(_Scope._fields):
        raise errors.INCOMPLETE_SIGNATURE(
            problem="Credential must have exactly 5 slash-delimited elements, "
            f"e.g. keyid/date/region/{ENDPOINT_PREFIX}/aws4_request."
        )
    return _Authorization(_Scope(*parts), found["SignedHeaders"].split(";"), found["Signature"])


def _check_date(signed: str, now: datetime) -> None:
    try:
        moment = datetime.strptime(signed, _TIME).replace(tzinfo=timezone.utc)
    except ValueError:
        problem = f"Date must be in ISO-8601 'basic format'. Got '{signed}'."
        raise errors.INCOMPLETE_SIGNATURE(problem=problem) from None
    earliest, latest = now - _LARGEST_SKEW, now + _LARGEST_SKEW
    shown = {"signed": signed, "now": f"{now:{_TIME}}"}
    if moment < earliest:
        raise errors.SIGNATURE_EXPIRED(earliest=f"{earliest:{_TIME}}", **shown)
    if moment > latest:
        raise errors.SIGNATURE_NOT_YET_CURRENT(latest=f"{latest:{_TIME}}", **shown)


def _check_signature(request: SignedRequest, authorization: _Authorization, secret: str) -> None:
    scope, names, signature = authorization
    day = request.headers["x-amz-date"][:8]
    expected_scope = (day, ENDPOINT_PREFIX, "aws4_request")
    expected = _sign(request, scope, names, secret)
    if (
        (scope.day, scope.service, scope.end) != expected_scope
        or not _must_be_signed(request.headers) <= set(names)
        or not hmac.compare_digest(expected.encode(), signature.encode())
    ):
        raise errors.INVALID_SIGNATURE()


def _must_be_signed(headers: Iterable[str]) -> set[str]:
    """Return the headers that must be signed: Host, and those of AWS."""
    return {"host", *(name for name in headers if name.startswith("x-amz-"))}


def _sign(request: SignedRequest, scope: _Scope, names: list[str], secret: str) -> str:
    content = _hash(_canonical_request(request, names).encode())
    within = "/".join(scope[1:])
    text = "\n".join((_ALGORITHM, request.headers["x-amz-date"], within, content))
    key = f"AWS4{secret}".encode()
    for part in scope[1:]:
        key = _hmac(key, part)
    return _hmac(key, text).hex()


def _canonical_request(request: SignedRequest, names: list[str]) -> str:
    headers = (f"{name}:{' '.join(request.headers.get(name, '').split())}\n" for name in names)
    return "\n".join(
        (
            request.method,
            quote(request.path, safe="/~"),  # encoded twice, by every service but S3
            _canonical_query(request.query),
            "".join(headers),
            ";".join(names),
            _hash(request.body),
        )
    )


def _canonical_query(query: str) -> str:
    """Return the parameters in order of name and value; each has a value, even if it is empty."""
    pairs = (pair.partition("=") for pair in query.split("&") if pair)
    return "&".join(f"{name}={value}" for name, _, value in sorted(pairs))


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()
