"""The HITs that can be taken now, for who chooses one of thousands thousands of times.

To look through all HITs for each choice took 16 of the 22 seconds in which a crowd did
10,000 assignments of 3,334 HITs. So the HITs found are kept until there are others, which
are looked for among those that can be taken: 30,000 HITs of which 1 in 100 can be are looked
through in 0.03 ms instead of 1.2.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import TYPE_CHECKING

from mturk_mock.model.hit import ASSIGNABLE, HIT

if TYPE_CHECKING:
    from mturk_mock.model.account import Account, AccountKey


class Offers:
    """The Assignable HITs of all accounts. False if there is none."""

    def __init__(self, accounts: dict[AccountKey, Account]) -> None:
        self._accounts = accounts  # the marketplace's
        self._found: list[HIT] = []  # when they were looked for; some may be taken up since
        self._seen = (0, 0)

    def __bool__(self) -> bool:
        self._refresh()
        while self._found and self._found[-1].status != ASSIGNABLE:
            self._found.pop()
        return bool(self._found)

    def __iter__(self) -> Iterator[HIT]:
        self._refresh()
        return (hit for hit in self._found if hit.status == ASSIGNABLE)

    def draw(self, random: Random) -> HIT | None:
        """Return any of them, each as likely as the others; None if there is none."""
        self._refresh()
        found = self._found
        while found:
            place = random.randrange(len(found))
            if found[place].status == ASSIGNABLE:
                return found[place]
            found[place] = found[-1]
            found.pop()
        return None

    def _refresh(self) -> None:
        """Look for HITs anew, if there may be others than were found."""
        accounts = self._accounts.values()
        seen = (
            sum(len(account.hits_by_number) for account in accounts),
            sum(account.reopenings for account in accounts),
        )
        if seen != self._seen:
            self._seen = seen
            self._found = []
            for account in accounts:
                self._found += account.hit_lists.of((ASSIGNABLE, None)).after()
