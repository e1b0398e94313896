"""externalSubmit: the form of an external page submits the worker's assignment.

Statuses and texts of its answers are our own. [assumed]
"""

from __future__ import annotations

from typing import Final

from mturk_mock.backend.backend import Backend
from mturk_mock.backend.wire import Response
from mturk_mock.core.errors import MTurkError
from mturk_mock.model.assignment import ACCEPTED
from mturk_mock.questions.question import PREVIEW_ASSIGNMENT_ID
from mturk_mock.web.visit import Visit, page
from mturk_mock.workforce.hit import SUBMIT_TO, Assignment

PATH: Final = "/mturk/externalSubmit"


def submit(backend: Backend, visit: Visit, environment: str) -> Response:
    """Submit the assignment that the field assignmentId names, by GET or POST. [doc]

    The other fields are its answers. Nothing is submitted from a preview [doc], nor by HEAD,
    which is answered as GET. [assumed]
    """
    if visit.method not in ("GET", "HEAD", "POST"):
        return page(405, f"A form is sent here by GET or POST, not {visit.method}.")
    fields = visit.fields()
    assignment_id = fields.get("assignmentId")
    if not assignment_id:
        return page(400, "The form has no field assignmentId, which says whose work it is.")
    if assignment_id == PREVIEW_ASSIGNMENT_ID:
        return page(400, "This is a preview: accept the HIT first. Nothing was submitted.")
    return _hand_in(backend, assignment_id, fields, environment, visit.method != "HEAD")


def _hand_in(
    backend: Backend, assignment_id: str, fields: dict[str, str], environment: str, submits: bool
) -> Response:
    with backend.transaction() as (marketplace, _):
        try:
            account, assignment = marketplace.find_assignment(assignment_id)
        except MTurkError as error:
            return page(404, error.message)
        if account.environment != environment:
            return page(404, _elsewhere(assignment_id, account.environment, environment))
        if assignment.status != ACCEPTED:
            return page(409, f"Assignment {assignment_id} is {assignment.status} already.")
        try:
            if submits:
                Assignment(backend, assignment).submit(fields, check=False)
        except (TypeError, ValueError) as problem:
            return page(400, f"The form cannot be submitted: {problem}.")
    return page(200, f"Assignment {assignment_id} was submitted. Thank you.")


def _elsewhere(assignment_id: str, home: str, here: str) -> str:
    return (
        f"Assignment {assignment_id} does not exist in the {here} environment. It is of the "
        f"{home} environment, whose forms are sent to {SUBMIT_TO[home]}{PATH}."
    )
