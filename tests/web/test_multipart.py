"""Forms sent as multipart/form-data, including hostile ones."""

from __future__ import annotations

import time

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from mturk_mock import parse_answers
from mturk_mock.web.multipart import read_fields
from tests.helpers import NOW, accepted, external_question
from tests.web.test_external_submit import PRODUCTION, SANDBOX, said

pytestmark = pytest.mark.mock_mturk(seed=1, now=NOW)

LEGACY = "https://mechanicalturk.amazonaws.com/"
NO_ASSIGNMENT = (400, "The form has no field assignmentId, which names the assignment.")

#: Pieces of contents that look like parts of the form, but are not: no line begins with "--x".
PIECE = st.sampled_from(
    [b"\r\n", b"\n", b"\r", b"--", b" --x", b"a--x--", b"\r\n--y", b" ", b"\x00\xff"]
)

#: The most processor time of a request, in seconds.
LONGEST = 1


@pytest.fixture
def assignment(mturk, mturk_client):
    return accepted(mturk_client, mturk.worker(), Question=external_question())


def send(body, content_type="multipart/form-data; boundary=x", url=PRODUCTION):
    """Send a form; the response must take less than a second of processor time."""
    start = time.process_time()
    answer = requests.post(url, data=body, headers={"Content-Type": content_type})
    assert time.process_time() - start < LONGEST
    return answer


def part(disposition, content=b"", more=b""):
    return b"--x\r\nContent-Disposition: " + disposition + b"\r\n" + more + b"\r\n" + content


def submitted(assignment, *parts, content_type="multipart/form-data; boundary=x"):
    """Submit an assignment with a form of these parts; return its answers."""
    first = part(b'form-data; name="assignmentId"', assignment.id.encode() + b"\r\n")
    answer = send(first + b"".join(parts) + b"--x--\r\n", content_type)
    assert answer.status_code == 200
    return parse_answers(assignment.answer)


# Reading ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("disposition", "fields"),
    [
        (b'form-data; name="a b;c=d"', {"a b;c=d": "1"}),
        (b"form-data; name=a", {"a": "1"}),
        (b'form-data; NAME="a"', {"a": "1"}),
        (b'form-data; name="say \\"a\\\\b\\""', {'say "a\\b"': "1"}),
        ('form-data; name="grün"'.encode(), {"grün": "1"}),
        (b'form-data;\r\n name="a"', {"a": "1"}),
        (b'form-data; name="a', {"a": "1"}),
        (b'form-data; name="a\\', {"a": "1"}),
        (b'form-data; name="a"; name="b"', {"a": "1"}),
        (b'form-data; name="a"; filename=""', {}),
        (b'form-data; filename="a.txt"', {}),
        (b"form-data", {}),
    ],
)
def test_multipart_name(assignment, disposition, fields):
    """The name of a part is its parameter "name"; one with an empty filename is no field."""
    assert submitted(assignment, part(disposition, b"1\r\n")) == fields


@pytest.mark.parametrize(
    "content_type",
    [
        'multipart/form-data; boundary="x"',
        "Multipart/Form-Data; charset=utf-8; BOUNDARY=x",
        'multipart/form-data; a="boundary=y"; boundary=x',
    ],
)
def test_multipart_boundary(assignment, content_type):
    """The boundary may be quoted, and may follow other parameters."""
    found = submitted(assignment, part(b"form-data; name=a", b"1\r\n"), content_type=content_type)
    assert found == {"a": "1"}


@pytest.mark.parametrize(
    "content",
    [b"", b"1", b"one\r\n\r\ntwo\r\n", b"--xy\r\n--", b"a --x\r\n--x b", b"\r\n"],
)
def test_multipart_content(assignment, content):
    """The content ends before the line end of the next boundary, and can be anything else."""
    found = submitted(assignment, part(b"form-data; name=a", content + b"\r\n"))
    assert found == {"a": content.decode()}


def test_multipart_without_the_last_boundary(assignment):
    """A truncated form is read to its end."""
    first = part(b'form-data; name="assignmentId"', assignment.id.encode() + b"\r\n")
    assert send(first + part(b"form-data; name=a", b"1")).status_code == 200
    assert parse_answers(assignment.answer) == {"a": "1"}


