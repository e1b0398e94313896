"""The type of a boto3 client of Mechanical Turk, where type checkers can know it.

That is where `types-boto3-mturk` is installed; elsewhere it is Any. Nothing of it is
loaded at run time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types_boto3_mturk.client import MTurkClient
else:
    MTurkClient = Any

__all__ = ["MTurkClient"]
