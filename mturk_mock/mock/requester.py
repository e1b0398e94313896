"""Requesters, with their clients and funds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial, wraps
from typing import Any, TypeVar, cast
from urllib.parse import quote

from mturk_mock.backend.backend import Backend
from mturk_mock.backend.clients import MTurkClient, make_client
from mturk_mock.backend.identity import REQUESTER_HEADER
from mturk_mock.backend.recording import FUNDS
from mturk_mock.core.environment import PRODUCTION, SANDBOX
from mturk_mock.interception.ownership import claim
from mturk_mock.model.ledger import Ledger, Spent, read_money, shown, two_decimals
from mturk_mock.model.marketplace import Marketplace

MethodT = TypeVar("MethodT", bound=Callable[..., Any])


def keyword_only(client: MethodT) -> MethodT:
    """Make a method `client` raise a helpful TypeError for positional arguments."""

    @wraps(client)
    def check_and_call(self: Any, *given: Any, **options: Any) -> Any:
        if given:
            raise TypeError(
                f"client() takes keyword arguments only, not {given[0]!r}: write sandbox=True for "
                "the sandbox, or an argument of boto3.client, such as region_name='us-east-1'"
            )
        return client(self, **options)

    return cast(MethodT, check_and_call)


class Requester:
    """A requester of a mock, returned by `MTurk.requester`."""

    __slots__ = ("_backend", "name")

    def __init__(self, backend: Backend, name: str) -> None:
        self._backend = backend
        self.name = name

    @keyword_only
    def client(self, *, sandbox: bool = False, **boto3_kwargs: Any) -> MTurkClient:
        """Return a boto3 client that acts for this requester, whatever its access key.

        See `MTurk.client`.
        """
        client = new_client(self._backend, sandbox, boto3_kwargs)
        mark = partial(_add_mark, quote(self.name))
        client.meta.events.register("before-call.mturk", mark)
        return client

    @property
    def balance(self) -> Decimal:
        """Available balance in production, in dollars. Can be set to a str, int or Decimal."""
        with self._backend.transaction() as (marketplace, _):
            return shown(_ledger(marketplace, self.name).available)

    @balance.setter
    def balance(self, amount: str | int | Decimal) -> None:
        funds = read_money("balance", amount)
        with (
            self._backend.transaction() as (marketplace, now),
            self._backend.recording(FUNDS, self.name, now) as change,
        ):
            marketplace.account(self.name, PRODUCTION).ledger.available = funds
            change.body = {"amount": f"{funds:f}"}

    @property
    def spent(self) -> Spent:
        """Amounts paid in production, in dollars: ``rewards``, ``bonuses`` and ``fees``."""
        with self._backend.transaction() as (marketplace, _):
            spent = _ledger(marketplace, self.name).spent
            return Spent(shown(spent.rewards), shown(spent.bonuses), shown(spent.fees))

    def __repr__(self) -> str:
        if self._backend.is_forked:
            return f"<Requester {self.name!r}, of another process>"
        with self._backend.peek() as marketplace:
            return f"<Requester {self.name!r}, balance {show_balance(marketplace, self.name)}>"


def new_client(backend: Backend, sandbox: bool, boto3_kwargs: Mapping[str, Any]) -> MTurkClient:
    """Return a boto3 client of this mock, which acts for the requester of its access key.

    If the mock is a server, the client sends its requests there. Otherwise it belongs to this
    mock, even while another mock is active. After this mock has ended, its calls raise
    RuntimeError.
    """
    if not isinstance(sandbox, bool):
        raise TypeError(f"client() takes sandbox=True or False, not {sandbox!r}")
    endpoint = backend.sites.api[SANDBOX if sandbox else PRODUCTION]
    client: MTurkClient = make_client("mturk", **{"endpoint_url": endpoint, **boto3_kwargs})
    if not backend.sites.is_served:
        claim(client, backend)
    return client


def show_balance(marketplace: Marketplace, name: str) -> str:
    """Return a requester's balance in production as a text, without creating an account."""
    return f"${two_decimals(shown(_ledger(marketplace, name).available))}"


def _ledger(marketplace: Marketplace, name: str) -> Ledger:
    """Return a requester's ledger in production; a new one for one without an account."""
    account = marketplace.accounts.get((name, PRODUCTION))
    return Ledger(marketplace.starting_balance) if account is None else account.ledger


def _add_mark(name: str, params: dict[str, Any], **event: Any) -> None:
    params["headers"][REQUESTER_HEADER] = name
