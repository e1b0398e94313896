"""The reference pages Operations and Errors agree with the code."""

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
    """The pages are the output of the script for the current code."""
    script = ROOT / "scripts" / "describe_operations.py"

    checked = subprocess.run(
        [sys.executable, str(script), "--check"], capture_output=True, text=True, check=False
    )

    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")


def test_page_has_all_operations():
    """Each operation of the API of 2017 has a row and a section."""
    assert len(ROWS) == 39
    assert ROWS.keys() == set(make_client().meta.service_model.operation_names)
    assert ROWS.keys() <= SECTIONS.keys()


def test_page_says_what_an_operation_does():
    """The page has the sentences of the docstring, without the evidence marks."""
    assert ROWS["ListHITs"] == "Return all HITs except deleted ones, newest first."


def test_page_has_the_errors_of_methods():
    """Errors raised by methods of the account are found."""
    assert "HITDoesNotExist" in errors_of("GetHIT")


def test_page_has_the_errors_of_the_model():
    """Errors raised by functions that several operations share are found."""
    found = errors_of("CreateAdditionalAssignmentsForHIT")
    assert {"InvalidMaximumAssignmentsIncrease", "InsufficientFunds"} <= found


def test_page_has_no_error_that_cannot_occur():
    """UpdateExpirationForHIT does not list errors of the number of assignments."""
    assert "InsufficientFunds" in errors_of("UpdateExpirationForHIT")
    assert "HITTooOldForExtension" not in errors_of("UpdateExpirationForHIT")
