"""Handles of workers: what workers can do on the worker site."""

from __future__ import annotations

import importlib
from decimal import Decimal
from random import Random
from typing import Any

from mturk_mock.backend import recording
from mturk_mock.backend.backend import Backend
from mturk_mock.core.environment import SANDBOX
from mturk_mock.core.html_table import Cells, Listing
from mturk_mock.core.quoting import quote
from mturk_mock.model import assignment as assignments
from mturk_mock.model import assignment_life
from mturk_mock.model import hit as hits
from mturk_mock.model.account import Account
from mturk_mock.model.marketplace import Marketplace, Scope
from mturk_mock.model.requirement import ACCEPT, DISCOVER, are_met
from mturk_mock.model.worker import Person, check_trait
from mturk_mock.questions.answering import fill_page
from mturk_mock.questions.question import read_question
from mturk_mock.workforce.browser_page import BrowserPage, check_page
from mturk_mock.workforce.handle import Handle
from mturk_mock.workforce.hit import HIT, Assignment
from mturk_mock.workforce.hit_ids import AnyHIT, read_hit_id
from mturk_mock.workforce.qualification import (
    Answers,
    QualificationRequest,
    request_qualification,
)


def _trait(name: str, doc: str) -> Any:
    """Return a property that reads and sets a trait of a worker."""

    def read(worker: Worker) -> Any:
        return getattr(worker._object, name)

    def write(worker: Worker, value: Any) -> None:
        with worker._backend.transaction() as (marketplace, now):
            _, person = worker._find(marketplace)
            check_trait(name, value)
            with worker._backend.recording(recording.TRAIT, person.id, now) as change:
                setattr(person, name, value)
                change.body = {"name": name, "value": value}

    return property(read, write, doc=doc)


