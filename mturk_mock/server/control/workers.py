"""Operations on workers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from mturk_mock.core.ids import WORKER_ID
from mturk_mock.core.quoting import quote
from mturk_mock.model.worker import COUNTRIES
from mturk_mock.server.control.kinds import Choice, Flag, Text, Whole
from mturk_mock.server.control.refusal import not_found
from mturk_mock.server.control.schemas import (
    FLAG,
    MONEY,
    TEXT,
    TEXT_OR_NULL,
    WHOLE,
    a_list,
    an_object,
    write_money,
)
from mturk_mock.server.control.table import (
    ROOT,
    Control,
    Given,
    Member,
    limit,
    operation,
    read_limit,
)
from mturk_mock.workforce.worker import Worker

_MANY: Final = 1_000_000_000

#: The parameters of lists that come in pages.
PAGE: Final = (
    limit("items to return"),
    Member("offset", Whole(), "The number of items to leave out at the start.", default=0),
)
_TRAITS: Final = (
    Member(
        "id",
        Text(
            "a worker ID such as 'A1B2C3D4E5F6G7' (an A, then capital letters and digits, at most "
            "64 characters)",
            WORKER_ID.pattern,
        ),
        "The worker ID; by default a new one.",
    ),
    Member("country", Choice(COUNTRIES), "An ISO 3166 code; US for a new worker."),
    Member(
        "subdivision",
        Text("a subdivision code of ISO 3166-2, such as 'NY'", "[A-Z0-9]{2}"),
        "The state or province, such as NY.",
    ),
    Member("approved", Whole(0, _MANY), "Assignments approved before the server started."),
    Member("rejected", Whole(0, _MANY), "Assignments rejected before the server started."),
    Member("masters", Flag(), "Whether the worker has the Masters qualification."),
    Member("adult", Flag(), "Whether the worker has the Adult qualification."),
)
_WORKER: Final = an_object(
    id=TEXT,
    country=TEXT,
    subdivision=TEXT_OR_NULL,
    approved=WHOLE,
    rejected=WHOLE,
    masters=FLAG,
    adult=FLAG,
    earnings=MONEY,
    qualifications={"type": "object", "additionalProperties": WHOLE},
)


@operation("GET", "/workers", an_object(workers=a_list(_WORKER), total=WHOLE), query=PAGE)
def list_workers(control: Control, given: Given) -> Any:
    """List the workers, ordered by when the server first saw their IDs."""
    with control.backend.transaction():
        return show_page(given, "workers", control.mturk.workers, _show_worker)


@operation("POST", "/workers", _WORKER, members=_TRAITS)
def put_worker(control: Control, given: Given) -> Any:
    """Add a worker, or set traits of the worker with that ID. Omitted traits stay as they are."""
    with control.backend.transaction():
        return _show_worker(control.mturk.worker(**given.body))


@operation("GET", "/workers/{worker_id}", _WORKER)
def get_worker(control: Control, given: Given) -> Any:
    """Get a worker, with earnings in dollars and the values of qualifications by their types."""
    with control.backend.transaction():
        return _show_worker(find_worker(control, given))


def find_worker(control: Control, given: Given) -> Worker:
    """Return the worker of a path; raise Refused if there is none: no path creates one."""
    worker_id = given.path["worker_id"]
    with control.backend.transaction() as (marketplace, _):
        person = marketplace.people.get(worker_id)
        if person is None:
            raise not_found(f"There is no worker {quote(worker_id)}; POST {ROOT}/workers adds one.")
        return Worker(control.backend, person)


def show_page(
    given: Given, name: str, items: Sequence[Any], show: Callable[[Any], Any]
) -> dict[str, Any]:
    """Return a part of a list, and the number of all its items."""
    offset = given.query.get("offset", 0)
    shown = [show(item) for item in items[offset : offset + read_limit(given)]]
    return {name: shown, "total": len(items)}


def _show_worker(worker: Worker) -> dict[str, Any]:
    traits = ("country", "subdivision", "approved", "rejected", "masters", "adult")
    return {
        "id": worker.id,
        **{name: getattr(worker, name) for name in traits},
        "earnings": write_money(worker.earnings),
        "qualifications": worker.qualifications,
    }
