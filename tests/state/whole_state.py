"""A state file with every member of every object, as `Snapshot.save` writes it."""

from __future__ import annotations

from typing import Any

from tests.helpers import answers, free_text, html_question, question_form
from tests.notices import specification
from tests.policies import SCORE_MY_KNOWN_ANSWERS, SIMPLE_PLURALITY
from tests.qualify import APPROVED, KEY, LOCALE, TEST
from tests.worlds import KEY as OTHER_KEY

_CHOSEN = (
    *("HIT", "HITType", "Assignment"),
    *("QualificationType", "QualificationRequest", "HITLayout"),
)
_DRAWN = (*_CHOSEN, "Worker", "EventDocument", "Request")


def at(hour: int, minute: int = 0) -> str:
    """Return a time on 2026-01-01, in the format of the file."""
    return f"2026-01-01T{hour:02}:{minute:02}:00.000000Z"


def later(day: int) -> str:
    """Return a time in February 2026, in the format of the file."""
    return f"2026-02-{day:02}T00:00:00.000000Z"


PROPERTIES = {
    "title": "Label a picture",
    "description": "Say what it shows",
    "keywords": "label, picture",
    "reward": "0.25",
    "assignment_duration_in_seconds": 7200,
    "auto_approval_delay_in_seconds": 86400,
    "qualification_requirements": [
        {
            "QualificationTypeId": APPROVED,
            "Comparator": "GreaterThan",
            "IntegerValues": [3],
            "RequiredToPreview": True,
        },
        {
            "QualificationTypeId": LOCALE,
            "Comparator": "In",
            "LocaleValues": [{"Country": "US", "Subdivision": "NY"}, {"Country": "FR"}],
            "ActionsGuarded": "DiscoverPreviewAndAccept",
        },
    ],
}
OTHER_PROPERTIES = {**PROPERTIES, "title": "Describe a picture", "reward": "0.50"}


def _values(key: str, value: object) -> dict[str, Any]:
    return {"Key": key, "Values": [str(value)]}


