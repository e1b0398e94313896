"""Uploaded files of a server with a state file."""

from __future__ import annotations

from mturk_mock.server import MTurkServer, journal
from tests.helpers import SCHEMAS, publish


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
