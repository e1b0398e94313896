"""boto3, the AWS CLI and the AWS SDK for JavaScript: the same calls have the same results."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta
from functools import cache

import pytest

from mturk_mock import parse_answers
from mturk_mock.server import MTurkServer
from tests.helpers import HTML_QUESTION, NOTHING, NOW, SANDBOX_STAMP, STAMP
from tests.sdks import SDKS, Refused

ENVIRONMENTS = ["production", "sandbox"]
KEY, SECRET = "AKIAONE", "s3cret"
LAB = {KEY: {"secret": SECRET, "requester": "lab"}}
ANN, BOB = "A1ANNANNANNANN", "A2BOBBOBBOBBOB"


@pytest.fixture(scope="module")
def connect(tmp_path_factory):
    """Return what gives a new server and a client of it, by the client's name."""

    @contextmanager
    def connected(sdk, environment, secret=SECRET):
        with MTurkServer(seed=1, now=NOW, credentials=LAB, balance=50) as server:
            url = server.url if environment == "production" else server.sandbox_url
            with SDKS[sdk](tmp_path_factory.mktemp(sdk), url, KEY, secret) as client:
                yield server, client

    return connected


@pytest.fixture(scope="module")
def life(connect):
    """Return what gives the responses to the life of a HIT, which each client lives once."""

    @cache
    def lived(sdk, environment):
        with connect(sdk, environment) as (server, client):
            return live(client, server.mturk)

    return lived


def live(client, mturk):
    """Publish a HIT, let two workers submit it, review the work, and delete the HIT.

    Returns the responses in order, each with the name of its operation.
    """
    responses = []

    def call(operation, **params):
        response = client.call(operation, **params)
        responses.append((operation, response))
        return response

    call("GetAccountBalance")
    created = call(
        "CreateQualificationType",
        Name="Kann Größe",
        Description="猫",
        QualificationTypeStatus="Active",
    )
    type_id = created["QualificationType"]["QualificationTypeId"]
    call(
        "AssociateQualificationWithWorker",
        QualificationTypeId=type_id,
        WorkerId=ANN,
        IntegerValue=90,
        SendNotification=False,
    )
    call(
        "AssociateQualificationWithWorker",
        QualificationTypeId=type_id,
        WorkerId=BOB,
        IntegerValue=80,
    )
    requirement = {
        "QualificationTypeId": type_id,
        "Comparator": "GreaterThanOrEqualTo",
        "IntegerValues": [80],
        "ActionsGuarded": "Accept",
    }
    hit_id = call(
        "CreateHIT",
        Title="Beschrifte ein Bild: 猫",
        Description='"Quoted" & <marked>',
        Keywords="image, label",
        Reward="0.50",
        MaxAssignments=2,
        LifetimeInSeconds=3600,
        AssignmentDurationInSeconds=600,
        Question=HTML_QUESTION,
        QualificationRequirements=[requirement],
    )["HIT"]["HITId"]
    call("ListHITs", MaxResults=10)
    call("GetHIT", HITId=hit_id)

    accepted = [mturk.worker(name).accept(hit_id) for name in (ANN, BOB)]
    mturk.clock.advance(seconds=30)
    for assignment in accepted:
        assignment.submit({"label": "größer als 猫 & <b>"})

    call("ListReviewableHITs")
    good, bad = call(
        "ListAssignmentsForHIT", HITId=hit_id, AssignmentStatuses=["Submitted"], MaxResults=2
    )["Assignments"]
    call("ApproveAssignment", AssignmentId=good["AssignmentId"], RequesterFeedback="Danke schön")
    call("RejectAssignment", AssignmentId=bad["AssignmentId"], RequesterFeedback="Nein")
    call("GetAssignment", AssignmentId=bad["AssignmentId"])
    call(
        "SendBonus",
        WorkerId=ANN,
        AssignmentId=good["AssignmentId"],
        BonusAmount="1.00",
        Reason="Gut",
    )
    call("ListBonusPayments", HITId=hit_id)
    call(
        "DisassociateQualificationFromWorker",
        QualificationTypeId=type_id,
        WorkerId=BOB,
        Reason="Nein",
    )
    call("GetQualificationScore", QualificationTypeId=type_id, WorkerId=ANN)
    call("NotifyWorkers", Subject="Neu", MessageText="Mehr 猫", WorkerIds=[ANN, "A3NOBODY"])
    call("CreateWorkerBlock", WorkerId=BOB, Reason="Spam")
    call("ListWorkerBlocks")
    call("UpdateExpirationForHIT", HITId=hit_id, ExpireAt="2025-01-01T00:00:00Z")
    call("DeleteHIT", HITId=hit_id)
    call("ListHITs")
    call("DeleteQualificationType", QualificationTypeId=type_id)
    call("GetAccountBalance")
    return responses


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_life_of_a_hit_by_boto3(environment, life):
    """The HIT is published, done, reviewed, paid for and deleted."""
    responses = life("boto3", environment)
    found = dict(responses)
    submitted = NOW + timedelta(seconds=30)
    good, bad = found["ListAssignmentsForHIT"]["Assignments"]

    assert found["ListReviewableHITs"]["NumResults"] == 1
    assert (good["WorkerId"], good["AssignmentStatus"]) == (ANN, "Submitted")
    assert (good["SubmitTime"], good["AcceptTime"]) == (submitted, NOW)
    assert parse_answers(good["Answer"]) == {"label": "größer als 猫 & <b>"}
    assert found["GetHIT"]["HIT"]["Title"] == "Beschrifte ein Bild: 猫"
    assert found["GetAssignment"]["Assignment"]["AssignmentId"] == bad["AssignmentId"]
    assert found["GetAssignment"]["Assignment"]["AssignmentStatus"] == "Rejected"
    assert found["ListBonusPayments"]["BonusPayments"][0]["BonusAmount"] == "1.00"
    assert found["GetQualificationScore"]["Qualification"]["IntegerValue"] == 90
    (failure,) = found["NotifyWorkers"]["NotifyWorkersFailureStatuses"]
    assert failure["WorkerId"] == "A3NOBODY"
    assert found["ListWorkerBlocks"]["WorkerBlocks"] == [{"WorkerId": BOB, "Reason": "Spam"}]
    assert found["ListHITs"]["NumResults"] == 0
    balances = [each["AvailableBalance"] for name, each in responses if name == "GetAccountBalance"]
    assert (
        balances
        == {
            "production": ["50.00", "48.20"],
            "sandbox": ["10000.00", "10000.00"],
        }[environment]
    )


