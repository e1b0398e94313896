"""The script of the crowd-* elements."""

from __future__ import annotations

from importlib import resources

from mturk_mock.server.tasks.crowd_script import FILES, crowd_script


def test_the_script_has_each_file_once():
    """The script is all files of its folder, each once and in the order of FILES."""
    folder = resources.files("mturk_mock.server.tasks") / "static" / "crowd"
    assert sorted(FILES) == sorted(each.name for each in folder.iterdir())
    assert crowd_script() == b"\n".join((folder / name).read_bytes() for name in FILES)


def test_the_script_loads_nothing():
    """The script names no address but those of namespaces."""
    script = crowd_script().decode()
    assert script.count("://") == script.count("http://www.w3.org/2000/svg")
