"""Validation by the service's framework: requests through boto3, and requests it would not send."""

from __future__ import annotations

import pytest

from tests.backend.raw_requests import raw
from tests.helpers import NOTHING, NOW, hit_params, refusal

pytestmark = pytest.mark.mock_mturk(seed=1, now=NOW)

ID_PATTERN = "Member must satisfy regular expression pattern: ^[A-Z0-9]+$"
NOT_NULL = "Member must not be null"


def problem(value, member, rule):
    return f"Value {value} at '{member}' failed to satisfy constraint: {rule}"


def invalid(*problems):
    """Return a ValidationException as boto3 shows it: without TurkErrorCode and stamp."""
    count = "1 validation error" if len(problems) == 1 else f"{len(problems)} validation errors"
    return "ValidationException", None, f"{count} detected: {'; '.join(problems)}"


# Through boto3: maximum, pattern, enum ----------------------------------------------------


def test_id_of_64_characters_is_allowed(mturk_client):
    """An ID of 64 characters, the maximum [doc], passes validation."""
    code, turk_code, _ = refusal(mturk_client.get_hit, HITId="A" * 64)

    assert (code, turk_code) == ("RequestError", "AWS.MechanicalTurk.HITDoesNotExist")


def test_id_of_65_characters_is_refused(mturk_client):
    """An ID of 65 characters is a ValidationException. [doc] the number, [assumed] text"""
    id_ = "A" * 65

    assert refusal(mturk_client.get_hit, HITId=id_) == invalid(
        problem(f"'{id_}'", "hITId", "Member must have length less than or equal to 64")
    )


@pytest.mark.parametrize("id_", ["abc", "A-B", " A", "A\n", "Ä", "\u0661"])
def test_id_of_wrong_letters_is_refused(mturk_client, id_):
    """An ID has uppercase ASCII letters and digits only. [observed] text"""
    assert refusal(mturk_client.get_hit, HITId=id_) == invalid(
        problem(f"'{id_}'", "hITId", ID_PATTERN)
    )


def test_max_results_of_101_is_refused(mturk_client):
    """MaxResults is 100 at most. [doc] the number, [assumed] text"""
    assert refusal(mturk_client.list_hits, MaxResults=101) == invalid(
        problem("'101'", "maxResults", "Member must have value less than or equal to 100")
    )


def test_max_results_of_100_is_allowed(mturk_client):
    """MaxResults can be 100. [doc]"""
    assert mturk_client.list_hits(MaxResults=100)["NumResults"] == 0


def test_enum_is_checked(mturk_client):
    """A value that is not in the enum gets the message of other AWS services. [assumed]"""
    assert refusal(mturk_client.list_reviewable_hits, Status="Assignable") == invalid(
        problem(
            "'Assignable'",
            "status",
            "Member must satisfy enum value set: [Reviewable, Reviewing]",
        )
    )


def test_enum_in_a_list_is_checked(mturk_client):
    """The message quotes the whole list of which a value is invalid. [observed] for workerIds"""
    told = refusal(
        mturk_client.list_assignments_for_hit,
        HITId=NOTHING,
        AssignmentStatuses=["Submitted", "Accepted"],
    )

    assert told == invalid(
        problem(
            "'[Submitted, Accepted]'",
            "assignmentStatuses",
            "Member must satisfy enum value set: [Submitted, Approved, Rejected]",
        )
    )


def test_several_problems_are_counted_and_joined(mturk_client):
    """The message counts the problems and lists them in the model's order of members. [assumed]"""
    told = refusal(
        mturk_client.send_bonus,
        Reason="Thanks",
        AssignmentId="a",
        BonusAmount="0.975",
        WorkerId="B1",
        UniqueRequestToken="t" * 65,
    )

    currency = r"Member must satisfy regular expression pattern: ^[0-9]+(\.)?[0-9]{0,2}$"
    assert told == invalid(
        problem("'B1'", "workerId", "Member must satisfy regular expression pattern: ^A[A-Z0-9]+$"),
        problem("'0.975'", "bonusAmount", currency),
        problem("'a'", "assignmentId", ID_PATTERN),
        problem(
            f"'{'t' * 65}'",
            "uniqueRequestToken",
            "Member must have length less than or equal to 64",
        ),
    )


def test_problems_of_one_member_are_each_told(mturk_client):
    """A value that is too long and has invalid letters gives two problems. [assumed]"""
    id_ = "a" * 65

    assert refusal(mturk_client.get_hit, HITId=id_) == invalid(
        problem(f"'{id_}'", "hITId", "Member must have length less than or equal to 64"),
        problem(f"'{id_}'", "hITId", ID_PATTERN),
    )


