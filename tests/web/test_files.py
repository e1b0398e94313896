"""Uploaded files: a worker answers a QuestionForm with a file, and the requester reads it."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
import requests

from mturk_mock import MTurkError, mock_mturk, parse_answers
from tests.helpers import (
    NOTHING,
    NOW,
    SCHEMAS,
    accepted,
    answers,
    foreign_client,
    free_text,
    invalid_value,
    no_such_assignment,
    publish,
    refusal,
    shown,
    told_apart,
)

moto = pytest.importorskip("moto", reason="moto needs a newer boto3 than we do")


pytestmark = pytest.mark.mock_mturk(seed=1, now=NOW)

PICTURE = b"\x89PNG\r\n\x1a\n"


def form(smallest: object = 2, largest: object = 10, version: str = "2005-10-01") -> str:
    """Return a QuestionForm that asks for a picture and a note."""
    return (
        f'<QuestionForm xmlns="{SCHEMAS}{version}/QuestionForm.xsd">'
        + _question(
            "picture",
            f"<FileUploadAnswer><MaxFileSizeInBytes>{largest}</MaxFileSizeInBytes>"
            f"<MinFileSizeInBytes>{smallest}</MinFileSizeInBytes></FileUploadAnswer>",
        )
        + _question("note", "<FreeTextAnswer/>")
        + "</QuestionForm>"
    )


def _question(name: str, answer: str) -> str:
    return (
        f"<Question><QuestionIdentifier>{name}</QuestionIdentifier><QuestionContent>"
        f"<Text>?</Text></QuestionContent><AnswerSpecification>{answer}</AnswerSpecification>"
        "</Question>"
    )


def uploaded(client, worker, content=PICTURE, **params):
    """Return an assignment submitted with a picture."""
    return accepted(client, worker, Question=form(), **params).submit({"picture": content})


def link_to(client, assignment, question="picture"):
    call = client.get_file_upload_url
    return call(AssignmentId=assignment.id, QuestionIdentifier=question)["FileUploadURL"]


# Uploading --------------------------------------------------------------------------------


def test_submit_a_file(mturk, mturk_client):
    """The answer has size and key, in this order [doc]; the key is the mock's own. [assumed]"""
    assignment = accepted(mturk_client, mturk.worker(), Question=form())
    assignment.submit({"picture": PICTURE, "note": "a cat"})
    assert shown(mturk_client, assignment)["Answer"] == answers(
        "<QuestionIdentifier>picture</QuestionIdentifier>"
        "<UploadedFileSizeInBytes>8</UploadedFileSizeInBytes>"
        f"<UploadedFileKey>{assignment.id}/picture</UploadedFileKey>",
        free_text("note", "a cat"),
    )


def test_submit_no_file(mturk, mturk_client):
    """A question without a file has an answer with only its identifier. [assumed]"""
    assignment = accepted(mturk_client, mturk.worker(), Question=form())
    assignment.submit({"picture": None})
    assert assignment.answer == answers(
        "<QuestionIdentifier>picture</QuestionIdentifier>", free_text("note", "")
    )
    assert (
        refusal(
            mturk_client.get_file_upload_url,
            AssignmentId=assignment.id,
            QuestionIdentifier="picture",
        )
        == invalid_value("picture", "QuestionIdentifier").stamped()
    )


@pytest.mark.parametrize("content", [b"12", bytearray(10)], ids=["smallest", "largest"])
def test_submit_a_file_of_a_size_at_the_limit(mturk, mturk_client, content):
    """MinFileSizeInBytes and MaxFileSizeInBytes themselves are allowed. [doc]"""
    assignment = uploaded(mturk_client, mturk.worker(), content)
    assert requests.get(link_to(mturk_client, assignment)).content == content


@pytest.mark.parametrize("size", [0, 1, 11])
def test_submit_a_file_of_a_size_beyond_the_limits(mturk, mturk_client, size):
    """A file outside the limits is refused, and the worker can submit again. [doc] the limits"""
    assignment = accepted(mturk_client, mturk.worker(), Question=form())
    with pytest.raises(ValueError, match=f"takes a file of 2 to 10 bytes, not of {size};"):
        assignment.submit({"picture": bytes(size)})
    assert assignment.status == "Accepted"
    assignment.submit({"picture": PICTURE})


