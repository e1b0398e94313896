"""externalSubmit: the page of an ExternalQuestion submits a worker's assignment."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from mturk_mock import parse_answers
from tests.helpers import (
    NOTHING,
    NOW,
    abandoned,
    accepted,
    answers,
    external_question,
    free_text,
    handed_in,
    html_question,
    question_form,
    returned,
    shown,
)
from tests.web.test_files import form

pytestmark = pytest.mark.mock_mturk(seed=1, now=NOW)

PRODUCTION = "https://www.mturk.com/mturk/externalSubmit"
SANDBOX = "https://workersandbox.mturk.com/mturk/externalSubmit"


@pytest.fixture
def assignment(mturk, mturk_client):
    return accepted(mturk_client, mturk.worker(), Question=external_question())


def post(assignment_id, url=PRODUCTION, **fields):
    return requests.post(url, data={"assignmentId": assignment_id, **fields})


def said(answer):
    return answer.status_code, answer.text


# What is taken ----------------------------------------------------------------------------


def test_external_submit_by_post(assignment, mturk_client):
    """Each field is an answer. [doc] The text of the response is the mock's own. [assumed]"""
    answer = post(assignment.id, colour="red", note="ä & <b>")
    assert said(answer) == (200, f"Assignment {assignment.id} was submitted. Thank you.")
    assert shown(mturk_client, assignment)["Answer"] == answers(
        free_text("colour", "red"), free_text("note", "&#228; &amp; &lt;b&gt;")
    )


def test_external_submit_by_get(assignment):
    """[doc]"""
    answer = requests.get(PRODUCTION, params={"assignmentId": assignment.id, "colour": "red"})
    assert answer.status_code == 200
    assert assignment.answer == answers(free_text("colour", "red"))


def test_external_submit_with_the_assignment_in_the_address(assignment):
    """The assignmentId can be in the URL of the form. [assumed]"""
    url = f"{PRODUCTION}?assignmentId={assignment.id}"
    assert requests.post(url, data={"colour": "red"}).status_code == 200
    assert assignment.answer == answers(free_text("colour", "red"))


def test_external_submit_to_where_the_url_of_the_assignment_says(assignment):
    """A page submits to turkSubmitTo with the assignmentId from its own URL. [doc]"""
    query = parse_qs(urlsplit(assignment.url).query)
    url = query["turkSubmitTo"][0] + "/mturk/externalSubmit"
    assert post(query["assignmentId"][0], url, done="yes").status_code == 200
    assert assignment.status == "Submitted"


def test_external_submit_to_the_sandbox(mturk, mturk_sandbox_client):
    """[doc]"""
    assignment = accepted(mturk_sandbox_client, mturk.worker(), Question=external_question())
    assert post(assignment.id, SANDBOX, colour="red").status_code == 200
    assert assignment.answer == answers(free_text("colour", "red"))


def test_external_submit_as_multipart(assignment):
    """A multipart form is accepted."""
    parts = {"assignmentId": (None, assignment.id), "colour": (None, "grün")}
    assert requests.post(PRODUCTION, files=parts).status_code == 200
    assert assignment.answer == answers(free_text("colour", "gr&#252;n"))


def upload(assignment, **files):
    """Submit a form with files, each a tuple of its name and content."""
    parts = {"assignmentId": (None, assignment.id), **files}
    assert requests.post(PRODUCTION, files=parts).status_code == 200
    return parse_answers(assignment.answer)


def test_external_submit_of_a_file(mturk_client, assignment):
    """A file of a multipart form is an uploaded file, as of a QuestionForm. [assumed]"""
    found = upload(assignment, picture=("cat.png", b"\r\n--meow\x00"), note=(None, "x"))
    assert found == {"note": "x", "picture": {"key": f"{assignment.id}/picture", "size": 9}}
    link = mturk_client.get_file_upload_url(
        AssignmentId=assignment.id, QuestionIdentifier="picture"
    )
    assert requests.get(link["FileUploadURL"]).content == b"\r\n--meow\x00"


