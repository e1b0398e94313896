"""Files of rehearsals: going on where one stopped, saving and loading."""

from __future__ import annotations

import io
import json
import os
from decimal import Decimal
from errno import ENOSPC
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest

from mturk_mock import Rehearsal, grid, rehearse
from mturk_mock.rehearsals import files
from tests.rehearsals import campaigns
from tests.rehearsals.executors import Backwards, Here, Serial


def go_on(path: Path, campaign: Any, designs: Any, seeds: Any = (1,), **options: Any) -> Rehearsal:
    """Rehearse with a file."""
    return rehearse(campaign, designs, seeds, executor=Here(), progress=False, path=path, **options)


def runs_of(folder: Path) -> dict[str, int]:
    """Return how often `note_run` has run, by number."""
    return {path.stem: len(path.read_text()) for path in sorted(folder.glob("*.runs"))}


@pytest.fixture
def path(tmp_path) -> Path:
    """Return the path of a file that is not there yet."""
    return tmp_path / "rehearsal.jsonl"


def test_runs_that_are_done_are_not_done_again(path, tmp_path):
    """A second rehearsal with the same file does nothing, and returns the same rows."""
    designs = grid(folder=[str(tmp_path)], number=[1, 2])
    first = go_on(path, campaigns.note_run, designs)
    again = go_on(path, campaigns.note_run, designs)
    assert again.rows == first.rows
    assert runs_of(tmp_path) == {"1": 1, "2": 1}


def test_new_designs_and_seeds_are_added(path, tmp_path):
    """Going on with more values does the missing runs only, and returns the asked ones."""
    folder = [str(tmp_path)]
    go_on(path, campaigns.note_run, grid(folder=folder, number=[1, 2]))
    found = go_on(path, campaigns.note_run, grid(number=[3, 2], folder=folder))
    assert [row["number"] for row in found.rows] == [3, 2]
    assert runs_of(tmp_path) == {"1": 1, "2": 1, "3": 1}
    assert [row["number"] for row in Rehearsal.load(path).rows] == [3, 2, 1]


def test_runs_with_an_error_are_done_again(path, tmp_path):
    """A row with an error is replaced when the rehearsal goes on."""
    (tmp_path / "fail").touch()
    designs = grid(folder=[str(tmp_path)], number=[1, 2])
    failed = go_on(path, campaigns.note_run, designs)
    assert failed.rows[1]["error"].startswith("RuntimeError: not yet")

    (tmp_path / "fail").unlink()
    found = go_on(path, campaigns.note_run, designs)
    assert [row["error"] for row in found.rows] == [None, None]
    assert runs_of(tmp_path) == {"1": 1, "2": 1}
    assert len(Rehearsal.load(path)) == 2


def test_row_is_in_the_file_as_soon_as_its_run_is_done(path):
    """The second run finds the row of the first one in the file."""

    def campaign(mturk: Any, number: int) -> dict[str, Any]:
        return {"found": len(Rehearsal.load(path))}

    assert [row["found"] for row in go_on(path, campaign, grid(number=[1, 2])).rows] == [0, 1]


def test_rows_of_a_file_get_the_order_of_designs_and_seeds(path):
    """A file that is done has the rows in order, in whatever order the runs were done."""
    designs, executor = grid(number=[1, 2]), Backwards(4)
    found = rehearse(campaigns.count, designs, [2, 1], executor=executor, progress=False, path=path)
    assert Rehearsal.load(path).rows == found.rows


def test_second_rehearsal_with_one_file_stops_the_first(path):
    """If another rehearsal goes on from the file, the first one raises, and no row is lost."""

    def campaign(mturk: Any, number: int) -> dict[str, Any]:
        if number == 2:
            go_on(path, campaign, grid(number=[3]))
        return {}

    with pytest.raises(RuntimeError) as refusal:
        go_on(path, campaign, grid(number=[1, 2]))
    assert str(refusal.value) == (
        f"{path} was replaced while rehearse() wrote it, as a second rehearsal with the same "
        "path= does: rehearse the same again when that one is done, or name another file"
    )
    assert [row["number"] for row in Rehearsal.load(path).rows] == [3, 1]