def test_submit_text_where_a_file_is_asked_for(mturk, mturk_client):
    assignment = accepted(mturk_client, mturk.worker(), Question=form())
    with pytest.raises(TypeError, match=r"'picture' takes the bytes of a file, not 'cat.png'"):
        assignment.submit({"picture": "cat.png"})
    assert assignment.status == "Accepted"


def test_submit_a_file_where_text_is_asked_for(mturk, mturk_client):
    assignment = accepted(mturk_client, mturk.worker(), Question=form())
    with pytest.raises(TypeError, match="field 'note' takes text or a number, not b'x'"):
        assignment.submit({"note": b"x"})


def test_submit_a_file_too_late_keeps_nothing(mturk, mturk_client):
    """A refused submission keeps no file."""
    assignment = uploaded(mturk_client, mturk.worker())
    with pytest.raises(MTurkError):
        assignment.submit({"picture": b"another"})
    assert requests.get(link_to(mturk_client, assignment)).content == PICTURE


def test_submit_a_document_that_names_a_file(mturk, mturk_client):
    """An answer document is kept unchanged, but the file that it names does not exist."""
    document = answers(
        "<QuestionIdentifier>picture</QuestionIdentifier>"
        "<UploadedFileSizeInBytes>8</UploadedFileSizeInBytes><UploadedFileKey>k</UploadedFileKey>"
    )
    assignment = accepted(mturk_client, mturk.worker(), Question=form()).submit(document)
    assert assignment.answer == document
    assert parse_answers(document) == {"picture": {"key": "k", "size": 8}}
    params = {"AssignmentId": assignment.id, "QuestionIdentifier": "picture"}
    assert (
        refusal(mturk_client.get_file_upload_url, **params)
        == invalid_value("picture", "QuestionIdentifier").stamped()
    )


# The form ---------------------------------------------------------------------------------


FORM_2017 = f"{SCHEMAS}2017-11-06/QuestionForm.xsd"


def refused_form(client, question):
    """Return the details in the message of a refused form."""
    code, turk_code, message = refusal(lambda: publish(client, Question=question))
    assert (code, turk_code) == ("ParameterValidationError", None)
    return told_apart(message).words


def test_form_with_the_sizes_in_the_wrong_order(mturk_client):
    """MaxFileSizeInBytes must come before MinFileSizeInBytes. [observed]"""
    swapped = form().replace("Max", "?").replace("Min", "Max").replace("?", "Min")
    assert refused_form(mturk_client, swapped) == (
        "cvc-complex-type.2.4.a: Invalid content was found starting with element "
        f"'MinFileSizeInBytes'. One of '{{\"{SCHEMAS}2005-10-01/QuestionForm.xsd\":"
        "MaxFileSizeInBytes}' is expected."
    )


@pytest.mark.parametrize("size", ["1.5", "many", "²", ""])
def test_form_with_a_size_that_is_no_number(mturk_client, size):
    """Sizes are whole numbers. [doc]"""
    assert refused_form(mturk_client, form(largest=size)) == (
        f"cvc-datatype-valid.1.2.1: '{size}' is not a valid value for 'integer'."
    )


@pytest.mark.parametrize(
    ("size", "facet", "bound"),
    [
        ("0", "minInclusive", 1),
        ("-1", "minInclusive", 1),
        ("2000000001", "maxInclusive", 2_000_000_000),
    ],
)
@pytest.mark.parametrize("which", ["smallest", "largest"])
def test_form_with_a_size_out_of_range(mturk_client, which, size, facet, bound):
    """Both sizes are from 1 to 2,000,000,000. [doc]"""
    assert refused_form(mturk_client, form(**{which: size})) == (
        f"cvc-{facet}-valid: Value '{size}' is not facet-valid with respect to {facet} "
        f"'{bound}' for type 'FileSizeType'."
    )


