"""Which HIT somebody of a crowd takes: any that they may take, each as likely as the others."""

from __future__ import annotations

from collections.abc import Iterable
from random import Random
from typing import Final

from mturk_mock.core.errors import MTurkError
from mturk_mock.model import requirement
from mturk_mock.model.account import Account
from mturk_mock.model.hit import HIT
from mturk_mock.model.marketplace import Marketplace
from mturk_mock.model.worker import MOST_OPEN_ASSIGNMENTS, Person

#: HITs that are tried before all are looked through. Mostly the first one will do.
_TRIES: Final = 8


def choose(marketplace: Marketplace, person: Person, random: Random) -> tuple[Account, HIT] | None:
    """Return a HIT that the person may take, with its account; None if there is none."""
    if person.open_assignments >= MOST_OPEN_ASSIGNMENTS:
        return None
    offers, permissions = marketplace.offers, _Permissions(marketplace, person)
    for _ in range(_TRIES):
        hit = offers.draw(random)
        if hit is not None and permissions.may_take(hit):
            return marketplace.find_hit(hit.id)
    fitting = [hit for hit in offers if permissions.may_take(hit)]
    return marketplace.find_hit(random.choice(fitting).id) if fitting else None


def may_anybody_work(marketplace: Marketplace, people: Iterable[Person]) -> bool:
    """Tell whether there is a HIT that one of the people may take."""
    for person in people:
        permissions = _Permissions(marketplace, person)
        free = person.open_assignments < MOST_OPEN_ASSIGNMENTS
        if free and any(permissions.may_take(hit) for hit in marketplace.offers):
            return True
    return False


class _Permissions:
    """What one person may take at one moment: of all HITs of a type the same holds."""

    def __init__(self, marketplace: Marketplace, person: Person) -> None:
        self._marketplace = marketplace
        self._person = person
        self._allowed: dict[str, bool] = {}  # by HITTypeId

    def may_take(self, hit: HIT) -> bool:
        """Tell whether the worker site would give the person an assignment of the HIT."""
        if self._person.id in hit.takers:
            return False
        if hit.type.id not in self._allowed:
            self._allowed[hit.type.id] = self._is_allowed(hit)
        return self._allowed[hit.type.id]

    def _is_allowed(self, hit: HIT) -> bool:
        account, _ = self._marketplace.find_hit(hit.id)
        if self._person.id in account.blocks:
            return False
        requirements = hit.type.properties.requirements
        try:
            requirement.check_met(
                account.qualifications, requirements, self._person, requirement.ACCEPT, hit.id
            )
        except MTurkError:
            return False
        return True
