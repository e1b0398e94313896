"""Money is exact in any decimal context of the program."""

from __future__ import annotations

import decimal
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Context, Decimal, localcontext

import pytest

from mturk_mock import Snapshot, mock_mturk
from tests.crowds import cat, publish_hits
from tests.helpers import NOW, create_hit, refusal

TRAPS = list(Context().traps)

#: Decimal contexts that would round money.
CONTEXTS = {
    "prec=1": Context(prec=1),
    "prec=6": Context(prec=6),
    "rounding up": Context(prec=3, rounding=decimal.ROUND_UP),
    "small exponents": Context(prec=2, Emax=1, Emin=-1),
    "all traps": Context(prec=2, Emax=1, Emin=-1, traps=TRAPS),
    "no traps": Context(prec=1, traps=[]),
}


def spend(mturk):
    """Hold, pay, release and show money in every way; return the amounts."""
    client = mturk.client()
    hits = [
        create_hit(client, Reward=reward, MaxAssignments=count)
        for reward, count in (("123.45", 3), ("0.03", 12), ("7999.99", 1))
    ]
    worker = mturk.worker("A1")
    for hit in hits:
        assignment = worker.accept(hit["HITId"])
        assignment.submit({})
        client.approve_assignment(AssignmentId=assignment.id)
    client.send_bonus(
        WorkerId="A1", BonusAmount="1000.01", AssignmentId=assignment.id, Reason="Thanks"
    )
    client.create_additional_assignments_for_hit(
        HITId=hits[0]["HITId"], NumberOfAdditionalAssignments=2
    )
    other_type = client.create_hit_type(
        Title="B", Description="B", Reward="98.76", AssignmentDurationInSeconds=60
    )["HITTypeId"]
    fresh = create_hit(client, Reward="55.55")["HITId"]
    client.update_hit_type_of_hit(HITId=fresh, HITTypeId=other_type)
    too_much = refusal(
        client.send_bonus,
        WorkerId="A1",
        BonusAmount="99999999.99",
        AssignmentId=assignment.id,
        Reason="Thanks",
    )
    hit_ = mturk.add_hit(reward="12.34", max_assignments=2)
    crowd = mturk.crowd(3, answer=lambda hit, worker: {"answer": "x"}).finish(days=1)
    return {
        "balance": str(mturk.balance),
        "shown": client.get_account_balance()["AvailableBalance"],
        "spent": str(mturk.spent),
        "rewards": [client.get_hit(HITId=hit["HITId"])["HIT"]["Reward"] for hit in hits],
        "bonuses": list(map(str, mturk.bonuses)),
        "listed": client.list_bonus_payments(HITId=hits[2]["HITId"])["BonusPayments"],
        "earnings": str(worker.earnings),
        "earned": [str(row.earned) for row in crowd.by_worker],
        "too much": too_much,
        "reward": str(hit_.reward),
        "repr": (repr(mturk), repr(worker)),
        "results": mturk.results_csv(hits[2]["HITTypeId"]),
    }


def spend_in(context):
    """Return the amounts in a program with that context, or with the default context."""
    with localcontext(context), mock_mturk(seed=1, now=NOW, balance="19999.61") as mturk:
        return spend(mturk)


@pytest.mark.parametrize("name", CONTEXTS)
def test_money_is_exact_in_every_decimal_context(name):
    """All amounts are those of the default context."""
    assert spend_in(CONTEXTS[name]) == spend_in(Context())


@pytest.mark.parametrize("name", CONTEXTS)
def test_money_is_exact_in_a_thread_with_a_decimal_context(name):
    """A thread has a context of its own."""
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(spend_in, CONTEXTS[name]).result() == spend_in(Context())


def test_balance_has_every_cent_with_six_digits():
    """A context of six digits does not round the balance 9999.61."""
    with localcontext(Context(prec=6)), mock_mturk(balance="10000.62") as mturk:
        mturk.balance = "9999.61"
        create_hit(mturk.client(), Reward="0.05")

        assert str(mturk.balance) == "9999.55"


