"""Replacing attributes of modules, putting them back, and waiting for imports."""

from __future__ import annotations

import importlib
import importlib.util
import sys
import types

import pytest

from mturk_mock.interception import patches as patches_module
from mturk_mock.interception.patches import Patches, SharedPatches, when_imported


@pytest.fixture
def owner():
    """Return an object with attributes to replace."""
    return types.SimpleNamespace(name="theirs", other="theirs")


# Replacing ----------------------------------------------------------------------------------


def ours(original):
    """Return a replacement for a value, with its own identity."""
    return ["ours", original]


def test_replaced_until_undone(owner):
    """undo() puts back what was there before."""
    patches = Patches()
    patches.replace(owner, "name", ours)
    assert (owner.name, patches.is_on) == (["ours", "theirs"], True)
    patches.undo()
    assert (owner.name, patches.is_on) == ("theirs", False)


def test_replaced_twice_is_put_back_in_reverse(owner):
    """The first value is restored."""
    with Patches() as patches:
        patches.replace(owner, "name", ours)
        patches.replace(owner, "name", ours)
        assert owner.name == ["ours", ["ours", "theirs"]]
    assert owner.name == "theirs"


def test_replaced_by_another_library_since_is_left(owner):
    """An attribute that another library replaced is left; the others are restored."""
    with Patches() as patches:
        patches.replace(owner, "name", ours)
        patches.replace(owner, "other", ours)
        owner.name = "somebody else's"
    assert vars(owner) == {"name": "somebody else's", "other": "theirs"}


def test_replaced_by_another_library_and_brought_back_is_replaced_anew(owner):
    """A leftover that another library brought back is not wrapped again."""
    with Patches() as patches:
        patches.replace(owner, "name", ours)
        saved, owner.name = owner.name, "somebody else's"
    owner.name = saved
    with Patches() as patches:
        patches.replace(owner, "name", ours)
        assert owner.name == ["ours", "theirs"]
    assert owner.name == "theirs"


def test_kept_until_the_last_user_has_undone(owner):
    """keep() returns False after the last undo()."""
    patches = Patches()
    patches.replace(owner, "name", ours)
    assert patches.keep()
    patches.undo()
    assert owner.name == ["ours", "theirs"]
    patches.undo()
    assert owner.name == "theirs"
    assert not patches.keep()


def test_undone_twice_is_undone_once(owner):
    """A second undo() changes nothing."""
    patches, undone = Patches(), []
    patches.when_undone(undone.append, "once")
    patches.undo()
    patches.undo()
    assert undone == ["once"]


def test_module_that_arrives_in_another_thread_after_undo_is_not_used(monkeypatch):
    """A module imported in another thread after undo() is not patched."""
    arriving, used = [], []
    monkeypatch.setattr(
        patches_module,
        "when_imported",
        lambda name, use, again: arriving.append(use) or (lambda: None),
    )
    patches = Patches()
    patches.when_imported("late_module", used.append)
    patches.undo()
    arriving[0](types)
    assert used == []


def test_shared_patches_last_until_the_last_has_left(owner):
    """Shared patches are applied once for all users, and again after the last one left."""
    shared = SharedPatches(lambda patches: patches.replace(owner, "name", ours))
    for _ in range(2):
        for _ in range(3):
            shared.__enter__()
        for left in range(3):
            assert owner.name == ["ours", "theirs"], left
            shared.__exit__()
        assert owner.name == "theirs"


# Waiting for an import ----------------------------------------------------------------------


@pytest.fixture
def module(tmp_path, monkeypatch):
    """Return the name of a module that is not imported yet."""
    (tmp_path / "late_module.py").write_text("import sys\nVALUE = 1\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    yield "late_module"
    sys.modules.pop("late_module", None)


def test_module_that_is_there(module):
    found = importlib.import_module(module)
    used = []
    stop = when_imported(module, used.append)
    assert used == [found]
    stop()


def test_module_that_comes_later(module):
    before = list(sys.meta_path)
    used = []
    when_imported(module, lambda found: used.append(found.VALUE))
    found = importlib.import_module(module)
    assert used == [1]
    assert sys.meta_path == before
    assert found.__loader__ is found.__spec__.loader
    assert found.__loader__.get_source(module) == "import sys\nVALUE = 1\n"


def test_module_that_is_only_looked_for_first(module):
    """Looking for a module with find_spec does not end the waiting."""
    used = []
    when_imported(module, used.append)
    assert importlib.util.find_spec(module) is not None
    assert used == []
    assert [importlib.import_module(module)] == used


def test_module_beside_a_finder_of_the_old_kind(module):
    """Finders without find_spec are skipped, as in Python."""
    used = []
    when_imported(module, used.append)
    sys.meta_path.insert(1, object())

    found = importlib.import_module(module)

    assert used == [found]


def test_module_that_two_wait_for(module):
    used = []
    when_imported(module, lambda found: used.append("first"))
    when_imported(module, lambda found: used.append("second"))
    importlib.import_module(module)
    assert used == ["first", "second"]


def test_module_imported_after_the_waiting_ended(module):
    before = list(sys.meta_path)
    used = []
    stop = when_imported(module, used.append)
    stop()
    stop()
    assert sys.meta_path == before
    importlib.import_module(module)
    assert used == []


def test_module_that_patches_wait_for(module):
    """The module is patched when it is imported, and restored."""
    with Patches() as patches:
        patches.wrap(module, "VALUE", ours)
        found = importlib.import_module(module)
        assert found.VALUE == ["ours", 1]
    assert found.VALUE == 1


@pytest.mark.parametrize("first", ["before", "inside"])
def test_module_that_is_reloaded_is_patched_again(module, first):
    """A reloaded module is patched again."""
    if first == "before":
        importlib.import_module(module)
    with Patches() as patches:
        patches.wrap(module, "VALUE", ours)
        found = importlib.reload(importlib.import_module(module))
        assert found.VALUE == ["ours", 1]
    assert found.VALUE == 1


def test_module_that_undone_patches_no_longer_wait_for(module):
    before, used = list(sys.meta_path), []
    with Patches() as patches:
        patches.when_imported(module, used.append)
    assert sys.meta_path == before
    importlib.import_module(module)
    assert used == []


def test_module_executed_after_the_waiting_ended(module):
    """The waiting can end in another thread between finding and executing the module."""
    used = []
    stop = when_imported(module, used.append)
    finder = sys.meta_path[0]
    spec = importlib.util.find_spec(module)
    stop()
    assert finder.find_spec(module, None) is None
    spec.loader.exec_module(importlib.util.module_from_spec(spec))
    assert used == []


def test_module_that_fails_is_waited_for_still(module, tmp_path):
    source = tmp_path / "late_module.py"
    source.write_text("1 / 0")
    used = []
    when_imported(module, used.append)
    with pytest.raises(ZeroDivisionError):
        importlib.import_module(module)
    source.write_text("VALUE = 'right at last'")
    importlib.invalidate_caches()
    assert [importlib.import_module(module)] == used


def test_module_that_does_not_exist(module):
    stop = when_imported("late_module_that_is_not_there", print)
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("late_module_that_is_not_there")
    stop()
