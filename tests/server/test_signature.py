"""Signature Version 4: with credentials, a call must be signed with one of their keys. [doc]"""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from mturk_mock.core.clock import read_machine
from mturk_mock.server import MTurkServer, app
from mturk_mock.server.credentials import read_credentials
from tests.helpers import NOW, create_hit, refusal
from tests.servers import JSON, TARGET, send

SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
KEY = "AKIAIOSFODNN7EXAMPLE"
CREDENTIALS = {
    KEY: {"secret": SECRET, "requester": "lab"},
    "AKIAOTHER": {"secret": "another", "requester": "other"},
}
BODY = b'{"MaxResults":1}'
WRONG = (
    400,
    "InvalidSignatureException",
    "The request signature we calculated does not match the signature you provided. Check your "
    "AWS Secret Access Key and signing method. Consult the service documentation for details.",
)
INCOMPLETE = "IncompleteSignatureException"


@pytest.fixture(scope="module")
def server():
    with MTurkServer(now=NOW, credentials=CREDENTIALS) as server:
        yield server


def sign(
    server,
    path="/",
    key=KEY,
    secret=SECRET,
    service="mturk-requester",
    region="us-east-1",
    token=None,
    **headers,
):
    """Return the headers of a call that botocore has signed."""
    url = server.url + path
    named = {"X-Amz-Target": f"{TARGET}ListHITs", "Content-Type": JSON, **headers}
    request = AWSRequest("POST", url, named, BODY)
    SigV4Auth(Credentials(key, secret, token), service, region).add_auth(request)
    return dict(request.headers.items())


def post(server, headers, body=BODY, path="/"):
    """Send a call with these headers, without those that are None."""
    named = {name: value for name, value in headers.items() if value is not None}
    return send(server, "POST", path, body, **named)


def test_signed_call(server):
    """The access key names the requester."""
    assert post(server, sign(server)).status == 200
    assert server.mturk.calls[-1].requester == "lab"


@pytest.mark.parametrize("path", ["/sandbox", "/sandbox/", "/sandbox/?x=1&b=%20&a", "/?a=2&a=1"])
def test_signed_path_and_query(path, server):
    """The signature covers both."""
    headers = sign(server, path)

    assert post(server, headers, path=path).status == 200
    assert post(server, headers, path="/").error == WRONG


def test_clients_of_the_server(server):
    """MTurkServer.client() has the first key; a client can be given another one."""
    create_hit(server.client())
    create_hit(server.client(aws_access_key_id="AKIAOTHER", aws_secret_access_key="another"))

    assert [hit.requester for hit in server.mturk.hits] == ["lab", "other"]


def test_handle_acts_for_the_first_requester(server):
    """Its balance is that of the first of the credentials."""
    server.mturk.balance = 7

    assert server.client().get_account_balance()["AvailableBalance"] == "7.00"


@pytest.mark.parametrize("region", ["us-east-1", "eu-west-3", "moon"])
def test_any_region(region, server):
    """The region of the scope can be any."""
    assert post(server, sign(server, region=region)).status == 200


def test_session_token_is_signed(server):
    """A token is one of the headers that must be signed."""
    headers = sign(server, token="a token")

    assert post(server, headers).status == 200
    assert post(server, {**headers, "X-Amz-Security-Token": "another"}).error == WRONG


def test_length_of_the_body_is_signed(server):
    """The AWS SDK for JavaScript signs it when it runs in a browser. [observed]"""
    headers = sign(server, **{"Content-Length": str(len(BODY))})

    assert "content-length" in headers["Authorization"]
    assert post(server, headers).status == 200


def test_wrong_secret(server):
    """The refusal is the service's, and the call is in the log with its access key."""
    assert post(server, sign(server, secret="wrong")).error == WRONG
    assert server.mturk.calls[-1].requester == KEY


def test_wrong_secret_in_boto3(server):
    """Boto3 raises a ClientError with the service's code."""
    client = server.client(aws_access_key_id=KEY, aws_secret_access_key="wrong")

    assert refusal(client.list_hits).code == "InvalidSignatureException"


def test_unknown_key(server):
    """An access key that no credential has is refused as by the service."""
    answer = post(server, sign(server, key="AKIANOBODY"))

    message = "The security token included in the request is invalid."
    assert answer.error == (400, "UnrecognizedClientException", message)


def test_altered_body(server):
    """The signature covers the body, whatever hash of it the client claims."""
    assert post(server, sign(server), b'{"MaxResults":2}').error == WRONG


def test_claimed_hash_is_not_trusted(server):
    """The server hashes the body itself."""
    headers = sign(server, **{"X-Amz-Content-SHA256": "UNSIGNED-PAYLOAD"})

    assert post(server, headers, b"{}").error == WRONG


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("X-Amz-Target", f"{TARGET}GetAccountBalance"),
        ("X-Amz-Extra", "not signed"),
        ("Host", "localhost"),
    ],
)
def test_altered_header(name, value, server):
    """Host and the headers of AWS must be signed, and be as they were signed."""
    assert post(server, {**sign(server), name: value}).error == WRONG


def test_header_that_is_not_signed(server):
    """Other headers can be added on the way."""
    assert post(server, {**sign(server), "X-Forwarded-For": "10.0.0.1"}).status == 200


def test_spaces_of_headers_do_not_count(server):
    """Spaces are collapsed before signing. [doc]"""
    headers = sign(server, **{"X-Amz-Note": "two  words"})

    assert post(server, {**headers, "X-Amz-Note": " two words "}).status == 200


