"""Clients that a handle creates belong to its mock, whichever mock is innermost."""

from __future__ import annotations

import gc
import inspect
import re
import threading
import time
import weakref
from datetime import timedelta

import pytest
from botocore.exceptions import NoCredentialsError

from mturk_mock import current, mock_mturk
from tests.clients import KEYS, balance_of, make_client
from tests.helpers import NOW, create_hit

ACCOUNTS = {KEYS["aws_access_key_id"]: "lab one"}

HOW = {
    "handle": lambda mturk: mturk.client(),
    "sandbox": lambda mturk: mturk.client(sandbox=True),
    "requester": lambda mturk: mturk.requester("lab").client(),
    "key": lambda mturk: mturk.client(**KEYS),
}


@pytest.fixture(params=HOW)
def make(request):
    """Return each way in which a handle creates a client."""
    return HOW[request.param]


def wait_once(client, seconds):
    """Make the client wait once before a retry."""
    left = [seconds]
    client.meta.events.register_first(
        "needs-retry.mturk", lambda **event: left.pop() if left else None
    )
    return client


def refusal_of(call):
    """Return the message of the RuntimeError that a call raises."""
    with pytest.raises(RuntimeError) as refused:
        call()
    return str(refused.value)


ENDED = (
    "This client belongs to mock_mturk(seed=7), which has ended. Make a client inside the `with` "
    "block or test that uses it, or use boto3.client('mturk'), which belongs to the innermost mock."
)


# Nested mocks -------------------------------------------------------------------------------


def test_client_of_the_outer_handle_is_answered_by_the_outer_mock(make):
    """The mock that created the client answers and logs the call, not the inner mock."""
    with mock_mturk() as outer:
        client = make(outer)
        with mock_mturk() as inner:
            hit = create_hit(client)
            assert client.get_hit(HITId=hit["HITId"])["HIT"] == hit
            assert [call.operation for call in outer.calls] == ["CreateHIT", "GetHIT"]
            assert inner.calls == []


def test_client_used_before_the_inner_mock_stays_with_the_outer_one():
    """A client used before the inner mock stays with the outer one."""
    with mock_mturk(balance="1.00") as outer:
        client = outer.client()
        balance_of(client)
        with mock_mturk(balance="2.00"):
            assert balance_of(client) == "1.00"
            assert balance_of(make_client()) == "2.00"
        assert balance_of(client) == "1.00"


def test_client_of_the_outer_handle_goes_by_the_outer_clock():
    """A HIT has the time of the mock that created the client."""
    later = NOW + timedelta(days=9)
    with mock_mturk(now=NOW) as outer, mock_mturk(now=later) as inner:
        assert create_hit(outer.client())["CreationTime"] == NOW
        assert create_hit(inner.client())["CreationTime"] == later


def test_clients_of_requesters_keep_their_names():
    """The requester's name applies in the mock of its handle."""
    with mock_mturk() as outer, mock_mturk() as inner:
        create_hit(outer.requester("lab").client())
        assert [call.requester for call in outer.calls] == ["lab"]
        assert inner.calls == []


def test_client_of_a_mock_that_outlives_a_later_one():
    """If the outer mock ends first, each client still belongs to its own mock."""
    first, second = mock_mturk(balance="1.00"), mock_mturk(balance="2.00")
    client, inner = first.start().client(), second.start().client()
    first.stop()

    assert balance_of(inner) == "2.00"
    with pytest.raises(RuntimeError):
        balance_of(client)
    second.stop()


def test_client_of_the_outer_handle_in_another_thread():
    """The mock that created the client answers in every thread."""
    answers = []
    with mock_mturk(balance="1.00") as outer, mock_mturk(balance="2.00"):
        thread = threading.Thread(target=lambda: answers.append(balance_of(outer.client())))
        thread.start()
        thread.join()

    assert answers == ["1.00"]


def test_client_called_in_the_middle_of_another_mocks_call():
    """A call during a call goes to its own mock, and the outer call stays in its own."""
    with mock_mturk() as outer:
        client = outer.client()
        with mock_mturk() as inner:
            program = wait_once(make_client(), 5)
            program.meta.events.register(
                "before-send.mturk", lambda **event: balance_of(client) and None
            )
            before = inner.clock.now
            balance_of(program)
            assert inner.clock.now - before >= timedelta(seconds=5)
            assert [call.operation for call in outer.calls] == ["GetAccountBalance"] * 2


