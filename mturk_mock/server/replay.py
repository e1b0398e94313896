"""Replay: make the changes of a state file again, and compare their outcomes.

The changes are made by what made them first: the backend, the handles of workers and `MTurk`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final

from mturk_mock.backend import recording, wire
from mturk_mock.backend.backend import Backend
from mturk_mock.backend.delivery import Delivery
from mturk_mock.backend.recording import Change, outcome_of
from mturk_mock.backend.settings import Settings
from mturk_mock.core.clock import to_datetime
from mturk_mock.core.errors import MTurkError
from mturk_mock.core.sites import Sites
from mturk_mock.mock.mturk import MTurk
from mturk_mock.model.lags import Lags
from mturk_mock.model.marketplace import Marketplace
from mturk_mock.model.notification import Message
from mturk_mock.server.state_file import Checkpoint, Entry, StateFile, StateFileError
from mturk_mock.state.checkpoint import read_checkpoint
from mturk_mock.web.legacy_api import QUERY
from mturk_mock.workforce.crowd_life import create_workers
from mturk_mock.workforce.hit import Assignment, submit_work
from mturk_mock.workforce.qualification import QualificationRequest
from mturk_mock.workforce.worker import Worker

_WIRES: Final = {each.version: each for each in (wire.JSON, QUERY)}
_DIFFERS: Final = (
    "{path}: entry {n} ({kind} by {actor}, {time:%Y-%m-%d %H:%M:%S} UTC) had another outcome when "
    "it was made by mturk_mock {version}{problem}. Run the server of that version once, which "
    "writes a checkpoint when it is stopped, or restore a backup"
)
_UNREADABLE: Final = (
    "{path}: a checkpoint, written by mturk_mock {version}, cannot be read: {problem}. Use the "
    "server of that version, or restore a backup"
)
_ERASED: Final = (
    "{path}: entry {n} is of a worker who was erased: neither it nor what follows can be made "
    "again. The server itself starts from a later checkpoint"
)


class _NoDelivery(Delivery):
    """Delivers nothing: what was sent once is not sent again."""

    def deliver(self, messages: Iterable[Message]) -> list[Message]:
        """Leave the messages as they are."""
        return []


@dataclass(frozen=True)
class _Context:
    """What the functions for the kinds of changes take."""

    backend: Backend
    marketplace: Marketplace
    entry: Entry

    @property
    def mturk(self) -> MTurk:
        return MTurk(self.backend)

    @property
    def worker(self) -> Worker:
        return Worker(self.backend, self.marketplace.people[self.entry.actor])


class Replay:
    """The state of a file at one of its entries, and how to go on from there.

    `events`: how many scheduled events were taken since the last entry. `version`: that of the
    program which wrote the entries. `generation`: that of the marketplace; by default none.
    """

    def __init__(
        self,
        file: StateFile,
        settings: Settings,
        sites: Sites,
        start: Checkpoint,
        generation: int | None = None,
    ) -> None:
        self._file = file
        self.backend = Backend(settings, sites, _NoDelivery())
        self.n, self.events, self.version = start.n, start.events, start.version
        self._generation = generation
        self._install(start.body)
        self.marketplace.clock.never_go_back(start.at)

    def _install(self, content: bytes) -> None:
        try:
            self.marketplace = read_checkpoint(content)
        except ValueError as problem:
            raise StateFileError(
                _UNREADABLE.format(path=self._file.path, version=self.version, problem=problem)
            ) from None
        self.backend.install(self.marketplace, self._generation)

    def run(self) -> Marketplace:
        """Make all further changes, and return the marketplace."""
        for entry in self._file.entries(self.n):
            self.perform(entry)
        return self.marketplace

    def perform(self, entry: Entry) -> str:
        """Make a change, and return its outcome.

        Raises StateFileError if that is another one than recorded, or if the change was erased.
        """
        if "erased" in entry.body:
            raise StateFileError(_ERASED.format(path=self._file.path, n=entry.n))
        try:
            change = Change(entry.kind, entry.actor, entry.at, outcome=self._make(entry))
        except (MTurkError, ArithmeticError, LookupError, TypeError, ValueError) as problem:
            raise self._differs(entry, f" ({type(problem).__name__}: {problem})") from problem
        if change.fingerprint != entry.digest:
            raise self._differs(entry, "")
        self.n, self.events = entry.n, 0
        self.marketplace.clock.never_go_back(entry.at)
        return change.outcome

    def stop_at(self, moment: int) -> None:
        """Run the events that are due by a moment, and stop the clock there."""
        self.marketplace.clock.set_ahead(0, moment, 0)
        self.backend.settle()

    def _make(self, entry: Entry) -> str:
        """Run the events before the change, and the change; return its outcome."""
        if entry.kind == recording.STATE:
            self._install(entry.body["content"])
            return ""
        with self.marketplace.clock.held_at(entry.at):
            self.backend.timeline.take(self.marketplace, entry.events - self.events)
            self.backend.settle()  # the notifications of these events come before the change
            if entry.kind == recording.START:
                return self._start(entry.body)
            return _MAKERS[entry.kind](_Context(self.backend, self.marketplace, entry))

    def _start(self, body: Mapping[str, Any]) -> str:
        """Take over the settings of the server that made the next entries."""
        self.version = body["version"]
        lags = Lags(**body["lags"])
        self.backend.settings = replace(
            self.backend.settings, unknown_workers=body["unknown_workers"], consistency=lags
        )
        return ""

    def _differs(self, entry: Entry, problem: str) -> StateFileError:
        return StateFileError(
            _DIFFERS.format(
                path=self._file.path,
                n=entry.n,
                kind=entry.kind,
                actor=entry.actor or "the server",
                time=to_datetime(entry.at),
                version=self.version,
                problem=problem,
            )
        )


def start_body(version: str, settings: Settings) -> dict[str, Any]:
    """Return what the first entry of a server's run says."""
    lags = settings.lags._asdict()
    return {"version": version, "unknown_workers": settings.unknown_workers, "lags": lags}


