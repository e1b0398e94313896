"""Files that workers uploaded in answer to a QuestionForm."""

from __future__ import annotations

from mturk_mock.core import errors
from mturk_mock.core.file_links import LIFETIME, FileLink
from mturk_mock.model.assignment import VISIBLE
from mturk_mock.model.hit import DISPOSED
from mturk_mock.operations.registry import Call, Result, operation


@operation("GetFileUploadURL")
def get_file_upload_url(call: Call, *, assignment_id: str, question_identifier: str) -> Result:
    """Return an address at which a file can be read for 60 seconds. [doc]

    Work that was not submitted, or whose HIT is deleted, does not exist [assumed]; a
    question without a file is a value that is not valid. [assumed]
    """
    assignment = call.account.assignment(assignment_id)
    hit = call.account.hits[assignment.hit_id]
    if assignment.status not in VISIBLE or hit.status == DISPOSED:
        raise errors.ASSIGNMENT_DOES_NOT_EXIST(id=assignment_id)
    if question_identifier not in (assignment.files or {}):
        raise errors.INVALID_PARAMETER_VALUE(
            value=question_identifier, parameter="QuestionIdentifier"
        )
    link = FileLink(assignment_id, question_identifier, call.now + LIFETIME)
    return {"FileUploadURL": link.address(call.ids.seed)}