@pytest.mark.parametrize("name", CONTEXTS)
def test_snapshot_file_is_the_same_in_every_decimal_context(tmp_path, name):
    """Snapshot files keep all digits of amounts."""
    with mock_mturk(seed=1, now=NOW, balance="123456789.12") as mturk:
        create_hit(mturk.client(), Reward="1234.56", MaxAssignments=10)
        mturk.snapshot().save(tmp_path / "usual.json")
    with localcontext(CONTEXTS[name]), mock_mturk() as other:
        other.restore(Snapshot.load(tmp_path / "usual.json"))
        other.snapshot().save(tmp_path / "again.json")

    assert (tmp_path / "again.json").read_bytes() == (tmp_path / "usual.json").read_bytes()


@pytest.mark.parametrize("name", CONTEXTS)
def test_picture_sums_payments_in_every_decimal_context(name):
    """The last step of the spending plot is the total."""
    pytest.importorskip("matplotlib")
    with mock_mturk(seed=1, now=NOW) as mturk:
        publish_hits(mturk.client(), Reward="1234.56", AutoApprovalDelayInSeconds=0)
        crowd = mturk.crowd(1, answer=cat).finish()
        mturk.clock.advance(timedelta(hours=1))
        with localcontext(CONTEXTS[name]):
            (line,) = crowd.plot().axes[3].lines

    assert list(line.get_ydata())[-1] == 1481.472


def test_answers_of_a_crowd_have_the_context_of_the_program():
    """An answer function runs in the program's own decimal context."""
    seen = []

    def answer(hit, worker):
        seen.append(decimal.getcontext().prec)
        return cat(hit, worker)

    with localcontext(Context(prec=5)), mock_mturk(seed=1) as mturk:
        publish_hits(mturk.client())
        mturk.crowd(1, answer=answer).finish()

    assert seen == [5]


# Balances that are too large --------------------------------------------------------------

MOST = 10**15
TOO_MUCH = "balance takes 1,000,000,000,000,000 dollars at most, not "
TOO_LARGE = ["1000000000000000.01", MOST + 1, Decimal("1e16"), "1e999999999999"]


@pytest.mark.parametrize("balance", TOO_LARGE)
def test_balance_beyond_the_limit_is_refused(balance):
    """The option and both setters reject a balance beyond the limit."""
    with pytest.raises(ValueError) as option:  # noqa: PT011
        mock_mturk(balance=balance)
    assert str(option.value) == f"{TOO_MUCH}{balance!r}"
    with mock_mturk() as mturk:
        for requester in (mturk, mturk.requester("lab")):
            with pytest.raises(ValueError) as setter:  # noqa: PT011
                requester.balance = balance
            assert str(setter.value) == f"{TOO_MUCH}{balance!r}"
            assert requester.balance == 10_000


@pytest.mark.parametrize("balance", ["NaN", "-Infinity", "Infinity", "sNaN", Decimal("inf")])
@pytest.mark.parametrize("name", CONTEXTS)
def test_balance_that_is_no_number_is_refused(balance, name):
    """A balance that is no amount of money is rejected."""
    with localcontext(CONTEXTS[name]), mock_mturk() as mturk:
        with pytest.raises(ValueError) as refused:  # noqa: PT011
            mturk.balance = balance

        assert str(refused.value) == (
            f"balance takes dollars and cents, 0 or more, such as '12.50', not {balance!r}"
        )
        assert mturk.balance == 10_000


def test_largest_balance_is_spent_to_the_cent():
    """The limit itself is allowed, and can be spent exactly."""
    with mock_mturk(balance=MOST) as mturk:
        create_hit(mturk.client(), Reward="0.05")

        assert str(mturk.balance) == "999999999999999.94"
