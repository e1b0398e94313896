"""Requesters: whose HITs and whose money it is."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import Any, Final
from urllib.parse import quote

from mturk_mock.backend.backend import Backend
from mturk_mock.backend.client_type import MTurkClient
from mturk_mock.backend.clients import make_client
from mturk_mock.core.environment import PRODUCTION
from mturk_mock.interception.botocore_send import REQUESTER_HEADER
from mturk_mock.mock.options import money
from mturk_mock.model.account import DEFAULT_REQUESTER
from mturk_mock.model.ledger import Spent, shown, two_decimals

_ENDPOINTS: Final = {
    False: "https://mturk-requester.us-east-1.amazonaws.com",
    True: "https://mturk-requester-sandbox.us-east-1.amazonaws.com",
}


class Requester:
    """One requester of a mock."""

    def __init__(self, backend: Backend, name: str) -> None:
        self._backend = backend
        self.name = name

    def client(self, *, sandbox: bool = False, **boto3_kwargs: Any) -> MTurkClient:
        """Return a boto3 client that acts for this requester; see `MTurk.client`.

        The default requester's, where it is given a key, acts for whom the key belongs to.
        """
        kwargs = {"endpoint_url": _ENDPOINTS[bool(sandbox)], **boto3_kwargs}
        client: MTurkClient = make_client("mturk", **kwargs)
        if self.name != DEFAULT_REQUESTER or "aws_access_key_id" not in boto3_kwargs:
            mark = partial(_add_mark, quote(self.name))  # which does not keep the backend alive
            client.meta.events.register("before-call.mturk", mark)
        return client

    @property
    def balance(self) -> Decimal:
        """What can be spent in production, in dollars; can be set by str, int or Decimal."""
        with self._backend.turn() as (marketplace, _):
            return shown(marketplace.account(self.name, PRODUCTION).ledger.available)

    @balance.setter
    def balance(self, amount: str | int | Decimal) -> None:
        funds = money("balance", amount)
        with self._backend.turn() as (marketplace, _):
            marketplace.account(self.name, PRODUCTION).ledger.available = funds

    @property
    def spent(self) -> Spent:
        """What was paid in production, in dollars: .rewards .bonuses .fees."""
        with self._backend.turn() as (marketplace, _):
            spent = marketplace.account(self.name, PRODUCTION).ledger.spent
            return Spent(shown(spent.rewards), shown(spent.bonuses), shown(spent.fees))

    def __repr__(self) -> str:
        return f"<Requester {self.name!r}, balance ${two_decimals(self.balance)}>"


def _add_mark(name: str, params: dict[str, Any], **event: Any) -> None:
    params["headers"][REQUESTER_HEADER] = name