def test_multipart_after_the_last_boundary(assignment):
    """Text after the last boundary is ignored."""
    last = b"--x--\r\n" + part(b"form-data; name=b", b"2\r\n")
    assert submitted(assignment, part(b"form-data; name=a", b"1\r\n"), last) == {"a": "1"}


def test_multipart_without_boundary():
    """A form whose Content-Type has no boundary has no fields."""
    assert said(send(b"--x\r\n", "multipart/form-data")) == NO_ASSIGNMENT


# Bounds -------------------------------------------------------------------------------------


@pytest.mark.parametrize("url", [PRODUCTION, SANDBOX, LEGACY])
@pytest.mark.parametrize("letters", [";" * 60_000, "(" * 60_000, "a=b;" * 15_000, '"\\' * 30_000])
def test_multipart_with_a_long_content_type(url, letters):
    """A Content-Type of more than 8,192 bytes is refused at once."""
    answer = send(b"--x--", f"multipart/form-data; boundary=x{letters}", url)
    expected = f"The Content-Type is {31 + len(letters)} bytes long; at most 8192 are allowed."
    assert said(answer) == (431, expected)


@pytest.mark.parametrize("name", [b"Content-Disposition", b"Content-Type", b"X"])
@pytest.mark.parametrize("letters", [b";" * 60_000, b"(" * 60_000, b'; a="\\' * 10_000])
def test_multipart_with_a_long_header_of_a_part(name, letters):
    """A part whose head has more than 8,192 bytes is refused at once."""
    head = b"\r\n" + name + b": " + letters
    answer = send(b"--x" + head + b"\r\n\r\n1\r\n--x--")
    expected = (
        f"The head of a part of the form is {len(head)} bytes long; at most 8192 are allowed."
    )
    assert said(answer) == (431, expected)


@pytest.mark.parametrize(
    "letters", [b";", b"(", b'"', b"\\", b'; a="', b'; a="\\', b" ", b"=", b"\0"]
)
def test_multipart_with_a_hostile_header(letters):
    """A header just below the limit is read without an error."""
    letters = letters * (5_000 // len(letters))
    assert said(send(part(b"form-data; " + letters, b"1\r\n") * 10)) == NO_ASSIGNMENT
    answer = send(b"--x\r\n", f"multipart/form-data; {letters.decode()}".strip().replace("\0", ""))
    assert said(answer) == NO_ASSIGNMENT


@pytest.mark.parametrize(
    "body",
    [
        b"--x\r\n" * 12_000,
        b"-" * 60_000,
        b"\r\n--" * 15_000,
        b"\r\n--x" * 12_000,
        b"--x" + b" " * 60_000,
        b"--x\r\n\r\n" + b"\r\n" * 30_000,
        b"--x--" * 12_000,
        part(b"form-data; name=a", b"1\r\n") * 1_200,
    ],
    ids=range(8),
)
def test_multipart_with_many_parts(body):
    """Thousands of parts, boundaries and line ends take less than a second."""
    assert said(send(body)) == NO_ASSIGNMENT


def test_multipart_with_too_many_parts():
    """A form has 20,000 fields and files at most."""
    assert said(send(b"--x\r\n" * 20_000)) == NO_ASSIGNMENT
    too_many = (413, "The form has more than 20000 fields.")
    assert said(send(b"--x\r\n" * 20_001)) == too_many
    assert said(send(b"--x\r\n" * 90_000)) == too_many


def test_urlencoded_with_too_many_fields():
    """A form that is not multipart has 20,000 fields at most too."""
    form = "application/x-www-form-urlencoded"
    assert said(send(b"a&" * 19_999, form)) == NO_ASSIGNMENT
    assert said(send(b"a&" * 20_000, form)) == (413, "The form has more than 20000 fields.")


@given(contents=st.lists(st.lists(PIECE, max_size=6).map(b"".join), max_size=4), last=PIECE)
def test_multipart_contents_are_kept(contents, last):
    """Each part of a form has the bytes that were sent, whatever they look like."""
    named = [(f"n{n}", content) for n, content in enumerate(contents)]
    parts = (
        part(b'form-data; name="%b"; filename=f' % name.encode(), content + b"\r\n")
        for name, content in named
    )
    body = b"".join(parts) + b"--x--\r\n" + last
    assert list(read_fields("multipart/form-data; boundary=x", body)) == named
