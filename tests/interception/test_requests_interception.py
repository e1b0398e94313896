"""Requests of the `requests` package: the mock answers its pages, and no others."""

from __future__ import annotations

import io
import subprocess
import sys
import threading
from contextlib import ExitStack

import boto3
import pytest
import requests
import responses

from mturk_mock import mock_mturk
from tests.helpers import publish

moto = pytest.importorskip("moto", reason="moto needs a newer boto3 than we do")


OURS = "https://www.mturk.com/mturk/externalSubmit"
OURS_ANSWERS = "The form has no field assignmentId, which names the assignment."
THEIRS = "https://theirs.example/page"


def mock_theirs():
    mock = responses.RequestsMock(assert_all_requests_are_fired=True)
    mock.add(responses.GET, THEIRS, body="theirs")
    return mock


def passing_mock():
    """Return another mock that refuses all unknown requests."""
    return responses.RequestsMock(assert_all_requests_are_fired=False)


def read_ours():
    answer = requests.get(OURS)
    return answer.status_code, answer.text


OTHERS = {"moto": moto.mock_aws, "responses": passing_mock}


@pytest.fixture(params=OTHERS)
def other(request):
    return OTHERS[request.param]


# Who answers ------------------------------------------------------------------------------


def test_request_of_ours_is_answered(mturk):
    assert read_ours() == (400, OURS_ANSWERS)


def test_request_of_ours_by_a_session_made_before():
    with requests.Session() as session, mock_mturk():
        assert session.get(OURS).text == OURS_ANSWERS


def test_request_of_ours_by_a_session_with_an_adapter_of_its_own(mturk):
    """The mock answers before adapters that the program mounted on the session."""
    with requests.Session() as session:
        session.mount("https://", requests.adapters.HTTPAdapter(max_retries=3))
        assert session.get(OURS).text == OURS_ANSWERS


def test_request_of_ours_in_another_thread(mturk):
    answers = []
    thread = threading.Thread(target=lambda: answers.append(read_ours()))
    thread.start()
    thread.join()
    assert answers == [(400, OURS_ANSWERS)]


def test_request_of_ours_beside_another_mock(other):
    with other(), mock_mturk():
        assert read_ours() == (400, OURS_ANSWERS)


def test_request_of_ours_inside_which_another_mock_is_on(other):
    with mock_mturk(), other():
        assert read_ours() == (400, OURS_ANSWERS)


def test_request_of_ours_after_the_other_mock_ended_first(other):
    """The mock answers after another mock that started earlier has ended."""
    mock = mock_mturk()
    with ExitStack() as outer:
        outer.enter_context(other())
        mock.start()
        outer.close()
        assert read_ours() == (400, OURS_ANSWERS)
        mock.stop()


def test_request_of_ours_is_answered_by_the_innermost_mock():
    with mock_mturk() as outer, mock_mturk() as inner:
        hit_id = publish(inner.client())
        answer = requests.get(
            "http://mechanicalturk.amazonaws.com/",
            params={
                **dict.fromkeys(("Service", "AWSAccessKeyId", "Signature", "Timestamp"), "any"),
                "Operation": "ExtendHIT",
                "HITId": hit_id,
                "MaxAssignmentsIncrement": 1,
            },
        )
        assert "<IsValid>True</IsValid>" in answer.text
        assert inner.hits[0].max_assignments == 2
        assert outer.calls == []


def test_request_of_ours_by_a_host_with_a_final_dot(mturk):
    assert requests.get("https://www.mturk.com./mturk/externalSubmit").text == OURS_ANSWERS


# What passes ------------------------------------------------------------------------------


def test_request_of_the_programs_mock_begun_before():
    with mock_theirs(), mock_mturk():
        assert requests.get(THEIRS).text == "theirs"


def test_request_of_the_programs_mock_begun_inside():
    with mock_mturk(), mock_theirs():
        assert requests.get(THEIRS).text == "theirs"


def test_request_of_the_programs_mock_after_ours_ended_first():
    """Another mock answers after the mock that started earlier has ended."""
    mock = mock_mturk()
    mock.start()
    with mock_theirs():
        mock.stop()
        assert requests.get(THEIRS).text == "theirs"


def test_request_that_the_programs_mock_does_not_know(mturk):
    """Another mock refuses unknown requests with its own error."""
    with passing_mock(), pytest.raises(requests.ConnectionError, match="by Responses"):
        requests.get(THEIRS)


@pytest.mark.parametrize("order", ["moto first", "moto last"])
def test_request_to_moto(order):
    """A request to S3 is answered by moto, whichever mock started first."""
    mocks = [moto.mock_aws(), mock_mturk()]
    with ExitStack() as stack:
        for mock in mocks if order == "moto first" else reversed(mocks):
            stack.enter_context(mock)
        s3 = boto3.client(
            "s3", region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x"
        )
        s3.create_bucket(Bucket="pictures")
        s3.put_object(Bucket="pictures", Key="cat", Body=b"meow", ACL="public-read")
        assert requests.get("https://pictures.s3.amazonaws.com/cat").content == b"meow"
        assert read_ours() == (400, OURS_ANSWERS)


