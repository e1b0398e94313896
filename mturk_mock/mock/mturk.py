"""`MTurk`: what a test holds of its mock."""

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
from mturk_mock.core import ids
from mturk_mock.core.clock import read_moment, to_datetime
from mturk_mock.core.environment import PRODUCTION, SANDBOX
from mturk_mock.core.errors import MTurkError
from mturk_mock.core.html_table import Listing, write_card
from mturk_mock.core.paths import check_path
from mturk_mock.core.quoting import quote
from mturk_mock.core.spelling import close_to
from mturk_mock.mock.arguments import listing_arguments
from mturk_mock.mock.assertions import require_called, require_not_called
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
from mturk_mock.model.journal import LONGEST, Journal
from mturk_mock.model.ledger import Spent, read_money
from mturk_mock.model.marketplace import Marketplace, Scope
from mturk_mock.model.worker import Email, Profile, WrongProfile
from mturk_mock.questions import layouts
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
from mturk_mock.workforce.crowd_habits import Answer, Arrivals, Habits, Progress, WorkTime
from mturk_mock.workforce.handle import id_in
from mturk_mock.workforce.hit import HIT, Assignment
from mturk_mock.workforce.hit_ids import AnyHIT, read_hit_id
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
    """The handle of one mock: its clock, workers, money, state, and the log of its calls."""

    __slots__ = ("__weakref__", "_backend", "clock")

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self.clock = ClockControl(backend)

    # Requesters and workers ---------------------------------------------------------------

    @keyword_only
    def client(self, *, sandbox: bool = False, **boto3_kwargs: Any) -> MTurkClient:
        """Return a boto3 client that needs no credentials, region, configuration or network.

        It acts for the default requester: the first one of `accounts`, if they are named.
        `boto3_kwargs` are those of `boto3.client`, e.g. ``config``; a client that is given an
        access key acts for the requester of that key. It belongs to this mock, also while
        another mock is on; after the end of this mock its calls raise RuntimeError.
        """
        if "aws_access_key_id" in boto3_kwargs:
            return new_client(self._backend, sandbox, boto3_kwargs)
        return self._default.client(sandbox=sandbox, **boto3_kwargs)

    @property
    def _default(self) -> Requester:
        return Requester(self._backend, self._backend.settings.default_requester)

    def requester(self, name: str) -> Requester:
        """Return another requester, with its own HITs, blocks and funds."""
        if not isinstance(name, str) or not name:
            raise ValueError(f"requester() takes a name, not {name!r}")
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
        """Return a new worker, or the worker of that ID, who is created if there is none.

        Omitted values leave an existing worker unchanged.

        - `id`: a worker ID; by default a new one.
        - `country`, by ISO 3166 ("US" for a new worker), and `subdivision`, by ISO 3166-2.
        - `approved`, `rejected`: numbers of assignments from before the mock started.
        - `masters`, `adult`: whether the worker has these qualifications.

        Raises ValueError for an ID, a place or a number that no worker can have.
        """
        if id is not None and not (isinstance(id, str) and ids.WORKER_ID.fullmatch(id)):
            raise ValueError(
                f"worker() takes an id like 'A1B2C3D4E5F6G7' (an A, then capitals and digits, "
                f"64 characters at most), not {id!r}"
            )
        try:
            profile = Profile(country, subdivision, approved, rejected, masters, adult)
        except WrongProfile as wrong:
            raise ValueError(f"worker() {wrong.message}") from None
        with self._backend.transaction() as (marketplace, _):
            person = marketplace.person(marketplace.ids.worker() if id is None else id)
            profile.apply(person)
        return Worker(self._backend, person)

    def hit(self, id: AnyHIT) -> HIT:
        """Return the HIT of that ID, of any requester and environment, also a deleted one.

        `id`: the HITId, or what boto3's ``create_hit`` or ``get_hit`` returned, or its ``HIT``.
        TypeError for anything else, ValueError if this mock has no such HIT.
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
        returns: float = 0,
        abandons: float = 0,
        check: bool = True,
        progress: Progress = False,
    ) -> Crowd:
        """Simulate a group of new workers, who pick HITs and work as the clock advances.

        - `size`: number of workers. `seed`: makes the crowd do the same again.
        - `answer`: a function of a HIT and a worker that returns the form's fields; default: valid
          values. `accuracy`: how often they answer as it says. `wrong`: returns other answers.
        - `arrivals`: workers per hour. `work_time`: seconds per HIT. `returns`, `abandons`:
          shares of the accepted HITs. `check`: False submits forms that the page would reject.
          `progress`: True, or a function of a text.

        `Crowd` has the details. Raises TypeError or ValueError for invalid values.
        """
        habits = Habits(
            size=size,
            seed=seed,
            answer=answer,
            arrivals=arrivals,
            work_time=work_time,
            accuracy=accuracy,
            wrong=wrong,
            returns=returns,
            abandons=abandons,
            check=check,
            progress=progress,
        )
        return Crowd(self._backend, habits)

    # Money --------------------------------------------------------------------------------

    @property
    def balance(self) -> Decimal:
        """What the default requester can spend in production, in dollars.

        Can be set by str, int or Decimal. Funds held for published HITs are not included.
        """
        return self._default.balance

    @balance.setter
    def balance(self, amount: str | int | Decimal) -> None:
        self._default.balance = amount

    @property
    def spent(self) -> Spent:
        """What the default requester has paid in production: .rewards .bonuses .fees."""
        return self._default.spent

    # What has happened, without the API ---------------------------------------------------

    @property
    def hits(self) -> list[HIT]:
        """Every HIT of every requester, deleted ones too, oldest first for each requester."""
        with self._backend.transaction() as (marketplace, _):
            return Listing(
                HIT(self._backend, hit)
                for account in marketplace.accounts.values()
                for hit in account.hits_by_number
            )

    @property
    def assignments(self) -> list[Assignment]:
        """Every assignment, also those that were only accepted, returned or abandoned."""
        with self._backend.transaction() as (marketplace, _):
            return Listing(
                Assignment(self._backend, assignment)
                for account in marketplace.accounts.values()
                for assignment in account.assignments.values()
            )

    @property
    def workers(self) -> list[Worker]:
        """Every worker, those of crowds and those that only a requester has named, too.

        In the order in which the mock first knew them.
        """
        with self._backend.transaction() as (marketplace, _):
            people = marketplace.people.values()
            return Listing(Worker(self._backend, person) for person in people)

    @property
    def hit_types(self) -> list[HITType]:
        """Every HIT type, oldest first for each requester."""
        with self._backend.transaction() as (marketplace, _):
            return Listing(
                HITType.of(account, type_)
                for account in marketplace.accounts.values()
                for type_ in account.hit_types.values()
            )

    @property
    def qualification_types(self) -> list[QualificationType]:
        """Every qualification type as it is now, oldest first for each environment.

        Without the system's types, and without deleted ones.
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
        """Every block of a worker by a requester, oldest first for each requester."""
        with self._backend.transaction() as (marketplace, _):
            return Listing(
                Block.of(account, block)
                for account in marketplace.accounts.values()
                for block in account.blocks.values()
            )

    @property
    def bonuses(self) -> list[BonusPayment]:
        """Every bonus, oldest first for each requester."""
        with self._backend.transaction() as (marketplace, _):
            return Listing(
                BonusPayment.of(bonus)
                for account in marketplace.accounts.values()
                for bonus in account.bonuses
            )

    @property
    def emails(self) -> list[Email]:
        """Every message that was sent, oldest first."""
        self._backend.settle()
        with self._backend.transaction() as (marketplace, _):
            return Listing(marketplace.emails)

    @property
    def notifications(self) -> list[Notification]:
        """Every notification that was sent, test events too, oldest first."""
        self._backend.settle()
        with self._backend.transaction() as (marketplace, _):
            return Listing(map(Notification.of, marketplace.notifications))

    def results_csv(self, hit_type_id: str, *, path: str | os.PathLike[str] | None = None) -> str:
        """Return the results file of a HIT type, as the requester site offered it.

        One row for each assignment that was submitted, reviewed or not. `path`: a file to
        which the text is written, too. ValueError for an unknown HIT type.
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
        """Every API call, oldest first."""
        return list(self._backend.calls)

    def assert_called(self, operation: str, /, *, times: int | None = None, **params: Any) -> None:
        """Raise AssertionError unless an operation was called with these parameters.

        `operation`: as "CreateHIT" or "create_hit". `times`: the exact number of calls; None
        is one or more. `params`: each must equal what was sent, or be a compiled pattern
        that is found in it, or None if it was left out; other parameters do not matter.
        Calls that the service rejected count too. [assumed]

        TypeError or ValueError for an operation, a parameter or a number that no call can have.
        """
        __tracebackhide__ = True
        require_called(self.calls, operation, times, params)

    def assert_not_called(self, operation: str, /, **params: Any) -> None:
        """Raise AssertionError if an operation was called with these parameters.

        `operation` and `params` are as in `assert_called`.
        """
        __tracebackhide__ = True
        require_not_called(self.calls, operation, params)

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
        """Inject a failure into calls, and return the fault, which counts how often it happened.

        - `operation`: as "CreateHIT" or "create_hit", several of them, or None for all.
        - `error`: "ServiceFault", "ThrottlingException", any TurkErrorCode, with or without its
          prefix, or what botocore raises: "ConnectionError", "ReadTimeout" or "ConnectTimeout".
        - `times`: number of failures; None is without end.
        - `after`: number of calls that succeed first.
        - `rate`: calls per second, by the clock of the mock, above which calls fail. Use it
          with ``times=None`` for a permanent limit.
        - `when`: "after" lets the operation do its work; only its answer is lost.
        - `message`: the service's message, instead of its usual one. With it, `error` can be
          any TurkErrorCode in full.

        Every request counts, botocore's retries too. TypeError or ValueError says what is
        allowed.
        """
        fault = read_fault(operation, error, times, after, rate, when, message)
        with self._backend.transaction():
            self._backend.faults.add(fault)
        return fault

    @property
    def faults(self) -> list[Fault]:
        """Every fault that was injected, oldest first; those that are over, too."""
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
        question: str | None = None,
        max_assignments: int | None = None,
        requester_annotation: str | None = None,
        assignment_review_policy: Mapping[str, Any] | None = None,
        hit_review_policy: Mapping[str, Any] | None = None,
        hit_layout_id: str | None = None,
        hit_layout_parameters: Mapping[str, str] | Sequence[Mapping[str, str]] | None = None,
    ) -> HIT:
        """Add a HIT without assignments, in any state and without the API, and return it.

        - `id`: the HITId; by default a new one. `requester`, `sandbox`: owner, by default the
          default requester, and environment.
        - `status`: "Assignable" by default; a HIT with another one is over, and expires now.
        - `created`: by default now. `expires`: by default in a day.
        - `hit_type_id`: a HIT type of the requester. Or its properties: `title` and
          `description` ("A HIT"), `keywords`, `reward` ("1.00"),
          `assignment_duration_in_seconds` (3600), `auto_approval_delay_in_seconds` (30 days),
          `qualification_requirements`.
        - `question`: by default a page with one field. `max_assignments`: by default 1.
          `requester_annotation`, `assignment_review_policy`, `hit_review_policy`: as in
          boto3's ``create_hit``.
        - `hit_layout_id`: a layout of `add_layout`, from which the question is made, and
          `hit_layout_parameters`: its values by name, or as in boto3's ``create_hit``.

        The balance and the amounts spent stay the same, and no notification is sent. What an
        open HIT holds for its assignments is added to the funds, so that they can be approved.
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
                question=question,
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

        - `id`: by default a new one. `requester`, `sandbox`: owner, by default the default
          requester, and environment.
        - The others are as in `add_hit`, with the same defaults.

        TypeError or ValueError for invalid values, and for the properties of a HIT type that
        the requester has: a requester has one type of the same properties. [doc] Then nothing
        has changed.
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

        - `hit`: the HITId, a HIT, or what boto3's ``create_hit`` returned.
        - `id`: the AssignmentId; by default a new one. `worker`: by default a new one.
        - `status`: by default "Submitted".
        - `answer`: the fields of the form, or a QuestionFormAnswers document.
        - `accepted`, `deadline`, `submitted`, `approved`, `rejected`: by default now, or what
          follows from the others.
        - `feedback`: the requester's.

        It costs nothing, and no notification is sent; approved work counts as earned by its
        worker. TypeError or ValueError for invalid values; then nothing has changed.
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
        test: str | None = None,
        test_duration_in_seconds: int | None = None,
        answer_key: str | None = None,
    ) -> str:
        """Add a qualification type without the API, and return its QualificationTypeId.

        - `id`: by default a new one. `requester`, `sandbox`: owner, by default the default
          requester, and environment.
        - `status`: by default "Active". `created`: by default now.
        - `grants`: the values of the workers that have it, by worker ID.
        - `name` and `description`: by default "A qualification". The others are as in boto3's
          ``create_qualification_type``.

        TypeError or ValueError for invalid values; then nothing has changed.
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
                test=test,
                test_duration_in_seconds=test_duration_in_seconds,
                answer_key=answer_key,
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
        """Begin a transaction in which errors begin with the function, and name its parameters.

        `names`: parameters by the names that state files have for them.
        """
        try:
            with self._backend.transaction() as transaction:
                yield transaction
        except WrongMember as wrong:
            member = re.sub(r"^\w+", lambda first: names.get(first[0], first[0]), wrong.member)
            kind = TypeError if isinstance(wrong, WrongType) else ValueError
            raise kind(f"{function}(): {WrongMember(member, wrong.problem)}") from None
        except TypeError as problem:
            raise TypeError(f"{function}(): {problem}") from None
        except ValueError as problem:
            raise ValueError(f"{function}(): {problem}") from None

    def add_layout(self, html: str) -> str:
        """Register a HIT layout, as requesters did on their website; return its HITLayoutId.

        `html`: the page, with a placeholder ``${name}`` for each parameter that HITs must give.
        TypeError if it is no str, ValueError if it is empty.
        """
        layouts.check_page(html)
        with self._backend.transaction() as (marketplace, _):
            return marketplace.add_layout(html)

    def next_id(self, kind: str, id: str) -> None:
        """Use this ID for the next object of the given kind.

        `kind`: HIT, HITType, Assignment, QualificationType, QualificationRequest or
        HITLayout. IDs of several calls are used in the order of the calls.
        """
        ids.check_choice(kind, id)
        with self._backend.transaction() as (marketplace, _):
            if marketplace.has_id(id) or marketplace.ids.is_chosen(id):
                raise ValueError(f"the ID {id} is already taken")
            marketplace.ids.choose(kind, id)

    # State as a whole ---------------------------------------------------------------------

    @property
    def seed(self) -> int:
        """The seed of the IDs: `mock_mturk(seed=...)` with it makes the same IDs again."""
        with self._backend.transaction() as (marketplace, _):
            return marketplace.ids.seed

    def snapshot(self) -> Snapshot:
        """Return the present state, for `restore`, or to save it to a file."""
        return Snapshot(self._backend.state())

    def restore(self, snapshot: Snapshot) -> None:
        """Return to the state of a snapshot: time, seed, money, workers and calls included.

        The snapshot can come from another mock, and can be restored several times. The options
        `unknown_workers`, `only`, `accounts`, `consistency` and `sleep` stay those of this
        mock. TypeError for anything but a snapshot.
        """
        self._backend.put(state_of(snapshot))

    def reset(self) -> None:
        """Reset to the initial state, keeping the options."""
        self._backend.reset()

    @contextmanager
    def isolated(self) -> Iterator[MTurk]:
        """Return to the state before the block when the block ends, time included.

        For state that a fixture of wider scope sets up once for many tests.
        """
        with self._backend.isolated():
            yield self

    def report(self) -> str:
        """Return what helps to understand a failure.

        That is the seed, the clock, the latest API calls, actions of workers and moves of the
        clock in their order, and the faults that have not happened yet.
        """
        with self._backend.transaction() as (marketplace, now):
            seed, time = marketplace.ids.seed, to_datetime(now).isoformat(" ")
            history = _latest(self._backend.calls, marketplace.journal)
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
                "calls": len(self._backend.calls),
            }
        return write_card("MTurk", cells)


def _count_by_status(statuses: Iterable[str]) -> str:
    counts = Counter(statuses)
    parts = ", ".join(f"{count} {status}" for status, count in counts.items())
    return f"{counts.total()} ({parts})" if parts else "0"


def _latest_hit_ids(marketplace: Marketplace) -> list[str]:
    """Return the IDs that a misspelt one is compared with."""
    latest = (account.hits_by_number[-_HITS_COMPARED:] for account in marketplace.accounts.values())
    return [hit.id for hits in latest for hit in hits]


def _latest(calls: Sequence[APICall], journal: Journal) -> list[str]:
    """Return a line for each of the latest calls and entries, and the number of earlier ones."""
    first = max(0, len(calls) - LONGEST)
    found = [(number, 1, repr(calls[number])) for number in range(first, len(calls))]
    found += [(entry.calls, 0, str(entry)) for entry in journal.entries]
    found.sort(key=lambda each: each[:2])
    lines = [line for _, _, line in found[-LONGEST:]]
    if earlier := len(calls) + journal.noted - len(lines):
        lines.insert(0, f"... {earlier} before these")
    return lines if calls else [*lines, "no API calls"]


def _find_hit(marketplace: Marketplace, hit: object) -> tuple[Account, model_hit.HIT]:
    hit_id = read_hit_id("hit", marketplace, hit)
    try:
        return marketplace.find_hit(hit_id)
    except MTurkError:
        raise WrongMember("hit", f"there is no HIT {hit_id!r}") from None


def _read_reward(reward: str | int | Decimal | None) -> str | None:
    return None if reward is None else f"{read_money('reward', reward):f}"


def _check_layout(question: object, layout_id: object, parameters: object) -> None:
    if layout_id is None:
        if parameters is not None:
            problem = "these are the values of a layout: give its hit_layout_id, too"
            raise WrongMember("hit_layout_parameters", problem)
    elif question is not None:
        raise WrongMember("question", "the layout makes it: leave out question or hit_layout_id")


def _moment(name: str, value: datetime | None) -> int | None:
    return None if value is None else read_moment(name, value)


def _past(name: str, value: datetime | None, now: int) -> int | None:
    moment = _moment(name, value)
    if moment is not None and moment > now:
        raise WrongMember(name, f"{value} is still to come: it is {to_datetime(now)}")
    return moment


def _read_grants(grants: Mapping[str, int] | None) -> list[GrantEntry]:
    if grants is None:
        return []
    if not isinstance(grants, Mapping):
        raise wrong_type("grants", "values by worker ids, as {'A1B2C3': 80}", grants)
    return [GrantEntry(worker_id, value) for worker_id, value in grants.items()]