ASSIGNMENT_POLICY = {
    "PolicyName": SCORE_MY_KNOWN_ANSWERS,
    "Parameters": [
        {"Key": "AnswerKey", "MapEntries": [{"Key": "animal", "Values": ["cat", "dog"]}]},
        _values("ApproveIfKnownAnswerScoreIsAtLeast", 90),
        _values("ApproveReason", "Well done"),
        _values("RejectIfKnownAnswerScoreIsLessThan", 10),
        _values("RejectReason", "Known answers are wrong"),
        _values("ExtendIfKnownAnswerScoreIsLessThan", 50),
        _values("ExtendMaximumAssignments", 7),
        _values("ExtendMinimumTimeInSeconds", 61),
    ],
}
HIT_POLICY = {
    "PolicyName": SIMPLE_PLURALITY,
    "Parameters": [
        _values("QuestionIds", "animal,color"),
        _values("QuestionAgreementThreshold", 51),
        _values("DisregardAssignmentIfRejected", "true"),
        _values("DisregardAssignmentIfKnownAnswerScoreIsLessThan", 20),
        _values("ApproveIfWorkerAgreementScoreIsAtLeast", 80),
        _values("RejectIfWorkerAgreementScoreIsLessThan", 30),
        _values("RejectReason", "Nobody agrees"),
        _values("ExtendIfHITAgreementScoreIsLessThan", 40),
        _values("ExtendMaximumAssignments", 8),
        _values("ExtendMinimumTimeInSeconds", 62),
    ],
}
QUESTION = html_question("<p>A cat</p><form><input name='animal'></form>")
REVIEW_LOG = [
    {
        "kind": "action",
        "level": "Assignment",
        "id": "3ACTION",
        "name": "review",
        "target_id": "3APPROVED",
        "target_type": "Assignment",
        "time": at(4),
        "result": "Reviewed one known answer; 0/1 correct",
    },
    {
        "kind": "finding",
        "level": "Assignment",
        "action_id": "3ACTION",
        "subject_id": "3APPROVED",
        "subject_type": "Assignment",
        "question_id": "animal",
        "key": "KnownAnswerCorrect",
        "value": "0",
    },
    {
        "kind": "action",
        "level": "HIT",
        "id": "3FAILED",
        "name": "extend",
        "target_id": "3REVIEWABLE",
        "target_type": "HIT",
        "time": at(5),
        "error_code": "AWS.MechanicalTurk.InsufficientFunds",
    },
]
ASSIGNMENTS = [
    {
        "id": "3APPROVED",
        "worker_id": "A1WORKER",
        "status": "Approved",
        "accept_time": at(2),
        "deadline": at(4),
        "submit_time": at(3),
        "auto_approval_time": at(23),
        "approval_time": at(6),
        "rejection_time": at(5),
        "requester_feedback": "Sorry, and thank you",
        "answer": answers(free_text("animal", "cow")),
        "files": {"picture": "AAEC"},
        "score": 50,
        "submission": 1,
    },
    {
        "id": "3SUBMITTED",
        "worker_id": "A2WORKER",
        "status": "Submitted",
        "accept_time": at(2),
        "deadline": at(4),
        "submit_time": at(3),
        "auto_approval_time": later(3),
        "answer": answers(free_text("animal", "cat")),
        "score": 100,
        "submission": 0,
    },
    {
        "id": "3RETURNED",
        "worker_id": "A3WORKER",
        "status": "Returned",
        "accept_time": at(2, 30),
        "deadline": at(4, 30),
    },
]
HITS = [
    {
        "id": "3REVIEWABLE",
        "status": "Reviewable",
        "max_assignments": 3,
        "question": QUESTION,
        "creation_time": at(1),
        "expiration": at(7),
        "disposal_time": later(27),
        "hit_type_id": "3TYPE",
        "expired": True,
        "requester_annotation": "batch 1",
        "hit_layout_id": "3LAYOUT",
        "hit_layout_parameters": {"animal": "A cat"},
        "assignments": ASSIGNMENTS,
        "assignment_review_policy": ASSIGNMENT_POLICY,
        "hit_review_policy": HIT_POLICY,
        "review_log": REVIEW_LOG,
    },
    *(
        {
            "id": id_,
            "status": "Assignable",
            "max_assignments": 2,
            "question": QUESTION,
            "creation_time": at(1),
            "expiration": later(5),
            "expired": False,
            **OTHER_PROPERTIES,
        }
        for id_ in ("3FIRST", "3SECOND")
    ),
]
LAB = {
    "requester": "lab",
    "environment": "production",
    "balance": "12.34",
    "spent": {"rewards": "1.25", "bonuses": "0.75", "fees": "0.40"},
    "blocks": [
        {"worker_id": "A8BLOCKED", "reason": "Spam", "number": 1},
        {"worker_id": "A9BLOCKED", "reason": "More spam", "number": 4},
    ],
    "blocks_made": 6,
    "hit_types": [
        {
            "id": "3TYPE",
            **PROPERTIES,
            "notification": {**specification(), "EventTypes": ["HITExpired", "HITReviewable"]},
            "notification_active": False,
        },
        {"id": "3OTHERTYPE", **OTHER_PROPERTIES},
    ],
    "hits": HITS,
    "bonuses": [
        {
            "assignment_id": "3APPROVED",
            "reason": "Very good",
            "time": at(8),
            "amount": "0.75",
        }
    ],
    "request_tokens": [
        {"operation": "CreateHIT", "token": "t", "time": at(1), "result": "3REVIEWABLE"}
    ],
}
QUALIFICATION_TYPES = [
    {
        "id": "3TESTED",
        "name": "Knows animals",
        "description": "Can tell cats from dogs",
        "status": "Active",
        "creation_time": at(1),
        "requester": "lab",
        "environment": "production",
        "keywords": "animals",
        "retry_delay_in_seconds": 60,
        "test": TEST,
        "test_duration_in_seconds": 3600,
        "answer_key": KEY,
        "qualifications": [
            {"worker_id": "A1WORKER", "value": 80, "status": "Granted", "time": at(2)},
            {"worker_id": "A2WORKER", "value": 7, "status": "Revoked", "time": at(3)},
        ],
    },
    {
        "id": "3GRANTED",
        "name": "Everyone",
        "description": "Granted at once",
        "status": "Inactive",
        "creation_time": at(1),
        "requester": "other",
        "environment": "sandbox",
        "deleted": True,
        "auto_granted": True,
        "auto_granted_value": 5,
    },
]
REQUESTS = [
    {
        "id": "3ASKED",
        "qualification_type_id": "3TESTED",
        "worker_id": "A3WORKER",
        "status": "Submitted",
        "answer": answers(
            "<QuestionIdentifier>q2</QuestionIdentifier>"
            "<SelectionIdentifier>yes</SelectionIdentifier>"
        ),
        "request_time": at(9),
        "submit_time": at(10),
        "test": question_form(q2=["yes", "no"]),
        "test_duration_in_seconds": 1800,
        "answer_key": OTHER_KEY,
        "submission": 1,
    },
    {
        "id": "3REJECTED",
        "qualification_type_id": "3TESTED",
        "worker_id": "A4WORKER",
        "status": "Rejected",
        "reason": "Not now",
        "request_time": at(9),
        "submit_time": at(10),
        "has_test": False,
        "submission": 0,
    },
]

