"""`mock_mturk(accounts=...)` identifies requesters by their access keys."""

from __future__ import annotations

import re
from decimal import Decimal

import boto3
import pytest
import requests
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError, NoCredentialsError

from mturk_mock import ERRORS, Snapshot, mock_mturk
from mturk_mock.backend.identity import identify
from tests.clients import KEYS, SANDBOX, Sent, balance_of, make_client
from tests.helpers import create_hit

ONE, TWO, THREE = "AKIAIOSFODNN7EXAMPLE", "AKIAI44QH8DHBEXAMPLE", "ASIAIOSFODNN7EXAMPLE"
ACCOUNTS = {ONE: "lab one", TWO: "lab two", THREE: "lab one"}
STRANGER = "AKIASTRANGER0EXAMPLE"

UNRECOGNIZED = "The security token included in the request is invalid."
MISSING = "Missing Authentication Token"


def client_of(key, **kwargs):
    """Make a client that signs with this access key."""
    return make_client(aws_access_key_id=key, **kwargs)


def unsigned_client():
    """Make a client that does not sign its requests."""
    return make_client(config=Config(signature_version=UNSIGNED))


def refusal_of(client):
    """Return the HTTP status, the number of retries and the response of a refused call."""
    with pytest.raises(ClientError) as refused:
        balance_of(client)
    response = dict(refused.value.response)
    metadata = response.pop("ResponseMetadata")
    return metadata["HTTPStatusCode"], metadata["RetryAttempts"], response


# The requester ----------------------------------------------------------------------------------


def test_accounts_know_requesters_by_their_keys():
    """Each key acts for the requester it is mapped to."""
    with mock_mturk(accounts=ACCOUNTS) as mturk:
        for key in ACCOUNTS:
            balance_of(client_of(key))
        assert [call.requester for call in mturk.calls] == ["lab one", "lab two", "lab one"]


def test_accounts_two_keys_of_one_name_are_one_requester():
    """Two keys of one name are the same requester; other requesters do not see its HITs."""
    with mock_mturk(accounts=ACCOUNTS):
        hit = create_hit(client_of(ONE))
        assert client_of(THREE).get_hit(HITId=hit["HITId"])["HIT"] == hit
        assert client_of(TWO).list_hits()["NumResults"] == 0


def test_accounts_name_is_the_handle_s_requester():
    """`mturk.requester("lab one")` is the requester of the key mapped to "lab one"."""
    with mock_mturk(accounts=ACCOUNTS) as mturk:
        mturk.requester("lab one").balance = "12.34"
        assert balance_of(client_of(ONE)) == "12.34"
        assert balance_of(mturk.requester("lab one").client()) == "12.34"
        assert balance_of(client_of(TWO)) == "10000.00"


def test_accounts_may_name_the_default_requester():
    """A key can be mapped to "default", the requester of mocks without `accounts`."""
    with mock_mturk(accounts={TWO: "lab two", ONE: "default"}) as mturk:
        mturk.requester("default").balance = "12.34"
        assert balance_of(client_of(ONE)) == "12.34"


def test_accounts_are_the_same_in_the_sandbox():
    """A key belongs to the same requester in both environments."""
    with mock_mturk(accounts=ACCOUNTS) as mturk:
        balance_of(client_of(ONE, endpoint_url=SANDBOX))
        (call,) = mturk.calls
        assert (call.requester, call.environment) == ("lab one", "sandbox")


def test_accounts_pass_over_session_tokens_and_secrets():
    """Session tokens and secret keys are ignored. [assumed]"""
    client = client_of(ONE, aws_secret_access_key="wrong", aws_session_token="wrong")
    with mock_mturk(accounts=ACCOUNTS) as mturk:
        balance_of(client)
        assert [call.requester for call in mturk.calls] == ["lab one"]


def test_accounts_of_a_client_made_before_without_the_option():
    """A client used in a mock without accounts signs its requests in a mock with accounts."""
    client = client_of(ONE)
    for accounts, requester in ((None, "default"), (ACCOUNTS, "lab one"), (None, "default")):
        with mock_mturk(accounts=accounts) as mturk:
            balance_of(client)
            assert [call.requester for call in mturk.calls] == [requester]


