"""The table of operations of the control API: routes, checks of input and OpenAPI come from it.

To add an operation, write a function with the decorator `operation` in a module that `api.py`
imports.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias
from urllib.parse import unquote

from mturk_mock.backend.backend import Backend
from mturk_mock.core.quoting import list_names, quote
from mturk_mock.core.spelling import close_to
from mturk_mock.mock.mturk import MTurk
from mturk_mock.server.access import Passes
from mturk_mock.server.control.events import Events
from mturk_mock.server.control.kinds import Kind, Schema, Whole, WrongValue
from mturk_mock.server.control.refusal import invalid_input, not_found, wrong_method
from mturk_mock.server.journal import Journal

#: The path of the control API.
ROOT: Final = "/_mturk"
#: The longest body in bytes, except for snapshots. A submitted file has base64 in it.
MAX_BODY: Final = 16 * 1024 * 1024

#: The default number of items in a list.
_SHOWN: Final = 100

# The content types of results:
JSON: Final = "application/json"
EVENT_STREAM: Final = "text/event-stream"


@dataclass(frozen=True)
class Control:
    """What the operations act on.

    ``started``: when the server started, by `read_stopwatch`. ``needs_token``: whether requests
    must have a token. ``journal``: that of the state file, None without one. ``passes``: the
    sessions and invitations of the worker site.
    """

    backend: Backend
    mturk: MTurk
    events: Events
    started: float
    needs_token: bool
    journal: Journal | None
    passes: Passes


@dataclass(frozen=True)
class Member:
    """A member of a body, a parameter of a query, or a header.

    ``default``: for the documentation.
    """

    name: str
    kind: Kind
    doc: str
    required: bool = False
    default: Any = None

    @property
    def schema(self) -> Schema:
        """The JSON Schema, with what the member means."""
        default = {} if self.default is None else {"default": self.default}
        return {**self.kind.schema, "description": self.doc, **default}


@dataclass(frozen=True)
class Given:
    """The input of a request, checked by the table; omitted members are left out.

    ``content``: the body as it was sent. ``headers``: those that the operation names.
    """

    path: Mapping[str, str]
    query: Mapping[str, Any] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)
    content: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


#: Returns what is answered as JSON, or bytes that are JSON, or an iterator of server-sent events.
Handler: TypeAlias = Callable[[Control, Given], Any]


@dataclass(frozen=True)
class Operation:
    """An operation: its method and path, its input and its result.

    - ``path``: below `ROOT`, with names in braces.
    - ``result``: the JSON Schema of the result.
    - ``members``, ``query``: what the body and the query can have. A body is an object.
    - ``least``: the number of members that a body needs.
    - ``takes_file``: whether the body is a file of JSON, which the handler reads.
    - ``conflicts``: exceptions of the handler which mean that the state does not allow it.
    - ``max_body``: the longest body in bytes.
    - ``headers``: those that it reads, as texts.
    - ``content_type``: that of the result.
    """

    method: str
    path: str
    handler: Handler
    result: Schema
    members: tuple[Member, ...] = ()
    query: tuple[Member, ...] = ()
    least: int = 0
    takes_file: bool = False
    conflicts: tuple[type[Exception], ...] = ()
    max_body: int = MAX_BODY
    headers: tuple[Member, ...] = ()
    content_type: str = JSON

    @property
    def name(self) -> str:
        """The name: that of its function."""
        return self.handler.__name__

    def read_query(self, pairs: list[tuple[str, str]]) -> dict[str, Any]:
        """Return the parameters of a query."""
        given = dict(pairs)
        if len(given) < len(pairs):
            raise invalid_input("A parameter of the query is given twice.")
        readers = {each.name: each.kind.read_text for each in self.query}
        return _read("The query", given, self.query, readers)

    def read_members(self, content: Any) -> dict[str, Any]:
        """Return the members of a body."""
        if not isinstance(content, dict):
            raise invalid_input(f"The body takes an object, not {quote(content)}.")
        readers = {each.name: each.kind.read for each in self.members}
        found = _read("The body", content, self.members, readers)
        if len(found) < self.least:
            raise invalid_input(f"The body needs {self.least} or more of {list_names(readers)}.")
        return found


def _read(
    place: str,
    given: Mapping[str, Any],
    members: tuple[Member, ...],
    readers: Mapping[str, Callable[[Any], Any]],
) -> dict[str, Any]:
    """Return the values by name; raise Refused for an unknown, missing or wrong one."""
    for name in given:
        if name not in readers:
            names = list_names(readers) or "nothing"
            hint = close_to(name, list(readers))
            raise invalid_input(f"{place} has no {quote(name)}{hint}; it takes {names}.")
    for member in members:
        if member.required and member.name not in given:
            raise invalid_input(f"{place} needs {member.name}: {member.doc}")
    return {name: _read_value(name, value, readers[name]) for name, value in given.items()}


def _read_value(name: str, value: Any, read: Callable[[Any], Any]) -> Any:
    try:
        return read(value)
    except WrongValue as wrong:
        raise invalid_input(f"{name} {wrong}.") from None


#: All operations, in the order in which the modules add them.
TABLE: Final[list[Operation]] = []


def operation(
    method: str, path: str, result: Schema, **options: Any
) -> Callable[[Handler], Handler]:
    """Add a function to the table. Its docstring is the documentation of the operation.

    The parameters are the attributes of `Operation`.
    """

    def add(handler: Handler) -> Handler:
        TABLE.append(Operation(method, path, handler, result, **options))
        return handler

    return add


def find_operation(method: str, path: str) -> tuple[Operation, dict[str, str]]:
    """Return the operation for a path as it was sent, and the values of the path's names."""
    found = [(each, names) for each in TABLE if (names := _match(each.path, path)) is not None]
    if not found:
        raise not_found(
            f"The control API has no address {quote(path)}; {ROOT}/openapi.json describes it."
        )
    for each, names in found:
        if each.method == ("GET" if method == "HEAD" else method):
            return each, names
    methods = [each.method for each, _ in found]
    raise wrong_method(method, [*methods, *(["HEAD"] if "GET" in methods else [])])


def _match(template: str, path: str) -> dict[str, str] | None:
    """Return the values of a template's names; None if the path is another one."""
    wanted, given = f"{ROOT}{template}".split("/"), path.split("/")
    if len(wanted) != len(given):
        return None
    names = {}
    for part, segment in zip(wanted, map(unquote, given), strict=True):
        if part.startswith("{") and segment:
            names[part.strip("{}")] = segment
        elif part != segment:
            return None
    return names


def limit(what: str) -> Member:
    """Return the parameter for the largest number of items in a list."""
    return Member("limit", Whole(0, 1000), f"The number of {what}.", default=_SHOWN)


def read_limit(given: Given) -> int:
    """Return the largest number of items in a list."""
    wanted: int = given.query.get("limit", _SHOWN)
    return wanted


def read_number(given: Given, what: str, first: int, last: int) -> int:
    """Return the number in a path; raise Refused if nothing has that number."""
    text = given.path["number"]
    if not re.fullmatch("[0-9]{1,16}", text) or not first <= int(text) <= last:
        numbers = f"the numbers are from {first} to {last}" if last >= first else "there is none"
        raise not_found(f"There is no {what} {quote(text)}; {numbers}.")
    return int(text)
