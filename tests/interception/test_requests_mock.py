"""The requests_mock package, which replaces parts of `requests`, together with the mock."""

from __future__ import annotations

from contextlib import ExitStack

import pytest
import requests

from mturk_mock import mock_mturk
from tests.clients import Sent
from tests.interception.test_requests_interception import OURS, OURS_ANSWERS, THEIRS, read_ours

requests_mock = pytest.importorskip("requests_mock", reason="it is among the test extras")


@pytest.mark.parametrize("real_http", [False, True])
@pytest.mark.parametrize("first", ["ours", "theirs"])
def test_request_of_ours_beside_requests_mock(sent, first, real_http):
    """The mock answers although requests_mock replaces `Session.get_adapter`."""
    mocks = [mock_mturk(), requests_mock.Mocker(real_http=real_http)]
    with ExitStack() as stack:
        for mock in mocks if first == "ours" else reversed(mocks):
            stack.enter_context(mock)
        mocks[1].get(THEIRS, text="theirs")
        assert read_ours() == (400, OURS_ANSWERS)
        assert requests.get(THEIRS).text == "theirs"
    assert sent == []


def test_request_of_ours_by_a_session_used_with_requests_mock_before(sent):
    """A session keeps the `get_adapter` that requests_mock has set."""
    session = requests.Session()
    with requests_mock.Mocker() as theirs:
        theirs.get(THEIRS, text="theirs")
        session.get(THEIRS)
    assert "get_adapter" in vars(session)
    with mock_mturk():
        assert session.get(OURS).text == OURS_ANSWERS
    assert sent == []


def test_request_of_ours_by_a_session_that_requests_mock_mocks_alone(sent):
    """requests_mock can mock a single session."""
    session = requests.Session()
    with mock_mturk(), requests_mock.Mocker(session=session, real_http=True):
        assert session.get(OURS).text == OURS_ANSWERS
    assert sent == []


def test_request_that_is_not_ours_passes_requests_mock_to_the_network(sent, mturk):
    """real_http sends requests to other hosts."""
    with requests_mock.Mocker(real_http=True), pytest.raises(Sent):
        requests.get(THEIRS)
    assert sent == ["theirs.example"]