def test_retries_move_the_clock_of_the_mock_that_answers(monkeypatch):
    """The wait before a retry moves the clock of the mock that answers."""
    monkeypatch.setattr(time, "sleep", lambda seconds: pytest.fail("it waited"))
    with mock_mturk(now=NOW) as outer, mock_mturk(now=NOW) as inner:
        balance_of(wait_once(outer.client(), 5))
        assert outer.clock.now - NOW == timedelta(seconds=5)
        assert inner.clock.now == NOW


def test_retries_go_to_the_mock_that_answers():
    """A fault of the outer mock is retried there, with no call in the inner one."""
    with mock_mturk() as outer:
        outer.fail("GetAccountBalance", times=1)
        with mock_mturk() as inner:
            balance_of(outer.client())
            assert len(outer.calls) == 2
            assert inner.calls == []


def test_signatures_go_by_the_mock_that_answers():
    """A mock with accounts= signs for its own clients, even inside a mock without."""
    with mock_mturk(accounts=ACCOUNTS) as outer, mock_mturk() as inner:
        balance_of(outer.client(**KEYS))
        balance_of(inner.client(**KEYS))
        assert [call.requester for call in outer.calls] == ["lab one"]
        assert [call.requester for call in inner.calls] == ["default"]


def test_no_credentials_are_asked_for_by_an_inner_mock_with_accounts():
    """A client without keys of an outer mock without accounts= is not signed."""
    with mock_mturk(balance="1.00") as outer:
        client = outer.client(aws_access_key_id=None, aws_secret_access_key=None)
        with mock_mturk(accounts=ACCOUNTS):
            assert balance_of(client) == "1.00"
            with pytest.raises(NoCredentialsError):
                balance_of(make_client(aws_access_key_id=None, aws_secret_access_key=None))


# After the end ------------------------------------------------------------------------------


def test_client_after_its_mock_is_refused(make, wire):
    """The RuntimeError says which mock has ended and what to do; nothing is sent."""
    with mock_mturk(seed=7) as mturk:
        client = make(mturk)
        balance_of(client)

    assert refusal_of(lambda: balance_of(client)) == ENDED
    assert wire == []


def test_client_first_used_after_its_mock_is_refused(make, wire):
    """A client first used after its mock is refused too."""
    with mock_mturk(seed=7) as mturk:
        client = make(mturk)

    assert refusal_of(lambda: balance_of(client)) == ENDED
    assert wire == []


def test_client_made_after_the_mock_is_refused(make, wire):
    """A handle can create clients after its mock, but their calls are refused."""
    with mock_mturk(seed=7) as mturk:
        pass

    assert refusal_of(lambda: balance_of(make(mturk))) == ENDED
    assert wire == []


def test_client_after_its_mock_asks_for_no_credentials():
    """The call is refused before botocore looks for keys and raises NoCredentialsError."""
    with mock_mturk(seed=7) as mturk:
        client = mturk.client(aws_access_key_id=None, aws_secret_access_key=None)

    assert refusal_of(lambda: balance_of(client)) == ENDED


def test_client_after_its_mock_is_refused_inside_another(make):
    """Another active mock neither answers nor logs the call."""
    with mock_mturk(seed=7) as mturk:
        client = make(mturk)
        balance_of(client)

    with mock_mturk() as other:
        assert refusal_of(lambda: balance_of(client)) == ENDED
        assert other.calls == []


def test_client_of_the_inner_handle_is_refused_in_the_outer_mock():
    """After the inner mock, the outer mock does not answer the inner mock's clients."""
    with mock_mturk() as outer:
        with mock_mturk(seed=7) as inner:
            client = inner.client()
        assert refusal_of(lambda: balance_of(client)) == ENDED
        assert outer.calls == []


def test_client_in_the_next_use_of_the_same_mock_is_refused():
    """Each use of a mock has its own state and its own clients."""
    mock = mock_mturk(seed=7)
    with mock as mturk:
        client = mturk.client()
    with mock as again:
        assert refusal_of(lambda: balance_of(client)) == ENDED
        assert again.calls == []