@pytest.mark.parametrize("size", ["1", " +2000000000 "])
def test_form_with_a_size_at_the_end_of_its_range(mturk_client, size):
    """The ends of the range are allowed. [doc] the range"""
    assert publish(mturk_client, Question=form(1, size))


def test_form_of_2017(mturk_client):
    """QuestionForm 2017-11-06 has no FileUploadAnswer. [doc]"""
    assert refused_form(mturk_client, form(version="2017-11-06")) == (
        "cvc-complex-type.2.4.a: Invalid content was found starting with element "
        f"'FileUploadAnswer'. One of '{{\"{FORM_2017}\":FreeTextAnswer, "
        f'"{FORM_2017}":SelectionAnswer}}\' is expected.'
    )


# GetFileUploadURL -------------------------------------------------------------------------


def test_get_file_upload_url_leads_to_the_file(mturk, mturk_client):
    """[doc]"""
    assignment = uploaded(mturk_client, mturk.worker())
    answer = requests.get(link_to(mturk_client, assignment))
    assert (answer.status_code, answer.content) == (200, PICTURE)
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Length"] == "8"


def test_get_file_upload_url_is_of_an_invalid_host(mturk, mturk_client):
    """Outside a mock the URL leads nowhere: names in .invalid do not resolve (RFC 6761)."""
    parts = urlsplit(link_to(mturk_client, uploaded(mturk_client, mturk.worker())))
    assert parts.scheme == "https"
    assert parts.hostname.endswith(".invalid")


def test_get_file_upload_url_with_moto_begun_before():
    with moto.mock_aws(), mock_mturk() as mturk:
        assignment = uploaded(mturk.client(), mturk.worker())
        assert requests.get(link_to(mturk.client(), assignment)).content == PICTURE


def test_get_file_upload_url_with_moto_begun_inside():
    with mock_mturk() as mturk, moto.mock_aws():
        assignment = uploaded(mturk.client(), mturk.worker())
        assert requests.get(link_to(mturk.client(), assignment)).content == PICTURE


def test_get_file_upload_url_of_the_sandbox(mturk, mturk_sandbox_client):
    assignment = uploaded(mturk_sandbox_client, mturk.worker())
    assert requests.get(link_to(mturk_sandbox_client, assignment)).content == PICTURE


def test_get_file_upload_url_within_a_minute(mturk, mturk_client):
    """The URL is valid for 60 seconds. [doc]"""
    link = link_to(mturk_client, uploaded(mturk_client, mturk.worker()))
    mturk.clock.advance(seconds=59.999999)
    assert requests.get(link).content == PICTURE


def test_get_file_upload_url_after_a_minute(mturk, mturk_client):
    """After 60 seconds the URL is refused [doc], with S3's error. [assumed]"""
    assignment = uploaded(mturk_client, mturk.worker())
    link = link_to(mturk_client, assignment)
    mturk.clock.advance(seconds=60)
    answer = requests.get(link)
    assert (answer.status_code, answer.headers["Content-Type"]) == (
        403,
        "text/xml; charset=utf-8",
    )
    assert answer.text == (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        "<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>"
    )
    assert requests.get(link_to(mturk_client, assignment)).content == PICTURE


def test_get_file_upload_url_of_reviewed_work(mturk, mturk_client):
    """The file is available until the HIT is disposed. [doc]"""
    assignment = uploaded(mturk_client, mturk.worker())
    mturk_client.approve_assignment(AssignmentId=assignment.id)
    assert requests.get(link_to(mturk_client, assignment)).content == PICTURE


def test_get_file_upload_url_of_a_disposed_hit(mturk, mturk_client):
    """The file of a disposed HIT is deleted [doc], with its assignment. [assumed]"""
    assignment = uploaded(mturk_client, mturk.worker())
    mturk_client.approve_assignment(AssignmentId=assignment.id)
    link = link_to(mturk_client, assignment)
    mturk_client.delete_hit(HITId=assignment.hit_id)
    answer = requests.get(link)
    assert answer.status_code == 404
    assert "<Code>NoSuchKey</Code>" in answer.text
    params = {"AssignmentId": assignment.id, "QuestionIdentifier": "picture"}
    assert (
        refusal(mturk_client.get_file_upload_url, **params)
        == no_such_assignment(assignment.id).stamped()
    )