def test_host_is_not_signed(server):
    """A signature without Host could be used at another server."""
    headers = sign(server)
    headers["Authorization"] = headers["Authorization"].replace("host;", "")

    assert post(server, headers).error == WRONG


@pytest.mark.parametrize(
    ("part", "replacement"),
    [
        (r"/us-east-1/", "/eu-west-1/"),
        (r"/\d{8}/", "/20200101/"),
        (r"/aws4_request", "/aws4"),
        (r"Signature=.", "Signature=é"),
    ],
)
def test_altered_authorization(part, replacement, server):
    """Each part of the header counts."""
    headers = sign(server)
    altered = re.sub(part, replacement, headers["Authorization"])

    assert post(server, {**headers, "Authorization": altered}).error == WRONG


def test_other_service(server):
    """A signature for another service is refused."""
    assert post(server, sign(server, service="mturk")).error == WRONG


# The date -------------------------------------------------------------------------------------


def signed_at(monkeypatch, server, offset):
    """Return the headers of a call that was signed some time from now, by the server's clock."""
    moment = read_machine() - offset // timedelta(microseconds=1)
    monkeypatch.setattr(app, "read_machine", lambda: moment)
    return sign(server)


def at(text):
    return datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=timezone.utc)


def test_date_within_five_minutes(monkeypatch, server):
    """The date is compared with the machine's clock, not with the mock's."""
    for offset in (timedelta(minutes=-4), timedelta(minutes=4)):
        assert post(server, signed_at(monkeypatch, server, offset)).status == 200


def test_old_signature(monkeypatch, server):
    """After five minutes a signature has expired."""
    headers = signed_at(monkeypatch, server, timedelta(minutes=-6))
    status, code, message = post(server, headers).error
    found = re.fullmatch(
        r"Signature expired: (\w+) is now earlier than (\w+) \((\w+) - 5 min\.\)", message
    )

    assert (status, code) == (400, "InvalidSignatureException")
    assert found[1] == headers["X-Amz-Date"]
    assert at(found[3]) - at(found[2]) == timedelta(minutes=5)


def test_signature_of_the_future(monkeypatch, server):
    """More than five minutes ahead is refused."""
    headers = signed_at(monkeypatch, server, timedelta(minutes=6))
    status, code, message = post(server, headers).error
    found = re.fullmatch(
        r"Signature not yet current: (\w+) is still later than (\w+) \((\w+) \+ 5 min\.\)", message
    )

    assert (status, code) == (400, "InvalidSignatureException")
    assert at(found[2]) - at(found[3]) == timedelta(minutes=5)


@pytest.mark.parametrize("date", ["yesterday", "20261340T000000Z", ""])
def test_date_that_is_none(date, server):
    """It must be written as AWS writes it."""
    answer = post(server, {**sign(server), "X-Amz-Date": date})

    message = f"Date must be in ISO-8601 'basic format'. Got '{date}'."
    assert answer.error == (400, INCOMPLETE, message)


# Incomplete headers -----------------------------------------------------------------------------


@pytest.mark.parametrize("header", [None, ""])
def test_no_authorization(header, server):
    """A call that is not signed is refused."""
    answer = post(server, {**sign(server), "Authorization": header})

    message = "Missing Authentication Token"
    assert answer.error == (400, "MissingAuthenticationTokenException", message)


ALL_MISSING = (
    "Authorization header requires 'Credential' parameter. "
    "Authorization header requires 'Signature' parameter. "
    "Authorization header requires 'SignedHeaders' parameter."
)


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("Bearer token", ALL_MISSING),
        ("AWS4-HMAC-SHA256", ALL_MISSING),
        ("AWS4-HMAC-SHA256 Credential=,Signature=", ALL_MISSING),
        (
            f"AWS4-HMAC-SHA256 Credential={KEY}/20260101/us-east-1/mturk-requester/aws4_request",
            "Authorization header requires 'Signature' parameter. "
            "Authorization header requires 'SignedHeaders' parameter.",
        ),
        (
            f"AWS4-HMAC-SHA256 Credential={KEY}, SignedHeaders=host, Signature=00",
            "Credential must have exactly 5 slash-delimited elements, "
            "e.g. keyid/date/region/mturk-requester/aws4_request.",
        ),
    ],
)
def test_incomplete_authorization(header, message, server):
    """The message names what is missing."""
    answer = post(server, {**sign(server), "Authorization": header})

    assert answer.error == (400, INCOMPLETE, message)


def test_no_date(server):
    """The header X-Amz-Date is required."""
    answer = post(server, {**sign(server), "X-Amz-Date": None})

    message = "Authorization header requires existence of a 'X-Amz-Date' header."
    assert answer.error == (400, INCOMPLETE, message)


def test_requester_of_the_header_does_not_count(server):
    """With credentials, a client cannot name another requester."""
    headers = {**sign(server), "X-Mturk-Mock-Requester": "other"}

    assert post(server, headers).status == 200
    assert server.mturk.calls[-1].requester == "lab"


def test_secret_is_never_shown(server, caplog):
    """Not in the representation of credentials, and not in the log."""
    caplog.set_level("DEBUG", "mturk_mock")
    post(server, sign(server, secret="wrong"))
    shown = repr(read_credentials(CREDENTIALS))

    assert shown == (
        f"{{'{KEY}': Credential(secret=..., requester='lab'), "
        "'AKIAOTHER': Credential(secret=..., requester='other')}"
    )
    assert SECRET not in caplog.text
    assert "Signature=" not in caplog.text
