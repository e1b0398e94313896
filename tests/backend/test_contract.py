"""The mock follows botocore's service model in its data files, its requests and its responses."""

from __future__ import annotations

import inspect
import json
from pathlib import Path

import botocore
import pytest
from botocore import xform_name
from botocore.exceptions import DataNotFoundError
from botocore.loaders import Loader
from botocore.model import ListShape, StructureShape
from botocore.validate import ParamValidator

import mturk_mock
from mturk_mock.backend import service_model
from mturk_mock.operations.registry import operations
from tests.backend.raw_requests import raw
from tests.helpers import (
    HIT_TYPE,
    HTML_QUESTION,
    NOW,
    OF_THE_HIT,
    accepted,
    create_hit,
    create_hit_type,
    expire,
    question_form,
)
from tests.notices import specification
from tests.policies import known_answers, plurality, scored_hit, submit_score
from tests.qualify import APPROVED, KEY, TEST, associate, requirement, type_id_of

DATA = Path(mturk_mock.__file__).parent / "data" / "mturk" / "2017-01-17"
MODEL = service_model.load()
OPERATIONS = sorted(MODEL.operation_names)

#: An example for each pattern in the service model.
EXAMPLES = {
    "^[A-Z0-9]+$": "3EXAMPLE",
    "^A[A-Z0-9]+$": "A1EXAMPLE",
    "^[0-9]+(\\.)?[0-9]{0,2}$": "1.00",
}
#: A QuestionForm with a file upload.
PICTURE_FORM = question_form(picture=None).replace(
    "<FreeTextAnswer/>",
    "<FileUploadAnswer><MaxFileSizeInBytes>9</MaxFileSizeInBytes>"
    "<MinFileSizeInBytes>1</MinFileSizeInBytes></FileUploadAnswer>",
)


def example(shape):
    """Return a minimal valid value of a shape."""
    facts = service_model.facts(shape)
    if isinstance(shape, StructureShape):
        return {name: example(shape.members[name]) for name in shape.required_members}
    if isinstance(shape, ListShape):
        return [example(shape.member)]
    if shape.type_name == "string":
        return (
            facts["enum"][0] if "enum" in facts else EXAMPLES[facts.get("pattern", "^[A-Z0-9]+$")]
        )
    return {"integer": 1, "long": 60, "boolean": True, "timestamp": NOW}[shape.type_name]


# The data files -----------------------------------------------------------------------------


def facts_of(description):
    """Return a description without its documentation."""
    if isinstance(description, dict):
        facts = {name: facts_of(value) for name, value in description.items()}
        if isinstance(facts.get("documentation", ""), str):
            facts.pop("documentation", None)
        return facts
    if isinstance(description, list):
        return [facts_of(value) for value in description]
    return description


@pytest.fixture(params=["service-2", "paginators-1"])
def described(request):
    """Return our description and botocore's own; skip the test if botocore has none."""
    ours = json.loads((DATA / f"{request.param}.json").read_text())
    try:
        theirs = Loader().load_data(f"mturk/2017-01-17/{request.param}")
    except DataNotFoundError:
        pytest.skip(f"botocore {botocore.__version__} has no {request.param} of mturk")
    return ours, facts_of(theirs)


def test_description_equals_botocore_s(described):
    """Operations, shapes and paginators equal botocore's; old versions have less metadata."""
    ours, theirs = described
    metadata = theirs.pop("metadata", {})

    assert {name: ours[name] for name in ours if name != "metadata"} == theirs
    assert metadata.items() <= ours.get("metadata", {}).items()


def test_description_has_no_prose():
    """The data file contains no documentation."""
    description = json.loads((DATA / "service-2.json").read_text())

    assert facts_of(description) == description


def test_description_has_39_operations():
    """The service model has the 39 operations of the API."""
    assert len(MODEL.operation_names) == 39


def test_paginators_are_of_existing_operations():
    """Each paginator names an existing operation and existing members."""
    paginators = json.loads((DATA / "paginators-1.json").read_text())["pagination"]

    assert paginators
    for name, config in paginators.items():
        asked = MODEL.operation_model(name).input_shape.members.keys()
        answered = MODEL.operation_model(name).output_shape.members.keys()
        assert {config["input_token"], config["limit_key"]} <= asked
        assert {config["output_token"], config["result_key"]} <= answered


# Requests -----------------------------------------------------------------------------------


def test_operations_are_those_of_the_model():
    """Each operation of the API has a function; the only other function is ExtendHIT of 2008."""
    assert sorted(operations()) == sorted([*OPERATIONS, "ExtendHIT"])


@pytest.mark.parametrize("name", OPERATIONS)
def test_operation_parameters_are_members(name):
    """Every parameter of the function is a member of the operation's input, in boto3's spelling."""
    members = {xform_name(member) for member in MODEL.operation_model(name).input_shape.members}
    _, *parameters = inspect.signature(operations()[name]).parameters.values()
    named = {p.name for p in parameters if p.kind is p.KEYWORD_ONLY}

    assert named <= members
    if not any(p.kind is p.VAR_KEYWORD for p in parameters):
        assert named == members


