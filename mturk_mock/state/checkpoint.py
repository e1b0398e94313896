"""Checkpoints: the exact state of a marketplace, written and read fast.

A snapshot file is written for people and checked like their input. A checkpoint is written by
the mock for itself: it keeps every field of every object, and the positions of the random
streams, so that a marketplace read from it continues exactly as the one written would. Reading
runs no code from the file: it creates objects of the classes in `OBJECTS`, `VALUES` and
`CONTAINERS` only.

The format is JSON lines, compressed by zlib:

1. The header: ``{"format": 1, "kinds": [[name, [field, ...]], ...], "objects": [count, ...]}``.
   The number of a kind is its position in ``kinds``, counted from 1; 0 stands for plain JSON
   values. ``objects`` has the number of objects of each kind that are created before any is filled.
2. Texts: ``[kind, [text, ...]]``, the next values of ``str``, ``Decimal`` or ``bytes`` (Base64).
3. Batches: ``[kind, column, ...]`` with a column for each field of a class or item of a tuple, and
   ``[kind, lengths, column]`` with the items of all lists, sets or dicts (a dict's keys, then its
   values). The first object is the marketplace.

A column is ``[kind, entries]`` or, if its entries are of several kinds, ``[kinds, entries]``. An
entry is a plain value, or the number of a value or an object among those of its kind; null is
None. A batch refers only to values of earlier lines, and to any object. Equal texts and equal
values are written once. An object that others share is one object again.

Not written: `UNSAVED`, and the events that visitors have scheduled. A change of the model that
changes `KINDS` needs a new `FORMAT`, or `read_checkpoint` must upgrade the older one.
"""

from __future__ import annotations

import json
import re
import zlib
from base64 import b64decode, b64encode
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import fields
from decimal import Decimal
from functools import partial
from itertools import chain, compress, starmap
from operator import attrgetter
from random import Random
from typing import Any, Final, NamedTuple

from mturk_mock.core.clock import Clock, Event, Schedule
from mturk_mock.core.idempotency import Tokens
from mturk_mock.core.ids import Ids
from mturk_mock.core.indexes import Index, Ordered
from mturk_mock.core.quoting import list_names, quote
from mturk_mock.model.account import Account, Block, Bonus
from mturk_mock.model.activity import LONGEST, Activity, Entry
from mturk_mock.model.assignment import Assignment
from mturk_mock.model.hit import HIT, Counts, HITType, Properties, Uptake
from mturk_mock.model.ledger import Ledger, SandboxLedger, Spent
from mturk_mock.model.marketplace import Marketplace
from mturk_mock.model.notification import Message, Setting, Specification
from mturk_mock.model.offers import Offers
from mturk_mock.model.policies import (
    Action,
    Extension,
    Finding,
    KnownAnswers,
    Plurality,
    ReviewPolicies,
)
from mturk_mock.model.qualification import Examination, Grant, QualificationType, Register, Request
from mturk_mock.model.requirement import Requirement
from mturk_mock.model.worker import Email, Person, Record

FORMAT: Final = 1

_LEVEL: Final = 1  # of zlib
_TEXTS_IN_LINE: Final = 1000
_LONG_ID: Final = 12  # characters; a worker ID of the service has at least 13

#: Fields that are not written, and are None or empty after reading: numbers that mean something
#: only within one process, the time at which a callback holds the clock, and the data of visitors.
UNSAVED: Final[dict[type[Any], tuple[str, ...]]] = {
    Marketplace: ("generation", "memories"),
    Clock: ("_held", "_earliest"),
    **dict.fromkeys((HIT, Assignment, Request, Person), ("generation",)),
}


def _fields(class_: Any) -> tuple[str, ...]:
    """Return the fields of a dataclass that are written."""
    names = (field.name for field in fields(class_))
    return tuple(name for name in names if name not in UNSAVED.get(class_, ()))