@pytest.mark.parametrize("environment", ENVIRONMENTS)
@pytest.mark.parametrize("sdk", ["aws", "node"])
def test_life_of_a_hit_by_other_clients(sdk, environment, life):
    """Each response is the one that boto3 gets."""
    for mine, of_boto3 in zip(life(sdk, environment), life("boto3", environment), strict=True):
        assert mine == of_boto3


#: Calls that every client sends and the server refuses, with the code and the message.
REFUSALS = [
    ("GetHIT", {"HITId": NOTHING}, "RequestError", f"Hit {NOTHING} does not exist.<stamp>"),
    (
        "GetHIT",
        {"HITId": "3 猫"},
        "ValidationException",
        "1 validation error detected: Value '3 猫' at 'hITId' failed to satisfy constraint: "
        "Member must satisfy regular expression pattern: ^[A-Z0-9]+$",
    ),
    (
        "CreateHITType",
        {"Title": "?", "Description": "?", "Reward": "1.00", "AssignmentDurationInSeconds": 7},
        "ParameterValidationError",
        "The value 7 is invalid for AssignmentDurationInSeconds. Valid values range from 30 to "
        "31536000.<stamp>",
    ),
]


@pytest.mark.parametrize("environment", ENVIRONMENTS)
@pytest.mark.parametrize("sdk", SDKS)
def test_errors(sdk, environment, connect):
    """Each client shows the service's code and message."""
    said = []
    with connect(sdk, environment) as (_, client):
        for operation, params, _, _ in REFUSALS:
            with pytest.raises(Refused) as refused:
                client.call(operation, **params)
            said.append((refused.value.code, refused.value.message))

    stamp = STAMP if environment == "production" else SANDBOX_STAMP
    assert said == [(code, message.replace("<stamp>", stamp)) for _, _, code, message in REFUSALS]


@pytest.mark.parametrize("environment", ENVIRONMENTS)
@pytest.mark.parametrize("sdk", SDKS)
def test_wrong_secret(sdk, environment, connect):
    """A call that is signed with another secret is refused."""
    with connect(sdk, environment, "another") as (_, client), pytest.raises(Refused) as refused:
        client.call("GetAccountBalance")

    assert refused.value.args == (
        "InvalidSignatureException",
        "The request signature we calculated does not match the signature you provided. Check "
        "your AWS Secret Access Key and signing method. Consult the service documentation for "
        "details.",
    )
