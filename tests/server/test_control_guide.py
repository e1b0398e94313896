"""The guide of the control API says what the control API has."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from mturk_mock.model import notification
from mturk_mock.server.control.api import ControlAPI  # noqa: F401 (it fills the table)
from mturk_mock.server.control.table import TABLE
from tests.helpers import html_question, publish

GUIDE = Path(__file__).parents[2].joinpath("docs/guides/control.md").read_text()
OF_A_WORKER = r"^/workers/\{worker_id\}(?=/)"


def test_guide_has_every_address():
    """Each address is in a table of the guide, and the guide has no others."""
    shown = re.findall(r"`(?:GET|POST|PUT|DELETE) (/[^`?]*)`", GUIDE.replace("/_mturk/", "/"))

    assert set(shown) == {re.sub(OF_A_WORKER, "", each.path) for each in TABLE}


def test_guide_has_every_notification():
    """Each EventType of Mechanical Turk is in the table of events, and Ping is not."""
    kinds = {
        value
        for name, value in vars(notification).items()
        if name.startswith(("HIT_", "ASSIGNMENT_")) and isinstance(value, str)
    }

    assert kinds == set(re.findall(r"`((?:HIT|Assignment)[A-Z]\w+)`", GUIDE))


@pytest.mark.skipif(shutil.which("node") is None, reason="needs Node.js")
def test_worker_in_javascript(server, tmp_path):
    """The guide's program submits what the requester then reads."""
    program = tmp_path / "worker.mjs"
    program.write_text(re.search(r"```javascript\n(.*?)```", GUIDE, re.DOTALL)[1])
    question = html_question('<form><input name="label"></form>')
    publish(server.client(), Title="Label a picture", Question=question)
    environment = {**os.environ, "AWS_ENDPOINT_URL_MTURK": server.url}
    done = subprocess.run(["node", program], env=environment, capture_output=True, text=True)

    assert (done.stdout, done.stderr) == ("Submitted: Label a picture\n", "")
    (work,) = server.mturk.assignments
    assert "<FreeText>cat</FreeText>" in work.answer
