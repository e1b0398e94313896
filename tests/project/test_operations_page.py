"""The pages Operations and Errors of the reference say what the code does."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from tests.clients import make_client

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "reference" / "operations.md").read_text()
ROWS = dict(re.findall(r"^\| \[(\w+)\]\(#\w+\) \| (.*?) \|", PAGE, re.MULTILINE))
SECTIONS = dict(re.findall(r"^## (\w+)\n(.*?)(?=^## )", PAGE, re.MULTILINE | re.DOTALL))


def errors_of(operation):
    """Return the codes in the list of errors at the end of a section."""
    errors = SECTIONS[operation].partition("\nErrors:\n")[2]
    return set(re.findall(r"\w+", errors.replace("`", "")))


def test_page_is_up_to_date():
    """They are what the script makes of the code as it is now."""
    script = ROOT / "scripts" / "describe_operations.py"

    checked = subprocess.run(
        [sys.executable, str(script), "--check"], capture_output=True, text=True, check=False
    )

    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")


def test_page_has_all_operations():
    """Each of the API of 2017 has a row and a section."""
    assert len(ROWS) == 39
    assert ROWS.keys() == set(make_client().meta.service_model.operation_names)
    assert ROWS.keys() <= SECTIONS.keys()


def test_page_says_what_an_operation_does():
    """In the words of the docstring, without its marks."""
    assert ROWS["ListHITs"] == "Return all HITs except deleted ones, newest first."


def test_page_has_the_errors_of_methods():
    """An error is found where a method of the account raises it."""
    assert "HITDoesNotExist" in errors_of("GetHIT")


def test_page_has_the_errors_of_the_model():
    """An error is found where a function raises it that several operations share."""
    found = errors_of("CreateAdditionalAssignmentsForHIT")
    assert {"InvalidMaximumAssignmentsIncrease", "InsufficientFunds"} <= found


def test_page_has_no_error_that_cannot_occur():
    """More time asks nothing of the number of assignments, which the shared code checks."""
    assert "InsufficientFunds" in errors_of("UpdateExpirationForHIT")
    assert "HITTooOldForExtension" not in errors_of("UpdateExpirationForHIT")
