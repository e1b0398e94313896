"""A checkpoint keeps the exact state of a marketplace, and refuses other content clearly."""

from __future__ import annotations

import enum
import gc
import json
import subprocess
import sys
import zlib
from collections import deque
from dataclasses import fields, is_dataclass

import pytest

from mturk_mock import Snapshot, mock_mturk
from mturk_mock.backend.state import State
from mturk_mock.state.checkpoint import (
    FORMAT,
    KINDS,
    OBJECTS,
    UNSAVED,
    VALUES,
    pack_checkpoint,
    read_checkpoint,
    take_checkpoint,
    write_checkpoint,
)
from mturk_mock.state.file import write_marketplace
from mturk_mock.state.snapshot import state_of
from tests.helpers import NOW, create_hit, question_form
from tests.state.test_snapshots_roundtrip import differences, live_on, lived
from tests.state.whole_state import RUNNING, WHOLE

SEEDS = range(6)


class Title(str, enum.Enum):
    LABEL = "Label pictures"


class Region(str, enum.Enum):
    NEW_YORK = "NY"


class Count(enum.IntEnum):
    THREE = 3


WRITE = """
import hashlib
from mturk_mock import mock_mturk
from tests.helpers import NOW
from tests.state.test_checkpoint import marketplace_of
from tests.state.test_snapshots_roundtrip import lived
from mturk_mock.state.checkpoint import write_checkpoint

with mock_mturk(now=NOW, seed=5, balance="100.00") as mturk:
    lived(mturk, 5)
    print(hashlib.sha256(write_checkpoint(marketplace_of(mturk))).hexdigest())
"""


def marketplace_of(mturk):
    """Return a copy of the marketplace of a mock."""
    return state_of(mturk.snapshot()).copy_marketplace()


def checkpoint_of(mturk):
    return write_checkpoint(marketplace_of(mturk))


def restore(mturk, content):
    """Continue with the marketplace of a checkpoint."""
    mturk.restore(Snapshot(State.of(read_checkpoint(content))))


def loaded(tmp_path, state):
    """Return the marketplace of a snapshot file with this content."""
    path = tmp_path / "state.json"
    path.write_text(json.dumps(state), encoding="utf-8")
    return state_of(Snapshot.load(path)).copy_marketplace()


@pytest.fixture(scope="module")
def lines():
    """Return the lines of a checkpoint."""
    with mock_mturk(now=NOW, seed=1, balance="100.00") as mturk:
        lived(mturk, 1)
        return zlib.decompress(checkpoint_of(mturk)).splitlines()


# The same state --------------------------------------------------------------------------


@pytest.mark.parametrize("state", [WHOLE, RUNNING], ids=["whole", "running"])
def test_checkpoint_keeps_everything_that_a_snapshot_file_has(tmp_path, state):
    """The snapshot file of the marketplace is the same, byte for byte."""
    marketplace = loaded(tmp_path, state)
    again = read_checkpoint(write_checkpoint(marketplace))
    if state is RUNNING:  # whose file has no time of its own
        assert (again.clock.rate, again.clock.ahead) == (60, 3_600_500_000)
    assert write_marketplace(again) == write_marketplace(marketplace)


@pytest.mark.parametrize("seed", SEEDS)
def test_marketplace_of_a_checkpoint_has_the_same_future(seed):
    """Answers, lists, due events, IDs and money are the same as if nothing had been written."""
    with mock_mturk(now=NOW, seed=seed, balance="100.00") as mturk:
        lived(mturk, seed)
        content = checkpoint_of(mturk)
        expected = live_on(mturk, seed)
        last = write_marketplace(marketplace_of(mturk))
    with mock_mturk(seed=100, balance="5.00") as mturk:
        restore(mturk, content)
        assert differences(live_on(mturk, seed), expected) == []
        assert write_marketplace(marketplace_of(mturk)) == last


def test_checkpoint_of_a_read_checkpoint_is_the_same(lines):
    """Writing, reading and writing gives the same bytes."""
    content = zlib.compress(b"\n".join(lines))
    again = zlib.decompress(write_checkpoint(read_checkpoint(content)))
    assert again.splitlines() == lines


@pytest.mark.parametrize("enabled", [True, False])
def test_reading_leaves_the_garbage_collector_as_it_was(lines, enabled):
    """The collector runs after reading if it ran before, and only then."""
    content = zlib.compress(b"\n".join(lines))
    try:
        (gc.enable if enabled else gc.disable)()
        read_checkpoint(content)
        assert gc.isenabled() == enabled
        refusal(content[:-9])
        assert gc.isenabled() == enabled
    finally:
        gc.enable()