@pytest.mark.parametrize("name", OPERATIONS)
def test_operation_needs_only_what_is_required(name):
    """Parameters without a default are required members of the input."""
    shape = MODEL.operation_model(name).input_shape
    needed = {
        p.name
        for p in inspect.signature(operations()[name]).parameters.values()
        if p.kind is p.KEYWORD_ONLY and p.default is p.empty
    }

    assert needed <= {xform_name(member) for member in shape.required_members}


@pytest.fixture
def world(mturk, mturk_client):
    """Return requests that succeed, one for each operation."""
    return {
        **requests_for_hits(mturk, mturk_client),
        **requests_for_qualifications(mturk, mturk_client),
        **requests_for_the_rest(mturk, mturk_client),
    }


def requests_for_hits(mturk, client):
    hit = create_hit(client, MaxAssignments=3)
    hit_id, type_id = hit["HITId"], hit["HITTypeId"]
    bonus, other = (mturk.worker().accept(hit_id).submit({"x": "1"}) for _ in range(2))
    idle, finished = (create_hit(client)["HITId"] for _ in range(2))
    expire(client, finished)
    assignment = {"AssignmentId": other.id}
    return {
        "ApproveAssignment": assignment,
        "CreateAdditionalAssignmentsForHIT": {
            "HITId": hit_id,
            "NumberOfAdditionalAssignments": 1,
        },
        "CreateHIT": {**HIT_TYPE, **OF_THE_HIT},
        "CreateHITType": HIT_TYPE,
        "CreateHITWithHITType": {"HITTypeId": type_id, **OF_THE_HIT},
        "DeleteHIT": {"HITId": finished},
        "GetAssignment": assignment,
        "GetHIT": {"HITId": hit_id},
        "ListAssignmentsForHIT": {"HITId": hit_id},
        "ListBonusPayments": {"HITId": hit_id},
        "ListHITs": {},
        "ListReviewableHITs": {},
        "RejectAssignment": {**assignment, "RequesterFeedback": "no"},
        "SendBonus": {
            "WorkerId": bonus.worker_id,
            "AssignmentId": bonus.id,
            "BonusAmount": "1.00",
            "Reason": "Thanks",
        },
        "UpdateExpirationForHIT": {"HITId": hit_id, "ExpireAt": 0},
        "UpdateHITReviewStatus": {"HITId": finished},
        "UpdateHITTypeOfHIT": {"HITId": idle, "HITTypeId": type_id},
    }


def requests_for_qualifications(mturk, client):
    """Three types: one that a HIT requires, one granted and requested, one to delete."""
    names = ("required", "granted", "unused")
    required_id, granted_id, unused_id = (type_id_of(client, Name=name) for name in names)
    create_hit(client, QualificationRequirements=[requirement(required_id)])
    owner, applicant = mturk.worker(), mturk.worker()
    associate(client, granted_id, owner.id)
    granted = {"QualificationTypeId": granted_id}
    request = {"QualificationRequestId": applicant.request_qualification(granted_id).id}
    return {
        "AcceptQualificationRequest": request,
        "AssociateQualificationWithWorker": {**granted, "WorkerId": applicant.id},
        "CreateQualificationType": {
            "Name": "Speaks French",
            "Description": "Reads and writes it",
            "QualificationTypeStatus": "Active",
        },
        "DeleteQualificationType": {"QualificationTypeId": unused_id},
        "DisassociateQualificationFromWorker": {**granted, "WorkerId": owner.id},
        "GetQualificationScore": {**granted, "WorkerId": owner.id},
        "GetQualificationType": granted,
        "ListHITsForQualificationType": {"QualificationTypeId": required_id},
        "ListQualificationRequests": granted,
        "ListQualificationTypes": {"MustBeRequestable": True},
        "ListWorkersWithQualificationType": granted,
        "RejectQualificationRequest": request,
        "UpdateQualificationType": granted,
    }


def requests_for_the_rest(mturk, client):
    """Requests about workers, notifications, review results, and a file upload."""
    person = {"WorkerId": mturk.worker().id}
    both = {"HITReviewPolicy": plurality(QuestionIds="q1")}
    hit_id = scored_hit(client, RejectIfKnownAnswerScoreIsLessThan=50, of_the_hit=both)
    submit_score(mturk, hit_id, 25)
    picture = accepted(client, mturk.worker(), Question=PICTURE_FORM).submit({"picture": b"x"})
    return {
        "CreateWorkerBlock": {**person, "Reason": "spam"},
        "DeleteWorkerBlock": person,
        "GetAccountBalance": {},
        "GetFileUploadURL": {"AssignmentId": picture.id, "QuestionIdentifier": "picture"},
        "ListReviewPolicyResultsForHIT": {"HITId": hit_id},
        "ListWorkerBlocks": {},
        "NotifyWorkers": {
            "Subject": "s",
            "MessageText": "t",
            "WorkerIds": [person["WorkerId"]],
        },
        "SendTestEventNotification": {"Notification": specification(), "TestEventType": "Ping"},
        "UpdateNotificationSettings": {
            "HITTypeId": create_hit_type(client),
            "Notification": specification(),
        },
    }


