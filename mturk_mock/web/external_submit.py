"""externalSubmit: submit a worker's assignment with the form of a page.

The status codes and texts of the responses are the mock's own. [assumed]
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from mturk_mock.backend.backend import Backend
from mturk_mock.backend.wire import Response
from mturk_mock.core.errors import MTurkError
from mturk_mock.model.assignment import ACCEPTED
from mturk_mock.questions.question import PREVIEW_ASSIGNMENT_ID
from mturk_mock.web.visit import Visit, page
from mturk_mock.workforce.hit import Assignment

PATH: Final = "/mturk/externalSubmit"


def submit(backend: Backend, visit: Visit, environment: str) -> Response:
    """Submit the assignment named by the field assignmentId, by GET or POST. [doc]

    The other fields are its answers, and files of a multipart form are uploaded. [assumed] A
    preview submits nothing [doc]; neither does HEAD, which gets the same response as GET. [assumed]
    """
    if visit.method not in ("GET", "HEAD", "POST"):
        return page(405, f"Send the form by GET or POST, not {visit.method}.")
    form = visit.form()
    assignment_id = form.fields.get("assignmentId")
    if not assignment_id:
        return page(400, "The form has no field assignmentId, which names the assignment.")
    if assignment_id == PREVIEW_ASSIGNMENT_ID:
        return page(400, "This is a preview: accept the HIT first. Nothing was submitted.")
    fields: dict[str, str | bytes] = {**form.fields, **form.files}
    return _submit_fields(backend, assignment_id, fields, environment, visit.method != "HEAD")


def _submit_fields(
    backend: Backend,
    assignment_id: str,
    fields: Mapping[str, str | bytes],
    environment: str,
    submits: bool,
) -> Response:
    with backend.transaction() as (marketplace, _):
        try:
            account, assignment = marketplace.find_assignment(assignment_id)
        except MTurkError as error:
            return page(404, error.message)
        if account.environment != environment:
            return page(404, _elsewhere(backend, assignment_id, account.environment, environment))
        if assignment.status != ACCEPTED:
            return page(409, f"Assignment {assignment_id} is already {assignment.status}.")
        try:
            if submits:
                Assignment(backend, assignment).submit(fields, check=False)
        except (TypeError, ValueError) as problem:
            return page(400, f"The form cannot be submitted: {problem}.")
    return page(200, f"Assignment {assignment_id} was submitted. Thank you.")


def _elsewhere(backend: Backend, assignment_id: str, home: str, here: str) -> str:
    return (
        f"Assignment {assignment_id} does not exist in the {here} environment. It belongs to the "
        f"{home} environment: send the form to {backend.sites.submit_to[home]}{PATH}."
    )
