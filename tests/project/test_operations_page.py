"""docs/operations.md says what the code does."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from tests.clients import make_client

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "operations.md").read_text()
ROWS = {
    name: (what, errors.split(", "))
    for name, what, errors in re.findall(
        r"^\| \[(\w+)\]\(#\w+\) \| (.*?) \|.*\| (.*?) \|$", PAGE, re.MULTILINE
    )
}


def test_page_is_up_to_date():
    """It is what the script makes of the code as it is now."""
    script = ROOT / "scripts" / "describe_operations.py"

    checked = subprocess.run(
        [sys.executable, str(script), "--check"], capture_output=True, text=True, check=False
    )

    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")


def test_page_has_all_operations():
    """Each of the API of 2017 has a row and a section."""
    assert len(ROWS) == 39
    assert ROWS.keys() == set(make_client().meta.service_model.operation_names)
    assert ROWS.keys() <= set(re.findall(r"^## (\w+)$", PAGE, re.MULTILINE))


def test_page_says_what_an_operation_does():
    """In the words of the docstring, without its marks."""
    assert ROWS["ListHITs"][0] == "Return all HITs but deleted ones, newest first."


def test_page_has_the_errors_of_methods():
    """An error is found where a method of the account raises it."""
    assert ROWS["GetHIT"][1] == ["HITDoesNotExist"]


def test_page_has_the_errors_of_the_model():
    """An error is found where a function raises it that several operations share."""
    assert {"InvalidMaximumAssignmentsIncrease", "InsufficientFunds"} <= set(
        ROWS["CreateAdditionalAssignmentsForHIT"][1]
    )


def test_page_has_no_error_that_cannot_occur():
    """More time asks nothing of the number of assignments, which the shared code checks."""
    assert "InsufficientFunds" in ROWS["UpdateExpirationForHIT"][1]
    assert "HITTooOldForExtension" not in ROWS["UpdateExpirationForHIT"][1]