_MARKETPLACE: Final = (
    *("clock", "ids", "schedule", "activity", "accounts", "people", "layouts", "emails"),
    *("outbox", "notifications", "registers", "starting_balance", "offers"),
)
_REGISTER: Final = (
    *("environment", "schedule", "activity", "requests", "submitted", "waiting", "types"),
    *("_types_by_name", "_type_lists"),
)
_LEDGER: Final = ("_funds", "_held", "spent")
#: The fields of objects that change, or that are compared by identity.
OBJECTS: Final[dict[type[Any], tuple[str, ...]]] = {
    Marketplace: _MARKETPLACE,
    Clock: ("_rate", "_since", "_offset"),
    Ids: ("seed", "_streams", "_chosen", "_drawn"),
    Schedule: _fields(Schedule),
    Activity: ("entries", "noted", "calls"),
    Offers: ("_accounts", "_found", "_seen"),
    Register: _REGISTER,
    Ledger: _LEDGER,
    SandboxLedger: _LEDGER,
    Index: Index.__slots__,
    Ordered: Ordered.__slots__,
    **{
        class_: _fields(class_)
        for class_ in (
            *(Account, Tokens, Spent, Setting, Message, HITType, HIT, Uptake, Assignment),
            *(ReviewPolicies, QualificationType, Grant, Request, Person, Record),
        )
    },
}
#: The fields of values, which never change and are compared by their fields.
VALUES: Final[dict[type[Any], tuple[str, ...]]] = {
    Event: Event._fields,
    Counts: Counts._fields,
    **{
        class_: _fields(class_)
        for class_ in (
            *(Properties, Requirement, Specification, Examination, Bonus, Block, Entry, Email),
            *(Extension, KnownAnswers, Plurality, Action, Finding),
        )
    },
}


class Container(NamedTuple):
    """How to create an empty container, to take its items, and to put them into an empty one."""

    create: Callable[[], Any]
    take: Callable[[Any], Collection[Any]]
    put: Callable[[Any, list[Any]], object]


def _take_dict(container: dict[Any, Any]) -> Collection[Any]:
    return [*container, *container.values()]


def _put_dict(container: dict[Any, Any], items: list[Any]) -> None:
    half = len(items) // 2
    for key, value in zip(items[:half], items[half:], strict=True):
        container[key] = value


def _take_random(stream: Random) -> Collection[Any]:
    return stream.getstate()[1]  # type: ignore[no-any-return]


def _put_random(stream: Random, items: list[Any]) -> None:
    stream.setstate((stream.VERSION, tuple(items), None))


CONTAINERS: Final[dict[type[Any], Container]] = {
    list: Container(list, list, list.extend),
    deque: Container(deque, list, deque.extend),
    set: Container(set, sorted, set.update),
    dict: Container(dict, _take_dict, _put_dict),
    defaultdict: Container(partial(defaultdict, deque), _take_dict, _put_dict),
    Counter: Container(Counter, _take_dict, _put_dict),
    Random: Container(partial(Random, 0), _take_random, _put_random),
}
#: Values with any number of items, and how to take them in a defined order.
SEQUENCES: Final[dict[type[Any], Callable[[Any], Sequence[Any]]]] = {
    tuple: tuple,
    frozenset: sorted,
}
#: Values written as texts, with functions to write and to read them.
TEXTS: Final[dict[type[Any], tuple[Callable[[Any], str], Callable[[str], Any]]]] = {
    str: (str, str),
    Decimal: (str, Decimal),
    bytes: (lambda value: b64encode(value).decode(), b64decode),
    type: (attrgetter("__name__"), {"Action": Action, "Finding": Finding}.__getitem__),
}

#: The fields of each kind, by its name: the table that a checkpoint begins with.
KINDS: Final[dict[str, tuple[str, ...]]] = {
    **{class_.__name__: () for class_ in (*TEXTS, *SEQUENCES, *CONTAINERS)},
    **{class_.__name__: names for class_, names in (VALUES | OBJECTS).items()},
}
_CLASSES: Final = {
    class_.__name__: class_ for class_ in (*TEXTS, *SEQUENCES, *CONTAINERS, *VALUES, *OBJECTS)
}
_NUMBERS: Final[dict[type[Any], int]] = {
    **{_CLASSES[name]: number for number, name in enumerate(KINDS, 1)},
    **dict.fromkeys((type(None), bool, int), 0),
}

_Column = list[Any]  # the kind or the kinds, and the entries


def write_checkpoint(marketplace: Marketplace) -> bytes:
    """Return the checkpoint of a marketplace, whose clock must not be held."""
    return pack_checkpoint(take_checkpoint(marketplace))


