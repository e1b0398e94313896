"""Invalid responses are never sent: results that do not fit the output shape, and bugs."""

from __future__ import annotations

import re

import pytest

from mturk_mock.backend.serializer import ContractError, encode_result
from mturk_mock.operations import registry
from tests.helpers import NOW

pytestmark = pytest.mark.mock_mturk(seed=1, now=NOW)


@pytest.mark.parametrize(
    ("result", "message"),
    [
        ({"HITs": [], "Total": 3}, "ListHITsResponse has no member Total"),
        ({"HITs": [{"HITID": "A"}]}, "HIT has no member HITID"),
        ({"HITs": [{"HITStatus": "Expired"}]}, "HITStatus has no value 'Expired'"),
        ({"NumResults": "3"}, "'3' is not an integer"),
        ({"NumResults": True}, "True is not an integer"),
        ({"NumResults": 3.0}, "3.0 is not an integer"),
        ({"NextToken": None}, "None is not a string"),
        ({"NextToken": 5}, "5 is not a string"),
        ({"HITs": [{"CreationTime": 1.5}]}, "1.5 is not an integer"),
        (
            {"HITs": [{"QualificationRequirements": [{"RequiredToPreview": 1}]}]},
            "1 is not a boolean",
        ),
    ],
)
def test_serializer_refuses_what_the_shape_does_not_have(result, message):
    """A result that does not fit the output shape raises ContractError."""
    with pytest.raises(ContractError, match=f"^{re.escape(message)}$"):
        encode_result("ListHITs", result)


def test_serializer_refuses_output_of_an_operation_without():
    """A result of an operation without output raises ContractError."""
    with pytest.raises(ContractError, match="DeleteHITResponse has no member HITId"):
        encode_result("DeleteHIT", {"HITId": "A"})


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (lambda call: {"HITs": [{"HITID": "A"}]}, "ContractError: HIT has no member HITID"),
        (lambda call: {"NumResults": 1 // 0}, "ZeroDivisionError: .*"),
        (lambda call: None, "AttributeError: .*"),
        (lambda call, *, hit_id: {}, "TypeError: .*hit_id.*"),
    ],
)
def test_bug_of_ours_is_a_runtime_error_that_names_the_operation(
    mturk, mturk_client, monkeypatch, answer, problem
):
    """A bug in the mock raises RuntimeError in the program, not an error of the service."""
    monkeypatch.setitem(registry.operations(), "ListHITs", answer)

    message = rf"^a bug in mturk_mock: it could not answer ListHITs \({problem}\)$"
    with pytest.raises(RuntimeError, match=message) as caught:
        mturk_client.list_hits()

    assert caught.value.__cause__ is not None


def test_after_a_bug_of_ours_the_mock_goes_on(mturk, mturk_client, monkeypatch):
    """After a bug in one operation the lock is free, and other operations work."""
    monkeypatch.setitem(registry.operations(), "ListHITs", lambda call: None)
    with pytest.raises(RuntimeError):
        mturk_client.list_hits()

    assert mturk_client.get_account_balance()["AvailableBalance"] == "10000.00"