@pytest.mark.parametrize(
    "url",
    [
        "https://www.mturk.com/",
        "https://www.mturk.com/mturk/externalSubmit/more",
        "https://www.mturk.com:8443/mturk/externalSubmit",
        "https://mturk.com/mturk/externalSubmit",
        "http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/2005-10-01/QuestionForm.xsd",
        "https://mturk-requester.us-east-1.amazonaws.com/",
    ],
)
def test_request_to_an_address_beside_ours(mturk, url):
    """Pages of the service that the mock does not have are left to other mocks."""
    with responses.RequestsMock() as mock:
        mock.add(responses.GET, url, body="theirs")
        assert requests.get(url).text == "theirs"


@pytest.mark.parametrize("url", ["http://[bad", "http://www.mturk.com:port/", "file:///x"])
def test_address_that_is_none_is_left_to_requests(mturk, url):
    with requests.Session() as session:
        try:
            adapter = session.get_adapter(url)
        except requests.exceptions.InvalidSchema:
            adapter = None
    assert type(adapter) in (type(None), requests.adapters.HTTPAdapter)


# What is left -----------------------------------------------------------------------------


def test_requests_is_as_before_after_the_last_mock():
    original = vars(requests.Session)["get_adapter"]
    with mock_mturk():
        assert vars(requests.Session)["get_adapter"] is not original
        with mock_mturk():
            pass
        assert vars(requests.Session)["get_adapter"] is not original
    assert vars(requests.Session)["get_adapter"] is original


def test_request_of_ours_after_the_mock_goes_where_it_went():
    with mock_mturk():
        pass
    with responses.RequestsMock() as mock:
        mock.add(responses.GET, OURS, body="theirs")
        assert requests.get(OURS).text == "theirs"


def test_wrapper_of_get_adapter_stays(monkeypatch):
    """A wrapper of `get_adapter` set inside the mock stays; the mock's own has no effect."""
    monkeypatch.setattr(requests.Session, "get_adapter", requests.Session.get_adapter)
    with mock_mturk():
        ours = requests.Session.get_adapter

        def theirs(session, url):
            return ours(session, url)

        requests.Session.get_adapter = theirs
    assert requests.Session.get_adapter is theirs
    with responses.RequestsMock() as mock:
        mock.add(responses.GET, OURS, body="theirs")
        assert requests.get(OURS).text == "theirs"


# Bodies -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        "assignmentId=3X",
        b"assignmentId=3X",
        io.BytesIO(b"assignmentId=3X"),
        io.StringIO("assignmentId=3X"),
        ["assignment", b"Id=3X"],
    ],
    ids=["text", "bytes", "file", "text file", "pieces"],
)
def test_body_as_requests_takes_it(mturk, body):
    body = iter(body) if isinstance(body, list) else body
    assert requests.post(OURS, data=body).text == "Assignment 3X does not exist."


def test_content_type_as_bytes(mturk):
    headers = {"Content-Type": b"application/x-www-form-urlencoded"}
    answer = requests.post(OURS, data="assignmentId=3X", headers=headers)
    assert answer.text == "Assignment 3X does not exist."


def test_answer_has_what_requests_shows_of_answers(mturk):
    """The response has status, reason, headers, URL, streamed content and history."""
    answer = requests.get(OURS, stream=True)
    assert (answer.status_code, answer.reason, answer.url) == (400, "Bad Request", OURS)
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.headers["Content-Length"] == str(len(OURS_ANSWERS))
    assert b"".join(answer.iter_content(7)).decode() == OURS_ANSWERS
    assert answer.history == []
    with pytest.raises(requests.HTTPError, match="400 Client Error"):
        answer.raise_for_status()


# When it is loaded ------------------------------------------------------------------------

#: Run in a process of its own, where nothing has imported requests yet.
FRESH = """
import sys
import mturk_mock

def loaded():
    return [name for name in ("requests", "responses") if name in sys.modules]

assert not loaded(), loaded()
with mturk_mock.mock_mturk() as mturk:
    client = mturk.client()
    client.get_account_balance()
    assert not loaded(), loaded()
{inside}
assert not [each for each in sys.meta_path if "patches._Finder" in repr(each)], sys.meta_path
"""


def run(inside):
    code = FRESH.format(inside=inside)
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True)
    assert done.returncode == 0, done.stderr.decode()


def test_requests_never_imported():
    """A program without requests imports neither requests nor responses."""
    run("")


def test_requests_first_imported_inside_the_mock():
    """Requests is patched when imported; responses is imported at the first request."""
    run(
        f"""
    import requests
    wrapped = requests.Session.get_adapter
    assert loaded() == ["requests"], loaded()
    assert requests.post({OURS!r}).status_code == 400
    assert loaded() == ["requests", "responses"], loaded()
assert requests.Session.get_adapter is wrapped.__wrapped__
"""
    )


def test_requests_first_imported_after_the_mock():
    run(
        """
import requests
assert not hasattr(requests.Session.get_adapter, "__wrapped__")
"""
    )


def test_requests_first_imported_in_the_inner_of_two_mocks():
    run(
        f"""
    with mturk_mock.mock_mturk():
        import requests
        assert requests.post({OURS!r}).status_code == 400
    assert requests.post({OURS!r}).status_code == 400
assert not hasattr(requests.Session.get_adapter, "__wrapped__")
"""
    )


def test_requests_first_imported_by_responses_and_moto_inside_the_mock():
    run(
        f"""
    import moto
    with moto.mock_aws():
        import requests
        assert requests.post({OURS!r}).status_code == 400
"""
    )
