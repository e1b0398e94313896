"""The file as a whole: version 1 of its form, which docs/snapshots.md describes."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from mturk_mock.backend.settings import Settings
from mturk_mock.core.clock import SECOND
from mturk_mock.core.ids import KINDS, STREAMS
from mturk_mock.model.marketplace import Marketplace, Scope
from mturk_mock.model.qualification import QualificationType, Register
from mturk_mock.model.timeline import HAPPENINGS, Timeline
from mturk_mock.state import accounts, people, placement, qualifications
from mturk_mock.state.members import Members, refuse, some, written
from mturk_mock.state.placement import Due
from mturk_mock.state.qualifications import whose

VERSION: Final = 1

_MOST_DRAWN: Final = 10_000_000  # ids of a kind: they are drawn again, which takes time


def write(marketplace: Marketplace) -> bytes:
    """Return the file of a marketplace that nobody is at work on."""
    registers = list(marketplace.registers.values())
    content = {
        "version": VERSION,
        **_write_clock(marketplace),
        "seed": marketplace.ids.seed,
        "balance": f"{marketplace.starting_balance:f}",
        **some(
            ids=some(drawn=marketplace.ids.drawn, chosen=marketplace.ids.chosen),
            layouts=marketplace.layouts,
            workers=[people.write_worker(person) for person in marketplace.people.values()],
            qualification_types=_write_types(registers),
            accounts=[accounts.write(account) for account in marketplace.accounts.values()],
            qualification_requests=_write_requests(registers),
            emails=[some(**vars(email)) for email in marketplace.emails],
            notifications=[people.write_notification(each) for each in marketplace.notifications],
            order_of_events=_write_order(marketplace),
        ),
    }
    text = json.dumps(content, indent=2, ensure_ascii=False)
    return text.encode("utf-8", "surrogatepass")


def _write_types(registers: list[Register]) -> list[dict[str, Any]]:
    return [
        qualifications.write_type(type_, type_.owner)
        for register in registers
        for type_ in register.types.values()
        if type_.owner is not None
    ]


def _write_requests(registers: list[Register]) -> list[dict[str, Any]]:
    return [each for register in registers for each in qualifications.write_requests(register)]


def _write_clock(marketplace: Marketplace) -> dict[str, Any]:
    clock = marketplace.clock
    if clock.stands_still:
        return {"now": written(clock.read())}
    return {"now": None, "ahead_in_seconds": clock.ahead / SECOND}


def _write_order(marketplace: Marketplace) -> list[dict[str, str]]:
    """Return what is due at the same time as something else, in the order it will happen."""
    events = Timeline().upcoming(marketplace)  # without visitors: files have none
    upcoming = list(dict.fromkeys((event.due, event.kind, event.subject) for event in events))
    count = Counter(due for due, _, _ in upcoming)
    return [{"what": kind, "id": subject} for due, kind, subject in upcoming if count[due] > 1]


# Reading ----------------------------------------------------------------------------------


def read(content: bytes) -> Marketplace:
    """Return what a file says; ValueError that says where something is wrong."""
    members = Members(_parse(content), "")
    version = members.whole("version")
    if version != VERSION:
        said = "this is missing" if version is None else f"this takes {VERSION}, not {version!r}"
        raise refuse("version", said)
    marketplace = _read_start(members)
    ids = members.object("ids")
    _read_drawn(ids.object("drawn"), marketplace)
    _read_things(members, marketplace)
    _read_chosen(ids.object("chosen"), marketplace)
    ids.finish()
    members.finish()
    return marketplace


def _parse(content: bytes) -> Any:
    try:
        text = content.decode("utf-8", "surrogatepass")
        return json.loads(text, object_pairs_hook=_object)
    except (UnicodeDecodeError, json.JSONDecodeError) as problem:
        raise ValueError(f"this is no JSON: {problem}") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = Counter(name for name, _ in pairs)
        raise ValueError(f"the member {names.most_common(1)[0][0]!r} is there twice in one object")
    return found


def _read_start(members: Members) -> Marketplace:
    start = members.time("now")
    balance = members.money("balance")
    marketplace = Marketplace(
        seed=members.whole("seed") or 0,
        start=start,
        balance=Settings.balance if balance is None else balance,
    )
    ahead = members.number("ahead_in_seconds")
    if ahead is not None:
        if start is not None:
            raise refuse("ahead_in_seconds", "only a clock whose now is null runs ahead")
        clock = marketplace.clock
        clock.move(clock.read() + round(ahead * SECOND))
    return marketplace


def _read_drawn(members: Members, marketplace: Marketplace) -> None:
    for kind in STREAMS:
        count = members.count(kind) or 0
        if count > _MOST_DRAWN:
            raise refuse(members.at(kind), f"this takes {_MOST_DRAWN} at most, not {count}")
        marketplace.ids.skip(kind, count)
    members.finish()


def _read_chosen(members: Members, marketplace: Marketplace) -> None:
    for kind in KINDS:
        for id_ in members.ids(kind):
            if marketplace.has_id(id_) or marketplace.ids.is_chosen(id_):
                raise refuse(members.at(kind), f"the id {id_} is taken already")
            marketplace.ids.choose(kind, id_)
    members.finish()


def _read_things(members: Members, marketplace: Marketplace) -> None:
    """Fill an empty marketplace: first what other things name, then those."""
    now = marketplace.clock.read()
    entries = members.objects("accounts")
    scopes = [_scope_of(entry, marketplace, now) for entry in entries]
    _refuse_twice(entries)
    scope = _scope_of(Members({}, ""), marketplace, now)
    marketplace.layouts.update(members.texts("layouts"))
    for entry in members.objects("workers"):
        people.read_worker(entry, marketplace)
    deleted = _read_types(members, scope)
    for entry, its_scope in zip(entries, scopes, strict=True):
        accounts.read(entry, its_scope)
        entry.finish()
    for type_, register in deleted:
        register.set_status(type_, type_.status, deleted=True)
    qualifications.read_requests(members.objects("qualification_requests"), scope)
    marketplace.emails += [people.read_email(entry) for entry in members.objects("emails")]
    entries = members.objects("notifications")
    marketplace.notifications += [people.read_notification(entry, scope) for entry in entries]
    _schedule(members, marketplace)


def _scope_of(members: Members, marketplace: Marketplace, now: int) -> Scope:
    """Return the scope of the account that an object names."""
    return Scope(marketplace, marketplace.account(*whose(members)), now)


def _refuse_twice(entries: list[Members]) -> None:
    seen = set()
    for entry in entries:
        if (key := whose(entry)) in seen:
            raise refuse(entry.path, f"there is an account of {key[0]} in {key[1]} already")
        seen.add(key)


def _read_types(members: Members, scope: Scope) -> list[tuple[QualificationType, Register]]:
    """Add the qualification types, and return the deleted ones with their registers.

    They are taken as not deleted for now: HITs of before may require them.
    """
    deleted = []
    for entry in members.objects("qualification_types"):
        its_scope = _scope_of(entry, scope.marketplace, scope.now)
        type_ = qualifications.read_qualification_type(entry, its_scope)
        deleted += [(type_, its_scope.account.qualifications)] if type_.deleted else []
    for type_, register in deleted:
        register.set_status(type_, type_.status)
    return deleted


def _schedule(members: Members, marketplace: Marketplace) -> None:
    """Schedule what follows from the state, in the order that is said where times are equal."""
    dues = list(_dues(marketplace))
    there = {(due.kind, due.subject) for due in dues}
    rank: dict[tuple[str, str], int] = {}
    for entry in members.objects("order_of_events"):
        what = entry.needed("what", entry.choice("what", HAPPENINGS))
        event = (what, entry.needed("id", entry.id("id")))
        entry.finish()
        if event not in there:
            raise refuse(entry.path, f"nothing is due that is {what!r} of {event[1]}")
        rank[event] = len(rank)
    dues.sort(key=lambda due: rank.get((due.kind, due.subject), len(rank)))
    placement.schedule(marketplace.schedule, dues)


def _dues(marketplace: Marketplace) -> Iterator[Due]:
    for account in marketplace.accounts.values():
        for hit in account.hits_by_number:
            yield from placement.dues_of_hit(account, hit)
        for assignment in account.assignments.values():
            yield from placement.dues_of_assignment(account, assignment)
    for register in marketplace.registers.values():
        for request in register.requests.values():
            owner = register.types[request.qualification_type_id].owner
            assert owner is not None  # or nobody could have asked for the type
            yield from placement.dues_of_request(owner, request)