def test_file_that_is_removed_is_written_at_the_end(path):
    """If the file is removed during the rehearsal, it has all rows at the end."""

    def campaign(mturk: Any, number: int) -> dict[str, Any]:
        path.unlink(missing_ok=True)
        return {}

    found = go_on(path, campaign, grid(number=[1, 2]))
    assert Rehearsal.load(path).rows == found.rows


def test_run_that_is_in_a_file_twice_counts_once(path):
    """Of two lines about one run, load() and rehearse() take the last one."""
    go_on(path, campaigns.count, [{"number": 1}], [7])
    *_, row = path.read_text().splitlines()
    with path.open("a") as file:
        file.write(row.replace('"twice": 2', '"twice": 5') + "\n")
    assert [row["twice"] for row in Rehearsal.load(path).rows] == [5]
    assert [row["twice"] for row in go_on(path, campaigns.count, [{"number": 1}], [7]).rows] == [5]
    assert len(path.read_text().splitlines()) == 2


def test_file_that_cannot_be_written_whole_stays(path, monkeypatch):
    """If the disk is full while save() writes, the file that was there is unchanged."""
    rehearsal = go_on(path, campaigns.count, [{}])
    before = path.read_text()
    monkeypatch.setattr(Path, "replace", Mock(side_effect=OSError(ENOSPC, "disk full", "x.part")))
    with pytest.raises(OSError, match="disk full") as refusal:
        rehearsal.save(path)
    assert str(refusal.value) == f"[Errno {ENOSPC}] disk full: '{path}'"
    assert path.read_text() == before
    assert list(path.parent.iterdir()) == [path]


def test_full_disk_at_a_row_is_an_error_with_the_path(path, monkeypatch):
    """If the disk is full when a run is done, the error names the file."""

    class FullDisk(io.StringIO):
        def flush(self) -> None:
            raise OSError(ENOSPC, "disk full")

        def close(self) -> None:
            self.flush()

    monkeypatch.setattr(files.RowFile, "_open", lambda self: FullDisk())
    with pytest.raises(OSError, match="disk full") as refusal:
        go_on(path, campaigns.count, [{}])
    assert str(refusal.value) == f"[Errno {ENOSPC}] disk full: '{path}'"


on_posix = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no such files")


@on_posix
def test_symbolic_link_stays_and_its_target_is_written(path, tmp_path):
    """A path that is a symbolic link stays one, also if its target is a new file."""
    folder = tmp_path / "disk"
    folder.mkdir()
    path.symlink_to(folder / "target.jsonl")
    rehearsal = go_on(path, campaigns.count, [{}])
    rehearsal.save(path)
    assert path.is_symlink()
    assert [each.name for each in folder.iterdir()] == ["target.jsonl"]
    assert Rehearsal.load(folder / "target.jsonl").rows == rehearsal.rows


def make_folder(path: Path) -> None:
    """Make a folder."""
    path.mkdir()


def make_pipe(path: Path) -> None:
    """Make a named pipe."""
    os.mkfifo(path)


def make_link_to_pipe(path: Path) -> None:
    """Make a symbolic link to a named pipe."""
    os.mkfifo(path.with_name("pipe"))
    path.symlink_to(path.with_name("pipe"))


def make_link_to_itself(path: Path) -> None:
    """Make a symbolic link to itself."""
    path.symlink_to(path)


@on_posix
@pytest.mark.parametrize("make", [make_folder, make_pipe, make_link_to_pipe, make_link_to_itself])
def test_path_that_is_no_regular_file_is_refused(path, make):
    """A folder, a named pipe and links to no file are refused before anything starts, and stay."""
    make(path)
    before = path.lstat()
    executor = Serial()
    with pytest.raises(ValueError, match="regular") as refusal:
        rehearse(campaigns.count, [{}], [1], executor=executor, path=path)
    assert str(refusal.value) == (
        f"rehearse() writes a regular file, and {path} is something else: name a file, which may "
        "be a new one"
    )
    assert executor.submitted == 0
    assert path.lstat() == before


@on_posix
def test_save_refuses_what_is_no_regular_file(path):
    """save() does not replace a named pipe with a file."""
    rehearsal = rehearse(campaigns.count, [{}], [1], executor=Here(), progress=False)
    make_pipe(path)
    with pytest.raises(ValueError, match="save\\(\\) writes a regular file"):
        rehearsal.save(path)
    assert path.is_fifo()


