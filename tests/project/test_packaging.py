"""The package: public names, imports, sizes, and the content of the distribution."""

from __future__ import annotations

import ast
import configparser
import importlib
import importlib.metadata
import re
import shutil
import statistics
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import mturk_mock
from tests.inner import OLD_BOTOCORES

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "mturk_mock"
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted(PACKAGE.rglob("*.py"))
}
SETUP = configparser.ConfigParser()
SETUP.read(ROOT / "setup.cfg")

FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)


@cache
def trees():
    """Return the syntax tree of each module."""
    return {name: ast.parse(path.read_text()) for name, path in MODULES.items()}


def lines_of(option, section="options"):
    """Return the lines of a list in setup.cfg."""
    return SETUP[section][option].split("\n")[1:]


def lines(things):
    """Return things one per line, for an assertion message."""
    return "\n".join(["", *sorted(things)])


# Names --------------------------------------------------------------------------------------


def test_public_names_are_these():
    """The public names are a promise; this list changes only on purpose."""
    assert mturk_mock.__all__ == [
        "ERRORS",
        "HIT",
        "AnswerKey",
        "Assignment",
        "BlockedCallError",
        "Crowd",
        "ExternalQuestion",
        "HTMLQuestion",
        "MTurk",
        "MTurkClient",
        "MTurkError",
        "MTurkWarning",
        "QuestionForm",
        "Rehearsal",
        "Skill",
        "Snapshot",
        "Worker",
        "current",
        "grid",
        "mock_mturk",
        "parse_answers",
        "rehearse",
    ]


def test_public_names_are_there_and_documented():
    """Each public name is found in the module that defines it, and has a docstring."""
    things = {name: getattr(mturk_mock, name) for name in mturk_mock.__all__}

    assert {name for name, thing in things.items() if not thing.__doc__} == set()
    for name, thing in things.items():
        home, _, original = mturk_mock._HOMES[name].partition(":")
        assert getattr(importlib.import_module(home), original or name) is thing, name
        if thing is not Any:  # which MTurkClient is at run time
            assert getattr(thing, "__module__", home) == home, name


def test_public_names_are_what_type_checkers_see():
    """The imports for type checkers are equal to those at run time."""
    (block,) = (node for node in trees()["mturk_mock"].body if isinstance(node, ast.If))
    seen = {
        alias.asname or alias.name: f"{node.module}:{alias.name}" if alias.asname else node.module
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }

    assert seen == mturk_mock._HOMES
    assert list(mturk_mock._HOMES) == mturk_mock.__all__


def test_dir_shows_public_names():
    """dir() shows the public names, sorted, before anything is imported."""
    assert dir(mturk_mock) == sorted([*mturk_mock.__all__, "__version__"])


def test_star_import_gives_public_names():
    """`from mturk_mock import *` gives the public names and nothing else."""
    names = {}
    exec("from mturk_mock import *", names)

    assert names.keys() - {"__builtins__"} == set(mturk_mock.__all__)


def test_unknown_name_is_an_attribute_error():
    """An unknown name raises Python's own AttributeError."""
    with pytest.raises(AttributeError) as refusal:
        mturk_mock.mock_turk  # noqa: B018

    assert str(refusal.value) == "module 'mturk_mock' has no attribute 'mock_turk'"


def test_version_is_the_distribution_s():
    """The version is set in setup.cfg only."""
    assert mturk_mock.__version__ == importlib.metadata.version("mturk-mock")
    assert mturk_mock.__version__ == SETUP["metadata"]["version"]


def test_version_is_read_when_asked_for():
    """The version is read on first use, because reading metadata is slow."""
    program = (
        "import sys, mturk_mock\nassert '__version__' not in vars(mturk_mock)\n"
        "assert mturk_mock.__version__ == vars(mturk_mock)['__version__']\n"
    )

    subprocess.run([sys.executable, "-Werror", "-c", program], check=True, cwd=ROOT)


# Imports ------------------------------------------------------------------------------------


def imports_of(tree):
    """Return the modules of the package that a module imports: at once, late, or for types."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                found.add(whole if whole in MODULES else node.module)
    return found & MODULES.keys()


@cache
def all_imports():
    """Return the modules of the package that each module imports."""
    return {name: imports_of(tree) - {name} for name, tree in trees().items()}


@cache
def layers():
    """Return each room's layer in CONTRIBUTING."""
    text = (ROOT / "CONTRIBUTING.md").read_text()
    drawn = re.search(r"Imports run one way, and a test reads them:\n(.*?)\.\n", text, re.DOTALL)
    rooms = [re.findall(r"\w+", layer) for layer in drawn[1].split("<")]
    return {room: number for number, layer in enumerate(rooms, 1) for room in layer}


def room_of(module):
    """Return the room of a module: a package of the top level, or a module there."""
    return module.split(".")[1]


INNER = [name for name in MODULES if "." in name]
TOP = {path.name for path in PACKAGE.iterdir() if path.name != "__pycache__"}


def test_layers_have_every_room():
    """CONTRIBUTING lists each module and package of the top level in one layer."""
    assert layers().keys() == {room_of(name) for name in INNER}


