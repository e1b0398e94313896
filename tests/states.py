"""Helpers for tests of state files: files as a person writes them."""

from __future__ import annotations

import json
from typing import Any

from mturk_mock import Snapshot

#: The time of tests, as written in files.
TIME = "2026-01-01T00:00:00Z"
WORKER = "A1WORKER"
OTHER = "A2OTHER"


def load(tmp_path: Any, **content: Any) -> Snapshot:
    """Save a file of version 1 and load it; its time is that of the tests by default."""
    path = tmp_path / "state.json"
    path.write_text(json.dumps({"version": 1, "now": TIME, **content}))
    return Snapshot.load(path)


def of_hits(*hits: dict[str, Any], **account: Any) -> dict[str, Any]:
    """Return a state of one account with these HITs."""
    return {"accounts": [{"hits": list(hits), **account}]}


def of_works(*works: dict[str, Any], **hit: Any) -> dict[str, Any]:
    """Return a state of one HIT with these assignments."""
    return of_hits({"id": "3HIT", "assignments": list(works), **hit})
