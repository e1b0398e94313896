"""`rehearse` on a Dask cluster of two workers on this machine."""

from __future__ import annotations

import os
import signal
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from mturk_mock import grid, rehearse
from tests.rehearsals import campaigns
from tests.rehearsals.executors import Serial

distributed = pytest.importorskip("distributed")
dask = pytest.importorskip("dask")
pytestmark = pytest.mark.filterwarnings("default")

DESIGNS = grid(redundancy=[1, 3])
SEEDS = (1, 2)


@pytest.fixture(scope="module")
def client() -> Any:
    """Start two workers, in processes of their own, with two threads each.

    The scheduler tries a run twice.
    """
    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 1}),
        distributed.LocalCluster(
            n_workers=2,
            threads_per_worker=2,
            processes=True,
            host="127.0.0.1",
            dashboard_address=None,
            silence_logs=50,
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        yield client


@pytest.fixture
def executor(client) -> Any:
    """Return the executor of the cluster."""
    return client.get_executor()


def test_dask_returns_the_rows_of_runs_one_after_the_other(executor):
    """Two workers with two threads return the rows of runs one after the other."""
    one_by_one = rehearse(campaigns.vote, DESIGNS, SEEDS, executor=Serial(), progress=False)
    found = rehearse(campaigns.vote, DESIGNS, SEEDS, executor=executor, progress=False)
    assert found.rows == one_by_one.rows


def test_threads_of_one_dask_worker_take_turns(client):
    """Two threads of one worker return the rows of runs one after the other."""
    worker, *_ = client.scheduler_info(n_workers=-1)["workers"]
    executor = client.get_executor(workers=[worker])
    one_by_one = rehearse(campaigns.pay, [{}], range(4), executor=Serial(), progress=False)
    found = rehearse(campaigns.pay, [{}], range(4), executor=executor, progress=False)
    assert found.rows == one_by_one.rows


def test_function_of_a_notebook_cell_works_with_dask(executor):
    """A function of `__main__` is sent to the workers by value."""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    exec("def campaign(mturk, n): return {'half': n / 2}", namespace)
    found = rehearse(namespace["campaign"], [{"n": 3}], [1], executor=executor, progress=False)
    assert [row["half"] for row in found.rows] == [1.5]


def test_campaign_that_raises_on_dask_is_a_row_with_its_error(executor):
    """The error of a run is in its row, and the others are done."""
    designs = grid(number=[1, 2, 3])
    found = rehearse(campaigns.fail_for_two, designs, [1], executor=executor, progress=False)
    assert [row["twice"] for row in found.rows] == [2, None, 6]
    assert found.rows[1]["error"].startswith("LookupError: two is wrong (campaigns.py, line ")


def test_killed_dask_worker_loses_nothing(executor, tmp_path):
    """If a worker is killed within its runs, they are done again, and no row has an error."""
    designs = grid(folder=[str(tmp_path)], number=[1, 2, 3, 4, 5, 6])
    killer = threading.Thread(target=kill_one, args=[tmp_path])
    killer.start()
    found = rehearse(campaigns.wait_for, designs, [1], executor=executor, progress=False)
    killer.join()

    assert (tmp_path / "killed").exists()
    assert [(row["twice"], row["error"]) for row in found.rows] == [
        (2 * number, None) for number in range(1, 7)
    ]


def kill_one(folder: Path) -> None:
    """Kill a Dask worker during a campaign, then wait for the others."""
    while not (found := list(folder.glob("*.pid"))):
        time.sleep(0.05)
    os.kill(int(found[0].stem), signal.SIGKILL)
    (folder / "killed").touch()
    (folder / "go").touch()


def test_campaign_that_kills_its_dask_workers_is_listed_with_its_error(executor):
    """A run is tried again whose worker dies, then its row has the error; no other run has one."""
    designs = grid(number=[2, 3])
    found = rehearse(campaigns.die_for_two, designs, [1], executor=executor, progress=False)
    first, second = found.rows
    assert first["error"].startswith("KilledWorker: ")
    assert (second["twice"], second["error"]) == (6, None)
