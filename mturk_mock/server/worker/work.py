"""Working on HITs: preview, accept, work, submit, return, and the next one."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Final, NamedTuple
from urllib.parse import quote

from starlette.responses import JSONResponse, Response

from mturk_mock.core.clock import to_datetime
from mturk_mock.core.errors import MTurkError
from mturk_mock.model import assignment as assignments
from mturk_mock.model.account import Account
from mturk_mock.model.assignment import ABANDONED, ACCEPTED, RETURNED, Assignment
from mturk_mock.model.hit import HIT
from mturk_mock.model.marketplace import Marketplace
from mturk_mock.model.requirement import PREVIEW
from mturk_mock.model.worker import Person
from mturk_mock.questions.question import read_question
from mturk_mock.server.pages import PageRequest
from mturk_mock.server.worker import tasks
from mturk_mock.server.worker.question_form import Posted, read_files, read_posted, show_form
from mturk_mock.server.worker.site import WorkerSite
from mturk_mock.workforce.hit import Assignment as AssignmentHandle
from mturk_mock.workforce.hit_groups import HITGroup, find_group

_GONE: Final = "This HIT is no longer available"
_GONE_TEXT: Final = (
    "Other workers have taken the last HITs of this kind, or the requester has ended them."
)
_NOT_YOURS: Final = (
    "You have no HIT with this address. It may have been returned, or you accepted it under "
    "another worker ID."
)


def redirect_preview(site: WorkerSite, request: PageRequest) -> Response:
    """Redirect from the address that programs print, ``/mturk/preview?groupId=``."""
    group_id = quote(request.query.get("groupId", ""), safe="")
    return site.go(f"/projects/{group_id}/tasks")


def preview(site: WorkerSite, request: PageRequest) -> Response:
    """Show the next HIT of a group, before the worker accepts it."""
    worker_id = site.worker(request).id
    with site.backend.transaction() as (marketplace, _):
        person = marketplace.people[worker_id]
        group = find_group(marketplace, person, site.environment, request.params["group"])
        hit = None if group is None else _next_hit(group, request.query.get("after"))
        if group is None or hit is None:
            return _say_gone(site, request)
        blocked = person.id in group.account.blocks
        is_shown = group.allows(PREVIEW) and not blocked
        frame = tasks.frame_of(site, request, hit, person, None) if is_shown else None
        details = tasks.details_of(group, hit)
        can_accept = group.is_qualified and not blocked
    return site.show(
        request,
        "preview.html",
        policy=tasks.frame_policy(frame, request.site, site.root),
        details=details,
        frame=frame,
        form=show_form(hit.question) if is_shown and frame is None else None,
        can_accept=can_accept,
        blocked=blocked,
        auto_accept=_wants_next(request),
    )


def _next_hit(group: HITGroup, after: str | None) -> HIT | None:
    """Return the first HIT of a group that the worker can take, or the first after another.

    After the last one comes the first.
    """
    first = next(group.hits(), None)
    skipped = group.account.hits.get(after or "")
    return first if skipped is None else next(group.hits(skipped.number), first)


def _say_gone(site: WorkerSite, request: PageRequest, status: int = 404) -> Response:
    return site.say(request, _GONE, _GONE_TEXT, status)


def _wants_next(request: PageRequest) -> bool:
    wanted = request.form.get("auto_accept", request.query.get("auto_accept"))
    return wanted in ("true", "on")


def accept(site: WorkerSite, request: PageRequest) -> Response:
    """Accept the HIT that was previewed, or another one of its group if that one is gone."""
    try:
        accepted = _accept_one(site, request, str(request.form.get("hit_id", "")))
    except MTurkError as refusal:
        return site.say(request, "You cannot accept this HIT", refusal.message, 409)
    if accepted is None:
        return _say_gone(site, request, 409)
    return site.go(
        tasks.work_path(request.params["group"], accepted, auto_accept=_wants_next(request))
    )


def _accept_one(site: WorkerSite, request: PageRequest, hit_id: str) -> Assignment | None:
    """Accept a HIT of the group, the given one if possible; None if there is none left.

    Raises MTurkError if the worker may not accept it.
    """
    worker = site.worker(request)
    with site.backend.transaction() as (marketplace, _):
        person = marketplace.people[worker.id]
        group = find_group(marketplace, person, site.environment, request.params["group"])
        if group is None:
            return None
        hit = group.account.hits.get(hit_id)
        if hit is None or hit.type is not group.type or not _is_open(hit, person):
            hit = next(group.hits(), None)
        if hit is None:
            return None
        return group.account.assignments[worker.accept(hit.id).id]


def _is_open(hit: HIT, person: Person) -> bool:
    return hit.status == "Assignable" and person.id not in hit.takers


class _Work(NamedTuple):
    """An assignment of the worker, with what belongs to it."""

    account: Account
    hit: HIT
    assignment: Assignment
    person: Person
    now: int
    rate: int


def _find_work(
    site: WorkerSite, request: PageRequest, marketplace: Marketplace, now: int
) -> _Work | None:
    """Return the worker's assignment of a request; None if the worker has none with its ID."""
    worker_id = site.worker(request).id
    id_ = str(request.form.get("assignment_id") or request.query.get("assignment_id", ""))
    try:
        account, assignment = marketplace.find_assignment(id_)
    except MTurkError:
        return None
    hit = account.hits.get(assignment.hit_id)
    is_here = account.environment == site.environment
    if hit is None or assignment.worker_id != worker_id or not is_here:
        return None
    person, rate = marketplace.people[worker_id], marketplace.clock.rate
    return _Work(account, hit, assignment, person, now, rate)