class Worker(Handle[Marketplace, Person]):
    """A worker, from `mturk.worker()`; the same worker in production and in the sandbox.

    The attributes `country`, `subdivision`, `approved`, `rejected`, `masters` and `adult` can be
    set. An invalid value raises ValueError.
    """

    __slots__ = ()

    _advice = "mturk.worker(id)"

    def _look_up(self, marketplace: Marketplace) -> tuple[Marketplace, Person]:
        return marketplace, marketplace.people[self._id]

    country: str = _trait("country", 'The country, as an ISO 3166 code. Default: "US".')
    subdivision: str | None = _trait(
        "subdivision", 'The state or province, such as "NY", by ISO 3166-2. Default: None.'
    )
    approved: int = _trait(
        "approved", "The number of assignments approved before the mock started. Default: 0."
    )
    rejected: int = _trait(
        "rejected", "The number of assignments rejected before the mock started. Default: 0."
    )
    masters: bool = _trait(
        "masters", "Whether the worker has the Masters qualification. Default: False."
    )
    adult: bool = _trait("adult", "Whether the worker has the Adult qualification. Default: False.")

    @property
    def earnings(self) -> Decimal:
        """Rewards and bonuses paid to the worker, in US dollars. The sandbox pays nothing."""
        return self._object.earnings

    @property
    def assignments(self) -> list[Assignment]:
        """All assignments that the worker accepted, grouped by requester and environment."""
        with self._backend.transaction() as (marketplace, _):
            worker_id = self._find(marketplace)[1].id
            return Listing(
                Assignment(self._backend, account.assignments[id_])
                for account in marketplace.accounts.values()
                for id_ in account.work.get(worker_id, ())
            )

    def find_hits(self, query: str | None = None, *, sandbox: bool | None = None) -> list[HIT]:
        """Return the HITs that the worker site shows to the worker, newest first.

        Leaves out HITs that are full, that the worker is working on or has submitted, whose
        requester has blocked the worker, or whose requirements the worker does not meet if they
        guard discovery (ActionsGuarded DiscoverPreviewAndAccept).

        - `query`: a text that the title, description or keywords contain; case is ignored.
        - `sandbox`: True for HITs of the sandbox only, False for HITs of production only.
          Default: HITs of both environments; see `HIT.environment`.

        Raises TypeError for arguments of another type.
        """
        if sandbox is not None and not isinstance(sandbox, bool):
            raise TypeError(f"find_hits() takes sandbox=True, False or None, not {quote(sandbox)}")
        if query is not None and not isinstance(query, str):
            raise TypeError(f"find_hits() takes query= as a str or None, not {query!r}")
        with self._backend.transaction() as (marketplace, _):
            _, person = self._find(marketplace)
            found = [
                hit
                for account in marketplace.accounts.values()
                if _is_in(account, sandbox)
                for hit in account.hit_lists.of((hits.ASSIGNABLE, None)).after()
                if _sees(account, hit, person) and _matches(hit, query)
            ]
        found.sort(key=lambda hit: (hit.creation_time, hit.number), reverse=True)
        return Listing(HIT(self._backend, hit) for hit in found)

    def qualifies(self, hit_id: AnyHIT) -> bool:
        """Tell whether the worker meets every qualification requirement of a HIT.

        Checks the requirements as `accept` does, for every value of ActionsGuarded, and nothing
        else: a worker who qualifies can still be blocked or already have the HIT, and the HIT
        can be full, expired or deleted. Returns True if there are no requirements.

        `hit_id`: the HITId, a HIT, or a response of boto3, as in `accept`.

        Raises MTurkError for an unknown HITId (HITDoesNotExist).
        """
        with self._backend.transaction() as (marketplace, _):
            account, hit = _find_hit("qualifies()", marketplace, hit_id)
            return _meets(account, hit, self._find(marketplace)[1], ACCEPT)

    def preview(self, hit_id: AnyHIT) -> HIT:
        """Return a HIT that the worker can preview. Its page is in `HIT.html` or `HIT.url`.

        `hit_id`: the HITId, a HIT, or a response of boto3, as in `accept`.

        Raises MTurkError if the worker site would not show the HIT: HITDoesNotExist,
        NoHITsAvailableInGroupException, PermissionDeniedException for a blocked worker, or
        DoesNotMeetRequirements for a worker without a qualification that a preview requires.
        """
        with self._backend.transaction() as (marketplace, _):
            account, hit = _find_hit("preview()", marketplace, hit_id)
            assignment_life.check_visible(account, hit, self._find(marketplace)[1])
            return HIT(self._backend, hit)

    def accept(self, hit_id: AnyHIT) -> Assignment:
        """Accept a HIT, and return the new assignment.

        `hit_id`: the HITId, a `HIT`, or the response of boto3's ``create_hit`` or ``get_hit``,
        whole or its ``["HIT"]`` alone.

        Raises MTurkError as `preview` does, and also AssignmentAlreadyExists,
        ExceedsMaxAssignmentsPerWorker, or DoesNotMeetRequirements for a worker who lacks any
        qualification that the HIT requires.
        """
        return self._accept("accept()", hit_id)

    def _accept(self, taker: str, hit_id: AnyHIT) -> Assignment:
        with self._backend.transaction() as (marketplace, now):
            account, hit = _find_hit(taker, marketplace, hit_id)
            _, person = self._find(marketplace)
            assignment_life.check_acceptable(account, hit, person)
            scope = Scope(marketplace, account, now)
            return Assignment(self._backend, accept_hit(self._backend, scope, hit, person))

    def answer(self, hit_id: AnyHIT) -> Assignment:
        """Accept a HIT, fill in its form with valid values, and submit it.

        `hit_id`: the HITId, a HIT, or a response of boto3, as in `accept`.

        The answers satisfy every constraint of a QuestionForm, and fill in the fields of an
        HTML page, including crowd elements. They depend only on the question and on the IDs of
        the HIT and the worker, so runs with the same seed give the same answers.

        Raises MTurkError as `accept` does. Raises ValueError, without accepting the HIT, for an
        ExternalQuestion, because its page is unknown, and for constraints that no value meets.
        """
        with self._backend.transaction() as (marketplace, _):
            account, hit = _find_hit("answer()", marketplace, hit_id)
            _, person = self._find(marketplace)
            assignment_life.check_acceptable(account, hit, person)
            fields = fill_page(read_question(hit.question), Random(f"{hit.id} {person.id}"))
            return self.accept(hit.id).submit(fields)

    def open(self, hit_id: AnyHIT, page: BrowserPage) -> Assignment:
        """Accept a HIT, open it in a page of Playwright, and return the assignment.

        The page shows what a worker sees, and its scripts run. Fill it in and submit it by
        Playwright; then the status of the assignment is Submitted. No socket is opened: the page
        is served by `page.route`. Only that of an ExternalQuestion comes from its own server.
        Requires the extra `server`, and Playwright.

        - `hit_id`: the HITId, a HIT, or a response of boto3, as in `accept`.
        - `page`: a page of `playwright.sync_api`.

        Raises MTurkError as `accept` does, and Playwright's errors. Raises TypeError for another
        object than such a page, ValueError for a page that is closed, ImportError without the
        extra; then the HIT is not accepted.
        """
        check_page(page)
        opened_hits = importlib.import_module("mturk_mock.server.opened_hits")
        assignment = self._accept("open()", hit_id)
        opened_hits.show(self._backend, assignment, page)
        return assignment

    @property
    def qualifications(self) -> dict[str, int]:
        """The values of the worker's qualifications, by QualificationTypeId.

        Includes both environments; leaves out revoked qualifications and the system's types.
        """
        with self._backend.transaction() as (marketplace, _):
            worker_id = self._find(marketplace)[1].id
            values = {
                type_.id: type_.value_for(worker_id)
                for register in marketplace.registers.values()
                for type_ in register.types.values()
            }
        return {type_id: value for type_id, value in values.items() if value is not None}

    def request_qualification(
        self, qualification_type_id: str, answers: Answers | None = None, *, check: bool = True
    ) -> QualificationRequest:
        """Request a qualification, and return the request.

        A type with AutoGranted grants the request at once. If the type has a test, submit it
        with `answers`, or later, before the deadline, with `QualificationRequest.submit`.
        Otherwise the request waits for the requester.

        - `answers`, `check`: as `answer` and `check` in `Assignment.submit`.

        Raises MTurkError if the worker site would reject the request:
        QualificationTypeDoesNotExist, InvalidQualificationTypeState, PermissionDeniedException
        for the system's types, QualificationTypeDoesNotAllowRetake, or
        QualificationTypeRetryDelayNotElapsed. Invalid answers raise the errors of
        `Assignment.submit`.
        """
        if not isinstance(qualification_type_id, str):
            raise TypeError(
                "request_qualification() takes a QualificationTypeId, as "
                'create_qualification_type(...)["QualificationType"]["QualificationTypeId"], '
                f"not {qualification_type_id!r}"
            )
        with self._backend.transaction() as (marketplace, now):
            worker_id = self._find(marketplace)[1].id
            request = request_qualification(
                self._backend,
                marketplace,
                qualification_type_id,
                worker_id,
                answers,
                now,
                check=check,
            )
        return QualificationRequest(self._backend, request)

    def _describe(self, marketplace: Marketplace, person: Person) -> str:
        return (
            f"from {person.country}, {person.open_assignments} open, earned ${person.earnings:.2f}"
        )

    def _summarize(self, marketplace: Marketplace, person: Person) -> Cells:
        return {
            "country": person.country,
            "subdivision": person.subdivision,
            "open assignments": person.open_assignments,
            "earnings": f"{person.earnings:.2f}",
        }


