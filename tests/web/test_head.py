"""HEAD: the pages respond as to GET, without a body. [RFC 9110]"""

from __future__ import annotations

import pytest
import requests

from tests.helpers import NOTHING, NOW, accepted, external_question
from tests.web.test_external_submit import PRODUCTION, SANDBOX
from tests.web.test_files import link_to, uploaded

pytestmark = pytest.mark.mock_mturk(seed=1, now=NOW)

LEGACY = "https://mechanicalturk.amazonaws.com/"


def told(answer):
    headers = answer.headers
    return answer.status_code, headers["Content-Type"], headers["Content-Length"]


@pytest.mark.parametrize(
    "url",
    [
        PRODUCTION,
        f"{SANDBOX}?assignmentId=ASSIGNMENT_ID_NOT_AVAILABLE",
        f"{PRODUCTION}?assignmentId={NOTHING}",
        LEGACY,
        f"{LEGACY}onca/xml?Operation=GetHIT",
        "https://mturk-file-upload.invalid/?x=1",
    ],
)
def test_head_has_no_body(url):
    """HEAD has the status and the headers of GET, and no body."""
    answer = requests.head(url)

    assert answer.content == b""
    assert told(answer) == told(requests.get(url))


def test_head_of_a_file(mturk, mturk_client):
    """HEAD returns the length of a file."""
    url = link_to(mturk_client, uploaded(mturk_client, mturk.worker()))
    answer = requests.head(url)

    assert (answer.content, *told(answer)) == (b"", 200, "application/octet-stream", "8")


def test_head_submits_nothing(mturk, mturk_client):
    """HEAD of externalSubmit gets the response of GET, and submits nothing."""
    assignment = accepted(mturk_client, mturk.worker(), Question=external_question())
    url = f"{PRODUCTION}?assignmentId={assignment.id}&colour=red"
    answer = requests.head(url)

    assert (assignment.status, answer.content) == ("Accepted", b"")
    assert told(answer) == told(requests.get(url))
    assert assignment.status == "Submitted"


def test_head_extends_nothing(mturk, mturk_client):
    """HEAD of ExtendHIT is refused."""
    assert requests.head(f"{LEGACY}?Operation=ExtendHIT").status_code == 403
