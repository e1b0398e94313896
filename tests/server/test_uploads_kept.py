"""Uploaded files of a server with a state file."""

from __future__ import annotations

import hashlib

import httpx

from mturk_mock import parse_answers
from mturk_mock.server import MTurkServer, journal
from tests.helpers import SCHEMAS, html_question, publish
from tests.servers import control_client


def test_upload_in_a_field_named_sha256(tmp_path, monkeypatch):
    """A file is found again when the records are replayed, whatever the name of its field."""
    question = (
        f'<QuestionForm xmlns="{SCHEMAS}2005-10-01/QuestionForm.xsd"><Question>'
        "<QuestionIdentifier>sha256</QuestionIdentifier><QuestionContent><Text>?</Text>"
        "</QuestionContent><AnswerSpecification><FileUploadAnswer><MaxFileSizeInBytes>1000"
        "</MaxFileSizeInBytes><MinFileSizeInBytes>1</MinFileSizeInBytes></FileUploadAnswer>"
        "</AnswerSpecification></Question></QuestionForm>"
    )
    monkeypatch.setattr(journal, "QUICK", 0.0)  # leaves out the last checkpoint
    with MTurkServer(state=tmp_path / "state.db") as server:
        hit_id = publish(server.client(), Question=question)
        server.mturk.worker().accept(hit_id).submit({"sha256": b"content"})
    with MTurkServer(state=tmp_path / "state.db") as server:
        (assignment,) = server.client().list_assignments_for_hit(HITId=hit_id)["Assignments"]
        upload = server.client().get_file_upload_url(
            AssignmentId=assignment["AssignmentId"], QuestionIdentifier="sha256"
        )

    assert upload["FileUploadURL"]


def test_upload_of_a_page(tmp_path, monkeypatch):
    """A file that a page has posted is still there after a restart; the journal has its digest."""
    page = "<form method=post enctype=multipart/form-data><input type=file name=photo></form>"
    monkeypatch.setattr(journal, "QUICK", 0.0)  # leaves out the last checkpoint
    with MTurkServer(state=tmp_path / "state.db") as server:
        hit_id = publish(server.client(), Question=html_question(page))
        work = server.mturk.worker().accept(hit_id)
        answer = httpx.post(
            f"{server.url}/mturk/externalSubmit",
            data={"assignmentId": work.id},
            files={"photo": ("cat.png", b"\x89PNG\r\n")},
        )
        assert answer.status_code == 200
    with MTurkServer(state=tmp_path / "state.db") as server, control_client(server) as control:
        client = server.client()
        (assignment,) = client.list_assignments_for_hit(HITId=hit_id)["Assignments"]
        link = client.get_file_upload_url(AssignmentId=work.id, QuestionIdentifier="photo")
        content = httpx.get(link["FileUploadURL"]).content
        entries = control.get("journal").json()["entries"]

    assert parse_answers(assignment["Answer"]) == {"photo": {"key": f"{work.id}/photo", "size": 6}}
    assert content == b"\x89PNG\r\n"
    (submitted,) = [entry["body"] for entry in entries if entry["kind"] == "submit"]
    digest = hashlib.sha256(content).hexdigest()
    assert submitted["files"] == {"photo": {"sha256": digest}}
