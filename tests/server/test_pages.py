"""The pages beside the API, served below the URL of the server."""

from __future__ import annotations

import base64
import hmac
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from mturk_mock.server import MTurkServer, app
from mturk_mock.server.endpoint import MAX_FORM
from tests.helpers import NOW, accepted, external_question, get_hit, publish
from tests.servers import call, exchange, send

FORM = {"Content_Type": "application/x-www-form-urlencoded"}
PICTURE = b"\x89PNG\r\n\x1a\n"
SCHEMA = (
    "http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/2005-10-01/QuestionForm.xsd"
)
UPLOAD = (
    f'<QuestionForm xmlns="{SCHEMA}"><Question><QuestionIdentifier>picture</QuestionIdentifier>'
    "<QuestionContent><Text>?</Text></QuestionContent><AnswerSpecification><FileUploadAnswer>"
    "<MaxFileSizeInBytes>10</MaxFileSizeInBytes><MinFileSizeInBytes>2</MinFileSizeInBytes>"
    "</FileUploadAnswer></AnswerSpecification></Question></QuestionForm>"
)
SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
CREDENTIALS = {"AKIAIOSFODNN7EXAMPLE": {"secret": SECRET, "requester": "lab"}}


@pytest.fixture
def server():
    with MTurkServer(seed=1, now=NOW) as server:
        yield server


def path_of(server, url):
    """Return the path and query of a URL of the server."""
    assert url.startswith(f"{server.url}/")
    return url.removeprefix(server.url)


@pytest.mark.parametrize("sandbox", [False, True])
def test_external_submit(sandbox, server):
    """A page posts its form to the server that turkSubmitTo names."""
    client = server.client(sandbox=sandbox)
    assignment = accepted(client, server.mturk.worker(), Question=external_question())
    (submit_to,) = parse_qs(urlsplit(assignment.url).query)["turkSubmitTo"]
    body = urlencode({"assignmentId": assignment.id, "colour": "red"})

    answer = send(
        server, "POST", path_of(server, f"{submit_to}/mturk/externalSubmit"), body, **FORM
    )

    assert submit_to == (server.sandbox_url if sandbox else server.url)
    assert (answer.status, assignment.status) == (200, "Submitted")
    assert "<FreeText>red</FreeText>" in assignment.answer


def test_external_submit_in_the_other_environment(server):
    """The message has the address of the assignment's own environment."""
    assignment = accepted(server.client(), server.mturk.worker(), Question=external_question())
    path = f"/sandbox/mturk/externalSubmit?assignmentId={assignment.id}"

    answer = send(server, "GET", path)

    assert (answer.status, assignment.status) == (404, "Accepted")
    assert f"send the form to {server.url}/mturk/externalSubmit." in answer.body.decode()


def test_external_submit_takes_no_delete(server):
    """The response is that of the page."""
    answer = send(server, "DELETE", "/mturk/externalSubmit")

    assert (answer.status, answer.body) == (405, b"Send the form by GET or POST, not DELETE.")


def upload(server, assignment, content):
    """Submit an assignment with a file, as a browser does."""
    body = (
        f'--x\r\nContent-Disposition: form-data; name="assignmentId"\r\n\r\n{assignment.id}\r\n'
        '--x\r\nContent-Disposition: form-data; name="photo"; filename="cat.png"\r\n'
        "Content-Type: image/png\r\n\r\n"
    ).encode()
    body += content + b"\r\n--x--\r\n"
    named = {"Content_Type": "multipart/form-data; boundary=x"}
    return send(server, "POST", "/mturk/externalSubmit", body, **named)


def test_external_submit_with_a_file(server):
    """A file of a form, longer than a call can be, is there for GetFileUploadURL."""
    client, content = server.client(), PICTURE * 1_000_000
    assignment = accepted(client, server.mturk.worker(), Question=external_question())

    assert upload(server, assignment, content).status == 200
    link = client.get_file_upload_url(AssignmentId=assignment.id, QuestionIdentifier="photo")
    assert send(server, "GET", path_of(server, link["FileUploadURL"])).body == content


def test_longest_form(server):
    """A form of more than 64 MiB is answered with a page that says so, and submits nothing."""
    client, content = server.client(), b"\r" * MAX_FORM
    assignment = accepted(client, server.mturk.worker(), Question=external_question())
    answer = upload(server, assignment, content)

    assert (answer.status, answer.headers["content-type"]) == (413, "text/plain; charset=utf-8")
    assert answer.body == (
        b"The form is longer than 67108864 bytes, with its files. Nothing was submitted: go back, "
        b"and choose smaller files or write shorter texts."
    )
    assert assignment.status == "Accepted"
    assert upload(server, assignment, content[1_000:]).status == 200


def test_longest_form_without_files(server):
    """A form that cannot have files has 4 MiB at most."""
    body = b"a" * (4 * 1024 * 1024)
    answer = send(server, "POST", "/mturk/externalSubmit", body + b"a", **FORM)

    assert answer.status == 413
    assert answer.body.startswith(b"The form is longer than 4194304 bytes, with its files. ")
    assert send(server, "POST", "/mturk/externalSubmit", body, **FORM).status == 400


def test_long_form_in_a_browser(server):
    """The frame of a task shows it as a page of HTML."""
    body = b"a" * (4 * 1024 * 1024 + 1)
    answer = send(server, "POST", "/mturk/externalSubmit", body, Accept="text/html", **FORM)

    assert (answer.status, answer.headers["content-type"]) == (413, "text/html; charset=utf-8")
    assert b"The form is longer than 4194304 bytes, with its files. " in answer.body


