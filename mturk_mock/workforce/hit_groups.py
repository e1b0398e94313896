"""HIT groups: the HITs of one type, as the worker site lists them for a worker."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from mturk_mock.model.account import Account
from mturk_mock.model.hit import ASSIGNABLE, HIT, HITType
from mturk_mock.model.marketplace import Marketplace
from mturk_mock.model.requirement import ACCEPT, DISCOVER, are_met
from mturk_mock.model.worker import Person


class HITGroup(NamedTuple):
    """The HITs of one type, as one worker sees them.

    ``size``: the number of HITs that the worker can still take.
    """

    account: Account
    type: HITType
    person: Person
    size: int

    def hits(self, after: int | None = None) -> Iterator[HIT]:
        """Yield the HITs that the worker can still take, oldest first.

        `after`: the number of a HIT; only the HITs after it.
        """
        listed = self.account.hit_lists.of((ASSIGNABLE, self.type.id)).after(after)
        return (hit for hit in listed if self.person.id not in hit.takers)

    @property
    def creation_time(self) -> int:
        """When its newest open HIT was created, in microseconds since 1970; 0 if it has none."""
        newest = self.account.hit_lists.last_of((ASSIGNABLE, self.type.id))
        return 0 if newest is None else newest.creation_time

    def allows(self, action: int) -> bool:
        """Tell whether the worker meets the requirements that guard an action."""
        requirements = self.type.properties.requirements
        if not requirements:
            return True
        return are_met(self.account.qualifications, requirements, self.person, action)

    @property
    def is_qualified(self) -> bool:
        """Whether the worker meets every requirement."""
        return self.allows(ACCEPT)

    def matches(self, words: Sequence[str]) -> bool:
        """Tell whether the title, description, keywords or requester contain every word.

        `words`: in lower case.
        """
        properties = self.type.properties
        texts = (properties.title, properties.description, properties.keywords or "")
        text = "\n".join((*texts, self.account.requester)).lower()
        return all(word in text for word in words)


def find_groups(marketplace: Marketplace, person: Person, environment: str) -> Iterator[HITGroup]:
    """Yield the groups that the worker site shows to a worker, the latest types first.

    Leaves out groups without HITs for the worker, those of requesters who have blocked the
    worker, and those that only qualified workers can discover.
    """
    for account in marketplace.accounts.values():
        if account.environment == environment and person.id not in account.blocks:
            taken = Counter(hit.type.id for hit in _taken(account, person))
            for type_ in reversed(account.hit_types.values()):
                size = account.hit_lists.size_of((ASSIGNABLE, type_.id)) - taken.get(type_.id, 0)
                group = HITGroup(account, type_, person, size)
                if size and group.allows(DISCOVER):
                    yield group


def find_group(
    marketplace: Marketplace, person: Person, environment: str, group_id: str
) -> HITGroup | None:
    """Return a group by its HITGroupId or HITTypeId, also an empty one; None if it is unknown."""
    for account in marketplace.accounts.values():
        if account.environment == environment:
            for type_ in account.hit_types.values():
                if group_id in (type_.group_id, type_.id):
                    return HITGroup(account, type_, person, _size(account, type_, person))
    return None


def _size(account: Account, type_: HITType, person: Person) -> int:
    taken = sum(hit.type is type_ for hit in _taken(account, person))
    return account.hit_lists.size_of((ASSIGNABLE, type_.id)) - taken


def _taken(account: Account, person: Person) -> Iterator[HIT]:
    """Yield the HITs that other workers can take, and this one has taken."""
    for id_ in account.work.get(person.id, ()):
        hit = account.hits.get(account.assignments[id_].hit_id)
        if hit is not None and hit.status == ASSIGNABLE and hit.takers.get(person.id) == id_:
            yield hit
