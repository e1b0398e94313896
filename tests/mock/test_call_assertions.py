"""`mturk.assert_called` and `assert_not_called`: matching calls, and failure messages."""

from __future__ import annotations

import re
from datetime import timedelta, timezone
from decimal import Decimal
from unittest.mock import ANY

import pytest
import requests
from botocore.exceptions import ClientError

from tests.helpers import EXTERNAL_QUESTION, HTML_QUESTION, NOW, create_hit, create_hit_type
from tests.inner import run_pytest

pytestmark = pytest.mark.mock_mturk(now=NOW)

AT = "at 2026-01-01 00:00:00"
NOTHING_ELSE = "\nThere were no API calls"


def failure_of(assertion, *args, **params):
    """Return the message of an assertion that must fail."""
    with pytest.raises(AssertionError) as failed:
        assertion(*args, **params)
    return str(failed.value)


# Matching -----------------------------------------------------------------------------------


@pytest.mark.parametrize("operation", ["GetAccountBalance", "get_account_balance"])
def test_assert_called_passes_by_either_name(mturk, mturk_client, operation):
    """Operations can be named as in the API or as in boto3."""
    mturk_client.get_account_balance()

    mturk.assert_called(operation)
    assert failure_of(mturk.assert_not_called, operation).startswith("GetAccountBalance() was")


@pytest.mark.parametrize("name", ["CreateHITWithHITType", "create_hit_with_hit_type"])
def test_assert_called_knows_names_with_hit_in_them(mturk, mturk_client, name):
    """Names with HIT in them can be given in both spellings too."""
    mturk.assert_not_called(name)


FITTING = {
    "equal": {"Title": "Label a picture"},
    "several": {"Title": "Label a picture", "Reward": "0.50", "LifetimeInSeconds": 86400},
    "anything": {"Title": ANY},
    "found": {"Title": re.compile("a pic")},
    "found at an end": {"Question": re.compile(r"</HTMLQuestion>\Z")},
    "about": {"LifetimeInSeconds": pytest.approx(86000, rel=0.01)},
    "number": {"LifetimeInSeconds": Decimal(86400)},
    "left out": {"MaxAssignments": None},
    "nothing": {},
}
OTHERS = {
    "another": {"Title": "Label"},
    "one of several": {"Title": "Label a picture", "Reward": "0.5"},
    "not found": {"Title": re.compile("^a pic")},
    "no text": {"LifetimeInSeconds": re.compile("86400")},
    "not left out": {"Title": None},
    "left out": {"MaxAssignments": 1},
    "too far": {"LifetimeInSeconds": pytest.approx(80000, rel=0.01)},
    "moment": {"Title": NOW},
}


@pytest.mark.parametrize("how", FITTING)
def test_assert_called_with_parameters_that_fit(mturk, mturk_client, how):
    """Given parameters must be equal; a compiled pattern must be found in the value."""
    create_hit(mturk_client)

    mturk.assert_called("CreateHIT", **FITTING[how])
    with pytest.raises(AssertionError):
        mturk.assert_not_called("CreateHIT", **FITTING[how])


@pytest.mark.parametrize("how", OTHERS)
def test_assert_called_with_parameters_of_no_call(mturk, mturk_client, how):
    """A call does not match if one parameter differs."""
    create_hit(mturk_client)

    mturk.assert_not_called("CreateHIT", **OTHERS[how])
    with pytest.raises(AssertionError):
        mturk.assert_called("CreateHIT", **OTHERS[how])


TOKYO = timezone(timedelta(hours=9))


@pytest.mark.parametrize("moment", [NOW, NOW.astimezone(TOKYO), NOW + timedelta(milliseconds=1)])
def test_assert_called_with_a_time_is_that_second(mturk, mturk_client, moment):
    """A datetime matches to the second, because old versions of botocore send whole seconds."""
    hit_id = create_hit(mturk_client)["HITId"]
    mturk_client.update_expiration_for_hit(HITId=hit_id, ExpireAt=moment)

    mturk.assert_called("UpdateExpirationForHIT", ExpireAt=moment)
    mturk.assert_called("UpdateExpirationForHIT", ExpireAt=NOW)
    mturk.assert_not_called("UpdateExpirationForHIT", ExpireAt=moment + timedelta(seconds=1))