def test_accounts_of_the_innermost_mock_count():
    """The innermost of nested mocks decides by its own `accounts` option."""
    client, nobody = client_of(ONE), client_of(STRANGER)
    with mock_mturk(accounts=ACCOUNTS) as outer, mock_mturk() as inner:
        balance_of(client)
        balance_of(nobody)
        with mock_mturk(accounts={ONE: "another"}) as innermost:
            balance_of(client)
            assert refusal_of(nobody)[2]["Error"]["Message"] == UNRECOGNIZED
        balance_of(nobody)

        assert outer.calls == []
        assert [call.requester for call in inner.calls] == ["default"] * 3
        assert [call.requester for call in innermost.calls] == ["another", STRANGER]


@pytest.mark.parametrize("key", ["AKIA WITH SPACES", "AKIA,COMMA", "AKIA/SLASH", " AKIA", "AKIÄ"])
def test_accounts_refuse_keys_of_odd_characters_as_unknown(key):
    """An access key with spaces or odd characters is an unknown key, not a missing token.

    [assumed]
    """
    with mock_mturk(accounts=ACCOUNTS):
        assert refusal_of(client_of(key))[2]["Error"]["Message"] == UNRECOGNIZED


# Clients of the handle ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("accounts", "requester"), [(None, "default"), ({}, "default"), (ACCOUNTS, "lab one")]
)
def test_accounts_handle_s_clients_need_no_keys(accounts, requester):
    """`mturk.client()` acts for the first account, `mturk.requester(name).client()` for `name`."""
    with mock_mturk(accounts=accounts) as mturk:
        balance_of(mturk.client())
        balance_of(mturk.client(sandbox=True))
        balance_of(mturk.requester("Bücher & Co").client())
        assert [call.requester for call in mturk.calls] == [requester, requester, "Bücher & Co"]


def test_accounts_handle_s_client_with_a_key_is_the_key_s_owner():
    """`mturk.client(aws_access_key_id=...)` acts for the requester of that key."""
    with mock_mturk(accounts=ACCOUNTS) as mturk:
        balance_of(mturk.client(aws_access_key_id=TWO, aws_secret_access_key="any"))
        assert [call.requester for call in mturk.calls] == ["lab two"]


@pytest.mark.parametrize("name", ["lab one", "default"])
def test_accounts_client_of_a_requester_with_a_key_is_the_requester_s(name):
    """A client of `mturk.requester(name)` acts for that requester even if it has another key."""
    with mock_mturk(accounts=ACCOUNTS) as mturk:
        lab = mturk.requester(name)
        balance_of(lab.client(aws_access_key_id=TWO, aws_secret_access_key="any"))
        assert [call.requester for call in mturk.calls] == [name]


# The handle ---------------------------------------------------------------------------------

ALONE = {ONE: "lab"}


def test_accounts_handle_s_client_sees_what_the_program_published():
    """`mturk.client()` sees the HITs that the program created."""
    with mock_mturk(accounts=ALONE) as mturk:
        hit = create_hit(client_of(ONE))
        assert mturk.client().get_hit(HITId=hit["HITId"])["HIT"] == hit


def test_accounts_handle_s_balance_is_the_program_s():
    """`mturk.balance` sets and shows the balance of the program's requester; so does `repr`."""
    with mock_mturk(accounts=ALONE, balance="5.00") as mturk:
        assert "balance $5.00" in repr(mturk)
        mturk.balance = "12.34"
        assert balance_of(client_of(ONE)) == "12.34"
        assert (mturk.balance, mturk.requester("default").balance) == (
            Decimal("12.34"),
            Decimal("5.00"),
        )
        assert "balance $12.34" in repr(mturk)