class Parts(NamedTuple):
    """The content of a checkpoint, which later changes of the marketplace do not change."""

    objects: list[int]
    texts: dict[int, list[str]]
    batches: list[list[Any]]


def take_checkpoint(marketplace: Marketplace) -> Parts:
    """Copy the content of a checkpoint; no transaction may be running."""
    return _Walk().take(marketplace)


def rename(parts: Parts, old: str, new: str) -> Parts:
    """Return the content with another ID instead of the ID `old`.

    An ID as long as the service's is also replaced within texts; a shorter one can be a word.
    """
    word = re.compile(rf"(?<![A-Z0-9]){old}(?![A-Z0-9])" if len(old) >= _LONG_ID else rf"\A{old}\Z")
    strings = _NUMBERS[str]
    renamed = [word.sub(new, text) for text in parts.texts[strings]]
    return parts._replace(texts={**parts.texts, strings: renamed})


def pack_checkpoint(parts: Parts) -> bytes:
    """Return the checkpoint with this content."""
    packer = zlib.compressobj(_LEVEL)
    lines = (json.dumps(line, separators=(",", ":")).encode() for line in _lines(parts))
    packed = [packer.compress(line + b"\n") for line in lines]
    return b"".join((*packed, packer.flush()))


def _lines(parts: Parts) -> Iterator[Any]:
    kinds = [[name, names] for name, names in KINDS.items()]
    yield {"format": FORMAT, "kinds": kinds, "objects": parts.objects}
    for kind, texts in parts.texts.items():
        for start in range(0, len(texts), _TEXTS_IN_LINE):
            yield [kind, texts[start : start + _TEXTS_IN_LINE]]
    yield from parts.batches


def _take_events(schedule: Schedule) -> list[Event]:
    """Return the events in order, without those of visitors, whose account has no requester."""
    return [event for event in schedule.events() if event.account[0]]


#: How to take a field that is not written as it is. The marketplace has one schedule, so that
#: no other object gets the `id()` of its new list.
_TAKES: Final[dict[str, Callable[[Any], Any]]] = {"_heap": _take_events}


#: How to take the items of a value.
_ROWS: Final[dict[type[Any], Callable[[Any], Sequence[Any]]]] = {
    **SEQUENCES,
    **{class_: attrgetter(*names) for class_, names in VALUES.items()},
}


