"""`@mock_mturk` on unittest.TestCase classes, run by unittest and by pytest."""

from __future__ import annotations

import unittest

import pytest

from mturk_mock import current, mock_mturk
from tests import inner
from tests.clients import make_client
from tests.helpers import create_hit, is_mock_on


@pytest.fixture(params=["pytest", "unittest"])
def run(request, pytester):
    """Run a module's tests with either runner; return how many passed, failed, ..."""
    outcomes = {"pytest": inner.outcomes_by_pytest, "unittest": inner.outcomes_by_unittest}

    yield lambda source: outcomes[request.param](pytester, source)

    assert not is_mock_on()


@pytest.mark.parametrize("parentheses", ["", "()", "(seed=1)"])
def test_test_case_each_test_runs_in_a_mock_of_its_own(run, parentheses):
    """Each test has its own state."""
    source = """
@mock_mturk{}
class TestIt(unittest.TestCase):
    def test_a(self):
        self.assertEqual(publish(), 1)

    def test_b(self):
        self.assertEqual(publish(), 1)
"""
    assert run(source.format(parentheses)) == {"passed": 2}


def test_test_case_set_up_state_lives_for_one_test(run):
    """State from setUp is there in its test, and not in the next one."""
    source = """
@mock_mturk
class TestIt(unittest.TestCase):
    def setUp(self):
        self.count = publish()

    def test_a(self):
        assert self.count == 1
        assert publish() == 2

    def test_b(self):
        assert self.count == 1
        assert hits() == 1
"""
    assert run(source) == {"passed": 2}


def test_test_case_set_up_class_state_is_there_for_each_test(run):
    """State from setUpClass is there at the start of each test; changes are not kept."""
    source = """
@mock_mturk
class TestIt(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        publish()
        cls.first = current()

    def setUp(self):
        assert publish() == 2

    def test_a(self):
        assert publish() == 3
        assert current() is self.first

    def test_b(self):
        assert publish() == 3

    @classmethod
    def tearDownClass(cls):
        assert hits() == 1
        super().tearDownClass()
"""
    assert run(source) == {"passed": 2}


def test_test_case_tear_downs_and_cleanups_run_inside_the_mock(run):
    """The tearDown and clean-ups see their test's state, tearDownClass that of setUpClass."""
    source = """
@mock_mturk
class TestA(unittest.TestCase):
    def tearDown(self):
        LOG.append(publish())

    @classmethod
    def tearDownClass(cls):
        LOG.append(hits())

    def test_a(self):
        publish()
        self.addCleanup(lambda: LOG.append(hits()))

class TestB(unittest.TestCase):
    def test_log(self):
        assert LOG == [2, 2, 0]
        assert not is_mock_on()
"""
    assert run(source) == {"passed": 2}


FAILING = {
    "setUpClass": "@classmethod\n    def setUpClass(cls): 1 / 0",
    "setUp": "def setUp(self): 1 / 0",
    "tearDown": "def tearDown(self): 1 / 0",
    "tearDownClass": "@classmethod\n    def tearDownClass(cls): 1 / 0",
    "addCleanup": "def setUp(self): self.addCleanup(lambda: 1 / 0)",
    "test": "def test_a(self): 1 / 0",
    "skip": "def test_a(self): self.skipTest('for now')",
    "skip_class": "@classmethod\n    def setUpClass(cls): raise unittest.SkipTest('for now')",
    "failure": "def test_a(self): self.fail('expected')",
}


@pytest.mark.parametrize("where", FAILING)
def test_test_case_failing_anywhere_leaves_no_mock_on(run, where):
    """No mock is active in the next class."""
    source = f"""
@mock_mturk
class TestA(unittest.TestCase):
    def test_a(self): pass

    {FAILING[where]}

class TestB(unittest.TestCase):
    def test_next(self):
        assert not is_mock_on()
"""
    outcomes = run(source)

    assert outcomes["passed"] >= 1
    assert outcomes.keys() & {"failed", "errors", "skipped"}


def test_test_case_set_up_that_fails_is_followed_by_a_fresh_test(run):
    """State from a setUp that fails is not there in the next test."""
    source = """
@mock_mturk
class TestIt(unittest.TestCase):
    def setUp(self):
        publish()
        if self._testMethodName == "test_a":
            raise ZeroDivisionError

    def test_a(self): pass

    def test_b(self):
        assert hits() == 1
"""
    assert run(source) == {"failed": 1, "passed": 1}


