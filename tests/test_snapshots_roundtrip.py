"""Whatever has happened in a mock: what comes back from its file behaves as it did."""

from __future__ import annotations

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from mturk_mock import Snapshot, mock_mturk
from tests.helpers import NOW
from tests.worlds import World, answers_of, steps


def clients_of(mturk):
    """Return clients of two requesters, and of the sandbox."""
    return [mturk.client(), mturk.requester("other").client(), mturk.client(sandbox=True)]


def test_file_gives_a_world_that_behaves_the_same(tmp_path):
    """Answers, time to come, ids to come and money are the same, then and afterwards."""
    path = tmp_path / "state.json"
    with mock_mturk() as any_:
        clients = clients_of(any_)  # which take longer to make than most of what happens

    @settings(
        max_examples=60,
        derandomize=True,
        phases=[Phase.generate],  # to shrink takes minutes
        database=None,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(
        before=st.lists(steps, min_size=20, max_size=60),
        after=st.lists(steps, min_size=5, max_size=15),
    )
    def check(before, after):
        with mock_mturk(now=NOW, seed=1, balance="100.00") as mturk:
            world = World(mturk, clients)
            for step in before:
                world.do(step)
            mturk.snapshot().save(path)
            lived = [answers_of(world), *(world.do(step) for step in after), answers_of(world)]
        with mock_mturk(seed=2, balance="5.00") as mturk:
            mturk.restore(Snapshot.load(path))
            world = World(mturk, clients)
            loaded = [answers_of(world), *(world.do(step) for step in after), answers_of(world)]
        for number, (found, expected) in enumerate(zip(loaded, lived, strict=True)):
            if isinstance(expected, dict) and found != expected:
                keys = found.keys() | expected.keys()
                found, expected = (
                    {key: what.get(key) for key in keys if found.get(key) != expected.get(key)}
                    for what in (found, expected)
                )
            assert found == expected, number

    check()
