"""`@mock_mturk` on classes that pytest runs."""

from __future__ import annotations

import pytest

from mturk_mock import current, mock_mturk
from tests.clients import make_client
from tests.helpers import create_hit, is_mock_on
from tests.inner import outcomes_by_pytest, run_pytest


@pytest.fixture(autouse=True)
def _nothing_left():
    """Check that no mock is active after a test."""
    yield
    assert not is_mock_on()


@pytest.mark.parametrize("parentheses", ["", "()", "(seed=1)"])
def test_class_each_test_runs_in_a_mock_of_its_own(pytester, parentheses):
    """Each test has its own state."""
    source = """
@mock_mturk{}
class TestIt:
    def test_a(self):
        assert publish() == 1

    def test_b(self):
        assert publish() == 1
"""
    assert outcomes_by_pytest(pytester, source.format(parentheses)) == {"passed": 2}


def test_class_setup_method_state_lives_for_one_test(pytester):
    """State from setup_method is there in its test, and not in the next one."""
    source = """
@mock_mturk
class TestIt:
    def setup_method(self):
        self.count = publish()

    def test_a(self):
        assert self.count == 1
        assert publish() == 2

    def test_b(self):
        assert self.count == 1
        assert hits() == 1
"""
    assert outcomes_by_pytest(pytester, source) == {"passed": 2}


def test_class_setup_class_state_is_there_for_each_test(pytester):
    """State from setup_class is there at the start of each test; changes are not kept."""
    source = """
@mock_mturk
class TestIt:
    @classmethod
    def setup_class(cls):
        publish()
        cls.first = current()

    def setup_method(self):
        assert publish() == 2

    def test_a(self):
        assert publish() == 3
        assert current() is self.first

    def test_b(self):
        assert publish() == 3

    @classmethod
    def teardown_class(cls):
        assert hits() == 1
"""
    assert outcomes_by_pytest(pytester, source) == {"passed": 2}


def test_class_tear_downs_run_inside_the_mock(pytester):
    """teardown_method sees the state of its test, teardown_class that of setup_class."""
    source = """
@mock_mturk
class TestIt:
    def teardown_method(self):
        LOG.append(hits())

    @classmethod
    def teardown_class(cls):
        LOG.append(hits())

    def test_a(self):
        publish()

    def test_b(self):
        publish()
        publish()

def test_log():
    assert LOG == [1, 2, 0]
    assert not is_mock_on()
"""
    assert outcomes_by_pytest(pytester, source) == {"passed": 3}


@pytest.mark.parametrize("argument", ["", ", method"])
def test_class_set_up_takes_method_or_not(pytester, argument):
    """setup_method and teardown_method can take the method as an argument, as in pytest."""
    source = f"""
@mock_mturk
class TestIt:
    def setup_method(self{argument}):
        LOG.append({"method.__name__" if argument else "'test_a'"})

    def teardown_method(self{argument}):
        LOG.append({"method.__name__" if argument else "'test_a'"})

    def test_a(self):
        assert LOG == ["test_a"]

def test_log():
    assert LOG == ["test_a", "test_a"]
"""
    assert outcomes_by_pytest(pytester, source) == {"passed": 2}


@pytest.mark.parametrize("decorator", ["@classmethod", "@staticmethod"])
def test_class_set_up_of_class_takes_class_or_not(pytester, decorator):
    """setup_class can be a class method or a static method, with or without arguments."""
    argument = "cls" if decorator == "@classmethod" else ""
    source = f"""
@mock_mturk
class TestIt:
    {decorator}
    def setup_class({argument}):
        publish()

    def test_a(self):
        assert hits() == 1
"""
    assert outcomes_by_pytest(pytester, source) == {"passed": 1}


FAILING = {
    "setup_class": "@classmethod\n    def setup_class(cls): 1 / 0",
    "setup_method": "def setup_method(self): 1 / 0",
    "teardown_method": "def teardown_method(self): 1 / 0",
    "teardown_class": "@classmethod\n    def teardown_class(cls): 1 / 0",
    "test_a": "def test_a(self): 1 / 0",
}


@pytest.mark.parametrize("where", FAILING)
def test_class_failing_anywhere_leaves_no_mock_on(pytester, where):
    """The exception propagates, and no mock is active afterwards."""
    source = f"""
@mock_mturk
class TestIt:
    def test_a(self): pass

    {FAILING[where]}

def test_next():
    assert not is_mock_on()
"""
    result = run_pytest(pytester, source)

    result.stdout.fnmatch_lines(["E*ZeroDivisionError: division by zero"])
    outcomes = result.parseoutcomes()
    assert outcomes.get("errors", 0) + outcomes.get("failed", 0) == 1
    assert outcomes["passed"] == {"setup_class": 1, "setup_method": 1, "test_a": 1}.get(where, 2)