def test_nested_members_have_a_path(mturk_client):
    """The path of a list's members counts from one. [assumed]"""
    requirements = [
        {"QualificationTypeId": "A", "Comparator": "Exists"},
        {
            "QualificationTypeId": "A",
            "Comparator": "Equals",
            "LocaleValues": [{"Country": "US"}, {"Country": "USA"}],
        },
    ]

    told = refusal(mturk_client.create_hit, **hit_params(QualificationRequirements=requirements))

    comparators = "LessThan, LessThanOrEqualTo, GreaterThan, GreaterThanOrEqualTo, EqualTo, "
    comparators += "NotEqualTo, Exists, DoesNotExist, In, NotIn"
    where = "qualificationRequirements.2.member"
    assert told == invalid(
        problem(
            "'Equals'",
            f"{where}.comparator",
            f"Member must satisfy enum value set: [{comparators}]",
        ),
        problem(
            "'USA'",
            f"{where}.localeValues.2.member.country",
            "Member must have length less than or equal to 2",
        ),
    )


def test_shape_is_checked_before_anything_else(mturk_client):
    """Validation comes before the lookup of the HIT. [assumed]"""
    told = refusal(
        mturk_client.create_additional_assignments_for_hit,
        HITId=NOTHING,
        NumberOfAdditionalAssignments=1,
        UniqueRequestToken="t" * 65,
    )

    assert told[0] == "ValidationException"


# What botocore refuses to send: required, minimum -----------------------------------------


def test_missing_member_is_told(mturk):
    """A missing member gets the message recorded from an old client. [observed]"""
    response, said = raw(mturk, "RejectAssignment", {"AssignmentId": NOTHING})

    assert response.status == 400
    assert said == {
        "__type": "ValidationException",
        "message": "1 validation error detected: Value null at 'requesterFeedback' failed to "
        "satisfy constraint: Member must not be null",
    }


def test_all_missing_members_are_told(mturk):
    """All missing members are listed, in the order of the model's members. [assumed]"""
    _, said = raw(mturk, "SendBonus", {})

    members = ("workerId", "bonusAmount", "assignmentId", "reason")
    assert said["message"] == invalid(*(problem("null", name, NOT_NULL) for name in members))[2]


def test_missing_member_of_a_structure_is_told(mturk):
    """The path of a missing member includes its structure. [assumed]"""
    params = hit_params(QualificationRequirements=[{"Comparator": "Exists"}])
    _, said = raw(mturk, "CreateHIT", params)

    where = "qualificationRequirements.1.member.qualificationTypeId"
    assert said["message"] == invalid(problem("null", where, NOT_NULL))[2]


def test_null_is_missing(mturk):
    """A member that is null counts as missing, whether required or not. [assumed]"""
    _, said = raw(mturk, "GetHIT", {"HITId": None})
    assert said["message"] == invalid(problem("null", "hITId", NOT_NULL))[2]

    _, said = raw(mturk, "ListHITs", {"MaxResults": None, "NextToken": None})
    assert said == {"NumResults": 0, "HITs": []}


@pytest.mark.parametrize(
    ("operation", "params", "member", "rule"),
    [
        (
            "ListHITs",
            {"MaxResults": 0},
            "maxResults",
            "Member must have value greater than or equal to 1",
        ),
        (
            "ListHITs",
            {"MaxResults": -5},
            "maxResults",
            "Member must have value greater than or equal to 1",
        ),
        (
            "ListHITs",
            {"NextToken": ""},
            "nextToken",
            "Member must have length greater than or equal to 1",
        ),
    ],
)
def test_minimum_is_checked(mturk, operation, params, member, rule):
    """A value below the minimum gets the message of other AWS services. [assumed]"""
    (value,) = params.values()

    _, said = raw(mturk, operation, params)

    assert said["message"] == invalid(problem(f"'{value}'", member, rule))[2]


def test_unknown_members_are_passed_over(mturk):
    """Members that the model does not have are ignored. [assumed]"""
    _, said = raw(mturk, "ListHITs", {"SortProperty": "Title", "PageSize": 3})

    assert said == {"NumResults": 0, "HITs": []}


# Wrong types, and bodies that are not requests --------------------------------------------