@pytest.mark.parametrize(
    "event", ["before-call", "request-created", "choose-signer", "before-send"]
)
@pytest.mark.parametrize("outer", [True, False])
def test_client_in_the_middle_of_a_call_when_its_mock_ends_is_refused(wire, event, outer):
    """A call is refused if its mock ends during it, even inside another mock."""
    surrounding, mock = mock_mturk(), mock_mturk(seed=7)
    handle = surrounding.start() if outer else None
    client = mock.start().client()
    client.meta.events.register_first(f"{event}.mturk", lambda **rest: mock.stop())

    assert refusal_of(lambda: balance_of(client)) == ENDED
    assert wire == []
    if handle is not None:
        assert handle.calls == []
        surrounding.stop()


def test_client_that_waits_when_its_mock_ends_is_refused(wire):
    """A retry is refused if the mock ended during the wait."""
    mock = mock_mturk(seed=7)
    client = mock.start().client()
    ends = [lambda: None, lambda: mock.stop() or 0.001]

    client.meta.events.register_first("needs-retry.mturk", lambda **event: ends.pop()())
    assert refusal_of(lambda: balance_of(client)) == ENDED
    assert wire == []


# What does not end a mock -------------------------------------------------------------------


def test_client_after_reset_is_answered():
    """Clients stay valid after reset()."""
    with mock_mturk() as mturk:
        client = mturk.client()
        create_hit(client)
        mturk.reset()
        assert client.list_hits()["NumResults"] == 0


def test_client_made_in_isolated_is_answered_afterwards():
    """Clients stay valid inside and after isolated()."""
    with mock_mturk() as mturk:
        before = mturk.client()
        with mturk.isolated():
            inside = mturk.client()
            create_hit(before)
            assert inside.list_hits()["NumResults"] == 1
        assert inside.list_hits()["NumResults"] == 0


def test_client_after_restore_is_answered():
    """Clients stay valid after restore()."""
    with mock_mturk() as mturk:
        client = mturk.client()
        snapshot = mturk.snapshot()
        create_hit(client)
        mturk.restore(snapshot)
        assert client.list_hits()["NumResults"] == 0


# Whose the others are -----------------------------------------------------------------------


def test_client_of_the_program_belongs_to_the_innermost_mock():
    """A client of the program belongs to the innermost mock."""
    client = make_client()
    with mock_mturk(balance="1.00"):
        assert balance_of(client) == "1.00"
        with mock_mturk(balance="2.00"):
            assert balance_of(client) == "2.00"
        assert balance_of(client) == "1.00"


def test_current_is_the_innermost_handle_whose_client_is_its_own():
    """current() is the handle of the innermost mock, and its clients belong to that mock."""
    with mock_mturk(balance="1.00"):
        client = current().client()
        with mock_mturk(balance="2.00"):
            assert balance_of(current().client()) == "2.00"
            assert balance_of(client) == "1.00"


# Memory -------------------------------------------------------------------------------------


def test_client_keeps_no_mock_alive():
    """A client does not keep the state of its mock alive."""
    with mock_mturk(seed=7) as mturk:
        client = mturk.client()
        balance_of(client)
        backend = weakref.ref(mturk._backend)
    del mturk
    gc.collect()

    assert backend() is None
    assert refusal_of(lambda: balance_of(client)) == ENDED


# How they are made --------------------------------------------------------------------------


@pytest.mark.parametrize("given", [True, "us-east-1"])
def test_client_takes_keyword_arguments_only(given):
    """A positional argument raises a TypeError that names the two likely keyword arguments."""
    message = (
        f"client() takes keyword arguments only, not {given!r}: write sandbox=True for the "
        "sandbox, or an argument of boto3.client, such as region_name='us-east-1'"
    )
    with mock_mturk() as mturk, pytest.raises(TypeError, match=f"^{re.escape(message)}$"):
        mturk.requester("lab").client(given)


def test_client_shows_its_signature():
    """help() and editors show the signature of client()."""
    with mock_mturk() as mturk:
        signature = inspect.signature(mturk.requester("lab").client)

    assert list(signature.parameters) == ["sandbox", "boto3_kwargs"]
    assert signature.parameters["sandbox"].kind is inspect.Parameter.KEYWORD_ONLY


def test_misspelt_attribute_of_a_requester_is_refused():
    """Setting a misspelt attribute raises AttributeError."""
    with mock_mturk() as mturk, pytest.raises(AttributeError, match="balence"):
        mturk.requester("lab").balence = "5.00"