def test_accounts_handle_s_spent_is_the_program_s():
    """`mturk.spent` shows what the program's requester has paid."""
    with mock_mturk(accounts=ALONE) as mturk:
        client = client_of(ONE)
        work = mturk.worker().answer(create_hit(client, Reward="1.00")["HITId"])
        client.approve_assignment(AssignmentId=work.id)
        assert mturk.spent.rewards == Decimal("1.00")


def test_accounts_handle_adds_hits_of_the_program():
    """`mturk.add_hit` adds a HIT of the program's requester."""
    with mock_mturk(accounts=ALONE) as mturk:
        hit = mturk.add_hit()
        (listed,) = client_of(ONE).list_hits()["HITs"]
        assert listed["HITId"] == hit.id


def test_accounts_handle_adds_qualification_types_of_the_program():
    """`mturk.add_qualification_type` adds a type of the program's requester."""
    with mock_mturk(accounts=ALONE) as mturk:
        type_id = mturk.add_qualification_type()
        client_of(ONE).update_qualification_type(QualificationTypeId=type_id, Description="Other")


def test_accounts_handle_is_the_first_of_several_accounts():
    """The handle acts for the first account; `mturk.requester(name)` acts for the others."""
    with mock_mturk(accounts={TWO: "lab two", ONE: "lab one"}) as mturk:
        mturk.balance = "2.00"
        mturk.requester("lab one").balance = "1.00"
        mturk.add_hit(requester="lab one")
        assert [balance_of(client_of(key)) for key in (ONE, TWO)] == ["1.00", "2.00"]
        assert [client_of(key).list_hits()["NumResults"] for key in (ONE, TWO)] == [1, 0]


@pytest.mark.mock_mturk(accounts=ALONE)
def test_accounts_clients_of_the_fixtures_are_the_program_s(
    mturk, mturk_client, mturk_sandbox_client
):
    """`mturk_client` and `mturk_sandbox_client` act for the first account."""
    balance_of(mturk_client)
    balance_of(mturk_sandbox_client)
    assert [call.requester for call in mturk.calls] == ["lab", "lab"]


def test_accounts_handle_keeps_its_requester_over_isolated_and_reset():
    """The handle acts for the same requester inside isolated() and after reset()."""
    with mock_mturk(accounts=ALONE) as mturk:
        with mturk.isolated():
            mturk.balance = "1.00"
            assert balance_of(client_of(ONE)) == "1.00"
        assert balance_of(client_of(ONE)) == "10000.00"
        mturk.reset()
        mturk.balance = "2.00"
        assert balance_of(client_of(ONE)) == "2.00"


def test_accounts_of_the_mock_hold_after_restore(tmp_path):
    """After restore() the handle acts for the requester that the mock's `accounts` option names."""
    with mock_mturk() as mturk:
        mturk.requester("lab").balance = "1.00"
        mturk.snapshot().save(tmp_path / "state.json")
    with mock_mturk(accounts=ALONE) as mturk:
        mturk.restore(Snapshot.load(tmp_path / "state.json"))
        assert (balance_of(client_of(ONE)), mturk.balance) == ("1.00", Decimal("1.00"))


# Refusals -----------------------------------------------------------------------------------


@pytest.mark.parametrize("accounts", [ACCOUNTS, {}])
@pytest.mark.parametrize("key", [STRANGER, ONE.lower(), ONE[:-1], "mturk-mock"])
def test_accounts_refuse_an_unknown_key(accounts, key):
    """An unknown key is an UnrecognizedClientException: no TurkErrorCode, no stamp, no retries."""
    with mock_mturk(accounts=accounts) as mturk:
        status, retries, response = refusal_of(client_of(key))
        (call,) = mturk.calls

    error = {"Message": UNRECOGNIZED, "Code": "UnrecognizedClientException"}
    assert (status, retries) == (400, 0)
    assert (response["Error"], response.get("TurkErrorCode")) == (error, None)
    assert (call.operation, call.requester) == ("GetAccountBalance", key)
    assert call.error.row is ERRORS["UNRECOGNIZED_CLIENT"]
    assert call.result is None


