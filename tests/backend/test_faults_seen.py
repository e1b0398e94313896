"""Faults of `mturk.fail` in the handle, the call log and the report, and invalid arguments."""

from __future__ import annotations

import re
from contextlib import suppress

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ReadTimeoutError

from mturk_mock import mock_mturk
from tests.clients import PRODUCTION, balance_of
from tests.helpers import NOW, create_hit, error_of

pytestmark = pytest.mark.mock_mturk(seed=1, now=NOW)

ONCE = Config(retries={"max_attempts": 0})


@pytest.fixture
def client(mturk):
    """A client of the mock that does not retry."""
    return mturk.client(config=ONCE)


def fails(client):
    """Return whether GetAccountBalance fails with a ServiceFault."""
    try:
        client.get_account_balance()
    except client.exceptions.ServiceFault:
        return True
    return False


# The handle ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        (None, None),
        ("create_hit", "CreateHIT"),
        ("CreateHIT", "CreateHIT"),
        ("extend_hit", "ExtendHIT"),
        (["create_hit", "ListHITs", "CreateHIT"], ("CreateHIT", "ListHITs")),
    ],
)
def test_fault_says_its_operations_as_the_api_does(mturk, given, shown):
    """`operation` is None for all operations, a name for one, a tuple for several."""
    assert mturk.fail(given).operation == shown


def test_fault_shows_its_arguments(mturk):
    """A fault's attributes show the arguments of `mturk.fail`."""
    fault = mturk.fail("GetHIT", "HITDoesNotExist", 3, after=2, rate=1.5, when="after")

    assert (fault.error, fault.times, fault.happened) == ("HITDoesNotExist", 3, 0)
    assert (fault.after, fault.rate, fault.when) == (2, 1.5, "after")


def test_fault_has_defaults(mturk):
    """By default the next call of any operation fails once with ServiceFault, before its work."""
    fault = mturk.fail()

    assert (fault.operation, fault.error, fault.times) == (None, "ServiceFault", 1)
    assert (fault.after, fault.rate, fault.when) == (0, None, "before")


def test_fault_counts_how_often_it_happened(mturk, client):
    """`happened` counts the failed calls only."""
    fault = mturk.fail(times=2, after=1)

    assert [fails(client) and fault.happened for _ in range(4)] == [False, 1, 2, False]
    assert fault.happened == 2


@pytest.mark.parametrize(
    ("times", "calls", "missing"), [(1, 0, 1), (1, 1, 0), (3, 1, 2), (None, 0, 1), (None, 2, 0)]
)
def test_fault_says_how_often_it_is_missing(mturk, client, times, calls, missing):
    """`missing` is the number of failures to come; for times=None it is 1 until the first one."""
    fault = mturk.fail(times=times)
    for _ in range(calls):
        fails(client)

    assert fault.missing == missing


def test_fault_stops(mturk, client):
    """After stop() no call fails, and `happened` keeps its value."""
    fault = mturk.fail(times=None)
    assert fails(client)

    fault.stop()

    assert not fails(client)
    assert fault.happened == 1


def test_fault_is_a_context_manager(mturk, client):
    """The fault stops at the end of the `with` block."""
    with mturk.fail(times=None) as fault:
        assert fails(client)
    assert not fails(client)
    assert fault.happened == 1


def test_fault_stops_where_its_block_ends_by_an_exception(mturk, client):
    """The fault stops when an exception leaves the block, and the exception propagates."""

    def block():
        with mturk.fail(times=None):
            client.list_hits()

    with pytest.raises(client.exceptions.ServiceFault):
        block()
    assert not fails(client)


@pytest.mark.parametrize(
    ("options", "shown"),
    [
        ({}, "<Fault ServiceFault before every operation; happened 1 of 1 times>"),
        (
            {"operation": "get_account_balance", "error": "ReadTimeout", "when": "after"},
            "<Fault ReadTimeout after GetAccountBalance; happened 1 of 1 times>",
        ),
        (
            {"operation": ["GetAccountBalance", "list_hits"], "times": 3},
            "<Fault ServiceFault before GetAccountBalance, ListHITs; happened 1 of 3 times>",
        ),
        (
            {"error": "ThrottlingException", "times": None, "after": 2, "rate": 0.5},
            "<Fault ThrottlingException before every operation; 2 calls pass first; "
            "above 0.5 calls a second; happened 0 times>",
        ),
    ],
)
def test_repr_of_fault_says_what_happens(mturk, client, options, shown):
    """repr() shows the error, the operations and how often the fault happened."""
    fault = mturk.fail(**options)
    with suppress(client.exceptions.ServiceFault, ReadTimeoutError):
        client.get_account_balance()

    assert repr(fault) == shown


def test_repr_of_stopped_fault_says_so(mturk):
    """repr() of a stopped fault says that it has stopped."""
    fault = mturk.fail("GetHIT")
    fault.stop()

    assert repr(fault) == "<Fault ServiceFault before GetHIT; happened 0 of 1 times; stopped>"