def may_import(room, other):
    """Whether a room is above another; single modules can use those of their own layer."""
    beside = layers()[other] == layers()[room] and f"{room}.py" in TOP
    return other == room or layers()[other] < layers()[room] or beside


def test_imports_run_one_way():
    """A module imports from its own room and from the layers below, for types too."""
    wrong = {
        f"{name} imports {other}"
        for name in INNER
        for other in all_imports()[name] - {"mturk_mock"}
        if not may_import(room_of(name), room_of(other))
    }

    assert not wrong, lines(wrong)


def shortest_circle(start):
    """Return the shortest circle of imports through a module, or nothing."""
    ways, seen = [[start]], set()
    for way in ways:  # which grows
        for used in sorted(all_imports()[way[-1]] - seen):
            if used == start:
                return way
            seen.add(used)
            ways.append([*way, used])
    return []


def test_imports_have_no_circle():
    """No module imports itself through others, for types too."""
    circles = {frozenset(way): way for way in map(shortest_circle, MODULES) if way}

    assert not circles, lines(" -> ".join([*way, way[0]]) for way in circles.values())


#: The functions that import something when they are called, and why.
LATE = {
    ("mturk_mock", "__getattr__"): "the public names: pytest loads the package in every project",
    ("mturk_mock.interception.patches", "when_imported"): "waits for the importing thread",
    ("mturk_mock.workforce.worker", "open"): "needs starlette and jinja2, and is above its room",
    ("mturk_mock.core.figures", "load_matplotlib"): "needs matplotlib, which not all have",
    ("mturk_mock.rehearsals.packing", "__init__"): "needs cloudpickle, which not all have",
    ("mturk_mock.interception.requests_send", "_adapter_for"): "needs requests, which not all have",
    ("mturk_mock.__main__", "run_server"): "needs starlette and uvicorn, which not all have",
    ("mturk_mock.pytest_plugin", "mturk_server"): "needs starlette and uvicorn too",
    ("mturk_mock.pytest_plugin", "_load_mock"): "pytest loads the plugin in every project",
    ("mturk_mock.pytest_plugin", "_mock"): "pytest loads the plugin in every project",
    ("mturk_mock.pytest_plugin", "_mock_of_class"): "pytest loads the plugin in every project",
    ("mturk_mock.pytest_plugin", "_blocking"): "pytest loads the plugin in every project",
}
MOST_LATE = 12


def late_imports(tree):
    """Return the functions that contain imports; of nested functions, the inner one."""
    found = {
        node.lineno: function.name  # the inner one is walked after the outer one
        for function in ast.walk(tree)
        if isinstance(function, FUNCTION)
        for node in ast.walk(function)
        if isinstance(node, (ast.Import, ast.ImportFrom))
        or (isinstance(node, ast.Attribute) and node.attr == "import_module")
        or (isinstance(node, ast.Name) and node.id == "__import__")
    }
    return set(found.values())


def test_late_imports_are_few_and_have_a_reason():
    """Functions contain no imports except those of the table."""
    late = {(name, function) for name, tree in trees().items() for function in late_imports(tree)}
    unknown, gone = late - LATE.keys(), LATE.keys() - late

    assert not unknown, lines(f"{module}.{function}" for module, function in unknown)
    assert not gone, lines(f"{module}.{function}" for module, function in gone)
    assert len(late) <= MOST_LATE


MOST_FOR_TYPES = 15


def test_imports_for_types_only_are_few():
    """`if TYPE_CHECKING:` is used only if the import at run time would cost too much."""
    blocks = [
        f"{name}:{node.lineno}"
        for name, tree in trees().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")
    ]

    assert len(blocks) <= MOST_FOR_TYPES, lines(blocks)


CLOCKS = {"time", "time_ns", "monotonic", "perf_counter", "now", "utcnow", "today", "gmtime"}
#: What reads a clock: the demo says how long it really took.
TIMED = {"mturk_mock.demo": {"time.perf_counter"}}


