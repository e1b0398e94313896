"""The log of a server as JSON."""

from __future__ import annotations

import json
import logging
import sys

from mturk_mock.server.access_log import JSONFormatter


def formatted(**members):
    """Return the JSON of a line of the log, without its time."""
    record = logging.makeLogRecord(
        {"name": "x", "levelname": "ERROR", "msg": "%s failed", **members}
    )
    content = json.loads(JSONFormatter().format(record))
    assert content.pop("time")
    return content


def test_line_that_is_no_request():
    """It has its level and its message."""
    assert formatted(args=("it",)) == {"level": "ERROR", "message": "it failed"}


def test_line_with_a_traceback():
    """The traceback is a member, so that each line is one JSON object."""
    try:
        raise ZeroDivisionError("no")
    except ZeroDivisionError:
        content = formatted(args=("it",), exc_info=sys.exc_info())

    assert content["message"] == "it failed"
    assert content["traceback"].endswith("ZeroDivisionError: no")