#: The file. The HITs that have properties of their own are written by their HIT type.
WHOLE: dict[str, Any] = {
    "version": 1,
    "now": at(20),
    "seed": 11,
    "balance": "99.00",
    "ids": {
        "drawn": {kind: 3 + number for number, kind in enumerate(sorted(_DRAWN))},
        "chosen": {kind: [f"3{kind.upper()}1", f"3{kind.upper()}2"] for kind in sorted(_CHOSEN)},
    },
    "layouts": {"3LAYOUT": "<p>${animal}</p>"},
    "workers": [
        {
            "id": "A1WORKER",
            "country": "FR",
            "subdivision": "75",
            "approved": 12,
            "rejected": 2,
            "masters": True,
            "adult": True,
        },
        *(
            {"id": id_, "country": "US"}
            for id_ in ("A2WORKER", "A8BLOCKED", "A9BLOCKED", "A3WORKER", "A4WORKER")
        ),
    ],
    "qualification_types": QUALIFICATION_TYPES,
    "accounts": [
        LAB,
        {"requester": "other", "environment": "sandbox"},
        {
            "requester": "default",
            "environment": "production",
            "balance": "3.00",
            "spent": {"rewards": "0.05", "bonuses": "0.06", "fees": "0.07"},
        },
    ],
    "qualification_requests": REQUESTS,
    "emails": [
        {
            "to": "a1@example.com",
            "worker_id": "A1WORKER",
            "subject": "Hello",
            "text": "Thank you",
            "requester": "lab",
            "environment": "production",
            "time": at(3),
        }
    ],
    "notifications": [
        {
            "requester": "lab",
            "event_type": "AssignmentSubmitted",
            "time": at(3),
            "hit_type_id": "3TYPE",
            "hit_id": "3REVIEWABLE",
            "assignment_id": "3APPROVED",
            "reason": "no such queue",
            "destination": "https://sqs.us-east-1.amazonaws.com/123456789012/events",
            "transport": "SQS",
            "version": "2014-08-15",
            "is_test": True,
            "document": {"Events": [{"EventType": "AssignmentSubmitted"}], "EventDocId": "1"},
        }
    ],
    "order_of_events": [
        {"what": "HIT expires", "id": "3SECOND"},
        {"what": "HIT expires", "id": "3FIRST"},
    ],
}
#: A file of a clock that follows the machine, which has another member for its time.
RUNNING: dict[str, Any] = {
    "version": 1,
    "now": None,
    "ahead_in_seconds": 3600.5,
    "rate": 60,
    "rate_since": "2026-01-02T03:04:05.000000Z",
    "seed": 12,
    "balance": "1.00",
}
