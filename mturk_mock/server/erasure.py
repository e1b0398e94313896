"""Erasure: take what belongs to one worker out of a state file.

The worker's ID is replaced wherever it is. Answers, files, traits, messages to the worker and
what requesters wrote about the worker are emptied. Sessions and invitations of the worker end. What
was done and paid stays.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

import mturk_mock
from mturk_mock.backend import recording
from mturk_mock.backend.settings import Settings
from mturk_mock.core.ids import WORKER_ID
from mturk_mock.core.sites import SERVICE
from mturk_mock.model.account import Account
from mturk_mock.model.marketplace import Marketplace
from mturk_mock.model.policies import Finding, ReviewPolicies
from mturk_mock.model.qualification import Register
from mturk_mock.model.worker import Person
from mturk_mock.questions.answers import render_answers
from mturk_mock.server.replay import Replay
from mturk_mock.server.state_file import Checkpoint, Entry, StateFile, StateFileError
from mturk_mock.state.checkpoint import (
    pack_checkpoint,
    read_checkpoint,
    rename,
    take_checkpoint,
)

_ERASED: Final = "AERASED{number:07}"
_UNKNOWN: Final = "{path} has no worker {worker}"
_WRONG: Final = "a worker ID is an A, then capital letters and digits, not {worker!r}"
#: The body of an entry that was erased.
_NOTHING: Final = {"erased": True}


def erase_worker(file: StateFile, worker_id: str) -> str:
    """Erase a worker from the state and the entries of a file; return what to tell the user.

    Raises StateFileError if the worker is unknown.
    """
    if not WORKER_ID.fullmatch(worker_id):
        raise StateFileError(_WRONG.format(worker=worker_id))
    replay = Replay(file, Settings(), SERVICE, file.checkpoint())
    marketplace = replay.run()
    traces = {worker_id, *_own_ids(marketplace, worker_id)}
    name = _new_name(marketplace)
    entries = [
        entry._replace(actor=name if entry.actor == worker_id else entry.actor, body=_NOTHING)
        for entry in file.entries()
        if _is_about(entry, worker_id, traces)
    ]
    if worker_id not in marketplace.people and not entries:
        raise StateFileError(_UNKNOWN.format(path=file.path, worker=worker_id))
    version = str(mturk_mock.__version__)
    now = marketplace.clock.read()
    erased = _erased(marketplace, worker_id, name)
    latest = Checkpoint(replay.n, now, replay.events, version, erased)
    first = file.checkpoint(first=True)
    before = first._replace(body=_erased(read_checkpoint(first.body), worker_id, name))
    file.rewrite([before, latest], entries, worker_id)
    return (
        f"{worker_id} is now {name} in {file.path}; {len(entries)} records are erased, and a "
        "replay ends before them. Copies and backups of the file are as they were"
    )


def _new_name(marketplace: Marketplace) -> str:
    """Return the ID that replaces the worker's, which says nothing about the worker."""
    number = 1
    while _ERASED.format(number=number) in marketplace.people:
        number += 1
    return _ERASED.format(number=number)


def _own_ids(marketplace: Marketplace, worker_id: str) -> Iterator[str]:
    """Yield the IDs of the worker's assignments and qualification requests."""
    for account in marketplace.accounts.values():
        for assignment in account.assignments.values():
            if assignment.worker_id == worker_id:
                yield assignment.id
    for register in marketplace.registers.values():
        for request in register.requests.values():
            if request.worker_id == worker_id:
                yield request.id


def _is_about(entry: Entry, worker_id: str, traces: Iterable[str]) -> bool:
    """Whether an entry was made by the worker, or names the worker or the worker's work."""
    if entry.actor == worker_id:
        return True
    if entry.kind == recording.STATE and "content" in entry.body:
        return worker_id in read_checkpoint(entry.body["content"]).people
    text = json.dumps(entry.body, default=repr)
    return any(trace in text for trace in traces)


# The state --------------------------------------------------------------------------------


def _erased(marketplace: Marketplace, worker_id: str, name: str) -> bytes:
    """Return the checkpoint of a marketplace without what belongs to the worker."""
    if (person := marketplace.people.get(worker_id)) is not None:
        _forget_traits(person)
    for account in marketplace.accounts.values():
        _empty_account(account, worker_id)
    for register in marketplace.registers.values():
        _empty_requests(register, worker_id)
    marketplace.emails[:] = [
        replace(email, to=f"{name.lower()}@workers.example", subject="", text="")
        if email.worker_id == worker_id
        else email
        for email in marketplace.emails
    ]
    marketplace.activity.entries.clear()
    return pack_checkpoint(rename(take_checkpoint(marketplace), worker_id, name))


def _forget_traits(person: Person) -> None:
    new = Person(person.id)
    person.country, person.subdivision = new.country, new.subdivision
    person.masters, person.adult = new.masters, new.adult


def _empty_account(account: Account, worker_id: str) -> None:
    own = set()
    for assignment in account.assignments.values():
        if assignment.worker_id == worker_id:
            own.add(assignment.id)
            assignment.answer = render_answers([]) if assignment.answer else ""
            assignment.files = assignment.feedback = None
    for hit_id in {account.assignments[id_].hit_id for id_ in own}:
        _empty_findings(account.hits[hit_id].policies, own)
    for bonus in [each for each in account.bonuses if each.worker_id == worker_id]:
        account.replace_bonus(replace(bonus, reason=""))
    if worker_id in account.blocks:
        account.add_block(replace(account.blocks[worker_id], reason=""))


def _empty_findings(policies: ReviewPolicies | None, own: set[str]) -> None:
    """Empty what the review policies have noted of the worker's answers."""
    if policies is None:
        return
    for entry in policies.log:
        if isinstance(entry, Finding) and entry.subject_id in own:
            policies.replace(replace(entry, value=""))


def _empty_requests(register: Register, worker_id: str) -> None:
    for request in register.requests.values():
        if request.worker_id == worker_id:
            request.answer = render_answers([]) if request.answer else request.answer
            request.reason = None