def test_assert_called_counts_what_was_refused(mturk, mturk_client):
    """A refused call counts as called. [assumed]"""
    with pytest.raises(ClientError):
        mturk_client.get_hit(HITId="3NONE")

    mturk.assert_called("GetHIT", HITId="3NONE", times=1)


def test_assert_called_knows_extend_hit_of_2008(mturk):
    """ExtendHIT of 2008 can be named in both spellings, and its parameters are checked."""
    url = "https://mechanicalturk.amazonaws.com/"
    requests.get(url, params={"Operation": "ExtendHIT", "HITId": "3NONE"})

    mturk.assert_called("ExtendHIT", HITId="3NONE")
    mturk.assert_called("extend_hit", HITId="3NONE", MaxAssignmentsIncrement=None)
    mturk.assert_not_called("extend_hit", HITId="3ANOTHER")


@pytest.mark.parametrize(("times", "passes"), [(None, True), (0, False), (1, False), (2, True)])
def test_assert_called_times(mturk, mturk_client, times, passes):
    """With times= the number of matching calls must be exactly that."""
    for _ in range(2):
        create_hit_type(mturk_client)
    create_hit_type(mturk_client, Title="Another")

    if passes:
        mturk.assert_called("CreateHITType", Title="Label a picture", times=times)
    else:
        with pytest.raises(AssertionError):
            mturk.assert_called("CreateHITType", Title="Label a picture", times=times)


def test_assert_called_times_0_is_not_called(mturk):
    """times=0 asserts that there was no call."""
    mturk.assert_called("CreateHIT", times=0)


# Failure messages ---------------------------------------------------------------------------


def test_assert_called_without_any_call_says_so(mturk):
    """The message says that there were no API calls."""
    assert failure_of(mturk.assert_called, "create_hit", Title="x", Reward="0.50") == (
        "CreateHIT(Title='x', Reward='0.50') was never called" + NOTHING_ELSE
    )


def test_assert_called_failure_shows_the_nearest_first(mturk, mturk_client):
    """The nearest call comes first: same operation, most parameters in common, latest."""
    mturk_client.get_account_balance()
    create_hit_type(mturk_client, Title="A", Reward="0.01")
    create_hit_type(mturk_client, Title="B", Reward="0.50", Keywords="k")
    create_hit_type(mturk_client, Title="C", Reward="0.50", Keywords="k")
    mturk_client.list_hits(MaxResults=10)

    said = failure_of(mturk.assert_called, "CreateHITType", Title="Z", Reward="0.50", Keywords="k")

    assert said == (
        "CreateHITType(Title='Z', Reward='0.50', Keywords='k') was never called\n"
        "What was called instead, nearest first:\n"
        f"  CreateHITType {AT} with Title='C', not 'Z'\n"
        f"  CreateHITType {AT} with Title='B', not 'Z'\n"
        f"  CreateHITType {AT} with Title='A', not 'Z', Reward='0.01', not '0.50', no Keywords\n"
        f"  <ListHITs(MaxResults=10) {AT}>\n"
        f"  <GetAccountBalance() {AT}>"
    )


def test_assert_called_failure_shows_another_operation_with_the_same_parameters(
    mturk, mturk_client
):
    """A call of another operation with more parameters in common comes first."""
    create_hit_type(mturk_client, Title="Z")
    mturk_client.get_account_balance()

    said = failure_of(mturk.assert_called, "CreateHIT", Title="Z")

    assert re.findall(r"<(\w+)", said) == ["CreateHITType", "GetAccountBalance"]


