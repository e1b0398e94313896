"""The results file of the requester site: CSV that analysis scripts read.

No such file was recorded for this: columns and forms are as people know them. [assumed]
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from mturk_mock.core.clock import DAY, SECOND, english_date, to_datetime
from mturk_mock.model.account import Account
from mturk_mock.model.assignment import APPROVED, Assignment
from mturk_mock.model.hit import HIT
from mturk_mock.model.marketplace import Marketplace
from mturk_mock.questions.answers import TASK_ANSWERS, Answer, parse_answers, read_rendered_answers
from mturk_mock.questions.html.form import read_html_form
from mturk_mock.questions.question import read_question

Row = dict[str, str]

#: Columns that are there whatever was asked, before those of input and answers.
FIXED_COLUMNS: Final = (
    "HITId",
    "HITTypeId",
    "Title",
    "Description",
    "Keywords",
    "Reward",
    "CreationTime",
    "MaxAssignments",
    "RequesterAnnotation",
    "AssignmentDurationInSeconds",
    "AutoApprovalDelayInSeconds",
    "Expiration",
    "NumberOfSimilarHITs",
    "LifetimeInSeconds",
    "AssignmentId",
    "WorkerId",
    "AssignmentStatus",
    "AcceptTime",
    "SubmitTime",
    "AutoApprovalTime",
    "ApprovalTime",
    "RejectionTime",
    "RequesterFeedback",
    "WorkTimeInSeconds",
    "LifetimeApprovalRate",
    "Last30DaysApprovalRate",
    "Last7DaysApprovalRate",
)
#: Columns for the requester to fill in, and to upload the file again.
LAST_COLUMNS: Final = ("Approve", "Reject")


def write(marketplace: Marketplace, hit_type_id: str, now: int) -> str:
    """Return the file: HITs oldest first, of each the submissions oldest first. [assumed]

    Every field is quoted, and lines end in a line feed. [assumed]
    Raises ValueError for a HIT type that nobody has made.
    """
    account = _account_of(marketplace, hit_type_id)
    rows = list(_rows(account, hit_type_id, now))
    more = dict.fromkeys(name for row in rows for name in row if name not in _FIXED)
    inputs = [name for name in more if name.startswith("Input.")]
    answers = [name for name in more if name.startswith("Answer.")]
    file = io.StringIO()
    columns = [*FIXED_COLUMNS, *inputs, *answers, *LAST_COLUMNS]
    writer = csv.DictWriter(file, columns, restval="", quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()


_FIXED: Final = frozenset((*FIXED_COLUMNS, *LAST_COLUMNS))


def _account_of(marketplace: Marketplace, hit_type_id: str) -> Account:
    for account in marketplace.accounts.values():
        if hit_type_id in account.hit_types:
            return account
    raise ValueError(
        f"results_csv() takes a HITTypeId, and there is no HIT type {hit_type_id!r}: "
        "CreateHITType and CreateHIT return it"
    )


def _rows(account: Account, hit_type_id: str, now: int) -> Iterator[Row]:
    rates = _Rates(account, now)
    for hit in account.hits_by_number:
        if hit.type.id == hit_type_id:
            for assignment_id in hit.submitted_ids:
                assignment = account.assignments[assignment_id]
                yield {
                    **_hit_fields(hit),
                    **_assignment_fields(assignment),
                    **rates.fields(assignment.worker_id),
                    **{f"Input.{name}": value for name, value in hit.layout_parameters},
                    **{f"Answer.{name}": value for name, value in _answers(hit, assignment.answer)},
                }


def _hit_fields(hit: HIT) -> Row:
    """Return what is said of the HIT; two columns were always empty. [assumed]"""
    properties = hit.type.properties
    return {
        "HITId": hit.id,
        "HITTypeId": hit.type.id,
        "Title": properties.title,
        "Description": properties.description,
        "Keywords": properties.keywords or "",
        "Reward": f"${properties.reward:.2f}",
        "CreationTime": pacific_time(hit.creation_time),
        "MaxAssignments": str(hit.max_assignments),
        "RequesterAnnotation": hit.annotation or "",
        "AssignmentDurationInSeconds": str(properties.assignment_duration),
        "AutoApprovalDelayInSeconds": str(properties.auto_approval_delay),
        "Expiration": pacific_time(hit.expiration),
    }


def _assignment_fields(assignment: Assignment) -> Row:
    submit_time = assignment.submit_time or 0  # it was submitted
    return {
        "AssignmentId": assignment.id,
        "WorkerId": assignment.worker_id,
        "AssignmentStatus": assignment.status,
        "AcceptTime": pacific_time(assignment.accept_time),
        "SubmitTime": pacific_time(submit_time),
        "AutoApprovalTime": pacific_time(assignment.auto_approval_time),
        "ApprovalTime": pacific_time(assignment.approval_time),
        "RejectionTime": pacific_time(assignment.rejection_time),
        "RequesterFeedback": assignment.feedback or "",
        "WorkTimeInSeconds": str((submit_time - assignment.accept_time) // SECOND),
    }


# Approval rates ---------------------------------------------------------------------------


class _Review(NamedTuple):
    time: int
    is_approved: bool


class _Rates:
    """How much of a worker's reviewed work this requester has approved. [assumed]"""

    def __init__(self, account: Account, now: int) -> None:
        self._now = now
        self._reviews: dict[str, list[_Review]] = {}
        for each in account.assignments.values():
            time = each.approval_time if each.status == APPROVED else each.rejection_time
            if time is not None:
                review = _Review(time, each.status == APPROVED)
                self._reviews.setdefault(each.worker_id, []).append(review)

    def fields(self, worker_id: str) -> Row:
        """Return the three columns."""
        reviews = self._reviews.get(worker_id, [])
        return {
            "LifetimeApprovalRate": _rate(reviews, 0),
            "Last30DaysApprovalRate": _rate(reviews, self._now - 30 * DAY),
            "Last7DaysApprovalRate": _rate(reviews, self._now - 7 * DAY),
        }