def test_long_form_without_an_end(server, monkeypatch):
    """A browser gets the response after it has sent its form, but not every form is read."""
    monkeypatch.setattr(app, "MOST_READ", 1024)
    head = b"POST /mturk/externalSubmit HTTP/1.1\r\nHost: localhost\r\n"
    length = b"Content-Length: %d\r\n\r\n" % (2 * MAX_FORM)

    assert exchange(server, head + length, b"a" * 4096).startswith(b"HTTP/1.1 413 ")


def test_long_query_is_refused(server):
    """Other pages take as much as a call at most."""
    length = str(5 * 1024 * 1024)
    answer = send(server, "POST", "/onca/xml", Content_Length=length, **FORM)

    assert (answer.status, answer.json["__type"]) == (413, "RequestEntityTooLargeException")


def file_url(client, server):
    assignment = accepted(client, server.mturk.worker(), Question=UPLOAD)
    assignment.submit({"picture": PICTURE})
    response = client.get_file_upload_url(AssignmentId=assignment.id, QuestionIdentifier="picture")
    return response["FileUploadURL"]


@pytest.mark.parametrize("sandbox", [False, True])
def test_uploaded_file(sandbox, server):
    """GetFileUploadURL returns a URL of the server, and there is the file."""
    url = file_url(server.client(sandbox=sandbox), server)
    answer = send(server, "GET", path_of(server, url))

    assert (answer.status, answer.body) == (200, PICTURE)
    assert answer.headers["content-type"] == "application/octet-stream"


def test_uploaded_file_of_another_url(server):
    """A URL that was changed is refused."""
    path = path_of(server, file_url(server.client(), server))

    assert send(server, "GET", path.replace("picture", "pictures")).status == 403


def test_uploaded_file_behind_a_proxy():
    """URLs begin with the public URL, and are valid when a proxy passes them on."""
    public_url = "https://turk.example.org"
    with MTurkServer(seed=1, now=NOW, public_url=public_url, insecure=True) as server:
        local = server.client(endpoint_url=server._local_url)
        url = file_url(local, server)
        path = path_of(server, url)
        server._public_url, public = None, server._public_url  # to send to the port itself
        answer = send(server, "GET", path, Host="turk.example.org")
        server._public_url = public

    assert url.startswith("https://turk.example.org/files?")
    assert (answer.status, answer.body) == (200, PICTURE)


# The 2008 API -------------------------------------------------------------------------------


def extend(hit_id, **fields):
    return urlencode(
        {
            "Service": "AWSMechanicalTurkRequester",
            "AWSAccessKeyId": "AKIAIOSFODNN7EXAMPLE",
            "Version": "2008-04-01",
            "Operation": "ExtendHIT",
            "Signature": "c2lnbmF0dXJl",
            "Timestamp": "2026-01-01T00:00:00Z",
            "HITId": hit_id,
            "MaxAssignmentsIncrement": "1",
            **fields,
        }
    )


@pytest.mark.parametrize("path", ["/", "/onca/xml"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_extend_hit(method, path, server):
    """The query API answers at both of its paths."""
    client = server.client()
    hit_id = publish(client)
    if method == "GET":
        answer = send(server, "GET", f"{path}?{extend(hit_id)}")
    else:
        answer = send(server, "POST", path, extend(hit_id), **FORM)

    assert b"<IsValid>True</IsValid>" in answer.body
    assert answer.headers["content-type"] == "text/xml; charset=utf-8"
    assert get_hit(client, hit_id)["MaxAssignments"] == 2


def test_extend_hit_in_the_sandbox(server):
    """It has its own path there."""
    client = server.client(sandbox=True)
    hit_id = publish(client)
    send(server, "GET", f"/sandbox/onca/xml?{extend(hit_id)}")

    assert get_hit(client, hit_id)["MaxAssignments"] == 2


def test_rest_of_the_2008_api_is_over(server):
    """Other operations get what the service has answered since 2019."""
    answer = send(server, "GET", "/?Operation=GetHIT")

    assert answer.status == 403
    assert b"This Requester API is no longer supported." in answer.body


def test_connection_fails_in_the_2008_api(server):
    """An injected connection failure closes the connection."""
    hit_id = publish(server.client())
    fault = server.mturk.fail("ExtendHIT", "ConnectionError")

    with pytest.raises((ConnectionError, OSError)):
        send(server, "GET", f"/onca/xml?{extend(hit_id)}")
    assert fault.happened == 1


def signature(secret):
    text = "AWSMechanicalTurkRequesterExtendHIT2026-01-01T00:00:00Z"
    return base64.b64encode(hmac.digest(secret.encode(), text.encode(), "sha1")).decode()


@pytest.mark.parametrize(
    ("fields", "count"),
    [
        ({"Signature": signature(SECRET)}, 2),
        ({"Signature": signature("another")}, 1),
        ({"Signature": "é"}, 1),
        ({"Signature": signature(""), "AWSAccessKeyId": "AKIANOBODY"}, 1),
    ],
)
def test_signature_of_the_2008_api(fields, count):
    """With credentials, Signature must be that of service, operation and time. [doc]"""
    with MTurkServer(credentials=CREDENTIALS) as server:
        hit_id = publish(server.client())
        answer = send(server, "GET", f"/onca/xml?{extend(hit_id, **fields)}")
        after = server.mturk.hit(hit_id).max_assignments

    assert after == count
    assert (b"AWS.NotAuthorized" in answer.body) == (count == 1)


def test_pages_are_logged_as_calls(server):
    """As in a mock, ExtendHIT is in the log of calls, and externalSubmit is not."""
    hit_id = publish(server.client())
    send(server, "GET", f"/onca/xml?{extend(hit_id)}")
    send(server, "GET", "/mturk/externalSubmit")
    call(server, "GetAccountBalance")

    assert [each.operation for each in server.mturk.calls] == [
        "CreateHIT",
        "ExtendHIT",
        "GetAccountBalance",
    ]
