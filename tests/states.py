"""States as people write them."""

from __future__ import annotations

import json
from typing import Any

from mturk_mock import Snapshot

#: The time of tests, as files have it.
TIME = "2026-01-01T00:00:00Z"
WORKER = "A1WORKER"
OTHER = "A2OTHER"


def load(tmp_path: Any, **content: Any) -> Snapshot:
    """Return what a file of version 1 says, at the time of tests unless said."""
    path = tmp_path / "state.json"
    path.write_text(json.dumps({"version": 1, "now": TIME, **content}))
    return Snapshot.load(path)


def of_hits(*hits: dict[str, Any], **account: Any) -> dict[str, Any]:
    """Return a state of one account with these HITs."""
    return {"accounts": [{"hits": list(hits), **account}]}


def of_works(*works: dict[str, Any], **hit: Any) -> dict[str, Any]:
    """Return a state of one HIT with these assignments."""
    return of_hits({"id": "3HIT", "assignments": list(works), **hit})