def test_empty_path_is_refused():
    """An empty text is no path of a file."""
    executor = Serial()
    with pytest.raises(ValueError, match="empty") as refusal:
        rehearse(campaigns.count, [{}], [1], executor=executor, path="")
    assert str(refusal.value) == (
        "rehearse() takes the path of a file, not an empty one: name a file"
    )
    assert executor.submitted == 0


@on_posix
def test_link_into_a_folder_that_is_not_there_is_refused(path):
    """If the target of a symbolic link has no folder, the error names the link and the folder."""
    path.symlink_to(path.with_name("none") / "rows.jsonl")
    with pytest.raises(FileNotFoundError) as refusal:
        go_on(path, campaigns.count, [{}])
    assert str(refusal.value) == (
        f"rehearse() cannot write {path}, because there is no folder {path.with_name('none')}: "
        "make the folder first, or name another file"
    )


@pytest.mark.parametrize("name", ["rows.jsonl", "../rows.jsonl"])
def test_path_in_a_folder_that_is_not_there_is_refused(tmp_path, name):
    """If there is no folder for the file, the error names the file and the folder."""
    path = tmp_path / "none" / name
    executor = Serial()
    with pytest.raises(FileNotFoundError) as refusal:
        rehearse(campaigns.count, [{}], [1], executor=executor, path=path)
    assert str(refusal.value) == (
        f"rehearse() cannot write {path}, because there is no folder {path.parent}: make the "
        "folder first, or name another file"
    )
    assert executor.submitted == 0
    assert list(tmp_path.iterdir()) == []


def test_interrupted_rehearsal_keeps_what_is_done(path):
    """The rows before Ctrl-C are in the file."""

    def campaign(mturk: Any, number: int) -> dict[str, Any]:
        return campaigns.count(mturk, number) if number < 3 else campaigns.interrupt(mturk)

    with pytest.raises(KeyboardInterrupt):
        go_on(path, campaign, grid(number=[1, 2, 3]))
    assert [row["twice"] for row in Rehearsal.load(path).rows] == [2, 4]


def test_last_line_that_is_cut_is_done_again(path, tmp_path):
    """A line that was cut, as when a disk is full, counts as not done."""
    designs = grid(folder=[str(tmp_path)], number=[1, 2])
    whole = go_on(path, campaigns.note_run, designs)
    path.write_text(path.read_text()[:-10])
    assert len(Rehearsal.load(path)) == 1

    assert go_on(path, campaigns.note_run, designs).rows == whole.rows
    assert runs_of(tmp_path) == {"1": 1, "2": 2}


def test_empty_file_is_a_new_one(path):
    """An empty file is used like one that is not there."""
    path.touch()
    assert len(go_on(path, campaigns.count, [{}])) == 1
    assert len(Rehearsal.load(str(path))) == 1


def test_values_of_the_call_are_those_of_the_rows(path):
    """A Decimal of a design is found again in the file, and remains a Decimal."""
    designs = grid(number=[Decimal("0.05")])
    go_on(path, campaigns.count, designs)
    found = go_on(path, campaigns.count, designs)
    assert found.rows[0]["number"] == Decimal("0.05")
    assert Rehearsal.load(path).rows[0]["number"] == "0.05"


def test_function_in_a_design_is_named(path):
    """A file names a function of a design."""
    go_on(path, campaigns.take_rule, [{"rule": campaigns.count}])
    assert Rehearsal.load(path).rows[0]["rule"] == "count"


def test_set_in_a_design_is_named_in_order(path):
    """The text of a set is the same in each program, also within a list."""
    go_on(path, campaigns.take_rule, [{"rule": {"dog", "cat"}}, {"rule": [frozenset("ab")]}])
    first, second = Rehearsal.load(path).rows
    assert (first["rule"], second["rule"]) == ("{'cat', 'dog'}", ["{'a', 'b'}"])


class Rule:
    """An object whose text has its address."""


