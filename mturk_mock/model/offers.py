"""The HITs that workers can accept now, from which a crowd draws at random."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from mturk_mock.model.account import Account, AccountKey
from mturk_mock.model.hit import ASSIGNABLE, HIT


class Offers:
    """The Assignable HITs of all accounts; falsy if there are none."""

    def __init__(self, accounts: dict[AccountKey, Account]) -> None:
        self._accounts = accounts  # the marketplace's
        self._found: list[HIT] = []  # some may be full or expired by now
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
        """Return a random HIT, each equally likely; None if there are none."""
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
        """Collect the HITs again if one was added or became Assignable again."""
        accounts = self._accounts.values()
        hits = reopenings = 0
        for account in accounts:  # a crowd does this for each assignment, so without generators
            hits += len(account.hits_by_number)
            reopenings += account.reopenings
        seen = hits, reopenings
        if seen != self._seen:
            self._seen = seen
            self._found = []
            for account in accounts:
                self._found += account.hit_lists.of((ASSIGNABLE, None)).after()
