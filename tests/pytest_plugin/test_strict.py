"""`@pytest.mark.mock_mturk(strict=True)`: a passed test must leave nothing undone."""

from __future__ import annotations

import pytest

from tests.inner import run_pytest

WORK = """
from tests.helpers import NOW

def submit(mturk):
    mturk.next_id("HIT", "3HIT")
    mturk.next_id("Assignment", "3WORK")
    return mturk.worker("A1WORKER").accept(publish_one(mturk)).submit({"label": "cat"})

def publish_one(mturk, **params):
    return create_hit(mturk.client(), **params)["HITId"]

strict = pytest.mark.mock_mturk(strict=True, now=NOW)
"""
HEAD = "@pytest.mark.mock_mturk(strict=True): the test has passed, but"
TAIL = "Review the work, leave the fault out, or leave strict=True out"
UNREVIEWED = "  assignment 3WORK of HIT 3HIT, submitted by A1WORKER, was not reviewed"
NEVER = "  this fault never happened: <Fault "


def run(pytester, source):
    """Run strict tests; return the outcomes and the output."""
    result = run_pytest(pytester, WORK + source)
    return result.parseoutcomes(), result.outlines


PASSING = {
    "nothing": "pass",
    "only accepted": "mturk.worker().accept(publish_one(mturk))",
    "returned": "mturk.worker().accept(publish_one(mturk)).return_hit()",
    "approved": "mturk.client().approve_assignment(AssignmentId=submit(mturk).id)",
    "rejected": "mturk.client().reject_assignment("
    "AssignmentId=submit(mturk).id, RequesterFeedback='no')",
    "approved by the clock": "submit(mturk); mturk.clock.advance(days=31)",
    "a fault that happened": "mturk.fail('ListHITs', 'InsufficientFunds')\n"
    "    with pytest.raises(Exception, match='funds'): mturk.client().list_hits()",
    "a fault that happened less often than it could": "mturk.fail("
    "'ListHITs', 'InsufficientFunds', times=9)\n"
    "    with pytest.raises(Exception, match='funds'): mturk.client().list_hits()",
    "in an inner mock": "\n    with mock_mturk() as inner: submit(inner)",
    "forgotten": "\n    with mturk.isolated(): submit(mturk)",
}


@pytest.mark.parametrize("what", PASSING)
def test_strict_passes_where_nothing_is_left(pytester, what):
    """A test passes if all submitted work was reviewed and all faults happened."""
    source = f"@strict\ndef test_a(mturk):\n    {PASSING[what]}"

    assert run(pytester, source)[0] == {"passed": 1}


def test_strict_names_the_work_that_was_left(pytester):
    """The teardown error names the HIT, the assignment and the worker, without a traceback."""
    outcomes, lines = run(pytester, "@strict\ndef test_a(mturk): submit(mturk)")

    assert outcomes == {"passed": 1, "errors": 1}
    start = lines.index(HEAD)
    assert lines[start : start + 3] == [HEAD, UNREVIEWED, TAIL]
    assert any("ERROR at teardown of test_a" in line for line in lines)
    assert not any("pytest_plugin.py" in line for line in lines)


def test_strict_names_the_fault_that_never_happened(pytester):
    """A fault is shown by its repr, as in the report of a failed test."""
    source = "@strict\ndef test_a(mturk):\n    mturk.fail('CreateHIT', times=2)"

    outcomes, lines = run(pytester, source)

    assert outcomes == {"passed": 1, "errors": 1}
    start = lines.index(HEAD)
    assert lines[start + 1].startswith(NEVER + "ServiceFault before CreateHIT")
    assert lines[start + 2] == TAIL


def test_strict_names_a_fault_that_was_stopped_before_it_happened(pytester):
    """A fault that was stopped before it happened is reported."""
    source = "@strict\ndef test_a(mturk):\n    with mturk.fail('CreateHIT'): pass"

    assert run(pytester, source)[0] == {"passed": 1, "errors": 1}


