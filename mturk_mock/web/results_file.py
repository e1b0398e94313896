"""The results file of the requester site: CSV that analysis scripts read.

No such file was recorded for this: columns and forms are as people know them. [assumed]
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from mturk_mock.core.clock import DAY, SECOND, english_date, to_datetime
from mturk_mock.core.quoting import quote
from mturk_mock.model.account import Account
from mturk_mock.model.assignment import APPROVED, Assignment
from mturk_mock.model.hit import HIT
from mturk_mock.model.marketplace import Marketplace
from mturk_mock.questions.answers import TASK_ANSWERS, Answer, parse_answers, read_rendered_answers
from mturk_mock.questions.html.form import read_html_form
from mturk_mock.questions.question import read_question

Row = dict[str, str]

#: What is said of the HIT, by column; the last two columns were always empty. [assumed]
_OF_THE_HIT: Final[dict[str, Callable[[HIT], str]]] = {
    "HITId": lambda hit: hit.id,
    "HITTypeId": lambda hit: hit.type.id,
    "Title": lambda hit: hit.type.properties.title,
    "Description": lambda hit: hit.type.properties.description,
    "Keywords": lambda hit: hit.type.properties.keywords or "",
    "Reward": lambda hit: f"${hit.type.properties.reward:.2f}",
    "CreationTime": lambda hit: pacific_time(hit.creation_time),
    "MaxAssignments": lambda hit: str(hit.max_assignments),
    "RequesterAnnotation": lambda hit: hit.annotation or "",
    "AssignmentDurationInSeconds": lambda hit: str(hit.type.properties.assignment_duration),
    "AutoApprovalDelayInSeconds": lambda hit: str(hit.type.properties.auto_approval_delay),
    "Expiration": lambda hit: pacific_time(hit.expiration),
    "NumberOfSimilarHITs": lambda hit: "",
    "LifetimeInSeconds": lambda hit: "",
}
_OF_THE_ASSIGNMENT: Final[dict[str, Callable[[Assignment], str]]] = {
    "AssignmentId": lambda work: work.id,
    "WorkerId": lambda work: work.worker_id,
    "AssignmentStatus": lambda work: work.status,
    "AcceptTime": lambda work: pacific_time(work.accept_time),
    "SubmitTime": lambda work: pacific_time(work.submit_time),
    "AutoApprovalTime": lambda work: pacific_time(work.auto_approval_time),
    "ApprovalTime": lambda work: pacific_time(work.approval_time),
    "RejectionTime": lambda work: pacific_time(work.rejection_time),
    "RequesterFeedback": lambda work: work.feedback or "",
    "WorkTimeInSeconds": lambda work: str(((work.submit_time or 0) - work.accept_time) // SECOND),
}
#: Approval rates of the worker, each over the reviews of so many days, or over all.
_RATES: Final = {
    "LifetimeApprovalRate": None,
    "Last30DaysApprovalRate": 30,
    "Last7DaysApprovalRate": 7,
}
#: Columns that are there whatever was asked, before those of input and answers.
FIXED_COLUMNS: Final = (*_OF_THE_HIT, *_OF_THE_ASSIGNMENT, *_RATES)
#: Columns for the requester to fill in, and to upload the file again.
LAST_COLUMNS: Final = ("Approve", "Reject")


def write(marketplace: Marketplace, hit_type_id: str, now: int) -> str:
    """Return the file: HITs oldest first, of each the submissions oldest first. [assumed]

    Every field is quoted, lines end in a line feed, and a lone surrogate, which UTF-8 cannot
    carry, is a question mark, as Java writes it. [assumed]
    Raises ValueError for a HIT type that nobody has made.
    """
    account = _account_of(marketplace, hit_type_id)
    rows = list(_rows(account, hit_type_id, now))
    more = dict.fromkeys(name for row in rows for name in row)
    inputs = [name for name in more if name.startswith("Input.")]
    answers = [name for name in more if name.startswith("Answer.")]
    file = io.StringIO()
    columns = [*FIXED_COLUMNS, *inputs, *answers, *LAST_COLUMNS]
    writer = csv.DictWriter(file, columns, restval="", quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue().encode(errors="replace").decode()


def _account_of(marketplace: Marketplace, hit_type_id: str) -> Account:
    for account in marketplace.accounts.values():
        if hit_type_id in account.hit_types:
            return account
    raise ValueError(
        f"results_csv() takes a HITTypeId, and there is no HIT type {quote(hit_type_id)}: "
        "CreateHITType and CreateHIT return it"
    )


def _rows(account: Account, hit_type_id: str, now: int) -> Iterator[Row]:
    rates = _Rates(account, now)
    for hit in account.hits_by_number:
        if hit.type.id == hit_type_id:
            for assignment_id in hit.submitted_ids:
                assignment = account.assignments[assignment_id]
                yield {
                    **{name: read(hit) for name, read in _OF_THE_HIT.items()},
                    **{name: read(assignment) for name, read in _OF_THE_ASSIGNMENT.items()},
                    **rates.fields(assignment.worker_id),
                    **{f"Input.{name}": value for name, value in hit.layout_parameters},
                    **{f"Answer.{name}": value for name, value in _answers(hit, assignment.answer)},
                }


# Approval rates ---------------------------------------------------------------------------


class _Rates:
    """How much of a worker's reviewed work this requester has approved. [assumed]"""

    def __init__(self, account: Account, now: int) -> None:
        self._now = now
        self._reviews: dict[str, list[tuple[int, bool]]] = {}  # with time, and whether approved
        for each in account.assignments.values():
            time = each.approval_time if each.status == APPROVED else each.rejection_time
            if time is not None:
                review = time, each.status == APPROVED
                self._reviews.setdefault(each.worker_id, []).append(review)

    def fields(self, worker_id: str) -> Row:
        """Return the three columns."""
        reviews = self._reviews.get(worker_id, [])
        since = {name: self._now - days * DAY if days else 0 for name, days in _RATES.items()}
        return {name: _rate(reviews, moment) for name, moment in since.items()}


def _rate(reviews: Iterable[tuple[int, bool]], since: int) -> str:
    counted = [is_approved for time, is_approved in reviews if time >= since]
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