def test_assert_called_failure_shows_refusals(mturk, mturk_client):
    """The message shows the errors of refused calls."""
    with pytest.raises(ClientError):
        mturk_client.get_hit(HITId="3NONE")

    assert failure_of(mturk.assert_called, "GetHIT", HITId="3HIT") == (
        "GetHIT(HITId='3HIT') was never called\n"
        "What was called instead, nearest first:\n"
        f"  GetHIT {AT} with HITId='3NONE', not '3HIT' -> Hit 3NONE does not exist. "
        "[AWS.MechanicalTurk.HITDoesNotExist]"
    )


def test_assert_called_failure_shows_where_long_values_differ(mturk, mturk_client):
    """Long values are shown from shortly before their first difference."""
    create_hit(mturk_client, Question=HTML_QUESTION)

    said = failure_of(mturk.assert_called, "CreateHIT", Question=EXTERNAL_QUESTION, Title="T")

    assert said == (
        "CreateHIT(Question='<ExternalQuestion xmlns=\"http://mechanicalturk.amazonaws.co...,"
        " Title='T') was never called\n"
        "What was called instead, nearest first:\n"
        f"  CreateHIT {AT} with Question='<HTMLQuestion xmlns=\"http://mechanicalturk.amazonaws.com/AW"
        "..., not '<ExternalQuestion xmlns=\"http://mechanicalturk.amazonaws.co...,"
        " Title='Label a picture', not 'T'"
    )
    other = HTML_QUESTION.replace("<title>Q", "<title>Z")
    said = failure_of(mturk.assert_called, "CreateHIT", Question=other)
    assert said.splitlines()[2] == (
        f"  CreateHIT {AT} with "
        "Question=...l><head><title>Q</title></head><body></body></html>]]></HTML..., "
        "not ...l><head><title>Z</title></head><body></body></html>]]></HTML..."
    )
    said = failure_of(mturk.assert_called, "CreateHIT", Question=HTML_QUESTION + "!")
    assert said.splitlines()[2] == (
        f"  CreateHIT {AT} with Question=...</HTMLQuestion>', not ...</HTMLQuestion>!'"
    )


def test_assert_called_failure_shows_patterns(mturk, mturk_client):
    """Patterns are shown as re.compile(...)."""
    create_hit_type(mturk_client)

    assert failure_of(mturk.assert_called, "CreateHITType", Title=re.compile("cat")) == (
        "CreateHITType(Title=re.compile('cat')) was never called\n"
        "What was called instead, nearest first:\n"
        f"  CreateHITType {AT} with Title='Label a picture', not re.compile('cat')"
    )


def test_assert_called_failure_shows_five_calls(mturk, mturk_client):
    """The message shows five calls, and counts the rest."""
    for number in range(7):
        mturk_client.list_hits(MaxResults=number + 1)

    said = failure_of(mturk.assert_called, "ListHITs", MaxResults=8)

    assert said.splitlines()[2:] == [
        *(f"  ListHITs {AT} with MaxResults={number}, not 8" for number in range(7, 2, -1)),
        "  ... and 2 more",
    ]


def test_assert_called_failure_says_how_often(mturk, mturk_client):
    """If there were too few matching calls, the message also shows other calls."""
    mturk_client.list_hits(MaxResults=1)
    mturk_client.list_hits(MaxResults=2)

    assert failure_of(mturk.assert_called, "ListHITs", MaxResults=1, times=2) == (
        "ListHITs(MaxResults=1) was called once, not 2 times\n"
        f"  <ListHITs(MaxResults=1) {AT}>\n"
        "What was called instead, nearest first:\n"
        f"  ListHITs {AT} with MaxResults=2, not 1"
    )


def test_assert_called_failure_says_too_often(mturk, mturk_client):
    """If there were too many matching calls, the message shows only these."""
    mturk_client.list_hits()
    mturk_client.list_hits()
    mturk_client.get_account_balance()

    assert failure_of(mturk.assert_called, "ListHITs", times=1) == (
        f"ListHITs() was called 2 times, not once\n  <ListHITs() {AT}>\n  <ListHITs() {AT}>"
    )


def test_assert_called_failure_says_never(mturk):
    """With times= and no call, the message says "never called"."""
    assert failure_of(mturk.assert_called, "ListHITs", times=3) == (
        "ListHITs() was never called, not 3 times" + NOTHING_ELSE
    )


