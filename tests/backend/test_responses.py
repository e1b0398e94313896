"""Responses compared with recorded ones: JSON, times, headers and errors."""

from __future__ import annotations

import json
import re
from datetime import datetime, timezone

import pytest

from mturk_mock import mock_mturk
from mturk_mock.backend.serializer import java_double
from tests.backend.raw_requests import raw
from tests.helpers import NOTHING, NOW, hit_params, html_question, submitted

pytestmark = pytest.mark.mock_mturk(seed=1, now=NOW)

UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"


# JSON -------------------------------------------------------------------------------------


def test_body_is_compact_json(mturk):
    """Responses are JSON without blanks: CreateHITType's recorded one has 46 bytes. [observed]"""
    params = hit_params()
    del params["Question"], params["LifetimeInSeconds"]

    response, said = raw(mturk, "CreateHITType", params)

    assert len(response.body) == 46
    assert response.body == b'{"HITTypeId":"%s"}' % said["HITTypeId"].encode()


def test_body_without_output_is_an_empty_object(mturk):
    """Operations without output return {}. [observed]"""
    response, _ = raw(mturk, "CreateWorkerBlock", {"WorkerId": "A1", "Reason": "Spam"})

    assert response.body == b"{}"


def test_hit_has_the_recorded_keys_in_their_order(mturk):
    """Absent members have no key; null does not occur. [observed]"""
    _, said = raw(mturk, "CreateHIT", hit_params())

    assert list(said["HIT"]) == [
        "HITId",
        "HITTypeId",
        "HITGroupId",
        "CreationTime",
        "Title",
        "Description",
        "Question",
        "HITStatus",
        "MaxAssignments",
        "Reward",
        "AutoApprovalDelayInSeconds",
        "Expiration",
        "AssignmentDurationInSeconds",
        "QualificationRequirements",
        "HITReviewStatus",
        "NumberOfAssignmentsPending",
        "NumberOfAssignmentsAvailable",
        "NumberOfAssignmentsCompleted",
    ]


def test_assignment_has_the_recorded_keys_in_their_order(mturk, mturk_client):
    """The keys are in the order of recordings from 2021. [observed] [assumed] keys of the review"""
    assignment = submitted(mturk_client, mturk.worker())
    mturk_client.reject_assignment(AssignmentId=assignment.id, RequesterFeedback="No")
    mturk_client.get_assignment(AssignmentId=assignment.id)

    body = json.loads(mturk.calls[-1].body)

    assert list(body) == ["Assignment", "HIT"]
    assert list(body["Assignment"]) == [
        "AssignmentId",
        "WorkerId",
        "HITId",
        "AssignmentStatus",
        "AutoApprovalTime",
        "AcceptTime",
        "SubmitTime",
        "RejectionTime",
        "Answer",
        "RequesterFeedback",
    ]


@pytest.mark.parametrize("given", [{}, {"RequiredToPreview": True}, {"RequiredToPreview": False}])
def test_requirement_has_the_services_defaults(mturk, given):
    """The response fills in ActionsGuarded and RequiredToPreview. [observed]"""
    requirement = {
        "QualificationTypeId": "00000000000000000071",
        "Comparator": "EqualTo",
        "LocaleValues": [{"Country": "US"}],
        **given,
    }
    _, said = raw(mturk, "CreateHIT", hit_params(QualificationRequirements=[requirement]))

    assert said["HIT"]["QualificationRequirements"] == [
        {"RequiredToPreview": False, "ActionsGuarded": "Accept", **requirement}
    ]


def test_body_is_ascii(mturk):
    """Characters outside of ASCII are escaped. [assumed]"""
    params = hit_params(Title="é—😀", Question=html_question("\u2028"))

    response, said = raw(mturk, "CreateHIT", params)

    assert response.body.isascii()
    assert said["HIT"]["Title"] == "é—😀"
    assert said["HIT"]["Question"] == params["Question"]


# Times ------------------------------------------------------------------------------------


def test_times_are_java_doubles_in_whole_seconds():
    """Times are whole seconds, as in May 2019: 1.558393704E9, 13 characters. [observed]"""
    with mock_mturk(now=datetime(2019, 5, 20, 23, 8, 24, 999_999, timezone.utc)) as mturk:
        mturk.client().create_hit(**hit_params(LifetimeInSeconds=36))
        body = mturk.calls[0].body

    assert b'"CreationTime":1.558393704E9,' in body
    assert b'"Expiration":1.55839374E9,' in body


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (1_558_393_704, "1.558393704E9"),
        (1_558_393_700, "1.5583937E9"),
        (1_000_000_000, "1.0E9"),
        (9_999_999_999, "9.999999999E9"),
        (10_000_000_000, "1.0E10"),
        (10_000_000, "1.0E7"),
        (9_999_999, "9999999.0"),
        (1, "1.0"),
        (0, "0.0"),
        (-1, "-1.0"),
        (-62_135_596_800, "-6.21355968E10"),
    ],
)
def test_java_double(value, written):
    """Whole numbers are written as by Double.toString, and JSON reads them back. [observed]"""
    assert java_double(value) == written
    assert json.loads(written) == value


