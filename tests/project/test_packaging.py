"""The package as a thing: names, imports, sizes, and what is in the distribution."""

from __future__ import annotations

import ast
import configparser
import importlib
import importlib.metadata
import re
import statistics
import subprocess
import sys
from pathlib import Path

import pytest

import mturk_mock

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "mturk_mock"
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted(PACKAGE.rglob("*.py"))
}
TREES = {name: ast.parse(path.read_text()) for name, path in MODULES.items()}
SETUP = configparser.ConfigParser()
SETUP.read(ROOT / "setup.cfg")

every_module = pytest.mark.parametrize("name", MODULES)


def lines_of(option, section="options"):
    """Return the lines of a list in setup.cfg."""
    return SETUP[section][option].split("\n")[1:]


# Names --------------------------------------------------------------------------------------


def test_public_names_are_these():
    """The names are a promise: this list changes only on purpose."""
    assert mturk_mock.__all__ == [
        "HIT",
        "AnswerKey",
        "Assignment",
        "Crowd",
        "ExternalQuestion",
        "HTMLQuestion",
        "MTurk",
        "MTurkError",
        "QuestionForm",
        "Snapshot",
        "Worker",
        "current",
        "mock_mturk",
        "parse_answers",
    ]


@pytest.mark.parametrize("name", mturk_mock.__all__)
def test_public_name_is_there_and_documented(name):
    """Each is found, in the module that defines it, and says what it is."""
    thing = getattr(mturk_mock, name)

    assert thing.__doc__
    assert thing.__module__ == mturk_mock._HOMES[name]
    assert getattr(importlib.import_module(thing.__module__), name) is thing


def test_public_names_are_what_type_checkers_see():
    """The imports for type checkers and those at run time are the same."""
    (block,) = (node for node in TREES["mturk_mock"].body if isinstance(node, ast.If))
    seen = {
        alias.name: node.module
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }

    assert seen == mturk_mock._HOMES
    assert list(mturk_mock._HOMES) == mturk_mock.__all__


def test_dir_shows_public_names():
    """Completion shows what there is, sorted, before anything is loaded."""
    assert dir(mturk_mock) == sorted([*mturk_mock.__all__, "__version__"])


def test_star_import_gives_public_names():
    """`from mturk_mock import *` gives these, and nothing else."""
    names = {}
    exec("from mturk_mock import *", names)

    assert names.keys() - {"__builtins__"} == set(mturk_mock.__all__)


def test_unknown_name_is_an_attribute_error():
    """A wrong name is refused in Python's own words."""
    with pytest.raises(AttributeError) as refusal:
        mturk_mock.mock_turk  # noqa: B018

    assert str(refusal.value) == "module 'mturk_mock' has no attribute 'mock_turk'"


def test_version_is_the_distribution_s():
    """There is one place for the version: setup.cfg."""
    assert mturk_mock.__version__ == importlib.metadata.version("mturk-mock")
    assert mturk_mock.__version__ == SETUP["metadata"]["version"]


def test_version_is_read_when_asked_for():
    """Reading metadata takes longer than the import: it is left until somebody asks."""
    program = (
        "import sys, mturk_mock\nassert '__version__' not in vars(mturk_mock)\n"
        "assert mturk_mock.__version__ == vars(mturk_mock)['__version__']\n"
    )

    subprocess.run([sys.executable, "-Werror", "-c", program], check=True, cwd=ROOT)


# Imports ------------------------------------------------------------------------------------


def statements_of(tree):
    """Yield what a module does when it is loaded, and in functions; not what type checkers read."""
    yield from tree.body
    for function in ast.walk(tree):
        if isinstance(function, FUNCTION):
            yield from ast.walk(function)


def imports_of(tree):
    """Return the modules of ours that a module imports, when it is loaded or later."""
    found = set()
    for node in statements_of(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                found.add(whole if whole in MODULES else node.module)
    return {name for name in found if name in MODULES}


FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)


def layers():
    """Return each room's layer, as CONTRIBUTING draws them."""
    text = (ROOT / "CONTRIBUTING.md").read_text()
    drawn = re.search(r"Imports run one way, and a test reads them:\n(.*?)\.\n", text, re.DOTALL)
    rooms = [re.findall(r"\w+", layer) for layer in drawn[1].split("<")]
    return {room: number for number, layer in enumerate(rooms, 1) for room in layer}


