"""The state file as a whole, version 1 (docs/reference/snapshot_file.md)."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from functools import partial
from typing import Any, Final

from mturk_mock.backend.settings import Settings
from mturk_mock.core.clock import FASTEST, POSSIBLE, SECOND, Clock, is_possible, read_machine
from mturk_mock.core.environment import PRODUCTION, SANDBOX
from mturk_mock.core.ids import ENTITY_ID, KINDS, STREAMS
from mturk_mock.core.json_text import read_json
from mturk_mock.core.quoting import quote
from mturk_mock.model.account import DEFAULT_REQUESTER, AccountKey
from mturk_mock.model.marketplace import Marketplace, Scope
from mturk_mock.model.qualification import QualificationType, Register
from mturk_mock.model.timeline import EVENT_RULES, Timeline
from mturk_mock.state import people, qualifications, values
from mturk_mock.state.accounts import read_account, write_account
from mturk_mock.state.members import Members
from mturk_mock.state.values import WrongMember

VERSION: Final = 1

_MOST_DRAWN: Final = 10_000_000  # IDs of a kind: loading draws them again, which takes time


def write_marketplace(marketplace: Marketplace) -> bytes:
    """Return the content of the state file; no other thread may change the marketplace."""
    registers = list(marketplace.registers.values())
    content = {
        "version": VERSION,
        **_write_clock(marketplace),
        "seed": marketplace.ids.seed,
        "balance": f"{marketplace.starting_balance:f}",
        **values.drop_empty(
            ids=values.drop_empty(drawn=marketplace.ids.drawn, chosen=marketplace.ids.chosen),
            layouts=marketplace.layouts,
            workers=[people.write_worker(person) for person in marketplace.people.values()],
            qualification_types=_write_types(registers),
            accounts=[write_account(account) for account in marketplace.accounts.values()],
            qualification_requests=[
                request
                for register in registers
                for request in qualifications.write_requests(register)
            ],
            emails=[people.write_email(email) for email in marketplace.emails],
            notifications=[people.write_notification(each) for each in marketplace.notifications],
            order_of_events=_write_order(marketplace),
        ),
    }
    text = json.dumps(content, indent=2, ensure_ascii=False)
    return text.encode("utf-8", "surrogatepass")


def _write_types(registers: list[Register]) -> list[dict[str, Any]]:
    return [
        qualifications.write_qualification_type(type_, type_.owner)
        for register in registers
        for type_ in register.types.values()
        if type_.owner is not None
    ]


def _write_clock(marketplace: Marketplace) -> dict[str, Any]:
    clock = marketplace.clock
    if clock.stands_still:
        return {"now": values.write_time(clock.read())}
    written: dict[str, Any] = {"now": None, "ahead_in_seconds": clock.ahead / SECOND}
    if clock.rate != 1:
        written |= {"rate": clock.rate, "rate_since": values.write_time(clock.since)}
    return written


def _write_order(marketplace: Marketplace) -> list[dict[str, str]]:
    """Return the events that are due at the same time as another event, in their order."""
    events = Timeline().upcoming(marketplace)  # without visitors, because files have none
    upcoming = list(dict.fromkeys((event.due, event.kind, event.subject) for event in events))
    count = Counter(due for due, _, _ in upcoming)
    return [{"what": kind, "id": subject} for due, kind, subject in upcoming if count[due] > 1]


# Reading ----------------------------------------------------------------------------------


def read_marketplace(content: bytes) -> Marketplace:
    """Return the marketplace of a state file.

    Invalid content raises ValueError, starting with the location of the problem.
    """
    members = Members(_parse(content), "the file")
    version = members.need("version", values.read_whole)
    if version != VERSION:
        raise WrongMember("version", f"must be {VERSION}, not {quote(version)}")
    marketplace = _read_start(members)
    drawn, chosen = members.inside("ids", _read_ids)
    for kind, count in drawn.items():
        marketplace.ids.skip(kind, count)
    _read_things(members, marketplace)
    _choose_ids(marketplace, chosen)
    members.finish()
    return marketplace


def _parse(content: bytes) -> Any:
    try:
        text = content.decode("utf-8", "surrogatepass")
        return read_json(text, _make_object)
    except WrongMember:
        raise
    except ValueError as problem:
        raise ValueError(f"the file is not JSON: {problem}") from None


def _make_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = Counter(name for name, _ in pairs)
        twice = names.most_common(1)[0][0]
        raise WrongMember("", f"the member {quote(twice)} occurs twice in one object")
    return found


def _read_start(members: Members) -> Marketplace:
    start = members.take("now", values.read_time)
    balance = members.take("balance", values.read_balance)
    marketplace = Marketplace(
        seed=members.take("seed", values.read_whole) or 0,
        start=start,
        balance=Settings.balance if balance is None else balance,
    )
    _follow_machine(members, marketplace.clock)
    return marketplace


def _follow_machine(members: Members, clock: Clock) -> None:
    """Set how far the clock is ahead of the machine's, and its rate, unless it stands still."""
    machine = read_machine()
    ahead = members.take("ahead_in_seconds", values.read_number)
    rate = members.take("rate", _read_rate)
    since = members.take("rate_since", values.read_time)
    if clock.stands_still:
        _refuse_with_now(ahead_in_seconds=ahead, rate=rate, rate_since=since)
        return
    if since is not None and since > machine:
        raise WrongMember("rate_since", f"{values.write_time(since)} is in the future")
    clock.set_ahead(rate or 1, round((ahead or 0) * SECOND), machine if since is None else since)
    if not is_possible(clock.read()):
        raise WrongMember("ahead_in_seconds", f"{ahead} seconds from now is not {POSSIBLE}")


