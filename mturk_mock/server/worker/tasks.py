"""HITs, as a worker sees them: what a page shows of a HIT and its assignment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final
from urllib.parse import urlencode, urlsplit

from mturk_mock.core.clock import SECOND, to_datetime
from mturk_mock.model.assignment import Assignment
from mturk_mock.model.hit import HIT
from mturk_mock.model.requirement import Standing, find_standing
from mturk_mock.model.worker import Person
from mturk_mock.questions.question import PREVIEW_ASSIGNMENT_ID, QuestionPage, read_question
from mturk_mock.server.hosts import host_in, is_loopback
from mturk_mock.server.pages import PageRequest
from mturk_mock.server.tasks.frame import PATH, frame_url, sandbox_for
from mturk_mock.server.tasks.tickets import Ticket
from mturk_mock.server.worker.question_form import CONTENT_SOURCES
from mturk_mock.server.worker.site import WorkerSite
from mturk_mock.workforce.hit_groups import HITGroup

#: What every task page may ask the worker for. [observed]
ALLOWED: Final = "microphone; camera"
#: What a page of the web needs to send its form to a server on this machine; browsers ask the
#: worker. The first name is that of older browsers.
_TO_THIS_MACHINE: Final = "; local-network-access; loopback-network"


@dataclass(frozen=True)
class Details:
    """What the worker is told about a HIT. ``size``: how many HITs of its group are left."""

    group_id: str
    hit_id: str
    title: str
    description: str
    keywords: str
    requester: str
    reward: Decimal
    size: int
    seconds: int
    expiration: datetime
    standings: tuple[Standing, ...]


@dataclass(frozen=True)
class Timer:
    """How long the worker has been at it, in seconds; ``rate``: how fast the mock's clock goes."""

    elapsed: int
    allotted: int
    rate: int


@dataclass(frozen=True)
class Frame:
    """The frame of a task.

    - ``height``: in pixels; 0 for the height of the window.
    - ``sandbox``, ``allow``: what its page may do.
    - ``is_credentialless``: whether it gets no cookie, and its own cookies end with it.
    """

    url: str
    height: int
    sandbox: str
    allow: str = ALLOWED
    is_credentialless: bool = False


def details_of(group: HITGroup, hit: HIT) -> Details:
    """Return what to tell about a HIT."""
    properties = hit.type.properties
    register = group.account.qualifications
    return Details(
        hit.type.group_id,
        hit.id,
        properties.title,
        properties.description,
        properties.keywords or "",
        group.account.requester,
        properties.reward,
        group.size,
        properties.assignment_duration,
        to_datetime(hit.expiration),
        tuple(find_standing(register, each, group.person) for each in properties.requirements),
    )


def work_path(group_id: str, assignment: Assignment, *, auto_accept: bool = False) -> str:
    """Return the path of an assignment's page. [observed]"""
    query = urlencode(
        {"assignment_id": assignment.id, "auto_accept": "true" if auto_accept else "false"}
    )
    return f"/projects/{group_id}/tasks/{assignment.hit_id}?{query}"


def timer_of(assignment: Assignment, now: int, rate: int) -> Timer:
    """Return the timer of an assignment."""
    allotted = (assignment.deadline - assignment.accept_time) // SECOND
    return Timer(min(allotted, (now - assignment.accept_time) // SECOND), allotted, rate)


def frame_of(
    site: WorkerSite, request: PageRequest, hit: HIT, person: Person, assignment: Assignment | None
) -> Frame | None:
    """Return the frame of a HIT, for a preview without an assignment; None for a QuestionForm."""
    page = read_question(hit.question)
    if page.fields is not None:
        return None
    parameters = {
        "assignmentId": PREVIEW_ASSIGNMENT_ID if assignment is None else assignment.id,
        "hitId": hit.id,
        "workerId": person.id,
        "turkSubmitTo": request.site + site.root,
    }
    if page.url is not None:
        return external_frame(page, parameters, request.site)
    shown = Ticket(hit.id, request.site, parameters["turkSubmitTo"], parameters["assignmentId"])
    ticket = site.door.tickets.issue(shown)
    content = site.door.origins.content
    url = frame_url(content or request.site, ticket, parameters)
    return Frame(url, page.frame_height, sandbox_for(content is None))


def external_frame(page: QuestionPage, parameters: Mapping[str, str], site: str) -> Frame:
    """Return the frame of an ExternalQuestion; it gets no cookie, even on the site's own host."""
    if parameters["assignmentId"] == PREVIEW_ASSIGNMENT_ID:
        shown = {name: parameters[name] for name in ("assignmentId", "hitId")}
    else:
        shown = dict(parameters)
    url = page.url_for(**shown) or ""
    host = host_in(urlsplit(site).netloc)
    allowed = ALLOWED + (_TO_THIS_MACHINE if is_loopback(host) else "")
    is_here = host_in(urlsplit(url).netloc) == host
    return Frame(url, page.frame_height, sandbox_for(is_opaque=False), allowed, is_here)


def frame_policy(frame: Frame | None, site: str, root: str) -> str:
    """Return what the page's Content-Security-Policy allows for its frame.

    The page of an ExternalQuestion may lead to pages of other hosts, as surveys do.
    """
    if frame is None:
        return f"frame-src 'none'; {CONTENT_SOURCES}"
    parts = urlsplit(frame.url)
    own = f"{parts.scheme}://{parts.netloc}"
    submit = f"{site}{root}/mturk/externalSubmit"
    if parts.path.endswith(PATH):
        return f"frame-src {own} {submit}"
    return f"frame-src {submit} http: https:"