def test_external_submit_of_two_files_of_one_name(assignment):
    """The last file of a name counts. [assumed]"""
    boundary, file = (
        b"--x\r\n",
        b'Content-Disposition: form-data; name="a"; filename="%d"\r\n\r\n%b\r\n',
    )
    id_ = b'Content-Disposition: form-data; name="assignmentId"\r\n\r\n%b\r\n'
    parts = (b"", id_ % assignment.id.encode(), file % (1, b"1"), file % (2, b"22"))
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    requests.post(PRODUCTION, data=boundary.join(parts) + b"--x--", headers=headers)
    assert parse_answers(assignment.answer)["a"]["size"] == 2


@pytest.mark.parametrize("content", [("", b""), ("cat.png", b"")])
def test_external_submit_of_no_file(assignment, content):
    """An input without a file, and an empty file, send nothing. [assumed]"""
    assert upload(assignment, picture=content, note=(None, "x")) == {"note": "x"}


def test_external_submit_of_the_name_of_a_file(mturk, mturk_client):
    """A form that is not multipart sends the names of files. [doc] HTML"""
    question = html_question("<form><input type=file name=picture></form>")
    assignment = accepted(mturk_client, mturk.worker(), Question=question)
    assert post(assignment.id, picture="cat.png").status_code == 200
    assert assignment.answer == answers(free_text("picture", "cat.png"))


def test_external_submit_of_the_files_of_a_question_form(mturk, mturk_client):
    """The files of a form answer the questions for files, and others that are not asked."""
    assignment = accepted(mturk_client, mturk.worker(), Question=form())
    found = upload(assignment, picture=("cat.png", b"meow"), other=("a", b"1"))
    assert found == {
        "picture": {"key": f"{assignment.id}/picture", "size": 4},
        "note": "",
        "other": {"key": f"{assignment.id}/other", "size": 1},
    }


def test_external_submit_of_a_file_for_a_text(mturk, mturk_client):
    """A file is no answer to a question for a text. [assumed]"""
    assignment = accepted(mturk_client, mturk.worker(), Question=form())
    parts = {"assignmentId": (None, assignment.id), "note": ("a", b"1")}
    assert said(requests.post(PRODUCTION, files=parts)) == (
        400,
        "The form cannot be submitted: field 'note' takes text or a number, not b'1'.",
    )


def test_external_submit_of_an_id_in_a_file(assignment):
    """The assignmentId is a text."""
    answer = requests.post(PRODUCTION, files={"assignmentId": ("a", assignment.id.encode())})
    assert said(answer)[0] == 400
    assert assignment.status == "Accepted"


def test_external_submit_as_multipart_with_parts_that_are_no_fields(mturk):
    """Parts without names, and nested parts, are not fields."""
    body = (
        b"--x\r\nContent-Type: text/plain\r\n\r\nnobody's\r\n"
        b'--x\r\nContent-Disposition: form-data; name="assignmentId"\r\n'
        b"Content-Type: multipart/mixed; boundary=y\r\n\r\n--y\r\n\r\n1\r\n--y--\r\n--x--\r\n"
    )
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    answer = requests.post(PRODUCTION, data=body, headers=headers)
    assert answer.text == "The form has no field assignmentId, which names the assignment."


def test_external_submit_of_reserved_fields(assignment):
    """The field assignmentId is not an answer. [doc]"""
    post(assignment.id, hitId="x", workerId="x", turkSubmitTo="x", colour="red")
    assert assignment.answer == answers(free_text("colour", "red"))


def test_external_submit_of_a_field_twice(assignment):
    """Of fields with the same name one counts [doc], the last. [assumed]"""
    fields = [("assignmentId", assignment.id), ("colour", "red"), ("colour", "blue")]
    requests.post(PRODUCTION, data=fields)
    assert assignment.answer == answers(free_text("colour", "blue"))


def test_external_submit_of_an_empty_field(assignment):
    """[observed] for a QuestionForm; [assumed]"""
    post(assignment.id, colour="")
    assert assignment.answer == answers(free_text("colour", ""))


def test_external_submit_of_no_fields(assignment):
    """[assumed]"""
    assert post(assignment.id).status_code == 200
    assert assignment.answer == answers()


def test_external_submit_of_a_page_in_a_frame(mturk, mturk_client):
    """The form of an HTMLQuestion is sent to the same URL. [doc]"""
    assignment = accepted(mturk_client, mturk.worker(), Question=html_question())
    assert post(assignment.id, colour="red").status_code == 200
    assert assignment.answer == answers(free_text("colour", "red"))