def test_accounts_refuse_an_unsigned_request():
    """An unsigned request is a MissingAuthenticationTokenException. [assumed]"""
    with mock_mturk(accounts=ACCOUNTS) as mturk:
        status, _, response = refusal_of(unsigned_client())
        (call,) = mturk.calls

    assert status == 400
    assert response["Error"] == {"Code": "MissingAuthenticationTokenException", "Message": MISSING}
    assert (call.requester, call.error.row) == ("", ERRORS["MISSING_AUTHENTICATION_TOKEN"])


def test_accounts_refusal_changes_nothing():
    """A request with an unknown key creates neither a HIT nor an account."""
    with mock_mturk(accounts=ACCOUNTS) as mturk:
        with pytest.raises(ClientError):
            create_hit(client_of(STRANGER))
        assert mturk.hits == []
        assert mturk._backend._transactions.marketplace.accounts == {}


def test_accounts_without_credentials_are_botocore_s_own_error(monkeypatch):
    """Without credentials botocore raises NoCredentialsError, and no request reaches the mock."""
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    client = boto3.client("mturk", region_name="us-east-1")
    with mock_mturk(accounts=ACCOUNTS) as mturk:
        with pytest.raises(NoCredentialsError, match=r"^Unable to locate credentials$"):
            balance_of(client)
        assert mturk.calls == []
    with mock_mturk():
        assert balance_of(client) == "10000.00"


def test_accounts_moto_s_key_is_one_to_name():
    """Clients made inside mock_aws sign with moto's FOOBARKEY, which `accounts` can contain."""
    moto = pytest.importorskip("moto", reason="moto needs a newer boto3 than we do")
    with moto.mock_aws():
        client = boto3.session.Session().client("mturk", region_name="us-east-1")
        with mock_mturk(accounts=ACCOUNTS):
            assert refusal_of(client)[2]["Error"]["Code"] == "UnrecognizedClientException"
        with mock_mturk(accounts={"FOOBARKEY": "lab one"}) as mturk:
            balance_of(client)
            assert [call.requester for call in mturk.calls] == ["lab one"]


def test_accounts_end_with_the_mock(wire):
    """After the mock ends, the client's requests go to the network."""
    client = client_of(ONE)
    with mock_mturk(accounts=ACCOUNTS):
        balance_of(client)

    with pytest.raises(Sent):
        balance_of(client)


# The query API of 2008 ----------------------------------------------------------------------


def extend(**params):
    """Extend a HIT with the query API of 2008, and return the text of the response."""
    address = "https://mechanicalturk.amazonaws.com/"
    common = dict.fromkeys(("Service", "Signature", "Timestamp"), "any")
    increment = {**common, "Operation": "ExtendHIT", "MaxAssignmentsIncrement": 1}
    answer = requests.get(address, params={**increment, **params})
    assert answer.status_code == 200
    return re.sub(r"<RequestId>.*?</RequestId>", "", answer.text)


EXTENDED = (
    '<?xml version="1.0"?>\n<ExtendHITResponse><OperationRequest></OperationRequest>'
    "<ExtendHITResult><Request><IsValid>True</IsValid></Request></ExtendHITResult>"
    "</ExtendHITResponse>"
)
NOT_AUTHORIZED = (
    '<?xml version="1.0"?>\n<ExtendHITResponse><OperationRequest><Errors><Error>'
    "<Code>AWS.NotAuthorized</Code><Message>The identity contained in the request is not "
    "authorized to use this AWSAccessKeyId</Message></Error></Errors></OperationRequest>"
    "</ExtendHITResponse>"
)


def test_accounts_in_the_query_api_of_2008_are_the_same():
    """AWSAccessKeyId identifies the requester of the HIT."""
    with mock_mturk(accounts=ACCOUNTS) as mturk:
        hit = create_hit(client_of(ONE))["HITId"]
        assert extend(HITId=hit, AWSAccessKeyId=ONE) == EXTENDED
        assert "HITDoesNotExist" in extend(HITId=hit, AWSAccessKeyId=TWO)
        assert [call.requester for call in mturk.calls] == ["lab one", "lab one", "lab two"]


