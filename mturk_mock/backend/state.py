"""The state of a backend at one moment."""

from __future__ import annotations

import itertools
import pickle
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from mturk_mock.backend.calls import APICall
from mturk_mock.backend.faults import Fault, Progress
from mturk_mock.model.marketplace import Marketplace

#: The numbers of marketplaces; see `Marketplace`.
GENERATIONS: Final = itertools.count(1)


@dataclass(frozen=True)
class State:
    """A copy of a backend's data at one moment, which later calls do not change."""

    marketplace: bytes  # pickled
    calls: tuple[APICall, ...]
    faults: tuple[tuple[Fault, Progress], ...] = ()

    @classmethod
    def of(
        cls,
        marketplace: Marketplace,
        calls: Iterable[APICall] = (),
        faults: Iterable[tuple[Fault, Progress]] = (),
    ) -> State:
        """Return the state of a marketplace; no transaction may be running."""
        return cls(pickle.dumps(marketplace), tuple(calls), tuple(faults))

    def copy_marketplace(self) -> Marketplace:
        """Return a new copy of the marketplace, with a generation of its own."""
        marketplace: Marketplace = pickle.loads(self.marketplace)
        marketplace.generation = next(GENERATIONS)
        return marketplace