class _Walk:
    """A walk through a marketplace, which numbers its objects and takes their fields by columns."""

    def __init__(self) -> None:
        self._texts: dict[type[Any], dict[str, int]] = {class_: {} for class_ in TEXTS}
        self._values: dict[type[Any], dict[Any, int]] = defaultdict(dict)
        self._objects: dict[type[Any], dict[int, int]] = defaultdict(dict)
        self._found: dict[type[Any], list[Any]] = {}  # objects whose fields are still to be taken
        self._batches: list[list[Any]] = []

    def take(self, marketplace: Marketplace) -> Parts:
        self._number_objects(Marketplace, [marketplace])
        while self._found:
            class_ = next(iter(self._found))
            self._take_fields(class_, self._found.pop(class_))
        counts = [len(self._objects[_CLASSES[name]]) for name in KINDS]
        texts = {_NUMBERS[class_]: list(known) for class_, known in self._texts.items()}
        return Parts(counts, texts, self._batches)

    def _take_fields(self, class_: type[Any], objects: list[Any]) -> None:
        batch: list[Any] = [_NUMBERS[class_]]
        if class_ in CONTAINERS:
            taken = list(map(CONTAINERS[class_].take, objects))
            batch += (list(map(len, taken)), self._column(list(chain.from_iterable(taken))))
        else:
            takes = (_TAKES.get(name, attrgetter(name)) for name in OBJECTS[class_])
            batch += [self._column(list(map(take, objects))) for take in takes]
        self._batches.append(batch)

    def _column(self, values: list[Any]) -> _Column:
        """Return the column of these values, after the batches of what they refer to."""
        classes = dict.fromkeys(map(type, values))
        if not classes.keys() <= _NUMBERS.keys():
            return self._column(list(map(_plain, values)))
        if len(classes) == 1:
            (class_,) = classes
            return [_NUMBERS[class_], self._entries(class_, values)]
        each = {
            class_: iter(
                self._entries(class_, [value for value in values if type(value) is class_])
            )
            for class_ in classes
        }
        entries = [next(each[type(value)]) for value in values]
        kinds = {_NUMBERS[class_] for class_ in classes if class_ is not type(None)}
        if len(kinds) <= 1:
            return [next(iter(kinds), 0), entries]
        return [[_NUMBERS[type(value)] for value in values], entries]

    def _entries(self, class_: type[Any], values: list[Any]) -> list[Any]:
        if not _NUMBERS[class_]:
            return values
        if class_ in TEXTS:
            return self._number_texts(class_, values)
        if class_ in VALUES or class_ in SEQUENCES:
            return self._number_values(class_, values)
        return self._number_objects(class_, values)

    def _number_texts(self, class_: type[Any], values: list[Any]) -> list[int]:
        known, write = self._texts[class_], TEXTS[class_][0]
        return [known.setdefault(text, len(known)) for text in map(write, values)]

    def _number_objects(self, class_: type[Any], objects: list[Any]) -> list[int]:
        known, found = self._objects[class_], []
        for each in objects:
            if id(each) not in known:
                known[id(each)] = len(known)
                found.append(each)
        if found:
            self._found.setdefault(class_, []).extend(found)
        return [known[id(each)] for each in objects]

    def _number_values(self, class_: type[Any], values: list[Any]) -> list[int]:
        distinct = {id(value): value for value in values}
        rows = list(zip(distinct, map(_ROWS[class_], distinct.values()), strict=True))
        numbers: dict[int, int] = {}
        for length in dict.fromkeys(len(row) for _, row in rows):
            same = {id_: row for id_, row in rows if len(row) == length}
            numbers.update(zip(same, self._number_rows(class_, list(same.values())), strict=True))
        return [numbers[id(value)] for value in values]

    def _number_rows(self, class_: type[Any], rows: list[Sequence[Any]]) -> list[int]:
        """Number values of the same length, given their items, and add a batch of new ones."""
        items = [list(each) for each in zip(*rows, strict=True)]
        columns = [self._column(each) for each in items]
        cells = ((map(type, each), column[1]) for each, column in zip(items, columns, strict=True))
        keys = list(zip(*chain.from_iterable(cells), strict=True)) or [()]
        known = self._values[class_]
        is_new = []
        for key in keys:
            is_new.append(key not in known)
            known.setdefault(key, len(known))
        if any(is_new):
            new = (_select(column, is_new) for column in columns)
            self._batches.append([_NUMBERS[class_], *new])
        return [known[key] for key in keys]


def _plain(value: Any) -> Any:
    """Return the str or int in an object of a subclass, such as an Enum; other values as is."""
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return int.__int__(value)
    if type(value) not in _NUMBERS:
        raise TypeError(f"a checkpoint cannot contain {quote(value)}")
    return value


def _select(column: _Column, chosen: list[bool]) -> _Column:
    kind, entries = column
    kinds = kind if isinstance(kind, int) else list(compress(kind, chosen))
    return [kinds, list(compress(entries, chosen))]


# Reading ----------------------------------------------------------------------------------


class UnknownModel(ValueError):
    """The checkpoint was written by a version of mturk_mock with other classes or fields."""


def read_checkpoint(content: bytes) -> Marketplace:
    """Return the marketplace of a checkpoint, with None as its generation.

    Raises ValueError if the content is not a checkpoint of this format. Values are not checked:
    the caller compares a digest of the content.
    """
    try:
        text = zlib.decompress(content)
        header, *lines = text.splitlines()
        return _Reading(json.loads(header), len(text)).read(map(json.loads, lines))
    except UnknownModel:
        raise
    except _DAMAGE as problem:
        details = f"{type(problem).__name__}: {problem}"
        raise ValueError(f"the content is not a checkpoint, or damaged ({details})") from None


#: What reading anything but a checkpoint raises.
_DAMAGE: Final = (
    *(zlib.error, ValueError, TypeError, LookupError, AttributeError),
    *(ArithmeticError, RecursionError),
)


