"""What a requester writes to a worker with a review."""

from __future__ import annotations

import re
from typing import Final

from mturk_mock.core import errors

LONGEST: Final = 1024  # characters [doc]

_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")


def check_feedback(parameter: str, value: str) -> None:
    """Raise InvalidParameterValue for what is too long or holds control characters. [doc]"""
    if len(value) > LONGEST or _CONTROL.search(value):
        raise errors.INVALID_PARAMETER_VALUE(value=value, parameter=parameter)