LAYERS = layers()


def room_of(module):
    """Return the room that a module is in: a module of the top level, or a package there."""
    return module.split(".")[1]


INNER = [name for name in MODULES if "." in name]


def test_layers_have_every_room():
    """Each module and package is drawn in one layer, and nothing else is."""
    assert LAYERS.keys() == {room_of(name) for name in INNER}


@pytest.mark.parametrize("name", INNER)
def test_imports_run_one_way(name):
    """A module imports from its own layer and from those below."""
    used = {room_of(other) for other in imports_of(TREES[name]) if other != "mturk_mock"}

    assert {room for room in used if LAYERS[room] > LAYERS[room_of(name)]} == set()


def test_imports_have_no_circle():
    """Within a layer, too, there is an order."""
    graph = {name: imports_of(tree) - {name} for name, tree in TREES.items()}
    while free := [name for name, used in graph.items() if not used & graph.keys()]:
        for name in free:
            del graph[name]

    assert graph == {}


#: The functions that import something when they are called, and why.
LATE = {
    ("mturk_mock", "__getattr__"): "the public names: pytest loads the package in every project",
    (
        "mturk_mock.interception.late_import",
        "when_imported",
    ): "waits for the thread that is importing it",
    ("mturk_mock.one_copy", "keep"): "asks for what was loaded before first",
    ("mturk_mock.workforce.crowd_picture", "draw"): "needs matplotlib, which not all have",
    ("mturk_mock.interception.requests_send", "get_adapter"): "needs requests, which not all have",
    # When the first mock starts
    ("mturk_mock.mock.mock", "start"): "all that a mock is made of",
    # When an option is used, or a class is decorated
    ("mturk_mock.mock.options", "money"): "balance=",
    ("mturk_mock.mock.options", "_lags"): "consistency=",
    ("mturk_mock.interception.botocore_send", "_sleep_patch"): "sleep=",
    ("mturk_mock.mock.decorators", "decorate"): "test classes",
    ("mturk_mock.pytest_plugin", "_mock_of_class"): "test classes",
    ("mturk_mock.pytest_plugin", "_blocking"): "block=, and mturk_block",
    ("mturk_mock.pytest_plugin", "_complaint"): "strict=",
    # When a method of the handle is called
    ("mturk_mock.mock.placing", "snapshot"): "snapshots",
    ("mturk_mock.mock.placing", "restore"): "snapshots",
    ("mturk_mock.mock.placing", "add_hit"): "what is put in place",
    ("mturk_mock.mock.placing", "add_assignment"): "what is put in place",
    ("mturk_mock.mock.placing", "add_qualification_type"): "what is put in place",
    ("mturk_mock.mock.campaigns", "crowd"): "crowds",
    ("mturk_mock.mock.campaigns", "results_csv"): "the results file",
    ("mturk_mock.mock.call_assertions", "assert_called"): "assertions",
    ("mturk_mock.mock.call_assertions", "assert_not_called"): "assertions",
    ("mturk_mock.mock.fault_control", "fail"): "faults",
    ("mturk_mock.mock.record", "notifications"): "notifications, as users see them",
    # When a request needs it
    ("mturk_mock.operations.registry", "_find"): "the operation's module",
    ("mturk_mock.model.policy_events", "read_policies"): "review policies",
    ("mturk_mock.model.policy_events", "happen_score"): "review policies",
    ("mturk_mock.model.policy_events", "happen_judge"): "review policies",
    ("mturk_mock.operations.qualification_types", "_check_test"): "tests and their keys",
    ("mturk_mock.model.qualification_request", "submit_test"): "tests and their keys",
    ("mturk_mock.backend.delivery", "_find_carrier"): "notifications on their way",
    ("mturk_mock.core.spelling", "closest"): "difflib, for slips of the pen",
}


@every_module
def test_imports_stand_at_the_top(name):
    """No import hides in a function, but for those that are late on purpose."""
    hidden = {
        node.lineno: function.name  # the inner one, which is walked after the outer one
        for function in ast.walk(TREES[name])
        if isinstance(function, FUNCTION)
        for node in ast.walk(function)
        if isinstance(node, (ast.Import, ast.ImportFrom))
        or (isinstance(node, ast.Attribute) and node.attr == "import_module")
        or (isinstance(node, ast.Name) and node.id == "__import__")
    }

    assert set(hidden.values()) == {function for module, function in LATE if module == name}


