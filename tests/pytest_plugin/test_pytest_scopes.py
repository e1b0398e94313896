"""Fixtures of wider scope, and fixtures of decorated classes."""

from __future__ import annotations

import pytest

from tests.helpers import is_mock_on
from tests.inner import outcomes_by_pytest


@pytest.fixture(autouse=True)
def _nothing_left():
    """Fail if a run leaves a mock active."""
    yield
    assert not is_mock_on()


@pytest.mark.parametrize("scope", ["session", "module", "class"])
def test_own_fixture_of_wider_scope_keeps_its_state(pytester, scope):
    """A program's fixture of any scope can use `with mock_mturk()`."""
    source = f"""
@pytest.fixture(scope="{scope}")
def shared():
    with mock_mturk(seed=1) as mturk:
        yield mturk
        assert len(mturk.hits) == 2

class TestIt:
    def test_a(self, shared):
        assert publish() == 1

    def test_b(self, shared):
        assert shared is current()
        assert publish() == 2
"""
    assert outcomes_by_pytest(pytester, source) == {"passed": 2}


def test_own_fixture_of_wider_scope_with_a_copy_for_each_test(pytester):
    """isolated() gives each test a copy of the shared state, and discards its changes."""
    source = """
@pytest.fixture(scope="module")
def campaign():
    with mock_mturk() as mturk:
        publish()
        yield mturk
        assert len(mturk.hits) == 1

@pytest.fixture
def mturk(campaign):
    with campaign.isolated():
        yield campaign

def test_a(mturk):
    assert publish() == 2

def test_b(mturk):
    assert publish() == 2
"""
    assert outcomes_by_pytest(pytester, source) == {"passed": 2}


def test_own_fixture_of_wider_scope_below_the_test_fixture(pytester):
    """The plugin's fixture starts an inner mock, and the wider mock continues after the test."""
    source = """
@pytest.fixture(scope="module", autouse=True)
def shared():
    with mock_mturk() as mturk:
        publish()
        yield mturk

def test_a(mturk):
    assert publish() == 1

def test_b(shared):
    assert hits() == 1
"""
    assert outcomes_by_pytest(pytester, source) == {"passed": 2}


CLASSES = {
    "pytest": "class TestIt:\n    @classmethod\n    def setup_class(cls): publish()",
    "unittest": (
        "class TestIt(unittest.TestCase):\n    @classmethod\n    def setUpClass(cls): publish()"
    ),
}


@pytest.mark.parametrize("kind", CLASSES)
def test_autouse_fixture_around_a_decorated_class_works_in_the_test_s_copy(pytester, kind):
    """Changes by a fixture of function scope in a decorated class are undone after the test."""
    source = f"""
@pytest.fixture(autouse=True)
def early(request):
    if request.cls is not None:
        publish()
    yield
    LOG.append(hits() if is_mock_on() else None)

@mock_mturk
{CLASSES[kind]}

    def test_a(self):
        assert publish() == 3

    def test_b(self):
        assert publish() == 3

def test_log():
    assert LOG == [3, 3]
    assert not is_mock_on()
"""
    assert outcomes_by_pytest(pytester, source) == {"passed": 3}


def test_fixture_of_class_scope_makes_the_class_s_state(pytester):
    """Changes by a fixture of class scope are visible to each test."""
    source = """
@pytest.fixture(scope="class")
def state():
    publish()
    yield
    LOG.append(hits())

@mock_mturk
@pytest.mark.usefixtures("state")
class TestIt:
    def test_a(self):
        assert publish() == 2

    def test_b(self):
        assert publish() == 2

def test_log():
    assert LOG == [1]
"""
    assert outcomes_by_pytest(pytester, source) == {"passed": 3}
