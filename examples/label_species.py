"""Ask workers on Amazon Mechanical Turk which class of animals each species belongs to.

The program reads the species from a CSV file (item_id, common_name, scientific_name) and publishes
one HIT for each. It waits until the workers are done, takes the majority of the three answers for
each species as its label, and writes the labels to another CSV file. Then it pays the workers and
deletes the HITs:

* It approves every assignment that names a class, also if the other workers disagree, because the
  worker has done the work. It rejects only assignments without a class.
* It pays a bonus to workers who labeled many species and nearly always agreed with the majority.

Run it in the sandbox, where nothing is paid, before you run it with --production:

    python label_species.py species.csv labels.csv
"""

import argparse
import csv
import html
import logging
import time
import uuid
import xml.etree.ElementTree as ET
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Template

import boto3
from botocore.client import BaseClient

REGION = "us-east-1"
PRODUCTION_ENDPOINT = "https://mturk-requester.us-east-1.amazonaws.com"
SANDBOX_ENDPOINT = "https://mturk-requester-sandbox.us-east-1.amazonaws.com"

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR

CHOICES = ("mammal", "bird", "reptile", "amphibian", "fish", "invertebrate")

HIT_TYPE = {
    "Title": "Which class of animals is this?",
    "Description": "Read the name of one species and choose the class of animals it belongs to.",
    "Keywords": "animals, species, biology, classification, labeling",
    "Reward": "0.05",
    "AssignmentDurationInSeconds": 10 * MINUTE,
    "AutoApprovalDelayInSeconds": 3 * DAY,
}
ASSIGNMENTS_PER_ITEM = 3
VOTES_FOR_MAJORITY = ASSIGNMENTS_PER_ITEM // 2 + 1
HIT_LIFETIME = 2 * DAY
POLL_INTERVAL = 15 * MINUTE
PAGE_SIZE = 100

BONUS = "0.02"
BONUS_MIN_ITEMS = 10
BONUS_MIN_AGREEMENT = 0.9
BONUS_REASON = "Thank you for labeling so many species with such care."
REJECTION_FEEDBACK = "Your answer named none of the six classes of animals, so we cannot use it."

ANSWER_NAMESPACES = {
    "mt": "http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/"
    "2005-10-01/QuestionFormAnswers.xsd"
}

QUESTION = Template("""\
<HTMLQuestion xmlns="http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/\
2011-11-11/HTMLQuestion.xsd">
<HTMLContent><![CDATA[<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Which class of animals is this?</title>
</head>
<body>
<form method="post" action="$submit_url">
<input type="hidden" id="assignmentId" name="assignmentId" value="">
<h1>$common_name <small>(<i>$scientific_name</i>)</small></h1>
<fieldset>
<legend>Which class of animals is this?</legend>
$radio_buttons
</fieldset>
<p><label>Anything to tell us? (optional) <input type="text" name="comment"></label></p>
<p><input type="submit" id="submit" value="Submit"></p>
</form>
<script>
  const assignmentId = new URLSearchParams(window.location.search).get("assignmentId");
  document.getElementById("assignmentId").value = assignmentId;
  // A worker who only looks at the HIT, before accepting it, has no assignment to submit.
  document.getElementById("submit").disabled = assignmentId === "ASSIGNMENT_ID_NOT_AVAILABLE";
</script>
</body>
</html>
]]></HTMLContent>
<FrameHeight>500</FrameHeight>
</HTMLQuestion>
""")
RADIO_BUTTON = Template(
    '<p><label><input type="radio" name="label" value="$choice" required> $choice</label></p>'
)


@dataclass(frozen=True)
class Item:
    """A species to label."""

    item_id: str
    common_name: str
    scientific_name: str


@dataclass(frozen=True)
class Answer:
    """The answer of one worker for one item."""

    assignment_id: str
    worker_id: str
    status: str
    label: str
    comment: str

    @property
    def is_usable(self) -> bool:
        """Whether the answer names a class, right or wrong."""
        return self.label in CHOICES


@dataclass(frozen=True)
class Result:
    """All answers for one item, and its majority label ("" if there is none)."""

    item: Item
    hit_id: str
    answers: list[Answer]
    label: str
    agreement: float

    @property
    def usable_answers(self) -> list[Answer]:
        """The answers that name a class."""
        return [answer for answer in self.answers if answer.is_usable]


