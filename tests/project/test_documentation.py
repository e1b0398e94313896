"""The code in README and in the pages of docs/ works as shown."""

from __future__ import annotations

import ast
import re
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.inner import OPTIONS, run_here

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
FENCED = re.compile(r"^```([^\n]*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
#: A page shows a file of examples/, which pytest runs where it is. To ruff it is no Python.
INCLUDING = "{.python}"
#: What is no Python is told by another language; `py` and the like would pass unread.
LANGUAGES = {"csv", "ini", "javascript", "json", "python", "sh", "text", "xml", "yaml"}
#: What blocks may import that is not installed everywhere; all else must be there.
NOT_EVERYWHERE = {"aiobotocore", "matplotlib", "moto"}
NOTHING_LEFT_ON = """
import mturk_mock, pytest
with pytest.raises(RuntimeError, match='no mock of Mechanical Turk is active'):
    mturk_mock.current()
def test_block_was_read():
    pass
"""


def blocks(language):
    """Return the code blocks in a language, by page and number."""
    return {
        f"{page.relative_to(ROOT)}-{number}": code
        for page in PAGES
        for number, (found, code) in enumerate(FENCED.findall(page.read_text()))
        if found == language
    }


BLOCKS = blocks("python")
EXAMPLES = blocks(INCLUDING)


def imported_by(code):
    """Return the packages that a block imports."""
    found = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module.partition(".")[0])
    return found


@pytest.fixture(scope="module")
def _everything_loaded():
    """Import what blocks import, because runs in this process forget their imports."""
    for package in set().union(*map(imported_by, BLOCKS.values())) - NOT_EVERYWHERE:
        import_module(package)


@pytest.mark.parametrize("name", BLOCKS)
@pytest.mark.usefixtures("_everything_loaded")
def test_code_of_page_runs(name, pytester):
    """Each block is a module whose tests pass, and which leaves no mock active."""
    block = BLOCKS[name]
    optional = sorted(imported_by(block) & NOT_EVERYWHERE)
    if missing := [package for package in optional if find_spec(package) is None]:
        pytest.skip(f"not installed: {', '.join(missing)}")
    pytester.makepyfile(block + NOTHING_LEFT_ON)

    # Those packages load their parts late, and may do so in a process of their own.
    result = pytester.runpytest_subprocess(*OPTIONS) if optional else run_here(pytester)

    outcomes = result.parseoutcomes()
    assert outcomes.keys() == {"passed"}
    assert outcomes["passed"] > len(re.findall(r"^ *def test_", block, re.MULTILINE))


@pytest.mark.parametrize("name", EXAMPLES)
def test_example_on_page_is_a_file_that_pytest_reads(name):
    """Files of examples/ shown on a page exist, and have tests next to them."""
    included = re.fullmatch(r'--8<-- "(.+)"\n', EXAMPLES[name])
    assert included is not None
    example = ROOT / included[1]

    assert example.is_relative_to(ROOT / "examples")
    assert example.is_file()
    assert list(example.parent.glob("test_*.py"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_blocks_of_page_say_their_language(page):
    """Python blocks are marked `python`, so that they are run."""
    assert {language for language, _ in FENCED.findall(page.read_text())} <= {INCLUDING, *LANGUAGES}


def test_readme_test_command_is_what_ci_runs():
    """CI runs the command that README gives."""
    command = re.search(r"on two cores:\n\n```sh\n(.*)\n```", (ROOT / "README.md").read_text())

    assert command is not None
    assert command[1] in (ROOT / ".ci" / "run").read_text().splitlines()


def test_site_and_citation_give_the_version_of_the_package():
    """The version is the same in all three places."""
    version = re.search(r"^version = (.+)$", (ROOT / "setup.cfg").read_text(), re.M)[1]

    assert f"site_name: mturk_mock {version}\n" in (ROOT / "mkdocs.yml").read_text()
    assert f"\nversion: {version}\n" in (ROOT / "CITATION.cff").read_text()


def test_readme_is_short_and_has_no_relative_link():
    """README has no relative link, because it is shown on package indexes alone."""
    text = (ROOT / "README.md").read_text()

    assert len(text.splitlines()) <= 130
    assert len(text.split()) <= 1100
    assert [link for link in re.findall(r"\]\(([^)]*)\)", text) if "://" not in link] == []


def test_pages_are_in_the_menu_once():
    """Each page is in the navigation once, and each entry has its page."""
    menu = re.findall(r": (\S+\.md)$", (ROOT / "mkdocs.yml").read_text(), re.MULTILINE)
    docs = ROOT / "docs"

    assert sorted(menu) == sorted(str(page.relative_to(docs)) for page in docs.rglob("*.md"))
