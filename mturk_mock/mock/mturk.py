"""What users hold of a mock: the truth behind the API, the clock, the workers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any, Final

from mturk_mock.backend.backend import Backend
from mturk_mock.backend.clients import MTurkClient
from mturk_mock.core import ids
from mturk_mock.mock.call_assertions import CallAssertions
from mturk_mock.mock.campaigns import Campaigns
from mturk_mock.mock.clock import ClockControl
from mturk_mock.mock.fault_control import FaultControl
from mturk_mock.mock.people import check_person
from mturk_mock.mock.placing import Placing
from mturk_mock.mock.record import Record
from mturk_mock.mock.requester import Requester
from mturk_mock.model.account import DEFAULT_REQUESTER
from mturk_mock.model.ledger import Spent, two_decimals
from mturk_mock.questions import layouts
from mturk_mock.workforce.worker import Worker

_CALLS_SHOWN: Final = 5  # in reports


class MTurk(Record, CallAssertions, FaultControl, Placing, Campaigns):
    """One mock that is on, or was: its clock, its workers, its money and its memory."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self.clock = ClockControl(backend)

    # Programs and people ------------------------------------------------------------------

    def client(self, sandbox: bool = False, **boto3_kwargs: Any) -> MTurkClient:
        """Return a boto3 client that needs no credentials, region, configuration or network.

        `boto3_kwargs` are those of `boto3.client`, e.g. ``config``.
        """
        return self._requester(DEFAULT_REQUESTER).client(sandbox=sandbox, **boto3_kwargs)

    def requester(self, name: str) -> Requester:
        """Return another requester, with HITs, blocks and funds of their own."""
        if not isinstance(name, str) or not name:
            raise ValueError(f"requester() takes a name, not {name!r}")
        return self._requester(name)

    def _requester(self, name: str) -> Requester:
        return Requester(self._backend, name)

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
        """Return a new worker, or the one of that id, who is made if there is none.

        `country` ("US" unless said) and `subdivision`: where they live, by ISO 3166.
        `approved`, `rejected`: assignments from before the mock. `masters`, `adult`:
        whether they have these qualifications. What is not said of somebody who is
        there already stays as it is. ValueError says what an id, a place or a number may be.
        """
        said = {
            "country": country,
            "subdivision": subdivision,
            "approved": approved,
            "rejected": rejected,
            "masters": masters,
            "adult": adult,
        }
        if id is not None and not (isinstance(id, str) and ids.WORKER_ID.fullmatch(id)):
            raise ValueError(
                f"worker() takes an id like 'A1B2C3D4E5F6G7' (an A, then capitals and digits, "
                f"64 characters at most), not {id!r}"
            )
        check_person(said)
        with self._backend.transaction() as (marketplace, _):
            person = marketplace.person(marketplace.ids.worker() if id is None else id)
            for name, value in said.items():
                if value is not None:
                    setattr(person, name, value)
        return Worker(self._backend, person.id)

    def add_layout(self, html: str) -> str:
        """Register a HIT layout, as requesters did on their website; return its HITLayoutId.

        `html`: the page, with a placeholder ``${name}`` for each parameter that HITs must give.
        TypeError if it is no str, ValueError if it is empty.
        """
        layouts.check_page(html)
        with self._backend.transaction() as (marketplace, _):
            return marketplace.add_layout(html)

    def next_id(self, kind: str, id: str) -> None:
        """Let the next thing of a kind have this id, which a program has written into it.

        `kind`: HIT, HITType, Assignment, QualificationType, QualificationRequest or
        HITLayout. Said several times, the ids are given out in that order.
        """
        ids.check_choice(kind, id)
        with self._backend.transaction() as (marketplace, _):
            if marketplace.has_id(id) or marketplace.ids.is_chosen(id):
                raise ValueError(f"the id {id} is taken already")
            marketplace.ids.choose(kind, id)

    # Money --------------------------------------------------------------------------------

    @property
    def balance(self) -> Decimal:
        """What the default requester can spend in production, in dollars.

        Can be set by str, int or Decimal. What is held for published HITs is not in it.
        """
        return self._requester(DEFAULT_REQUESTER).balance

    @balance.setter
    def balance(self, amount: str | int | Decimal) -> None:
        self._requester(DEFAULT_REQUESTER).balance = amount

    @property
    def spent(self) -> Spent:
        """What the default requester has paid in production: .rewards .bonuses .fees."""
        return self._requester(DEFAULT_REQUESTER).spent

    # State --------------------------------------------------------------------------------

    @property
    def seed(self) -> int:
        """What ids are made of: `mock_mturk(seed=...)` with it makes the same ones again."""
        with self._backend.transaction() as (marketplace, _):
            return marketplace.ids.seed

    def reset(self) -> None:
        """Be as just entered: the same options, and nothing has happened yet."""
        self._backend.reset()

    @contextmanager
    def isolated(self) -> Iterator[MTurk]:
        """Forget at the end of the block all that happened in it, time included.

        For state that is made once, by a fixture of wider scope, and used by many tests.
        """
        with self._backend.isolated():
            yield self

    def report(self) -> str:
        """Return what helps to understand a failure: seed, clock, last calls, faults to come."""
        lines = [f"mock_mturk(seed={self.seed}), clock at {self.clock.now.isoformat(' ')}"]
        calls = self.calls
        if len(calls) > _CALLS_SHOWN:
            lines.append(f"... {len(calls) - _CALLS_SHOWN} calls before these")
        lines += map(repr, calls[-_CALLS_SHOWN:])
        if not calls:
            lines.append("no API calls")
        lines += [f"still to happen: {fault!r}" for fault in self.faults if fault.missing]
        return "\n".join(lines)

    def __repr__(self) -> str:
        return (
            f"<MTurk seed={self.seed}, {self.clock.now:%Y-%m-%d %H:%M:%S} UTC, "
            f"{len(self.hits)} HITs, {len(self.assignments)} assignments, "
            f"balance ${two_decimals(self.balance)}>"
        )
