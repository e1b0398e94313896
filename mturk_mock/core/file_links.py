"""URLs of uploaded files, valid for one minute.

Like S3's URLs, they are signed, not stored: each contains the answer, its expiry time and a
signature. The host is in a reserved domain without servers (RFC 6761), because moto would
answer on amazonaws.com. [assumed]
"""

from __future__ import annotations

import hashlib
import re
from typing import Final, NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit

from mturk_mock.core.clock import SECOND

HOST: Final = "mturk-file-upload.invalid"
LIFETIME: Final = 60 * SECOND  # [doc]

_PARAMETERS: Final = ("AssignmentId", "QuestionIdentifier", "Expires", "Signature")
_MICROSECONDS: Final = re.compile("[0-9]{1,20}")


class FileLink(NamedTuple):
    """The link to a file that answers one question of an assignment.

    ``expires``: in microseconds since 1970.
    """

    assignment_id: str
    question_identifier: str
    expires: int

    def address(self, base: str, seed: int) -> str:
        """Return the URL below `base`, signed with the seed."""
        query = dict(zip(_PARAMETERS, (*self, self._sign(seed)), strict=True))
        return f"{base}?{urlencode(query)}"

    def _sign(self, seed: int) -> str:
        return hashlib.sha256(repr((seed, *self)).encode()).hexdigest()


def read_file_link(url: str, base: str, seed: int) -> FileLink | None:
    """Return the link in a URL; None unless `address` made the URL with these."""
    query = dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))
    assignment_id, question_identifier, expires, _ = (query.get(name, "") for name in _PARAMETERS)
    if not _MICROSECONDS.fullmatch(expires):
        return None
    link = FileLink(assignment_id, question_identifier, int(expires))
    return link if link.address(base, seed) == url else None