def read_items(path: Path) -> list[Item]:
    with path.open(newline="", encoding="utf-8") as file:
        return [
            Item(row["item_id"], row["common_name"], row["scientific_name"])
            for row in csv.DictReader(file)
        ]


def write_results(path: Path, results: Iterable[Result]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["item_id", "common_name", "label", "agreement", "answers", "comments"])
        writer.writerows(result_row(result) for result in results)


def result_row(result: Result) -> list[str]:
    return [
        result.item.item_id,
        result.item.common_name,
        result.label,
        f"{result.agreement:.2f}",
        "|".join(answer.label for answer in result.usable_answers),
        "|".join(answer.comment for answer in result.answers if answer.comment),
    ]


def build_question(item: Item, submit_url: str) -> str:
    """Return the HTMLQuestion document that asks for the class of one species."""
    return QUESTION.substitute(
        submit_url=html.escape(submit_url),
        common_name=html.escape(item.common_name),
        scientific_name=html.escape(item.scientific_name),
        radio_buttons="\n".join(RADIO_BUTTON.substitute(choice=choice) for choice in CHOICES),
    )


def submit_url_for(client: BaseClient) -> str:
    """Return the URL for the form: production and the sandbox have different worker sites."""
    site = "workersandbox" if "sandbox" in client.meta.endpoint_url else "www"
    return f"https://{site}.mturk.com/mturk/externalSubmit"


def publish_hit(client: BaseClient, hit_type_id: str, item: Item, run_id: str) -> str:
    """Create the HIT for one item and return its id."""
    response = client.create_hit_with_hit_type(
        HITTypeId=hit_type_id,
        Question=build_question(item, submit_url_for(client)),
        MaxAssignments=ASSIGNMENTS_PER_ITEM,
        LifetimeInSeconds=HIT_LIFETIME,
        RequesterAnnotation=item.item_id,
        UniqueRequestToken=f"{run_id}-{item.item_id}",
    )
    return response["HIT"]["HITId"]


def list_reviewable_hit_ids(client: BaseClient, hit_type_id: str) -> set[str]:
    pages = client.get_paginator("list_reviewable_hits").paginate(
        HITTypeId=hit_type_id, PaginationConfig={"PageSize": PAGE_SIZE}
    )
    return {hit["HITId"] for page in pages for hit in page["HITs"]}


def wait_until_reviewable(
    client: BaseClient,
    hit_type_id: str,
    hit_ids: set[str],
    wait: Callable[[float], object],
    report: Callable[[str], object],
) -> None:
    """Poll until all HITs have their answers or have expired."""
    while open_hit_ids := hit_ids - list_reviewable_hit_ids(client, hit_type_id):
        report(f"{len(open_hit_ids)} of {len(hit_ids)} HITs are still open")
        wait(POLL_INTERVAL)


def list_answers(client: BaseClient, hit_id: str) -> Iterator[Answer]:
    pages = client.get_paginator("list_assignments_for_hit").paginate(
        HITId=hit_id, PaginationConfig={"PageSize": PAGE_SIZE}
    )
    for page in pages:
        for assignment in page["Assignments"]:
            fields = parse_answer(assignment["Answer"])
            yield Answer(
                assignment_id=assignment["AssignmentId"],
                worker_id=assignment["WorkerId"],
                status=assignment["AssignmentStatus"],
                label=fields.get("label", ""),
                comment=fields.get("comment", ""),
            )


def parse_answer(answer_xml: str) -> dict[str, str]:
    """Return the fields of the form, by name, from a QuestionFormAnswers document."""
    fields = {}
    for answer in ET.fromstring(answer_xml).iterfind("mt:Answer", ANSWER_NAMESPACES):
        name = answer.findtext("mt:QuestionIdentifier", "", ANSWER_NAMESPACES)
        fields[name] = answer.findtext("mt:FreeText", "", ANSWER_NAMESPACES).strip()
    return fields


def majority(labels: Sequence[str]) -> tuple[str, float]:
    """Return the majority label, or "" if there is none, and its share of the answers."""
    if labels:
        label, votes = Counter(labels).most_common(1)[0]
        if votes >= VOTES_FOR_MAJORITY:
            return label, votes / len(labels)
    return "", 0.0


def collect_result(client: BaseClient, item: Item, hit_id: str) -> Result:
    answers = list(list_answers(client, hit_id))
    label, agreement = majority([answer.label for answer in answers if answer.is_usable])
    return Result(item, hit_id, answers, label, agreement)


