"""Workers and their records. Both environments have the same workers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from mturk_mock.core.clock import to_datetime_or_none
from mturk_mock.core.environment import PRODUCTION, SANDBOX

_SUBDIVISION: Final = re.compile("[A-Z0-9]{2}")  # two characters, as in a Locale [doc]
#: The most assignments that a worker can have open at a time. [doc, for 2008; later unknown]
MOST_OPEN_ASSIGNMENTS: Final = 10


@dataclass(slots=True)
class Record:
    """A worker's history in one environment, counted in assignments."""

    accepted: int = 0
    submitted: int = 0
    returned: int = 0
    abandoned: int = 0
    approved: int = 0
    rejected: int = 0


def _new_records() -> dict[str, Record]:
    return {PRODUCTION: Record(), SANDBOX: Record()}


@dataclass(slots=True)
class Person:
    """One worker. `approved` and `rejected` count work done before the mock began."""

    id: str
    country: str = "US"
    subdivision: str | None = None
    approved: int = 0
    rejected: int = 0
    masters: bool = False
    adult: bool = False
    open_assignments: int = 0
    earnings: Decimal = Decimal(0)
    records: dict[str, Record] = field(default_factory=_new_records)  # by environment
    #: That of the marketplace in which the worker was created.
    generation: int | None = field(default=None, compare=False, repr=False)

    def all_work(self, environment: str) -> Record:
        """Return the work done in an environment, plus work from before the mock. [assumed]"""
        here, before = self.records[environment], self.approved + self.rejected
        return Record(
            here.accepted + before,
            here.submitted + before,
            here.returned,
            here.abandoned,
            here.approved + self.approved,
            here.rejected + self.rejected,
        )

    @property
    def address(self) -> str:
        """The worker's email address, which is made from the worker ID. [assumed]"""
        return f"{self.id.lower()}@workers.example"


class WrongProfile(ValueError):
    """An invalid value for a trait: the trait's name, and the end of an error message."""

    def __init__(self, trait: str, message: str) -> None:
        super().__init__(f"{trait} {message}")
        self.trait = trait
        self.message = message


@dataclass(frozen=True)
class Profile:
    """The traits of a worker; None leaves one unchanged. Raises WrongProfile if one is invalid."""

    country: str | None = None
    subdivision: str | None = None
    approved: int | None = None
    rejected: int | None = None
    masters: bool | None = None
    adult: bool | None = None

    def __post_init__(self) -> None:
        for trait, value in self.given.items():
            check_trait(trait, value)

    @property
    def given(self) -> dict[str, Any]:
        """The traits that are not None."""
        traits = ((trait.name, getattr(self, trait.name)) for trait in fields(self))
        return {trait: value for trait, value in traits if value is not None}

    def apply(self, person: Person) -> None:
        """Set the given traits of a worker."""
        for trait, value in self.given.items():
            setattr(person, trait, value)


def check_trait(trait: str, value: Any) -> None:
    """Raise WrongProfile if the value is not valid for the trait."""
    if trait == "country":
        valid = isinstance(value, str) and value in COUNTRIES
        wanted = "a country code of ISO 3166, such as 'DE'"
    elif trait == "subdivision":
        is_code = isinstance(value, str) and bool(_SUBDIVISION.fullmatch(value))
        valid = value is None or is_code
        wanted = "a subdivision code of ISO 3166-2, such as 'NY'"
    elif trait in ("approved", "rejected"):
        valid = isinstance(value, int) and not isinstance(value, bool) and value >= 0
        wanted = f"a number of {trait} assignments"
    else:
        valid, wanted = isinstance(value, bool), "True or False"
    if not valid:
        raise WrongProfile(trait, f"takes {wanted}, not {value!r}")


@dataclass(frozen=True)
class Email:
    """An email from the service.

    ``to``: the address. ``worker_id``: the worker, None for an email to a requester.
    ``subject`` and ``text``: as the requester gave them, or a notification's Subject and
    document. ``requester`` and ``environment``: where an email to a worker comes from; the
    environment is None for a notification. ``moment``: when it was sent, in microseconds since
    1970. A snapshot file can leave out all three, which are None then.
    """

    to: str
    worker_id: str | None
    subject: str
    text: str
    requester: str | None
    environment: str | None
    moment: int | None

    @property
    def time(self) -> datetime | None:
        """When it was sent; None if that is unknown."""
        return to_datetime_or_none(self.moment)


#: Country codes of ISO 3166-1 alpha-2, which are valid as a Locale's Country. [doc]
_CODES: Final = """
AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ
BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM
DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS
GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN
KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ
MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM
PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV
SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI
VN VU WF WS YE YT ZA ZM ZW
"""
COUNTRIES: Final = frozenset(_CODES.split())

_STATES: Final = """
AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV
NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY DC AS GU MP PR UM VI
"""
#: The subdivisions of the United States by ISO 3166-2: states, district, outlying areas. [doc]
STATES: Final = frozenset(_STATES.split())