CLOCKS = {"time", "time_ns", "monotonic", "perf_counter", "now", "utcnow", "today", "gmtime"}
#: What may read a clock besides `mturk_mock.core.clock`: the demo says how long it really took.
TIMED = {"mturk_mock.demo": {"time.perf_counter"}}


@pytest.mark.parametrize("name", [name for name in INNER if name != "mturk_mock.core.clock"])
def test_time_is_read_by_the_clock_only(name):
    """No other module asks what time it is."""
    asked = {
        f"{node.value.id}.{node.attr}"
        for node in ast.walk(TREES[name])
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id in {"time", "datetime", "date"}
        and node.attr in CLOCKS
    }

    assert asked == TIMED.get(name, set())
    assert not any(
        isinstance(node, ast.ImportFrom) and node.module == "time" for node in ast.walk(TREES[name])
    )


# Sizes --------------------------------------------------------------------------------------

LONGEST_FILE, LONGEST_CLASS, LONGEST_FUNCTION, USUAL_FUNCTION = 400, 200, 40, 10


def sizes(*kinds):
    """Return the number of lines of each thing of some kinds, by its name."""
    return {
        f"{module}.{node.name}": node.end_lineno - node.lineno + 1
        for module, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, kinds)
    }


@every_module
def test_file_is_short(name):
    """About 300 lines; what is longer has two subjects."""
    assert len(MODULES[name].read_text().splitlines()) <= LONGEST_FILE


def test_classes_are_short():
    """About 150 lines."""
    assert {k: n for k, n in sizes(ast.ClassDef).items() if n > LONGEST_CLASS} == {}


def test_functions_are_short():
    """Mostly under ten lines, and 40 at most."""
    functions = sizes(ast.FunctionDef, ast.AsyncFunctionDef)

    assert {k: n for k, n in functions.items() if n > LONGEST_FUNCTION} == {}
    assert statistics.median(functions.values()) < USUAL_FUNCTION


# The distribution ---------------------------------------------------------------------------


def test_distribution_has_every_package():
    """Each folder with code or data is named in setup.cfg, and no other."""
    folders = {".".join(path.parent.relative_to(ROOT).parts) for path in MODULES.values()}

    assert set(lines_of("packages")) == folders | {"mturk_mock.data", "mturk_mock.examples"}


def test_distribution_has_py_typed_and_every_data_file():
    """Whatever is no code is matched by a pattern of setup.cfg."""
    folders = {"mturk_mock.examples": ROOT / "examples", "mturk_mock.data": PACKAGE / "data"}
    there = {path for path in PACKAGE.rglob("*") if path.is_file() and path.suffix != ".pyc"}
    there |= {path for path in folders["mturk_mock.examples"].iterdir() if path.suffix == ".csv"}
    packed = {
        path
        for package, patterns in SETUP["options.package_data"].items()
        for pattern in patterns.split(",")
        for path in folders.get(package, PACKAGE).glob(pattern.strip())
    }

    assert PACKAGE / "py.typed" in packed
    assert there - set(MODULES.values()) == packed


def test_distribution_offers_the_plugin():
    """Pytest finds the plugin under the package's name."""
    (found,) = importlib.metadata.entry_points(group="pytest11", name="mturk_mock")

    assert found.value == "mturk_mock.pytest_plugin"


def test_distribution_needs_three_packages():
    """Botocore, boto3 and responses, and nothing else."""
    names = [re.split(r"\W", line)[0] for line in lines_of("install_requires")]

    assert names == ["boto3", "botocore", "responses"]


def test_oldest_boto3_is_the_one_that_is_tested():
    """What setup.cfg allows is what .ci/oldest installs."""
    allowed = dict(re.findall(r"^(\w+)>=(.*)$", "\n".join(lines_of("install_requires")), re.M))
    pinned = dict(re.findall(r"(\w+)==([\w.]+)", (ROOT / ".ci" / "oldest").read_text()))

    assert {name: pinned[name] for name in allowed} == {
        name: f"{version}.0" for name, version in allowed.items()
    }
    assert allowed.keys() == {"boto3", "botocore"}


def test_pyproject_says_only_how_to_build():
    """All the rest is in setup.cfg."""
    tables = re.findall(r"^\[(.+)\]$", (ROOT / "pyproject.toml").read_text(), re.M)

    assert tables == ["build-system"]