# Kinds of changes -------------------------------------------------------------------------


def _call(context: _Context) -> str:
    body, entry = context.entry.body, context.entry
    content = body["body"].encode(errors="surrogateescape")
    request = wire.Request(body["operation"], content, body["environment"], entry.actor)
    with context.backend.transaction() as (marketplace, now):
        call = context.backend.perform(request, _WIRES[body["version"]], marketplace, now)
        return outcome_of(call)


def _accept(context: _Context) -> str:
    return context.worker.accept(context.entry.body["hit"]).id


def _submit(context: _Context) -> str:
    body = context.entry.body
    account, assignment = context.marketplace.find_assignment(body["assignment"])
    with context.backend.transaction() as (_, now):
        submit_work(context.backend, account, assignment, body["answer"], body["files"], now)
    return ""


def _return(context: _Context) -> str:
    _, assignment = context.marketplace.find_assignment(context.entry.body["assignment"])
    Assignment(context.backend, assignment).return_hit()
    return ""


def _request(context: _Context) -> str:
    body = context.entry.body
    request = context.worker.request_qualification(body["type"], body["answer"], check=False)
    return f"{request.id} {request.status}"


def _test(context: _Context) -> str:
    body = context.entry.body
    _, request = context.marketplace.find_qualification_request(body["request"])
    return QualificationRequest(context.backend, request).submit(body["answer"], check=False).status


def _worker(context: _Context) -> str:
    return context.mturk.worker(**context.entry.body).id


def _trait(context: _Context) -> str:
    setattr(context.worker, context.entry.body["name"], context.entry.body["value"])
    return ""


def _crowd(context: _Context) -> str:
    return " ".join(create_workers(context.marketplace, context.entry.body["size"]))


def _funds(context: _Context) -> str:
    amount = Decimal(context.entry.body["amount"])
    context.mturk.requester(context.entry.actor).balance = amount
    return ""


def _layout(context: _Context) -> str:
    return context.mturk.add_layout(context.entry.body["html"])


def _choice(context: _Context) -> str:
    context.mturk.next_id(context.entry.body["kind"], context.entry.body["id"])
    return ""


def _clock(context: _Context) -> str:
    body = context.entry.body
    context.marketplace.clock.set_ahead(body["rate"], body["offset"], body["since"])
    return ""


def _delivery(context: _Context) -> str:
    for number, reason in context.entry.body["outcomes"].items():
        message = context.marketplace.notifications[int(number)]
        message.delivered, message.reason = reason is None, reason
    return ""


_MAKERS: Final[Mapping[str, Callable[[_Context], str]]] = {
    recording.CALL: _call,
    recording.ACCEPT: _accept,
    recording.SUBMIT: _submit,
    recording.RETURN: _return,
    recording.REQUEST: _request,
    recording.TEST: _test,
    recording.WORKER: _worker,
    recording.TRAIT: _trait,
    recording.CROWD: _crowd,
    recording.FUNDS: _funds,
    recording.LAYOUT: _layout,
    recording.CHOICE: _choice,
    recording.CLOCK: _clock,
    recording.DELIVERY: _delivery,
}
