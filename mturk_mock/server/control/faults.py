"""Operations on faults: API calls that fail."""

from __future__ import annotations

from typing import Any, Final, get_args

from mturk_mock.backend.faults import AFTER, BEFORE, Fault
from mturk_mock.backend.service_model import by_spelling
from mturk_mock.mock.failure_names import ErrorName
from mturk_mock.server.control.kinds import Choice, Either, Null, Number, Several, Text, Whole
from mturk_mock.server.control.schemas import FLAG, TEXT, WHOLE, a_list, an_object
from mturk_mock.server.control.table import Control, Given, Member, operation, read_number

#: The lowest rate, in calls per second: less than a call in a day.
_SLOWEST: Final = 0.00001

_OPERATION: Final = Choice(by_spelling())
_FAULT: Final = an_object(
    number=WHOLE,
    operations={"type": ["array", "null"], "items": TEXT},
    error=TEXT,
    times={"type": ["integer", "null"]},
    after=WHOLE,
    rate={"type": ["number", "null"]},
    when={"type": "string", "enum": [BEFORE, AFTER]},
    happened=WHOLE,
    stopped=FLAG,
)
_FAULTS: Final = an_object(faults=a_list(_FAULT))
_MEMBERS: Final = (
    Member(
        "operation",
        Either(_OPERATION, Several(_OPERATION), Null()),
        "An operation of the API, such as CreateHIT, or several; null for all.",
    ),
    Member(
        "error",
        Either(
            Choice(get_args(ErrorName)),
            Text("a TurkErrorCode that starts with AWS.", r"AWS\.[A-Za-z.]+"),
        ),
        "The error: of the service, or ConnectionError, ReadTimeout or ConnectTimeout.",
        default="ServiceFault",
    ),
    Member(
        "times",
        Either(Whole(1), Null()),
        "The number of calls that fail; null for no limit.",
        default=1,
    ),
    Member("after", Whole(), "The number of calls that pass first.", default=0),
    Member(
        "rate",
        Either(Number(_SLOWEST), Null()),
        "Calls per second above which calls fail; null for any rate.",
    ),
    Member(
        "when",
        Choice((BEFORE, AFTER)),
        "Whether calls fail before the operation, or after it, so that it takes effect.",
        default=BEFORE,
    ),
    Member("message", Either(Text(), Null()), "Replaces the service's message."),
)


@operation("GET", "/faults", _FAULTS)
def list_faults(control: Control, given: Given) -> Any:
    """List the faults, oldest first, including those that are over."""
    with control.backend.transaction():
        faults = enumerate(control.mturk.faults, 1)
        return {"faults": [_show_fault(number, fault) for number, fault in faults]}


@operation("POST", "/faults", _FAULT, members=_MEMBERS)
def add_fault(control: Control, given: Given) -> Any:
    """Make calls fail."""
    with control.backend.transaction():
        fault = control.mturk.fail(**given.body)
        return _show_fault(len(control.mturk.faults), fault)


@operation("DELETE", "/faults", _FAULTS)
def stop_faults(control: Control, given: Given) -> Any:
    """Stop all faults. They stay in the list, which shows how often they have happened."""
    with control.backend.transaction():
        for fault in control.mturk.faults:
            fault.stop()
        return list_faults(control, given)


@operation("DELETE", "/faults/{number}", _FAULT)
def stop_fault(control: Control, given: Given) -> Any:
    """Stop a fault. It stays in the list, which shows how often it has happened."""
    with control.backend.transaction():
        number = read_number(given, "fault", 1, len(control.mturk.faults))
        fault = control.mturk.faults[number - 1]
        fault.stop()
        return _show_fault(number, fault)


def _show_fault(number: int, fault: Fault) -> dict[str, Any]:
    operation = fault.operation
    names = ("error", "times", "after", "rate", "when", "happened")
    return {
        "number": number,
        "operations": [operation] if isinstance(operation, str) else operation,
        **{name: getattr(fault, name) for name in names},
        "stopped": fault.progress.stopped,
    }