def test_class_may_declare_self_mturk_for_type_checkers(pytester):
    """An annotation without a value does not count as the class's own `mturk`."""
    source = """
@mock_mturk
class TestIt:
    mturk: MTurk

    def test_a(self):
        assert self.mturk is current()
"""
    assert outcomes_by_pytest(pytester, source) == {"passed": 1}


def test_class_self_mturk_is_the_handle(pytester):
    """The handle is self.mturk in tests, set-ups and tear-downs, and cls.mturk in the class's."""
    source = """
@mock_mturk
class TestIt:
    @classmethod
    def setup_class(cls):
        assert cls.mturk is current()

    def setup_method(self):
        assert self.mturk is current()

    def test_a(self):
        assert isinstance(self.mturk, MTurk)
        assert self.mturk is current()
"""
    assert outcomes_by_pytest(pytester, source) == {"passed": 1}


@pytest.mark.parametrize(
    "own", ["mturk = 'own'", "def mturk(self): return 'own'"], ids=["value", "method"]
)
def test_class_with_its_own_mturk_keeps_it(pytester, own):
    """The class's own attribute `mturk` is not overwritten."""
    source = f"""
@mock_mturk
class TestIt:
    {own}

    def test_a(self):
        own = self.mturk
        assert (own if isinstance(own, str) else own()) == "own"
        assert is_mock_on()
"""
    assert outcomes_by_pytest(pytester, source) == {"passed": 1}


def test_class_options_are_the_tests(pytester):
    """Options of the decorator apply to each test."""
    source = """
@mock_mturk(seed=3, balance="12.34")
class TestIt:
    def test_a(self):
        assert current().seed == 3
        assert balance_of(make_client()) == "12.34"
"""
    assert outcomes_by_pytest(pytester, source) == {"passed": 1}


def test_class_fixtures_and_parameters_still_come(pytester):
    """Fixtures and parametrization work, and fixtures run in the test's mock."""
    source = """
@mock_mturk
class TestIt:
    @pytest.fixture
    def hit(self):
        yield publish()
        LOG.append(hits())

    @pytest.mark.parametrize("number", [1, 2])
    def test_a(self, hit, number, tmp_path):
        assert (hit, hits()) == (1, 1)

def test_log():
    assert LOG == [1, 1]
"""
    assert outcomes_by_pytest(pytester, source) == {"passed": 3}


def test_class_static_and_class_method_tests_run_in_the_mock(pytester):
    """Tests that are static methods or class methods run in the class's mock too."""
    source = """
@mock_mturk
class TestIt:
    @staticmethod
    def test_a():
        assert publish() == 1

    @classmethod
    def test_b(cls):
        assert publish() == 1
"""
    assert outcomes_by_pytest(pytester, source) == {"passed": 2}


# Without pytest ---------------------------------------------------------------------------


@mock_mturk(balance="12.34")
class Example:
    """A test class that is called directly; its name keeps pytest from collecting it."""

    def test_a(self, *args):
        create_hit(make_client())
        return args, len(self.mturk.hits), self.mturk is current()


def test_class_test_called_directly_runs_in_a_mock():
    """A test method that is called directly runs in a mock."""
    assert Example().test_a(1) == ((1,), 1, True)


def test_class_test_called_directly_twice_has_a_mock_each():
    """Each direct call has its own state."""
    example = Example()

    assert example.test_a() == example.test_a() == ((), 1, True)


def test_class_keeps_its_name_and_identity():
    """The decorator returns the class itself."""

    class Plain:
        """Docstring."""

        def test_a(self):
            """Test."""

    assert mock_mturk(Plain) is Plain
    assert Plain.test_a.__doc__ == "Test."
    assert Plain.__name__ == "Plain"


def test_class_without_tests_is_refused():
    """Decorating a class without tests raises an error at once."""

    class Campaign:
        def run(self):
            """Do something."""

    with pytest.raises(TypeError) as refusal:
        mock_mturk(Campaign)

    assert str(refusal.value) == (
        "@mock_mturk on class Campaign: it has no tests (methods whose names begin with test), "
        "so nothing would run in a mock. Decorate the functions that need one"
    )