#: Operations to call before an operation, or before an operation with this member.
BEFORE = {
    "UpdateHITReviewStatus Revert": ["UpdateHITReviewStatus"],
    "ListBonusPayments": ["SendBonus"],
    "ListWorkerBlocks": ["CreateWorkerBlock"],
}


def call(client, name, params):
    """Call an operation by its name in the API, and return the answer without its metadata."""
    answer = getattr(client, xform_name(name))(**params)
    del answer["ResponseMetadata"]
    return answer


#: Valid values of members for which the minimal value of the shape is invalid.
GIVEN = {
    "QualificationRequirements": [requirement(APPROVED, "GreaterThan", IntegerValues=[5])],
    "AssignmentReviewPolicy": known_answers(),
    "HITReviewPolicy": plurality(),
    "HITLayoutParameters": [{"Name": "animal", "Value": "cat"}],
    "Test": TEST,
    "AnswerKey": KEY,
}
#: Members that are valid only together.
TOGETHER = {
    "HITLayoutId": ["HITLayoutParameters"],
    "HITLayoutParameters": ["HITLayoutId"],
    "Test": ["TestDurationInSeconds"],
    "AnswerKey": ["Test", "TestDurationInSeconds"],
}
LAYOUT = "<!DOCTYPE html><html><head><title>?</title></head><body>${animal}</body></html>"


def request_with(mturk, client, world, name, member):
    """Return a valid request of the operation that has this member too."""
    members = MODEL.operation_model(name).input_shape.members
    params = {each: example(members[each]) for each in (member, *TOGETHER.get(member, []))}
    params |= {each: value for each, value in GIVEN.items() if each in params}
    params |= world[name]
    if member == "NextToken":
        params["NextToken"] = call(client, name, {**world[name], "MaxResults": 1})["NextToken"]
    if (name, member) == ("ListBonusPayments", "AssignmentId"):
        params["AssignmentId"] = world["SendBonus"]["AssignmentId"]
    if "HITLayoutId" in params:
        params["HITLayoutId"] = mturk.add_layout(LAYOUT)
        del params["Question"]
    return params


@pytest.mark.parametrize("name", OPERATIONS)
def test_operation_takes_every_member(mturk, mturk_client, world, name):
    """A request with any member succeeds, and the call log shows the member as it was given."""
    for member in MODEL.operation_model(name).input_shape.members:
        with mturk.isolated():  # every request starts from the same state
            for earlier in [*BEFORE.get(name, []), *BEFORE.get(f"{name} {member}", [])]:
                call(mturk_client, earlier, world[earlier])
            params = request_with(mturk, mturk_client, world, name, member)
            call(mturk_client, name, params)
            made = mturk.calls[-1]
        assert (made.operation, made.error) == (name, None), member
        assert made.params == params, member


@pytest.mark.parametrize("name", ["Fly", "ExtendHIT"])
def test_operation_unknown_is_refused(mturk, name):
    """An unknown operation is an UnknownOperationException; so is ExtendHIT of 2008."""
    response, said = raw(mturk, name, {})

    assert response.status == 400
    assert said == {
        "__type": "UnknownOperationException",
        "message": f"The requested operation {name} is not known to Mechanical Turk.",
    }


# Responses ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", OPERATIONS)
def test_operation_answers_in_its_output_shape(mturk_client, world, name):
    """Every response is valid by botocore's own validation of the output shape."""
    for earlier in BEFORE.get(name, []):
        call(mturk_client, earlier, world[earlier])

    answer = call(mturk_client, name, world[name])

    output_shape = MODEL.operation_model(name).output_shape
    report = ParamValidator().validate(answer, output_shape)
    assert not report.has_errors(), report.generate_report()
    assert answer or not output_shape.members


LISTS = {name for name in OPERATIONS if name.startswith("List")}
REVIEW = "ListReviewPolicyResultsForHIT"


@pytest.mark.parametrize("name", sorted(LISTS - {REVIEW}))
def test_list_operation_answers_with_something(mturk_client, world, name):
    """The lists in these responses are not empty, so that their items are validated too."""
    for earlier in BEFORE.get(name, []):
        call(mturk_client, earlier, world[earlier])

    assert call(mturk_client, name, world[name])["NumResults"] >= 1


@pytest.mark.parametrize("level", ["Assignment", "HIT"])
def test_list_of_review_results_answers_with_something(mturk_client, world, level):
    """The lists of both review reports, which have no NumResults, are not empty either."""
    report = call(mturk_client, REVIEW, world[REVIEW])[f"{level}ReviewReport"]

    assert report["ReviewResults"]
    assert report["ReviewActions"]


def test_call_log_has_the_answer_as_boto3_shows_it(mturk, mturk_client, world):
    """The result in the call log equals the response that the program got."""
    hit = call(mturk_client, "GetHIT", world["GetHIT"])

    assert mturk.calls[-1].result == hit
    assert hit["HIT"]["Question"] == HTML_QUESTION
