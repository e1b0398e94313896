"""README's code works as it stands there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.inner import STRICT

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
NOTHING_LEFT_ON = """
from mturk_mock import interception
assert interception.innermost() is None
def test_block_was_read():
    pass
"""
BLOCKS = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


@pytest.mark.parametrize("block", BLOCKS, ids=[f"block{n}" for n in range(len(BLOCKS))])
def test_readme_code_runs(block, pytester):
    """Each block is a module by itself; its tests pass, and it leaves no mock on."""
    pytester.makepyfile(block + NOTHING_LEFT_ON)

    result = pytester.runpytest_subprocess("-q", *STRICT)

    assert result.ret == 0


def test_readme_test_command_is_what_ci_runs():
    """CI runs the very command that README gives."""
    command = re.search(r"passes them:\n\n```sh\n(.*)\n```", README)

    assert command is not None
    assert command[1] in (ROOT / ".ci" / "run").read_text().splitlines()