def _rate(reviews: Iterable[_Review], since: int) -> str:
    counted = [review.is_approved for review in reviews if review.time >= since]
    percent = 100 * sum(counted) // len(counted) if counted else 0
    return f"{percent}% ({sum(counted)}/{len(counted)})"


# Answers ----------------------------------------------------------------------------------


def _answers(hit: HIT, document: str) -> Iterator[tuple[str, str]]:
    """Yield names and values: several selections are joined by "|", a file is its key.

    What a crowd-form sends is one column, "taskAnswers". [observed] With
    answer-format="flatten-objects" it is there field by field [doc], its objects' members
    after a dot. [assumed]
    """
    answers = read_rendered_answers(document)
    fields = parse_answers(document)
    is_crowd = [each.identifier for each in answers] == [TASK_ANSWERS]
    if is_crowd and TASK_ANSWERS not in fields and _is_flattened(hit):
        yield from _flatten(fields)
    else:
        yield from ((each.identifier, _value(each)) for each in answers)


def _is_flattened(hit: HIT) -> bool:
    html = read_question(hit.question).html
    return html is not None and read_html_form(html).is_flattened


def _value(answer: Answer) -> str:
    if answer.text is not None:
        return answer.text
    if answer.upload is not None:
        return answer.upload.key
    other = () if answer.other is None else (answer.other,)
    return "|".join((*answer.selections, *other))


def _flatten(fields: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, value in fields.items():
        if isinstance(value, dict):
            yield from _flatten(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", _member(value)


def _member(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return "|".join(value)
    return json.dumps(value)


# Times ------------------------------------------------------------------------------------


def pacific_time(moment: int | None) -> str:
    """Return a time as the site wrote it, as ``Wed Feb 10 08:41:39 PST 2016``; None is empty.

    By the rule of the United States since 2007, for all years: summer time is from the second
    Sunday of March to the first of November, at two o'clock. So no time zone data are needed.
    """
    if moment is None:
        return ""
    standard = to_datetime(moment).replace(tzinfo=None) - timedelta(hours=8)
    begins = _sunday(standard.year, 3, 2) + timedelta(hours=2)
    ends = _sunday(standard.year, 11, 1) + timedelta(hours=1)  # two o'clock by summer time
    is_summer = begins <= standard < ends
    local = standard + timedelta(hours=is_summer)
    return english_date(local, "PDT" if is_summer else "PST")


def _sunday(year: int, month: int, number: int) -> datetime:
    """Return when the first or another Sunday of a month begins."""
    first = datetime(year, month, 1)
    return first + timedelta(days=(6 - first.weekday()) % 7 + 7 * (number - 1))
