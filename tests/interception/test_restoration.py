"""After the last mock, the environment and botocore are as before."""

from __future__ import annotations

import gc
import os
import weakref

import boto3
import botocore.endpoint
import botocore.handlers
import botocore.session
import pytest

from mturk_mock import mock_mturk
from tests.clients import KEYS, Sent, balance_of, make_client


def handlers_of(emitter):
    """Return all handlers of an emitter, by event."""
    nodes = [("", emitter._emitter._handlers._root)]
    found = {}
    while nodes:
        name, node = nodes.pop()
        if node["values"] and any(node["values"]):
            found[name] = [list(section) for section in node["values"]]
        nodes += [(f"{name}.{key}", child) for key, child in node["children"].items()]
    return found


def state_of(client):
    """Return everything that a mock could change and not restore."""
    return {
        "make_request": botocore.endpoint.Endpoint.make_request,
        "endpoint": dict(vars(botocore.endpoint.Endpoint)),
        "handlers": handlers_of(client.meta.events),
        "unique_ids": dict(client.meta.events._emitter._unique_id_handlers),
        "builtin_handlers": list(botocore.handlers.BUILTIN_HANDLERS),
        "default_session": boto3.DEFAULT_SESSION,
        "environment": dict(os.environ),
    }


def use(client):
    """Make an answered call and a refused one."""
    balance_of(client)
    with pytest.raises(client.exceptions.RequestError):
        client.get_hit(HITId="3NONE")


@pytest.fixture
def client():
    """Return a client that outlives the mocks."""
    with mock_mturk():  # its end takes off what monkeypatch has brought back in other tests
        return make_client()


def test_after_one_mock_all_is_as_before(client):
    """A client that was answered is restored."""
    before = state_of(client)
    with mock_mturk():
        use(client)
        assert state_of(client) != before

    assert state_of(client) == before


def test_after_nested_mocks_all_is_as_before(client):
    """The patches of nested mocks are removed when the outer mock ends."""
    before = state_of(client)
    with mock_mturk():
        patched = botocore.endpoint.Endpoint.make_request
        with mock_mturk():
            use(client)
        assert botocore.endpoint.Endpoint.make_request is patched
        use(client)

    assert state_of(client) == before


@pytest.mark.parametrize("order", [(0, 1, 2), (1, 0, 2), (2, 0, 1), (1, 2, 0)])
def test_after_mocks_that_end_in_any_order_all_is_as_before(client, order):
    """The last mock to end removes the patches."""
    before = state_of(client)
    mocks = [mock_mturk() for _ in order]
    for mock in mocks:
        mock.start()
    for place in order:
        use(client)
        mocks[place].stop()

    assert state_of(client) == before


def test_after_an_exception_all_is_as_before(client):
    """An exception in the block leaves nothing behind."""
    before = state_of(client)

    @mock_mturk
    def program():
        use(client)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        program()
    assert state_of(client) == before


def test_again_and_again_nothing_piles_up(client):
    """A hundred mocks leave no more behind than one."""
    before = state_of(client)
    for _ in range(100):
        with mock_mturk():
            balance_of(client)

    assert state_of(client) == before


def test_client_made_inside_is_as_made_outside(client):
    """Handlers are removed from clients created inside the mock too."""
    with mock_mturk():
        inside = make_client()
        balance_of(inside)

    assert handlers_of(inside.meta.events).keys() == handlers_of(client.meta.events).keys()


def test_client_in_use_is_not_kept_alive():
    """The mock keeps no client alive."""
    with mock_mturk():
        client = make_client()
        balance_of(client)
        emitter = weakref.ref(client.meta.events)
        del client
        gc.collect()
        assert emitter() is None


def test_environment_inside_is_as_outside(client):
    """The mock sets no environment variable."""
    before = dict(os.environ)
    with mock_mturk() as mturk:
        use(client)
        use(mturk.client())
        assert dict(os.environ) == before


def test_default_session_is_not_made():
    """A handle's clients use their own session."""
    before = boto3.DEFAULT_SESSION
    with mock_mturk() as mturk:
        use(mturk.client())
        assert boto3.DEFAULT_SESSION is before


def test_keys_are_not_put_into_other_clients(monkeypatch, wire):
    """After the mock, a client signs with the program's keys."""
    monkeypatch.setattr("boto3.DEFAULT_SESSION", None)
    client = boto3.client("mturk", region_name="us-east-1", **KEYS)
    signatures = []
    client.meta.events.register(
        "before-send.mturk",
        lambda request, **event: signatures.append(request.headers.get("Authorization")),
    )
    with mock_mturk():
        balance_of(client)
    with pytest.raises(Sent):
        balance_of(client)

    inside, after = signatures
    assert inside is None
    assert KEYS["aws_access_key_id"] in after.decode()


def test_wrapper_put_around_inside_survives(monkeypatch, client):
    """A wrapper of make_request set during the mock stays and works."""
    seen = []

    with mock_mturk():
        ours = botocore.endpoint.Endpoint.make_request

        def wrapper(endpoint, operation_model, request_dict):
            seen.append(operation_model.name)
            return ours(endpoint, operation_model, request_dict)

        monkeypatch.setattr("botocore.endpoint.Endpoint.make_request", wrapper)
        balance_of(client)

    assert botocore.endpoint.Endpoint.make_request is wrapper
    assert seen == ["GetAccountBalance"]


def test_wrapper_put_around_inside_is_without_effect_afterwards(monkeypatch, client, wire):
    """After the mock, the part of it that such a wrapper calls has no effect."""
    before = handlers_of(client.meta.events)
    with mock_mturk():
        ours = botocore.endpoint.Endpoint.make_request
        wrapper = lambda *args: ours(*args)  # noqa: E731
        monkeypatch.setattr("botocore.endpoint.Endpoint.make_request", wrapper)

    with pytest.raises(Sent):
        balance_of(client)
    assert handlers_of(client.meta.events) == before


def test_wrapper_put_around_inside_next_mock_answers(monkeypatch, client):
    """The next mock works through such a wrapper, and leaves it in place."""
    with mock_mturk():
        ours = botocore.endpoint.Endpoint.make_request
        wrapper = lambda *args: ours(*args)  # noqa: E731
        monkeypatch.setattr("botocore.endpoint.Endpoint.make_request", wrapper)

    with mock_mturk(balance="12.34"):
        assert balance_of(client) == "12.34"
    assert botocore.endpoint.Endpoint.make_request is wrapper


def test_wrapper_taken_off_after_each_mock_leaves_nothing(client):
    """1,500 rounds of a library that wraps inside each mock and restores after it."""
    before = state_of(client)
    for _ in range(1500):
        with mock_mturk():
            saved = botocore.endpoint.Endpoint.make_request
            botocore.endpoint.Endpoint.make_request = lambda *args, saved=saved: saved(*args)
        botocore.endpoint.Endpoint.make_request = saved
    with mock_mturk(balance="12.34"):
        assert balance_of(client) == "12.34"

    assert state_of(client) == before


def test_wrapper_taken_off_inside_the_next_mock_leaves_it_on(client):
    """A leftover of an ended mock that a library restores answers for the active mock."""
    before = state_of(client)
    with mock_mturk():
        saved = botocore.endpoint.Endpoint.make_request
        botocore.endpoint.Endpoint.make_request = lambda *args: saved(*args)
    with mock_mturk(balance="12.34"):
        botocore.endpoint.Endpoint.make_request = saved
        assert balance_of(client) == "12.34"
    with mock_mturk():
        pass

    assert state_of(client) == before