def test_times_reach_programs_as_aware_datetimes(mturk_client):
    """Expiration is exactly CreationTime plus the lifetime. [observed]"""
    hit = mturk_client.create_hit(**hit_params(LifetimeInSeconds=3600))["HIT"]

    assert hit["CreationTime"] == NOW
    assert hit["CreationTime"].tzinfo is not None
    assert (hit["Expiration"] - hit["CreationTime"]).total_seconds() == 3600


# Headers ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("operation", "params"), [("ListHITs", {}), ("GetHIT", {"HITId": NOTHING}), ("GetHIT", {})]
)
def test_headers(mturk, operation, params):
    """Responses, errors and failed validations have the recorded headers. [observed]"""
    response, _ = raw(mturk, operation, params)

    request_id = response.headers.pop("x-amzn-RequestId")
    assert re.fullmatch(UUID, request_id)
    assert response.headers == {
        "Content-Type": "application/x-amz-json-1.1",
        "Content-Length": str(len(response.body)),
        "Date": "Thu, 01 Jan 2026 00:00:00 GMT",
    }


def test_response_metadata_as_boto3_shows_it(mturk_client):
    """ResponseMetadata has status 200, no retries, and the RequestId of the header. [observed]"""
    metadata = mturk_client.list_hits()["ResponseMetadata"]

    assert (metadata["HTTPStatusCode"], metadata["RetryAttempts"]) == (200, 0)
    assert metadata["RequestId"] == metadata["HTTPHeaders"]["x-amzn-requestid"]
    assert set(metadata["HTTPHeaders"]) == {
        "x-amzn-requestid",
        "content-type",
        "content-length",
        "date",
    }


def test_request_ids_are_all_different(mturk_client):
    """Each response has its own RequestId. [observed]"""
    ids = {mturk_client.list_hits()["ResponseMetadata"]["RequestId"] for _ in range(20)}

    assert len(ids) == 20


# Errors -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("environment", "stamp"),
    [("production", "(1767225600000)"), ("sandbox", "(1767225600000 s)")],
)
def test_request_error_body(mturk, environment, stamp):
    """The keys are in the recorded order; the message ends with the service's time. [observed]"""
    response, _ = raw(mturk, "GetHIT", {"HITId": "3PR3LX"}, environment)

    assert response.status == 400
    assert response.body.decode() == (
        '{"__type":"RequestError","Message":"Hit 3PR3LX does not exist. ' + stamp + '",'
        '"TurkErrorCode":"AWS.MechanicalTurk.HITDoesNotExist"}'
    )


@pytest.mark.parametrize(
    ("environment", "stamp"),
    [("production", "(1767225600000)"), ("sandbox", "(1767225600000 s)")],
)
def test_parameter_validation_error_body(mturk, environment, stamp):
    """Parameter is between Message and TurkErrorCode. [observed]"""
    params = hit_params()
    del params["Title"], params["Description"], params["Reward"]
    del params["AssignmentDurationInSeconds"]

    response, _ = raw(mturk, "CreateHITWithHITType", {"HITTypeId": "3A", **params}, environment)

    assert response.status == 400
    assert response.body.decode() == (
        '{"__type":"ParameterValidationError",'
        '"Message":"The value \\"3A\\" is not valid for the parameter HITTypeId. ' + stamp + '",'
        '"Parameter":"HITTypeId","TurkErrorCode":"AWS.MechanicalTurk.InvalidParameterValue"}'
    )


def test_parameter_combination_error_body(mturk):
    """It has its own type, a stamp, and no Parameter. [observed] text, [assumed] the rest"""
    response, _ = raw(mturk, "CreateHIT", hit_params(HITLayoutId="3A"))

    assert response.body.decode() == (
        '{"__type":"InvalidParameterCombinationError",'
        '"Message":"The combination of parameters supplied to the request is invalid: '
        'Question, HITLayoutId. (1767225600000)",'
        '"TurkErrorCode":"AWS.MechanicalTurk.InvalidParameterValue"}'
    )


@pytest.mark.parametrize("environment", ["production", "sandbox"])
def test_validation_exception_body(mturk, environment):
    """There is no TurkErrorCode and no stamp [observed]; the key is `message`. [assumed]"""
    response, _ = raw(mturk, "GetHIT", {}, environment)

    assert response.status == 400
    assert response.body.decode() == (
        '{"__type":"ValidationException","message":"1 validation error detected: '
        "Value null at 'hITId' failed to satisfy constraint: Member must not be null\"}"
    )


def test_stamp_is_the_time_of_the_refusal():
    """The stamp is the time of the error [observed], in truncated milliseconds. [assumed]"""
    with mock_mturk(now=datetime(2021, 6, 18, 20, 21, 13, 908_999, timezone.utc)) as mturk:
        client = mturk.client()
        with pytest.raises(client.exceptions.RequestError) as caught:
            client.get_hit(HITId="3PR3LX")

    assert caught.value.response["Message"] == "Hit 3PR3LX does not exist. (1624047673908)"
