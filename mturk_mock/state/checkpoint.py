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
2. Texts: ``[kind, [text, ...]]``, the next values of ``str``, ``Decimal``, ``bytes`` (Base64) or
   ``type`` (a class, by its name).
3. Batches: ``[kind, number, column, ...]`` of values or objects from this number on. They have a
   column for each field of a class or item of a tuple, or the column of the lengths of lists, sets
   or dicts, and a column of all their items (two for a dict: keys, values).

A column is ``[kind, entries]``; ``[kind, entry, count]`` if all entries are equal; or
``[kinds, entries]`` if they are of several kinds. An entry is a plain value, or the number of a
value or an object among those of its kind; null is None. A batch refers only to values of earlier
lines, and to any object. Equal texts and equal values are written once, except for values of
`UNIQUE` classes. An object that others share is one object again. The only marketplace is the
result.

Not written: `UNSAVED`, and the events that visitors have scheduled. A change of the model that
changes `KINDS` needs a new `FORMAT`, or `read_checkpoint` must upgrade the older one.
"""

from __future__ import annotations

import gc
import json
import re
import zlib
from base64 import b64decode, b64encode
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields
from decimal import Decimal
from functools import partial
from itertools import chain, compress, count, starmap
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
_BLOCK: Final = 512  # the length of the blocks of an `Ordered`
#: The largest number of objects in a batch. All their fields are taken before the next batch, so
#: that they are still in the processor's cache.
_ROWS_OF_BATCH: Final = 1000

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


#: Values of which a marketplace has no two equal ones, so that looking for these takes no time.
UNIQUE: Final = (Event, Counts)


_Takes = Sequence[Callable[[Any], Collection[Any]]]


class Container(NamedTuple):
    """How to create an empty container, to take its items, and to put them into an empty one.

    `takes`: one function, or two for a dict, whose keys and values are in columns of their own.
    """

    create: Callable[[], Any]
    takes: _Takes
    put: Callable[..., object]


def _itself(container: Collection[Any]) -> Collection[Any]:
    return container


def _put_dict(container: dict[Any, Any], keys: list[Any], values: list[Any]) -> None:
    dict.update(container, zip(keys, values, strict=True))


def _take_ordered(container: Ordered[Any]) -> Collection[Any]:
    return list(chain.from_iterable(_blocks(container)))


_blocks: Final = attrgetter("_blocks")


def _put_ordered(container: Ordered[Any], items: list[Any]) -> None:
    """Put items that may have no number yet, so that `Ordered.add` cannot."""
    starts = range(0, len(items), _BLOCK)
    blocks = [items[start : start + _BLOCK] for start in starts]
    object.__setattr__(container, "_blocks", blocks or [[]])


def _take_random(stream: Random) -> Collection[Any]:
    return stream.getstate()[1]  # type: ignore[no-any-return]


def _put_random(stream: Random, items: list[Any]) -> None:
    stream.setstate((stream.VERSION, tuple(items), None))


_DICT: Final = (_itself, dict.values)
CONTAINERS: Final[dict[type[Any], Container]] = {
    list: Container(list, [_itself], list.extend),
    deque: Container(deque, [_itself], deque.extend),
    set: Container(set, [sorted], set.update),
    dict: Container(dict, _DICT, _put_dict),
    defaultdict: Container(partial(defaultdict, deque), _DICT, _put_dict),
    Counter: Container(Counter, _DICT, _put_dict),
    Ordered: Container(Ordered, [_take_ordered], _put_ordered),
    Random: Container(partial(Random, 0), [_take_random], _put_random),
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
    """Return the heap of events, without those of visitors, whose account has no requester."""
    heap: list[Event] = _heap(schedule)
    kept = [event for event in heap if event.account[0]]
    return heap if len(kept) == len(heap) else sorted(kept)


_heap: Final = attrgetter("_heap")
#: How to take a field that is not written as it is. The marketplace has one schedule, so that
#: no other object gets the `id()` of its new list.
_TAKES: Final[dict[str, Callable[[Any], Any]]] = {"_heap": _take_events}


class _Found(NamedTuple):
    """Objects that have consecutive numbers, and whose fields are still to be taken."""

    class_: type[Any]
    first: int
    objects: list[Any]


class _Walk:
    """A walk through a marketplace, which numbers its objects and takes their fields by columns."""

    def __init__(self) -> None:
        self._texts = {class_: _new_numbers() for class_ in TEXTS}
        self._values = {class_: _new_numbers() for class_ in _CLASSES.values()}
        self._unique = dict.fromkeys(UNIQUE, 0)  # how many there are
        self._objects = {class_: _new_numbers() for class_ in _CLASSES.values()}  # by `id()`
        self._found: list[_Found] = []  # the next is the last
        self._batches: list[list[Any]] = []

    def take(self, marketplace: Marketplace) -> Parts:
        self._number_objects(Marketplace, [marketplace])
        while self._found:
            found = self._found.pop()
            if found.class_ in CONTAINERS:
                columns = self._take_items(CONTAINERS[found.class_].takes, found.objects)
            else:
                columns = self._take_fields(OBJECTS[found.class_], found.objects)
            self._add_batch(found.class_, found.first, columns)
        counts = [len(self._objects[_CLASSES[name]]) for name in KINDS]
        texts = {_NUMBERS[class_]: list(known) for class_, known in self._texts.items()}
        return Parts(counts, texts, self._batches)

    def _take_items(self, takes: _Takes, containers: list[Any]) -> list[_Column]:
        taken = [list(map(take, containers)) for take in takes]
        columns = (self._column(list(chain.from_iterable(items))) for items in taken)
        return [[0, list(map(len, taken[0]))], *columns]

    def _take_fields(self, names: Iterable[str], objects: list[Any]) -> list[_Column]:
        takes = (_TAKES.get(name, attrgetter(name)) for name in names)
        return [self._column(list(map(take, objects))) for take in takes]

    def _add_batch(self, class_: type[Any], first: int, columns: Iterable[_Column]) -> None:
        self._batches.append([_NUMBERS[class_], first, *map(_shorten, columns)])

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
            texts = values if class_ is str else map(TEXTS[class_][0], values)
            return list(map(self._texts[class_].__getitem__, texts))
        if class_ in UNIQUE:
            return self._number_unique(class_, values)
        if class_ in VALUES or class_ in SEQUENCES:
            return self._number_values(class_, values)
        return self._number_objects(class_, values)

    def _number_objects(self, class_: type[Any], objects: list[Any]) -> list[int]:
        known = self._objects[class_]
        before = len(known)
        numbers = list(map(known.__getitem__, map(id, objects)))
        if len(known) > before:
            by_number = dict(zip(numbers, objects, strict=True))
            new = [by_number[number] for number in range(before, len(known))]
            batches = [_Found(class_, before + at, rows) for at, rows in _split(new)]
            self._found += reversed(batches)
        return numbers

    def _number_unique(self, class_: type[Any], values: list[Any]) -> list[int]:
        before = self._unique[class_]
        self._unique[class_] += len(values)
        for at, rows in _split(values):
            self._add_batch(class_, before + at, self._take_fields(VALUES[class_], rows))
        return list(range(before, before + len(values)))

    def _number_values(self, class_: type[Any], values: list[Any]) -> list[int]:
        ids = list(map(id, values))
        distinct = dict(zip(ids, values, strict=True))
        rows = list(zip(distinct, map(_ROWS[class_], distinct.values()), strict=True))
        numbers: dict[int, int] = {}
        for length in dict.fromkeys(len(row) for _, row in rows):
            same = {id_: row for id_, row in rows if len(row) == length}
            numbers.update(zip(same, self._number_rows(class_, list(same.values())), strict=True))
        return list(map(numbers.__getitem__, ids))

    def _number_rows(self, class_: type[Any], rows: list[Sequence[Any]]) -> list[int]:
        """Number values of the same length, given their items, and add a batch of new ones."""
        items = [list(each) for each in zip(*rows, strict=True)]
        columns = [self._column(each) for each in items]
        cells = ((map(type, each), column[1]) for each, column in zip(items, columns, strict=True))
        keys = list(zip(*chain.from_iterable(cells), strict=True)) or [()]
        known = self._values[class_]
        before, is_new = len(known), []
        for key in keys:
            is_new.append(key not in known)
            known[key]  # gives it a number
        if any(is_new):
            self._add_batch(class_, before, [_select(column, is_new) for column in columns])
        return [known[key] for key in keys]


def _split(rows: list[Any]) -> Iterator[tuple[int, list[Any]]]:
    """Yield the rows in batches, each with the position of its first row."""
    for start in range(0, len(rows), _ROWS_OF_BATCH):
        yield start, rows[start : start + _ROWS_OF_BATCH]


def _new_numbers() -> defaultdict[Any, int]:
    """Return a dict that gives each new key the next number, from 0."""
    return defaultdict(count().__next__)


def _shorten(column: _Column) -> _Column:
    """Return a column as one entry and a count if its entries are equal and of one kind."""
    kind, entries = column
    if isinstance(kind, list) or not _are_equal(entries):
        return column
    return [kind, entries[0], len(entries)]


def _are_equal(entries: list[Any]) -> bool:
    """Return whether a column has entries, and all have the same value and class."""
    if not entries or entries[0] != entries[-1] or entries.count(entries[0]) < len(entries):
        return False
    return len(set(map(type, entries))) == 1  # True equals 1


#: How to take the items of a value.
_ROWS: Final[dict[type[Any], Callable[[Any], Sequence[Any]]]] = {
    **SEQUENCES,
    **{class_: attrgetter(*names) for class_, names in VALUES.items()},
}


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
        with _no_collections():
            return _Reading(json.loads(header), len(text)).read(map(json.loads, lines))
    except UnknownModel:
        raise
    except _DAMAGE as problem:
        details = f"{type(problem).__name__}: {problem}"
        raise ValueError(f"the content is not a checkpoint, or damaged ({details})") from None


@contextmanager
def _no_collections() -> Iterator[None]:
    """Stop the garbage collector, which would search the new objects many times in vain."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


