"""`@mock_mturk` on classes with base classes or subclasses."""

from __future__ import annotations

import pytest

from mturk_mock import mock_mturk
from tests.helpers import is_mock_on
from tests.inner import outcomes_by_pytest


@pytest.fixture(autouse=True)
def _nothing_left():
    """Check that no mock is active after a test."""
    yield
    assert not is_mock_on()


def test_class_inherits_tests_and_set_ups(pytester):
    """Tests and set-ups of an undecorated base class run in the mock of the decorated class."""
    source = """
class Base:
    @classmethod
    def setup_class(cls):
        cls.on = is_mock_on()

    def setup_method(self):
        self.count = publish() if is_mock_on() else 0

    def test_a(self):
        assert self.on == is_mock_on() == bool(self.count)
        LOG.append(is_mock_on())

class TestPlain(Base):
    pass

@mock_mturk
class TestMocked(Base):
    pass

def test_log():
    assert LOG == [False, True]
"""
    assert outcomes_by_pytest(pytester, source) == {"passed": 3}


def test_class_passes_the_mock_on_to_subclasses(pytester):
    """A subclass of a decorated class has its own mock, for its new tests too."""
    source = """
@mock_mturk(balance="12.34")
class TestBase:
    @classmethod
    def setup_class(cls):
        publish()

    def test_a(self):
        assert publish() == 2

class TestSub(TestBase):
    def setup_method(self, method):
        super().setup_method(method)
        assert publish() == 2

    def test_a(self):
        assert publish() == 3

    def test_b(self):
        assert publish() == 3
"""
    assert outcomes_by_pytest(pytester, source) == {"passed": 3}


def test_class_decorated_below_a_decorated_one_has_its_own_options(pytester):
    """The options of the nearest decorator apply."""
    source = """
@mock_mturk(seed=1)
class TestBase:
    @classmethod
    def setup_class(cls):
        publish()

    def setup_method(self):
        publish()

    def test_a(self):
        assert (current().seed, hits()) == (1, 2)

@mock_mturk(seed=2)
class TestSub(TestBase):
    def test_a(self):
        assert (current().seed, hits()) == (2, 2)
        assert self.mturk is current()

    def test_b(self):
        assert (current().seed, hits()) == (2, 2)
"""
    assert outcomes_by_pytest(pytester, source) == {"passed": 3}


def test_class_subclass_set_up_without_super_is_in_the_mock(pytester):
    """A set-up that replaces that of a decorated base class runs in the mock."""
    source = """
@mock_mturk
class TestBase:
    @classmethod
    def setup_class(cls): 1 / 0

    def setup_method(self): 1 / 0

    def teardown_method(self):
        LOG.append(hits())

    def test_a(self): 1 / 0

class TestSub(TestBase):
    @classmethod
    def setup_class(cls):
        publish()

    def setup_method(self):
        publish()

    def test_a(self):
        assert publish() == 3

    def test_b(self):
        assert hits() == 2

del TestBase

def test_log():
    assert LOG == [3, 2]
"""
    assert outcomes_by_pytest(pytester, source) == {"passed": 3}


def test_class_subclass_tear_down_is_in_the_mock_to_its_end(pytester):
    """A tear-down that calls its base class's is in the mock to its end."""
    source = """
@mock_mturk
class TestBase:
    def test_a(self):
        publish()

class TestSub(TestBase):
    def teardown_method(self):
        super().teardown_method()
        LOG.append(hits())

    @classmethod
    def teardown_class(cls):
        super().teardown_class()
        LOG.append(hits())

def test_log():
    assert LOG == [1, 0]
    assert not is_mock_on()
"""
    assert outcomes_by_pytest(pytester, source) == {"passed": 3}


def test_class_tests_of_a_mixin_run_in_the_mock(pytester):
    """Tests of a mixin in a subclass of a decorated class have their own state."""
    source = """
class Mixin:
    def test_a(self):
        assert publish() == 1

    def test_b(self):
        assert publish() == 1

@mock_mturk
class TestBase:
    def test_c(self):
        assert publish() == 1

class TestSub(Mixin, TestBase):
    pass
"""
    assert outcomes_by_pytest(pytester, source) == {"passed": 4}


def test_class_own_init_subclass_still_runs():
    """The class's own __init_subclass__ still runs."""
    made = []

    @mock_mturk
    class Base:
        def __init_subclass__(cls, **options):
            made.append((cls.__name__, options))

        def test_a(self):
            """Test."""

    class Sub(Base, level=1):
        pass

    assert made == [("Sub", {"level": 1})]
    assert issubclass(Sub, Base)
