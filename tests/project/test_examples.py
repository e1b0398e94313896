"""The examples run with the tools that they are written for."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.inner import OLD_BOTOCORES, OTHERS

EXAMPLES = Path(__file__).parents[2] / "examples"


def run_pytest(folder, plugin, *options):
    """Run an example's tests with a plugin in a new process; return the output."""
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
    """Skip a test if a pytest plugin is not installed."""
    return pytest.mark.skipif(find_spec(plugin) is None, reason=f"{plugin} is not installed")


@needs("xdist")
def test_xdist_each_process_has_a_marketplace_of_its_own():
    """Processes share no state, and generate the same IDs from a seed."""
    shown = run_pytest("moderation", "xdist", "-v", "-n", "2")

    assert "[gw0]" in shown
    assert "[gw1]" in shown


@needs("pytest_randomly")
@pytest.mark.parametrize("seed", ["1", "2"])
def test_randomly_order_does_not_matter(seed):
    """The mock does not depend on the order of tests or on the seed of `random`."""
    shown = run_pytest("moderation", "randomly", "-v", "-pno:xdist", f"--randomly-seed={seed}")

    assert f"Using --randomly-seed={seed}" in shown


def test_unittest_runs_its_example_without_pytest():
    """The unittest example runs with `python -m unittest` alone."""
    done = subprocess.run(
        [sys.executable, "-m", "unittest", "-v", "test_pay_bonuses"],
        cwd=EXAMPLES / "bonus_script",
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert "Ran 4 tests" in done.stderr
