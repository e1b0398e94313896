"""The options of `mturk.crowd`, and the errors for invalid ones."""

from __future__ import annotations

import pytest

from tests.crowds import cat, failure, publish_hits
from tests.helpers import NOW

pytestmark = pytest.mark.mock_mturk(seed=1, now=NOW)

SHARE = "as a share from 0 to 1"
RATE = "crowd() takes arrivals= as workers per hour, or a function of the time"
SECONDS = "crowd() takes work_time= as seconds, a pair of seconds, or a function"
PAIR = "crowd() takes work_time= as a pair of minimum and maximum seconds"

WRONG = [
    ({"size": 0}, ValueError, "crowd() takes 1 worker or more, not 0"),
    ({"size": 2.0}, TypeError, "crowd() takes a whole number of workers, not 2.0"),
    ({"size": True}, TypeError, "crowd() takes a whole number of workers, not True"),
    ({"seed": "1"}, TypeError, "crowd() takes seed= as an int, not '1'"),
    ({"seed": True}, TypeError, "crowd() takes seed= as an int, not True"),
    (
        {"answer": {"label": "cat"}},
        TypeError,
        "crowd() takes answer= as a function of a HIT and a worker, not {'label': 'cat'}",
    ),
    (
        {"answer": cat, "accuracy": 1, "wrong": "dog"},
        TypeError,
        "crowd() takes wrong= as a function of a HIT and a worker, not 'dog'",
    ),
    ({"arrivals": "often"}, TypeError, f"{RATE}, not 'often'"),
    ({"arrivals": True}, TypeError, f"{RATE}, not True"),
    ({"arrivals": -1}, ValueError, f"{RATE}, 0 or more, not -1"),
    ({"arrivals": float("inf")}, ValueError, f"{RATE}, 0 or more, not inf"),
    (
        {"arrivals": 0},
        ValueError,
        "crowd() takes arrivals= of more than 0 workers per hour, not 0: no worker would arrive",
    ),
    ({"work_time": "60"}, TypeError, f"{SECONDS}, not '60'"),
    ({"work_time": -1}, ValueError, f"{SECONDS}, 0 or more, not -1"),
    ({"work_time": float("nan")}, ValueError, f"{SECONDS}, 0 or more, not nan"),
    ({"work_time": (1, 2, 3)}, ValueError, f"{PAIR}, not (1, 2, 3)"),
    ({"work_time": (2, 1)}, ValueError, f"{PAIR}, not (2, 1)"),
    ({"work_time": (-2, 1)}, ValueError, f"{SECONDS}, 0 or more, not -2"),
    ({"work_time": ("1", "2")}, TypeError, f"{SECONDS}, not '1'"),
    ({"work_time": (1, "2")}, TypeError, f"{SECONDS}, not '2'"),
    ({"returns": 1.1}, ValueError, f"crowd() takes returns= {SHARE}, not 1.1"),
    ({"returns": -0.1}, ValueError, f"crowd() takes returns= {SHARE}, 0 or more, not -0.1"),
    ({"abandons": "10%"}, TypeError, f"crowd() takes abandons= {SHARE}, not '10%'"),
    (
        {"answer": cat, "accuracy": 90},
        ValueError,
        f"crowd() takes accuracy= {SHARE}, not 90",
    ),
    (
        {"returns": 0.6, "abandons": 0.5},
        ValueError,
        "crowd() takes returns= and abandons= as shares that add up to 1 at most, not 0.6 and 0.5",
    ),
    (
        {"accuracy": 0.9},
        ValueError,
        "crowd() takes accuracy= only with answer=, which returns the right answer",
    ),
    (
        {"answer": cat, "wrong": cat},
        ValueError,
        "crowd() takes wrong= only with accuracy=, the share of right answers",
    ),
    (
        {"progress": 3},
        TypeError,
        "crowd() takes progress= as True, False or a function that takes a text, not 3",
    ),
    ({"arrivals": 1e12}, ValueError, f"{RATE}, 100,000 at most, not 1000000000000.0"),
    ({"arrivals": 10**400}, ValueError, f"{RATE}, 100,000 at most, not 1{'0' * 199}…"),
    ({"work_time": 1e10}, ValueError, f"{SECONDS}, 1,000,000,000 at most, not 10000000000.0"),
    (
        {"work_time": (1, 10**400)},
        ValueError,
        f"{SECONDS}, 1,000,000,000 at most, not 1{'0' * 199}…",
    ),
]


@pytest.mark.parametrize(("said", "error", "message"), WRONG)
def test_wrong_habit_is_refused(mturk, said, error, message):
    """The error says what was given and what is allowed."""
    with pytest.raises(error) as refusal:
        mturk.crowd(**{"size": 3, **said})

    assert str(refusal.value) == message


@pytest.mark.parametrize(
    ("habits", "error", "message"),
    [
        (
            {"work_time": lambda random, hit: -3},
            ValueError,
            failure("the function work_time= of crowd() must return seconds, 0 or more, not -3"),
        ),
        (
            {"work_time": lambda random, hit: float("nan")},
            ValueError,
            failure("the function work_time= of crowd() must return seconds, 0 or more, not nan"),
        ),
        (
            {"work_time": lambda random, hit: 1e300},
            ValueError,
            failure(
                "the function work_time= of crowd() must return seconds, 1,000,000,000 at most, "
                "not 1e+300"
            ),
        ),
        (
            {"work_time": lambda random, hit: None},
            TypeError,
            failure("the function work_time= of crowd() must return seconds, not None"),
        ),
        (
            {"arrivals": lambda now: float("inf")},
            ValueError,
            "the function arrivals= of crowd() must return workers per hour, 0 or more, not inf",
        ),
        (
            {"arrivals": lambda now: 1e12},
            ValueError,
            "the function arrivals= of crowd() must return workers per hour, 100,000 at most, "
            "not 1000000000000.0",
        ),
        (
            {"arrivals": lambda now: "many"},
            TypeError,
            "the function arrivals= of crowd() must return workers per hour, not 'many'",
        ),
    ],
)
def test_wrong_result_of_a_function_is_refused(mturk, mturk_client, habits, error, message):
    """An invalid result of a function raises an error in finish(), or in crowd()."""
    publish_hits(mturk_client)
    with pytest.raises(error) as refusal:
        mturk.crowd(3, **habits).finish()

    assert str(refusal.value) == message


def test_limits_of_habits_are_allowed(mturk, mturk_client):
    """The largest arrivals and work_time are accepted; the work is Abandoned."""
    publish_hits(mturk_client, LifetimeInSeconds=60, AssignmentDurationInSeconds=60)
    crowd = mturk.crowd(1, arrivals=100_000, work_time=1_000_000_000).finish()

    assert [row.status for row in crowd.results] == ["Abandoned"]


def test_rarest_arrivals_do_not_come(mturk, mturk_client):
    """With a very low rate the first arrival would be after the year 9999, so no worker arrives."""
    publish_hits(mturk_client)
    crowd = mturk.crowd(1, arrivals=5e-324).finish()

    assert crowd.results == []
