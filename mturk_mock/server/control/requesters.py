"""Operations on the funds of requesters."""

from __future__ import annotations

from typing import Any, Final

from mturk_mock.core.environment import PRODUCTION
from mturk_mock.core.quoting import quote
from mturk_mock.mock.requester import Requester
from mturk_mock.server.control.kinds import Text
from mturk_mock.server.control.refusal import not_found
from mturk_mock.server.control.schemas import MONEY, TEXT, a_list, an_object, write_money
from mturk_mock.server.control.table import Control, Given, Member, operation

_REQUESTER: Final = an_object(
    name=TEXT, balance=MONEY, spent=an_object(rewards=MONEY, bonuses=MONEY, fees=MONEY)
)
_BALANCE: Final = Member(
    "balance",
    Text("dollars as a text, such as '12.50'", r"[0-9]{1,15}(\.[0-9]{1,2})?"),
    "The available balance in production.",
    required=True,
)


@operation("GET", "/requesters", an_object(requesters=a_list(_REQUESTER)))
def list_requesters(control: Control, given: Given) -> Any:
    """List the requesters that have an account in production, with their funds."""
    with control.backend.transaction() as (marketplace, _):
        names = [name for name, environment in marketplace.accounts if environment == PRODUCTION]
        return {"requesters": [_show_requester(control.mturk.requester(name)) for name in names]}


@operation("GET", "/requesters/{name}", _REQUESTER)
def get_requester(control: Control, given: Given) -> Any:
    """Get the funds of a requester in production."""
    name = given.path["name"]
    with control.backend.transaction() as (marketplace, _):
        if (name, PRODUCTION) not in marketplace.accounts:
            raise not_found(
                f"There is no requester {quote(name)} yet: the first API call, or PUT, adds one."
            )
        return _show_requester(control.mturk.requester(name))


@operation("PUT", "/requesters/{name}", _REQUESTER, members=(_BALANCE,))
def put_requester(control: Control, given: Given) -> Any:
    """Set the available balance of a requester; a new name needs no registration."""
    with control.backend.transaction():
        requester = control.mturk.requester(given.path["name"])
        requester.balance = given.body["balance"]
        return _show_requester(requester)


def _show_requester(requester: Requester) -> dict[str, Any]:
    spent = requester.spent
    return {
        "name": requester.name,
        "balance": write_money(requester.balance),
        "spent": {
            name: write_money(getattr(spent, name)) for name in ("rewards", "bonuses", "fees")
        },
    }
