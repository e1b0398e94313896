"""The system's qualifications: names, descriptions and values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from mturk_mock.core.environment import PRODUCTION, SANDBOX
from mturk_mock.model.worker import Person, Record

#: A country and, optionally, a subdivision.
Locale = tuple[str, str | None]
#: Returns a worker's value of a system qualification, or None if there is none.
Reading = Callable[[Person, Record], int | Locale | None]

#: With fewer submitted assignments, the approval rate is 100 percent. [doc]
FIRST_MEANINGFUL: Final = 100
LOCALE: Final = "00000000000000000071"
MASTERS: Final = {
    PRODUCTION: "2F1QJWKUDD8XADTFD2Q0G6UTO95ALH",
    SANDBOX: "2ARFPLSP75KLA8M8DH1HTEQVJT3SY6",
}


class SystemType(NamedTuple):
    """A qualification that workers cannot request. The descriptions are our own. [assumed]"""

    name: str
    description: str
    reading: Reading


def _percent(part: int, whole: int, otherwise: int) -> int:
    """Return a share in whole percent, rounded down [assumed]; `otherwise` if `whole` is 0."""
    return 100 * part // whole if whole else otherwise


def _percent_approved(person: Person, work: Record) -> int:
    """Return the approved percentage of all submitted work [doc], reviewed or not."""
    if work.submitted < FIRST_MEANINGFUL:
        return 100
    return _percent(work.approved, work.submitted, 100)


#: The types of both environments, by ID. [doc] The percentages of submitted, abandoned, returned
#: and rejected work are legacy types; a new worker has 100, 0, 0 and 0. [assumed]
_COMMON: Final = {
    "00000000000000000040": SystemType(
        "Worker_NumberHITsApproved",
        "The number of the worker's assignments that were approved.",
        lambda person, work: work.approved,
    ),
    LOCALE: SystemType(
        "Worker_Locale",
        "Where the worker lives.",
        lambda person, work: (person.country, person.subdivision),
    ),
    "00000000000000000060": SystemType(
        "Worker_Adult",
        "1 if the worker is an adult and agrees to see adult content, 0 if not.",
        lambda person, work: int(person.adult),
    ),
    "000000000000000000L0": SystemType(
        "Worker_PercentAssignmentsApproved",
        "Percent of the worker's submitted assignments that were approved.",
        _percent_approved,
    ),
    "00000000000000000000": SystemType(
        "Worker_PercentAssignmentsSubmitted",
        "Percent of the worker's accepted assignments that were submitted.",
        lambda person, work: _percent(work.submitted, work.accepted, 100),
    ),
    "00000000000000000070": SystemType(
        "Worker_PercentAssignmentsAbandoned",
        "Percent of the worker's accepted assignments that were abandoned.",
        lambda person, work: _percent(work.abandoned, work.accepted, 0),
    ),
    "000000000000000000E0": SystemType(
        "Worker_PercentAssignmentsReturned",
        "Percent of the worker's accepted assignments that were returned.",
        lambda person, work: _percent(work.returned, work.accepted, 0),
    ),
    "000000000000000000S0": SystemType(
        "Worker_PercentAssignmentsRejected",
        "Percent of the worker's submitted assignments that were rejected.",
        lambda person, work: _percent(work.rejected, work.submitted, 0),
    ),
}
_MASTERS: Final = SystemType(
    "Masters",
    "The worker has done well for many requesters.",
    lambda person, work: 1 if person.masters else None,
)


#: The types of each environment, by ID; Masters has different IDs. [doc]
SYSTEM_TYPES: Final = {
    environment: {**_COMMON, id_: _MASTERS} for environment, id_ in MASTERS.items()
}


def system_value(type_id: str, person: Person, environment: str) -> int | Locale | None:
    """Return a worker's value of a system qualification now."""
    reading = SYSTEM_TYPES[environment][type_id].reading
    return reading(person, person.all_work(environment))
