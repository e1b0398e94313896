"""The tables of the reference name every field of the records that they describe."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from mturk_mock.mock.clock import Upcoming
from mturk_mock.mock.records import (
    Block,
    BonusPayment,
    HITType,
    Notification,
    QualificationType,
)
from mturk_mock.model.ledger import Spent
from mturk_mock.model.worker import Email
from mturk_mock.workforce.crowd_table import HITRow, Result, WorkerRow

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"


def fields_in_table(text):
    """Return the names in the first column of the first table of a text."""
    rows = re.search(r"^\|---.*\n((?:\|.*\n)+)", text, re.MULTILINE)[1].splitlines()
    return sorted(name for row in rows for name in re.findall(r"`(\w+)`", row.split("|")[1]))


@pytest.mark.parametrize(
    "record",
    [Upcoming, Spent, HITType, QualificationType, Block, BonusPayment, Notification, Email],
    ids=lambda record: record.__name__,
)
def test_table_of_record_names_its_fields(record):
    """The table below a record has a row for each field."""
    text = (REFERENCE / "mock.md").read_text()
    _, found, rest = text.partition(f"::: {record.__module__}.{record.__name__}\n")

    assert found
    assert fields_in_table(rest) == sorted(field.name for field in fields(record))


@pytest.mark.parametrize(
    ("table", "row"), [("results", Result), ("by_worker", WorkerRow), ("by_hit", HITRow)]
)
def test_table_of_crowd_names_its_columns(table, row):
    """The table below the heading of a crowd's table has a row for each column."""
    text = (REFERENCE / "crowd_columns.md").read_text()
    _, found, rest = text.partition(f"## crowd.{table}\n")

    assert found
    assert fields_in_table(rest) == sorted(field.name for field in fields(row))