@pytest.mark.parametrize("wrap", [lambda rule: rule, lambda rule: [{"rule": rule}]])
def test_design_whose_text_has_an_address_is_refused_for_a_file(path, wrap):
    """An object without a text of its own is refused before anything starts, also in a list."""
    rule, executor = Rule(), Serial()
    designs = [{"rule": wrap(rule)}]
    with pytest.raises(ValueError, match="address") as refusal:
        rehearse(campaigns.take_rule, designs, [1], executor=executor, path=path)
    assert str(refusal.value) == (
        f"rehearse() with path= cannot find rule={wrap(rule)} of a design again, because its text "
        f"'{rule}' has an address, which is another one in each program: pass a name or a "
        "number, and make the object in the campaign"
    )
    assert executor.submitted == 0
    assert not path.exists()


def test_lambda_in_a_design_is_refused_for_a_file(path):
    """A file could not tell two lambdas of a design apart."""
    with pytest.raises(ValueError, match="lambda") as refusal:
        go_on(path, campaigns.take_rule, [{"rule": lambda: 1}])
    assert str(refusal.value).endswith(
        " of a design again, because a lambda has no name of its own: pass a name or a number, "
        "and make the object in the campaign"
    )


def test_large_array_in_a_design_is_refused_for_a_file(path):
    """The text of an array of 2,000 numbers leaves most of them out."""
    numpy = pytest.importorskip("numpy")
    with pytest.raises(ValueError, match="array") as refusal:
        go_on(path, campaigns.take_rule, [{"rule": numpy.arange(2000)}])
    assert str(refusal.value).endswith(
        " of a design again, because the text of so large an array leaves out values: pass a "
        "name or a number, and make the object in the campaign"
    )


def test_design_whose_text_has_an_address_needs_no_file():
    """Without a file, a design may have an object without a text of its own."""
    rehearsal = rehearse(
        campaigns.take_rule, [{"rule": Rule()}], [1], executor=Here(), progress=False
    )
    assert rehearsal.rows[0]["error"] is None


def test_partial_with_an_object_is_refused_for_a_file(path):
    """A campaign that is a partial with an object without a text of its own is refused."""
    rule = Rule()
    with pytest.raises(ValueError, match="partial") as refusal:
        go_on(path, partial(campaigns.take_rule, rule=rule), [{}])
    assert str(refusal.value).startswith(
        f"rehearse() with path= cannot find {rule} of the partial again, because its text "
    )


def test_partial_with_a_text_may_have_a_file(path):
    """A text in a partial is the same in each program, whatever it is about."""
    found = go_on(path, partial(campaigns.take_rule, rule="crash at 0x7f, <lambda>"), [{}])
    assert found.rows[0]["error"] is None


@pytest.mark.parametrize("campaign", [lambda mturk: {}, partial(lambda mturk: {})])
def test_campaign_without_a_name_is_refused_for_a_file(path, campaign):
    """A file could not tell two lambdas apart."""
    with pytest.raises(ValueError, match="lambda") as refusal:
        go_on(path, campaign, [{}])
    assert str(refusal.value) == (
        "rehearse() with path= takes a campaign with a name of its own, so that the file belongs "
        "to no other one, not '<lambda>': define it with def"
    )
    assert not path.exists()


def test_not_a_number_is_kept(path):
    """An outcome of NaN is the same after loading."""

    def campaign(mturk: Any) -> dict[str, Any]:
        return {"x": float("nan")}

    go_on(path, campaign, [{}])
    assert str(Rehearsal.load(path).rows[0]["x"]) == "nan"


@pytest.mark.parametrize(
    ("campaign", "designs", "options", "message"),
    [
        (
            campaigns.count,
            [{}],
            {},
            "{} has designs with the names ['number'], not []: name a new file, or rehearse the "
            "same again",
        ),
        (
            campaigns.fail_for_two,
            [{"number": 1}],
            {},
            "{} has the campaign 'count', not 'fail_for_two': name a new file, or rehearse the "
            "same again",
        ),
        (
            partial(campaigns.count, number=4),
            [{"number": 1}],
            {},
            "{} has the campaign 'count', not 'count(number=4)': name a new file, or rehearse the "
            "same again",
        ),
        (
            campaigns.count,
            [{"number": 1}],
            {"balance": 5},
            "{} has the options of mocks {{}}, not {{'balance': '5'}}: name a new file, or "
            "rehearse the same again",
        ),
    ],
)
def test_file_of_another_rehearsal_is_refused(path, campaign, designs, options, message):
    """A file of other designs, another campaign or other mocks is refused, and stays."""
    go_on(path, campaigns.count, [{"number": 1}])
    before = path.read_text()
    with pytest.raises(ValueError, match="not") as refusal:
        go_on(path, campaign, designs, **options)
    assert str(refusal.value) == message.format(path)
    assert path.read_text() == before