# All of them --------------------------------------------------------------------------------


def test_faults_lists_all_oldest_first(mturk, client):
    """`mturk.faults` includes faults that are over or stopped, oldest first."""
    over, stopped = mturk.fail(), mturk.fail()
    fails(client)
    stopped.stop()
    waiting = mturk.fail()

    assert mturk.faults == [over, stopped, waiting]


def test_faults_is_a_list_of_its_own(mturk, client):
    """`mturk.faults` is a copy: clearing it stops no fault."""
    mturk.fail()

    mturk.faults.clear()

    assert fails(client)


def test_reset_forgets_faults(mturk, client):
    """After reset() no fault happens, and a fault kept by the program keeps its count."""
    fault = mturk.fail(times=None)
    assert fails(client)

    mturk.reset()

    assert mturk.faults == []
    assert not fails(client)
    assert fault.happened == 1


def test_isolated_forgets_its_faults(mturk, client):
    """A fault created inside isolated() ends with the block."""
    with mturk.isolated():
        mturk.fail(times=None)
        assert fails(client)

    assert mturk.faults == []
    assert not fails(client)


def test_isolated_forgets_what_happened_to_faults(mturk, client):
    """A fault from before isolated() works in the block; afterwards its count is as before."""
    fault = mturk.fail(times=2, after=1)
    with mturk.isolated():
        assert [fails(client) for _ in range(4)] == [False, True, True, False]
        assert fault.happened == 2
        mturk.reset()

    assert mturk.faults == [fault]
    assert fault.happened == 0
    assert [fails(client) for _ in range(4)] == [False, True, True, False]


def test_isolated_brings_back_a_fault_that_stopped_in_it(mturk, client):
    """A fault that was stopped inside isolated() is active again after it."""
    fault = mturk.fail()
    with mturk.isolated():
        fault.stop()

    assert fails(client)


def test_faults_are_of_one_mock(mturk, client):
    """A fault of the outer mock does not affect an inner mock."""
    mturk.fail(times=None)
    with mock_mturk() as inner:
        assert not fails(inner.client())
        assert fails(client)
    assert fails(client)


# The call log -------------------------------------------------------------------------------


def test_call_says_that_it_failed_on_purpose(mturk, client):
    """A call that an injected fault failed has the fault as `fault`; other calls have None."""
    fault = mturk.fail("GetHIT", "HITDoesNotExist")
    for _ in range(2):
        error_of(lambda: client.get_hit(HITId="3A"))

    failed, refused = mturk.calls

    assert (failed.fault, refused.fault) == (fault, None)
    assert failed.error.code == "AWS.MechanicalTurk.HITDoesNotExist"
    assert failed.params == {"HITId": "3A"}
    assert failed.result is None
    assert repr(failed) == (
        "<GetHIT(HITId='3A') at 2026-01-01 00:00:00 -> "
        "injected: Hit 3A does not exist. [AWS.MechanicalTurk.HITDoesNotExist]>"
    )


def test_call_shows_the_connection_s_error(mturk, client):
    """The call log has the exception that the program got, and says that the work was done."""
    mturk.fail("CreateHIT", "ReadTimeout", when="after")
    with pytest.raises(ReadTimeoutError) as caught:
        create_hit(client)

    (call,) = mturk.calls

    assert call.error is caught.value
    assert call.result is None
    assert re.sub(r"\(.*\) at", "(...) at", repr(call)) == (
        "<CreateHIT(...) at 2026-01-01 00:00:00 -> done, then injected: "
        f'Read timeout on endpoint URL: "{PRODUCTION}/">'
    )


# The report ---------------------------------------------------------------------------------


def test_report_names_faults_that_did_not_happen(mturk, client):
    """report() lists faults that have not happened."""
    balance_of(client)
    mturk.fail("CreateHIT", "ReadTimeout")
    mturk.fail(times=None, rate=5, error="ThrottlingException").stop()

    assert mturk.report() == (
        "mock_mturk(seed=1), clock at 2026-01-01 00:00:00+00:00\n"
        "<GetAccountBalance() at 2026-01-01 00:00:00>\n"
        "still to happen: <Fault ReadTimeout before CreateHIT; happened 0 of 1 times>\n"
        "still to happen: <Fault ThrottlingException before every operation; "
        "above 5 calls a second; happened 0 times; stopped>"
    )


def test_report_says_where_a_fault_has_not_happened_as_often(mturk, client):
    """report() lists a fault that has happened less often than `times`."""
    mturk.fail(times=2)
    fails(client)

    assert mturk.report().endswith(
        "\nstill to happen: <Fault ServiceFault before every operation; happened 1 of 2 times>"
    )


def test_report_leaves_out_faults_that_happened(mturk, client):
    """report() does not list faults that have happened as often as `times`."""
    mturk.fail()
    fails(client)

    assert "still to happen" not in mturk.report()


# Wrong use ----------------------------------------------------------------------------------