def test_external_submit_after_the_hit_expired(assignment, mturk_client):
    """An accepted assignment can be submitted until its own deadline. [doc]"""
    mturk_client.update_expiration_for_hit(HITId=assignment.hit_id, ExpireAt=0)
    assert post(assignment.id).status_code == 200


# What is refused --------------------------------------------------------------------------


def test_external_submit_from_a_preview(assignment):
    """A preview submits nothing. [doc]"""
    assert said(post("ASSIGNMENT_ID_NOT_AVAILABLE", colour="red")) == (
        400,
        "This is a preview: accept the HIT first. Nothing was submitted.",
    )
    assert assignment.status == "Accepted"


@pytest.mark.parametrize("fields", [{}, {"colour": "red"}, {"assignmentId": ""}])
def test_external_submit_without_an_assignment(mturk, fields):
    """[assumed]"""
    assert said(requests.post(PRODUCTION, data=fields)) == (
        400,
        "The form has no field assignmentId, which names the assignment.",
    )


def test_external_submit_of_an_unknown_assignment(mturk):
    """[assumed]"""
    assert said(post(NOTHING)) == (404, f"Assignment {NOTHING} does not exist.")


def test_external_submit_of_the_sandbox_to_production(mturk, mturk_sandbox_client):
    """The environments share nothing [doc]; the text names the right URL. [assumed]"""
    assignment = accepted(mturk_sandbox_client, mturk.worker())
    assert said(post(assignment.id)) == (
        404,
        f"Assignment {assignment.id} does not exist in the production environment. It "
        f"belongs to the sandbox environment: send the form to {SANDBOX}.",
    )
    assert assignment.status == "Accepted"


def test_external_submit_of_production_to_the_sandbox(assignment):
    """The environments share nothing. [doc]"""
    answer = post(assignment.id, SANDBOX)
    assert answer.status_code == 404
    assert answer.text.endswith(f"send the form to {PRODUCTION}.")
    assert assignment.status == "Accepted"


@pytest.mark.parametrize("end", [handed_in, returned, abandoned])
def test_external_submit_of_closed_work(mturk, assignment, end):
    """[assumed]"""
    end(mturk, assignment)
    before = assignment.status, assignment.answer
    assert said(post(assignment.id, colour="red")) == (
        409,
        f"Assignment {assignment.id} is already {assignment.status}.",
    )
    assert (assignment.status, assignment.answer) == before


def test_external_submit_of_what_xml_cannot_carry(assignment):
    """[assumed]"""
    assert said(post(assignment.id, colour="\x00")) == (
        400,
        r"The form cannot be submitted: field 'colour' contains '\x00', which XML does not allow.",
    )
    assert assignment.status == "Accepted"


def test_external_submit_of_what_a_form_has_not(mturk, mturk_client):
    """Fields that a QuestionForm does not ask for are text answers, after the others. [assumed]"""
    assignment = accepted(mturk_client, mturk.worker(), Question=question_form(name=None))
    assert post(assignment.id, colour="red").status_code == 200
    assert assignment.answer == answers(free_text("name", ""), free_text("colour", "red"))


def test_external_submit_is_not_checked(mturk, mturk_client):
    """The page's rules are not checked, because programs can bypass them. [doc] not guaranteed"""
    question = question_form(colour=["red"])
    assignment = accepted(mturk_client, mturk.worker(), Question=question)
    assert post(assignment.id, colour="blue").status_code == 200
    assert "<SelectionIdentifier>blue</SelectionIdentifier>" in assignment.answer


def test_external_submit_of_text_for_a_file(mturk, mturk_client):
    """[assumed]"""
    assignment = accepted(mturk_client, mturk.worker(), Question=form())
    answer = post(assignment.id, picture="cat.png")
    assert answer.status_code == 400
    assert "'picture' takes the bytes of a file" in answer.text


def test_external_submit_by_another_method(assignment):
    """[assumed]"""
    answer = requests.put(PRODUCTION, data={"assignmentId": assignment.id})
    assert said(answer) == (405, "Send the form by GET or POST, not PUT.")
