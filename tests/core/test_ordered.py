"""Ordered and Index: collections ordered by number, after any changes."""

from __future__ import annotations

import pickle
from typing import NamedTuple

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mturk_mock.core import indexes as ordered
from mturk_mock.core.indexes import Index, Ordered


class Thing(NamedTuple):
    """An object with a number, and a name that distinguishes objects of the same number."""

    number: int
    name: int = 0


STEADY = settings(derandomize=True, database=None, deadline=None)

numbers = st.integers(0, 30)
things = st.builds(Thing, numbers, st.integers(0, 3))
changes = st.lists(things | numbers, max_size=60)  # an object to add, or a number to remove


@pytest.fixture(autouse=True, scope="module")
def small_blocks():
    """Limit blocks to four objects, so that a few objects fill many blocks."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ordered, "_MOST", 4)
        yield


def made(change):
    """Return the collection after some changes, and the same content as a dict by number."""
    found, expected = Ordered(), {}
    for step in change:
        if isinstance(step, Thing):
            found.add(step)
            expected[step.number] = step
        else:
            found.discard(step)
            expected.pop(step, None)
    return found, expected


@STEADY
@given(changes)
def test_everything_is_there_in_order(change):
    """after() and before() return everything in order, after any changes."""
    found, expected = made(change)
    in_order = [expected[number] for number in sorted(expected)]

    assert list(found.after()) == in_order
    assert list(found.before()) == in_order[::-1]
    assert bool(found) == bool(in_order)


@STEADY
@given(changes, st.integers(-1, 31))
def test_reading_begins_anywhere(change, number):
    """Reading can begin after or before any number, even one that is missing."""
    found, expected = made(change)

    assert list(found.after(number)) == [expected[n] for n in sorted(expected) if n > number]
    assert list(found.before(number)) == [
        expected[n] for n in sorted(expected, reverse=True) if n < number
    ]


@STEADY
@given(changes)
@example([*map(Thing, range(6)), 4, 5])
def test_no_block_is_long_or_empty(change):
    """Every block has one to four objects, so that each step is short."""
    found, _ = made(change)
    *others, last = map(len, found._blocks)

    assert all(0 < size <= 4 for size in others)
    assert last <= 4
    assert last or not others


@STEADY
@given(changes)
def test_a_pickled_one_is_the_same(change):
    """A pickled collection has the same content."""
    found, _ = made(change)

    assert list(pickle.loads(pickle.dumps(found)).after()) == list(found.after())


def test_few_numbers_are_looked_at(monkeypatch):
    """Reading from the middle of 100,000 objects looks at 18 numbers at most."""
    monkeypatch.setattr(ordered, "_MOST", 512)
    looked_at = []

    class Watched:
        def __init__(self, number):
            self._number = number

        @property
        def number(self):
            looked_at.append(self._number)
            return self._number

    found = Ordered()
    for number in range(100_000):
        found.add(Watched(number))
    looked_at.clear()
    page = found.after(50_000)
    first = next(page)

    assert first._number == 50_001
    assert len(looked_at) <= 18


# By key -----------------------------------------------------------------------------------


@STEADY
@given(st.lists(st.tuples(things, st.sampled_from("abc"))), st.integers(-1, 31))
def test_several_keys_are_read_as_one(pairs, number):
    """Reading several keys returns the objects of any of them, in one order."""
    index = Index()
    last = {thing.number: (thing, key) for thing, key in pairs}
    for thing, key in last.values():
        index.add(key, thing)
    chosen = sorted(thing for thing, key in last.values() if key in "ab")

    assert list(index.of("a", "b").after(number)) == [t for t in chosen if t.number > number]
    assert list(index.of("b", "a").before()) == chosen[::-1]


def test_unknown_key_has_nothing():
    """An unknown key, or no key at all, has no objects."""
    index = Index()

    assert list(index.of("a").after()) == []
    assert list(index.of().before()) == []


def test_key_of_nothing_takes_no_room():
    """A key without objects is removed."""
    index = Index()
    for number in (1, 2):
        index.add("a", Thing(number))
    for number in (3, 1, 2, 2):
        index.discard("a", number)

    assert index._lists == {}


def test_move_leaves_what_stays():
    """move() adds and removes keys; keys in both lists keep the old object."""
    index = Index()
    index.move(Thing(1), (), ["a", "b"])
    index.move(Thing(1, 2), ["a", "b"], ["b", "c"])

    assert {key: list(index.of(key).after()) for key in "abc"} == {
        "a": [],
        "b": [Thing(1)],
        "c": [Thing(1, 2)],
    }
