"""`MTurk`: the handle of a mock."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, Literal, overload

from mturk_mock.backend.backend import Backend
from mturk_mock.backend.calls import APICall
from mturk_mock.backend.clients import MTurkClient
from mturk_mock.backend.faults import Fault
from mturk_mock.backend.recording import CHOICE, LAYOUT, WORKER
from mturk_mock.core import ids
from mturk_mock.core.arguments import listing_arguments
from mturk_mock.core.clock import read_moment, to_datetime
from mturk_mock.core.environment import PRODUCTION, SANDBOX
from mturk_mock.core.errors import MTurkError
from mturk_mock.core.html_table import Listing, write_card
from mturk_mock.core.paths import check_path
from mturk_mock.core.quoting import quote
from mturk_mock.core.spelling import close_to
from mturk_mock.mock.assertions import Log, require_called, require_not_called
from mturk_mock.mock.clock import ClockControl
from mturk_mock.mock.failing import read_fault
from mturk_mock.mock.failure_names import ErrorName, OperationName
from mturk_mock.mock.records import (
    Block,
    BonusPayment,
    HITType,
    Notification,
    QualificationType,
)
from mturk_mock.mock.requester import Requester, keyword_only, new_client, show_balance
from mturk_mock.model import hit as model_hit
from mturk_mock.model.account import Account
from mturk_mock.model.activity import LONGEST, Activity
from mturk_mock.model.ledger import Spent, read_money
from mturk_mock.model.marketplace import Marketplace, Scope
from mturk_mock.model.worker import Email, Profile, WrongProfile
from mturk_mock.questions import layouts
from mturk_mock.questions.builders import (
    AnswerKey,
    Document,
    ExternalQuestion,
    HTMLQuestion,
    QuestionForm,
)
from mturk_mock.state.assignments import AssignmentEntry
from mturk_mock.state.hit_types import PropertiesEntry, place_hit_type
from mturk_mock.state.hits import HITEntry, add_assignment, place_hit
from mturk_mock.state.qualifications import (
    GrantEntry,
    QualificationTypeEntry,
    place_qualification_type,
)
from mturk_mock.state.snapshot import Snapshot, state_of
from mturk_mock.state.values import WrongMember, WrongType, wrong_type
from mturk_mock.web import results_file
from mturk_mock.workforce.crowd import Crowd
from mturk_mock.workforce.crowd_habits import (
    Answer,
    Arrivals,
    Difficulty,
    Habits,
    Progress,
    WorkTime,
)
from mturk_mock.workforce.handle import id_in
from mturk_mock.workforce.hit import HIT, Assignment
from mturk_mock.workforce.hit_ids import AnyHIT, read_hit_id
from mturk_mock.workforce.skills import Skill
from mturk_mock.workforce.worker import Worker

_HITS_COMPARED: Final = 1000  # the latest of each requester, for "did you mean"

#: What `add_assignment` calls the members of an assignment.
_ASSIGNMENT_NAMES: Final = {
    "worker_id": "worker",
    "accept_time": "accepted",
    "submit_time": "submitted",
    "approval_time": "approved",
    "rejection_time": "rejected",
    "requester_feedback": "feedback",
}


class MTurk:
    """The handle of a mock: its clock, workers, funds, state and log of calls.

    Returned by `with mock_mturk()`, by `start()` and by the fixture `mturk`. ``clock`` is a
    `ClockControl`.
    """

    __slots__ = ("__weakref__", "_backend", "clock")

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self.clock = ClockControl(backend)

    # Requesters and workers ---------------------------------------------------------------

    @keyword_only
    def client(self, *, sandbox: bool = False, **boto3_kwargs: Any) -> MTurkClient:
        """Return a boto3 client that needs no credentials, region, configuration or network.

        It acts for the default requester, which is the first one of the option `accounts` if
        that is given.

        - `sandbox`: True for the sandbox; by default production.
        - `boto3_kwargs`: other arguments of `boto3.client`, e.g. ``config``. With
          ``aws_access_key_id`` the client acts for the requester of that key.

        The client belongs to this mock, even while another mock is active. After this mock has
        ended, its calls raise RuntimeError.
        """
        if "aws_access_key_id" in boto3_kwargs:
            return new_client(self._backend, sandbox, boto3_kwargs)
        return self._default.client(sandbox=sandbox, **boto3_kwargs)

    @property
    def _default(self) -> Requester:
        return Requester(self._backend, self._backend.settings.default_requester)

    def requester(self, name: str) -> Requester:
        """Return the requester of that name, with its own HITs, blocks and funds.

        Names need no registration. Raises ValueError unless the name is a str that is not empty.
        """
        if not isinstance(name, str) or not name:
            raise ValueError(f"requester() takes a name as a str that is not empty, not {name!r}")
        return Requester(self._backend, name)

    @listing_arguments
    def worker(
        self,
        id: str | None = None,
        *,
        country: str | None = None,
        subdivision: str | None = None,
        approved: int | None = None,
        rejected: int | None = None,
        masters: bool | None = None,
        adult: bool | None = None,
    ) -> Worker:
        """Return the worker with that ID, or a new worker; an unknown ID creates a worker.

        Omitted values leave an existing worker unchanged.

        - `id`: a worker ID; by default a new one.
        - `country`: an ISO 3166 code; "US" for a new worker. `subdivision`: an ISO 3166-2 code.
        - `approved`, `rejected`: numbers of assignments from before the mock started.
        - `masters`, `adult`: whether the worker has the system qualification of that name.

        Raises ValueError for an invalid ID, country, subdivision or number.
        """
        if id is not None and not (isinstance(id, str) and ids.WORKER_ID.fullmatch(id)):
            raise ValueError(
                f"worker() takes an ID such as 'A1B2C3D4E5F6G7' (an A, then capital letters and "
                f"digits, at most 64 characters), not {id!r}"
            )
        try:
            profile = Profile(country, subdivision, approved, rejected, masters, adult)
        except WrongProfile as wrong:
            raise ValueError(f"worker() {wrong.message}") from None
        with self._backend.transaction() as (marketplace, now):
            if id in marketplace.people and not profile.given:
                return Worker(self._backend, marketplace.people[id])
            with self._backend.recording(WORKER, id or "", now) as change:
                person = marketplace.person(marketplace.ids.worker() if id is None else id)
                profile.apply(person)
                change.body, change.outcome = {"id": id, **profile.given}, person.id
        return Worker(self._backend, person)

    def hit(self, id: AnyHIT) -> HIT:
        """Return the HIT with that ID, of any requester and environment, even if it is deleted.

        `id`: the HITId, a `HIT`, or the response of boto3's ``create_hit`` or ``get_hit``, or the
        ``HIT`` in it. Raises TypeError for anything else, ValueError if the mock has no such HIT.
        """
        with self._backend.transaction() as (marketplace, _):
            hit_id = read_hit_id("hit()", marketplace, id)
            try:
                return HIT(self._backend, marketplace.find_hit(hit_id)[1])
            except MTurkError:
                hint = close_to(hit_id, _latest_hit_ids(marketplace))
                raise ValueError(f"hit(): this mock has no HIT {quote(hit_id)}{hint}") from None

    @listing_arguments
    def crowd(
        self,
        size: int,
        *,
        seed: int | None = None,
        answer: Answer | None = None,
        arrivals: Arrivals | None = None,
        work_time: WorkTime | None = None,
        accuracy: float | None = None,
        wrong: Answer | None = None,
        skills: Sequence[Skill] | None = None,
        difficulty: Difficulty | None = None,
        returns: float = 0,
        abandons: float = 0,
        check: bool = True,
        progress: Progress = False,
    ) -> Crowd:
        """Simulate a group of new workers, who pick HITs and work as the clock advances.

        - `size`: number of workers. `seed`: an int that makes the crowd act the same each time.
        - `answer`: a function of a HIT and a worker that returns the form's fields; default: valid
          values. `accuracy`: share of answers as it returns them. `wrong`: returns the others.
        - `skills`: a list of `Skill`, kinds of workers. `difficulty`: returns that of a HIT.
        - `arrivals`: workers per hour. `work_time`: seconds per HIT. `returns`, `abandons`:
          shares of the accepted HITs. `check`: False submits forms that the page would reject.
          `progress`: True, or a function of a str.

        `Crowd` has the details and defaults. Raises TypeError or ValueError for invalid values.
        """
        habits = Habits(
            size=size,
            seed=seed,
            answer=answer,
            arrivals=arrivals,
            work_time=work_time,
            accuracy=accuracy,
            wrong=wrong,
            skills=skills,
            difficulty=difficulty,
            returns=returns,
            abandons=abandons,
            check=check,
            progress=progress,
        )
        return Crowd(self._backend, habits)

    # Money --------------------------------------------------------------------------------

    @property
    def balance(self) -> Decimal:
        """Available balance of the default requester in production, in dollars.

        Can be set to a str, int or Decimal. Funds held for published HITs are not included.
        """
        return self._default.balance

    @balance.setter
    def balance(self, amount: str | int | Decimal) -> None:
        self._default.balance = amount

    @property
    def spent(self) -> Spent:
        """Amounts that the default requester has paid in production, in dollars.

        It has the attributes ``rewards``, ``bonuses`` and ``fees``.
        """
        return self._default.spent

    # Listings, without the API ------------------------------------------------------------

    @property
    def hits(self) -> list[HIT]:
        """All HITs of all requesters, including deleted ones, oldest first for each requester."""
        with self._backend.transaction() as (marketplace, _):
            return Listing(
                HIT(self._backend, hit)
                for account in marketplace.accounts.values()
                for hit in account.hits_by_number
            )

    @property
    def assignments(self) -> list[Assignment]:
        """All assignments, including those only accepted, returned or abandoned."""
        with self._backend.transaction() as (marketplace, _):
            return Listing(
                Assignment(self._backend, assignment)
                for account in marketplace.accounts.values()
                for assignment in account.assignments.values()
            )

    @property
    def workers(self) -> list[Worker]:
        """All workers, including those of crowds and those known only by an ID in a request.

        Ordered by when the mock first saw their IDs.
        """
        with self._backend.transaction() as (marketplace, _):
            people = marketplace.people.values()
            return Listing(Worker(self._backend, person) for person in people)

    @property
    def hit_types(self) -> list[HITType]:
        """All HIT types, oldest first for each requester."""
        with self._backend.transaction() as (marketplace, _):
            return Listing(
                HITType.of(account, type_)
                for account in marketplace.accounts.values()
                for type_ in account.hit_types.values()
            )

    @property
    def qualification_types(self) -> list[QualificationType]:
        """All qualification types in their present state, oldest first for each environment.

        System qualification types and deleted ones are left out.
        """
        with self._backend.transaction() as (marketplace, _):
            return Listing(
                QualificationType.of(type_, type_.owner)
                for register in marketplace.registers.values()
                for type_ in register.types.values()
                if type_.owner is not None and not type_.deleted
            )

    @property
    def blocks(self) -> list[Block]:
        """All present blocks of workers, oldest first for each requester."""
        with self._backend.transaction() as (marketplace, _):
            return Listing(
                Block.of(account, block)
                for account in marketplace.accounts.values()
                for block in account.blocks.values()
            )

    @property
    def bonuses(self) -> list[BonusPayment]:
        """All bonuses that were paid, oldest first for each requester."""
        with self._backend.transaction() as (marketplace, _):
            return Listing(
                BonusPayment.of(bonus)
                for account in marketplace.accounts.values()
                for bonus in account.bonuses
            )

    @property
    def emails(self) -> list[Email]:
        """All messages that requesters sent to workers, oldest first."""
        self._backend.settle()
        with self._backend.transaction() as (marketplace, _):
            return Listing(marketplace.emails)

    @property
    def notifications(self) -> list[Notification]:
        """All notifications that were sent, including test events, oldest first."""
        self._backend.settle()
        with self._backend.transaction() as (marketplace, _):
            return Listing(map(Notification.of, marketplace.notifications))

    def results_csv(self, hit_type_id: str, *, path: str | os.PathLike[str] | None = None) -> str:
        """Return the results file of a HIT type, as the requester website offered it.

        It has one row for each assignment that was submitted, reviewed or not. `path`: a file
        to which the text is written as well. Raises ValueError for an unknown HIT type.
        """
        if path is not None:
            check_path("results_csv()", path)
        with self._backend.transaction() as (marketplace, now):
            text = results_file.write(marketplace, hit_type_id, now)
        if path is not None:
            Path(path).write_bytes(text.encode())
        return text

    # API calls ----------------------------------------------------------------------------

    @property
    def calls(self) -> list[APICall]:
        """All API calls, oldest first; with the option `calls`, the latest ones."""
        return list(self._backend.calls)

    def assert_called(self, operation: str, /, *, times: int | None = None, **params: Any) -> None:
        """Raise AssertionError unless an operation was called with these parameters.

        - `operation`: its name, e.g. "CreateHIT" or "create_hit".
        - `times`: the exact number of calls; by default one or more.
        - `params`: parameters by name. Each must equal what was sent; a compiled pattern must
          match a part of it; None means that the call left it out. Other parameters are ignored.

        Calls that the service rejected count too. [assumed] Raises TypeError or ValueError for
        an unknown operation or parameter, and for an invalid number of times. Raises RuntimeError
        if that depends on calls that the log no longer has; see the option `calls`.
        """
        __tracebackhide__ = True
        require_called(self._log, operation, times, params)

    def assert_not_called(self, operation: str, /, **params: Any) -> None:
        """Raise AssertionError if an operation was called with these parameters.

        `operation`, `params` and errors are as in `assert_called`.
        """
        __tracebackhide__ = True
        require_not_called(self._log, operation, params)

    @property
    def _log(self) -> Log:
        return Log(self.calls, self._backend.dropped_calls)

    @overload
    def fail(
        self,
        operation: OperationName | Iterable[OperationName] | None = None,
        error: ErrorName = "ServiceFault",
        times: int | None = 1,
        *,
        after: int = 0,
        rate: float | None = None,
        when: Literal["before", "after"] = "before",
        message: str | None = None,
    ) -> Fault: ...

    @overload
    def fail(
        self,
        operation: OperationName | Iterable[OperationName] | None = None,
        error: str = ...,
        times: int | None = 1,
        *,
        after: int = 0,
        rate: float | None = None,
        when: Literal["before", "after"] = "before",
        message: str,
    ) -> Fault: ...

    @listing_arguments
    def fail(
        self,
        operation: str | Iterable[str] | None = None,
        error: str = "ServiceFault",
        times: int | None = 1,
        *,
        after: int = 0,
        rate: float | None = None,
        when: Literal["before", "after"] = "before",
        message: str | None = None,
    ) -> Fault:
        """Make calls fail, and return the fault, which counts how often it happened.

        - `operation`: a name, e.g. "CreateHIT" or "create_hit", several names, or None for all
          operations.
        - `error`: "ServiceFault", "ThrottlingException", any TurkErrorCode with or without its
          prefix, or an exception of botocore: "ConnectionError", "ReadTimeout" or
          "ConnectTimeout".
        - `times`: number of failures; None for no limit.
        - `after`: number of calls that pass first.
        - `rate`: calls per second of the mock's time above which calls fail. Use it with
          ``times=None`` for a permanent limit.
        - `when`: "before" the operation; or "after" it, so that it takes effect and only its
          response is lost.
        - `message`: replaces the service's usual message. With it, `error` can be any
          TurkErrorCode with its prefix, even one that mturk_mock does not know.

        Every request counts, including botocore's retries. Raises TypeError or ValueError for
        invalid values.
        """
        fault = read_fault(operation, error, times, after, rate, when, message)
        with self._backend.transaction():
            self._backend.faults.add(fault)
        return fault

    @property
    def faults(self) -> list[Fault]:
        """All faults that `fail` has returned, oldest first, including those that are over."""
        return list(self._backend.faults.all)

    # Starting state -----------------------------------------------------------------------

    @listing_arguments
    def add_hit(
        self,
        *,
        id: str | None = None,
        requester: str | None = None,
        sandbox: bool = False,
        status: Literal["Assignable", "Reviewable", "Reviewing", "Disposed"] | None = None,
        created: datetime | None = None,
        expires: datetime | None = None,
        hit_type_id: str | None = None,
        title: str | None = None,
        description: str | None = None,
        keywords: str | None = None,
        reward: str | int | Decimal | None = None,
        assignment_duration_in_seconds: int | None = None,
        auto_approval_delay_in_seconds: int | None = None,
        qualification_requirements: Sequence[Mapping[str, Any]] | None = None,
        question: str | HTMLQuestion | ExternalQuestion | QuestionForm | None = None,
        max_assignments: int | None = None,
        requester_annotation: str | None = None,
        assignment_review_policy: Mapping[str, Any] | None = None,
        hit_review_policy: Mapping[str, Any] | None = None,
        hit_layout_id: str | None = None,
        hit_layout_parameters: Mapping[str, str] | Sequence[Mapping[str, str]] | None = None,
    ) -> HIT:
        """Add a HIT without assignments, in any state and without the API, and return it.

        - `id`: the HITId; by default a new one.
        - `requester`: the owner's name; by default the default requester. `sandbox`: True for
          the sandbox; by default production.
        - `status`: by default "Assignable"; a HIT of another status expires now by default.
        - `created`: an aware datetime; by default now. `expires`: by default in a day.
        - `hit_type_id`: an existing HIT type of the requester, instead of the properties below.
        - `title` and `description` (default "A HIT"), `keywords`, `reward` ("1.00", in dollars),
          `assignment_duration_in_seconds` (3600), `auto_approval_delay_in_seconds` (30 days),
          `qualification_requirements` (as in boto3's ``create_hit``).
        - `question`: a builder, such as an `HTMLQuestion`, or its text; by default a page with
          one field.
        - `max_assignments`: by default 1.
        - `requester_annotation`, `assignment_review_policy`, `hit_review_policy`: as in boto3's
          ``create_hit``.
        - `hit_layout_id`: a layout of `add_layout`, from which the question is made.
          `hit_layout_parameters`: a dict of its values, or a list as in boto3's ``create_hit``.

        The balance and the amounts spent stay the same, and no notification is sent. The funds
        that the HIT holds for its assignments are added, so that these can be approved. Raises
        TypeError or ValueError for invalid values; then nothing has changed.
        """
        with self._adding("add_hit", expiration="expires") as (marketplace, now):
            _check_layout(question, hit_layout_id, hit_layout_parameters)
            scope = self._scope_of(requester, sandbox, marketplace, now)
            entry = HITEntry(
                id=id,
                status=status,
                creation_time=_past("created", created, now),
                expiration=_moment("expires", expires),
                hit_type_id=hit_type_id,
                title=title,
                description=description,
                keywords=keywords,
                reward=_read_reward(reward),
                assignment_duration_in_seconds=assignment_duration_in_seconds,
                auto_approval_delay_in_seconds=auto_approval_delay_in_seconds,
                qualification_requirements=qualification_requirements,
                question=_read_document(
                    "question", question, HTMLQuestion, ExternalQuestion, QuestionForm
                ),
                max_assignments=max_assignments,
                requester_annotation=requester_annotation,
                assignment_review_policy=assignment_review_policy,
                hit_review_policy=hit_review_policy,
                hit_layout_id=hit_layout_id,
                hit_layout_parameters=hit_layout_parameters,
            )
            return HIT(self._backend, place_hit(scope, entry))

    @listing_arguments
    def add_hit_type(
        self,
        *,
        id: str | None = None,
        requester: str | None = None,
        sandbox: bool = False,
        title: str | None = None,
        description: str | None = None,
        keywords: str | None = None,
        reward: str | int | Decimal | None = None,
        assignment_duration_in_seconds: int | None = None,
        auto_approval_delay_in_seconds: int | None = None,
        qualification_requirements: Sequence[Mapping[str, Any]] | None = None,
    ) -> str:
        """Add a HIT type without the API, and return its HITTypeId.

        - `id`: the HITTypeId; by default a new one.
        - The other arguments are as in `add_hit`, with the same defaults.

        Raises TypeError or ValueError for invalid values, and if the requester has a HIT type
        with the same properties, because the service keeps one type for them [doc]; then
        nothing has changed.
        """
        with self._adding("add_hit_type") as (marketplace, now):
            scope = self._scope_of(requester, sandbox, marketplace, now)
            entry = PropertiesEntry(
                title,
                description,
                keywords,
                _read_reward(reward),
                assignment_duration_in_seconds,
                auto_approval_delay_in_seconds,
                qualification_requirements,
            )
            return place_hit_type(scope, entry, id).id

    @listing_arguments
    def add_assignment(
        self,
        hit: AnyHIT,
        *,
        id: str | None = None,
        worker: str | Worker | None = None,
        status: Literal["Accepted", "Submitted", "Approved", "Rejected", "Returned", "Abandoned"]
        | None = None,
        answer: str | Mapping[str, Any] | None = None,
        accepted: datetime | None = None,
        deadline: datetime | None = None,
        submitted: datetime | None = None,
        approved: datetime | None = None,
        rejected: datetime | None = None,
        feedback: str | None = None,
    ) -> Assignment:
        """Add an assignment to a HIT, in any state and without the API, and return it.

        - `hit`: the HITId, a `HIT`, or the response of boto3's ``create_hit``.
        - `id`: the AssignmentId; by default a new one.
        - `worker`: a worker ID or a `Worker`; by default a new worker.
        - `status`: by default "Submitted".
        - `answer`: a dict of the form's fields, or a QuestionFormAnswers document.
        - `accepted`, `deadline`, `submitted`, `approved`, `rejected`: aware datetimes; by
          default now, or computed from the others.
        - `feedback`: the requester's feedback to the worker.

        The requester pays nothing, and no notification is sent. The reward of an approved
        assignment counts as earned by the worker. Raises TypeError or ValueError for invalid
        values; then nothing has changed.
        """
        with self._adding("add_assignment", **_ASSIGNMENT_NAMES) as (marketplace, now):
            account, found = _find_hit(marketplace, hit)
            entry = AssignmentEntry(
                id=id,
                worker_id=marketplace.ids.worker()
                if worker is None
                else id_in(marketplace, worker),
                status=status,
                answer=answer,
                accept_time=_past("accepted", accepted, now),
                deadline=_moment("deadline", deadline),
                submit_time=_past("submitted", submitted, now),
                approval_time=_past("approved", approved, now),
                rejection_time=_past("rejected", rejected, now),
                requester_feedback=feedback,
            )
            assignment = add_assignment(Scope(marketplace, account, now), found, entry)
            return Assignment(self._backend, assignment)

    @listing_arguments
    def add_qualification_type(
        self,
        *,
        id: str | None = None,
        requester: str | None = None,
        sandbox: bool = False,
        status: Literal["Active", "Inactive"] | None = None,
        created: datetime | None = None,
        grants: Mapping[str, int] | None = None,
        name: str | None = None,
        description: str | None = None,
        keywords: str | None = None,
        retry_delay_in_seconds: int | None = None,
        auto_granted: bool | None = None,
        auto_granted_value: int | None = None,
        test: str | QuestionForm | None = None,
        test_duration_in_seconds: int | None = None,
        answer_key: str | AnswerKey | None = None,
    ) -> str:
        """Add a qualification type without the API, and return its QualificationTypeId.

        - `id`: the QualificationTypeId; by default a new one. `requester`, `sandbox`: as in
          `add_hit`.
        - `status`: by default "Active". `created`: an aware datetime; by default now.
        - `grants`: a dict from worker IDs to the values of their qualifications.
        - `name` and `description`: by default "A qualification".
        - `test`: a `QuestionForm` or its text. `answer_key`: an `AnswerKey` or its text.
        - The other arguments are as in boto3's ``create_qualification_type``.

        Raises TypeError or ValueError for invalid values; then nothing has changed.
        """
        with self._adding("add_qualification_type", qualifications="grants") as (marketplace, now):
            scope = self._scope_of(requester, sandbox, marketplace, now)
            entry = QualificationTypeEntry(
                id=id,
                status=status,
                creation_time=_past("created", created, now),
                qualifications=_read_grants(grants),
                name=name,
                description=description,
                keywords=keywords,
                retry_delay_in_seconds=retry_delay_in_seconds,
                auto_granted=auto_granted,
                auto_granted_value=auto_granted_value,
                test=_read_document("test", test, QuestionForm),
                test_duration_in_seconds=test_duration_in_seconds,
                answer_key=_read_document("answer_key", answer_key, AnswerKey),
            )
            return place_qualification_type(scope, entry).id

    def _scope_of(
        self, requester: str | None, sandbox: bool, marketplace: Marketplace, now: int
    ) -> Scope:
        requester = self._default.name if requester is None else requester
        if not isinstance(requester, str) or not requester:
            raise wrong_type("requester", "a name", requester)
        if not isinstance(sandbox, bool):
            raise wrong_type("sandbox", "True or False", sandbox)
        account = marketplace.account(requester, SANDBOX if sandbox else PRODUCTION)
        return Scope(marketplace, account, now)

    @contextmanager
    def _adding(self, function: str, **names: str) -> Iterator[tuple[Marketplace, int]]:
        """Run a transaction whose errors start with the function and name its parameters.

        `names`: the names of parameters, keyed by their names in state files.
        """
        try:
            with self._backend.transaction() as transaction:
                yield transaction
                self._backend.record_state()
        except WrongMember as wrong:
            member = re.sub(r"^\w+", lambda first: names.get(first[0], first[0]), wrong.member)
            kind = TypeError if isinstance(wrong, WrongType) else ValueError
            raise kind(f"{function}(): {WrongMember(member, wrong.problem)}") from None
        except TypeError as problem:
            raise TypeError(f"{function}(): {problem}") from None
        except ValueError as problem:
            raise ValueError(f"{function}(): {problem}") from None

    def add_layout(self, html: str) -> str:
        """Register a HIT layout, as requesters did on the website, and return its HITLayoutId.

        `html`: the page, with a placeholder ``${name}`` for each parameter that HITs must give.
        Raises TypeError unless it is a str, ValueError if it is empty or an HTMLQuestion.
        """
        layouts.check_page(html)
        with (
            self._backend.transaction() as (marketplace, now),
            self._backend.recording(LAYOUT, "", now) as change,
        ):
            change.body = {"html": html}
            change.outcome = marketplace.add_layout(html)
        return change.outcome

    def next_id(self, kind: str, id: str) -> None:
        """Use this ID for the next object of the given kind.

        `kind`: "HIT", "HITType", "Assignment", "QualificationType", "QualificationRequest" or
        "HITLayout". IDs given in several calls are used in the order of the calls. Raises
        ValueError for another kind, and for an ID that is invalid or already taken.
        """
        ids.check_choice(kind, id)
        with self._backend.transaction() as (marketplace, now):
            if marketplace.has_id(id) or marketplace.ids.is_chosen(id):
                raise ValueError(f"the ID {id} is already taken")
            with self._backend.recording(CHOICE, "", now) as change:
                marketplace.ids.choose(kind, id)
                change.body = {"kind": kind, "id": id}

    # State as a whole ---------------------------------------------------------------------

    @property
    def seed(self) -> int:
        """The seed of the IDs. `mock_mturk(seed=...)` with this number makes the same IDs again."""
        with self._backend.transaction() as (marketplace, _):
            return marketplace.ids.seed

    def snapshot(self) -> Snapshot:
        """Return the present state, for `restore` or to save it to a file."""
        return Snapshot(self._backend.state())

    def restore(self, snapshot: Snapshot) -> None:
        """Return to the state of a snapshot, including time, seed, funds, workers and calls.

        A snapshot can be restored several times, and in another mock. This mock keeps its
        options `unknown_workers`, `only`, `accounts`, `consistency` and `sleep`. Raises
        TypeError unless it is a `Snapshot`.
        """
        self._backend.put(state_of(snapshot))

    def reset(self) -> None:
        """Reset to the initial state, keeping the options."""
        self._backend.reset()

    @contextmanager
    def isolated(self) -> Iterator[MTurk]:
        """Restore the state from before the block, including the time, when the block ends.

        Use it if a fixture of wider scope sets up a state once for many tests.
        """
        with self._backend.isolated():
            yield self

    def report(self) -> str:
        """Return a text that helps to understand a failure.

        It has the seed, the time, the latest API calls, actions of workers and moves of the
        clock in order, and the faults that have not happened yet.
        """
        with self._backend.transaction() as (marketplace, now):
            seed, time = marketplace.ids.seed, to_datetime(now).isoformat(" ")
            history = _latest(self._backend.calls, marketplace.activity)
        lines = [f"mock_mturk(seed={seed}), clock at {time}", *history]
        lines += [f"still to happen: {fault!r}" for fault in self.faults if fault.missing]
        return "\n".join(lines)

    def __repr__(self) -> str:
        if self._backend.is_forked:
            return "<MTurk, of another process>"
        with self._backend.peek() as marketplace:
            accounts = marketplace.accounts.values()
            return (
                f"<MTurk seed={marketplace.ids.seed}, "
                f"{to_datetime(marketplace.clock.read()):%Y-%m-%d %H:%M:%S} UTC, "
                f"{sum(len(account.hits) for account in accounts)} HITs, "
                f"{sum(len(account.assignments) for account in accounts)} assignments, "
                f"balance {show_balance(marketplace, self._default.name)}>"
            )

    def _repr_html_(self) -> str | None:
        if self._backend.is_forked:
            return None  # the notebook shows `repr()`
        with self._backend.peek() as marketplace:
            accounts = marketplace.accounts.values()
            hits = (hit for each in accounts for hit in each.hits_by_number)
            work = (done for each in accounts for done in each.assignments.values())
            cells = {
                "seed": marketplace.ids.seed,
                "clock.now": to_datetime(marketplace.clock.read()),
                "balance": show_balance(marketplace, self._default.name),
                "hits": _count_by_status(hit.status for hit in hits),
                "assignments": _count_by_status(done.status for done in work),
                "workers": len(marketplace.people),
                "calls": marketplace.activity.calls,
            }
        return write_card("MTurk", cells)


def _count_by_status(statuses: Iterable[str]) -> str:
    counts = Counter(statuses)
    parts = ", ".join(f"{count} {status}" for status, count in counts.items())
    return f"{counts.total()} ({parts})" if parts else "0"


def _latest_hit_ids(marketplace: Marketplace) -> list[str]:
    """Return the latest HITIds, which a misspelt ID is compared with."""
    latest = (account.hits_by_number[-_HITS_COMPARED:] for account in marketplace.accounts.values())
    return [hit.id for hits in latest for hit in hits]


def _latest(calls: Sequence[APICall], activity: Activity) -> list[str]:
    """Return lines for the latest calls and activities, after the number of earlier ones."""
    shown = min(len(calls), LONGEST)
    first = activity.calls - shown
    found = [(first + place, 1, repr(calls[place - shown])) for place in range(shown)]
    found += [(entry.calls, 0, str(entry)) for entry in activity.entries]
    found.sort(key=lambda each: each[:2])
    lines = [line for _, _, line in found[-LONGEST:]]
    if earlier := activity.calls + activity.noted - len(lines):
        lines.insert(0, f"... {earlier} before these")
    return lines if activity.calls else [*lines, "no API calls"]


def _find_hit(marketplace: Marketplace, hit: object) -> tuple[Account, model_hit.HIT]:
    hit_id = read_hit_id("hit", marketplace, hit)
    try:
        return marketplace.find_hit(hit_id)
    except MTurkError:
        raise WrongMember("hit", f"there is no HIT {hit_id!r}") from None


def _read_reward(reward: str | int | Decimal | None) -> str | None:
    return None if reward is None else f"{read_money('reward', reward):f}"


def _read_document(member: str, document: object, *builders: type[Document]) -> str | None:
    """Return the XML of a document that was given as a str or by a builder; None for None."""
    if document is None or isinstance(document, str):
        return document
    if not isinstance(document, builders):
        *names, last = ("str", *(builder.__name__ for builder in builders))
        raise wrong_type(member, f"a {', '.join(names)} or {last}", document)
    return str(document)


def _check_layout(question: object, layout_id: object, parameters: object) -> None:
    if layout_id is None:
        if parameters is not None:
            raise WrongMember("hit_layout_parameters", "allowed only with hit_layout_id")
    elif question is not None:
        raise WrongMember("question", "not allowed with hit_layout_id, which makes the question")


def _moment(name: str, value: datetime | None) -> int | None:
    return None if value is None else read_moment(name, value)


def _past(name: str, value: datetime | None, now: int) -> int | None:
    moment = _moment(name, value)
    if moment is not None and moment > now:
        raise WrongMember(name, f"{value} is in the future: it is {to_datetime(now)}")
    return moment


def _read_grants(grants: Mapping[str, int] | None) -> list[GrantEntry]:
    if grants is None:
        return []
    if not isinstance(grants, Mapping):
        raise wrong_type(
            "grants", "a dict from worker IDs to values, such as {'A1B2C3': 80}", grants
        )
    return [GrantEntry(worker_id, value) for worker_id, value in grants.items()]