def review(client: BaseClient, answer: Answer) -> None:
    """Approve an answer that names a class, right or wrong, and reject any other."""
    if answer.status != "Submitted":
        return  # it was approved automatically
    if answer.is_usable:
        client.approve_assignment(AssignmentId=answer.assignment_id)
    else:
        client.reject_assignment(
            AssignmentId=answer.assignment_id, RequesterFeedback=REJECTION_FEEDBACK
        )


def find_bonus_answers(results: Iterable[Result]) -> list[Answer]:
    """Return one answer of each worker who has earned a bonus.

    Items without a majority label do not count.
    """
    first_answers: dict[str, Answer] = {}
    agreements: dict[str, list[bool]] = defaultdict(list)
    for result in results:
        if result.label:
            for answer in result.usable_answers:
                first_answers.setdefault(answer.worker_id, answer)
                agreements[answer.worker_id].append(answer.label == result.label)
    return [
        answer for worker_id, answer in first_answers.items() if earns_bonus(agreements[worker_id])
    ]


def earns_bonus(agreements: Sequence[bool]) -> bool:
    """Tell whether these agreements with the majority earn a worker a bonus."""
    enough_items = len(agreements) >= BONUS_MIN_ITEMS
    return enough_items and sum(agreements) / len(agreements) >= BONUS_MIN_AGREEMENT


def pay_bonus(client: BaseClient, answer: Answer, run_id: str) -> None:
    client.send_bonus(
        WorkerId=answer.worker_id,
        AssignmentId=answer.assignment_id,
        BonusAmount=BONUS,
        Reason=BONUS_REASON,
        UniqueRequestToken=f"{run_id}-bonus-{answer.worker_id}",
    )


def pay_workers(
    client: BaseClient, results: Sequence[Result], run_id: str, report: Callable[[str], object]
) -> None:
    """Review all assignments, then pay the bonuses."""
    answers = [answer for result in results for answer in result.answers]
    for answer in answers:
        review(client, answer)
    unusable = sum(not answer.is_usable for answer in answers)
    report(f"Reviewed {len(answers)} assignments, {unusable} of them without a usable label")

    bonus_answers = find_bonus_answers(results)
    for answer in bonus_answers:
        pay_bonus(client, answer, run_id)
    report(f"Paid a bonus to {len(bonus_answers)} workers")


def run_campaign(
    client: BaseClient,
    items: Sequence[Item],
    *,
    wait: Callable[[float], object] = time.sleep,
    report: Callable[[str], object] = print,
    save: Callable[[list[Result]], object] | None = None,
    run_id: str | None = None,
) -> list[Result]:
    """Have all items labeled, pay the workers, and return the results in the order of the items.

    `wait` is called with the seconds between two polls, `report` with each progress message, and
    `save` with the results before anything is paid or deleted. `run_id` distinguishes this run from
    others in the request tokens; by default it is random.
    """
    run_id = run_id or uuid.uuid4().hex[:12]
    hit_type_id = client.create_hit_type(**HIT_TYPE)["HITTypeId"]
    hit_ids = [publish_hit(client, hit_type_id, item, run_id) for item in items]
    report(f"Run {run_id}: published {len(hit_ids)} HITs of type {hit_type_id}")

    wait_until_reviewable(client, hit_type_id, set(hit_ids), wait, report)
    results = [
        collect_result(client, item, hit_id) for item, hit_id in zip(items, hit_ids, strict=True)
    ]
    report(f"{sum(bool(result.label) for result in results)} of {len(items)} items have a label")
    if save:
        save(results)

    pay_workers(client, results, run_id, report)
    for hit_id in hit_ids:
        client.delete_hit(HITId=hit_id)
    report(f"Deleted {len(hit_ids)} HITs")
    return results


def parse_args(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Have species labeled on Mechanical Turk.")
    parser.add_argument("items", type=Path, help="CSV file with the species to label")
    parser.add_argument("results", type=Path, help="CSV file to write the labels to")
    parser.add_argument(
        "--production", action="store_true", help="publish for real money, not in the sandbox"
    )
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> None:
    args = parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    endpoint_url = PRODUCTION_ENDPOINT if args.production else SANDBOX_ENDPOINT
    run_campaign(
        boto3.client("mturk", region_name=REGION, endpoint_url=endpoint_url),
        read_items(args.items),
        wait=time.sleep,
        report=logging.info,
        save=lambda results: write_results(args.results, results),
    )


if __name__ == "__main__":
    main()
