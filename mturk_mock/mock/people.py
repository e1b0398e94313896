"""Who a worker is, as users say it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from mturk_mock.model.system_qualification import COUNTRIES

_SUBDIVISION: Final = re.compile("[A-Z0-9]{2}")  # two characters, as in a Locale [doc]


def check_person(said: Mapping[str, Any]) -> None:
    """Raise ValueError for what no worker can be, given as to `MTurk.worker`; None says nothing."""
    country, subdivision = said["country"], said["subdivision"]
    if country is not None and country not in COUNTRIES:
        raise ValueError(f"worker() takes a country by ISO 3166, as 'DE', not {country!r}")
    if subdivision is not None and not _SUBDIVISION.fullmatch(str(subdivision)):
        raise ValueError(
            f"worker() takes a subdivision by ISO 3166-2, as 'NY', not {subdivision!r}"
        )
    for name in ("approved", "rejected"):
        count = said[name]
        if count is not None and (not isinstance(count, int) or count < 0):
            raise ValueError(f"worker() takes a number of {name} assignments, not {count!r}")