def test_test_case_self_mturk_is_the_handle(run):
    """The handle is self.mturk in tests, set-ups and tear-downs, and cls.mturk in the class's."""
    source = """
@mock_mturk
class TestIt(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        assert cls.mturk is current()

    def setUp(self):
        assert self.mturk is current()

    def test_a(self):
        assert isinstance(self.mturk, MTurk)
        assert self.mturk is current()

    def tearDown(self):
        assert self.mturk is current()
"""
    assert run(source) == {"passed": 1}


def test_test_case_with_its_own_mturk_keeps_it(run):
    """The class's own attribute `mturk` is not overwritten."""
    source = """
@mock_mturk
class TestIt(unittest.TestCase):
    mturk = "own"

    def test_a(self):
        assert self.mturk == "own"
        assert is_mock_on()
"""
    assert run(source) == {"passed": 1}


def test_test_case_async_runs_in_the_mock(run):
    """IsolatedAsyncioTestCase: set-up, test, tear-down and clean-ups share one mock."""
    source = """
import asyncio

@mock_mturk(balance="12.34")
class TestA(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        assert balance_of(make_client()) == "12.34"
        self.client = make_client()

    async def test_a(self):
        self.addAsyncCleanup(self.clean_up)
        await asyncio.sleep(0)
        LOG.append(publish())
        assert self.mturk is current()

    async def test_b(self):
        LOG.append(publish())

    async def asyncTearDown(self):
        LOG.append(hits())

    async def clean_up(self):
        LOG.append(hits())

class TestB(unittest.TestCase):
    def test_log(self):
        assert LOG == [1, 1, 1, 1, 1]
        assert not is_mock_on()
"""
    assert run(source) == {"passed": 3}


def test_test_case_inherits_tests_and_set_ups(run):
    """Tests of an undecorated base class run in the mock of the subclass; the base is unchanged."""
    source = """
class Base:
    def setUp(self):
        self.count = publish() if is_mock_on() else 0

    def test_a(self):
        LOG.append((is_mock_on(), self.count))

class TestA(Base, unittest.TestCase):
    pass

@mock_mturk
class TestB(Base, unittest.TestCase):
    pass

class TestC(unittest.TestCase):
    def test_log(self):
        assert LOG == [(False, 0), (True, 1)]
"""
    assert run(source) == {"passed": 3}


def test_test_case_passes_the_mock_on_to_subclasses(run):
    """A subclass of a decorated class has its own mock, whichever methods it overrides."""
    source = """
@mock_mturk(balance="12.34")
class TestA(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        publish()

    def setUp(self):
        publish()

    def test_a(self):
        assert publish() == 3

class TestB(TestA):
    @classmethod
    def setUpClass(cls):
        assert cls.mturk is current()

    @classmethod
    def tearDownClass(cls):
        super().tearDownClass()
        assert cls.mturk is current()

    def test_a(self):
        assert publish() == 2

    def test_b(self):
        assert publish() == 2

@mock_mturk(seed=2)
class TestC(TestA):
    def test_a(self):
        assert (self.mturk.seed, publish()) == (2, 3)
        assert self.mturk is current()
"""
    assert run(source) == {"passed": 4}


# Direct calls -----------------------------------------------------------------------------


@mock_mturk
class Example(unittest.TestCase):
    """A test case that is called directly; its name keeps pytest from collecting it."""

    __test__ = False

    def setUp(self):
        create_hit(make_client())

    def test_a(self):
        assert self.mturk is current()
        self.count = len(self.mturk.hits)


def test_test_case_method_called_directly_runs_in_a_mock():
    """A test method that is called without set-up has its own state."""
    example = Example("test_a")

    example.test_a()

    assert example.count == 0


@pytest.mark.parametrize("how", ["run", "debug", "__call__"])
def test_test_case_without_its_class_set_up_runs_in_a_mock(how):
    """A single test case that is run without its class set-up runs in a mock, with its setUp."""
    example = Example("test_a")

    getattr(example, how)()

    assert example.count == 1
    assert not is_mock_on()


def test_test_case_without_tests_can_be_a_base():
    """A TestCase without tests can be decorated for its subclasses."""

    @mock_mturk(seed=3)
    class Base(unittest.TestCase):
        pass

    class Sub(Base):
        def test_a(self):
            assert self.mturk.seed == 3

    Sub("test_a").debug()