def test_get_file_upload_url_of_an_unknown_assignment(mturk_client):
    """[observed] the text"""
    params = {"AssignmentId": NOTHING, "QuestionIdentifier": "picture"}
    assert (
        refusal(mturk_client.get_file_upload_url, **params) == no_such_assignment(NOTHING).stamped()
    )


@pytest.mark.parametrize("whose", ["the sandbox's", "another requester's"])
def test_get_file_upload_url_of_a_foreign_assignment(mturk, mturk_client, whose):
    """An assignment of another requester does not exist. [assumed]"""
    id_ = uploaded(foreign_client(mturk, whose), mturk.worker()).id
    params = {"AssignmentId": id_, "QuestionIdentifier": "picture"}
    assert refusal(mturk_client.get_file_upload_url, **params) == no_such_assignment(id_).stamped()


def test_get_file_upload_url_of_open_work(mturk, mturk_client):
    """An assignment that was not submitted does not exist. [assumed]"""
    id_ = accepted(mturk_client, mturk.worker(), Question=form()).id
    params = {"AssignmentId": id_, "QuestionIdentifier": "picture"}
    assert refusal(mturk_client.get_file_upload_url, **params) == no_such_assignment(id_).stamped()


@pytest.mark.parametrize("question", ["note", "unknown"])
def test_get_file_upload_url_of_a_question_without_a_file(mturk, mturk_client, question):
    """[assumed]"""
    assignment = uploaded(mturk_client, mturk.worker())
    params = {"AssignmentId": assignment.id, "QuestionIdentifier": question}
    assert (
        refusal(mturk_client.get_file_upload_url, **params)
        == invalid_value(question, "QuestionIdentifier").stamped()
    )


def test_get_file_upload_url_of_a_question_with_a_strange_name(mturk, mturk_client):
    """The identifier can be any text; it is quoted in the URL."""
    name = "../ä b&c=d/?#%41~"
    question = form().replace(">picture<", ">" + name.replace("&", "&amp;") + "<")
    assignment = accepted(mturk_client, mturk.worker(), Question=question)
    assignment.submit({name: PICTURE})
    assert requests.get(link_to(mturk_client, assignment, name)).content == PICTURE


def refused_link(url):
    answer = requests.get(url)
    assert answer.status_code == 403
    assert "<Code>SignatureDoesNotMatch</Code>" in answer.text


def test_link_with_a_later_end(mturk, mturk_client):
    """The expiration in a URL is signed."""
    link = link_to(mturk_client, uploaded(mturk_client, mturk.worker()))
    refused_link(link.replace("Expires=17", "Expires=18"))


@pytest.mark.parametrize("url", ["", "?Expires=never", "?Expires=1767225660000000"])
def test_link_without_signature(mturk, url):
    refused_link(f"https://mturk-file-upload.invalid/{url}")


def test_link_by_post(mturk, mturk_client):
    link = link_to(mturk_client, uploaded(mturk_client, mturk.worker()))
    assert requests.post(link).status_code == 405


def test_link_after_a_reset(mturk, mturk_client):
    """After a reset the file does not exist."""
    link = link_to(mturk_client, uploaded(mturk_client, mturk.worker()))
    mturk.reset()
    assert requests.get(link).status_code == 404


def test_files_are_part_of_the_state(mturk, mturk_client):
    """A file uploaded inside isolated() is forgotten after it."""
    assignment = accepted(mturk_client, mturk.worker(), Question=form())
    with mturk.isolated():
        assignment.submit({"picture": PICTURE})
        link = link_to(mturk_client, assignment)
        assert requests.get(link).content == PICTURE
    assert requests.get(link).status_code == 404
