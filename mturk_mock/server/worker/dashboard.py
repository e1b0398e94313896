"""The dashboard: what became of the worker's work, what was paid, and what requesters wrote."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from itertools import islice
from typing import Final, NamedTuple

from starlette.responses import Response

from mturk_mock.core.clock import DAY, to_datetime, to_datetime_or_none
from mturk_mock.core.environment import SANDBOX
from mturk_mock.core.quoting import shorten
from mturk_mock.model import assignment as assignments
from mturk_mock.server.pages import PageRequest
from mturk_mock.server.worker.paging import read_paging
from mturk_mock.server.worker.site import WorkerSite
from mturk_mock.server.worker.tasks import work_path
from mturk_mock.workforce.work_history import Earnings, Payment, Work, WorkHistory, total_of

#: The statuses that the dashboard counts, in this order. Accepted HITs are in the queue.
STATUSES: Final = (
    assignments.SUBMITTED,
    assignments.APPROVED,
    assignments.REJECTED,
    assignments.RETURNED,
    assignments.ABANDONED,
)

#: How many items of each list the dashboard shows, and a page of a whole list.
_FIRST: Final = 5
_FIRST_DAYS: Final = 7
_ON_A_PAGE: Final = 20
#: Messages have up to 4,096 characters.
_MESSAGES_ON_A_PAGE: Final = 8
#: How much of a long text the dashboard shows, in characters.
_LONGEST: Final = 300


class WorkRow(NamedTuple):
    """An assignment in a list. ``path``: of its page. Times are None for what did not happen."""

    path: str
    title: str
    requester: str
    reward: Decimal
    status: str
    accepted: datetime
    submitted: datetime | None
    reviewed: datetime | None
    auto_approval: datetime | None
    feedback: str


class BonusRow(NamedTuple):
    """A bonus in a list."""

    path: str
    title: str
    requester: str
    amount: Decimal
    reason: str
    when: datetime


class MessageRow(NamedTuple):
    """A message in a list."""

    subject: str
    text: str
    requester: str
    when: datetime | None


class DayRow(NamedTuple):
    """The earnings of a day."""

    day: datetime
    approved: int
    rewards: Decimal
    bonuses: Decimal
    total: Decimal


def show_dashboard(site: WorkerSite, request: PageRequest) -> Response:
    """Show what is new, and how much there is of everything."""
    worker_id = site.worker(request).id
    with site.backend.transaction() as (marketplace, _):
        history = WorkHistory(marketplace, worker_id, site.environment)
        counts = history.counts()
        record = marketplace.people[worker_id].all_work(site.environment)
        days = _days_of(site, history)
        work = _work_rows(islice(_finished(history), _FIRST), _LONGEST)
        bonuses = _bonus_rows(islice(history.payments(), _FIRST), _LONGEST)
        messages = _message_rows(history, 0, _FIRST, _LONGEST)
        totals = (len(days), history.count_payments(), sum(1 for _ in history.emails()))
    return site.show(
        request,
        "dashboard.html",
        statuses=STATUSES,
        counts=counts,
        record=record,
        days=[_day_row(each) for each in days[:_FIRST_DAYS]],
        earned=total_of(days),
        work=work,
        bonuses=bonuses,
        messages=messages,
        totals=dict(zip(("earnings", "bonuses", "messages"), totals, strict=True)),
    )


def _days_of(site: WorkerSite, history: WorkHistory) -> list[Earnings]:
    """Return the days with earnings; the sandbox pays nothing."""
    return [] if site.environment == SANDBOX else history.earnings()


def show_work_list(site: WorkerSite, request: PageRequest) -> Response:
    """Show all work, or that of one status."""
    given = request.query.get("status", "")
    status = given if given in STATUSES else ""
    worker_id = site.worker(request).id
    with site.backend.transaction() as (marketplace, _):
        history = WorkHistory(marketplace, worker_id, site.environment)
        counts = history.counts()
        total = counts[status] if status else sum(counts[each] for each in STATUSES)
        paging = read_paging(
            request.query, total, _ON_A_PAGE, **({"status": status} if status else {})
        )
        found = (
            each
            for each in _finished(history)
            if each.assignment.status == (status or each.assignment.status)
        )
        rows = _work_rows(paging.select(found))
    return site.show(
        request,
        "dashboard_work.html",
        statuses=STATUSES,
        counts=counts,
        chosen=status,
        rows=rows,
        paging=paging,
    )


def show_earnings(site: WorkerSite, request: PageRequest) -> Response:
    """Show the earnings of all days."""
    worker_id = site.worker(request).id
    with site.backend.transaction() as (marketplace, _):
        days = _days_of(site, WorkHistory(marketplace, worker_id, site.environment))
    paging = read_paging(request.query, len(days), _ON_A_PAGE)
    rows = [_day_row(each) for each in paging.select(days)]
    return site.show(
        request, "dashboard_earnings.html", rows=rows, earned=total_of(days), paging=paging
    )


def show_bonuses(site: WorkerSite, request: PageRequest) -> Response:
    """Show all bonuses."""
    worker_id = site.worker(request).id
    with site.backend.transaction() as (marketplace, _):
        history = WorkHistory(marketplace, worker_id, site.environment)
        paging = read_paging(request.query, history.count_payments(), _ON_A_PAGE)
        rows = _bonus_rows(paging.select(history.payments()))
    return site.show(request, "dashboard_bonuses.html", rows=rows, paging=paging)


def show_messages(site: WorkerSite, request: PageRequest) -> Response:
    """Show all messages, in full."""
    worker_id = site.worker(request).id
    with site.backend.transaction() as (marketplace, _):
        history = WorkHistory(marketplace, worker_id, site.environment)
        total = sum(1 for _ in history.emails())
        paging = read_paging(request.query, total, _MESSAGES_ON_A_PAGE)
        rows = _message_rows(history, paging.start, paging.size)
    return site.show(request, "dashboard_messages.html", rows=rows, paging=paging)


# Rows -------------------------------------------------------------------------------------


def _finished(history: WorkHistory) -> Iterable[Work]:
    return (each for each in history.work() if each.assignment.status in STATUSES)


def _work_rows(found: Iterable[Work], longest: int | None = None) -> list[WorkRow]:
    return [_work_row(each, longest) for each in found]


def _work_row(work: Work, longest: int | None) -> WorkRow:
    assignment, type_ = work.assignment, work.hit.type
    is_waiting = assignment.status == assignments.SUBMITTED
    return WorkRow(
        work_path(type_.group_id, assignment),
        type_.properties.title,
        work.account.requester,
        type_.properties.reward,
        assignment.status,
        to_datetime(assignment.accept_time),
        to_datetime_or_none(assignment.submit_time),
        to_datetime_or_none(work.review_time),
        to_datetime_or_none(assignment.auto_approval_time) if is_waiting else None,
        _cut(assignment.feedback or "", longest),
    )


def _bonus_rows(found: Iterable[Payment], longest: int | None = None) -> list[BonusRow]:
    return [
        BonusRow(
            work_path(each.hit.type.group_id, each.assignment),
            each.hit.type.properties.title,
            each.account.requester,
            each.bonus.amount,
            _cut(each.bonus.reason, longest),
            to_datetime(each.bonus.time),
        )
        for each in found
    ]


def _message_rows(
    history: WorkHistory, start: int, size: int, longest: int | None = None
) -> list[MessageRow]:
    return [
        MessageRow(each.subject, _cut(each.text, longest), each.requester or "", each.time)
        for each in islice(history.emails(), start, start + size)
    ]


def _day_row(day: Earnings) -> DayRow:
    moment = to_datetime(day.day * DAY)
    return DayRow(moment, day.approved, day.rewards, day.bonuses, day.total)


def _cut(text: str, longest: int | None) -> str:
    return text if longest is None else shorten(text, longest)
