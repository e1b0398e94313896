"""Read a HITId from a string, a handle or a response of boto3."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mturk_mock.core.quoting import quote
from mturk_mock.model.marketplace import Marketplace
from mturk_mock.workforce.handle import id_in
from mturk_mock.workforce.hit import HIT

#: A HITId, a handle, or a response of ``create_hit`` or ``get_hit``, whole or its "HIT" alone.
AnyHIT = str | HIT | Mapping[str, Any]


def read_hit_id(taker: str, marketplace: Marketplace, given: Any) -> str:
    """Return the HITId of an argument of type `AnyHIT`.

    Raises TypeError for another type, with `taker`, the name of the method, in the message;
    RuntimeError for a handle of a HIT that the marketplace does not have.
    """
    found = given
    if isinstance(found, Mapping):
        found = found.get("HIT", found)
    if isinstance(found, Mapping):
        found = found.get("HITId")
    if not isinstance(found, (str, HIT)):
        raise TypeError(
            f"{taker} takes a HITId, a HIT as in mturk.hits, or what create_hit() returned, "
            f"not {quote(given)}"
        )
    hit_id: str = id_in(marketplace, found)
    return hit_id