def clocks_read(tree):
    """Return the functions by which a module reads the time."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "time":
            yield from (f"from time import {alias.name}" for alias in node.names)
        elif isinstance(node, ast.Attribute) and node.attr in CLOCKS:
            clock = ast.unparse(node)
            if clock.split(".")[0] in {"time", "datetime", "date"}:
                yield clock


def test_time_is_read_by_the_clock_only():
    """Only core/clock.py reads the time, apart from the table."""
    asked = {name: set(clocks_read(tree)) for name, tree in trees().items()}

    assert asked.pop("mturk_mock.core.clock")
    assert {name: clocks for name, clocks in asked.items() if clocks} == TIMED


# Sizes --------------------------------------------------------------------------------------

MOST_AT_THE_TOP, LONGEST_FUNCTION, USUAL_FUNCTION = 18, 40, 10
#: Public functions whose typed keyword arguments and their descriptions take more lines.
LONG = {
    "mturk_mock.mock.mturk.add_assignment",
    "mturk_mock.mock.mturk.add_hit",
    "mturk_mock.mock.mturk.add_qualification_type",
    "mturk_mock.mock.mturk.crowd",
    "mturk_mock.rehearsals.rehearse.rehearse",
}


def test_top_of_the_package_is_short():
    """The top level has the rooms and the programs, and nothing else."""
    assert len(TOP) <= MOST_AT_THE_TOP, lines(TOP)


def test_functions_are_short():
    """Functions have at most 40 lines, except those of the list."""
    functions = {
        f"{module}.{node.name}:{node.lineno}": node.end_lineno - node.lineno + 1
        for module, tree in trees().items()
        for node in ast.walk(tree)
        if isinstance(node, FUNCTION)
    }

    too_long = {name.split(":")[0] for name, lines in functions.items() if lines > LONGEST_FUNCTION}
    assert too_long == LONG
    assert statistics.median(functions.values()) < USUAL_FUNCTION


# The distribution ---------------------------------------------------------------------------


def test_distribution_has_every_package():
    """setup.cfg names each folder with code or data, and no other."""
    folders = {".".join(path.parent.relative_to(ROOT).parts) for path in MODULES.values()}

    assert set(lines_of("packages")) == folders | {"mturk_mock.data", "mturk_mock.examples"}


def test_distribution_has_py_typed_and_every_data_file():
    """A pattern of setup.cfg matches each file that is not code."""
    folders = {"mturk_mock.examples": ROOT / "examples"}
    there = {path for path in PACKAGE.rglob("*") if path.is_file() and path.suffix != ".pyc"}
    there |= {path for path in folders["mturk_mock.examples"].iterdir() if path.suffix == ".csv"}
    packed = {
        path
        for package, patterns in SETUP["options.package_data"].items()
        for pattern in patterns.split(",")
        for path in folders.get(package, ROOT / package.replace(".", "/")).glob(pattern.strip())
    }

    assert PACKAGE / "py.typed" in packed
    assert there - set(MODULES.values()) == {path for path in packed if path.is_file()}


def test_distribution_offers_the_plugin():
    """Pytest finds the plugin by the package's name."""
    (found,) = importlib.metadata.entry_points(group="pytest11", name="mturk_mock")

    assert found.value == "mturk_mock.pytest_plugin"


def test_distribution_needs_three_packages():
    """The package requires botocore, boto3 and responses, and nothing else."""
    names = [re.split(r"\W", line)[0] for line in lines_of("install_requires")]

    assert names == ["boto3", "botocore", "responses"]


def test_oldest_boto3_is_the_one_that_is_tested():
    """.ci/oldest installs the oldest boto3 that setup.cfg allows."""
    allowed = dict(re.findall(r"^(\w+)>=(.*)$", "\n".join(lines_of("install_requires")), re.M))
    pinned = dict(re.findall(r"(\w+)==([\w.]+)", (ROOT / ".ci" / "oldest").read_text()))

    assert {name: pinned[name] for name in allowed} == {
        name: f"{version}.0" for name, version in allowed.items()
    }
    assert allowed.keys() == {"boto3", "botocore"}


def test_pyproject_says_only_how_to_build():
    """Everything but the build system is in setup.cfg."""
    tables = re.findall(r"^\[(.+)\]$", (ROOT / "pyproject.toml").read_text(), re.M)

    assert tables == ["build-system"]


# The source distribution --------------------------------------------------------------------


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory):
    """Return the folder of the unpacked source distribution of the files in git."""
    if not (ROOT / ".git").exists():
        pytest.skip("no checkout")
    checkout, folder = tmp_path_factory.mktemp("checkout"), tmp_path_factory.mktemp("sdist")
    for name in files_known_to_git():
        (checkout / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, checkout / name)
    build = f"from setuptools import build_meta; build_meta.build_sdist({str(folder)!r})"
    subprocess.run([sys.executable, "-c", build], check=True, cwd=checkout, capture_output=True)
    (archive,) = folder.iterdir()
    shutil.unpack_archive(archive, folder)
    return next(path for path in folder.iterdir() if path.is_dir())


def files_known_to_git():
    """Return the files of the checkout, without files that are deleted."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    known = subprocess.run(command, check=True, cwd=ROOT, capture_output=True, text=True).stdout
    return {name for name in known.splitlines() if (ROOT / name).is_file()}


def test_sdist_has_every_file(unpacked):
    """The source distribution has all files that the tests need."""
    there = {str(path.relative_to(unpacked)) for path in unpacked.rglob("*") if path.is_file()}

    assert files_known_to_git() <= there, lines(files_known_to_git() - there)
    assert {name.split("/")[0] for name in there - files_known_to_git()} == {
        "PKG-INFO",
        "mturk_mock.egg-info",
    }


def test_sdist_passes_its_tests(unpacked):
    """A sample of the tests passes; `.ci/sdist` runs all of them."""
    sample = ["tests/core/test_errors.py", "tests/web/test_files.py"]
    command = [sys.executable, "-m", "pytest", "-q", "-pno:randomly", "-pno:cacheprovider"]
    command += OLD_BOTOCORES

    result = subprocess.run(
        [*command, *sample], cwd=unpacked, capture_output=True, text=True, check=False
    )

    assert result.returncode == 0, result.stdout