def _read_classes(header: dict[str, Any]) -> list[type[Any]]:
    """Return the classes of the header by number, from 1; the fields must be those of `KINDS`."""
    if header["format"] != FORMAT:
        raise UnknownModel(f"the checkpoint has format {quote(header['format'])}, not {FORMAT}")
    for name, names in header["kinds"]:
        if name not in KINDS:
            raise UnknownModel(
                f"the checkpoint has objects of the class {quote(name)}, which this version of "
                "mturk_mock does not know: read it with the version that wrote it"
            )
        if tuple(names) != KINDS[name]:
            raise UnknownModel(
                f"the checkpoint has the fields {list_names(names)} of the class {name}, and this "
                f"version of mturk_mock {list_names(KINDS[name])}: read it with the version that "
                "wrote it"
            )
    return [object, *(_CLASSES[name] for name, _ in header["kinds"])]


class _Reading:
    """The objects and values that the lines of a checkpoint have described so far."""

    def __init__(self, header: Any, size: int) -> None:
        self._classes = _read_classes(header)
        if sum(header["objects"]) > size:
            raise ValueError("more objects than characters")
        numbered = zip(self._classes[1:], header["objects"], strict=True)
        self._tables = [[], *(_create(class_, count) for class_, count in numbered)]
        self._filled = [0] * len(self._classes)

    def read(self, lines: Iterable[Any]) -> Marketplace:
        for kind, *columns in lines:
            class_ = self._classes[kind]
            if class_ in TEXTS:
                self._tables[kind] += map(TEXTS[class_][1], columns[0])
            elif class_ in VALUES or class_ in SEQUENCES:
                self._tables[kind] += self._make_values(class_, columns)
            elif class_ in CONTAINERS:
                self._fill_containers(kind, class_, *columns)
            else:
                self._fill_objects(kind, class_, columns)
        return self._finish()

    def _make_values(self, class_: type[Any], columns: list[_Column]) -> Iterable[Any]:
        rows = list(zip(*map(self._read_column, columns), strict=True)) or [()]
        return map(class_, rows) if class_ in SEQUENCES else starmap(class_, rows)

    def _fill_containers(
        self, kind: int, class_: type[Any], lengths: list[int], column: _Column
    ) -> None:
        items, put, end = self._read_column(column), CONTAINERS[class_].put, 0
        for container, length in zip(self._next(kind, len(lengths)), lengths, strict=True):
            start, end = end, end + length
            put(container, items[start:end])

    def _fill_objects(self, kind: int, class_: type[Any], columns: list[_Column]) -> None:
        objects = self._next(kind, len(columns[0][1]))
        for name, column in zip(OBJECTS[class_], columns, strict=True):
            for each, value in zip(objects, self._read_column(column), strict=True):
                object.__setattr__(each, name, value)
        for name in UNSAVED.get(class_, ()):
            for each in objects:
                setattr(each, name, None)

    def _next(self, kind: int, count: int) -> list[Any]:
        """Return the next objects of a kind to be filled."""
        start = self._filled[kind]
        self._filled[kind] += count
        return self._tables[kind][start : start + count]

    def _read_column(self, column: _Column) -> list[Any]:
        kind, entries = column
        if not kind:
            return entries  # type: ignore[no-any-return]
        if isinstance(kind, int):
            table = self._tables[kind]
            return [None if entry is None else table[entry] for entry in entries]
        tables, pairs = self._tables, zip(kind, entries, strict=True)
        return [tables[number][entry] if number else entry for number, entry in pairs]

    def _finish(self) -> Marketplace:
        for class_, table, filled in zip(self._classes, self._tables, self._filled, strict=True):
            if (class_ in OBJECTS or class_ in CONTAINERS) and filled != len(table):
                raise ValueError(f"{filled} of {len(table)} objects of {class_.__name__}")
        marketplace: Marketplace = self._tables[_NUMBERS[Marketplace]][0]
        marketplace.memories = {}
        marketplace.activity.entries = deque(marketplace.activity.entries, LONGEST)
        return marketplace


def _create(class_: type[Any], count: int) -> list[Any]:
    """Return new objects of a class, without fields or items."""
    empty = CONTAINERS.get(class_)
    create = partial(class_.__new__, class_) if empty is None else empty.create
    return [create() for _ in range(count)]