def test_assert_not_called_failure_shows_the_calls(mturk, mturk_client):
    """The message shows the matching calls."""
    mturk_client.list_hits(MaxResults=1)
    mturk_client.list_hits(MaxResults=2)

    assert failure_of(mturk.assert_not_called, "list_hits", MaxResults=2) == (
        f"ListHITs(MaxResults=2) was called once\n  <ListHITs(MaxResults=2) {AT}>"
    )


def test_assertions_hide_their_own_code(pytester):
    """Pytest's traceback ends at the line of the test."""
    source = """
def test_a(mturk):
    mturk.assert_called("CreateHIT")

def test_b(mturk, mturk_client):
    publish()
    mturk.assert_not_called("CreateHIT")
"""
    result = run_pytest(pytester, source)

    assert result.parseoutcomes() == {"failed": 2}
    result.stdout.no_fnmatch_line("*mturk.py*")
    result.stdout.fnmatch_lines(['>*mturk.assert_called("CreateHIT")'])


# Invalid arguments --------------------------------------------------------------------------

NAMED = "; write its name as 'CreateHIT' or 'create_hit'"
NO_OPERATION = {
    "CreateHit": f"no operation 'CreateHit' (did you mean 'CreateHIT'?){NAMED}",
    "create_hits": f"no operation 'create_hits' (did you mean 'create_hit'?){NAMED}",
    "xyz": f"no operation 'xyz'{NAMED}",
}


@pytest.mark.parametrize("name", NO_OPERATION)
def test_assertions_of_an_unknown_operation_are_refused(mturk, name):
    """An unknown operation is a ValueError in both assertions, with a suggestion."""
    message = f"^{re.escape(f'Mechanical Turk has {NO_OPERATION[name]}')}$"
    for assertion in (mturk.assert_called, mturk.assert_not_called):
        with pytest.raises(ValueError, match=message):
            assertion(name)


NO_PARAMETER = [
    (
        ("DeleteHIT", {"HitId": "3"}),
        "DeleteHIT has no parameter 'HitId' (did you mean 'HITId'?); its parameters are HITId",
    ),
    (
        ("get_account_balance", {"x": 1}),
        "GetAccountBalance has no parameter 'x'; its parameters are none",
    ),
    (
        ("extend_hit", {"HitId": "3"}),
        "ExtendHIT has no parameter 'HitId' (did you mean 'HITId'?); its parameters are HITId, "
        "MaxAssignmentsIncrement, ExpirationIncrementInSeconds, Service, AWSAccessKeyId, Version, "
        "Operation, Signature, Timestamp, ResponseGroup, Validate, Credential, UniqueRequestToken",
    ),
]


@pytest.mark.parametrize(("call", "message"), NO_PARAMETER)
def test_assertions_of_an_unknown_parameter_are_refused(mturk, call, message):
    """An unknown parameter is a ValueError that lists the operation's parameters."""
    operation, params = call
    for assertion in (mturk.assert_called, mturk.assert_not_called):
        with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
            assertion(operation, **params)


def test_assertions_of_no_name_are_refused(mturk):
    """An operation that is not a str is a TypeError."""
    message = r"^an operation must be a str, such as 'CreateHIT', not None$"
    with pytest.raises(TypeError, match=message):
        mturk.assert_called(None)


@pytest.mark.parametrize("times", [True, "1", 1.0])
def test_assert_called_times_of_a_wrong_type_is_refused(mturk, times):
    """A times= that is not an int is a TypeError."""
    message = f"assert_called() takes times= as an int or None, not {times!r}"
    with pytest.raises(TypeError, match=f"^{re.escape(message)}$"):
        mturk.assert_called("CreateHIT", times=times)


def test_assert_called_times_below_0_is_refused(mturk):
    """A negative times= is a ValueError."""
    with pytest.raises(ValueError, match=r"^assert_called\(\) takes times= of 0 or more, not -1$"):
        mturk.assert_called("CreateHIT", times=-1)