def accept_hit(
    backend: Backend, scope: Scope, hit: hits.HIT, person: Person
) -> assignments.Assignment:
    """Accept a HIT for a worker. Call `assignment_life.check_acceptable` first."""
    with backend.recording(recording.ACCEPT, person.id, scope.now) as change:
        assignment = assignment_life.accept(scope, hit, person)
        change.body, change.outcome = {"hit": hit.id}, assignment.id
    return assignment


def _find_hit(taker: str, marketplace: Marketplace, hit: AnyHIT) -> tuple[Account, hits.HIT]:
    return marketplace.find_hit(read_hit_id(taker, marketplace, hit))


def _is_in(account: Account, sandbox: bool | None) -> bool:
    return sandbox is None or sandbox == (account.environment == SANDBOX)


def _sees(account: Account, hit: hits.HIT, person: Person) -> bool:
    if person.id in account.blocks or person.id in hit.takers:
        return False
    return _meets(account, hit, person, DISCOVER)


def _meets(account: Account, hit: hits.HIT, person: Person, action: int) -> bool:
    return are_met(account.qualifications, hit.type.properties.requirements, person, action)


def _matches(hit: hits.HIT, query: str | None) -> bool:
    properties = hit.type.properties
    text = "\n".join((properties.title, properties.description, properties.keywords or ""))
    return query is None or query.lower() in text.lower()
