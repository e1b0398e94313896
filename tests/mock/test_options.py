"""The options of `mock_mturk`, and the errors for invalid ones."""

from __future__ import annotations

import ast
import inspect
import pydoc
import re
import sys
from datetime import datetime, timedelta, timezone
from decimal import Decimal

import pytest
from botocore.exceptions import ClientError

from mturk_mock import mock_mturk
from mturk_mock.backend.settings import Settings
from mturk_mock.mock.options import read_options
from tests.clients import PRODUCTION, SANDBOX, balance_of, make_client
from tests.helpers import NOW, create_hit

# now --------------------------------------------------------------------------------------


def test_now_given_stands_still():
    """With now= the clock starts there and stands still."""
    with mock_mturk(now=NOW) as mturk:
        assert mturk.clock.now == NOW
        assert create_hit(mturk.client())["CreationTime"] == NOW
        assert mturk.clock.now == NOW


def test_now_of_another_zone_is_the_same_moment():
    """`now` can be in any time zone."""
    tokyo = timezone(timedelta(hours=9))
    with mock_mturk(now=NOW.astimezone(tokyo)) as mturk:
        assert mturk.clock.now == NOW


def test_now_left_out_follows_the_machine(monkeypatch):
    """Without `now` the clock reads `time.time()`."""
    with mock_mturk() as mturk:
        for seconds in (1_700_000_000.5, 1_600_000_000.25):
            monkeypatch.setattr("time.time", lambda moment=seconds: moment)
            assert mturk.clock.now == datetime.fromtimestamp(seconds, timezone.utc)


# balance ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("balance", "shown"),
    [("12.5", "12.50"), (12, "12.00"), (Decimal("12.34"), "12.34"), ("0", "0.00"), (0, "0.00")],
)
def test_balance_is_what_the_account_has(balance, shown):
    """`balance` is in dollars, as str, int or Decimal."""
    with mock_mturk(balance=balance) as mturk:
        assert balance_of(mturk.client()) == shown
        assert mturk.balance == Decimal(balance)


def test_balance_left_out_is_ten_thousand():
    """The default balance is 10000.00 dollars, as in the sandbox."""
    with mock_mturk() as mturk:
        assert balance_of(mturk.client()) == "10000.00"


def test_balance_is_every_requesters():
    """Every requester starts with this balance."""
    with mock_mturk(balance="12.34") as mturk:
        assert balance_of(mturk.requester("another").client()) == "12.34"


def test_balance_of_sandbox_is_always_ten_thousand():
    """The option applies to production; the sandbox always shows 10000.00 dollars. [doc]"""
    with mock_mturk(balance="12.34") as mturk:
        assert balance_of(mturk.client(sandbox=True)) == "10000.00"


# unknown_workers --------------------------------------------------------------------------


@pytest.mark.parametrize("options", [{}, {"unknown_workers": "accept"}, {"unknown_workers": None}])
def test_unknown_workers_accepted_by_default(options):
    """By default any well-formed worker ID is accepted."""
    with mock_mturk(**options) as mturk:
        mturk.client().create_worker_block(WorkerId="A1NOBODYKNOWS", Reason="spam")
        assert mturk.client().list_worker_blocks()["NumResults"] == 1


def test_unknown_workers_refused_is_the_services_refusal():
    """unknown_workers="refuse" makes an unknown worker ID an invalid value. [observed]"""
    with mock_mturk(unknown_workers="refuse", now=NOW), pytest.raises(ClientError) as refusal:
        make_client().create_worker_block(WorkerId="A1NOBODYKNOWS", Reason="spam")

    assert refusal.value.response["Error"]["Code"] == "ParameterValidationError"
    assert refusal.value.response["Error"]["Message"] == (
        'The value "A1NOBODYKNOWS" is not valid for the parameter WorkerId. '
        f"({NOW.timestamp() * 1000:.0f})"
    )


def test_unknown_workers_refused_takes_workers_of_the_mock():
    """unknown_workers="refuse" accepts the mock's workers."""
    with mock_mturk(unknown_workers="refuse") as mturk:
        worker = mturk.worker()
        mturk.client().create_worker_block(WorkerId=worker.id, Reason="spam")
        assert mturk.client().list_worker_blocks()["NumResults"] == 1


# only -------------------------------------------------------------------------------------


def test_only_sandbox_refuses_production_loudly(wire):
    """only="sandbox" raises RuntimeError for a call to production, and sends nothing."""
    with mock_mturk(only="sandbox"), pytest.raises(RuntimeError) as refusal:
        balance_of(make_client(endpoint_url=PRODUCTION))

    assert str(refusal.value) == (
        'GetAccountBalance was sent to production, but this mock was made with only="sandbox": '
        f"give the client endpoint_url='{SANDBOX}'."
    )
    assert wire == []


@pytest.mark.parametrize("where", [{"endpoint_url": SANDBOX}, {"region_name": "sandbox"}])
def test_only_sandbox_answers_sandbox(where):
    """only="sandbox" answers clients of the sandbox, however they name it."""
    with mock_mturk(only="sandbox"):
        assert balance_of(make_client(**where)) == "10000.00"


# Invalid options --------------------------------------------------------------------------

MONEY = "balance takes dollars and cents, 0 or more, such as '12.50', not "
NAIVE = datetime(2026, 1, 1)