def show_work(site: WorkerSite, request: PageRequest) -> Response:
    """Show an assignment: the task with its clock, or what became of it."""
    with site.backend.transaction() as (marketplace, now):
        work = _find_work(site, request, marketplace, now)
        if work is None:
            return site.say(request, _GONE, _NOT_YOURS, 404)
        if work.assignment.status != ACCEPTED:
            return _show_end(site, request, work, marketplace)
        return _show_task(site, request, work, marketplace)


def _show_task(
    site: WorkerSite,
    request: PageRequest,
    work: _Work,
    marketplace: Marketplace,
    posted: Posted | None = None,
) -> Response:
    """Show the task of an assignment; `posted`: what the worker has entered, with mistakes."""
    frame = tasks.frame_of(site, request, work.hit, work.person, work.assignment)
    return site.show(
        request,
        "work.html",
        200 if posted is None else 422,
        policy=tasks.frame_policy(frame, request.site, site.root),
        details=tasks.details_of(_group_of(site, marketplace, work), work.hit),
        assignment_id=work.assignment.id,
        frame=frame,
        timer=tasks.timer_of(work.assignment, work.now, work.rate),
        form=show_form(work.hit.question) if frame is None else None,
        posted=posted or Posted(),
        auto_accept=_wants_next(request),
        was_submitted=request.query.get("submitted") == "1",
    )


def _group_of(site: WorkerSite, marketplace: Marketplace, work: _Work) -> HITGroup:
    group = find_group(marketplace, work.person, site.environment, work.hit.type.id)
    assert group is not None  # the HIT is in it
    return group


_ENDS: Final = {
    RETURNED: ("Returned", "You have returned this HIT. Nothing was submitted."),
    ABANDONED: (
        "The time for this HIT is over",
        "It was not submitted before its deadline, so other workers can take it now.",
    ),
}
_SUBMITTED: Final = ("Submitted", "Thank you. The requester will review your work.")


def _show_end(
    site: WorkerSite, request: PageRequest, work: _Work, marketplace: Marketplace
) -> Response:
    title, text = _ENDS.get(work.assignment.status, _SUBMITTED)
    group = _group_of(site, marketplace, work)
    left = group.size if work.person.id not in work.account.blocks else 0
    details = tasks.details_of(group, work.hit)
    return site.show(
        request, "end_of_work.html", title=title, text=text, left=left, details=details
    )