def test_number_of_calls_may_differ(path):
    """The option calls= changes no outcome, so that a file may go on with another number."""
    go_on(path, campaigns.count, [{}])
    assert len(go_on(path, campaigns.count, [{}], calls=0)) == 1


def test_saved_rehearsal_is_loaded_and_gone_on_from(path, tmp_path):
    """save() writes what load() reads, and what rehearse() goes on from."""
    designs = grid(folder=[str(tmp_path)], number=[1, 2])
    made = rehearse(campaigns.note_run, designs, [1, 2], executor=Here(), progress=False)
    made.save(path)
    assert Rehearsal.load(path).rows == made.rows
    assert Rehearsal.load(path).summary() == made.summary()
    assert go_on(path, campaigns.note_run, designs, [1, 2]).rows == made.rows
    assert runs_of(tmp_path) == {"1": 2, "2": 2}
    assert [each.name for each in tmp_path.glob("*.part")] == []


def test_loaded_rows_of_a_design_are_together(path):
    """Rows that were done in turns are loaded with those of one design together."""
    go_on(path, campaigns.count, grid(number=[1, 2]), [1])
    go_on(path, campaigns.count, grid(number=[1, 2]), [1, 2])
    loaded = Rehearsal.load(path)
    assert [(row["number"], row["seed"]) for row in loaded.rows] == [(1, 1), (1, 2), (2, 1), (2, 2)]
    assert [each["runs"] for each in loaded.summary()] == [2] * 8


@pytest.mark.parametrize("text", ["", "3\n", "{}\n", "a,b\n", '{"mturk_mock rehearsal": 1}\n'])
def test_another_file_is_refused(path, text):
    """load() and rehearse() refuse a file that is no rehearsal."""
    path.write_text(text)
    with pytest.raises(ValueError, match="is not a rehearsal") as refusal:
        Rehearsal.load(path)
    assert str(refusal.value) == (
        f"{path} is not a rehearsal: name a file of Rehearsal.save(), or a new one"
    )


def test_newer_format_is_refused(path):
    """A file of a newer version is refused."""
    path.write_text('{"mturk_mock rehearsal": 2}\n')
    with pytest.raises(ValueError, match="newer") as refusal:
        go_on(path, campaigns.count, [{}])
    assert str(refusal.value) == (
        f"{path} has the format 2 of a newer mturk_mock; this version reads 1"
    )


@pytest.mark.parametrize("line", ["{", "3", '{"seed": 1}'])
def test_line_that_is_no_run_is_named(path, line):
    """A line in the middle that is no run is an error with its number."""
    go_on(path, campaigns.count, grid(number=[1, 2]))
    lines = path.read_text().splitlines()
    path.write_text("\n".join([*lines[:2], line, lines[2], ""]))
    with pytest.raises(ValueError, match="line 3") as refusal:
        Rehearsal.load(path)
    assert str(refusal.value) == f"{path}, line 3: not a run of a rehearsal. Remove the line"


def test_file_has_a_line_of_json_for_each_run(path):
    """The first line names the campaign, the options and the designs; each other is a row."""
    go_on(path, campaigns.count, [{"number": 3}], [7], balance=5)
    assert [json.loads(line) for line in path.read_text().splitlines()] == [
        {
            "mturk_mock rehearsal": 1,
            "campaign": "count",
            "options": {"balance": "5"},
            "design": ["number"],
        },
        {
            "number": 3,
            "seed": 7,
            "twice": 6,
            "cost": 0.0,
            "fees": 0.0,
            "virtual_seconds": 0.0,
            "error": None,
        },
    ]


@pytest.mark.parametrize("method", ["save", "to_csv", "load", "plot"])
def test_path_of_a_file_is_a_text_or_a_path(method):
    """An int is no path."""
    rehearsal = rehearse(campaigns.count, [{}], [1], executor=Here(), progress=False)
    with pytest.raises(TypeError) as refusal:
        getattr(rehearsal, method)(3)
    assert str(refusal.value) == f"{method}() takes the path of a file as a str or Path, not 3"