@pytest.mark.parametrize(
    ("operation", "params", "message"),
    [
        ("GetHIT", {"HITId": 5}, "A string was expected. Found int at 'hITId'."),
        ("GetHIT", {"HITId": ["A"]}, "A string was expected. Found list at 'hITId'."),
        ("ListHITs", {"MaxResults": "5"}, "A number was expected. Found str at 'maxResults'."),
        ("ListHITs", {"MaxResults": 5.0}, "A number was expected. Found float at 'maxResults'."),
        ("ListHITs", {"MaxResults": True}, "A number was expected. Found bool at 'maxResults'."),
        (
            "CreateHITType",
            {"AutoApprovalDelayInSeconds": "5"},
            "A number was expected. Found str at 'autoApprovalDelayInSeconds'.",
        ),
        (
            "UpdateHITReviewStatus",
            {"HITId": "A", "Revert": 1},
            "A boolean was expected. Found int at 'revert'.",
        ),
        (
            "UpdateExpirationForHIT",
            {"HITId": "A", "ExpireAt": "2026-01-01"},
            "A timestamp in seconds was expected. Found str at 'expireAt'.",
        ),
        (
            "UpdateExpirationForHIT",
            b'{"HITId": "A", "ExpireAt": NaN}',
            "A timestamp in seconds was expected. Found float at 'expireAt'.",
        ),
        (
            "UpdateExpirationForHIT",
            b'{"HITId": "A", "ExpireAt": 1e999}',
            "A timestamp in seconds was expected. Found float at 'expireAt'.",
        ),
        ("NotifyWorkers", {"WorkerIds": "A1"}, "A list was expected. Found str at 'workerIds'."),
        (
            "NotifyWorkers",
            {"WorkerIds": ["A1", 2]},
            "A string was expected. Found int at 'workerIds'.",
        ),
        (
            "CreateHITType",
            {"QualificationRequirements": {}},
            "A list was expected. Found dict at 'qualificationRequirements'.",
        ),
        (
            "CreateHITType",
            {"QualificationRequirements": ["x"]},
            "A structure was expected. Found str at 'qualificationRequirements.1.member'.",
        ),
        ("GetHIT", [], "A structure was expected. Found list."),
        ("GetHIT", "x", "A structure was expected. Found str."),
        ("GetHIT", 5, "A structure was expected. Found int."),
        ("GetHIT", None, "A structure was expected. Found NoneType."),
    ],
    ids=lambda each: str(each)[:40],
)
def test_wrong_types_are_a_serialization_exception(mturk, operation, params, message):
    """A value of the wrong type is a SerializationException. [assumed]"""
    response, said = raw(mturk, operation, params)

    assert response.status == 400
    assert said == {"__type": "SerializationException", "message": message}


@pytest.mark.parametrize(
    "body", [b"{", b"HITId=A", b'{"HITId": "\xff"}', b"[" * 100_000], ids=lambda body: body[:20]
)
def test_body_that_is_no_json_is_a_serialization_exception(mturk, body):
    """A body that is not JSON gets the JSON parser's message. [assumed]"""
    response, said = raw(mturk, "GetHIT", body)

    assert response.status == 400
    assert said["__type"] == "SerializationException"
    assert said["message"].startswith("The body is not JSON: ")


@pytest.mark.parametrize("begin", ["[", '{"a":'])
@pytest.mark.parametrize("depth", [101, 500, 100_000])
def test_body_that_is_nested_too_deep_is_a_serialization_exception(mturk, begin, depth):
    """A body can nest lists and objects 100 deep. [assumed]"""
    end = "]" if begin == "[" else "}"
    body = begin * depth + "1" + end * depth
    _, said = raw(mturk, "GetHIT", body.encode())

    assert said == {
        "__type": "SerializationException",
        "message": "The body is not JSON: lists and objects are nested more than 100 deep.",
    }


def test_empty_body_is_no_members(mturk):
    """An empty body is a request without members. [assumed]"""
    _, said = raw(mturk, "GetAccountBalance", b"")

    assert said == {"AvailableBalance": "10000.00"}


@pytest.mark.parametrize("operation", ["ExtendHIT", "getHIT", "", "GetHIT ", "CreateHIT\n{x}"])
def test_unknown_operation_is_refused(mturk, operation):
    """An unknown operation is refused whatever the body. [assumed]"""
    response, said = raw(mturk, operation, b"{")

    assert response.status == 400
    assert said == {
        "__type": "UnknownOperationException",
        "message": f"The requested operation {operation} is not known to Mechanical Turk.",
    }


def test_refused_requests_are_in_the_log(mturk):
    """Refused requests are logged, with their members if the body has any."""
    raw(mturk, "GetHIT", {"HITId": 5})
    raw(mturk, "GetHIT", [])
    raw(mturk, "ExtendHIT", {"HITId": "A"})

    logged = [(call.operation, call.params, call.error.code) for call in mturk.calls]
    assert logged == [
        ("GetHIT", {"HITId": 5}, "SerializationException"),
        ("GetHIT", {}, "SerializationException"),
        ("ExtendHIT", {}, "UnknownOperationException"),
    ]
