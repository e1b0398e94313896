"""Starting a mock. Loading this loads what every mock is made of."""

from __future__ import annotations

import os
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from mturk_mock.backend.backend import Backend
from mturk_mock.backend.transaction import Settings
from mturk_mock.interception import botocore_send as interception
from mturk_mock.interception.active import Active
from mturk_mock.mock.mturk import MTurk
from mturk_mock.model.lags import Lags

DEFAULT_BALANCE: Final = "10000.00"


class Running:
    """A mock that is on from the moment when it is made, until `stop`."""

    def __init__(self, options: Mapping[str, Any]) -> None:
        backend = Backend(make_settings(options))
        self.handle = MTurk(backend)
        self._active = Active(backend, self.handle)
        interception.start(self._active)

    def stop(self) -> None:
        """End it, wherever it is in the stack."""
        interception.stop(self._active)


def make_settings(options: Mapping[str, Any]) -> Settings:
    """Return what a new backend starts with, a new seed where none is asked for.

    `options`: as `read_options` returns them.
    """
    defaults = {
        "seed": None,
        "start": None,
        "balance": Decimal(DEFAULT_BALANCE),
        "unknown_workers_refused": False,
        "sandbox_only": False,
        "accounts": None,
        "lags": Lags(),
        "sleep_advances": False,
    }
    settings = {**defaults, **options}
    if settings["seed"] is None:
        # Not from `random`, whose numbers belong to the program under test.
        settings["seed"] = int.from_bytes(os.urandom(4), "big")
    return Settings(**settings)