def _read_rate(member: str, value: Any) -> int | None:
    rate = values.read_whole(member, value)
    if rate is not None and not 1 <= rate <= FASTEST:
        raise WrongMember(member, f"must be from 1 to {FASTEST}, not {rate}")
    return rate


def _refuse_with_now(**given: float | None) -> None:
    for name, value in given.items():
        if value is not None:
            raise WrongMember(name, "allowed only if now is null")


def _read_ids(members: Members) -> tuple[dict[str, int], dict[str, list[str]]]:
    """Return how many IDs of each kind were drawn, and the IDs chosen by `mturk.next_id`."""
    return members.inside("drawn", _read_drawn), members.inside("chosen", _read_chosen)


def _read_drawn(members: Members) -> dict[str, int]:
    drawn = {kind: members.take(kind, values.read_count) or 0 for kind in STREAMS}
    for kind, count in drawn.items():
        if count > _MOST_DRAWN:
            raise WrongMember(kind, f"must be at most {_MOST_DRAWN}, not {count}")
    return drawn


def _read_chosen(members: Members) -> dict[str, list[str]]:
    chosen = {}
    for kind in KINDS:
        ids = enumerate(values.read_list(kind, members.any(kind), "a list of IDs"))
        places = [(f"{kind}[{index}]", id_) for index, id_ in ids]
        chosen[kind] = [values.require(place, values.read_id(place, id_)) for place, id_ in places]
    return chosen


def _choose_ids(marketplace: Marketplace, chosen: dict[str, list[str]]) -> None:
    for kind, ids in chosen.items():
        for id_ in ids:
            if marketplace.has_id(id_) or marketplace.ids.is_chosen(id_):
                raise WrongMember(f"ids.chosen.{kind}", f"the ID {id_} is already taken")
            marketplace.ids.choose(kind, id_)


def _read_things(members: Members, marketplace: Marketplace) -> None:
    """Fill an empty marketplace, in an order in which each object refers to earlier ones."""
    now = marketplace.clock.read()
    seen: set[AccountKey] = set()
    for key in members.each("accounts", partial(_read_key, seen=seen), whole=False):
        marketplace.account(*key)
    scope = Scope(marketplace, marketplace.account(DEFAULT_REQUESTER, PRODUCTION), now)
    marketplace.layouts.update(members.inside("layouts", _read_layouts))
    members.each("workers", partial(people.read_worker, marketplace=marketplace))
    types = members.each("qualification_types", partial(_read_type, scope=scope))
    deleted = [(type_, register) for type_, register in types if type_.deleted]
    for type_, register in deleted:  # deleted again below, because HITs can require them
        register.set_status(type_, type_.status)
    members.each("accounts", partial(_read_account, scope=scope))
    for type_, register in deleted:
        register.set_status(type_, type_.status, deleted=True)
    qualifications.read_requests(members, scope)
    marketplace.emails += members.each("emails", people.read_email)
    marketplace.notifications += members.each(
        "notifications", partial(people.read_notification, now=now)
    )
    _read_order(members, marketplace)


def _read_key(members: Members, seen: set[AccountKey]) -> AccountKey:
    key = _read_owner(members)
    if key in seen:
        raise WrongMember("", f"there is already an account of {key[0]} in {key[1]}")
    seen.add(key)
    return key


def _read_owner(members: Members) -> AccountKey:
    """Return the account that an object names."""
    requester = members.take("requester", values.read_text)
    environment = members.take("environment", values.read_choice, (PRODUCTION, SANDBOX))
    return requester or DEFAULT_REQUESTER, environment or PRODUCTION


def _read_account(members: Members, scope: Scope) -> None:
    read_account(members, replace(scope, account=scope.marketplace.account(*_read_owner(members))))


def _read_type(members: Members, scope: Scope) -> tuple[QualificationType, Register]:
    account = scope.marketplace.account(*_read_owner(members))
    type_ = qualifications.read_qualification_type(members, replace(scope, account=account))
    return type_, account.qualifications


def _read_layouts(members: Members) -> dict[str, str]:
    for id_ in members.names:
        if not ENTITY_ID.fullmatch(id_):
            raise WrongMember(id_, "the name must be an ID of capital letters and digits")
    return {id_: members.need(id_, values.read_text) for id_ in members.names}


def _read_order(members: Members, marketplace: Marketplace) -> None:
    """Put events that are due at the same time in the order of the file."""
    schedule = marketplace.schedule
    events = [schedule.pop() for _ in schedule.events()]
    there = {(event.kind, event.subject) for event in events}
    order = members.each("order_of_events", partial(_read_event, there=there))
    rank = {event: number for number, event in enumerate(order)}
    events.sort(key=lambda event: rank.get((event.kind, event.subject), len(rank)))
    for event in events:
        schedule.add(event.due, event.kind, event.account, event.subject)


def _read_event(members: Members, there: set[tuple[str, str]]) -> tuple[str, str]:
    event = (
        members.need("what", values.read_choice, EVENT_RULES),
        members.need("id", values.read_id),
    )
    if event not in there:
        raise WrongMember("", f"no event {quote(event[0])} is due for {event[1]}")
    return event