#: What reading anything but a checkpoint raises.
_DAMAGE: Final = (
    *(zlib.error, ValueError, TypeError, LookupError, AttributeError),
    *(ArithmeticError, MemoryError, RecursionError),
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
        for kind, first, *rest in lines:
            class_ = self._classes[kind]
            if class_ in TEXTS:
                self._tables[kind] += map(TEXTS[class_][1], first)
                continue
            columns = [self._read_column(column) for column in rest]
            if class_ in VALUES or class_ in SEQUENCES:
                self._tables[kind] += _make_values(class_, columns)
                continue
            fill = _fill_containers if class_ in CONTAINERS else _fill_objects
            rows = self._tables[kind][first : first + len(columns[0])]
            fill(class_, rows, columns)
            self._filled[kind] += len(rows)
        return self._finish()

    def _read_column(self, column: _Column) -> list[Any]:
        kind, entries, *repeated = column
        if repeated:
            (entry,) = self._read_column([kind, [entries]])
            return [entry] * repeated[0]
        if isinstance(kind, int):
            return self._read_entries(kind, entries)
        tables, pairs = self._tables, zip(kind, entries, strict=True)
        return [tables[number][entry] if number else entry for number, entry in pairs]

    def _read_entries(self, kind: int, entries: list[Any]) -> list[Any]:
        if not kind:
            return entries
        table = self._tables[kind]
        return [None if entry is None else table[entry] for entry in entries]

    def _finish(self) -> Marketplace:
        for class_, table, filled in zip(self._classes, self._tables, self._filled, strict=True):
            if (class_ in OBJECTS or class_ in CONTAINERS) and filled != len(table):
                raise ValueError(f"{filled} of {len(table)} objects of {class_.__name__}")
        marketplace: Marketplace = self._tables[_NUMBERS[Marketplace]][0]
        marketplace.memories = {}
        marketplace.activity.entries = deque(marketplace.activity.entries, LONGEST)
        return marketplace


def _make_values(class_: type[Any], columns: list[list[Any]]) -> Iterable[Any]:
    """Return new values, given their fields or items."""
    rows = list(zip(*columns, strict=True)) or [()]
    return map(class_, rows) if class_ in SEQUENCES else starmap(class_, rows)


def _fill_containers(class_: type[Any], rows: list[Any], columns: list[list[Any]]) -> None:
    (lengths, *parts), put, end = columns, CONTAINERS[class_].put, 0
    for container, length in zip(rows, lengths, strict=True):
        start, end = end, end + length
        put(container, *(part[start:end] for part in parts))


def _fill_objects(class_: type[Any], rows: list[Any], columns: list[list[Any]]) -> None:
    for name, values in zip(OBJECTS[class_], columns, strict=True):
        for each, value in zip(rows, values, strict=True):
            object.__setattr__(each, name, value)
    for name in UNSAVED.get(class_, ()):
        for each in rows:
            setattr(each, name, None)


def _create(class_: type[Any], count: int) -> list[Any]:
    """Return new objects of a class, without fields or items."""
    empty = CONTAINERS.get(class_)
    create = partial(class_.__new__, class_) if empty is None else empty.create
    return [create() for _ in range(count)]
