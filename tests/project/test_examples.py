"""The examples with the tools that they are for, as people run them."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.inner import OLD_BOTOCORES, OTHERS

EXAMPLES = Path(__file__).parents[2] / "examples"


def run_pytest(folder, plugin, *options):
    """Run an example's tests with a plugin in a process of their own; return what it shows."""
    others = [f"-pno:{name}" for name in OTHERS if name != plugin]
    command = [sys.executable, "-m", "pytest", *others, *OLD_BOTOCORES]
    done = subprocess.run(
        [*command, *options, EXAMPLES / folder],
        cwd=EXAMPLES.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def needs(plugin):
    """Skip a test where a plugin of pytest is not installed."""
    return pytest.mark.skipif(find_spec(plugin) is None, reason=f"{plugin} is not installed")


@needs("xdist")
def test_xdist_each_process_has_a_marketplace_of_its_own():
    """Two processes share nothing, and the ids of a seed are the same in both."""
    shown = run_pytest("moderation", "xdist", "-v", "-n", "2")

    assert "[gw0]" in shown
    assert "[gw1]" in shown


@needs("pytest_randomly")
@pytest.mark.parametrize("seed", ["1", "2"])
def test_randomly_order_does_not_matter(seed):
    """Tests are shuffled and `random` is seeded before each: the mock does not mind."""
    shown = run_pytest("moderation", "randomly", "-v", "-pno:xdist", f"--randomly-seed={seed}")

    assert f"Using --randomly-seed={seed}" in shown


def test_unittest_runs_its_example_without_pytest():
    """`python -m unittest` is enough for test cases."""
    done = subprocess.run(
        [sys.executable, "-m", "unittest", "-v", "test_pay_bonuses"],
        cwd=EXAMPLES / "bonus_script",
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert "Ran 4 tests" in done.stderr