NO_DATETIME = "now takes an aware datetime, e.g. datetime(2026, 1, 1, tzinfo=timezone.utc), not "
WRONG_TYPES = [
    (
        {"sed": 1},
        "mock_mturk() has no option 'sed' (did you mean 'seed'?); "
        "its options are seed, now, balance, unknown_workers, only, accounts, consistency, sleep, "
        "calls",
    ),
    ({"seed": "1"}, "seed takes an int, not '1'"),
    ({"seed": 1.0}, "seed takes an int, not 1.0"),
    ({"seed": True}, "seed takes an int, not True"),
    (
        {"now": 0},
        NO_DATETIME + "0",
    ),
    (
        {"now": "2026-01-01"},
        NO_DATETIME + "'2026-01-01'",
    ),
    (
        {"now": NOW.date()},
        NO_DATETIME + "datetime.date(2026, 1, 1)",
    ),
    ({"balance": 1.5}, "balance takes a str, int or Decimal, such as '12.50', not 1.5"),
    ({"balance": True}, "balance takes a str, int or Decimal, such as '12.50', not True"),
    ({"balance": None}, "balance takes a str, int or Decimal, such as '12.50', not None"),
]
WRONG_VALUES = [
    (
        {"now": NAIVE},
        f"now takes an aware datetime, but {NAIVE!r} has no time zone: "
        "add one, e.g. datetime(2026, 1, 1, tzinfo=timezone.utc)",
    ),
    ({"balance": "much"}, MONEY + "'much'"),
    ({"balance": "-1"}, MONEY + "'-1'"),
    ({"balance": -1}, MONEY + "-1"),
    ({"balance": "1.005"}, MONEY + "'1.005'"),
    ({"balance": "NaN"}, MONEY + "'NaN'"),
    ({"balance": Decimal("Infinity")}, MONEY + "Decimal('Infinity')"),
    ({"balance": "$1"}, MONEY + "'$1'"),
    ({"unknown_workers": "no"}, "unknown_workers takes 'accept', 'refuse' or None, not 'no'"),
    ({"unknown_workers": True}, "unknown_workers takes 'accept', 'refuse' or None, not True"),
    ({"only": "production"}, "only takes 'sandbox' or None, not 'production'"),
    ({"sleep": "skip"}, "sleep takes 'advance' or None, not 'skip'"),
    ({"sleep": True}, "sleep takes 'advance' or None, not True"),
    ({"only": ["sandbox"]}, "only takes 'sandbox' or None, not ['sandbox']"),
]


@pytest.mark.parametrize(("options", "message"), WRONG_TYPES, ids=str)
def test_option_of_wrong_type_says_what_is_allowed(options, message):
    """An option of the wrong type is a TypeError of mock_mturk()."""
    with pytest.raises(TypeError, match=f"^{re.escape(message)}$"):
        mock_mturk(**options)


@pytest.mark.parametrize(("options", "message"), WRONG_VALUES, ids=str)
def test_option_of_wrong_value_says_what_is_allowed(options, message):
    """An option with an invalid value is a ValueError of mock_mturk()."""
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        mock_mturk(**options)


@pytest.mark.parametrize(
    ("target", "options"), [(("x",), {}), ((len,), {"seed": 1}), ((len, len), {})], ids=str
)
def test_options_by_place_are_refused(target, options):
    """Options must be keyword arguments; a positional argument is a function or class."""
    with pytest.raises(TypeError) as refusal:
        mock_mturk(*target, **options)

    assert str(refusal.value) == (
        "mock_mturk() takes keyword arguments, such as mock_mturk(seed=1), "
        "or decorates a function or class"
    )


@pytest.mark.parametrize("name", ["strict", "block"])
def test_option_of_the_marker(name):
    """The error says that `strict` and `block` belong to the marker."""
    with pytest.raises(TypeError, match=r"; strict and block are arguments of the marker$"):
        mock_mturk(**{name: True})


# The list of options ----------------------------------------------------------------------


def overload_of_options():
    """Return the options and defaults of the overload for type checkers."""
    tree = ast.parse(inspect.getsource(sys.modules["mturk_mock.mock.mock"]))
    overloads = [each for each in tree.body if getattr(each, "name", None) == "mock_mturk"]
    arguments = overloads[1].args
    defaults = map(ast.literal_eval, arguments.kw_defaults)
    return {each.arg: default for each, default in zip(arguments.kwonlyargs, defaults, strict=True)}


def test_options_that_help_shows_are_those_of_the_settings():
    """`help(mock_mturk)` shows each option with its default and a description."""
    parameters = inspect.signature(mock_mturk).parameters.values()
    shown = {each.name: each.default for each in parameters if each.kind is each.KEYWORD_ONLY}

    assert shown == vars(Settings())
    assert all(f"- `{name}`: " in mock_mturk.__doc__ for name in shown)
    assert "balance=Decimal('10000.00'), unknown_workers=None" in pydoc.render_doc(mock_mturk)


def test_options_that_type_checkers_know_are_those_of_the_settings():
    """The overload of `mock_mturk` has every option; passing the defaults changes nothing."""
    known = overload_of_options()

    assert list(known) == list(vars(Settings()))
    assert read_options(known) == read_options({}) == Settings()


def test_options_that_pytest_shows_are_those_of_the_settings(pytestconfig):
    """`pytest --markers` lists the options, and the two that only the marker has."""
    (usage,) = (line for line in pytestconfig.getini("markers") if line.startswith("mock_mturk("))
    listed = re.match(r"mock_mturk\(\*, ([^)]*)\)", usage)[1].split(", ")

    assert listed == [*vars(Settings()), "strict", "block"]