def test_checkpoint_is_the_same_under_another_hash_seed():
    """Equal marketplaces in processes with different PYTHONHASHSEED have equal checkpoints."""
    digests = [
        subprocess.run(
            [sys.executable, "-c", WRITE],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(path for path in sys.path if path)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert len(digests[0].strip()) == 64
    assert digests[0] == digests[1]


def test_later_changes_are_not_in_a_checkpoint():
    """What was taken can be packed after the marketplace has changed."""
    with mock_mturk(now=NOW, seed=1, balance="100.00") as mturk:
        lived(mturk, 1)
        with mturk._backend.peek() as marketplace:
            expected = write_checkpoint(marketplace)
            parts = take_checkpoint(marketplace)
        live_on(mturk, 1)
        with mturk._backend.peek() as marketplace:
            assert write_checkpoint(marketplace) != expected
    assert pack_checkpoint(parts) == expected


def test_next_tokens_hold_after_a_checkpoint():
    """A NextToken of before the checkpoint gives the same next page."""
    with mock_mturk(now=NOW) as mturk:
        client = mturk.client()
        for _ in range(5):
            create_hit(client)
        token = client.list_hits(MaxResults=2)["NextToken"]
        expected = client.list_hits(MaxResults=2, NextToken=token)["HITs"]
        restore(mturk, checkpoint_of(mturk))
        assert client.list_hits(MaxResults=2, NextToken=token)["HITs"] == expected


def test_assignments_accepted_at_the_same_time_keep_their_order():
    """ListAssignmentsForHIT returns assignments with equal times in the same order."""
    with mock_mturk(now=NOW) as mturk:
        client = mturk.client()
        question = question_form(q1=None)
        hit = create_hit(client, MaxAssignments=8, Question=question)["HITId"]
        works = [mturk.worker(f"A{number}WORKER").accept(hit) for number in (5, 2, 7, 1)]
        for work in [works[2], works[0], works[3], works[1]]:
            work.submit({"q1": "yes"})
        expected = client.list_assignments_for_hit(HITId=hit)["Assignments"]
        restore(mturk, checkpoint_of(mturk))
        assert client.list_assignments_for_hit(HITId=hit)["Assignments"] == expected
        assert [work["WorkerId"][:2] for work in expected] == ["A7", "A5", "A1", "A2"]


def test_long_lists_can_be_changed_after_a_checkpoint(tmp_path):
    """A list of 1,300 blocked workers loses one in the middle, and gets another at its end."""
    blocks = [{"worker_id": f"A{number}WORKER", "reason": "Spam"} for number in range(1300)]
    marketplace = loaded(tmp_path, {"version": 1, "accounts": [{"blocks": blocks}]})
    with mock_mturk(now=NOW) as mturk:
        restore(mturk, write_checkpoint(marketplace))
        client = mturk.client()
        client.delete_worker_block(WorkerId="A600WORKER")
        client.create_worker_block(WorkerId="A7NEW", Reason="Spam")
        pages = client.get_paginator("list_worker_blocks").paginate()
        found = [block["WorkerId"] for page in pages for block in page["WorkerBlocks"]]
    kept = [block["worker_id"] for block in blocks if block["worker_id"] != "A600WORKER"]
    assert found == [*kept, "A7NEW"]


def test_counters_lag_after_a_checkpoint():
    """With eventual consistency, a HIT shows its earlier numbers after a checkpoint, too."""
    with mock_mturk(now=NOW, consistency="eventual") as mturk:
        client = mturk.client()
        hit = create_hit(client)["HITId"]
        mturk.clock.advance(minutes=5)
        mturk.worker("A1WORKER").accept(hit)
        restore(mturk, checkpoint_of(mturk))
        shown = client.get_hit(HITId=hit)["HIT"]
        assert shown["NumberOfAssignmentsAvailable"] == 1
        mturk.clock.advance(minutes=5)
        shown = client.get_hit(HITId=hit)["HIT"]
        assert shown["NumberOfAssignmentsAvailable"] == 0


def test_new_objects_share_what_the_old_ones_share():
    """HITs of one type and question share both after reading."""
    with mock_mturk(now=NOW) as mturk:
        for _ in range(3):
            create_hit(mturk.client())
        marketplace = read_checkpoint(checkpoint_of(mturk))
    (account,) = marketplace.accounts.values()
    assert len({id(hit.type) for hit in account.hits_by_number}) == 1
    assert len({id(hit.question) for hit in account.hits_by_number}) == 1
    assert account.schedule is marketplace.schedule
    assert account.outbox is marketplace.outbox
    assert account.people is marketplace.people


def test_checkpoint_has_a_repeated_question_once():
    """Twenty HITs with a long question need less room than two such questions."""
    sizes = []
    for count in (1, 20):
        with mock_mturk(now=NOW) as mturk:
            question = question_form(**{f"question{number}": None for number in range(300)})
            for _ in range(count):
                create_hit(mturk.client(), Question=question)
            sizes.append(len(zlib.decompress(checkpoint_of(mturk))))
    assert sizes[1] < sizes[0] + len(question)


def test_texts_of_enums_are_texts_after_reading():
    """A member of an Enum of str or int is written as its value."""
    with mock_mturk(now=NOW) as mturk:
        mturk.add_hit(title=Title.LABEL)
        mturk.worker("A1WORKER", approved=Count.THREE, subdivision=Region.NEW_YORK)
        mturk.worker("A2WORKER")
        marketplace = read_checkpoint(checkpoint_of(mturk))
    (account,) = marketplace.accounts.values()
    title = account.hits_by_number[0].type.properties.title
    assert (type(title), title) == (str, "Label pictures")
    approved = marketplace.people["A1WORKER"].approved
    assert (type(approved), approved) == (int, 3)
    regions = [worker.subdivision for worker in marketplace.people.values()]
    assert [(type(region), region) for region in regions] == [(str, "NY"), (type(None), None)]


@pytest.mark.parametrize(
    "values", [[1, True], [(1,), (True,)], [(1, "0"), (1, 0)]], ids=["plain", "tuples", "kinds"]
)
def test_values_of_different_classes_stay_apart(values):
    """Values that are equal or have equal numbers, but differ in class, are not merged."""
    with mock_mturk(now=NOW) as mturk:
        marketplace = marketplace_of(mturk)
    marketplace.layouts = dict(enumerate(values))
    again = read_checkpoint(write_checkpoint(marketplace)).layouts
    assert repr(again) == repr(marketplace.layouts)


def test_object_of_an_unknown_class_cannot_be_written():
    """Writing raises TypeError with the value, instead of losing it."""
    with mock_mturk(now=NOW) as mturk:
        marketplace = marketplace_of(mturk)
    marketplace.layouts["3LAYOUT"] = 1.5
    with pytest.raises(TypeError) as caught:
        write_checkpoint(marketplace)
    assert str(caught.value) == "a checkpoint cannot contain 1.5"


# What is left out -------------------------------------------------------------------------


def test_generations_are_not_written():
    """A marketplace of a checkpoint and its objects have no generation."""
    with mock_mturk(now=NOW) as mturk:
        hit = create_hit(mturk.client())["HITId"]
        mturk.worker("A1WORKER").accept(hit)
        marketplace = read_checkpoint(checkpoint_of(mturk))
    (account,) = marketplace.accounts.values()
    made = [*account.hits.values(), *account.assignments.values(), *marketplace.people.values()]
    assert [each.generation for each in (marketplace, *made)] == [None] * 4


def test_crowd_is_not_written():
    """A checkpoint has the work of a crowd, but neither its data nor its events."""
    with mock_mturk(now=NOW) as mturk:
        create_hit(mturk.client(), MaxAssignments=5)
        mturk.crowd(3, arrivals=1000, work_time=300)
        mturk.clock.advance(minutes=2)
        before = marketplace_of(mturk)
        marketplace = read_checkpoint(write_checkpoint(before))
    assert before.memories
    assert marketplace.memories == {}
    names = {event.account[0] for event in before.schedule.events()}
    assert names == {"", "default"}
    assert {event.account[0] for event in marketplace.schedule.events()} == {"default"}
    assert write_marketplace(marketplace) == write_marketplace(before)


def test_only_the_latest_actions_are_kept_after_reading():
    """The list of the latest actions stays as short as before."""
    with mock_mturk(now=NOW) as mturk:
        marketplace = read_checkpoint(checkpoint_of(mturk))
    assert marketplace.activity.entries == deque(maxlen=10)
    assert marketplace.activity.entries.maxlen == 10


# The table of classes ---------------------------------------------------------------------


#: The fields of format 1. If a test says that they have changed, give FORMAT the next number,
#: or let `read_checkpoint` read checkpoints with the fields below, too.
FIELDS = {
    "str": "",
    "Decimal": "",
    "bytes": "",
    "type": "",
    "tuple": "",
    "frozenset": "",
    "list": "",
    "deque": "",
    "set": "",
    "dict": "",
    "defaultdict": "",
    "Counter": "",
    "Ordered": "",
    "Random": "",
    "Event": "due number kind account subject",
    "Counts": "time available pending completed",
    "Properties": (
        "title description keywords reward assignment_duration auto_approval_delay requirements"
    ),
    "Requirement": (
        "qualification_type_id comparator integer_values locale_values actions_guarded "
        "required_to_preview"
    ),
    "Specification": "destination transport version event_types",
    "Examination": "document duration key",
    "Bonus": "number worker_id amount assignment_id reason time",
    "Block": "number worker_id reason",
    "Entry": "calls moment what",
    "Email": "to worker_id subject text requester environment moment",
    "Extension": "below most_assignments seconds",
    "KnownAnswers": "answer_key approve_from approve_reason reject_below reject_reason extension",
    "Plurality": (
        "question_ids threshold disregard_rejected disregard_below approve_from reject_below "
        "reject_reason extension"
    ),
    "Action": "number level id name target_id target_type time result error_code",
    "Finding": "number level action_id subject_id subject_type question_id key value",
    "Marketplace": (
        "clock ids schedule activity accounts people layouts emails outbox notifications "
        "registers starting_balance offers"
    ),
    "Clock": "_rate _since _offset",
    "Ids": "seed _streams _chosen _drawn",
    "Schedule": "_heap _count",
    "Activity": "entries noted calls",
    "Offers": "_accounts _found _seen",
    "Register": (
        "environment schedule activity requests submitted waiting types _types_by_name _type_lists"
    ),
    "Ledger": "_funds _held spent",
    "SandboxLedger": "_funds _held spent",
    "Index": "_lists",
    "Account": (
        "requester environment ledger schedule outbox people qualifications activity hit_types "
        "hits hits_by_number assignments work bonuses blocks blocks_made notification_settings "
        "tokens reviewed_workers reopenings _types_by_value hit_lists assignment_lists "
        "bonus_lists block_list"
    ),
    "Tokens": "_used",
    "Spent": "rewards bonuses fees",
    "Setting": "specification active",
    "Message": (
        "specification requester event_type time hit_type_id hit_id assignment_id is_test "
        "document delivered reason"
    ),
    "HITType": "id group_id properties",
    "HIT": (
        "id number type question annotation creation_time expiration max_assignments available "
        "pending unreviewed completed status expired reviewing disposal_time held uptake "
        "policies layout_id layout_parameters past_counts"
    ),
    "Uptake": "assignment_ids submitted_ids takers",
    "Assignment": (
        "id hit_id worker_id accept_time deadline status number answer submit_time "
        "auto_approval_time approval_time rejection_time feedback files"
    ),
    "ReviewPolicies": "known_answers plurality log _log_lists scores judgement_due",
    "QualificationType": (
        "id number owner creation_time name description keywords status retry_delay "
        "examination auto_granted_value deleted users grants grant_lists last_requests "
        "undecided"
    ),
    "Grant": "number qualification_type_id worker_id value time status",
    "Request": (
        "id qualification_type_id worker_id request_time examination status number answer "
        "submit_time reason"
    ),
    "Person": (
        "id country subdivision approved rejected masters adult open_assignments earnings records"
    ),
    "Record": "accepted submitted returned abandoned approved rejected",
}


def test_fields_of_the_format_are_pinned():
    """The classes of a checkpoint and their fields are those of format 1."""
    assert FORMAT == 1
    assert {name: " ".join(names) for name, names in KINDS.items()} == FIELDS


def test_every_attribute_is_written_or_left_out_on_purpose(tmp_path):
    """The table has all attributes of the objects in a marketplace."""
    marketplace = loaded(tmp_path, WHOLE)
    account = next(iter(marketplace.accounts.values()))
    register = account.qualifications
    sandbox = marketplace.account("lab", "sandbox").ledger
    parts = ("clock", "ids", "schedule", "activity", "offers")
    inner = [getattr(marketplace, name) for name in parts]
    for each in (marketplace, *inner, register, account.ledger, sandbox):
        assert declared(type(each)) == set(vars(each)), type(each)


def test_every_field_is_written_or_left_out_on_purpose():
    """The table has all fields of dataclasses."""
    for class_ in (*OBJECTS, *VALUES):
        if is_dataclass(class_):
            assert declared(class_) == {field.name for field in fields(class_)}, class_


def declared(class_):
    return {*(OBJECTS | VALUES)[class_], *UNSAVED.get(class_, ())}


# Other content ----------------------------------------------------------------------------


def refusal(content):
    """Return the message of the error for this content."""
    with pytest.raises(ValueError, match="checkpoint") as caught:
        read_checkpoint(content)
    return str(caught.value)


def refusal_of_lines(*lines):
    return refusal(zlib.compress(b"\n".join(lines)))


def changed(header, **members):
    return json.dumps({**json.loads(header), **members}).encode()


NOT_ONE = "the content is not a checkpoint, or damaged "


@pytest.mark.parametrize(
    ("content", "details"),
    [
        (b"", "error: Error -5 while decompressing data: incomplete or truncated stream"),
        (b"{}", "error: Error -3 while decompressing data: incorrect header check"),
        (
            zlib.compress(b""),
            "ValueError: not enough values to unpack (expected at least 1, got 0)",
        ),
        (zlib.compress(b"hello"), "JSONDecodeError: Expecting value: line 1 column 1 (char 0)"),
        (zlib.compress(b"[]"), "TypeError: list indices must be integers or slices, not str"),
        (zlib.compress(b'{"version": 1}'), "KeyError: 'format'"),
        (zlib.compress(b'{"format": 1}'), "KeyError: 'kinds'"),
    ],
    ids=["empty", "not packed", "no lines", "no JSON", "a list", "a snapshot", "format only"],
)
def test_other_content_is_refused(content, details):
    """Content that is not a checkpoint raises ValueError with one sentence."""
    assert refusal(content) == f"{NOT_ONE}({details})"


def test_truncated_checkpoint_is_refused(lines):
    """A checkpoint that was cut off raises ValueError, wherever it was cut."""
    content = zlib.compress(b"\n".join(lines))
    for size in range(0, len(content), 997):
        assert refusal(content[:size]).startswith(NOT_ONE)
    for count in range(1, len(lines)):
        assert refusal_of_lines(*lines[:count]).startswith(NOT_ONE)


def test_other_format_is_refused(lines):
    """A checkpoint of another format raises ValueError with both numbers."""
    header, *rest = lines
    message = refusal_of_lines(changed(header, format=2), *rest)
    assert message == "the checkpoint has format 2, not 1"


def test_unknown_class_is_refused(lines):
    """A class that is not in the table raises ValueError with its name."""
    header, *rest = lines
    kinds = [*json.loads(header)["kinds"], ["os.system", []]]
    message = refusal_of_lines(changed(header, kinds=kinds), *rest)
    assert message == (
        "the checkpoint has objects of the class 'os.system', which this version of mturk_mock "
        "does not know: read it with the version that wrote it"
    )


def test_other_fields_are_refused(lines):
    """Other fields of a class raise ValueError with both lists of fields."""
    header, *rest = lines
    kinds = [[name, names] for name, names in json.loads(header)["kinds"] if name != "Block"]
    kinds.append(["Block", ["number", "worker_id", "color"]])
    message = refusal_of_lines(changed(header, kinds=kinds), *rest)
    assert message == (
        "the checkpoint has the fields number, worker_id, color of the class Block, and this "
        "version of mturk_mock number, worker_id, reason: read it with the version that wrote it"
    )


def test_objects_that_are_not_filled_are_refused(lines):
    """A checkpoint whose header counts more objects than its lines have raises ValueError."""
    header, *rest = lines
    counts = json.loads(header)["objects"]
    place = list(KINDS).index("Person")
    there = counts[place]
    counts[place] += 1
    message = refusal_of_lines(changed(header, objects=counts), *rest)
    assert message == f"{NOT_ONE}(ValueError: {there} of {there + 1} objects of Person)"


def test_impossible_number_of_objects_is_refused(lines):
    """A header cannot make the reader create more objects than the text has characters."""
    header, *rest = lines
    counts = [10**15] * len(KINDS)
    message = refusal_of_lines(changed(header, objects=counts), *rest)
    assert message == f"{NOT_ONE}(ValueError: more objects than characters)"


def test_damaged_lines_are_refused(lines):
    """A line of a class that lacks a column, or has one too many, raises ValueError."""
    damaged = 0
    for number in range(1, len(lines)):
        kind, first, *columns = json.loads(lines[number])
        if list(KINDS.values())[kind - 1]:
            for wrong in ([kind, first, *columns[:-1]], [kind, first, *columns, columns[0]]):
                damaged += 1
                others = lines[:number], lines[number + 1 :]
                content = (*others[0], json.dumps(wrong).encode(), *others[1])
                assert refusal_of_lines(*content).startswith(NOT_ONE), wrong
    assert damaged > 40


def test_reading_knows_no_class_by_its_module():
    """The names of a checkpoint's classes are looked up in the table only."""
    assert all(name.isidentifier() for name in KINDS)