UNKNOWN_ERROR = (
    "fail() takes error='ServiceFault', 'ThrottlingException', 'ConnectionError', 'ReadTimeout', "
    "'ConnectTimeout' or a TurkErrorCode, such as 'HITDoesNotExist' (one that mturk_mock does not "
    "know requires its prefix, and message=), not "
)
WRONG = [
    (
        {"operation": "CreateHITs"},
        "fail() takes an operation of the API, such as 'CreateHIT' or 'create_hit', "
        "not 'CreateHITs' (did you mean 'CreateHIT'?)",
    ),
    (
        {"operation": ["ListHITs", "get_hits"]},
        "fail() takes an operation of the API, such as 'CreateHIT' or 'create_hit', "
        "not 'get_hits' (did you mean 'get_hit'?)",
    ),
    (
        {"operation": "ExtendHit"},
        "fail() takes an operation of the API, such as 'CreateHIT' or 'create_hit', "
        "not 'ExtendHit' (did you mean 'ExtendHIT'?)",
    ),
    (
        {"operation": "xyz"},
        "fail() takes an operation of the API, such as 'CreateHIT' or 'create_hit', not 'xyz'",
    ),
    (
        {"operation": []},
        "fail() takes one or more operations, or None for all, not an empty list",
    ),
    (
        {"error": "HITDoesntExist"},
        UNKNOWN_ERROR + "'HITDoesntExist' (did you mean 'HITDoesNotExist'?)",
    ),
    ({"error": "ReadTimeOut"}, UNKNOWN_ERROR + "'ReadTimeOut' (did you mean 'ReadTimeout'?)"),
    ({"error": "xyz"}, UNKNOWN_ERROR + "'xyz'"),
    ({"error": "Forbidden"}, UNKNOWN_ERROR + "'Forbidden'"),
    ({"error": "xyz", "message": "No."}, UNKNOWN_ERROR + "'xyz'"),
    ({"error": "AWS.Xyz"}, UNKNOWN_ERROR + "'AWS.Xyz'"),
    (
        {"error": "ReadTimeout", "message": "Slow."},
        "fail() takes message= for errors of the service; ReadTimeout is an exception of "
        "botocore, with a message of its own",
    ),
    ({"times": 0}, "fail() takes times= of 1 or more calls, or None for no limit, not 0"),
    ({"after": -1}, "fail() takes after= of 0 or more calls, not -1"),
    ({"rate": 0}, "fail() takes rate= of more than 0 calls per second, not 0"),
    ({"rate": float("inf")}, "fail() takes rate= of more than 0 calls per second, not inf"),
    ({"rate": float("nan")}, "fail() takes rate= of more than 0 calls per second, not nan"),
    ({"when": "during"}, "fail() takes when='before' or 'after', not 'during'"),
]
WRONG_TYPES = [
    ({"operation": 5}, "fail() takes an operation, several of them, or None, not 5"),
    (
        {"operation": [5]},
        "fail() takes operation= as the name of an operation, such as 'CreateHIT', not 5",
    ),
    (
        {"error": ReadTimeoutError},
        "fail() takes error= as the name of an error, such as 'ReadTimeout', "
        "not <class 'botocore.exceptions.ReadTimeoutError'>",
    ),
    ({"times": "2"}, "fail() takes times= as a number of calls, not '2'"),
    ({"times": True}, "fail() takes times= as a number of calls, not True"),
    ({"after": None}, "fail() takes after= as a number of calls, not None"),
    ({"rate": "2"}, "fail() takes rate= as a number of calls per second, not '2'"),
    ({"message": 5}, "fail() takes message= as the service's message, a str, not 5"),
]


@pytest.mark.parametrize(("options", "message"), WRONG)
def test_fail_with_wrong_value_says_what_is_allowed(mturk, options, message):
    """The ValueError names the allowed values, and no fault is created."""
    with pytest.raises(ValueError, match="fail") as caught:
        mturk.fail(**options)

    assert str(caught.value) == message
    assert mturk.faults == []


@pytest.mark.parametrize(("options", "message"), WRONG_TYPES)
def test_fail_with_wrong_type_says_what_is_allowed(mturk, options, message):
    """The TypeError names the allowed types, and no fault is created."""
    with pytest.raises(TypeError, match="fail") as caught:
        mturk.fail(**options)

    assert str(caught.value) == message
    assert mturk.faults == []


def test_fault_of_a_snapshot_is_restored_elsewhere_as_another_one(mturk):
    """After a snapshot is restored in another mock, each mock counts its own failures."""
    fault = mturk.fail("GetAccountBalance", "ServiceFault")
    snapshot = mturk.snapshot()
    with mock_mturk() as other:
        other.restore(snapshot)
        with pytest.raises(ClientError):
            other.client(config=Config(retries={"max_attempts": 0})).get_account_balance()
        assert [each.happened for each in other.faults] == [1]

    assert (fault.happened, mturk.faults) == (0, [fault])