@pytest.mark.parametrize("key", [{"AWSAccessKeyId": STRANGER}, {}])
def test_accounts_in_the_query_api_of_2008_refuse_an_unknown_key(key):
    """An unknown key is AWS.NotAuthorized, in OperationRequest [observed]; nothing changes."""
    with mock_mturk(accounts=ACCOUNTS) as mturk:
        hit = create_hit(client_of(ONE))
        assert extend(HITId=hit["HITId"], **key) == NOT_AUTHORIZED
        assert client_of(ONE).get_hit(HITId=hit["HITId"])["HIT"] == hit
        call = mturk.calls[1]

    assert (call.requester, call.error.row) == (
        key.get("AWSAccessKeyId", ""),
        ERRORS["LEGACY_NOT_AUTHORIZED"],
    )


# The header ---------------------------------------------------------------------------------

REST = "/20260101/us-east-1/mturk-requester/aws4_request"
HEADERS = {
    f"AWS4-HMAC-SHA256 Credential={ONE}{REST}, SignedHeaders=host, Signature=0": "lab one",
    f"AWS4-HMAC-SHA256 Credential={ONE}{REST},SignedHeaders=host,Signature=0": "lab one",
    f"AWS4-HMAC-SHA256 SignedHeaders=host, Credential={ONE}{REST}, Signature=0": "lab one",
    f"AWS4-ECDSA-P256-SHA256 Credential={TWO}/20260101/x/aws4_request, Signature=0": "lab two",
}
NO_KEY = [None, "", "Bearer abc", "AWS4-HMAC-SHA256 Credential=/x", f"MyCredential={ONE}/x"]


@pytest.mark.parametrize("header", HEADERS)
def test_identify_reads_the_key_of_a_signature(header):
    """The key is read from Credential, whatever the order and spacing of the header. [doc]"""
    assert identify(None, header, ACCOUNTS) == (HEADERS[header], None)


@pytest.mark.parametrize("header", NO_KEY)
def test_identify_without_a_key_is_a_refusal(header):
    """A header that is not a signature of version 4 is a MissingAuthenticationTokenException."""
    requester, refusal = identify(None, header, ACCOUNTS)

    assert (requester, refusal.row) == ("", ERRORS["MISSING_AUTHENTICATION_TOKEN"])


# The option ---------------------------------------------------------------------------------


def test_accounts_are_copied():
    """Changing the dict after creating the mock has no effect."""
    accounts = dict(ACCOUNTS)
    mock = mock_mturk(accounts=accounts)
    accounts.clear()
    with mock as mturk:
        balance_of(client_of(ONE))
        assert [call.requester for call in mturk.calls] == ["lab one"]


@pytest.mark.mock_mturk(accounts={KEYS["aws_access_key_id"]: "lab one"})
def test_accounts_are_an_option_of_the_marker(mturk):
    """The marker accepts `accounts`."""
    balance_of(make_client())
    assert [call.requester for call in mturk.calls] == ["lab one"]


EXAMPLE = "{'AKIAIOSFODNN7EXAMPLE': 'lab one'}"
EMPTY = "accounts takes access keys and names that are not empty, not ''"
WRONG = [
    ([ONE], TypeError, f"accounts takes a dict, such as {EXAMPLE}, not {[ONE]!r}"),
    (ONE, TypeError, f"accounts takes a dict, such as {EXAMPLE}, not {ONE!r}"),
    ({7: "lab one"}, TypeError, f"accounts takes a dict of str, such as {EXAMPLE}, not 7"),
    ({ONE: None}, TypeError, f"accounts takes a dict of str, such as {EXAMPLE}, not None"),
    ({"": "lab one"}, ValueError, EMPTY),
    ({ONE: ""}, ValueError, EMPTY),
]


@pytest.mark.parametrize(("accounts", "kind", "message"), WRONG)
def test_accounts_of_a_wrong_kind_are_refused(accounts, kind, message):
    """mock_mturk() raises an error that names the allowed values."""
    with pytest.raises(kind, match=f"^{re.escape(message)}$"):
        mock_mturk(accounts=accounts)