def give_back(site: WorkerSite, request: PageRequest) -> Response:
    """Return a HIT without submitting it."""
    with site.backend.transaction() as (marketplace, now):
        work = _find_work(site, request, marketplace, now)
        if work is None:
            return site.say(request, _GONE, _NOT_YOURS, 404)
        if work.assignment.status == ACCEPTED:
            AssignmentHandle(site.backend, work.assignment).return_hit()
    return site.go(tasks.work_path(request.params["group"], work.assignment))


def submit(site: WorkerSite, request: PageRequest) -> Response:
    """Submit the QuestionForm of a HIT, or show it again with its mistakes."""
    posted = _read_form(site, request)
    with site.backend.transaction() as (marketplace, now):
        work = _find_work(site, request, marketplace, now)
        if work is None:
            return site.say(request, _GONE, _NOT_YOURS, 404)
        if posted is not None and work.assignment.status == ACCEPTED:
            if posted.errors:
                return _show_task(site, request, work, marketplace, posted)
            AssignmentHandle(site.backend, work.assignment).submit(posted.answer)
    return _leave(site, request, work.assignment)


def _read_form(site: WorkerSite, request: PageRequest) -> Posted | None:
    """Read a posted QuestionForm, without the lock; None if the HIT has another question."""
    with site.backend.transaction() as (marketplace, now):
        work = _find_work(site, request, marketplace, now)
    page = None if work is None else read_question(work.hit.question)
    if page is None or page.fields is None:
        return None
    return read_posted(page, request.form.multi_items(), read_files(request.form))


def go_on(site: WorkerSite, request: PageRequest) -> Response:
    """Go on after the task's own page has submitted the assignment."""
    with site.backend.transaction() as (marketplace, now):
        work = _find_work(site, request, marketplace, now)
        if work is None:
            return site.say(request, _GONE, _NOT_YOURS, 404)
    return _leave(site, request, work.assignment)


def _leave(site: WorkerSite, request: PageRequest, assignment: Assignment) -> Response:
    """Go to the next HIT if it is wanted and there is one, or else to the end of this one."""
    group_id = request.params["group"]
    if _wants_next(request) and assignment.status in assignments.VISIBLE:
        try:
            accepted = _accept_one(site, request, "")
        except MTurkError:
            accepted = None  # the page of the submitted HIT says how many are left
        if accepted is not None:
            return site.go(f"{tasks.work_path(group_id, accepted, auto_accept=True)}&submitted=1")
    return site.go(tasks.work_path(group_id, assignment))


def show_status(site: WorkerSite, request: PageRequest) -> Response:
    """Return the state of an assignment for the page's script."""
    with site.backend.transaction() as (marketplace, now):
        work = _find_work(site, request, marketplace, now)
        if work is None:
            return JSONResponse({"status": "Unknown"}, 404)
        timer = tasks.timer_of(work.assignment, now, work.rate)
    content = {"status": work.assignment.status, **vars(timer)}
    return JSONResponse(content, headers={"Cache-Control": "no-store"})


class Task(NamedTuple):
    """A line of the queue."""

    path: str
    title: str
    requester: str
    reward: Decimal
    timer: tasks.Timer
    deadline: datetime


def show_queue(site: WorkerSite, request: PageRequest) -> Response:
    """Show the HITs that the worker has accepted and not yet submitted, oldest first."""
    worker_id = site.worker(request).id
    with site.backend.transaction() as (marketplace, now):
        rate = marketplace.clock.rate
        rows = [
            _task(account, account.assignments[id_], now, rate)
            for account in marketplace.accounts.values()
            if account.environment == site.environment
            for id_ in account.work.get(worker_id, ())
            if account.assignments[id_].status == ACCEPTED
        ]
    rows.sort(key=lambda task: task.deadline)
    return site.show(request, "queue.html", rows=rows)


def _task(account: Account, assignment: Assignment, now: int, rate: int) -> Task:
    type_ = account.hits[assignment.hit_id].type
    return Task(
        tasks.work_path(type_.group_id, assignment),
        type_.properties.title,
        account.requester,
        type_.properties.reward,
        tasks.timer_of(assignment, now, rate),
        to_datetime(assignment.deadline),
    )
