"""Uploaded files at the URLs of GetFileUploadURL. Errors have the format of S3. [assumed]"""

from __future__ import annotations

from typing import Final

from mturk_mock.backend.backend import Backend
from mturk_mock.backend.wire import Response
from mturk_mock.core import file_links
from mturk_mock.core.errors import MTurkError
from mturk_mock.core.file_links import FileLink
from mturk_mock.model.hit import DISPOSED
from mturk_mock.model.marketplace import Marketplace
from mturk_mock.web.visit import XML, Visit, page

_REFUSAL: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{}</Code><Message>{}</Message></Error>'
)


def read_file(backend: Backend, visit: Visit) -> Response:
    """Return a file's bytes, for 60 seconds and only until its HIT is disposed. [doc]"""
    if visit.method not in ("GET", "HEAD"):
        return _refused(405, "MethodNotAllowed", "Read the file by GET.")
    with backend.transaction() as (marketplace, now):
        link = file_links.read_file_link(visit.url, backend.sites.files, marketplace.ids.seed)
        if link is None:
            return _refused(
                403, "SignatureDoesNotMatch", "GetFileUploadURL did not return this URL."
            )
        if now >= link.expires:
            return _refused(403, "AccessDenied", "Request has expired")
        content = _content(marketplace, link)
    if content is None:
        return _refused(404, "NoSuchKey", "The file was deleted together with its HIT.")
    return page(200, content, "application/octet-stream")


def _content(marketplace: Marketplace, link: FileLink) -> bytes | None:
    try:
        account, assignment = marketplace.find_assignment(link.assignment_id)
    except MTurkError:  # the mock was reset
        return None
    if account.hits[assignment.hit_id].status == DISPOSED:
        return None
    return (assignment.files or {}).get(link.question_identifier)


def _refused(status: int, code: str, message: str) -> Response:
    return page(status, _REFUSAL.format(code, message), XML)
