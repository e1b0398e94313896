"""Who a worker is, as users and state files say it."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from typing import Final

from mturk_mock.model.system_qualification import COUNTRIES
from mturk_mock.model.worker import Person

_SUBDIVISION: Final = re.compile("[A-Z0-9]{2}")  # two characters, as in a Locale [doc]


class WrongProfile(ValueError):
    """A value that no worker can have: the member's name, and the end of an error message."""

    def __init__(self, member: str, message: str) -> None:
        super().__init__(message)
        self.member = member
        self.message = message


@dataclass(frozen=True)
class Profile:
    """What is said of a worker; None says nothing. Raises WrongProfile for an invalid value."""

    country: str | None = None
    subdivision: str | None = None
    approved: int | None = None
    rejected: int | None = None
    masters: bool | None = None
    adult: bool | None = None

    def __post_init__(self) -> None:
        if self.country is not None and self.country not in COUNTRIES:
            wanted = "takes a country by ISO 3166, as 'DE'"
            raise WrongProfile("country", f"{wanted}, not {self.country!r}")
        if self.subdivision is not None and not _SUBDIVISION.fullmatch(str(self.subdivision)):
            wanted = "takes a subdivision by ISO 3166-2, as 'NY'"
            raise WrongProfile("subdivision", f"{wanted}, not {self.subdivision!r}")
        for name in ("approved", "rejected"):
            count = getattr(self, name)
            if count is not None and (not isinstance(count, int) or count < 0):
                message = f"takes a number of {name} assignments, not {count!r}"
                raise WrongProfile(name, message)

    def apply(self, person: Person) -> None:
        """Change what is said of a worker; the rest stays."""
        for name in (field.name for field in fields(self)):
            if (value := getattr(self, name)) is not None:
                setattr(person, name, value)