def test_strict_names_everything(pytester):
    """Work of all requesters in both environments is reported, before faults."""
    source = """
@strict
def test_a(mturk):
    mturk.fail("ListHITs")
    client, sandbox = mturk.requester("lab").client(), mturk.client(sandbox=True)
    for one in (client, sandbox):
        hit = create_hit(one, MaxAssignments=2)["HITId"]
        for _ in range(2):
            mturk.worker().accept(hit).submit({})
"""
    _, lines = run(pytester, source)

    start = lines.index(HEAD)
    assert [line.split()[0] for line in lines[start + 1 : start + 6]] == ["assignment"] * 4 + [
        "this"
    ]
    assert lines[start + 6] == TAIL


def test_strict_lets_fixtures_tidy_up(pytester):
    """Teardown of the test's other fixtures runs before the check."""
    source = """
@pytest.fixture
def reviewed(mturk):
    yield
    for work in mturk.assignments:
        mturk.client().approve_assignment(AssignmentId=work.id)

@strict
def test_a(reviewed, mturk): submit(mturk)
"""
    assert run(pytester, source)[0] == {"passed": 1}


NOT_PASSED = {
    "failed": ("", "assert False", {"failed": 1}),
    "skipped": ("", "pytest.skip('for now')", {"skipped": 1}),
    "xfailed": ("@pytest.mark.xfail\n", "assert False", {"xfailed": 1}),
}


@pytest.mark.parametrize("outcome", NOT_PASSED)
def test_strict_is_silent_where_the_test_did_not_pass(pytester, outcome):
    """Nothing is reported if the test failed."""
    mark, end, expected = NOT_PASSED[outcome]
    source = f"{mark}@strict\ndef test_a(mturk):\n    submit(mturk)\n    {end}"

    assert run(pytester, source)[0] == expected


def test_strict_is_silent_where_the_set_up_failed(pytester):
    """Nothing is reported if the setup failed."""
    source = """
@pytest.fixture
def wrong(mturk):
    submit(mturk)
    assert False

@strict
def test_a(wrong): pass
"""
    outcomes, lines = run(pytester, source)

    assert outcomes == {"errors": 1}
    assert HEAD not in lines


@pytest.mark.parametrize("mark", ["", "@pytest.mark.mock_mturk", "@pytest.mark.mock_mturk(seed=1)"])
def test_strict_is_asked_for(pytester, mark):
    """Without strict=True nothing is reported."""
    source = f"{mark}\ndef test_a(mturk):\n    submit(mturk)\n    mturk.fail('CreateHIT')"

    assert run(pytester, source)[0] == {"passed": 1}


def test_strict_of_the_module_and_the_closest_word(pytester):
    """The option of a test overrides that of its module."""
    source = """
pytestmark = strict

def test_a(mturk): submit(mturk)

@pytest.mark.mock_mturk(strict=False)
def test_b(mturk): submit(mturk)

@pytest.mark.mock_mturk(seed=3)
def test_c(mturk): submit(mturk)
"""
    outcomes, lines = run(pytester, source)

    assert outcomes == {"passed": 3, "errors": 2}
    assert [line.split()[-2] for line in lines if "ERROR at teardown" in line] == [
        "test_a",
        "test_c",
    ]


def test_strict_ends_the_mock_nevertheless(pytester):
    """The mock ends although the check failed."""
    source = "@strict\ndef test_a(mturk): submit(mturk)\n\ndef test_b(): assert not is_mock_on()"

    assert run(pytester, source)[0] == {"passed": 2, "errors": 1}


def test_strict_of_a_wrong_type_is_refused(pytester):
    """Strict must be True or False."""
    outcomes, lines = run(
        pytester, "@pytest.mark.mock_mturk(strict='yes')\ndef test_a(mturk): pass"
    )

    assert outcomes == {"errors": 1}
    problem = ": @pytest.mark.mock_mturk: strict takes True or False, not 'yes'"
    assert [line for line in lines if line.endswith(problem)]
