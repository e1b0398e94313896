"""Pages of long lists, beside the one page of a short list of the same operation."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from benchmarks.filling import Ask, answering, filling, new_mock, submit
from benchmarks.floor import new_client
from benchmarks.measure import Block, Comparison, Result, run_rounds, timed
from benchmarks.samples import EXTERNAL_QUESTION, hit_with
from mturk_mock import MTurk
from mturk_mock.workforce.qualification import request_qualification

ROUNDS = 60
PAGE = 100
PLACES = ("first", "middle", "last")
GOAL = 1.1

#: The operations that list something, with their parameters.
Listings = Mapping[str, dict[str, Any]]

QUESTIONS = 8
#: With these each assignment leaves ten entries: an action, its score, and a finding for each.
KNOWN_ANSWERS = {
    "PolicyName": "ScoreMyKnownAnswers/2011-09-01",
    "Parameters": [
        {
            "Key": "AnswerKey",
            "MapEntries": [{"Key": f"q{n}", "Values": ["yes"]} for n in range(QUESTIONS)],
        }
    ],
}
ANSWERS = (
    '<QuestionFormAnswers xmlns="http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/'
    '2005-10-01/QuestionFormAnswers.xsd">{}</QuestionFormAnswers>'
)
ANSWER = "<Answer><QuestionIdentifier>q{}</QuestionIdentifier><FreeText>yes</FreeText></Answer>"


# What the lists are filled with -------------------------------------------------------------


def hits(mturk: MTurk, count: int) -> Listings:
    """Make HITs that are over and require a qualification."""
    with filling(mturk) as ask:
        type_id = new_type(ask, "reader")
        requirement = {"QualificationTypeId": type_id, "Comparator": "Exists"}
        parameters = hit_with(EXTERNAL_QUESTION) | {"QualificationRequirements": [requirement]}
        for _ in range(count):
            hit_id = ask("CreateHIT", **parameters)["HIT"]["HITId"]
            ask("UpdateExpirationForHIT", HITId=hit_id, ExpireAt=0)
    return {
        "ListHITs": {},
        "ListReviewableHITs": {},
        "ListHITsForQualificationType": {"QualificationTypeId": type_id},
    }


def new_type(ask: Ask, name: str) -> str:
    type_ = ask(
        "CreateQualificationType",
        Name=name,
        Description="Reads names of species",
        QualificationTypeStatus="Active",
    )
    return str(type_["QualificationType"]["QualificationTypeId"])


def work(mturk: MTurk, count: int) -> Listings:
    """Let one HIT be done, and pay bonuses for one of its assignments."""
    with filling(mturk) as ask:
        hit_id = new_hit(ask, MaxAssignments=count)
        worker_id = submit(mturk, hit_id, count, answers())[0]
        parameters = {"HITId": hit_id}
        first = ask("ListAssignmentsForHIT", **parameters)["Assignments"][0]
        bonus = {"WorkerId": worker_id, "AssignmentId": first["AssignmentId"]}
        for _ in range(count):
            ask("SendBonus", **bonus, BonusAmount="0.01", Reason="Well done")
    return {"ListAssignmentsForHIT": parameters, "ListBonusPayments": parameters}


def new_hit(ask: Ask, **parameters: Any) -> str:
    hit = ask("CreateHIT", **{**hit_with(EXTERNAL_QUESTION), **parameters})["HIT"]
    return str(hit["HITId"])


def answers() -> str:
    """Return the document that answers every question as it should be."""
    return ANSWERS.format("".join(map(ANSWER.format, range(QUESTIONS))))


def people(mturk: MTurk, count: int) -> Listings:
    """Block people, and give them a qualification that others ask for."""
    with filling(mturk) as ask, mturk._backend.transaction() as (marketplace, now):
        type_id = new_type(ask, "reader")
        granted = {"QualificationTypeId": type_id, "SendNotification": False}
        for _ in range(count):
            worker_id = marketplace.ids.worker()
            ask("CreateWorkerBlock", WorkerId=worker_id, Reason="Guesses")
            ask("AssociateQualificationWithWorker", WorkerId=worker_id, **granted)
            asking = marketplace.ids.worker()
            request_qualification(marketplace, type_id, asking, None, now, check=True)
    return {
        "ListWorkerBlocks": {},
        "ListWorkersWithQualificationType": {"QualificationTypeId": type_id},
        "ListQualificationRequests": {},
    }


def types(mturk: MTurk, count: int) -> Listings:
    """Make qualification types."""
    with filling(mturk) as ask:
        for number in range(count):
            new_type(ask, f"reader {number}")
    return {"ListQualificationTypes": {"MustBeRequestable": False, "MustBeOwnedByCaller": True}}


def policies(mturk: MTurk, count: int) -> Listings:
    """Let a review policy score the work on one HIT."""
    with filling(mturk) as ask:
        hit_id = new_hit(ask, MaxAssignments=count, AssignmentReviewPolicy=KNOWN_ANSWERS)
    submit(mturk, hit_id, count // (QUESTIONS + 2), answers())
    return {"ListReviewPolicyResultsForHIT": {"HITId": hit_id}}


FILLINGS: tuple[Callable[[MTurk, int], Listings], ...] = (hits, work, people, types, policies)


# Pages ------------------------------------------------------------------------------------


class Pages(NamedTuple):
    """One operation on a long list and on a short one."""

    operation: str
    long: MTurk
    parameters: dict[str, Any]
    short: MTurk
    short_parameters: dict[str, Any]

    def comparisons(self, client: Any) -> list[Comparison]:
        """Return the first, the middle and the last page, each beside the short list's."""
        tokens = list(walk(self.long, self.operation, self.parameters))
        beside = page(client, self.short, self.operation, self.short_parameters)
        chosen = zip(PLACES, (tokens[0], tokens[len(tokens) // 2], tokens[-1]), strict=True)
        return [
            Comparison(
                f"{self.operation}, the {place} of {len(tokens):,} pages",
                page(client, self.long, self.operation, {**self.parameters, **token}),
                beside,
                GOAL,
                3,
            )
            for place, token in chosen
        ]


def walk(mturk: MTurk, operation: str, parameters: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """Yield how each full page is asked for."""
    token: dict[str, str] = {}
    with filling(mturk) as ask:
        while True:
            found = ask(operation, **parameters, MaxResults=PAGE, **token)
            if "NextToken" not in found:
                return
            yield token
            token = {"NextToken": found["NextToken"]}


def page(client: Any, mturk: MTurk, operation: str, parameters: Mapping[str, Any]) -> Block:
    """Return the call for one page, of a mock that is there already."""
    method = getattr(client, client_method(client, operation))

    def block(size: int) -> float:
        with answering(mturk):
            seconds = timed(lambda: method(**parameters, MaxResults=PAGE), size)
        mturk._backend.calls.clear()  # or the log would grow beside the list
        return seconds

    return block


def client_method(client: Any, operation: str) -> str:
    """Return what boto3 calls an operation."""
    names: Mapping[str, str] = client.meta.method_to_api_mapping
    return next(name for name, said in names.items() if said == operation)


def worst(results: list[Result]) -> Result:
    """Return the page with the highest ratio, with all of them."""
    return {**max(results, key=lambda result: float(result["ratio"])), "pages": results}


def of_one_filling(
    fill: Callable[[MTurk, int], Listings], arguments: Namespace
) -> Iterator[Result]:
    """Fill a long and a short list, and yield the worst page of each operation on them."""
    client = new_client()
    long, short = new_mock(), new_mock()
    listings, short_listings = fill(long, arguments.items), fill(short, PAGE)
    for operation, parameters in listings.items():
        pages = Pages(operation, long, parameters, short, short_listings[operation])
        rounds = min(ROUNDS, arguments.rounds)
        yield worst(run_rounds(pages.comparisons(client), rounds, arguments.seed))


def run(arguments: Namespace) -> list[Result]:
    """Measure every operation that lists something."""
    return [result for fill in FILLINGS for result in of_one_filling(fill, arguments)]
